"""The checks of `make doctor` for an NVIDIA GPU: from the card to TensorFlow, the first thing that is wrong."""

import os
import re

from tools.machine.doctor_machine import Machine
from tools.machine.findings import NOTE, OK, PROBLEM, Finding, Text

NVIDIA = "0x10de"  # the vendor's number on the PCI bus (pci-ids.ucw.cz)
OLDEST_DRIVER = (525, 60)  # for CUDA 12 (docs.nvidia.com/deploy/cuda-compatibility, "Minor Version Compatibility")
WHEELS = ("nvidia-cublas-cu12", "nvidia-cudnn-cu12", "nvidia-cuda-runtime-cu12")
SEES = "import tensorflow as tf; print('GPUs:', len(tf.config.list_physical_devices('GPU')))"
ABOUT = Text("GPU 看不到", "GPU not seen")


def has_card(machine: Machine) -> bool:
    """Whether this machine has an NVIDIA card, or a driver that would know."""
    if machine.is_windows_linux():
        return machine.exists("/usr/lib/wsl/lib/libcuda.so.1")
    vendors = (machine.read(path).strip() for path in machine.find("/sys/bus/pci/devices", "*/vendor"))
    return NVIDIA in vendors or driver_version(machine) is not None


def driver_version(machine: Machine) -> tuple[int, int] | None:
    """Return the first two numbers of the loaded driver's version, or None if none is loaded."""
    match = re.search(r"Kernel Module.*? (\d+)\.(\d+)", machine.read("/proc/driver/nvidia/version"))
    return (int(match[1]), int(match[2])) if match else None


def gpu(machine: Machine) -> Finding:
    """Whether TensorFlow can use an NVIDIA GPU, and if not, the first link that is broken."""
    if not has_card(machine):
        wanted = machine.is_container() and machine.environment.get("GPU")
        if wanted or machine.environment.get("NVIDIA_VISIBLE_DEVICES") not in (None, "", "void", "none", "all"):
            return _not_handed_in(machine)
        return Finding(Text("GPU",
                            "GPU"),
        OK, Text("這台機器沒有 NVIDIA GPU", "this machine has no NVIDIA GPU; every lesson runs without one"))
    for link in (_driver, _device_files, _hidden, _tensorflow_package, _cuda_wheels, _used_by_tensorflow):
        finding = link(machine)
        if finding:
            return finding
    return Finding(Text("GPU", "GPU"), OK, Text("TensorFlow 看得到", "TensorFlow uses it"))


def _driver(machine: Machine) -> Finding | None:
    if machine.is_windows_linux():
        return None  # Windows has the driver
    version = driver_version(machine)
    if version is None:
        return Finding(
            ABOUT, PROBLEM,
            Text("機器裡有 NVIDIA GPU，但驅動程式沒有載入。", "There is an NVIDIA GPU, but its driver is not loaded."),
            "sudo ubuntu-drivers install   (Ubuntu)   or   sudo apt install nvidia-driver   (Debian, non-free), then restart\n"
            "mokutil --sb-state   (Secure Boot refuses a driver that is not signed: enrol its key when the installer asks)",
        )  # fmt: skip
    if version < OLDEST_DRIVER:
        found, wanted = (".".join(map(str, one)) for one in (version, OLDEST_DRIVER))
        return Finding(
            ABOUT, PROBLEM,
            Text(f"驅動程式 {found} 太舊；CUDA 12 需要 {wanted} 以上。",
                 f"The driver {found} is too old; CUDA 12 needs {wanted} or newer."),
            "sudo ubuntu-drivers install   (Ubuntu), then restart",
        )  # fmt: skip
    return None


def _device_files(machine: Machine) -> Finding | None:
    if machine.is_windows_linux():
        return None
    cards = [path for path in machine.find("/dev", "nvidia*") if re.fullmatch(r"nvidia\d+", path.name)]
    if not cards or not machine.exists("/dev/nvidiactl"):
        if machine.is_container():
            return _not_handed_in(machine)
        return Finding(
            ABOUT, PROBLEM,
            Text("驅動程式在，但沒有 /dev/nvidia*。", "The driver is loaded, but there are no /dev/nvidia*."),
            "sudo nvidia-modprobe -c 0 -u   (makes them now; sudo systemctl enable nvidia-persistenced makes them at every start)",
        )  # fmt: skip
    closed = [card for card in cards if not machine.may(card, os.R_OK | os.W_OK)]
    if closed:
        return Finding(
            ABOUT, PROBLEM,
            Text(f"你沒有 {closed[0]} 的權限。", f"You may not use {closed[0]}."),
            f'sudo usermod -aG "$(stat -c %G {closed[0]})" "$USER", then log in again   (in a container: --group-add)',
        )  # fmt: skip
    return None


def _not_handed_in(machine: Machine) -> Finding:
    return Finding(
        ABOUT, PROBLEM,
        Text("容器沒有拿到 GPU。主機要裝 NVIDIA Container Toolkit，啟動容器時要說要 GPU。",
             "The container was not given the GPU. The host needs the NVIDIA Container Toolkit, and the start must ask for the GPU."),
        "On the host: make doctor\nmake start-container GPU=1   or   docker run --gpus all ...\n"
        "docker compose --file docker/compose.yaml --profile gpu up gpu",
    )  # fmt: skip


def _hidden(machine: Machine) -> Finding | None:
    hidden = machine.environment.get("CUDA_VISIBLE_DEVICES")
    if hidden is None or hidden not in ("", "-1"):
        return None
    return Finding(
        ABOUT, PROBLEM,
        Text(f"CUDA_VISIBLE_DEVICES={hidden!r} 把 GPU 藏起來了。",
             f"CUDA_VISIBLE_DEVICES={hidden!r} hides the GPU."),
        "unset CUDA_VISIBLE_DEVICES",
    )  # fmt: skip


def _tensorflow_package(machine: Machine) -> Finding | None:
    way_out = "make image GPU=1, then make start-container GPU=1" if machine.is_container() else "make start GPU=1"
    if machine.version("tensorflow-cpu") and not machine.version("tensorflow"):
        return Finding(
            ABOUT, PROBLEM,
            Text("有 GPU，但裝的是只用 CPU 的 TensorFlow。",
                 "There is a GPU, but the TensorFlow that is installed is for the CPU alone."),
            way_out,
        )  # fmt: skip
    if not machine.version("tensorflow"):
        return Finding(ABOUT, PROBLEM, Text("TensorFlow 沒有安裝。", "TensorFlow is not installed."), way_out)
    return None


def _cuda_wheels(machine: Machine) -> Finding | None:
    missing = [wheel for wheel in WHEELS if machine.version(wheel) is None]
    if not missing:
        return None
    return Finding(
        ABOUT, PROBLEM,
        Text(f"TensorFlow 少了 CUDA 的套件：{', '.join(missing)}。",
             f"TensorFlow lacks its CUDA packages: {', '.join(missing)}."),
        "make clean, then make start GPU=1",
    )  # fmt: skip


def _used_by_tensorflow(machine: Machine) -> Finding | None:
    status, output = machine.run([machine.python, "-c", SEES], 120)
    match = re.search(r"GPUs: (\d+)", output)
    if status == 0 and match and int(match[1]):
        return None
    lines = [line for line in output.splitlines() if re.search("cuda|gpu|nvidia|cudnn|Error", line, re.I) and "GPUs:" not in line]
    said = lines[-1].strip()[-200:] if lines else f"exit status {status}"
    return Finding(
        ABOUT, PROBLEM,
        Text(f"驅動程式和套件都在，TensorFlow 還是看不到 GPU。它說：{said}",
             f"Driver and packages are there, yet TensorFlow sees no GPU. It says: {said}"),
        "nvidia-smi   (does it list the GPU? if not, restart the machine: a driver update may be half done)\n"
        "unset LD_LIBRARY_PATH   (an older CUDA on it comes before the packages' own)",
    )  # fmt: skip


def containers(machine: Machine) -> Finding:
    """Whether containers of this machine can use its GPU."""
    about = Text("容器裡的 GPU", "GPU in containers")
    engine = machine.which("docker") or machine.which("podman")
    if machine.is_container() or not engine or driver_version(machine) is None:
        return Finding(about, OK, Text("這裡用不到", "not a question here"))
    if not machine.which("nvidia-ctk"):
        return Finding(
            about, NOTE,
            Text("NVIDIA Container Toolkit 沒有安裝，容器拿不到 GPU。",
                 "The NVIDIA Container Toolkit is not installed, so no container gets the GPU."),
            "Install nvidia-container-toolkit (docs.nvidia.com/datacenter/cloud-native/container-toolkit), then:\n"
            "sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker",
        )  # fmt: skip
    if "docker" in engine and "nvidia" not in machine.read("/etc/docker/daemon.json") and not machine.find("/etc/cdi", "nvidia*"):
        return Finding(
            about, NOTE,
            Text("Toolkit 裝了，但 Docker 還不知道。", "The toolkit is installed, but Docker has not been told."),
            "sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker",
        )  # fmt: skip
    compose = machine.read(machine.root / "docker" / "compose.yaml")
    if compose and not re.search(r"capabilities:\s*\[\s*[\"']?gpu", compose):
        return Finding(
            about, NOTE,
            Text("docker/compose.yaml 裡沒有要 GPU 的那一段。", "docker/compose.yaml does not ask for the GPU."),
            "In the service: deploy: {resources: {reservations: {devices: [{driver: nvidia, count: all, capabilities: [gpu]}]}}}",
        )  # fmt: skip
    return Finding(about, OK, Text("可以", "can be used"))


CHECKS = (gpu, containers)
