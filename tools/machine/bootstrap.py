"""Make the virtual environment, or find that it is up to date. Standard library only.

    python tools/machine/bootstrap.py --venv .venv [--gpu]

The packages are those of a lock, requirements.txt or requirements-gpu.txt: each file is checked against its digest, and
nothing else is fetched, not even to build what comes as source. The environment holds a stamp that says what it was
made from: the Python, the device, the place, and a digest of lock and project. Where all agree, nothing runs.
While something is installed the stamp says so; an environment that was interrupted is made again. Nothing is ever
changed in an environment that another folder's course made, or nobody's.
"""

import argparse
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OLDEST, NEWEST = (3, 11), (3, 13)
LOCKS = {"cpu": ROOT / "requirements.txt", "gpu": ROOT / "requirements-gpu.txt"}
STAMP = "course-stamp"
UNFINISHED = {"course": str(ROOT), "unfinished": True}
# With one of these pip takes packages from a place of its own, of which uv knows nothing.
PIP_SETTINGS = ("PIP_CONFIG_FILE", "PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_NO_INDEX")
GIBIBYTES_NEEDED = {"cpu": 4, "gpu": 10}  # measured: 2.7 for the CPU packages, and room for pip's temporary files
CAUSES = (
    (
        r"DO NOT MATCH THE HASHES|Hash mismatch",
        "A file that was fetched is not the one that the lock names: a proxy or a mirror changed it. Run the same "
        "command again; if it fails again, fetch from another network.",
    ),
    (
        r"No space left on device|Errno 28|disk is full",
        "The disk is full. Free at least {space} GiB (TMPDIR can point to a larger disk), then run the same "
        "command again.",
    ),
    (
        r"Temporary failure in name resolution|Name or service not known|getaddrinfo failed|NewConnectionError"
        r"|Network is unreachable|Connection refused|ConnectTimeout|Read timed out|nodename nor servname",
        "The package registry was not reached. Check the network; behind a proxy set HTTPS_PROXY; without any network "
        "ask for a folder of wheels and set PIP_FIND_LINKS to it with PIP_NO_INDEX=1. Then run the same command again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "The registry's certificate was not trusted, as happens on networks with a login page or a filter. Log in to "
        "the network in a browser first, or set PIP_CERT to your network's certificate. Then run the same "
        "command again.",
    ),
    (
        r"No matching distribution found for (\S+)",
        "A pinned package has no file for this system. TensorFlow has packages for 64-bit Linux, Windows and macOS on "
        "Apple silicon, and for Python 3.11 to 3.13.",
    ),
    (
        r"Permission denied|Read-only file system|Errno 13|Errno 30",
        "This folder cannot be written. Clone the course into a folder of your own, then run the same command again.",
    ),
)


class BootstrapError(Exception):
    """The environment could not be made; the message says what to do."""


def explain(output: str, gpu: bool) -> str:
    """Return what to do about a failed installation, from what it printed."""
    for pattern, advice in CAUSES:
        if re.search(pattern, output, re.I):
            return advice.format(space=GIBIBYTES_NEEDED["gpu" if gpu else "cpu"])
    return "The lines above say why. If they do not help: make clean, then run the same command again."


def variant(gpu: bool) -> str:
    """Return the word for what TensorFlow computes on: `gpu` or `cpu`."""
    return "gpu" if gpu else "cpu"


def running_python() -> str:
    """Return the version of this Python, such as 3.12."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def wanted_stamp(venv: Path, gpu: bool) -> dict[str, str]:
    """Return what the stamp of an up-to-date environment says."""
    import tomllib  # not before check_python(): older versions lack it

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed = [project[table] for table in ("build-system", "project")] + [project["tool"]["setuptools"]]
    parts = [LOCKS[variant(gpu)].read_text(encoding="utf-8"), repr(installed), str(ROOT)]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return {"course": str(ROOT), "python": running_python(), "device": variant(gpu), "place": str(venv),
            "digest": digest}  # fmt: skip


def read_stamp(venv: Path) -> dict[str, str] | None:
    """Return what an environment's stamp says; None where there is none, empty where it cannot be read."""
    try:
        found = json.loads((venv / STAMP).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def write_stamp(venv: Path, says: dict) -> None:
    """Write an environment's stamp."""
    (venv / STAMP).write_text(json.dumps(says, indent=1) + "\n", encoding="utf-8")


def python_of(venv: Path) -> Path:
    """Return the path of an environment's interpreter."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Raises BootstrapError unless the course runs on this Python."""
    if not OLDEST <= version <= NEWEST:
        raise BootstrapError(
            f"Python 3.11, 3.12 or 3.13 is needed; this is {version[0]}.{version[1]}. Install one (on Debian or "
            "Ubuntu: sudo apt install python3 python3-venv; on macOS and Windows from python.org), or name it: "
            "make start PYTHON=python3.12"
        )


def check_space(folder: Path, gpu: bool) -> None:
    """Raises BootstrapError if the disk has no room for the environment."""
    needed = GIBIBYTES_NEEDED["gpu" if gpu else "cpu"]
    free = shutil.disk_usage(folder).free / 2**30
    if free < needed:
        raise BootstrapError(
            f"The environment needs about {needed} GiB and the disk of {folder} has {free:.1f} GiB free. Free some "
            "space, or put the environment on another disk: make start VENV=/other/disk/venv"
        )


def fault(venv: Path, stamp: dict | None, wanted: dict) -> str:
    """Return why an environment must be made again, as the end of a sentence; empty if it can be kept.

    Args:
        venv: the environment's folder.
        stamp: as from `read_stamp`.
        wanted: as from `wanted_stamp`.
    """
    if stamp == UNFINISHED:
        return "the last installation was interrupted"
    settings = venv / "pyvenv.cfg"
    if not settings.exists():
        return "it is no Python environment"
    made_by = re.search(r"^version\w* *= *(\d+\.\d+)", settings.read_text(encoding="utf-8", errors="replace"), re.M)
    made_by = made_by[1] if made_by else "of another version"
    if made_by != wanted["python"]:
        return f"it was made by Python {made_by}, and this is Python {wanted['python']}"
    if stamp is not None and (stamp.get("device"), stamp.get("place")) != (wanted["device"], wanted["place"]):
        return "it was made for another place, another device or another edition of the course"
    try:
        asked = subprocess.run([python_of(venv), "-I", "-c", "import pip"], capture_output=True)
    except OSError:
        return "its Python does not start"
    return "it has no pip that works" if asked.returncode else ""


def is_ours(venv: Path, stamp: dict | None) -> bool:
    """Whether this folder's course made an environment: its stamp says so, or it is `.venv` without another's."""
    course = (stamp or {}).get("course")
    return course == str(ROOT) or (course is None and venv == ROOT / ".venv")


def empty(venv: Path) -> None:
    """Delete what an environment holds, but not the folder itself, which can be a link or a mount, nor its stamp."""
    write_stamp(venv, UNFINISHED)
    for path in venv.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != STAMP:
            path.unlink()


def prepare(venv: Path, wanted: dict) -> None:
    """Leave an environment with a working pip in a folder: the one that is there, or a new one.

    Raises:
        BootstrapError: if the folder holds something that this course did not make; nothing of it is changed.
    """
    stamp = read_stamp(venv)
    there = venv.is_dir() and any(venv.iterdir())
    reason = fault(venv, stamp, wanted) if there and is_ours(venv, stamp) else ""
    gpu = wanted["device"] == "gpu"
    if there and not is_ours(venv, stamp):
        raise BootstrapError(f"{venv} was not made by the course in {ROOT}, so it is left alone. Delete it yourself, "
                             "or name another folder: make start VENV=folder")  # fmt: skip
    if reason:
        print(f"Making {venv} again: {reason}.", flush=True)
        empty(venv)
    venv.parent.mkdir(parents=True, exist_ok=True)
    check_space(venv.parent, gpu)
    if there and not reason:
        return
    venv.mkdir(exist_ok=True)
    write_stamp(venv, UNFINISHED)
    print(f"Making the environment {venv} ...", flush=True)
    # The base of this Python, which can be the one of the environment just emptied.
    python = getattr(sys, "_base_executable", None) or sys.executable
    run([python, "-I", "-m", "venv", venv], "Making the virtual environment", gpu)


def run(command: list, what: str, gpu: bool) -> None:
    """Run a command in the project's folder, show its output, and explain it if it fails.

    Python's own variables are left out: a PYTHONPATH would make pip see packages that the environment does not hold.

    Raises:
        BootstrapError: if it fails.
    """
    hidden = ("PYTHONPATH", "PYTHONHOME")
    environment = {name: value for name, value in os.environ.items() if name not in hidden} | {
        "UV_PYTHON_DOWNLOADS": "never"
    }
    output = []
    with subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        cwd=ROOT, env=environment,
    ) as process:  # fmt: skip
        for line in process.stdout:
            output.append(line)
            print(line, end="", flush=True)
    if process.returncode:
        raise BootstrapError(f"{what} failed. {explain(''.join(output[-200:]), gpu)}")


def builder(lock: str) -> str:
    """Return the entry of a lock for setuptools, which builds this project and the packages that come as source."""
    return re.search(r"^setuptools==.*\n(?:    --hash=.*\n?)+", lock, re.M)[0]


def install(installer: list, gpu: bool) -> None:
    """Install what the lock names, then this project.

    The lock names all that is needed, so nothing is looked for beyond it.

    Args:
        installer: the start of a command line, up to `install`.
        gpu: the lock to take.
    """
    lock = LOCKS[variant(gpu)]
    locked = ["--no-deps", "--require-hashes", "--no-build-isolation"]
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "builder.txt"
        first.write_text(builder(lock.read_text(encoding="utf-8")), encoding="utf-8")
        for file in (first, lock):
            run([*installer, *locked, "--requirement", file], "Installing the packages", gpu)
    # `utils` can then be imported in any folder.
    run([*installer, "--no-deps", "--no-build-isolation", "--editable", ROOT], "Installing the course itself", gpu)


def installers(venv: Path) -> list[list]:
    """Return the command lines to try one after the other: uv where there is one, which is faster, and pip."""
    pip = [python_of(venv), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    uv = shutil.which("uv")
    if uv is None or any(name in os.environ for name in PIP_SETTINGS):
        return [pip]
    return [[uv, "pip", "install", "--quiet", "--python", python_of(venv), "--compile-bytecode"], pip]


def is_ready(venv: Path, wanted: dict) -> bool:
    """Whether an environment is up to date."""
    return read_stamp(venv) == wanted and python_of(venv).exists()


@contextlib.contextmanager
def installation_lock() -> Iterator[None]:
    """Wait until no other process installs for this course; the system lifts the lock when a process ends, however it does."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a disk without locks
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Waiting for another installation of this course ...", flush=True)
                fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def make(venv: Path, wanted: dict, gpu: bool) -> None:
    """Leave an environment with the packages and the kernel in a folder.

    Raises:
        BootstrapError: if a step fails.
    """
    prepare(venv, wanted)
    write_stamp(venv, UNFINISHED)
    print("Installing the pinned packages, one to five minutes the first time ...", flush=True)
    *faster, pip = installers(venv)
    try:
        install(faster[0] if faster else pip, gpu)
    except BootstrapError:
        if not faster:
            raise
        print("uv did not manage; pip tries.", flush=True)
        install(pip, gpu)
    run([python_of(venv), "-I", "-m", "utils.notebook.kernel", "--install"], "Registering the kernel", gpu)
    write_stamp(venv, wanted)


def bootstrap(venv: Path, gpu: bool) -> bool:
    """Make the environment unless it is up to date.

    Returns:
        True if something was installed.

    Raises:
        BootstrapError: with what to do, if the Python is too old, the disk too full or a step fails.
    """
    check_python()
    try:
        wanted = wanted_stamp(venv, gpu)
        if is_ready(venv, wanted):
            return False
        with installation_lock():
            if is_ready(venv, wanted):  # another process has made it meanwhile
                return False
            make(venv, wanted, gpu)
    except OSError as error:
        raise BootstrapError(explain(str(error), gpu)) from None
    return True


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bootstrap.py", description=__doc__.splitlines()[0])
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv")
    parser.add_argument("--gpu", action="store_true", help="TensorFlow with its CUDA libraries")
    options = parser.parse_args(arguments)
    try:
        bootstrap(options.venv.absolute(), options.gpu)
    except BootstrapError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
