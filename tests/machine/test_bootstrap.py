"""tools.machine.bootstrap: an environment is made once, and every way to fail says what to do."""


import pytest

from tools.machine import bootstrap


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_supported_pythons_pass(version):
    bootstrap.check_python(version)


@pytest.mark.parametrize("version", [(3, 10), (3, 14), (2, 7)])
def test_other_pythons_are_told_what_is_needed(version):
    with pytest.raises(bootstrap.BootstrapError, match=r"3\.11, 3\.12 or 3\.13 is needed.*make start PYTHON="):
        bootstrap.check_python(version)


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        (
            "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution",
            "registry was not reached",
        ),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "login page"),
        ("ERROR: No matching distribution found for tensorflow-cpu==2.21.0", "64-bit Linux"),
        ("ERROR: [Errno 13] Permission denied: '/opt/x'", "Clone the course into a folder of your own"),
        ("something nobody has seen", "make clean"),
    ],
)
def test_what_pip_prints_is_explained(output, advice):
    assert advice in bootstrap.explain(output, gpu=False)


def test_full_disk_is_found_before_anything_is_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda folder: type("usage", (), {"free": 2**30}))
    with pytest.raises(bootstrap.BootstrapError, match=r"needs about 4 GiB.*has 1\.0 GiB free.*VENV="):
        bootstrap.bootstrap(tmp_path / "venv", gpu=False)
    assert not (tmp_path / "venv").exists()


def test_environment_that_is_up_to_date_is_left_alone(tmp_path, monkeypatch):
    venv = tmp_path / "venv"
    python = bootstrap.python_of(venv)
    python.parent.mkdir(parents=True)
    python.touch()
    (venv / "course-stamp").write_text(bootstrap.digest(gpu=False))
    monkeypatch.setattr(bootstrap, "run", lambda *_: pytest.fail("nothing should run"))
    assert bootstrap.bootstrap(venv, gpu=False) is False


def test_failed_installation_leaves_no_stamp_and_the_next_run_starts_again(tmp_path, monkeypatch):
    ran = []

    def fail_at_pip(command, what, gpu):
        ran.append(what)
        if "packages" in what:
            raise bootstrap.BootstrapError("Installing the packages failed.")

    monkeypatch.setattr(bootstrap, "run", fail_at_pip)
    monkeypatch.chdir(bootstrap.ROOT)
    for _ in range(2):
        with pytest.raises(bootstrap.BootstrapError):
            bootstrap.bootstrap(tmp_path / "venv", gpu=False)
    assert not (tmp_path / "venv/course-stamp").exists()
    assert ran.count("Installing the packages") == 2


def test_gpu_and_other_machines_change_one_line():
    cpu = bootstrap.requirements(False, "linux", "x86_64").splitlines()
    for other, wanted in (
        (bootstrap.requirements(True, "linux", "x86_64"), "tensorflow[and-cuda]=="),
        (bootstrap.requirements(False, "darwin", "arm64"), "tensorflow=="),
        (bootstrap.requirements(False, "linux", "aarch64"), "tensorflow=="),
    ):
        changed = [new for old, new in zip(cpu, other.splitlines(), strict=True) if old != new]
        assert len(changed) == 1
        assert changed[0].startswith(wanted)


def test_gpu_takes_the_pinned_cuda_libraries_and_cpu_needs_none(tmp_path, monkeypatch):
    commands = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bootstrap, "check_space", lambda folder, gpu: None)
    monkeypatch.setattr(bootstrap, "run", lambda command, what, gpu: commands.append((gpu, command)))
    for gpu in (False, True):
        (tmp_path / str(gpu)).mkdir()
        bootstrap.bootstrap(tmp_path / str(gpu), gpu=gpu)
    given = {gpu: bootstrap.CUDA_LIBRARIES in command for gpu, command in commands if "--requirement" in command}
    assert given == {False: False, True: True}
    assert bootstrap.digest(gpu=True) != bootstrap.digest(gpu=False)


def test_every_requirement_is_pinned_and_says_what_for():
    lines = [line for line in bootstrap.requirements(False).splitlines() if line and not line.startswith("#")]
    assert lines[-1].startswith("-e .")
    for line in lines[:-1]:
        assert "==" in line
        assert "#" in line
