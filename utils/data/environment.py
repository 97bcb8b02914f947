"""What this machine offers the course, as facts: Python, packages, memory, disk, data, and the way to the GPU.

Notebook 00 shows them; `make doctor` (tools/machine/doctor.py) says what to do about them. Only the standard library is
imported at the top, and no syntax is newer than Python 3.8: the doctor also runs where nothing is installed yet.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from importlib import metadata
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = Path("/")  # where the system's own files are
PREFIX = Path(sys.prefix)
PYTHON_VERSIONS = ((3, 11), (3, 13))  # first and last that the pinned packages exist for
MEMORY_FOR_LESSONS, DISK_FOR_LESSONS = 3e9, 1e9  # bytes
UNLIMITED = 1 << 60  # a limit of this size is none: how version 1 of control groups writes it
SAME_MODULE = {"tensorflow-cpu": ("tensorflow", "tensorflow-rocm")}  # either brings `import tensorflow`
FONT = "pylopdf-fonts-zh-tw"

NVIDIA = "0x10de"  # the vendor's number on the PCI bus (pci-ids.ucw.cz)
OLDEST_DRIVER = (525, 60)  # for CUDA 12 (docs.nvidia.com/deploy/cuda-compatibility, "Minor Version Compatibility")
CUDA_WHEELS = ("nvidia-cublas-cu12", "nvidia-cudnn-cu12", "nvidia-cuda-runtime-cu12")
COUNT_GPUS = "import tensorflow as tf; print('GPUs:', len(tf.config.list_physical_devices('GPU')))"


class Difference(NamedTuple):
    """A package that is not as requirements.txt asks; `found` is None where it is not installed."""

    package: str
    wanted: str
    found: str | None


class Memory(NamedTuple):
    """Bytes there are and are left (None: the system does not say), a container's limit (0: none), processes ended."""

    total: int | None
    left: int | None
    limit: int
    killed: int


class OldEnvironment(NamedTuple):
    """An environment that cannot be used: where, the Python it was made with, and whether that Python is gone."""

    folder: Path
    made_with: str
    gone: bool


class Broken(NamedTuple):
    """The first link that is broken between an NVIDIA card and TensorFlow, and what exactly."""

    link: str
    detail: str = ""


# What notebook 00 shows


def report() -> dict[str, str]:
    """Return what there is, one line each, in the order in which people ask for it.

    Imports the backend of Keras, which takes some seconds. A part that cannot be had is reported, not raised.
    """
    from utils.data.settings import is_offline
    from utils.notebook import profile

    (gpus, why_none), total, folder = devices(), memory().total, data_folder()
    home = "a virtual environment" if sys.prefix != sys.base_prefix else "the system's own"
    return {
        "Python": f"{platform.python_version()} ({home})",
        "system": f"{platform.system()}, {platform.machine()}",
        "TensorFlow": version("tensorflow-cpu") or "not installed",
        "Keras": version("keras") or "not installed",
        "backend of Keras": backend(),
        "GPU": ", ".join(gpus) or f"none: {why_none}",
        "CPU cores": f"{cpu_cores():g}",
        "memory": f"{total / 1e9:.1f} GB" if total else "not known",
        "free disk space": f"{free_disk(folder) / 1e9:.1f} GB",
        "profile": profile.name(),
        # As seen from the project: a saved report must not tell whose machine it was.
        "data folder": str(folder.relative_to(ROOT)) if folder.is_relative_to(ROOT) else "set by COURSE_DATA",
        "network": "forbidden by COURSE_OFFLINE" if is_offline() else "allowed",
    }


def problems() -> list[str]:
    """Return what keeps the course from running as intended, each with the way out; empty if nothing does."""
    (_, first), (_, last) = PYTHON_VERSIONS
    fits = (3, first) <= sys.version_info[:2] <= (3, last)
    wrong, missing, total, free = packages_that_differ(), missing_data(), memory().total, free_disk(data_folder())
    words = [f"{one.package} {one.found or 'is missing'} (wanted {one.wanted})" for one in wrong]
    names = ", ".join(words[:5] + ["..."] * (len(words) > 5))
    sentences = (
        (not fits, f"This is Python {platform.python_version()}; the course needs 3.{first} to 3.{last}. "
         "Run: make doctor"),
        (wrong, f"Packages that are not as in requirements.txt ({len(wrong)}): {names}. Run: make start"),
        (missing, f"Data that is not here yet: {', '.join(missing)}. Lessons fetch theirs; for all, run: make data"),
        (total and total < MEMORY_FOR_LESSONS, f"There are {(total or 0) / 1e9:.1f} GB of memory; a lesson needs up to "
         f"{MEMORY_FOR_LESSONS / 1e9:.0f} GB. Give the container or virtual machine more."),
        (free < DISK_FOR_LESSONS, f"There are {free / 1e9:.1f} GB free for the data; about "
         f"{DISK_FOR_LESSONS / 1e9:.0f} GB is needed. Free some, or point COURSE_DATA elsewhere."),
    )  # fmt: skip
    return [sentence for is_so, sentence in sentences if is_so]


# Python and its packages


def old_environment() -> OldEnvironment | None:
    """Return the course's environment if its Python is gone, is another one by now, or is none the course runs on."""
    inside = sys.prefix != sys.base_prefix
    folder = PREFIX if inside else ROOT / os.environ.get("VENV", ".venv")
    made = re.search(r"^version(?:_info)? *= *(\d+)\.(\d+)", read(folder / "pyvenv.cfg"), re.M)
    if not made:
        return None
    version = int(made[1]), int(made[2])
    there = (folder / "bin/python").exists() or (folder / "Scripts/python.exe").exists()
    gone = version != sys.version_info[:2] if inside else not there
    fits = PYTHON_VERSIONS[0] <= version <= PYTHON_VERSIONS[1]
    return OldEnvironment(folder, f"{made[1]}.{made[2]}", gone) if gone or not fits else None


def version(package: str) -> str | None:
    """Return the version of an installed package, or of another that brings the same module; None without."""
    for name in (package, *SAME_MODULE.get(package, ())):
        with contextlib.suppress(metadata.PackageNotFoundError):
            return metadata.version(name)
    return None


def packages_that_differ(requirements: Path | None = None) -> list[Difference]:
    """Return the packages of requirements.txt that are missing or have another version.

    `tensorflow` counts as `tensorflow-cpu`, whose GPU variant it is. Options, the digests of files and lines for
    other systems are skipped.

    Raises:
        FileNotFoundError: if there is no such file.
        ModuleNotFoundError: if not even what compares versions is installed.
    """
    from packaging.requirements import Requirement

    differences = []
    for line in (requirements or ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip(" \t\\")
        if not line or line.startswith("-"):
            continue
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate():
            found = version(wanted.name)
            if found is None or not wanted.specifier.contains(found, prereleases=True):
                differences.append(Difference(wanted.name, str(wanted.specifier), found))
    return differences


def kernel_command() -> list[str]:
    """Return the command of the kernel `python3` that is registered in this environment; empty if none is."""
    try:
        return json.loads(read(PREFIX / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"))["argv"]
    except (ValueError, KeyError):
        return []


def has_font() -> bool:
    """Tell whether the files of the installed package with the Chinese font are there."""
    return any(file.suffix in (".otf", ".ttf") and file.locate().exists() for file in metadata.files(FONT) or ())


# Cores, memory, disk, folders, network


def cpu_cores() -> float:
    """Return how many cores this process may use; a container's limit and fractions of a core count."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, _, period = read(SYSTEM / "sys/fs/cgroup/cpu.max").strip().partition(" ")
    return min(cores, int(quota) / int(period)) if quota.isdigit() and period.isdigit() else cores


def memory() -> Memory:
    """Return the memory that this process may use; a container's limit counts."""
    numbers = re.findall(r"^(MemTotal|MemAvailable): +(\d+) kB", read(SYSTEM / "proc/meminfo"), re.M)
    sizes = {name: int(kilobytes) * 1024 for name, kilobytes in numbers}
    total, left = sizes.get("MemTotal"), sizes.get("MemAvailable")
    if total is None:  # not Linux
        with contextlib.suppress(ModuleNotFoundError):
            from psutil import virtual_memory

            total, left = virtual_memory().total, virtual_memory().available
    killed, limit, used = _control_group()
    if limit:
        total = min(total or limit, limit)
        left = min(limit - used, limit if left is None else left)
    return Memory(total, left, limit, killed)


def _control_group() -> tuple[int, int, int]:
    """Return how many processes were ended for memory, its limit and its use in bytes; zeros where there is none."""
    for folder, events, most, now in (
        ("sys/fs/cgroup", "memory.events", "memory.max", "memory.current"),
        ("sys/fs/cgroup/memory", "memory.oom_control", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ):
        limit = read(SYSTEM / folder / most).strip()
        match = re.search(r"^oom_kill (\d+)", read(SYSTEM / folder / events), re.M)
        killed = int(match[1]) if match else 0
        if limit.isdigit() and int(limit) < UNLIMITED:
            return killed, int(limit), int(read(SYSTEM / folder / now).strip() or 0)
        if killed and is_container():
            return killed, 0, 0
    return 0, 0, 0


def free_disk(path: Path) -> int:
    """Return the free bytes of the disk that holds a path, or will hold it."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free


def closed_folders() -> list[Path]:
    """Return the folders and notebooks that lessons write and this user may not."""
    places = [ROOT, ROOT / "notebooks", ROOT / "models", data_folder(), *sorted((ROOT / "notebooks").glob("*.ipynb"))]
    return [place for place in places if place.exists() and not has_permission(place, os.W_OK)]


def mirror_problem(mirror: str) -> str:
    """Return why a mirror, which is a base address or a folder, cannot be used; '' if it can."""
    if not mirror.lower().startswith(("http://", "https://")):
        return "" if Path(mirror).expanduser().is_dir() else "there is no such folder"
    try:
        urllib.request.urlopen(mirror, timeout=10).close()
    except urllib.error.HTTPError:
        pass  # whatever it says, it answers
    except (OSError, http.client.HTTPException, ValueError):
        return f"cannot connect to {mirror.partition('://')[2].partition('/')[0]}"
    return ""


def is_container() -> bool:
    """Tell whether this is inside a container."""
    marks = (".dockerenv", "run/.containerenv")
    return any((SYSTEM / mark).exists() for mark in marks) or "KUBERNETES_SERVICE_HOST" in os.environ


def read(path: Path) -> str:
    """Return the text of a file, or '' if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def has_permission(path: Path, permission: int) -> bool:
    """Tell whether this user may do something with a path; `os.R_OK`, `os.W_OK` or both."""
    return os.access(path, permission)


def run(command: list[str], seconds: float) -> tuple[int, str]:
    """Return exit status and output of a command; 124 if it takes longer than `seconds`, 127 if it is not there."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              stdin=subprocess.DEVNULL, timeout=seconds, cwd=ROOT)  # fmt: skip
    except subprocess.TimeoutExpired:
        return 124, ""
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout


# Data


def data_folder() -> Path:
    """Return the folder that data is fetched into; the project's own while no package is installed to ask."""
    try:
        from utils.data import fetch
    except ModuleNotFoundError:
        return ROOT / "data" / "cache"
    return fetch.cache_folder()


def data(edition: str = "lesson") -> list[dict[str, str]]:
    """Return one row for each data set and model of an edition: name, what, size, licence, here or not.

    A collection, such as the photos, is one row. Nothing is fetched or hashed.

    Raises:
        CatalogError: if data/catalog.toml is malformed.
    """
    from utils.data.download import human_size
    from utils.data.fetch import is_here

    groups, limit = {}, attrgetter("limit")
    for asset in _assets(edition):
        groups.setdefault(asset.collection or asset.name, []).append(asset)
    return [
        {
            "name": name,
            "what": f"{len(assets)} files" if len(assets) > 1 else assets[0].title,
            "size": human_size(assets[0].size if len(assets) == 1 else sum(map(limit, assets))),
            "licence": "; ".join(dict.fromkeys(asset.licence for asset in assets)),
            "here": "yes" if all(map(is_here, assets)) else "no",
        }
        for name, assets in groups.items()
    ]


def missing_data(source: str = "") -> list[str]:
    """Return what is not here of the lesson edition, by name; of those alone that have a kind of source, as "npm"."""
    from utils.data.fetch import is_here

    missing = [asset for asset in _assets("lesson") if not is_here(asset)
               and (not source or any(one.kind == source for one in asset.sources))]  # fmt: skip
    return list(dict.fromkeys(asset.collection or asset.name for asset in missing))


def lessons_that_read(names: list[str]) -> str:
    """Return the lessons that read assets or collections of these names, such as "07, 23–25"."""
    from utils.data import catalog

    runs: list[list[int]] = []
    for number in sorted({int(lesson) for asset in catalog.choose(catalog.load(), names) for lesson in asset.lessons}):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{first:02}" if first == last else f"{first:02}–{last:02}" for first, last in runs)


def damaged_data() -> dict[str, str]:
    """Return every file of the lesson edition whose bytes are wrong, and what is wrong; hashes all that is here."""
    from utils.data.fetch import cached_path
    from utils.data.verify import problem_with

    damaged = {}
    for asset in _assets("lesson"):
        files = {cached_path(asset): asset}
        files.update((cached_path(asset, member), content) for member, content in asset.members.items())
        found = {str(path): problem_with(path, content) for path, content in files.items() if path.exists()}
        damaged.update((path, problem) for path, problem in found.items() if problem)
    return damaged


def _assets(edition: str) -> list:
    from utils.data import catalog

    return [asset for asset in catalog.load().values() if asset.edition == edition]


# GPU


def backend() -> str:
    """Return the name of the library that Keras computes with, or why there is none."""
    try:
        import keras
    except Exception as error:  # a broken installation can raise anything; this is the place to say so
        return f"cannot be loaded: {type(error).__name__}: {error}"
    return keras.backend.backend()


def devices() -> tuple[list[str], str]:
    """Return the names of the GPUs that TensorFlow can use, and if there are none, why."""
    name = backend()
    if name != "tensorflow":
        return [], f"Keras's backend {name}"
    import tensorflow as tf

    gpus = [tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name)
            for gpu in tf.config.list_physical_devices("GPU")]  # fmt: skip
    broken = broken_gpu_link() or Broken("not seen by TensorFlow")
    if gpus or tf.test.is_built_with_cuda():
        return gpus, "" if gpus else f"{broken.link} {broken.detail}".rstrip() + "; make doctor says what to do"
    command = "make image GPU=1" if is_container() else "make start GPU=1"
    way_out = "" if broken.link == "no NVIDIA GPU" else f"; this machine has an NVIDIA GPU: run {command}"
    return [], f"this TensorFlow is built for the CPU{way_out}"


def broken_gpu_link(ask_tensorflow: bool = False) -> Broken | None:
    """Return the first broken link from an NVIDIA card to TensorFlow, "no NVIDIA GPU" without one; None if all hold.

    Args:
        ask_tensorflow: load TensorFlow, too, in a process of its own, which takes some seconds.
    """
    return _broken_hardware() or _broken_software(ask_tensorflow)


def driver_version() -> tuple[int, int] | None:
    """Return the first two numbers of the loaded NVIDIA driver's version, or None if none is loaded."""
    match = re.search(r"Kernel Module.*? (\d+)\.(\d+)", read(SYSTEM / "proc/driver/nvidia/version"))
    return (int(match[1]), int(match[2])) if match else None


def broken_container_link() -> str | None:
    """Return what keeps containers of this machine from its GPU, '' if nothing does; None without engine or driver."""
    engine = shutil.which("docker") or shutil.which("podman")
    if is_container() or not engine or driver_version() is None:
        return None
    if not shutil.which("nvidia-ctk"):
        return "toolkit not installed"
    told = "nvidia" in read(SYSTEM / "etc/docker/daemon.json") or any((SYSTEM / "etc/cdi").glob("nvidia*"))
    if "docker" in engine and not told:
        return "Docker not told"
    compose = read(ROOT / "docker" / "compose.yaml")
    return "not asked for" if compose and not re.search(r"capabilities:\s*\[\s*[\"']?gpu", compose) else ""


def _broken_hardware() -> Broken | None:
    """From the card to its device files."""
    driver, refused = driver_version(), Broken("not given to this container")
    in_windows = "microsoft" in read(SYSTEM / "proc/sys/kernel/osrelease").lower()
    vendors = (read(path).strip() for path in (SYSTEM / "sys/bus/pci/devices").glob("*/vendor"))
    card = (SYSTEM / "usr/lib/wsl/lib/libcuda.so.1").exists() if in_windows else driver or NVIDIA in vendors
    if not card:
        visible = os.environ.get("NVIDIA_VISIBLE_DEVICES") not in (None, "", "void", "none", "all")
        return refused if visible or is_container() and os.environ.get("GPU") else Broken("no NVIDIA GPU")
    if in_windows:
        return None  # Windows has the driver
    if driver is None:
        return Broken("driver not loaded")
    if driver < OLDEST_DRIVER:
        return Broken("driver too old", ".".join(map(str, driver)))
    cards = sorted((SYSTEM / "dev").glob("nvidia[0-9]*"))
    if not cards or not (SYSTEM / "dev/nvidiactl").exists():
        return refused if is_container() else Broken("no /dev/nvidia*")
    closed = [card for card in cards if not has_permission(card, os.R_OK | os.W_OK)]
    return Broken("card not permitted", str(closed[0])) if closed else None


def _broken_software(ask_tensorflow: bool) -> Broken | None:
    """From the device files to TensorFlow."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
    if hidden in ("", "-1"):
        return Broken("hidden by CUDA_VISIBLE_DEVICES", repr(hidden))
    if not version("tensorflow"):
        return Broken("TensorFlow for the CPU alone" if version("tensorflow-cpu") else "TensorFlow not installed")
    missing = [wheel for wheel in CUDA_WHEELS if version(wheel) is None]
    if missing:
        return Broken("CUDA packages missing", ", ".join(missing))
    status, output = run([sys.executable, "-c", COUNT_GPUS], 120) if ask_tensorflow else (0, "GPUs: 1")
    if status == 0 and re.search(r"GPUs: [1-9]", output):
        return None
    told = [line for line in output.splitlines()
            if re.search("cuda|gpu|nvidia|cudnn|Error", line, re.I) and "GPUs:" not in line]  # fmt: skip
    return Broken("not seen by TensorFlow", told[-1].strip()[-200:] if told else f"exit status {status}")
