"""Open JupyterLab on the notebooks: fetch what is missing, find a free port, start the server. See `make start`."""

import argparse
import contextlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import nbformat.sign

from tools.lessons import notebooks, work
from tools.lessons.notebooks import ROOT
from tools.machine import ports
from tools.machine.ports import HOST


def command(port: int, browser: bool, address: str = HOST, opened: Path | None = None) -> list[str]:
    """Return the command line that starts the server, with a token, bound to `address` (this machine alone by default).

    Args:
        port: from 1024 to 65535.
        browser: whether a browser opens as well.
        opened: the notebook that it shows first; None for JupyterLab's own choice.
    """
    line = [
        sys.executable, "-m", "jupyterlab", f"--ServerApp.ip={address}", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={ROOT}", f"--config={ROOT / 'docker' / 'jupyter_server_config.py'}",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        line.append("--ServerApp.allow_root=True")  # in a container root is who you are
    if not browser:
        line.append("--no-browser")
    if opened:
        line.append(f"--LabApp.default_url=/lab/tree/{quote(opened.relative_to(ROOT).as_posix())}")
    return line


def lab_name(number: str) -> str:
    """Return the name of a lab's notebook, the first where several have that number; the others are named on stderr.

    Raises:
        NotebookError: if there is no lab of that number.
    """
    from tools.labs import build  # brings nbgrader, which the course itself does not need to open

    first, *others = build.find(number)
    if others:
        print(f"start: {first.number} opens; {', '.join(lab.number for lab in others)} lie beside it in work/labs/.\n", file=sys.stderr)
    return first.built.name


def prepare_work(name: str) -> Path:
    """Fill the student's folder work/, and return the notebook in it to open; where that cannot be, the course's own.

    Args:
        name: inside work/, such as lessons/00_welcome.ipynb.
    """
    try:
        kept = work.fill()
    except OSError as error:
        print(f"start: work/ cannot be filled ({error.strerror}: {error.filename}); the course's own files open instead, "
              "and what you change in them is not kept apart.\n", file=sys.stderr)  # fmt: skip
        return work.offered()[name]
    if kept:
        print(f"start: the course has newer versions of {', '.join(kept)}; yours in work/ stay as they are. To take the new "
              "one, move yours away and start again.\n", file=sys.stderr)  # fmt: skip
    return ROOT / "work" / name


def trust_notebooks() -> None:
    """Sign the course's notebooks for this user, so that JupyterLab shows their stored tables as they were drawn."""
    with contextlib.closing(nbformat.sign.NotebookNotary()) as notary:
        for notebook in notebooks.find():
            if notebook.built.exists():
                nb = notebooks.read_built(notebook.built)
                if not notary.check_signature(nb):
                    notary.sign(nb)


@notebooks.command("start", ports.PortError)
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.machine.start", description=__doc__)
    parser.add_argument("--port", default="", help="port to listen on; the first free one from 8888 on when left out")
    parser.add_argument("--bind", default=HOST, help="address to listen on; 0.0.0.0 inside a container")
    parser.add_argument("--lab", default="", help="number of a lab to open; the first workbook when left out")
    options = parser.parse_args(arguments)
    name = f"labs/{lab_name(options.lab)}" if options.lab else "lessons/00_welcome.ipynb"
    running = f"{Path(sys.executable).parent / 'jupyter'} server list"
    port = ports.choose(options.port, "make start", f", perhaps by a JupyterLab that still runs (see it with: {running}; stop it)")
    if subprocess.run([sys.executable, "-m", "utils.data", "all", "--edition", "lesson"], cwd=ROOT).returncode:
        print(
            "start: some data is missing (see above). Lessons that do not need it work; try again with: make data\n",
            file=sys.stderr,
        )
    trust_notebooks()
    opened = prepare_work(name)
    browser = os.environ.get("BROWSER", "").lower() != "none"
    if not browser:
        os.environ.pop("BROWSER")
    line = command(port, browser, options.bind or HOST, opened)
    if os.name == "nt":
        return subprocess.run(line, cwd=ROOT).returncode
    os.chdir(ROOT)
    os.execv(line[0], line)  # Ctrl-C reaches JupyterLab itself


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nstart: stopped. Run the same command again to go on.")
