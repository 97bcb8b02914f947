"""A process in a room of its own: bubblewrap's namespaces around it, and limits that the kernel keeps. Linux.

Inside there is no network, no capability, no other process; the file system is read-only and holds what Python and the course's
helpers need, and nothing of a class. Its only writable places are /tmp and /dev/shm, in memory, of a fixed size; they go with the room.
Memory (memfd, System V and /tmp included) and the number of processes are limited by a control group: version 1 or 2, or a scope
of systemd. `why_not` tries every limit before anything is trusted to it.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from tools.lessons import notebooks
from utils.data import fetch
from utils.notebook import profile
from utils.notebook.kernel import ENVIRONMENT

MEGABYTE = 1 << 20
HANDED_ON = ("TF_CPP_", "TF_ENABLE_", "TF_NUM_", "OMP_NUM_", "KERAS_BACKEND")  # environment variables
SYSTEM = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/sbin", "/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts")
# Joins the control groups and becomes the command; when memory runs out, the kernel ends it before anything else.
JOIN = ('ulimit -c 0; echo 1000 > /proc/self/oom_score_adj; while [ "$1" != -- ]; do echo 0 > "$1/cgroup.procs" || exit 1; shift; done; '
        'shift; exec "$@"')  # fmt: skip
# Goes beyond each limit, and names those that it has passed; the one that may end this process comes last.
PROBE = """
import os, socket, time
kept = []
try:
    for _ in range(3 * PROCESSES):
        if not (child := os.fork()):
            time.sleep(60)
        kept.append(child)
    print("processes")
except BlockingIOError:
    pass
for child in kept:
    os.kill(child, 9)
    os.waitpid(child, 0)
for folder in ("/tmp", "/dev/shm"):
    try:
        with open(folder + "/large", "wb") as file:
            for _ in range(3 * DISK >> 20):
                file.write(bytes(1 << 20))
        print("disk space")
    except OSError:
        pass
    os.truncate(folder + "/large", 0)
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
    print("network")
except TimeoutError:
    print("network")
except OSError:
    pass
print("tried", flush=True)
memory = os.memfd_create("large")
for _ in range(2 * MEMORY >> 20):
    os.write(memory, bytes(1 << 20))
print("memory")
"""


@dataclass(frozen=True)
class Limits:
    """What one room may use."""

    seconds: float = 300.0
    memory: int = 3 << 30
    disk: int = 512 * MEGABYTE  # of each of /tmp and /dev/shm; it counts as memory, too
    processes: int = 1024  # threads count


class Room:
    """One command in a room of its own; use it in a `with`, and nothing of it is left.

    Args:
        command: what to run; Python modules of tools/ and utils/ can be imported.
        limits: what it may use.
        groups: folders of control groups in which to make its own; None finds them.
        handed: file descriptors that it gets, under the same numbers.
        streams: `stdin`, `stdout` and `stderr` of `subprocess.Popen`; nothing and nowhere when left out.
    """

    def __init__(self, command: list[str], limits: Limits, groups: list[Path] | None = None, handed: tuple[int, ...] = (), **streams):
        self._own = []
        try:
            for folder in control_groups() if groups is None else groups:
                with contextlib.suppress(OSError):
                    (folder / "cgroup.subtree_control").write_text("+memory +pids")
                self._own.append(Path(tempfile.mkdtemp(prefix=f"grade-{os.getpid()}-", dir=folder)))
                _limit(self._own[-1], limits)
        except OSError:  # `why_not` says so
            for group in self._own:
                group.rmdir()
            self._own = []
        line = ["sh", "-c", JOIN, "room", *map(str, self._own), "--", *_scope(limits, groups), *_bubble(limits), *command]
        nothing = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        self.process = subprocess.Popen(line, pass_fds=handed, **nothing | streams)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        deadline = time.monotonic() + 10
        for group in self._own:
            while group.exists() and time.monotonic() < deadline:
                with contextlib.suppress(OSError, ValueError):
                    for each in (group / "cgroup.procs").read_text().split():
                        os.kill(int(each), signal.SIGKILL)
                    group.rmdir()
                    break
                time.sleep(0.01)

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel has ended a process of this room for its memory; a scope of systemd does not tell."""
        for name in ("memory.events", "memory.oom_control"):
            for group in self._own:
                with contextlib.suppress(OSError):
                    words = (group / name).read_text().split()
                    if "oom_kill" in words and int(words[words.index("oom_kill") + 1]):
                        return True
        return False


def control_groups() -> list[Path]:
    """Return this process's folders of control groups for memory and processes: one of version 2, or two of version 1, or none."""
    own = dict.fromkeys(("memory", "pids", ""), "/")
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, kinds, path = line.split(":", 2)
        own |= dict.fromkeys(kinds.split(","), path)
    found = {}
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        (_, _, _, root, point, *_), (kind, _, options) = (part.split() for part in line.split(" - ", 1))
        for name in {"cgroup": {"memory", "pids"} & set(options.split(",")), "cgroup2": {""}}.get(kind, ()):
            found[name] = Path(point, os.path.relpath(own[name], root))
    if {"memory", "pids"} <= set(found):
        return [found["memory"], found["pids"]]
    return [found[""]] if "" in found and not _systemd() else []


def _limit(group: Path, limits: Limits) -> None:
    for name, value in {"memory.limit_in_bytes": limits.memory, "memory.memsw.limit_in_bytes": limits.memory, "memory.max": limits.memory,
                        "memory.swap.max": 0, "pids.max": limits.processes}.items():  # fmt: skip
        if (group / name).exists():
            (group / name).write_text(str(value))


def _systemd() -> bool:
    return Path("/run/systemd/system").is_dir() and bool(shutil.which("systemd-run"))


def _scope(limits: Limits, groups: list[Path] | None) -> list[str]:
    if groups is not None or control_groups() or not _systemd():
        return []
    return ["systemd-run", *(["--user"] if os.geteuid() else []), "--scope", "--quiet", "--collect", "-p", f"MemoryMax={limits.memory}",
            "-p", "MemorySwapMax=0", "-p", f"TasksMax={limits.processes}"]  # fmt: skip


def _bubble(limits: Limits) -> list[str]:
    """Return the beginning of a command line that makes the namespaces."""
    root = notebooks.ROOT
    python = Path(sys.executable).resolve().parent.parent
    needed = {*SYSTEM, sys.prefix, sys.base_prefix, str(python), str(root / "utils"), str(root / "tools"), str(root / "data/catalog.toml"),
              str(fetch.cache_folder())} - {"/"}  # fmt: skip
    files = []
    for path in sorted(needed):
        if os.path.islink(path) and path in SYSTEM:
            files += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            files += ["--ro-bind", path, path]
    environment = {name: value for name, value in os.environ.items() if name.startswith(HANDED_ON)} | ENVIRONMENT | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]), "PYTHONPATH": str(root),
        "HOME": "/tmp/home", "USER": "student", "TMPDIR": "/tmp", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "agg",
        "COURSE_PROFILE": profile.name(), "COURSE_DATA": str(fetch.cache_folder()), "COURSE_OFFLINE": "1",
    }  # fmt: skip
    size = str(limits.disk)
    return [
        "bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL",
        "--die-with-parent", "--new-session", "--clearenv", *(word for pair in environment.items() for word in ("--setenv", *pair)),
        "--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev", "--size", size, "--tmpfs", "/dev/shm", "--remount-ro", "/dev",
        "--size", size, "--tmpfs", "/tmp", "--dir", "/tmp/home", *files, "--remount-ro", "/", "--chdir", "/tmp",
    ]  # fmt: skip


def why_not(limits: Limits, groups: list[Path] | None = None) -> str:
    """Return why submissions cannot be graded here, or an empty string: each limit is tried, smaller than asked for.

    Args:
        limits: what one room may use.
        groups: see `Room`.
    """
    if not sys.platform.startswith("linux") or not shutil.which("bwrap"):
        return "bubblewrap (the command bwrap) is missing; on Linux, and in WSL, install the package bubblewrap"
    small = replace(limits, memory=min(limits.memory, 96 * MEGABYTE), disk=8 * MEGABYTE, processes=24)
    code = PROBE.replace("PROCESSES", str(small.processes)).replace("DISK", str(small.disk)).replace("MEMORY", str(small.memory))
    with Room([sys.executable, "-I", "-c", code], small, groups, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as room:
        try:
            out, err = room.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            return "the trial of the limits did not end within a minute"
    passed = [line for line in out.splitlines() if line != "tried"]
    if passed:
        return f"the kernel keeps no limit of {' and '.join(dict.fromkeys(passed))} here"
    return "" if "tried" in out else f"bubblewrap fails: {(err.strip().splitlines() or ['it says nothing'])[-1]}"
