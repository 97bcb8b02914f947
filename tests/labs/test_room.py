"""tools.labs.room: what a command sees and may do in a room, and what is said where a limit is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.labs import room
from tools.lessons import notebooks

LIMITS = room.Limits(memory=96 << 20, disk=8 << 20, processes=24)


@pytest.fixture
def inside():
    """Run Python code in a room; return what it prints, and whether it ran out of memory."""
    if problem := room.why_not(LIMITS):
        pytest.skip(f"this machine has no rooms: {problem}")

    def run(code: str) -> tuple[str, bool]:
        with room.Room([sys.executable, "-c", code], LIMITS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as one:
            return one.process.communicate(timeout=60)[0], one.ran_out_of_memory()

    return run


def test_nothing_but_python_and_the_helpers_is_there(inside):
    root = str(notebooks.ROOT)
    said, _ = inside(f"import json, os; print(json.dumps([os.listdir({root!r}), os.listdir({root!r} + '/data')]))")
    course, data = json.loads(said)
    environment = Path(sys.prefix)
    python = {environment.relative_to(root).parts[0]} if environment.is_relative_to(root) else set()
    assert set(course) == {"utils", "tools", "data"} | python
    assert set(data) <= {"catalog.toml", "cache"}


def test_the_only_places_to_write_are_in_memory(inside):
    mounts = [line.split() for line in inside("print(open('/proc/self/mountinfo').read())")[0].splitlines() if line]
    places = {words[4]: words[-3] for words in mounts if words[5].startswith("rw")}
    devices = {place for place, kind in places.items() if kind in ("devtmpfs", "devpts")}
    assert devices <= {f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom", "tty", "pts", "console")}
    assert {place: kind for place, kind in places.items() if place not in devices} == {"/tmp": "tmpfs", "/dev/shm": "tmpfs"}


def test_a_course_in_the_folder_for_temporary_files_is_there(inside, tmp_path, monkeypatch):
    (tmp_path / "utils").mkdir()
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    assert inside(f"import os; print(os.listdir({str(tmp_path)!r}))")[0] == "['utils']\n"


@pytest.mark.parametrize("place", ["/tmp", "/dev/shm"])
def test_disk_space_is_limited_of_a_file_without_a_name_too(inside, place):
    said, _ = inside(f"import tempfile; file = tempfile.TemporaryFile(dir={place!r})\nwhile True: file.write(bytes(1 << 20))")
    assert "No space left on device" in said


def test_memory_is_limited_and_the_room_says_so(inside):
    assert inside("x = b'x' * (200 << 20); print('here')") == ("", True)
    assert inside("print('here')") == ("here\n", False)


def test_environment_is_its_own(inside, monkeypatch):
    monkeypatch.setenv("PASSWORD", "1234")
    said, _ = inside("import os; print(sorted(os.environ))")
    assert "PASSWORD" not in said
    assert "COURSE_OFFLINE" in said


def test_there_is_no_network_but_loopback_inside(inside):
    said, _ = inside("import socket; server = socket.create_server(('127.0.0.1', 0)); socket.create_connection(server.getsockname())\n"
                     "print('loopback', flush=True); socket.create_connection(('192.0.2.1', 80))")  # fmt: skip
    assert said.startswith("loopback\n")
    assert "Network is unreachable" in said


def test_nothing_of_a_room_is_left(inside):
    inside("import os, time\nif os.fork() == 0: os.setsid(); time.sleep(600)")
    assert not [group for folder in room.control_groups() for group in folder.glob(f"grade-{os.getpid()}-*")]


def test_a_missing_limit_is_named(inside):
    groups = room.control_groups()
    assert room.why_not(LIMITS, groups=[]) == "the kernel keeps no limit of processes and memory here"
    for group, name in zip(groups, ("processes", "memory"), strict=True) if len(groups) == 2 else ():
        assert room.why_not(LIMITS, groups=[group]) == f"the kernel keeps no limit of {name} here"


def test_a_missing_bubblewrap_is_named(monkeypatch):
    monkeypatch.setattr(room.shutil, "which", lambda _: None)
    assert room.why_not(LIMITS).startswith("bubblewrap (the command bwrap) is missing")


def test_a_group_that_cannot_be_made_leaves_no_other_behind(tmp_path):
    with room.Room(["true"], LIMITS, groups=[tmp_path, tmp_path / "missing"]):
        assert not list(tmp_path.glob("grade-*"))


def test_where_systemd_keeps_the_groups_a_scope_has_the_limits(monkeypatch):
    monkeypatch.setattr(room, "control_groups", list)
    monkeypatch.setattr(room, "_systemd", lambda: True)
    line = room._scope(LIMITS, None)
    assert line[0] == "systemd-run"
    assert {"--scope", f"MemoryMax={96 << 20}", "MemorySwapMax=0", "TasksMax=24"} <= set(line)
