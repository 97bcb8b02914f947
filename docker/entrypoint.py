"""What the container runs first: say who and what is there, start JupyterLab or another command.

    (nothing) or `start` JupyterLab on /course
    anything else        that command, in /course: `make test`, `bash`, `jupyterhub-singleuser` ...

Who runs it: any user, named by `--user $(id -u):$(id -g)` so that what a student saves belongs to the student; without that the
image's own, uid 1000. Standard library only, and what it runs itself comes from the image: /course is the student's.

Settings: `JUPYTER_TOKEN` names the token, `PUBLISHED_PORT` the port that the host shows.
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

COURSE = Path("/course")
BUILT = Path("/opt/course")  # the course as the image was built, for those who mount an empty folder
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
    try:
        if any(folder.iterdir()):
            return False
    except PermissionError:  # its owner lets nobody else look, so it is somebody's
        return False
    except NotADirectoryError:
        raise EntrypointError(f"{folder} is not a folder; mount a folder there, or nothing.") from None
    try:
        shutil.copytree(built, folder, dirs_exist_ok=True, copy_function=shutil.copy)
    except (OSError, shutil.Error) as error:
        reason = getattr(error, "strerror", None) or "not everything could be copied"
        raise EntrypointError(
            f"The folder on {folder} is empty and the course cannot be copied into it ({reason}) as user {os.geteuid()}. "
            "Start the container as its owner: --user $(id -u):$(id -g)"
        ) from None
    return True


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
    if found["others"]:
        few = ", ".join(found["others"][:5])
        lines.append(f"  The image was built from another requirements.txt than the one on /course ({few}). Run: make image")
    return "\n".join(lines)


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
        environment, who = settle(dict(os.environ), os.geteuid()), f"{os.geteuid()}:{os.getegid()}"
        print(f"容器 · Container: user {who}", file=sys.stderr, flush=True)
        os.chdir(COURSE)
        if fill(COURSE, BUILT):
            print("課程已複製到空的資料夾。 The course was copied into the empty folder.", file=sys.stderr, flush=True)
        if not os.access(COURSE, os.W_OK):
            print(
                f"/course 不能寫入，改了不能存檔。 /course cannot be written by user {who}, so changes cannot be saved. "
                "Start the container as the folder's owner: --user $(id -u):$(id -g)", file=sys.stderr, flush=True,
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
