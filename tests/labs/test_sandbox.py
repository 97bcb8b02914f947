"""tools.labs.sandbox: what a command sees and may do inside."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tools.labs import sandbox

SECRET = "the answer is 42"


@pytest.fixture
def inside(tmp_path):
    """Run Python code in a sandbox that hides tmp_path but for three folders in it; return what it prints."""
    if problem := sandbox.why_not():
        pytest.skip(f"this machine cannot isolate processes: {problem}")
    for name in ("kept", "hidden", "shared", "scratch"):
        (tmp_path / name).mkdir()
    (tmp_path / "hidden" / "secret").write_text(SECRET)
    (tmp_path / "kept" / "lesson").write_text("lesson")

    def run(code: str, **changed) -> subprocess.CompletedProcess:
        kept = [sys.prefix, sys.base_prefix, str(tmp_path / "kept"), str(tmp_path / "scratch")]
        plan = {
            "isolated": True, "root": os.geteuid() == 0, "kept": kept, "hidden": [tempfile.gettempdir(), str(tmp_path), str(Path.home())],
            "needed": [sys.executable, str(tmp_path / "kept" / "lesson")], "shared": str(tmp_path / "shared"),
            "scratch": str(tmp_path / "scratch"), "scratch_bytes": 1 << 20, "data_bytes": 1 << 28, "environment": {"HOME": "home"},
        } | changed  # fmt: skip
        (tmp_path / "plan.json").write_text(json.dumps(plan))
        line = [sys.executable, "-I", sandbox.__file__, str(tmp_path / "plan.json"), "--", sys.executable, "-c", code]
        return subprocess.run(line, capture_output=True, text=True, timeout=60)

    return run


def test_hidden_files_cannot_be_read_and_kept_ones_can(inside, tmp_path):
    done = inside(f"import os; print(sorted(os.listdir({str(tmp_path)!r})), open({str(tmp_path / 'kept/lesson')!r}).read())")
    assert done.stdout == "['kept', 'scratch', 'shared'] lesson\n", done.stderr


@pytest.mark.parametrize("place", ["kept/new", "new", "/var/tmp/new"])
def test_files_cannot_be_written(inside, tmp_path, place):
    done = inside(f"open({str(tmp_path / place)!r}, 'w')")
    assert "Read-only file system" in done.stderr
    assert not (tmp_path / place).exists()


def test_scratch_is_the_working_folder_and_leaves_nothing_while_shared_stays(inside, tmp_path):
    done = inside(f"open('mine', 'w'); open({str(tmp_path / 'shared/socket')!r}, 'w'); import os; print(sorted(os.listdir()))")
    assert done.stdout == "['home', 'mine', 'tmp']\n", done.stderr
    assert list((tmp_path / "scratch").iterdir()) == []
    assert (tmp_path / "shared/socket").exists()


def test_scratch_is_small(inside):
    assert "Error" in inside("for n in range(4): open(str(n), 'wb').write(bytes(1 << 19))").stderr


def test_memory_is_limited(inside):
    assert inside("bytearray(1 << 29)").stderr.endswith("MemoryError\n")


def test_there_is_loopback_and_no_other_network(inside):
    done = inside(
        "import socket\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname()); print('loopback')\n"
        "socket.create_connection(('192.0.2.1', 80))"
    )
    assert done.stdout == "loopback\n"
    assert "Network is unreachable" in done.stderr


def test_no_privileges_are_left_and_root_is_nobody(inside):
    done = inside("import os; print(os.getuid(), open('/proc/self/status').read())")
    assert done.stdout.startswith(f"{sandbox.NOBODY if os.geteuid() == 0 else 0} "), done.stderr
    for capabilities in ("CapPrm", "CapEff", "CapBnd"):
        assert f"{capabilities}:\t0000000000000000" in done.stdout
    assert "NoNewPrivs:\t1" in done.stdout


def test_environment_is_the_plans_alone(inside, monkeypatch):
    monkeypatch.setenv("PASSWORD", "1234")
    assert "PASSWORD" not in inside("import os; print(os.environ)").stdout


def test_other_processes_are_out_of_sight(inside):
    assert inside("import os; print([name for name in os.listdir('/proc') if name.isdecimal()])").stdout == "['1']\n"


def test_without_isolation_the_limits_and_the_working_folder_remain(inside, tmp_path):
    done = inside("import os; print(os.path.basename(os.getcwd())); bytearray(1 << 29)", isolated=False, needed=["/nowhere"])
    assert done.stdout == "scratch\n"
    assert done.stderr.endswith("MemoryError\n")


def test_system_without_unshare_says_so(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda _: None)
    assert sandbox.why_not() == "this system has no unshare"
