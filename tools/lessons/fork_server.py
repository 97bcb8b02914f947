"""Fork the kernels of a test run from one process that has already imported TensorFlow.

Every notebook runs in a kernel of its own, and importing TensorFlow costs each of them four seconds of a core. Here one
process imports it once; a kernel is a copy of that process, made at the moment a notebook asks for it: its own memory, its
own state, nothing shared with the next. `python -m tools.lessons.fork_server COMMAND...` runs a command in which Jupyter knows
such kernels under the name KERNEL. Where forking after an import is not safe (macOS) or not there (Windows), the same name
starts ordinary kernels.
"""

import argparse
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

KERNEL = "forked"
MODULES = ("keras", "tensorflow", "matplotlib.pyplot", "pandas", "sklearn", "cv2", "ipykernel.kernelapp")
ROOT = Path(__file__).resolve().parents[2]
LONGEST_ADDRESS = 100  # bytes in the path of a Unix socket; Linux takes 107
LENGTH = struct.Struct("!I")


def can_fork(address: str) -> bool:
    """Whether kernels can be forked here: on Linux, if the socket's path is not too long."""
    return sys.platform == "linux" and len(os.fsencode(address)) <= LONGEST_ADDRESS


def ask(address: str, connection_file: str) -> None:
    """Ask the server for a kernel and stay until it ends: the process that Jupyter starts, watches and kills.

    Raises:
        OSError: if no server listens at that address.
    """
    request = {"connection_file": connection_file, "folder": os.getcwd(), "environment": dict(os.environ)}
    body = json.dumps(request).encode()
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        socket.send_fds(server, [LENGTH.pack(len(body))], [1, 2])
        server.sendall(body)
        with contextlib.suppress(ConnectionResetError):
            server.recv(1)


def receive(client: socket.socket) -> tuple[dict, list[int]]:
    """Return what `ask` sent: the request, and the file descriptors for what the kernel prints.

    Raises:
        EOFError: if the client is gone before all of it came.
    """
    head, outputs, _, _ = socket.recv_fds(client, LENGTH.size, 2)
    with client.makefile("rb") as stream:
        if len(head) < LENGTH.size:
            head += stream.read(LENGTH.size - len(head))
        length = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else 1
        body = stream.read(length)
    if len(body) < length:
        raise EOFError("the client is gone")
    return json.loads(body), outputs


def serve(listener: socket.socket, lifeline: int) -> socket.socket:
    """Fork at each request, until the other end of `lifeline` is closed. Returns in the forked processes only.

    Args:
        listener: listening Unix socket.
        lifeline: file descriptor of a pipe that whoever started this server holds open.

    Returns:
        The connection on which the request arrives.

    Raises:
        SystemExit: in the server, at its end.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the kernels
    gc.freeze()  # so that a kernel's garbage collection leaves the shared pages as they are
    while True:
        ready, _, _ = select.select([listener, lifeline], [], [])
        if lifeline in ready:
            sys.exit(0)
        client, _ = listener.accept()
        with warnings.catch_warnings():
            # Python 3.12 warns of threads. There are OpenBLAS's alone, and it stops and restarts them around a fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            listener.close()
            os.close(lifeline)
            return client
        client.close()


def become_kernel(client: socket.socket) -> None:
    """Turn this forked process into the kernel that was asked for; it ends when `client` does."""
    server = os.getppid()
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        request, outputs = receive(client)
    except EOFError:
        os._exit(1)
    for descriptor, output in zip((1, 2), outputs, strict=True):
        os.dup2(output, descriptor)
        os.close(output)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.path[0] = request["folder"]
    sys.argv = ["utils.notebook.kernel", "-f", request["connection_file"], f"--IPKernelApp.parent_handle={server}"]  # ends with the server

    def follow() -> None:
        with contextlib.suppress(OSError):
            client.recv(1)
        os._exit(1)

    threading.Thread(target=follow, name="follow the client", daemon=True).start()

    from utils.notebook import kernel

    kernel.main()


def server_main(descriptor: int, modules: Sequence[str]) -> None:
    """Import, then fork. Whoever asks before that waits: the socket, handed down, listens already."""
    for module in modules:
        importlib.import_module(module)
    if "pandas" in sys.modules:  # asks at its import whether it is in a notebook, and shows fewer columns if not
        sys.modules["pandas"].set_option("display.max_columns", 20)
    become_kernel(serve(socket.socket(fileno=descriptor), lifeline=0))


@contextlib.contextmanager
def running(modules: Sequence[str] = MODULES) -> Iterator[dict[str, str]]:
    """A fork server and a kernel specification named KERNEL that uses it.

    Args:
        modules: what kernels find imported already.

    Yields:
        The environment variables with which Jupyter finds that kernel. The server ends with the block, its kernels with it.
    """
    from utils.notebook.kernel import ENVIRONMENT

    with tempfile.TemporaryDirectory(prefix="kernels-") as folder:
        address = str(Path(folder, "socket"))
        forked = can_fork(address)
        client = [sys.executable, "-SP", __file__, "--ask", address, "{connection_file}"]  # it needs the standard library only
        spec = {
            "argv": client if forked else [sys.executable, "-m", "utils.notebook.kernel", "-f", "{connection_file}"],
            "display_name": KERNEL,
            "language": "python",
            "interrupt_mode": "message" if forked else "signal",
            "env": ENVIRONMENT,
        }
        path = Path(folder, "kernels", KERNEL, "kernel.json")
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(spec), encoding="utf-8")
        known = [folder, os.environ.get("JUPYTER_PATH", "")]
        variables = {"JUPYTER_PATH": os.pathsep.join(filter(None, known))}
        if not forked:
            yield variables
            return
        # Matplotlib reads its backend when it is imported; a kernel would have named it by then.
        environment = os.environ | ENVIRONMENT | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
        with open(Path(folder, "log"), "w+b") as log:
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(address)
                listener.listen(64)
                command = [sys.executable, "-m", "tools.lessons.fork_server", "--serve", str(listener.fileno()), *modules]
                server = subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[listener.fileno()],
                                          stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True)
            try:
                yield variables
            finally:
                broken = server.poll()
                server.stdin.close()
                server.terminate()
                server.wait()
                if broken is not None:
                    log.seek(0)
                    said = log.read().decode(errors="replace")
                    print(f"The server that forks kernels ended with {broken}. It said:\n{said}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--ask", nargs=2, metavar=("ADDRESS", "FILE"), help="what Jupyter starts for a kernel")
    parser.add_argument("--serve", nargs="+", metavar="FD", help="fork at requests there, with these modules imported")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what to run beside a server")
    options = parser.parse_args(arguments)
    if options.ask:
        try:
            ask(*options.ask)
        except OSError as error:
            print(f"fork_server: nothing forks kernels at {options.ask[0]} ({error.strerror}). Is the server's command still running?",
                  file=sys.stderr)
            return 1
        return 0
    if options.serve:
        server_main(int(options.serve[0]), options.serve[1:])
        return 0
    if not options.command:
        parser.error("say what to run: python -m tools.lessons.fork_server COMMAND...")
    with running() as variables, subprocess.Popen(options.command, env=os.environ | variables) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # the command was told so as well, and decides
                continue


if __name__ == "__main__":
    sys.exit(main())
