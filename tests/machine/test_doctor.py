"""tools.machine.doctor: every check says that all is well where it is, and names the fix where it is not."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from tools.lessons.languages import HAN, language_findings, simplified_findings
from tools.machine import bootstrap, doctor, ports
from utils.data import environment
from utils.data.environment import Difference, Memory

ROOT = Path(environment.__file__).resolve().parents[2]
KERNEL = [sys.executable, "-m", "utils.notebook.kernel", "-f", "{connection_file}"]
DRIVER = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  {}.54.03  Tue Jan 1\n"
CARD = {"sys/bus/pci/devices/0000:01:00.0/vendor": "0x10de\n", "proc/driver/nvidia/version": DRIVER.format(550),
        "dev/nvidia0": "", "dev/nvidiactl": ""}  # fmt: skip
CUDA = {"tensorflow": "2.21.0", **dict.fromkeys(environment.CUDA_WHEELS, "12.5")}
INSTALLED = dict.fromkeys(("keras", "ipykernel", "tensorflow-cpu", environment.FONT), "1.0")
WELL = {
    "old_environment": None, "packages_that_differ": [], "kernel_command": KERNEL, "has_font": True,
    "memory": Memory(16 * 10**9, 8 * 10**9, 0, 0), "free_disk": 50e9, "closed_folders": [], "mirror_problem": "",
    "missing_data": [], "damaged_data": {}, "run": (0, "GPUs: 1\n"), "has_permission": True,
}  # fmt: skip


@pytest.fixture
def machine(tmp_path, monkeypatch, clean_environment):
    """Make a machine on which all is well but for files of the system, versions, commands, variables and facts."""
    monkeypatch.setattr(environment, "SYSTEM", tmp_path / "system")
    monkeypatch.setattr(ports, "is_free", lambda port: True)
    for name in ("CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "GPU", "KUBERNETES_SERVICE_HOST"):
        monkeypatch.delenv(name, raising=False)

    def make(files=(), versions=INSTALLED, commands=("npm",), variables=(), **facts):
        for path, text in dict(files).items():
            if text is not None:
                (tmp_path / "system" / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / "system" / path).write_text(text)
        for name, value in dict(variables).items():
            monkeypatch.setenv(name, value)
        for name, value in (WELL | facts).items():
            monkeypatch.setattr(environment, name, value if callable(value) else lambda *_, value=value: value)
        monkeypatch.setattr(environment, "version", dict(versions).get)
        monkeypatch.setattr(shutil, "which", {name: f"/usr/bin/{name}" for name in commands}.get)

    return make


@pytest.mark.parametrize("check", doctor.CHECKS, ids=lambda check: check.en)
def test_a_healthy_machine_passes_every_check(machine, check):
    machine()
    finding = check.look()
    assert (finding.state, finding.fix) == ("ok", "")


not_installed = mock.Mock(side_effect=ModuleNotFoundError("no packaging", name="packaging"))


def broken(check, changes, says, fix, state="problem"):
    return pytest.param(check, changes, says, fix, state, id=says[:40])


@pytest.mark.parametrize(("check", "changes", "says", "fix", "state"), [
    broken(doctor.packages, {"packages_that_differ": not_installed}, "(packaging is not found)", "make start"),
    broken(doctor.packages, {"packages_that_differ": [Difference("keras", "==3", None)]}, "keras (missing)", "start"),
    broken(doctor.kernel, {"kernel_command": []}, "not registered", "-m utils.notebook.kernel --install"),
    broken(doctor.kernel, {"kernel_command": ["/old/python", "-m", "utils.notebook.kernel"]},
           "names a Python that is gone: /old/python", "make clean start"),
    broken(doctor.kernel, {"kernel_command": [sys.executable, "-m", "ipykernel_launcher"]},
           "Another kernel is registered", "-m utils.notebook.kernel --install"),
    broken(doctor.kernel, {"versions": {}}, "once the packages are installed", "", "note"),
    broken(doctor.fonts, {"versions": {}}, "Chinese in figures would be boxes", "make start"),
    broken(doctor.fonts, {"has_font": False}, "its font file is not", f"--no-deps {environment.FONT}==1.0"),
    broken(doctor.memory, {"memory": Memory(None, 10**9, 0, 0)}, "1.0 GB are left in this machine", "other notebooks"),
    broken(doctor.memory, {"memory": Memory(None, 10**9, 2 * 10**9, 0)}, "left in this container", "--memory 6g"),
    broken(doctor.memory, {"memory": Memory(None, 9 * 10**9, 8 * 10**9, 2)}, "has ended 2 processes", "its 8.0 GB"),
    broken(doctor.disk, {"free_disk": 0.4e9}, "has 0.4 GB left; about 1 GB are needed", "COURSE_DATA=/other/disk"),
    broken(doctor.disk, {"free_disk": 2e9, "versions": {}}, "about 4 GB are needed", "VENV=/other/disk"),
    broken(doctor.data, {"damaged_data": {"/data/mnist.whl": "mnist.whl has the wrong hash"}},
           "1 files are damaged. The first: mnist.whl has the wrong hash", "rm /data/mnist.whl\nmake data"),
    broken(doctor.data, {"missing_data": ["titanic", "emoji"]}, "Not here yet: titanic, emoji (lessons 02–03, 07).",
           "make data NB=", "note"),
    broken(doctor.npm, {"commands": [], "missing_data": ["centernet", "emoji"]},
           "no npm, so centernet, emoji cannot be fetched (lessons 07, 23–25, 27).", "install npm"),
    broken(doctor.network, {"variables": {"COURSE_OFFLINE": "1"}}, "COURSE_OFFLINE forbids", "unset COURSE", "note"),
    broken(doctor.network, {"variables": {"COURSE_MIRROR": "http://192.0.2.10"}, "mirror_problem": "cannot connect"},
           "mirror http://192.0.2.10 cannot be used: cannot connect", "make serve-mirror"),
    broken(doctor.network, {"run": (1, "CERTIFICATE_VERIFY_FAILED")}, "cannot be fetched", "login page", "note"),
    broken(doctor.network, {"run": (1, "ProxyError"), "variables": {"HTTPS_PROXY": "http://192.0.2.1:3128"}},
           "The proxy that HTTPS_PROXY names does not answer", "unset HTTPS_PROXY", "note"),
    broken(doctor.network, {"run": (124, "")}, "cannot be fetched.", "behind a proxy set HTTPS_PROXY", "note"),
    broken(doctor.network, {"run": (1, "No module named pip")}, "once the packages are installed", "", "note"),
])  # fmt: skip
def test_what_is_wrong_is_found_and_has_a_fix(machine, check, changes, says, fix, state):
    machine(**changes)
    finding = check()
    assert finding.state == state
    assert says in finding.en and fix in finding.fix and HAN.search(finding.zh)


@pytest.mark.parametrize("version", [(3, 8, 1), (3, 10, 2), (3, 14, 0)])
def test_a_python_that_the_course_does_not_run_on_is_named(machine, monkeypatch, version):
    machine()
    monkeypatch.setattr(environment.sys, "version_info", version)
    words = f"This is Python {'.'.join(map(str, version))}; the course needs 3.11 to 3.13."
    assert (doctor.python().en, "make start PYTHON=" in doctor.python().fix) == (words, True)


@pytest.mark.parametrize(("gone", "says"), [(True, "that Python is gone"), (False, "the course needs 3.11 to 3.13")])
def test_an_environment_of_another_python_is_the_only_cause_named(machine, gone, says):
    old = environment.OldEnvironment(Path("/course/.venv"), "3.10", gone)
    machine(old_environment=old, packages_that_differ=not_installed)
    (finding,) = doctor.examine().values()
    assert finding.en.startswith("The environment /course/.venv was made with Python 3.10; ") and says in finding.en
    assert finding.fix.startswith("make clean VENV=/course/.venv\nmake start VENV=/course/.venv ")


def test_doctor_and_bootstrap_mean_the_same_pythons():
    assert (bootstrap.OLDEST, bootstrap.NEWEST) == environment.PYTHON_VERSIONS


def test_a_taken_port_is_noted_with_another(machine, monkeypatch):
    machine()
    monkeypatch.setattr(ports, "is_free", lambda port: port != ports.FIRST_PORT)
    finding = doctor.port()
    assert (finding.state, "make start PORT=8890" in finding.fix) == ("note", True)
    assert finding.en.startswith("8888 is taken")


@pytest.mark.parametrize(("files", "user", "says", "fix"), [
    ({}, 1, "belong to user", 'sudo chown -R "$(id -u):$(id -g)"'),
    ({".dockerenv": ""}, 1, "nothing can be saved", "--user $(id -u):$(id -g)"),
    ({}, 0, "and 1 more cannot be written: the disk is for reading only", "chmod -R u+w"),
])  # fmt: skip
def test_folders_that_cannot_be_written_have_a_fix(machine, monkeypatch, tmp_path, files, user, says, fix):
    machine(files, closed_folders=[tmp_path, tmp_path])
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + user)
    finding = doctor.folders()
    assert says in finding.en and fix in finding.fix and str(tmp_path) in finding.zh


def test_npm_and_a_mirror_that_are_not_missed_are_well(machine):
    machine(commands=[], variables={"COURSE_MIRROR": "http://192.0.2.10:8000"})
    assert doctor.npm().en == "not installed, and not needed: the models are here"
    assert doctor.network()[::2] == ("ok", "the mirror http://192.0.2.10:8000 answers")


# GPU


@pytest.mark.parametrize(("changes", "says", "fix"), [
    ({"files": {"proc/driver/nvidia/version": None}}, "its driver is not loaded", "ubuntu-drivers install"),
    ({"files": {"proc/driver/nvidia/version": DRIVER.format(470)}}, "470.54 is too old; CUDA 12 needs 525", "driver"),
    ({"files": {"dev/nvidia0": None}}, "there are no /dev/nvidia", "nvidia-modprobe"),
    ({"files": {"dev/nvidiactl": None}}, "there are no /dev/nvidia", "nvidia-modprobe"),
    ({"files": {"dev/nvidia0": None, ".dockerenv": ""}}, "container was not given the GPU", "make start-container"),
    ({"has_permission": False}, "You may not use", "usermod -aG"),
    ({"variables": {"CUDA_VISIBLE_DEVICES": "-1"}}, "CUDA_VISIBLE_DEVICES='-1' hides the GPU", "unset CUDA_VISIBLE"),
    ({"versions": INSTALLED}, "TensorFlow that is installed is for the CPU", "make start GPU=1"),
    ({"versions": INSTALLED, "files": {".dockerenv": ""}}, "for the CPU alone", "make image GPU=1"),
    ({"versions": {}}, "TensorFlow is not installed", "make start GPU=1"),
    ({"versions": {"tensorflow": "2.21.0"}}, "lacks its CUDA packages: nvidia-cublas-cu12", "make start GPU=1"),
    ({"run": (0, "Could not load libcudnn.so.9\nGPUs: 0\n")}, "It says: Could not load libcudnn.so.9", "nvidia-smi"),
    ({"run": (124, "")}, "It says: exit status 124", "nvidia-smi"),
])  # fmt: skip
def test_the_first_broken_link_between_card_and_tensorflow_is_named(machine, changes, says, fix):
    machine(**{"versions": CUDA} | changes | {"files": CARD | changes.get("files", {})})
    finding = doctor.gpu()
    assert finding.state == "problem"
    assert says in finding.en and fix in finding.fix and "{" not in finding.zh + finding.en


@pytest.mark.parametrize("files", [CARD, CARD | {
    "proc/sys/kernel/osrelease": "5.15-microsoft-standard-WSL2", "usr/lib/wsl/lib/libcuda.so.1": "",
    "proc/driver/nvidia/version": None, "dev/nvidia0": None,
}], ids=["Linux", "Windows, whose driver it is"])  # fmt: skip
def test_a_gpu_that_works_is_well(machine, files):
    machine(files, CUDA)
    assert doctor.gpu()[::2] == ("ok", "TensorFlow uses it")


@pytest.mark.parametrize("system", ["6.1-generic", "5.15-microsoft-standard-WSL2"])
def test_a_machine_without_a_gpu_is_well_and_a_container_that_wants_one_is_not(machine, system):
    machine({".dockerenv": "", "proc/sys/kernel/osrelease": system})
    assert doctor.gpu()[::2] == ("ok", "this machine has no NVIDIA GPU; every lesson runs without one")
    machine(variables={"GPU": "1"})
    assert "container was not given the GPU" in doctor.gpu().en


@pytest.mark.parametrize(("commands", "files", "compose", "state", "says", "fix"), [
    (["docker"], {}, "gpu", "note", "Toolkit is not installed", "nvidia-ctk runtime configure"),
    (["docker", "nvidia-ctk"], {}, "gpu", "note", "Docker has not been told", "systemctl restart docker"),
    (["docker", "nvidia-ctk"], {"etc/cdi/nvidia.yaml": ""}, "", "note", "does not ask for", "capabilities: [gpu]"),
    (["docker", "nvidia-ctk"], {"etc/cdi/nvidia.yaml": ""}, "gpu", "ok", "can be used", ""),
    (["docker", "nvidia-ctk"], {"etc/docker/daemon.json": '{"nvidia": {}}'}, "gpu", "ok", "can be used", ""),
    (["podman", "nvidia-ctk"], {}, "gpu", "ok", "can be used", ""),
])  # fmt: skip
def test_containers_are_asked_whether_they_can_use_the_gpu(
        machine, monkeypatch, tmp_path, commands, files, compose, state, says, fix):
    machine(CARD | files, CUDA, commands)
    if not compose:
        monkeypatch.setattr(environment, "ROOT", tmp_path)
        (tmp_path / "docker").mkdir()
        (tmp_path / "docker" / "compose.yaml").write_text("services: {}")
    finding = doctor.containers()
    assert finding.state == state
    assert says in finding.en and fix in finding.fix


# The report


def test_the_report_names_problems_and_their_fixes_in_both_languages(machine, monkeypatch, capsys):
    machine(has_font=False)
    monkeypatch.setattr(ports, "is_free", lambda port: False)
    assert doctor.main() == 1
    report = capsys.readouterr().out
    assert "✘ 中文字型（方框） · Chinese font (boxes)\n    字型套件在，字型檔不在。\n    The font package is" in report
    assert "    → jupyter server list" in report
    assert "· 連接埠 · Port\n" in report
    assert report.endswith("Problems: 1. Mend them from the top, then run make doctor again.\n")
    machine(missing_data=["mnist"])  # a note alone is no problem
    assert doctor.main() == 0
    assert "Nothing is wrong with this machine" in capsys.readouterr().out


def test_a_check_that_fails_does_not_end_the_examination():
    fails = mock.Mock(side_effect=RuntimeError("half an installation"))
    checks = (doctor.Check("壞", "bad", fails), doctor.Check("缺", "lacks", not_installed))
    assert list(doctor.examine(checks).values()) == [
        ("problem", "查不下去：RuntimeError: half an installation",
         "cannot be checked: RuntimeError: half an installation", "make start"), doctor.LATER]  # fmt: skip


def test_chinese_is_written_as_in_taiwan():
    nodes = ast.walk(ast.parse(Path(doctor.__file__).read_text(encoding="utf-8")))
    strings = [node.value for node in nodes if isinstance(node, ast.Constant) and HAN.search(str(node.value))]
    assert len(strings) > 50
    for string in strings:
        assert [*language_findings(f"{string} and so on."), *simplified_findings(string)] == []


def test_make_doctor_runs_where_the_python_of_the_environment_is_gone(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "gone")
    command = ["make", "--no-print-directory", "doctor", f"VENV={tmp_path}", "PYTHON=echo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "-m tools.machine.doctor\n")


def test_the_doctor_itself_needs_no_installed_package(tmp_path):
    changes = {"COURSE_OFFLINE": "1", "COURSE_DATA": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-S", "-m", "tools.machine.doctor"], cwd=ROOT, env=os.environ | changes,
                          capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")
    assert "The course's packages are not installed (packaging is not found)." in done.stdout
    assert "Disk space: " in done.stdout and "COURSE_OFFLINE forbids" in done.stdout  # which may be why
    assert "cannot be checked" not in done.stdout
