"""What the container runs first: give up root, say what is there, start JupyterLab or another command.

    (nothing) or `start` JupyterLab on /course
    anything else        that command, in /course: `make test`, `bash`, `jupyterhub-singleuser` ...

Who runs it: the owner of the folder that is mounted on /course, so that what a student saves belongs to the student. See
`choose_user`. Standard library only, and it takes nothing from /course before root is given up: that folder is the student's.

Settings: `COURSE_USER=uid[:gid]` names the user, `JUPYTER_TOKEN` the token, `PUBLISHED_PORT` the port that the host shows.
"""

import json
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

COURSE = Path("/course")
BUILT = Path("/opt/course")  # the course as the image was built, for those who mount an empty folder
STUDENT = 1000
NOT_FOUND, NOT_EXECUTABLE = 127, 126  # exit statuses of a shell for a command that is not there, or cannot be run

REPORT = """
import json
from utils.data import environment
found = environment.report()
others = [difference.package for difference in environment.packages_that_differ()]
print(json.dumps({"report": found, "others": others}))
"""
SHOWN = ("Python", "TensorFlow", "Keras", "GPU", "CPU cores", "memory", "network")


class EntrypointError(Exception):
    """The container cannot start; the message says what to do."""


class User(NamedTuple):
    """Who to become."""

    uid: int
    gid: int


class Folder(NamedTuple):
    """What decides about the user: whether a folder of the host is mounted, whose it is, and whether it is empty."""

    mounted: bool
    uid: int
    gid: int
    empty: bool


def look_at(path: Path) -> Folder:
    """Return what there is at `path`.

    Raises:
        EntrypointError: if it is not a folder.
    """
    if not path.is_dir():
        raise EntrypointError(f"{path} is not a folder; mount a folder there, or nothing.")
    status = path.stat()
    try:
        empty = not any(path.iterdir())
    except PermissionError:  # its owner lets nobody else look, and this root has no power over that
        empty = False
    return Folder(os.path.ismount(path), status.st_uid, status.st_gid, empty)


def parse_user(text: str) -> User:
    """Return the user that `COURSE_USER` names as uid or uid:gid; the gid is the uid's number when left out.

    Raises:
        EntrypointError: if it is something else.
    """
    uid, colon, gid = text.partition(":")
    if not uid.isdecimal() or (colon and not gid.isdecimal()):
        raise EntrypointError(f"COURSE_USER={text} is not a user. Give numbers: COURSE_USER=1000 or COURSE_USER=1000:1000.")
    return User(int(uid), int(gid or uid))


def root_is_the_host_user(uid_map: str) -> bool:
    """Whether root in here is an ordinary user outside, as with a rootless engine.

    Args:
        uid_map: the text of /proc/self/uid_map: first uid inside, first uid outside, how many; one range a line.
    """
    ranges = [[int(number) for number in line.split()] for line in uid_map.splitlines()]
    return any(inside == 0 and outside != 0 for inside, outside, _ in ranges)


def choose_user(folder: Folder, wanted: str = "", uid_map: str = "") -> tuple[User, str]:
    """Return who to become and why.

    - `COURSE_USER`, if it is set;
    - the owner of the mounted folder;
    - root, if the folder is root's and root is the host's user (a rootless engine maps it so);
    - otherwise the image's student, uid 1000: nothing is mounted, or the mounted folder belongs to root.

    Args:
        folder: what is at /course.
        wanted: the value of `COURSE_USER`.
        uid_map: the text of /proc/self/uid_map.

    Raises:
        EntrypointError: if `wanted` is not a user.
    """
    if wanted:
        return parse_user(wanted), "named by COURSE_USER"
    if not folder.mounted:
        return User(STUDENT, STUDENT), "the image's own user; nothing is mounted on /course"
    if folder.uid != 0:
        return User(folder.uid, folder.gid), "the owner of the folder on /course"
    if root_is_the_host_user(uid_map):
        return User(0, 0), "root in here is you outside: the engine is rootless"
    return User(STUDENT, STUDENT), "the image's own user; the folder on /course belongs to root"


def hand_over(path: Path, user: User) -> None:
    """Make a folder the user's if it is root's: a new volume, or the home folder. What is deeper keeps its owner."""
    try:
        if path.stat().st_uid == 0:
            os.chown(path, *user)
    except OSError:
        return  # a read-only file system; whoever needs to write there says so


def become(user: User) -> None:
    """Give root up for good, keeping the groups that the engine was told to add (`--group-add video`).

    Raises:
        EntrypointError: if the engine has taken root's right to do so.
    """
    try:
        os.setgroups(sorted({user.gid} | {group for group in os.getgroups() if group != 0}))
        os.setresgid(user.gid, user.gid, user.gid)
        os.setresuid(user.uid, user.uid, user.uid)
    except PermissionError:
        raise EntrypointError(
            f"root may not become user {user.uid}: the engine was told to drop the capabilities SETUID and SETGID. Leave those "
            f"two (--cap-add SETUID --cap-add SETGID), or start as the user: --user {user.uid}:{user.gid}"
        ) from None


def settle(environment: dict[str, str], uid: int) -> dict[str, str]:
    """Return the environment with a home that can be written, and a user name: `uid` need not be in /etc/passwd."""
    home = environment.get("HOME", "")
    if not home or not os.access(home, os.W_OK | os.X_OK):
        home = tempfile.mkdtemp(prefix="home-")
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = f"user{uid}"
    return environment | {"HOME": home, "USER": name, "LOGNAME": name}


def fill(folder: Path, built: Path) -> bool:
    """Copy the course into an empty folder; return whether that was done. A folder with anything in it is left alone."""
    if any(folder.iterdir()):
        return False
    try:
        shutil.copytree(built, folder, dirs_exist_ok=True, copy_function=shutil.copy)
    except (OSError, shutil.Error) as error:
        reason = getattr(error, "strerror", None) or "not everything could be copied"
        raise EntrypointError(
            f"The folder on {folder} is empty and the course cannot be copied into it ({reason}) as user {os.geteuid()}. "
            f"Make it writable (chown {os.geteuid()} FOLDER on the host), or name its owner: -e COURSE_USER=uid"
        ) from None
    return True


def gpu_advice(gpu_image: bool, device: bool, usable: bool) -> str:
    """Return what to do about a GPU that is not used, or an empty text.

    Args:
        gpu_image: the image was built with GPU=1.
        device: the engine has passed an NVIDIA device in.
        usable: the library that computes sees a GPU.
    """
    if usable:
        return ""
    if gpu_image and not device:
        return (
            "  這是給 GPU 用的映像檔，但容器裡沒有 GPU。主機要有 NVIDIA 驅動程式與 Container Toolkit，再執行 make start-container GPU=1\n"
            "  This is the GPU image and the container was given no GPU. The host needs NVIDIA's driver and Container Toolkit; "
            "start it with: make start-container GPU=1 (docker run --gpus all)"
        )
    if gpu_image:
        return "  The container has a GPU that TensorFlow cannot use; run nvidia-smi in it, and compare driver and CUDA versions."
    if device:
        return "  The container was given a GPU, but this is the CPU image. Build the other one: make image GPU=1"
    return ""


def report(environment: dict[str, str]) -> str:
    """Return what the course finds here: versions, whether a GPU is seen and why not, and what differs from the image."""
    asked = subprocess.run(
        [sys.executable, "-c", REPORT], cwd=COURSE, capture_output=True, text=True,
        env=environment | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )  # fmt: skip
    if asked.returncode:
        return f"  The environment could not be read:\n{asked.stderr}"
    found = json.loads(asked.stdout.splitlines()[-1])
    lines = [f"  {name:12} {found['report'][name]}" for name in SHOWN]
    gpu_image, usable = bool(environment.get("GPU")), not found["report"]["GPU"].startswith("none")
    lines.append(gpu_advice(gpu_image, Path("/dev/nvidiactl").exists(), usable))
    if found["others"]:
        few = ", ".join(found["others"][:5])
        lines.append(f"  The image was built from another requirements.txt than the one on /course ({few}). Run: make image")
    return "\n".join(filter(None, lines))


def address(environment: dict[str, str]) -> tuple[str, str]:
    """Return the address to open and the token, a new one unless `JUPYTER_TOKEN` is set; a given token is not shown."""
    port = environment.get("PUBLISHED_PORT") or environment.get("PORT") or "8888"
    given = environment.get("JUPYTER_TOKEN", "")
    token = given or secrets.token_hex(24)
    return f"http://127.0.0.1:{port}/lab?token={'(JUPYTER_TOKEN)' if given else token}", token


def jupyterlab(environment: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """Say what is here and where to go; return the command that starts JupyterLab, and its environment."""
    url, token = address(environment)
    print(report(environment), flush=True)
    print(f"\n  打開 · Open:   {url}\n", flush=True)
    port, bind = environment.get("PORT") or "8888", environment.get("BIND") or "0.0.0.0"
    environment = environment | {"JUPYTER_TOKEN": token, "BROWSER": "none"}
    return [sys.executable, "-m", "tools.machine.start", "--port", port, "--bind", bind], environment


def main(arguments: list[str]) -> int:
    try:
        folder = look_at(COURSE)
        if os.geteuid() == 0:
            uid_map = Path("/proc/self/uid_map").read_text()
            user, why = choose_user(folder, os.environ.get("COURSE_USER", ""), uid_map)
            for path in (Path(os.environ["HOME"]), Path(os.environ["COURSE_DATA"]), *([COURSE] if folder.empty else [])):
                hand_over(path, user)
            become(user)
        else:
            why = "as the engine was told"
        environment = settle(dict(os.environ), os.geteuid())
        print(f"容器 · Container: user {os.geteuid()}:{os.getegid()} ({why})", file=sys.stderr, flush=True)
        os.chdir(COURSE)
        if fill(COURSE, BUILT):
            print("課程已複製到空的資料夾。 The course was copied into the empty folder.", file=sys.stderr, flush=True)
        if not os.access(COURSE, os.W_OK):
            way_out = f"on the host: chown -R {os.geteuid()} FOLDER" if folder.mounted else "mount a folder there: -v FOLDER:/course"
            print(
                f"/course 不能寫入，改了不能存檔。 /course cannot be written by user {os.geteuid()}, so changes cannot be saved "
                f"({way_out}).", file=sys.stderr, flush=True,
            )  # fmt: skip
        command = arguments or ["start"]
        if command == ["start"]:
            command, environment = jupyterlab(environment)
        os.execvpe(command[0], command, environment)
    except EntrypointError as error:
        print(f"container: {error}", file=sys.stderr)
        return 1
    except FileNotFoundError:
        print(f"container: there is no command {command[0]!r}; `start` opens JupyterLab.", file=sys.stderr)
        return NOT_FOUND
    except PermissionError:
        print(f"container: {command[0]!r} cannot be run as a command.", file=sys.stderr)
        return NOT_EXECUTABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
