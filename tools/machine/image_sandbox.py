"""Run a command in an image's folder as a container engine would: own mounts, processes and, if asked, no network.

Builders such as buildah make images without a daemon, but run them only with a runtime that wants cgroups. Where those are
not to be had (in a virtual machine of a CI, in another container), Linux's namespaces alone still are, to root: see
`man unshare`. What is not imitated: limits of memory and processors, capabilities, seccomp, published ports. It is for
images that are trusted; `tools.labs.sandbox` is for programs that are not.

`command_line` returns what to start; this file is also what runs inside (standard library only).
"""

import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
INTERFACE_FLAGS = (0x8913, 0x8914)  # SIOCGIFFLAGS and SIOCSIFFLAGS, see `man netdevice`
IFF_UP = 0x1


class Volume(NamedTuple):
    """A folder of this machine as the command sees it."""

    source: Path
    target: str
    read_only: bool = False


def is_possible() -> bool:
    """Whether this process may make the namespaces: it is root on Linux, and nothing forbids them."""
    unshare = shutil.which("unshare")
    return bool(unshare) and hasattr(os, "geteuid") and os.geteuid() == 0 and not subprocess.run(
        [unshare, "--mount", "--pid", "--net", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True
    ).returncode  # fmt: skip


def command_line(
    root: Path,
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    folder: str = "/",
    volumes: Sequence[Volume] = (),
    network: bool = True,
    read_only: bool = False,
    scratch: Sequence[str] = ("/tmp",),
    user: tuple[int, int] | None = None,
) -> list[str]:
    """Return the command line that runs `command` in `root`.

    Args:
        root: the image's folder.
        command: with its arguments, as seen in the image.
        environment: all of the command's environment variables.
        folder: where it starts, in the image.
        volumes: folders of this machine to mount.
        network: False for loopback alone.
        read_only: whether the image's folder cannot be written; volumes and scratch can.
        scratch: folders of the image that are in memory, empty at the start, writable for all, without programs.
        user: uid and gid from the start, as `docker run --user` does; root when None.
    """
    order = {
        "root": str(root), "command": list(command), "environment": dict(environment), "folder": folder,
        "volumes": [[str(volume.source), volume.target, volume.read_only] for volume in volumes],
        "network": network, "read_only": read_only, "scratch": list(scratch), "user": user,
    }  # fmt: skip
    namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--ipc", "--uts", *([] if network else ["--net"])]
    return ["unshare", *namespaces, sys.executable, "-I", str(Path(__file__).resolve()), json.dumps(order)]


def _mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


def _inside(root: Path, path: str) -> Path:
    """Return the place of a path of the image, made if it is not there."""
    place = root / path.lstrip("/")
    place.mkdir(parents=True, exist_ok=True)
    return place


def _bind_file(root: Path, source: Path, path: str) -> None:
    place = root / path.lstrip("/")
    if place.is_symlink():
        place.unlink()
    place.touch(exist_ok=True)
    _mount("--bind", source, place)


def _devices(root: Path) -> None:
    folder = _inside(root, "/dev")
    _mount("-t", "tmpfs", "-o", "mode=755,nosuid", "tmpfs", folder)
    for name in DEVICES:
        (folder / name).touch()
        _mount("--bind", f"/dev/{name}", folder / name)
    for name, kind, options in (("pts", "devpts", "newinstance,ptmxmode=0666,mode=620"), ("shm", "tmpfs", "mode=1777")):
        _mount("-t", kind, "-o", options, kind, _inside(folder, name))
    for name, target in (("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"),
                         ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")):  # fmt: skip
        (folder / name).symlink_to(target)


def _loopback_up() -> None:
    get_flags, set_flags = INTERFACE_FLAGS
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh22x", b"lo", 0)
        name, flags = struct.unpack("16sh22x", fcntl.ioctl(control, get_flags, request))
        fcntl.ioctl(control, set_flags, struct.pack("16sh22x", name, flags | IFF_UP))


def _enter(order: dict) -> None:
    root = Path(order["root"])
    hosts = root / "etc" / "hosts"
    if not hosts.exists() or not hosts.stat().st_size:
        hosts.write_text("127.0.0.1\tlocalhost\n::1\tlocalhost\n")
    volumes = [(source, _inside(root, target), read_only) for source, target, read_only in order["volumes"]]
    scratch = [_inside(root, path) for path in order["scratch"]]
    for path in ("/proc", "/sys", "/dev"):
        _inside(root, path)
    if order["network"]:
        _bind_file(root, Path("/etc/resolv.conf").resolve(), "/etc/resolv.conf")
    else:
        _loopback_up()
    _mount("--rbind", root, root)
    if order["read_only"]:
        _mount("-o", "remount,bind,ro", root)
    _devices(root)
    _mount("-t", "proc", "proc", root / "proc")
    _mount("-t", "sysfs", "-o", "ro", "sysfs", root / "sys")
    for place in scratch:
        _mount("-t", "tmpfs", "-o", "mode=1777,nosuid,nodev,noexec", "tmpfs", place)
    for source, place, read_only in volumes:
        place.mkdir(parents=True, exist_ok=True)  # it may lie in the volume before it
        _mount("--bind", source, place)
        if read_only:
            _mount("-o", "remount,bind,ro", place)
    os.chroot(root)
    os.chdir(order["folder"])
    if order["user"]:
        uid, gid = order["user"]
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    os.execvpe(order["command"][0], order["command"], order["environment"])


if __name__ == "__main__":
    _enter(json.loads(sys.argv[1]))
