"""Run one command with little power: no network, read-only files, hidden folders, limits, no privileges. Linux.

`python tools/labs/sandbox.py PLAN -- COMMAND...` starts itself again inside new namespaces (`unshare`), arranges what the command
sees as PLAN, a JSON file, says, gives up every privilege and becomes the command. Inside:

- no network but loopback; other processes cannot be seen or signalled, and all of the command's die with it;
- every file is read-only but those in the folders `scratch` (memory, at most `scratch_bytes`, gone afterwards; working folder,
  home and temporary folder) and `shared` (real; the caller watches its size);
- the folders `hidden` are empty, but for the folders `kept` in them;
- where root calls, the command is the user nobody if nobody can read `needed`, else root without capabilities, to whom
  file permissions apply as to everyone; where another user calls, it stays that user, inside a user namespace;
- `data_bytes` of private memory (RLIMIT_DATA), no core dumps, files of at most `scratch_bytes`; as nobody, a limited number
  of threads.

Where the plan says that this system cannot isolate, what remains are the limits and, for root, being nobody.

What is not hidden can be read: system files, and the Python environment. Not protected: processor time and memory before the
caller's watch acts, devices that the user may write to, faults of the kernel.
"""

import ctypes
import fcntl
import json
import os
import resource
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

NOBODY = 65534
MOST_THREADS = 2048
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
SYS_MOUNT_SETATTR = 442  # the same number on every architecture
MOUNT_ATTR_RDONLY = 1
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC = 2, 4, 4096, 16384
PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 38, 24
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
INSIDE = "COURSE_SANDBOX_INSIDE"


def unshare_line() -> list[str]:
    """Return the start of a command line that makes the namespaces; another user than root needs a user namespace."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--mount", "--net", "--ipc", "--pid", "--fork", "--kill-child=KILL", "--mount-proc"]


def why_not() -> str:
    """Return why this system cannot isolate a command; an empty string where it can."""
    if not sys.platform.startswith("linux") or not shutil.which("unshare"):
        return "this system has no unshare"
    probe = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import sandbox; sandbox.set_read_only('/', True)"
    )
    result = subprocess.run([*unshare_line(), sys.executable, "-I", "-c", probe], capture_output=True, text=True)
    return (result.stderr.strip().splitlines() or ["unshare failed"])[-1] if result.returncode else ""


def nobody_can_read(files: list[str]) -> bool:
    """Whether the user nobody could read these files; only root can find out."""
    child = os.fork()
    if child == 0:
        try:
            _become_nobody()
            os._exit(0 if all(os.access(file, os.R_OK) for file in files) else 1)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def _become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def set_read_only(path: str, recursive: bool, read_only: bool = True) -> None:
    """Make a mount, and those below it if `recursive`, read-only or writable.

    Raises:
        OSError: if the system does not let us.
    """
    # struct mount_attr: attr_set, attr_clr, propagation, userns_fd
    attributes = struct.pack("QQQQ", MOUNT_ATTR_RDONLY * read_only, MOUNT_ATTR_RDONLY * (not read_only), 0, 0)
    _libc("syscall", SYS_MOUNT_SETATTR, AT_FDCWD, os.fsencode(path), AT_RECURSIVE * recursive, attributes, len(attributes))


def _libc(function: str, *arguments) -> None:
    values = [ctypes.c_long(a) if isinstance(a, int) else ctypes.c_char_p(a) for a in arguments]
    if getattr(ctypes.CDLL(None, use_errno=True), function)(*values) < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{function}: {os.strerror(error)}")


def _mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    _libc("mount", os.fsencode(source), os.fsencode(target), kind.encode() if kind else None, flags, options.encode())


def _arrange_files(plan: dict) -> None:
    """Make everything read-only, hide what is hidden, and mount the folders that can be written to."""
    os.umask(0o022)  # the folders made here are on the way to what the command reads
    set_read_only("/", recursive=True)
    handles = {folder: os.open(folder, os.O_PATH) for folder in (*plan["kept"], plan["shared"])}
    for folder in sorted(plan["hidden"], key=len):
        if not os.path.isdir(folder):
            continue  # hidden already, with a folder around it
        _mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "size=64k,mode=755")
        # Outermost first, so that a kept folder inside another is already there.
        for kept in sorted(handles, key=len):
            if Path(kept).is_relative_to(folder) and not os.path.samestat(_stat(kept), os.fstat(handles[kept])):
                os.makedirs(kept, exist_ok=True)
                _mount(f"/proc/self/fd/{handles[kept]}", kept, None, MS_BIND | MS_REC)
        set_read_only(folder, recursive=False)
    _mount(plan["shared"], plan["shared"], None, MS_BIND)
    set_read_only(plan["shared"], recursive=False, read_only=False)
    for folder in (plan["scratch"], "/dev/shm"):
        if os.path.isdir(folder):
            _mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, f"size={plan['scratch_bytes']},mode=1777")
    for handle in handles.values():
        os.close(handle)


def _stat(path: str) -> os.stat_result:
    try:
        return os.stat(path)
    except OSError:
        return os.stat("/")


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        answer = fcntl.ioctl(probe, SIOCGIFFLAGS, struct.pack("16sh22x", b"lo", 0))
        flags = struct.unpack("16sh22x", answer)[1]
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | IFF_UP))


def _give_up_privileges(plan: dict) -> None:
    as_nobody = plan["root"] and nobody_can_read(plan["needed"])
    if as_nobody:
        for folder in (plan["shared"], plan["scratch"]):
            for path in (folder, *(os.path.join(folder, name) for name in os.listdir(folder))):
                os.chown(path, NOBODY, NOBODY)
    if plan["root"] or plan["isolated"]:
        for capability in range(int(Path("/proc/sys/kernel/cap_last_cap").read_text()) + 1):
            _libc("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
    if as_nobody:
        resource.setrlimit(resource.RLIMIT_NPROC, (MOST_THREADS, MOST_THREADS))  # counts all of nobody's
        _become_nobody()
    _libc("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def set_limits(data_bytes: int, file_bytes: int) -> None:
    """Limit private memory and the size of files for this process and those it starts."""
    for kind, value in ((resource.RLIMIT_DATA, data_bytes), (resource.RLIMIT_FSIZE, file_bytes), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def main(arguments: list[str]) -> None:
    plan_file, _, *command = arguments
    plan = json.loads(Path(plan_file).read_text())
    if plan["isolated"] and INSIDE not in os.environ:
        line = [*unshare_line(), sys.executable, "-I", os.path.abspath(__file__), *arguments]
        os.execvpe(line[0], line, os.environ | {INSIDE: "1"})
    if plan["isolated"]:
        _arrange_files(plan)
        _raise_loopback()
    os.chdir(plan["scratch"])
    for name in ("home", "tmp"):
        os.mkdir(name)
    if sys.platform.startswith("linux"):
        _give_up_privileges(plan)
    set_limits(plan["data_bytes"], plan["scratch_bytes"])
    os.execvpe(command[0], command, plan["environment"])


if __name__ == "__main__":
    main(sys.argv[1:])
