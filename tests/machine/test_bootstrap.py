"""tools.machine.bootstrap: an environment is made once, and every way to fail says what to do."""

import builtins
import sys
import threading
from unittest import mock

import pytest
from support import PATIENCE

from tools.machine import bootstrap


@pytest.mark.parametrize("version", [(3, 10), (3, 14), (2, 7)])
def test_other_pythons_are_told_what_is_needed(version):
    for supported in ((3, 11), (3, 12), (3, 13)):
        bootstrap.check_python(supported)
    with pytest.raises(bootstrap.BootstrapError, match=r"3\.11, 3\.12 or 3\.13 is needed.*make start PYTHON="):
        bootstrap.check_python(version)


@pytest.mark.parametrize(("output", "advice"), [
    ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
    ("Failed to establish a new connection: [Errno -3] Temporary failure in name resolution", "registry was not reached"),
    ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "login page"),
    ("ERROR: No matching distribution found for tensorflow-cpu==2.21.0", "64-bit Linux"),
    ("ERROR: [Errno 13] Permission denied: '/opt/x'", "Clone the course into a folder of your own"),
    ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one that the lock names"),
    ("something nobody has seen", "make clean"),
])  # fmt: skip
def test_what_pip_prints_is_explained(output, advice):
    assert advice in bootstrap.explain(output, gpu=False)


def test_full_disk_is_found_before_anything_is_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda folder: type("usage", (), {"free": 2**30}))
    with pytest.raises(bootstrap.BootstrapError, match=r"needs about 4 GiB.*has 1\.0 GiB free.*VENV="):
        bootstrap.bootstrap(tmp_path / "venv", gpu=False)
    assert not (tmp_path / "venv").exists()


@pytest.fixture
def ran(monkeypatch):
    """What would have been run: what it is for and the command. Making an environment writes a Python."""
    commands = []

    def pretend(command, what, gpu):
        commands.append((what, [str(part) for part in command]))
        if "venv" in command:
            pretend_environment(command[-1], bootstrap.running_python())

    monkeypatch.setattr(bootstrap, "run", pretend)
    monkeypatch.setattr(bootstrap, "check_space", lambda *_: None)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    return commands


@pytest.fixture
def venv(tmp_path):
    return tmp_path / "a folder" / "venv"


def pretend_environment(folder, version, pip_works=True):
    python = bootstrap.python_of(folder)
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text("#!/bin/sh\n" + ("" if pip_works else "exit 1\n"))
    python.chmod(0o755)
    (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}.7\n")


def was_made(ran):
    return any("Making" in what for what, _ in ran)


def test_environment_that_is_up_to_date_is_left_alone_another_lock_goes_into_it_and_another_device_makes_it_again(
        venv, ran, monkeypatch, tmp_path):
    assert bootstrap.bootstrap(venv, gpu=False) is True
    ran.clear()
    assert bootstrap.bootstrap(venv, gpu=False) is False
    assert ran == []
    lock = tmp_path / "other.txt"
    lock.write_text(bootstrap.LOCKS["cpu"].read_text() + "more==1 --hash=sha256:00\n")
    monkeypatch.setitem(bootstrap.LOCKS, "cpu", lock)
    assert bootstrap.bootstrap(venv, gpu=False) is True
    assert not was_made(ran)
    bootstrap.bootstrap(venv, gpu=True)
    assert was_made(ran)


def test_failed_installation_is_started_afresh_by_the_next_run(venv, ran, monkeypatch, capsys):
    with monkeypatch.context() as patched, pytest.raises(bootstrap.BootstrapError):
        patched.setattr(bootstrap, "install", mock.Mock(side_effect=bootstrap.BootstrapError("Installing the packages failed.")))
        bootstrap.bootstrap(venv, gpu=False)
    ran.clear()
    (venv / "left over").mkdir()
    assert bootstrap.bootstrap(venv, gpu=False) is True
    assert was_made(ran)
    assert not (venv / "left over").exists()
    assert "again: the last installation was interrupted." in capsys.readouterr().out


def test_two_that_install_at_once_come_one_after_the_other(venv, ran, monkeypatch):
    answers, waits = [], threading.Event()
    second = threading.Thread(target=lambda: answers.append(bootstrap.bootstrap(venv, gpu=False)))

    def install(*_):
        second.start()
        assert waits.wait(PATIENCE)

    monkeypatch.setattr(bootstrap, "install", install)
    monkeypatch.setattr(builtins, "print", lambda text, **_: waits.set() if text.startswith("Waiting for another") else None)
    assert bootstrap.bootstrap(venv, gpu=False) is True
    second.join(PATIENCE)
    assert answers == [False]


@pytest.mark.parametrize(("step", "error"), [
    ("read_stamp", PermissionError(13, "Permission denied")), ("prepare", OSError(30, "Read-only file system")),
])  # fmt: skip
def test_folder_that_may_not_be_read_or_written_is_told_in_one_sentence(venv, ran, monkeypatch, step, error):
    monkeypatch.setattr(bootstrap, step, mock.Mock(side_effect=error))
    with pytest.raises(bootstrap.BootstrapError, match=r"^This folder cannot be written\. Clone the course"):
        bootstrap.bootstrap(venv, gpu=False)


def test_environment_of_another_python_is_named_and_made_again(venv, ran, capsys):
    bootstrap.bootstrap(venv, gpu=False)
    pretend_environment(venv, "3.9")
    bootstrap.write_stamp(venv, bootstrap.read_stamp(venv) | {"python": "3.9"})
    assert bootstrap.bootstrap(venv, gpu=False) is True
    assert f"made by Python 3.9, and this is Python {bootstrap.running_python()}" in capsys.readouterr().out


def test_environment_interrupted_before_pip_came_is_made_again(venv, ran, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "ROOT", venv.parent)
    monkeypatch.setattr(bootstrap, "wanted_stamp", lambda *_: {"python": bootstrap.running_python(), "device": "cpu"})
    venv = venv.parent / ".venv"
    pretend_environment(venv, bootstrap.running_python(), pip_works=False)
    assert bootstrap.bootstrap(venv, gpu=False) is True
    assert "again: it has no pip that works." in capsys.readouterr().out


def test_folder_that_holds_something_else_is_left_alone(venv, ran):
    venv.mkdir(parents=True)
    (venv / "thesis.txt").write_text("mine")
    with pytest.raises(bootstrap.BootstrapError, match="was not made by the course in .*left alone.*VENV=folder"):
        bootstrap.bootstrap(venv, gpu=False)
    assert (venv / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("stamp", ["0" * 64, "", '{"course": "/another/course", "unfinished": true}'])
def test_environment_that_another_course_made_is_left_alone(venv, ran, stamp):
    pretend_environment(venv, "3.9")
    (venv / "course-stamp").write_text(stamp)
    before = {path: path.read_bytes() for path in venv.rglob("*") if path.is_file()}
    with pytest.raises(bootstrap.BootstrapError, match="left alone"):
        bootstrap.bootstrap(venv, gpu=False)
    assert {path: path.read_bytes() for path in venv.rglob("*") if path.is_file()} == before
    assert ran == []


def test_packages_come_from_the_lock_of_the_device_and_digests_are_asked_for(venv, ran):
    for gpu, lock in ((False, "requirements.txt"), (True, "requirements-gpu.txt")):
        ran.clear()
        bootstrap.bootstrap(venv, gpu)
        packages = [command for what, command in ran if what == "Installing the packages"]
        assert packages[-1][-1] == str(bootstrap.ROOT / lock)
        assert all("--require-hashes" in command for command in packages)


def test_builder_is_one_entry_of_each_lock_with_its_digests():
    for lock in bootstrap.LOCKS.values():
        first, *digests = bootstrap.builder(lock.read_text(encoding="utf-8")).splitlines()
        assert first.startswith("setuptools==")
        assert digests
        assert all(line.strip().startswith("--hash=sha256:") for line in digests)


def test_uv_is_tried_first_pip_goes_on_where_it_fails_and_is_alone_where_it_was_set_up(venv, ran, monkeypatch):
    used = []

    def install(installer, gpu):
        used.append(str(installer[0]))
        if installer[0] == "/bin/uv":
            raise bootstrap.BootstrapError("no network that uv knows of")

    for name in bootstrap.PIP_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(bootstrap, "install", install)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: "/bin/uv")
    bootstrap.bootstrap(venv, gpu=False)
    assert used == ["/bin/uv", str(bootstrap.python_of(venv))]
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # pip was told where packages are
    assert len(bootstrap.installers(venv)) == 1


def test_pythonpath_is_hidden_from_what_is_run(monkeypatch, capsys):
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    bootstrap.run([sys.executable, "-c", "import os; print(os.environ.get('PYTHONPATH'))"], "Looking", gpu=False)
    assert capsys.readouterr().out == "None\n"
