"""Make the environment of the classroom hub: JupyterHub, its proxy, and the course's own packages. See `make hub`.

    .venv/bin/python -m tools.machine.hub_environment --venv .hub-venv

JupyterHub is installed into an environment of its own which also sees the packages of the course's environment, so
nothing is installed twice and nothing of the course changes. Its Python is one that other users of this machine may
execute, because each student's server runs as a user of its own. The proxy is an npm package, pinned below.
"""

import argparse
import hashlib
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

from tools.lessons.notebooks import ROOT
from tools.machine.bootstrap import explain, python_of

REQUIREMENTS = ROOT / "docker" / "hub" / "requirements.txt"
PROXY = "configurable-http-proxy@5.3.0"
STAMP = "hub-stamp"
MINOR = f"python3.{sys.version_info.minor}"


class HubEnvironmentError(Exception):
    """The environment could not be made; the message says what to do."""


def others_may(path: Path, permission: int) -> bool:
    """Whether a user who owns nothing here may do something with a file.

    Args:
        path: an existing file or folder.
        permission: `os.R_OK` or `os.X_OK`; every folder above must let others pass.
    """
    bit = {os.R_OK: stat.S_IROTH, os.X_OK: stat.S_IXOTH}[permission]
    real = path.resolve()
    passable = all(folder.stat().st_mode & stat.S_IXOTH for folder in real.parents)
    return passable and bool(real.stat().st_mode & bit)


def choose_python(candidates: list[Path] | None = None) -> Path:
    """Return a Python of the course environment's minor version that every user of this machine may execute.

    Raises:
        HubEnvironmentError: if there is none.
    """
    if candidates is None:
        candidates = [Path(sys.base_prefix, "bin", MINOR), Path("/usr/bin", MINOR), Path("/usr/local/bin", MINOR)]
    for candidate in candidates:
        if candidate.exists() and others_may(candidate, os.X_OK):
            return candidate
    raise HubEnvironmentError(
        f"No {MINOR} was found that other users may execute; looked at {', '.join(map(str, candidates))}. Each student's "
        f"server runs as a user of its own. Install the system's own (on Debian or Ubuntu: sudo apt install {MINOR}), then "
        "run the same command again."
    )


def digest() -> str:
    """Return what the environment must have been made from to be up to date."""
    parts = (REQUIREMENTS.read_bytes(), PROXY.encode(), sys.prefix.encode(), Path(__file__).read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def proxy_of(venv: Path) -> Path:
    """Return the path of the proxy's command."""
    return venv / "node_modules" / ".bin" / "configurable-http-proxy"


def make(venv: Path) -> bool:
    """Make the hub's environment unless it is up to date.

    Returns:
        True if something was installed.

    Raises:
        HubEnvironmentError: with what to do, if a Python or npm is missing or an installation fails.
    """
    stamp, wanted = venv / STAMP, digest()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    npm = shutil.which("npm")
    if npm is None:
        raise HubEnvironmentError(
            "npm was not found; the hub's proxy is a Node.js program. Install Node.js 20 or newer (on Debian or Ubuntu: sudo "
            "apt install nodejs npm), then run the same command again."
        )
    python = choose_python()
    print(f"Making the hub's environment {venv} ...", flush=True)
    if venv.exists():
        shutil.rmtree(venv)
    _run([python, "-m", "venv", "--without-pip", venv], "Making the virtual environment")
    (venv / ".gitignore").write_text("*\n")
    _see_the_course(venv)
    install = ["install", "--quiet", "--disable-pip-version-check", "--no-warn-script-location", "--no-deps",
               "--require-hashes"]  # fmt: skip
    _run([sys.executable, "-m", "pip", "--python", python_of(venv), *install, "-r", REQUIREMENTS], "Installing JupyterHub")
    _run([npm, "install", "--silent", "--no-fund", "--no-audit", "--prefix", venv, PROXY], "Installing the proxy")
    _run([python_of(venv), "-m", "utils.notebook.kernel", "--install"], "Registering the kernel")
    stamp.write_text(wanted)
    return True


def _see_the_course(venv: Path) -> None:
    """Let the environment find what the course's environment holds: packages, JupyterLab's pages and its settings."""
    course = Path(sys.prefix)
    packages = Path("lib", MINOR, "site-packages")
    # addsitedir, not the path alone: it also reads how the project itself is installed.
    (venv / packages / "course.pth").write_text(f"import site; site.addsitedir({str(course / packages)!r})\n")
    (venv / "share" / "jupyter").mkdir(parents=True)
    for shared in sorted((course / "share" / "jupyter").iterdir()):
        if shared.name != "kernels":  # the kernel must start this environment's Python, which students may execute
            (venv / "share" / "jupyter" / shared.name).symlink_to(shared)
    if (course / "etc" / "jupyter").is_dir():
        (venv / "etc").mkdir()
        (venv / "etc" / "jupyter").symlink_to(course / "etc" / "jupyter")


def _run(command: list, what: str) -> None:
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", cwd=ROOT)  # fmt: skip
    if done.returncode:
        raise HubEnvironmentError(f"{what} failed:\n{done.stdout[-2000:]}\n{explain(done.stdout, gpu=False)}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.machine.hub_environment", description=__doc__.splitlines()[0])
    parser.add_argument("--venv", type=Path, default=ROOT / ".hub-venv")
    options = parser.parse_args(arguments)
    try:
        make(options.venv.absolute())
    except HubEnvironmentError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
