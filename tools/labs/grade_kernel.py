"""Run a submission's cells as nbgrader does, but with a kernel in a sandbox, a watch over it, and limits that end in a grade.

What a cell breaks costs that cell alone where this is possible: a cell that takes too long is interrupted and the next one
runs; where the kernel has to be stopped or ends by itself, the cells before keep what they earned.
"""

import json
import os
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
import zmq
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbgrader import utils as nbgrader_utils
from nbgrader.preprocessors import Execute
from traitlets import Any

from tools.labs.sandbox import __file__ as SANDBOX
from tools.lessons import notebooks
from utils.notebook.kernel import ENVIRONMENT

MEGABYTE = 1 << 20
PRINTED_BYTES = MEGABYTE  # kept of what one cell prints and shows
MESSAGE_BYTES = 64 * MEGABYTE  # a larger message of the kernel is not accepted
SCRATCH_BYTES = 512 * MEGABYTE
MOST_PROCESSES = 64
SHARED_BYTES = 16 * MEGABYTE  # a kernel needs a few sockets and its connection file
WATCH_SECONDS = 0.1
HANDED_ON = ("TF_CPP_", "TF_ENABLE_", "TF_NUM_", "OMP_NUM_", "KERAS_BACKEND")  # environment variables
LEAST_SECONDS = 0.5
# Before each test: the checks as they are on disk, whatever the submission has put in their place.
PRISTINE_CHECKS = """
import sys as _sys
if "utils.notebook.checks" in _sys.modules:
    import importlib as _importlib
    del _sys.modules["utils.notebook.checks"]
    checks = _importlib.import_module("utils.notebook.checks")
"""


@dataclass(frozen=True)
class Limits:
    """What one submission may use."""

    seconds: float = 300.0
    memory_bytes: int = 3 << 30


@dataclass(frozen=True)
class Room:
    """Where a submission runs: a folder of its own, whether it is isolated, and what it must not see."""

    folder: Path
    isolated: bool
    hidden: tuple[Path, ...]
    profile: str
    data: Path

    @property
    def shared(self) -> Path:
        return self.folder / "s"

    @property
    def scratch(self) -> Path:
        return self.folder / "w"

    def write_plan(self, limits: Limits) -> Path:
        """Make the folders and write what tools/labs/sandbox.py needs to know; return that file."""
        for folder in (self.shared, self.scratch):
            folder.mkdir()
        if not self.isolated:
            self.folder.chmod(0o711)  # whoever the kernel runs as passes through, and sees nothing on the way
        kept = {sys.prefix, sys.base_prefix, str(notebooks.ROOT), str(self.data), str(self.scratch)}
        plan = {
            "isolated": self.isolated, "root": os.geteuid() == 0,
            "kept": sorted(path for path in kept if os.path.isdir(path)),
            "hidden": sorted({str(path) for path in self.hidden if path.is_dir()}),
            "needed": [sys.executable, str(notebooks.ROOT / "utils" / "__init__.py")],
            "shared": str(self.shared), "scratch": str(self.scratch), "scratch_bytes": SCRATCH_BYTES,
            "data_bytes": 2 * limits.memory_bytes, "environment": self._environment(),
        }  # fmt: skip
        path = self.folder / "plan.json"
        path.write_text(json.dumps(plan), encoding="utf-8")
        return path

    def _environment(self) -> dict[str, str]:
        handed_on = {name: value for name, value in os.environ.items() if name.startswith(HANDED_ON)}
        return ENVIRONMENT | handed_on | {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
            "HOME": str(self.scratch / "home"), "TMPDIR": str(self.scratch / "tmp"), "LANG": "C.UTF-8",
            "COURSE_PROFILE": self.profile, "COURSE_DATA": str(self.data), "COURSE_OFFLINE": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip


class SandboxedKernelManager(AsyncKernelManager):
    """Starts the kernel through tools/labs/sandbox.py and talks to it through sockets that are files."""

    plan = Any(help="the file written by Room.write_plan")

    @property
    def kernel_spec(self) -> KernelSpec:
        kernel = [sys.executable, "-m", "utils.notebook.kernel", "-f", "{connection_file}"]
        return KernelSpec(argv=[sys.executable, "-I", SANDBOX, str(self.plan), "--", *kernel], display_name="Python",
                          language="python", interrupt_mode="message")  # fmt: skip


class Watch(threading.Thread):
    """Stops a kernel that uses too much memory or time, too many processes or its sockets' folder, and remembers why."""

    def __init__(self, pid: int, limits: Limits, deadline: float, shared: Path):
        super().__init__(daemon=True)
        self.pid, self.limits, self.deadline, self.shared = pid, limits, deadline, shared
        self.reason = ""
        self._over = threading.Event()

    def run(self) -> None:
        while not self.reason and not self._over.wait(WATCH_SECONDS):
            tree = self._tree()
            if len(tree) > MOST_PROCESSES:
                self.stop_kernel(f"started more than {MOST_PROCESSES} processes")
            elif self._memory(tree) > self.limits.memory_bytes:
                self.stop_kernel(f"used more than {self.limits.memory_bytes / MEGABYTE:,.0f} MB of memory")
            elif time.monotonic() > self.deadline:
                self.stop_kernel(f"took longer than {self.limits.seconds:g} seconds")
            elif self._written() > SHARED_BYTES:
                self.stop_kernel("wrote into the kernel's own folder")

    def _tree(self) -> list[psutil.Process]:
        try:
            process = psutil.Process(self.pid)
            return [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    @staticmethod
    def _memory(tree: list[psutil.Process]) -> int:
        total = 0
        for process in tree:
            try:
                total += process.memory_info().rss
            except psutil.Error:  # it has just ended
                continue
        return total

    def _written(self) -> int:
        total = 0
        for path in self.shared.rglob("*"):
            try:
                total += path.lstat().st_size
            except OSError:
                continue
        return total

    def stop_kernel(self, reason: str) -> None:
        self.reason = self.reason or reason
        for process in self._tree():
            try:
                process.kill()
            except psutil.Error:
                continue

    def close(self) -> None:
        self._over.set()
        self.join()


class SandboxedExecute(Execute):
    """nbgrader's Execute with a sandboxed kernel; always returns a notebook that can be graded."""

    room = Any(help="a Room").tag(config=True)
    limits = Any(help="Limits").tag(config=True)

    def preprocess(self, nb, resources, km=None):
        self._deadline = self._ended = None  # the clock starts when the kernel is ready
        self._watch, self._printed = None, 0
        self.shutdown_kernel = "immediate"
        try:
            return super().preprocess(nb, resources, km)
        finally:
            if self._watch:
                self._watch.close()

    def create_kernel_manager(self):
        plan = self.room.write_plan(self.limits)
        self.km = SandboxedKernelManager(
            plan=plan, transport="ipc", connection_file=str(self.room.shared / "k.json"), ip=str(self.room.shared / "k")
        )
        self.km.context.setsockopt(zmq.MAXMSGSIZE, MESSAGE_BYTES)
        return self.km

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type != "code":
            return cell, resources
        if self._ended:
            cell.outputs = [_error("NotRun", f"not run: before it, the submission {self._ended}")]
            return cell, resources
        if self._watch is None:
            self._deadline = time.monotonic() + self.limits.seconds
            self._watch = Watch(self.km.provisioner.pid, self.limits, self._deadline, self.room.shared)
            self._watch.start()
        self._printed = 0
        try:
            if nbgrader_utils.is_grade(cell):
                self.kc.execute(PRISTINE_CHECKS, silent=True, store_history=False)
            cell, resources = super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            self._ended = self._watch.reason or "ended its own kernel (exit, or a crash)"
        except CellTimeoutError:  # it does not let itself be interrupted
            self._watch.stop_kernel("took too long and could not be interrupted")
            self._ended = self._watch.reason
        if self._ended:
            cell.outputs = [*cell.get("outputs", []), _error("Stopped", f"the submission {self._ended}")]
        if nbgrader_utils.is_grade(cell):
            cell.outputs = [_without_influence(output) for output in cell.outputs]
        return cell, resources

    def _get_timeout(self, cell=None):
        # Half of what is left, so that a cell that never ends leaves time for those after it.
        left = self._deadline - time.monotonic() if self._deadline else 2 * self.startup_timeout
        share = max(LEAST_SECONDS, left / 2)
        self.error_on_timeout = {
            "ename": "TimeLimit", "evalue": f"took longer than {share:.0f} seconds and was interrupted", "traceback": [],
        }  # fmt: skip
        return share

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"].startswith("comm"):
            return None
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "update_display_data"):
            self._printed += len(str(msg["content"]))
            if self._printed > PRINTED_BYTES:
                return None
        return super().process_message(msg, cell, cell_index)


def _error(name: str, sentence: str):
    return nbformat.v4.new_output("error", ename=name, evalue=sentence, traceback=[f"{name}: {sentence}"])


def _without_influence(output):
    """Take from a test's output what nbgrader would read as points: a shown value, and words on stderr."""
    if output.output_type == "execute_result":
        return nbformat.v4.new_output("display_data", data=output.data)
    if output.output_type == "stream":
        return nbformat.v4.new_output("stream", name="stdout", text=output.text)
    return output
