"""tools.lessons.fork_server: a forked kernel is a kernel of its own, and goes when it should."""

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel
from support import PATIENCE

from tools.lessons import fork_server

forks = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
KERNEL_APP = "ipykernel.kernelapp"


@contextlib.contextmanager
def kernel(**options):
    """A kernel by the server's name, and a function that runs code in it and returns what it printed."""
    manager, client = start_new_kernel(kernel_name=fork_server.KERNEL, **options)

    def run(code):
        printed = []
        reply = client.execute_interactive(
            code, timeout=PATIENCE, allow_stdin=False,
            output_hook=lambda message: printed.append(message["content"].get("text", "")))
        assert reply["content"]["status"] == "ok", reply["content"]
        return "".join(printed).strip()

    run.manager, run.client = manager, client
    try:
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture
def server(monkeypatch):
    """Start a server with these modules imported; Jupyter in this process knows its kernels."""
    with contextlib.ExitStack() as stack:
        def start(*modules):
            variables = stack.enter_context(fork_server.running(modules))
            for name, value in variables.items():
                monkeypatch.setenv(name, value)
            return stack

        yield start


def specification():
    path = Path(os.environ["JUPYTER_PATH"].partition(os.pathsep)[0], "kernels", fork_server.KERNEL, "kernel.json")
    return json.loads(path.read_text(encoding="utf-8"))


def wait_for_end(pid):
    with contextlib.suppress(ProcessLookupError):
        descriptor = os.pidfd_open(pid)
        try:
            ended, _, _ = select.select([descriptor], [], [], PATIENCE)
            assert ended, f"process {pid} still runs"
        finally:
            os.close(descriptor)


@forks
def test_each_kernel_has_its_own_process_memory_folder_and_environment(server, tmp_path, monkeypatch):
    server(KERNEL_APP, "colorsys")
    show = "import os, sys; print(os.getpid(), os.getppid(), os.getcwd(), os.environ.get('WHO'), 'x' in globals(), sys.path[0])"
    (tmp_path / "first").mkdir()
    with kernel(cwd=tmp_path / "first") as first:
        assert first("import sys; print('colorsys' in sys.modules)") == "True"
        first("x = 1; import colorsys; colorsys.touched = True")
        monkeypatch.setenv("WHO", "second")
        with kernel(cwd=tmp_path) as second:
            pid, parent, *rest = second(show).split()
            assert rest == [str(tmp_path), "second", "False", str(tmp_path)]
            assert first(show).split()[1:] == [parent, str(tmp_path / "first"), "None", "True", str(tmp_path / "first")]
            assert second("import colorsys; print(hasattr(colorsys, 'touched'))") == "False"
            assert pid not in first(show).split()


@forks
def test_libraries_that_look_around_at_import_find_a_notebook(server):
    server(KERNEL_APP, "pandas", "matplotlib.pyplot")
    with kernel() as run:
        assert run("import pandas; print(pandas.options.display.max_columns)") == "20"
        assert run("import matplotlib; print(matplotlib.get_backend())") in ("inline", "module://matplotlib_inline.backend_inline")


@forks
def test_child_processes_of_a_kernel_report_their_exit_status(server):
    server(KERNEL_APP)
    with kernel() as run:
        assert run("import subprocess, sys; print(subprocess.run([sys.executable, '-c', 'exit(3)']).returncode)") == "3"


@forks
def test_endless_cell_is_interrupted_and_the_kernel_goes_on(server):
    server(KERNEL_APP)
    with kernel() as run:
        run("x = 5")
        asked = run.client.execute("print('started', flush=True)\nwhile True: pass", stop_on_error=False)
        while run.client.get_iopub_msg(timeout=PATIENCE)["content"].get("text") != "started\n":
            pass
        run.manager.interrupt_kernel()
        reply = run.client.get_shell_msg(timeout=PATIENCE)
        while reply["parent_header"].get("msg_id") != asked:
            reply = run.client.get_shell_msg(timeout=PATIENCE)
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert run("print(x)") == "5"


@forks
def test_killed_kernel_leaves_no_process(server):
    server(KERNEL_APP)
    with kernel() as run:
        pid = int(run("import os; print(os.getpid())"))
    wait_for_end(pid)


@forks
def test_kernels_end_with_the_server(server):
    stack = server(KERNEL_APP)
    with kernel() as run:
        pid = int(run("import os; print(os.getpid())"))
        stack.close()
        wait_for_end(pid)


@forks
def test_server_ends_when_whoever_started_it_is_killed():
    code = (
        "import os, subprocess; from tools.lessons import fork_server\n"
        "class Popen(subprocess.Popen):\n"
        "    def __init__(self, *arguments, **options):\n"
        "        super().__init__(*arguments, **options)\n"
        "        print(self.pid, flush=True)\n"
        "subprocess.Popen = Popen\n"
        "with fork_server.running(()): os.kill(os.getpid(), 9)\n"
    )
    with tempfile.TemporaryDirectory() as folder:  # what the killed process leaves behind goes with it
        result = subprocess.run([sys.executable, "-c", code], cwd=fork_server.ROOT, capture_output=True, text=True,
                                env=os.environ | {"TMPDIR": folder})
        assert result.returncode == -9
        wait_for_end(int(result.stdout))


@forks
def test_visitor_who_says_nothing_whole_does_no_harm(server):
    server(KERNEL_APP)
    address = specification()["argv"][-2]
    with kernel() as run:
        assert run("print(1)") == "1"
        for words in (b"", b"\0\0", fork_server.LENGTH.pack(500) + b"{"):
            with socket.socket(socket.AF_UNIX) as visitor:
                visitor.connect(address)
                visitor.sendall(words)
    with kernel() as run:
        assert run("print(2)") == "2"


@forks
def test_server_that_cannot_import_is_heard(server, capfd):
    stack = server("no_such_module")
    client = [word.format(connection_file="none.json") for word in specification()["argv"]]
    result = subprocess.run(client, capture_output=True, text=True, timeout=PATIENCE)
    while result.returncode == 0:  # it asked before the import failed: its kernel never came
        result = subprocess.run(client, capture_output=True, text=True, timeout=PATIENCE)
    assert "nothing forks kernels at" in result.stderr
    stack.close()
    assert "No module named 'no_such_module'" in capfd.readouterr().err


def test_where_nothing_can_be_forked_the_name_stands_for_ordinary_kernels(server, monkeypatch):
    monkeypatch.setattr(fork_server, "can_fork", lambda address: False)
    server("no_such_module")
    with kernel() as run:
        assert run("import sys; print(sys.argv[1])") == "-f"


def test_long_path_or_another_system_is_not_forked_on(monkeypatch):
    assert not fork_server.can_fork("/" + "x" * fork_server.LONGEST_ADDRESS)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not fork_server.can_fork("/tmp/socket")


def test_command_gets_the_environment_and_gives_its_exit_status(monkeypatch, capfd):
    monkeypatch.setenv("JUPYTER_PATH", "/before")
    monkeypatch.setattr(fork_server, "can_fork", lambda address: False)
    code = "import os, sys; folder, kept = os.environ['JUPYTER_PATH'].split(os.pathsep); print(os.listdir(folder), kept); sys.exit(7)"
    assert fork_server.main([sys.executable, "-c", code]) == 7
    assert capfd.readouterr().out == "['kernels'] /before\n"


def test_no_command_is_refused(capsys):
    with pytest.raises(SystemExit):
        fork_server.main([])
    assert "say what to run: python -m tools.lessons.fork_server COMMAND..." in capsys.readouterr().err
