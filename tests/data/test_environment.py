"""utils.data.environment: what the machine offers is asked truly, and what stands in the way is named."""

import os
import sys
from types import SimpleNamespace

import pytest

from utils.data import catalog, environment, fetch


@pytest.fixture
def tensorflow(monkeypatch):
    """Put a TensorFlow with chosen devices in place of the real one, on a machine with a broken link to its GPU."""
    def pretend(gpus=(), cuda=False, broken="no NVIDIA GPU", in_container=False):
        listed = [SimpleNamespace(name=f"/physical_device:GPU:{i}", model=gpu) for i, gpu in enumerate(gpus)]
        fake = SimpleNamespace(
            config=SimpleNamespace(
                list_physical_devices=lambda kind: listed if kind == "GPU" else [],
                experimental=SimpleNamespace(
                    get_device_details=lambda gpu: {"device_name": gpu.model} if gpu.model else {}),
            ),
            test=SimpleNamespace(is_built_with_cuda=lambda: cuda),
        )
        monkeypatch.setitem(sys.modules, "tensorflow", fake)
        monkeypatch.setitem(sys.modules, "keras", SimpleNamespace(
            backend=SimpleNamespace(backend=lambda: "tensorflow")))
        monkeypatch.setattr(environment, "broken_gpu_link", lambda: environment.Broken(broken) if broken else None)
        monkeypatch.setattr(environment, "is_container", lambda: in_container)
    return pretend


@pytest.fixture
def system(tmp_path, monkeypatch):
    """Write files of the system, by their path without the first slash."""
    monkeypatch.setattr(environment, "SYSTEM", tmp_path)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)

    def write(files):
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
    return write


# The report


@pytest.mark.parametrize(("machine", "found"), [
    ({"gpus": ["NVIDIA H100", ""], "cuda": True}, (["NVIDIA H100", "/physical_device:GPU:1"], "")),
    ({}, ([], "this TensorFlow is built for the CPU")),
    ({"broken": "TensorFlow for the CPU alone"},
     ([], "this TensorFlow is built for the CPU; this machine has an NVIDIA GPU: run make start GPU=1")),
    ({"broken": "TensorFlow for the CPU alone", "in_container": True},
     ([], "this TensorFlow is built for the CPU; this machine has an NVIDIA GPU: run make image GPU=1")),
    ({"cuda": True}, ([], "no NVIDIA GPU; make doctor says what to do")),
    ({"cuda": True, "broken": ""}, ([], "not seen by TensorFlow; make doctor says what to do")),
])
def test_gpus_are_named_and_without_one_the_reason_is_given(tensorflow, machine, found):
    tensorflow(**machine)
    assert environment.devices() == found


def test_a_backend_that_cannot_be_loaded_is_reported_not_raised(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    assert environment.report()["backend of Keras"].startswith("cannot be loaded: ModuleNotFoundError")


def test_the_report_follows_the_switches_and_tells_nothing_of_folders_outside(tensorflow, monkeypatch, tmp_path):
    tensorflow()
    for name, value in {"DATA": str(tmp_path), "PROFILE": "smoke", "OFFLINE": "1"}.items():
        monkeypatch.setenv(f"COURSE_{name}", value)
    report = environment.report()
    assert (report["profile"], report["network"]) == ("smoke", "forbidden by COURSE_OFFLINE")
    assert not any(str(tmp_path) in words or sys.prefix in words for words in report.values())


# What a machine or container allows


@pytest.mark.parametrize(("files", "memory"), [
    ({}, (8_192_000, 4_096_000, 0, 0)),
    ({"memory.max": "max\n", "cpu.max": "max 100000\n"}, (8_192_000, 4_096_000, 0, 0)),
    ({"memory.max": "4000000\n", "memory.current": "1000000\n", "memory.events": "oom 3\noom_kill 2\n"},
     (4_000_000, 3_000_000, 4_000_000, 2)),
    ({"memory/memory.limit_in_bytes": "5000000", "memory/memory.usage_in_bytes": "4000000"},
     (5_000_000, 1_000_000, 5_000_000, 0)),
    ({"memory/memory.limit_in_bytes": str(1 << 62)}, (8_192_000, 4_096_000, 0, 0)),
    ({"../../../.dockerenv": "", "memory.max": "max", "memory.events": "oom_kill 1\n"}, (8_192_000, 4_096_000, 0, 1)),
], ids=["no limit", "limit of max", "limit", "limit of version 1", "none of version 1", "ended without limit"])
def test_memory_is_the_container_s_if_that_has_a_limit(system, files, memory):
    system({"proc/meminfo": "MemTotal:    8000 kB\nMemFree:   1 kB\nMemAvailable:    4000 kB\n", "sys/fs/cgroup/x": ""})
    system({f"sys/fs/cgroup/{name}": text for name, text in files.items()})
    assert environment.memory() == memory


def test_where_the_system_has_no_such_file_memory_is_asked_of_a_package(system, monkeypatch):
    assert environment.memory().total > environment.memory().left > 0
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert environment.memory() == (None, None, 0, 0)


@pytest.mark.parametrize(("quota", "cores"), [("50000 100000\n", 0.5), ("max 100000\n", os.cpu_count())])
def test_fractions_of_a_core_count(system, monkeypatch, quota, cores):
    system({"sys/fs/cgroup/cpu.max": quota})
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(os.cpu_count()), raising=False)
    assert environment.cpu_cores() == cores


def test_files_commands_and_folders_answer_what_they_are_asked(tmp_path, monkeypatch):
    assert environment.read(tmp_path / "none") == ""
    assert environment.free_disk(tmp_path / "not" / "yet") > 0
    assert environment.run([sys.executable, "-c", "print('here')"], 60) == (0, "here\n")
    assert environment.run([sys.executable, "-c", "import threading; threading.Event().wait()"], 0.1) == (124, "")
    assert environment.run(["no-such-command-anywhere"], 5)[0] == 127
    monkeypatch.setattr(environment, "has_permission", lambda place, _: place != environment.ROOT / "notebooks")
    assert environment.closed_folders() == [environment.ROOT / "notebooks"]


def test_a_mirror_is_asked(server, tmp_path, clean_environment):
    assert environment.mirror_problem(server.address) == ""
    assert environment.mirror_problem("http://127.0.0.1:9/x") == "cannot connect to 127.0.0.1:9"
    assert environment.mirror_problem(str(tmp_path)) == ""
    assert environment.mirror_problem(str(tmp_path / "none")) == "there is no such folder"


# Python and its packages


@pytest.mark.parametrize(("made", "inside", "there", "expected"), [
    ("version = 3.11.4", True, True, None),
    ("version = 3.12.1", True, True, ("3.12", True)),
    ("version = 3.12.1", False, True, None),
    ("version_info = 3.12.1.final.0", False, False, ("3.12", True)),
    ("version = 3.10.9", False, True, ("3.10", False)),
    ("", False, False, None),
], ids=["right", "another by now", "outside, right", "its Python is gone", "too old", "none"])
def test_an_environment_of_another_python_is_recognised(tmp_path, monkeypatch, made, inside, there, expected):
    for name, value in {"prefix": str(tmp_path) if inside else sys.base_prefix, "version_info": (3, 11, 7)}.items():
        monkeypatch.setattr(environment.sys, name, value)
    monkeypatch.setattr(environment, "PREFIX", tmp_path)
    monkeypatch.setenv("VENV", str(tmp_path))
    (tmp_path / "pyvenv.cfg").write_text(made)
    (tmp_path / "bin").mkdir()
    if there:
        (tmp_path / "bin" / "python").touch()
    old = environment.old_environment()
    assert old == (expected and (tmp_path, *expected))


@pytest.mark.parametrize(("text", "command"), [('{"argv": ["python"]}', ["python"]), ("{}", []), ("not JSON", [])])
def test_the_registered_kernel_is_read(tmp_path, monkeypatch, text, command):
    monkeypatch.setattr(environment, "PREFIX", tmp_path)
    assert environment.kernel_command() == []
    (tmp_path / "share/jupyter/kernels/python3").mkdir(parents=True)
    (tmp_path / "share/jupyter/kernels/python3/kernel.json").write_text(text)
    assert environment.kernel_command() == command


def test_the_chinese_font_is_looked_for(monkeypatch, tmp_path):
    assert environment.has_font()
    gone = SimpleNamespace(suffix=".ttf", locate=lambda: tmp_path / "gone.ttf")
    monkeypatch.setattr(environment.metadata, "files", lambda _: [gone])
    assert not environment.has_font()


def test_packages_that_are_as_pinned_differ_from_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "version", {"numpy": "2.1", "keras": "3.0"}.get)
    path = tmp_path / "requirements.txt"
    path.write_text("# a comment\n\nnumpy==2.1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n-e .\nno-such; sys_platform == 'plan9'\n"
                    "keras==4\nmissing==2.0\n")  # fmt: skip
    assert environment.packages_that_differ(path) == [("keras", "==4", "3.0"), ("missing", "==2.0", None)]
    with pytest.raises(FileNotFoundError, match="none.txt"):
        environment.packages_that_differ(tmp_path / "none.txt")


def test_tensorflow_with_gpu_counts_as_tensorflow(monkeypatch):
    def version(package):
        if package == "tensorflow":
            return "2.21.0"
        raise environment.metadata.PackageNotFoundError(package)

    monkeypatch.setattr(environment.metadata, "version", version)
    assert (environment.version("tensorflow-cpu"), environment.version("keras")) == ("2.21.0", None)


# Data


def test_an_asset_is_here_when_what_the_course_reads_of_it_is_or_an_installed_package_holds_it(shelf):
    asset = shelf.add("digits", b"123456789", members={"inside/a.csv": {"size": 3}})
    (shelf.cache / "digits").mkdir(parents=True)
    (shelf.cache / "digits.bin").write_bytes(b"123456789")
    for content in (b"ab", b"abc"):
        (shelf.cache / "digits" / "a.csv").write_bytes(content)
        assert fetch.is_here(asset) == (content == b"abc")


def test_what_an_installed_package_holds_is_here(shelf):
    size = os.path.getsize(pytest.__file__)
    source = {"kind": "installed", "package": "pytest", "path": "pytest/__init__.py"}
    assert fetch.is_here(shelf.add("file", size=size, sha256=None, sources=[source]))
    assert not fetch.is_here(shelf.add("other", size=size, sources=[source | {"package": "no-such-package"}]))


def test_damaged_data_is_found_by_its_bytes(shelf):
    shelf.add("digits", b"0123456789")
    shelf.cache.mkdir()
    (shelf.cache / "digits.bin").write_bytes(b"0123456780")
    ((path, problem),) = environment.damaged_data().items()
    assert path == str(shelf.cache / "digits.bin")
    assert "has the wrong hash" in problem
    (shelf.cache / "digits.bin").write_bytes(b"0123456789")
    assert environment.damaged_data() == {}


def test_every_asset_or_collection_of_an_edition_has_a_row(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    rows = {row["name"]: row for row in environment.data("lesson")}
    lesson = [asset for asset in catalog.load().values() if asset.edition == "lesson"]
    assert set(rows) == {asset.collection or asset.name for asset in lesson}
    assert rows["mnist"]["here"] == "no"
    assert rows["photos"]["what"] == f"{sum(asset.collection == 'photos' for asset in lesson)} files"
    assert "mnist" in environment.missing_data() and "mnist" not in environment.missing_data("npm")
    assert "nanodet" in environment.missing_data("npm")


# Problems


FINE = {"packages_that_differ": [], "missing_data": [], "memory": environment.Memory(8 * 10**9, None, 0, 0),
        "free_disk": 10**10}  # fmt: skip


@pytest.mark.parametrize(("fact", "value", "problem"), [
    ("packages_that_differ", [environment.Difference("keras", "==3", None)],
     "Packages that are not as in requirements.txt (1): keras is missing (wanted ==3). Run: make start"),
    ("packages_that_differ", [environment.Difference(f"p{i}", "==2", "1") for i in range(7)], "p4 1 (wanted ==2), ..."),
    ("missing_data", ["mnist"], "not here yet: mnist. Lessons fetch theirs; for all, run: make data"),
    ("memory", environment.Memory(10**9, None, 0, 0), "There are 1.0 GB of memory; a lesson needs up to 3 GB."),
    ("free_disk", 10**8, "There are 0.1 GB free for the data; about 1 GB is needed. Free some, or"),
    ("version_info", (3, 10, 9), "the course needs 3.11 to 3.13. Run: make doctor"),
])  # fmt: skip
def test_each_problem_names_its_way_out(monkeypatch, fact, value, problem):
    for name, fine in FINE.items():
        monkeypatch.setattr(environment, name, lambda *_, fine=fine: fine)
    assert environment.problems() == []
    if fact == "version_info":
        monkeypatch.setattr(environment.sys, fact, value)
    else:
        monkeypatch.setattr(environment, fact, lambda *_: value)
    (found,) = environment.problems()
    assert problem in found
