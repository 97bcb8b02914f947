"""Write the locks: every package that the course installs, exactly pinned, with the digests of its files. `make lock`.

    python tools/machine/lock.py [--upgrade PACKAGE ...]
    python tools/machine/lock.py --newest FILE

What the course asks for stands in pyproject.toml; a lock adds what those packages need, for every system and for Python
3.11 to 3.13. A version that a lock holds stays until pyproject.toml asks for another one or `--upgrade` names it.
`--newest` writes no lock but the newest versions that fit, as if every `==` were `>=`: what a later edition would get.

The GPU's lock is worked out by itself, from the extra `gpu` in place of `cpu`, so it never holds both of TensorFlow's
packages. Every other lock takes the versions of requirements.txt wherever it holds the same package.
Standard library only.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "make lock"
OLDEST = "3.11"


class Lock(NamedTuple):
    """A lock: what it is worked out from, and which locks it agrees with."""

    path: str
    extras: tuple[str, ...] = ()
    course: bool = True  # whether it holds the course's own dependencies
    only: str | None = None  # one package of the extras, and what it needs
    agrees_with: tuple[str, ...] = ("requirements.txt",)


LOCKS = (
    Lock("requirements.txt", ("cpu",), agrees_with=()),
    Lock("requirements-gpu.txt", ("gpu",)),
    Lock("requirements-author.txt", ("cpu", "author")),
    Lock("docker/hub/requirements.txt", ("hub",), course=False),
    # What the image needs of the hub: a student's server and the hub must be of one version.
    Lock("docker/singleuser-requirements.txt", ("hub",), course=False, only="jupyterhub",
         agrees_with=("requirements.txt", "docker/hub/requirements.txt")),
)  # fmt: skip


class LockError(Exception):
    """A lock could not be written; the message says what to do."""


def asked_for(lock: Lock) -> list[str]:
    """Return the requirements of pyproject.toml that a lock is worked out from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*(project["dependencies"] if lock.course else ())]
    for extra in lock.extras:
        lines += project["optional-dependencies"][extra]
    return [line for line in lines if lock.only is None or re.match(r"[\w.-]+", line)[0] == lock.only]


def find_uv(folder: Path) -> Path:
    """Return the path of uv: the one on PATH or in this environment, else the author's, installed into a folder.

    Raises:
        LockError: if it cannot be installed.
    """
    found = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if found:
        return Path(found)
    wanted = next(line for line in asked_for(Lock("", ("author",), course=False)) if line.startswith("uv=="))
    done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, wanted])
    if done.returncode:
        raise LockError(f"uv compiles the locks; it is not on PATH and pip could not install {wanted}. Install uv, "
                        "then run the same command again.")  # fmt: skip
    return folder / "bin" / "uv"


def compile_lines(uv: Path, lines: list[str], *options: str | Path) -> None:
    """Let uv work out what some requirements need, for every system.

    Raises:
        LockError: if they do not fit together; uv has then said why.
    """
    command = [uv, "pip", "compile", "-", "--quiet", "--universal", "--python-version", OLDEST, "--no-python-downloads",
               "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", COMMAND,
               *options]  # fmt: skip
    done = subprocess.run(
        [str(part) for part in command], input="\n".join(lines), text=True, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    if done.returncode:
        raise LockError("The versions asked for in pyproject.toml do not fit together, or the package registry was not "
                        "reached; the lines above say which. Nothing more was written.")  # fmt: skip


def write(lock: Lock, uv: Path, upgrade: list[str]) -> None:
    """Write one lock.

    Raises:
        LockError: if its packages do not fit together, or a line holds an address.
    """
    constraints = [part for path in lock.agrees_with for part in ("--constraint", path)]
    upgrades = [part for package in upgrade for part in ("--upgrade-package", package)]
    compile_lines(uv, asked_for(lock), "--generate-hashes", "--output-file", lock.path, *constraints, *upgrades)
    if "://" in (ROOT / lock.path).read_text(encoding="utf-8"):
        raise LockError(
            f"{lock.path} holds an address. Locks name packages and digests only: take the package from a registry."
        )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="lock.py", description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", nargs="+", default=[], metavar="PACKAGE", help="take the newest version of these")
    parser.add_argument("--newest", type=Path, metavar="FILE", help="write the newest versions that fit, and no lock")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            uv = find_uv(Path(folder))
            if options.newest:
                lines = [line.replace("==", ">=", 1) for line in asked_for(LOCKS[0])]
                compile_lines(uv, lines, "--upgrade", "--output-file", options.newest.absolute())
                return 0
            for lock in LOCKS:
                print(f"{lock.path} ...", flush=True)
                write(lock, uv, options.upgrade)
    except LockError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
