"""Machines as they are: in an odd folder and under odd settings, tasks of `make` work or say in one sentence what to do."""

import functools
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path
from unittest import mock

import filelock
import pytest
from support import PATIENCE, Shelf

from tools.machine import bootstrap
from utils.data import catalog

ROOT = Path(__file__).resolve().parents[2]
NOT_COPIED = shutil.ignore_patterns(".*", "cache", "work", "build", "reports", "__pycache__", "node_modules")
BUBBLE = ["bwrap", "--die-with-parent", "--dev-bind", "/", "/"]
NEEDED = ("awk", "bwrap", "env", "make", "sh", "uname")  # of a PATH that holds nothing else
CONTENT = bytes(range(256)) * 40  # more than the smallest disk holds


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course in an odd folder. Its environment has this one's packages; its catalog names one small file."""
    course = tmp_path_factory.mktemp("machine") / "課程 [1] copy"
    shutil.copytree(ROOT, course, ignore=NOT_COPIED)
    venv = course / ".venv"
    python = getattr(sys, "_base_executable", sys.executable)
    subprocess.run([python, "-I", "-m", "venv", "--without-pip", venv], check=True)
    site = next(venv.glob("lib/python*/site-packages"))
    # As pip's editable installation, in ASCII alone: Python 3.11 reads it in the locale's encoding.
    (site / "course.pth").write_text(f"import sys; sys.path += [{ascii(str(course))}, {ascii(sysconfig.get_path('purelib'))}]\n")
    for name in ("etc/jupyter", *(f"share/jupyter/{each.name}" for each in Path(sys.prefix, "share/jupyter").iterdir())):
        if not name.endswith("kernels"):
            (venv / name).parent.mkdir(parents=True, exist_ok=True)
            (venv / name).symlink_to(Path(sys.prefix, name))
    ready = (
        "import pathlib, sys; from tools.machine import bootstrap; from utils.notebook import kernel; here = pathlib.Path(sys.prefix); "
        "kernel.install(here); bootstrap.write_stamp(here, bootstrap.wanted_stamp(here, False))"
    )
    subprocess.run([venv / "bin/python", "-c", ready], cwd=course, check=True)
    return course


@pytest.fixture
def place(tmp_path, course, monkeypatch):
    """A folder of the test's own: a mirror with the one file, a home, an engine that notes what it is told, another project's modules."""
    for name in ("mirror", "home", "bin", "only", "other"):
        (tmp_path / name).mkdir()
    shelf = Shelf(course / "data")
    monkeypatch.setattr(catalog, "PATH", shelf.path)
    (tmp_path / "mirror" / shelf.add("digits", CONTENT).filename).write_bytes(CONTENT)
    (tmp_path / "bin" / "docker").write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >> '{tmp_path}/told'\n")
    (tmp_path / "bin" / "docker").chmod(0o755)
    for name in NEEDED:
        (tmp_path / "only" / name).symlink_to(shutil.which(name) or f"/usr/bin/{name}")
    for name in ("utils", "tools", "requests", "numpy"):
        (tmp_path / "other" / f"{name}.py").write_text(f"raise SystemExit('{name} of another project')\n")
    return tmp_path


# The environment itself, which the room that holds a submission shows it; the copy's one only leads to its packages.
GRADE = ["--old-file=environment", f"VENV={sys.prefix}", "SUBMISSIONS={place}/handed in", "OUT={place}/class/grades.csv"]

CONDITIONS = {  # what stands before the command, and variables
    "as it is": ([], {}),
    "umask 077": (["sh", "-c", 'umask 077; exec "$@"', "sh"], {}),
    "LANG=C": ([], {"LC_ALL": "C", "LANG": "C"}),
    "PYTHONPATH": ([], {"PYTHONPATH": "{place}/other"}),
    "no npm": ([], {"PATH": "{place}/bin:{place}/only"}),
    "no network": ([*BUBBLE, "--unshare-net"], {}),
    "not root": ([*BUBBLE, "--unshare-user", "--uid", "1000", "--gid", "1000"], {}),
    "HOME for reading": ([*BUBBLE, "--ro-bind", "{place}/home", "{place}/home"], {}),
}


@pytest.fixture
def handed_in(place, course):
    """An untouched lab of one student."""
    lab = next((course / "labs").glob("lab02_*.ipynb"))
    (place / "handed in" / "安").mkdir(parents=True)
    shutil.copy(lab, place / "handed in" / "安")


@pytest.fixture
def prepared(course, place, clean_environment):
    """Return the command line and the variables of `make` in the copy under some of the conditions, or after other words."""

    def prepare(conditions, *arguments, **variables):
        before, environment = [], os.environ | {
            "HOME": f"{place}/home", "PATH": f"{place}/bin:{os.environ['PATH']}", "COURSE_DATA": f"{place}/data",
            "COURSE_MIRROR": f"{place}/mirror", "COURSE_OFFLINE": "1", "LANG": "C.UTF-8",
        }  # fmt: skip
        for words, more in (CONDITIONS[name] if isinstance(name, str) else (name, {}) for name in conditions):
            before += words
            environment |= {name: value.format(place=place) for name, value in more.items()}
        if "bwrap" in before and not shutil.which("bwrap") or subprocess.run([*BUBBLE, "--unshare-user", "true"]).returncode:
            pytest.skip("bubblewrap (the command bwrap) is missing, or may make no namespaces on this machine")
        line = [*(word.format(place=place) for word in before), "make", "--no-print-directory", *arguments]
        return line, environment | variables

    return prepare


@pytest.fixture
def make(course, prepared):
    """Run it."""

    def run(conditions, *arguments, **variables):
        line, environment = prepared(conditions, *arguments, **variables)
        return subprocess.run(line, cwd=course, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=20 * PATIENCE)

    return run


@pytest.mark.parametrize("condition", CONDITIONS)
def test_data_mirror_image_and_doctor_do_their_work(make, course, place, condition):
    done = make([condition], "--keep-going", "data", "mirror", f"DIR={place}/a class", "image", "ENGINE=docker", "doctor")
    assert (place / "data" / "digits.bin").read_bytes() == (place / "a class" / "digits.bin").read_bytes() == CONTENT, done.stderr
    assert (place / "told").read_text(encoding="utf-8").splitlines()[-1] == str(course)
    assert "Built deep-learning-course:cpu" in done.stdout
    assert re.search(r"^. .*Python version: ", done.stdout, re.M)
    assert re.findall(r"^✘ (?!.*(?:Memory|Disk|GPU)).*", done.stdout, re.M) == []  # these are this machine's own
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("arguments", "full", "says"), [
    (["data"], "data", "FAILED Cannot store digits .*: the disk of {place}/data is full: .* set COURSE_DATA to a folder on another disk"),
    (["mirror", "DIR={place}/class"], "class", "FAILED Cannot store digits .*: the disk of {place}/class is full: .* name with DIR= a"),
    pytest.param(["grade", *GRADE], "class", "grade: No space left on device: .*free some space or name another place with OUT=",
                 marks=pytest.mark.slow),
])  # fmt: skip
def test_a_full_disk_is_told_in_one_sentence(make, place, handed_in, arguments, full, says):
    (place / full).mkdir()
    disk = [*BUBBLE, "--size", "4096", "--tmpfs", f"{place}/{full}"]
    done = make([disk], *(word.format(place=place) for word in arguments))
    assert done.returncode
    assert re.search(says.format(place=re.escape(str(place))), done.stderr), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("program", "meanwhile"), [
    ("machine/start.py", "tools.machine.ports.choose"), ("machine/doctor.py", "utils.data.environment.old_environment"),
    ("labs/grade.py {place}/handed_in", "tools.labs.room.why_not"),
])  # fmt: skip
def test_a_stop_is_told_in_one_sentence(tmp_path, monkeypatch, capsys, program, meanwhile):
    (tmp_path / "handed_in" / "ann").mkdir(parents=True)
    monkeypatch.setattr(meanwhile, mock.Mock(side_effect=KeyboardInterrupt))
    monkeypatch.setattr(sys, "argv", program.format(place=tmp_path).split())
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "tools" / sys.argv[0]), run_name="__main__")
    assert re.search(r"(start|doctor|grade): stopped\. .*\.", f"{ended.value.code} {capsys.readouterr().err}")


def test_a_second_run_over_the_lessons_waits_for_the_first(course):
    options = ["-p", "one_at_a_time", "-p", "no:cacheprovider", "--noconftest", "-q"]
    line = [course / ".venv/bin/python", "-m", "pytest", *options, "tests/test_files.py"]
    with filelock.FileLock(course / "models" / ".lock"):
        second = subprocess.Popen(line, cwd=course, stdout=subprocess.PIPE, text=True)
        said = second.stdout.readline()
    assert "this one waits for its end" in said
    assert "passed" in second.communicate(timeout=10 * PATIENCE)[0]
    assert second.returncode == 0


# What takes longer


@pytest.mark.slow
@pytest.mark.parametrize("condition", CONDITIONS)
def test_jupyterlab_opens(prepared, course, condition):
    line, environment = prepared([condition], "start", BROWSER="none")
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    process = subprocess.Popen(line, cwd=course, env=environment, start_new_session=True, **pipes)
    seen = []
    try:
        for each in process.stderr:
            seen.append(each)
            if "/lab/tree/work/lessons/00_welcome.ipynb?token=" in each:
                break
        else:
            pytest.fail("".join(seen))
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # as a terminal that is closed
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:  # it met the signal before it could handle it
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert not [each for each in seen if re.match(r"Traceback|\[E ", each)]


@pytest.mark.slow
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_submission_is_graded_or_it_is_said_why_not(make, place, handed_in, condition):
    done = make([condition], "grade", *(word.format(place=place) for word in GRADE))
    if done.returncode:
        assert re.search("^grade: submissions cannot be graded safely on this machine: the kernel keeps no limit of", done.stderr, re.M)
    else:
        row = (place / "class" / "grades.csv").read_text(encoding="utf-8-sig").splitlines()[1]
        assert row.startswith("安,lab02_")
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_an_old_environment_is_made_again_and_a_stop_or_a_missing_network_is_told(prepared, course, place):
    venv = place / "old environment"
    if shutil.disk_usage(place).free < 5 << 30:
        pytest.skip("an environment asks for 4 GiB of free space")
    subprocess.run([getattr(sys, "_base_executable", sys.executable), "-I", "-m", "venv", "--without-pip", venv], check=True)
    settings = venv / "pyvenv.cfg"
    settings.write_text(re.sub(r"(?m)^version.*", "version = 3.10.4", settings.read_text()))
    (venv / "bin" / "python").unlink()  # as after a new version of the system
    bootstrap.write_stamp(venv, {"course": str(course), "python": "3.10"})

    def install(condition, stop_at=None):
        line, environment = prepared([condition], "environment", f"VENV={venv}", PIP_RETRIES="1")
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "encoding": "utf-8"}
        default = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a shell's background jobs ignore it
        with subprocess.Popen(line, cwd=course, env=environment, start_new_session=True, preexec_fn=default, **pipes) as process:
            said = ""
            for each in process.stdout:
                said += each
                if stop_at and stop_at in each:
                    os.killpg(process.pid, signal.SIGINT)
        assert process.returncode and "Traceback" not in said, said
        return said

    said = install("as it is", stop_at="Making the environment")
    assert "again: it was made by Python 3.10, and this is Python 3." in said
    assert "Stopped. Run the same command again to go on." in said
    said = install("no network")
    assert "again: the last installation was interrupted." in said
    assert "Installing the packages failed. The package registry was not reached." in said
