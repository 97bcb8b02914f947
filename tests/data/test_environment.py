import re
import sys
from types import SimpleNamespace

import pytest

from utils.data import catalog, environment


@pytest.fixture
def tensorflow(monkeypatch):
    """Put a TensorFlow with chosen devices in place of the real one, without an NVIDIA driver."""
    def pretend(gpus=(), cuda=False, driver=False):
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
        monkeypatch.setattr(environment.shutil, "which", lambda name: "/bin/nvidia-smi" if driver else None)
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return pretend


@pytest.fixture
def requirements(tmp_path):
    def write(text):
        (tmp_path / "requirements.txt").write_text(text, encoding="utf-8")
        return tmp_path / "requirements.txt"
    return write


@pytest.fixture
def cgroup(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "CGROUP", tmp_path)
    return tmp_path


def test_gpus_are_named(tensorflow):
    tensorflow(gpus=["NVIDIA H100", ""], cuda=True, driver=True)
    assert environment.devices() == (["NVIDIA H100", "/physical_device:GPU:1"], "")


@pytest.mark.parametrize(("machine", "reason"), [
    ({}, "this TensorFlow is built for the CPU"),
    ({"driver": True}, "built for the CPU; this machine has an NVIDIA driver: run make lab GPU=1"),
    ({"cuda": True}, "no NVIDIA driver"),
    ({"cuda": True, "driver": True}, "TensorFlow cannot use the NVIDIA driver that is here"),
])
def test_without_a_gpu_the_reason_is_given(tensorflow, machine, reason):
    tensorflow(**machine)
    assert environment.devices().gpus == []
    assert reason in environment.devices().why_none


def test_a_hidden_gpu_is_said_to_be_hidden(tensorflow, monkeypatch):
    tensorflow(cuda=True, driver=True)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert "CUDA_VISIBLE_DEVICES='-1' hides them; unset it" in environment.devices().why_none


def test_a_backend_that_cannot_be_loaded_is_reported_not_raised(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    assert environment.report()["backend of Keras"].startswith("cannot be loaded: ModuleNotFoundError")


def test_the_report_tells_nothing_about_folders_outside_the_project(tensorflow, monkeypatch, tmp_path):
    tensorflow()
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    words = " ".join(environment.report().values())
    assert str(tmp_path) not in words
    assert sys.prefix not in words


def test_the_report_follows_the_profile_and_offline_switch(tensorflow, monkeypatch):
    tensorflow()
    monkeypatch.setenv("COURSE_PROFILE", "smoke")
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    report = environment.report()
    assert (report["profile"], report["network"]) == ("smoke", "forbidden by COURSE_OFFLINE")


# what a container allows


def test_a_container_s_limits_count(cgroup, monkeypatch):
    (cgroup / "memory.max").write_text("1000000000\n")
    (cgroup / "cpu.max").write_text("50000 100000\n")
    assert environment.memory_bytes() == 1_000_000_000
    assert environment.cpu_cores() == 0.5


@pytest.mark.parametrize("no_limit", [{}, {"memory.max": "max\n", "cpu.max": "max 100000\n"}])
def test_without_a_limit_the_machine_s_own_numbers_count(cgroup, no_limit):
    for name, text in no_limit.items():
        (cgroup / name).write_text(text)
    assert environment.memory_bytes() == environment.psutil.virtual_memory().total
    assert environment.cpu_cores() >= 1


# packages


def test_packages_as_pinned_make_no_difference(requirements):
    import numpy

    numpy_line = f"numpy=={numpy.__version__}  # arrays"
    path = requirements(f"# a comment\n\n{numpy_line}\n-e .\nno-such; sys_platform == 'plan9'\n")
    assert environment.packages_that_differ(path) == []


def test_digests_and_packages_of_other_systems_in_a_lock_are_skipped(requirements):
    import numpy

    path = requirements(f"numpy=={numpy.__version__} \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n"
                        "no-such==1 ; sys_platform == 'plan9' \\\n    --hash=sha256:02\n")
    assert environment.packages_that_differ(path) == []


def test_another_version_and_a_missing_package_are_told_apart(requirements):
    import numpy

    path = requirements("numpy==1.0\nno-such-package==2.0\n")
    assert environment.packages_that_differ(path) == [
        ("numpy", "==1.0", numpy.__version__), ("no-such-package", "==2.0", None)]


def test_tensorflow_with_gpu_counts_as_tensorflow(requirements, monkeypatch):
    def version(package):
        if package == "tensorflow":
            return "2.21.0"
        raise environment.metadata.PackageNotFoundError(package)

    monkeypatch.setattr(environment.metadata, "version", version)
    assert environment.packages_that_differ(requirements("tensorflow-cpu==2.21.0\n")) == []


def test_a_missing_requirements_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="requirements.txt"):
        environment.packages_that_differ(tmp_path / "requirements.txt")


# data


@pytest.fixture
def asset(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    return catalog.Asset(
        name="digits", title="", edition="lesson", filename="digits.zip", licence="", citation="",
        homepage="", sources=(catalog.Source(kind="url", url="http://localhost/x"),), size=9,
        members={"inside/a.csv": catalog.Content(size=3)})


def test_an_asset_is_here_when_what_the_course_reads_of_it_is(asset, tmp_path):
    assert not environment.is_here(asset)
    (tmp_path / "digits.zip").write_bytes(b"123456789")
    assert not environment.is_here(asset)
    (tmp_path / "digits").mkdir()
    (tmp_path / "digits" / "a.csv").write_bytes(b"abc")
    assert environment.is_here(asset)


def test_a_file_of_the_wrong_size_is_not_here(asset, tmp_path):
    (tmp_path / "digits").mkdir()
    (tmp_path / "digits" / "a.csv").write_bytes(b"ab")
    assert not environment.is_here(asset)


def test_every_asset_or_collection_of_an_edition_has_a_row(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    rows = {row["name"]: row for row in environment.data("lesson")}
    lesson = [asset for asset in catalog.load().values() if asset.edition == "lesson"]
    assert set(rows) == {asset.collection or asset.name for asset in lesson}
    assert rows["mnist"]["here"] == "no"
    assert rows["photos"]["what"] == f"{sum(asset.collection == 'photos' for asset in lesson)} files"


# problems


@pytest.fixture
def fine(monkeypatch):
    monkeypatch.setattr(environment, "packages_that_differ", list)
    monkeypatch.setattr(environment, "data", lambda: [{"name": "mnist", "here": "yes"}])
    monkeypatch.setattr(environment, "memory_bytes", lambda: 8_000_000_000)
    monkeypatch.setattr(environment, "_free_disk", lambda: 10_000_000_000)


def test_a_machine_that_fits_has_no_problems(fine):
    assert environment.problems() == []


@pytest.mark.parametrize(("part", "value", "message"), [
    ("packages_that_differ", [environment.Difference("keras", "==3.15.1", None)],
     r"\(1\): keras is missing \(wanted ==3.15.1\). Run: make lab"),
    ("packages_that_differ", [environment.Difference(f"p{i}", "==2", "1") for i in range(7)],
     r"\(7\): p0 1 \(wanted ==2\), .*p4 1 \(wanted ==2\) ..."),
    ("data", [{"name": "mnist", "here": "no"}], "not here yet: mnist.*make data"),
    ("memory_bytes", 1_000_000_000, "1.0 GB of memory; a lesson needs up to 3 GB"),
    ("_free_disk", 5_000_000, r"0.0 GB free .*COURSE_DATA"),
])
def test_each_problem_names_its_way_out(fine, monkeypatch, part, value, message):
    monkeypatch.setattr(environment, part, lambda: value)
    (problem,) = environment.problems()
    assert re.search(message, problem)


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 14, 0)])
def test_a_python_out_of_range_is_a_problem(fine, monkeypatch, version):
    monkeypatch.setattr(environment.sys, "version_info", version)
    (problem,) = environment.problems()
    assert "the course needs 3.11 to 3.13. Install one of them and run: make lab PYTHON=python3.13" in problem


def test_the_command_line_ends_with_1_if_something_is_wrong(fine, monkeypatch, capsys, tensorflow):
    tensorflow()
    assert environment.main() == 0
    assert "Everything is ready." in capsys.readouterr().out
    monkeypatch.setattr(environment, "memory_bytes", lambda: 10)
    assert environment.main() == 1
    assert "Problems: 1" in capsys.readouterr().out
