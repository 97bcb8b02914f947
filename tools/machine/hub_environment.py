"""Make the environment of the classroom hub: JupyterHub, its proxy, and the course's own packages. See `make hub`.

JupyterHub is installed into an environment of its own which also sees the packages of the course's environment, so
nothing is installed twice and nothing of the course changes. Its Python is one that other users of this machine may
execute, because each student's server runs as a user of its own. The proxy is an npm package, pinned below.
"""

import hashlib
import shutil
import stat
import subprocess
import sys
from pathlib import Path

from tools.lessons.notebooks import ROOT
from tools.machine.bootstrap import explain, python_of

VENV = ROOT / ".hub-venv"
REQUIREMENTS = ROOT / "docker" / "hub" / "requirements.txt"
PROXY = "configurable-http-proxy@5.3.0"
MINOR = f"python3.{sys.version_info.minor}"
PYTHONS = [Path(sys.base_prefix, "bin", MINOR), Path("/usr/bin", MINOR), Path("/usr/local/bin", MINOR)]


def python_for_all(candidates: list[Path] = PYTHONS) -> Path:
    """Return the first of these that every user of this machine may execute; if there is none, end the program."""
    for candidate in candidates:
        real = candidate.resolve()
        if real.exists() and all(path.stat().st_mode & stat.S_IXOTH for path in (real, *real.parents)):
            return candidate
    sys.exit(
        f"No {MINOR} was found that other users may execute; looked at {', '.join(map(str, candidates))}. Each "
        "student's server runs as a user of its own. Install the system's own (on Debian or Ubuntu: sudo apt install "
        f"{MINOR}), then run the same command again."
    )


def run(*command) -> None:
    """Run a command quietly; if it fails, end the program with what it printed and what to do."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", cwd=ROOT)
    if done.returncode:
        output = done.stdout + done.stderr
        sys.exit(f"{' '.join(map(str, command))} failed:\n{output[-2000:]}\n{explain(output, gpu=False)}")


def link_course_packages(venv: Path) -> None:
    """Let the environment find what the course's environment holds: packages, JupyterLab's pages and its settings."""
    course, packages = Path(sys.prefix), Path("lib", MINOR, "site-packages")
    # addsitedir, not the path alone: it also reads how the project itself is installed.
    (venv / packages / "course.pth").write_text(f"import site; site.addsitedir({str(course / packages)!r})\n")
    for name in ("share", "etc"):
        (venv / name / "jupyter").mkdir(parents=True)
        for shared in (course / name / "jupyter").glob("*"):
            if shared.name != "kernels":  # the kernel must start this environment's Python, which students may execute
                (venv / name / "jupyter" / shared.name).symlink_to(shared)


def make(venv: Path = VENV) -> None:
    """Make the hub's environment unless it is up to date."""
    stamp = venv / "hub-stamp"
    parts = (REQUIREMENTS.read_bytes(), sys.prefix.encode(), Path(__file__).read_bytes())
    wanted = hashlib.sha256(b"\0".join(parts)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm = shutil.which("npm") or sys.exit(
        "npm was not found; the hub's proxy is a Node.js program. Install Node.js 20 or newer (on Debian or Ubuntu: "
        "sudo apt install nodejs npm), then run the same command again."
    )
    print(f"Making the hub's environment {venv} ...", flush=True)
    run(python_for_all(), "-m", "venv", "--clear", "--without-pip", venv)
    (venv / ".gitignore").write_text("*\n")
    link_course_packages(venv)
    run(sys.executable, "-m", "pip", "--python", python_of(venv), "install", "--quiet", "--no-deps", "--require-hashes",
        "-r", REQUIREMENTS)
    run(npm, "install", "--silent", "--prefix", venv, PROXY)
    run(python_of(venv), "-m", "utils.notebook.kernel", "--install")
    stamp.write_text(wanted)


if __name__ == "__main__":
    make()
