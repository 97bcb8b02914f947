"""Open JupyterLab on the notebooks: fetch what is missing, find a free port, start the server. See `make start`."""

import argparse
import contextlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import nbformat.sign

from tools.lessons import notebooks
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


def lab_notebook(number: str) -> Path:
    """Return the notebook of a lab.

    Raises:
        NotebookError: if there is no lab of that number.
    """
    from tools.labs import build  # brings nbgrader, which the course itself does not need to open

    return build.find(number)[0].built


def trust_notebooks() -> None:
    """Sign the course's notebooks for this user, so that JupyterLab shows their stored tables as they were drawn."""
    with contextlib.closing(nbformat.sign.NotebookNotary()) as notary:
        for notebook in notebooks.find():
            if notebook.built.exists():
                nb = notebooks.read_built(notebook.built)
                if not notary.check_signature(nb):
                    notary.sign(nb)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.machine.start", description=__doc__)
    parser.add_argument("--port", default="", help="port to listen on; the first free one from 8888 on when left out")
    parser.add_argument("--bind", default=HOST, help="address to listen on; 0.0.0.0 inside a container")
    parser.add_argument("--lab", default="", help="number of a lab to open; the first lesson when left out")
    options = parser.parse_args(arguments)
    try:
        opened = lab_notebook(options.lab) if options.lab else None
        running = f"{Path(sys.executable).parent / 'jupyter'} server list"
        port = ports.choose(options.port, "make start", f", perhaps by a JupyterLab that still runs (see it with: {running}; stop it)")
    except (ports.PortError, notebooks.NotebookError) as error:
        print(f"start: {error}", file=sys.stderr)
        return 1
    if subprocess.run([sys.executable, "-m", "utils.data", "all", "--edition", "lesson"], cwd=ROOT).returncode:
        print(
            "start: some data is missing (see above). Lessons that do not need it work; try again with: make data\n",
            file=sys.stderr,
        )
    trust_notebooks()
    browser = os.environ.get("BROWSER", "").lower() != "none"
    if not browser:
        os.environ.pop("BROWSER")
    line = command(port, browser, options.bind or HOST, opened)
    if os.name == "nt":
        return subprocess.run(line, cwd=ROOT).returncode
    os.chdir(ROOT)
    os.execv(line[0], line)  # Ctrl-C reaches JupyterLab itself


if __name__ == "__main__":
    sys.exit(main())
