"""A pytest plugin that forks the course's kernels from a process that has imported TensorFlow already.

Every notebook runs in a kernel of its own, and importing TensorFlow costs each of them four seconds of a core. Python's own fork server
(`multiprocessing`) imports it once for each process of the test run; a kernel is a copy of that server with its own memory and state.
Linux only: elsewhere kernels start as ever. Loaded by `make test` with `-p forked_kernels`.
"""

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
import threading

from jupyter_client.provisioning import local_provisioner

from utils.notebook.kernel import ENVIRONMENT, MODULE

MODULES = ["keras", "tensorflow", "matplotlib.pyplot", "pandas", "sklearn", "cv2", "ipykernel.kernelapp"]
# Matplotlib reads its backend when it is imported; a kernel would have named it by then.
PRESET = ENVIRONMENT | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
context = multiprocessing.get_context("forkserver") if sys.platform == "linux" else None
start_kernel = local_provisioner.launch_kernel


class ForkedKernel:
    """What Jupyter needs of a `subprocess.Popen`, around a process of the fork server."""

    stdin = stdout = stderr = None

    def __init__(self, command: list[str], folder: str, environment: dict[str, str]):
        ready, says_ready = context.Pipe(duplex=False)
        self.process = context.Process(target=become_kernel, args=(command, folder, environment, says_ready))
        self.process.start()
        says_ready.close()
        ready.poll(None)  # it leads a process group from now on, to which Jupyter sends its signals
        ready.close()
        self.pid = self.process.pid
        atexit.register(self.process.kill)  # before multiprocessing would wait for it

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise subprocess.TimeoutExpired("kernel", timeout)
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def become_kernel(command: list[str], folder: str, environment: dict[str, str], says_ready) -> None:
    """Turn this forked process into the kernel of a command line such as `python -m utils.notebook.kernel -f FILE`."""
    os.setsid()
    says_ready.close()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the server ignores it
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    multiprocessing.set_start_method("fork", force=True)  # Linux's own: what a notebook makes of multiprocessing is as ever
    sys.path[0] = folder
    sys.argv = command[2:]
    sys.modules["pandas"].set_option("display.max_columns", 20)  # it asks at its import whether it is in a notebook

    def end_with_the_test_run() -> None:
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=end_with_the_test_run, daemon=True).start()

    from utils.notebook import kernel

    kernel.main()


def launch_kernel(command: list[str], **keywords):
    """Fork a kernel of the course; start any other as Jupyter does."""
    if command[1:3] != ["-m", MODULE]:
        return start_kernel(command, **keywords)
    return ForkedKernel(command, keywords.get("cwd") or os.getcwd(), keywords.get("env") or dict(os.environ))


def pytest_configure(config):
    distributes = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if context is None or distributes:  # the workers run the tests
        return
    before = {name: os.environ.get(name) for name in PRESET}
    os.environ.update(PRESET)
    context.set_forkserver_preload(MODULES)
    multiprocessing.forkserver.ensure_running()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})
    local_provisioner.launch_kernel = launch_kernel
