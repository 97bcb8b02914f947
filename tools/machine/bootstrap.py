"""Make the virtual environment, or find that it is up to date. Standard library only: it runs before anything is installed.

    python tools/machine/bootstrap.py --venv .venv [--gpu]

The environment is up to date when it holds a stamp with the digest of requirements.txt, of what pyproject.toml
installs and of the choices made; then nothing is run. The stamp is written last, so an interrupted installation is started again.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OLDEST, NEWEST = (3, 11), (3, 13)
CUDA_LIBRARIES = ROOT / "docker" / "constraints-gpu.txt"
GIBIBYTES_NEEDED = {"cpu": 4, "gpu": 10}  # measured: 2.7 for the CPU packages, and room for pip's temporary files
CAUSES = (
    (
        r"No space left on device|Errno 28|disk is full",
        "The disk is full. Free at least {space} GiB (TMPDIR can point to a larger disk), then run the same command again.",
    ),
    (
        r"Temporary failure in name resolution|Name or service not known|getaddrinfo failed|NewConnectionError"
        r"|Network is unreachable|Connection refused|ConnectTimeout|Read timed out|nodename nor servname",
        "The package registry was not reached. Check the network; behind a proxy set HTTPS_PROXY; without any network "
        "ask for a folder of wheels and set PIP_FIND_LINKS to it with PIP_NO_INDEX=1. Then run the same command again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "The registry's certificate was not trusted, as happens on networks with a login page or a filter. Log in to the "
        "network in a browser first, or set PIP_CERT to your network's certificate. Then run the same command again.",
    ),
    (
        r"No matching distribution found for (\S+)",
        "A pinned package has no version for this system. TensorFlow has packages for 64-bit Linux, Windows and macOS on "
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


def requirements(gpu: bool, platform: str = sys.platform, machine: str | None = None) -> str:
    """Return the text of requirements.txt for this machine.

    TensorFlow's CPU package exists for Linux and Windows on x86; elsewhere the package `tensorflow` is the CPU one.

    Args:
        gpu: take TensorFlow with its CUDA libraries instead.
        platform: as in `sys.platform`.
        machine: as in `platform.machine()`; this machine's when None.
    """
    machine = machine or (os.uname().machine if hasattr(os, "uname") else os.environ.get("PROCESSOR_ARCHITECTURE", ""))
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    if gpu:
        return text.replace("tensorflow-cpu==", "tensorflow[and-cuda]==")
    if platform == "darwin" or machine.lower() in ("aarch64", "arm64"):
        return text.replace("tensorflow-cpu==", "tensorflow==")
    return text


def digest(gpu: bool) -> str:
    """Return what the environment must have been made from to be up to date."""
    import tomllib  # not before check_python(): older versions lack it

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed = [project[table] for table in ("build-system", "project")] + [project["tool"]["setuptools"]]
    parts = [requirements(gpu), repr(installed), str(ROOT), *([CUDA_LIBRARIES.read_text(encoding="utf-8")] if gpu else [])]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def python_of(venv: Path) -> Path:
    """Return the path of an environment's interpreter."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Raises BootstrapError unless the course runs on this Python."""
    if not OLDEST <= version <= NEWEST:
        raise BootstrapError(
            f"Python 3.11, 3.12 or 3.13 is needed; this is {version[0]}.{version[1]}. Install one (on Debian or Ubuntu: "
            "sudo apt install python3 python3-venv; on macOS and Windows from python.org), or name it: make start PYTHON=python3.12"
        )


def check_space(folder: Path, gpu: bool) -> None:
    """Raises BootstrapError if the disk has no room for the environment."""
    needed = GIBIBYTES_NEEDED["gpu" if gpu else "cpu"]
    free = shutil.disk_usage(folder).free / 2**30
    if free < needed:
        raise BootstrapError(
            f"The environment needs about {needed} GiB and the disk of {folder} has {free:.1f} GiB free. Free some space, "
            "or put the environment on another disk: make start VENV=/other/disk/venv"
        )


def run(command: list, what: str, gpu: bool) -> None:
    """Run a command, show its output, and explain it if it fails."""
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    output = []
    for line in process.stdout:
        output.append(line)
        print(line, end="", flush=True)
    if process.wait():
        raise BootstrapError(f"{what} failed. {explain(''.join(output[-200:]), gpu)}")


def bootstrap(venv: Path, gpu: bool) -> bool:
    """Make the environment unless it is up to date.

    Returns:
        True if something was installed.

    Raises:
        BootstrapError: with what to do, if the Python is too old, the disk too full or a step fails.
    """
    check_python()
    stamp = venv / "course-stamp"
    wanted = digest(gpu)
    if stamp.exists() and stamp.read_text() == wanted and python_of(venv).exists():
        return False
    try:
        venv.parent.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
    except OSError as error:
        raise BootstrapError(explain(str(error), gpu)) from None
    check_space(venv.parent, gpu)
    if not python_of(venv).exists():
        print(f"Making the environment {venv} ...", flush=True)
        run([sys.executable, "-m", "venv", venv], "Making the virtual environment", gpu)
    print("Installing the pinned packages, two to five minutes the first time ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        # `-e .` is relative to the current folder, so pip runs in the project's.
        file = Path(folder) / "requirements.txt"
        file.write_text(requirements(gpu), encoding="utf-8")
        os.chdir(ROOT)
        run(
            [python_of(venv), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", file,
             *(["--constraint", CUDA_LIBRARIES] if gpu else [])],
            "Installing the packages", gpu,
        )  # fmt: skip
    run([python_of(venv), "-m", "utils.notebook.kernel", "--install"], "Registering the kernel", gpu)
    stamp.write_text(wanted)
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
