"""Open JupyterLab on the notebooks: fetch what is missing, find a free port, start the server. See `make lab`."""

import argparse
import os
import socket
import subprocess
import sys
from pathlib import Path

import nbformat.sign

from tools import notebooks
from tools.notebooks import ROOT

HOST = "127.0.0.1"
FIRST_PORT, PORTS = 8888, 20


class LabError(Exception):
    """JupyterLab cannot start; the message says what to do."""


def is_free(port: int) -> bool:
    """Whether nothing listens on a port of this machine's loopback address."""
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose_port(wanted: str | None) -> int:
    """Return the port to use: the wanted one, or the first free one from 8888 on.

    Raises:
        LabError: if the wanted port is not a number from 1024 to 65535, or is taken, or all are.
    """
    if wanted:
        if not wanted.isdecimal() or not 1024 <= int(wanted) <= 65535:
            raise LabError(f"PORT={wanted} is not a port. Give a number from 1024 to 65535, or leave it out.")
        if not is_free(int(wanted)):
            raise LabError(
                f"Port {wanted} is taken, perhaps by a JupyterLab that still runs (see it with: "
                f"{Path(sys.executable).parent / 'jupyter'} server list). Stop it, or take another: make lab PORT={int(wanted) + 1}"
            )
        return int(wanted)
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        if is_free(port):
            return port
    raise LabError(f"Ports {FIRST_PORT} to {FIRST_PORT + PORTS - 1} are all taken. Name a free one: make lab PORT=9999")


def command(port: int, browser: bool, address: str = HOST) -> list[str]:
    """Return the command line that starts the server, with a token, bound to `address` (this machine alone by default)."""
    line = [
        sys.executable, "-m", "jupyterlab", f"--ServerApp.ip={address}", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={ROOT}", f"--config={ROOT / 'docker' / 'jupyter_server_config.py'}",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        line.append("--ServerApp.allow_root=True")  # in a container root is who you are
    if not browser:
        line.append("--no-browser")
    return line


def trust_notebooks() -> None:
    """Sign the course's notebooks for this user, so that JupyterLab shows their stored tables as they were drawn."""
    notary = nbformat.sign.NotebookNotary()
    for notebook in notebooks.find():
        if notebook.built.exists():
            nb = notebooks.read_built(notebook.built)
            if not notary.check_signature(nb):
                notary.sign(nb)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.lab", description=__doc__)
    parser.add_argument("--port", default="", help="port to listen on; the first free one from 8888 on when left out")
    parser.add_argument("--bind", default=HOST, help="address to listen on; 0.0.0.0 inside a container")
    options = parser.parse_args(arguments)
    try:
        port = choose_port(options.port)
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    if subprocess.run([sys.executable, "-m", "utils.fetch", "all", "--edition", "lesson"], cwd=ROOT).returncode:
        print(
            "lab: some data is missing (see above). Lessons that do not need it work; try again with: make data\n",
            file=sys.stderr,
        )
    trust_notebooks()
    browser = os.environ.get("BROWSER", "").lower() != "none"
    if not browser:
        os.environ.pop("BROWSER")
    line = command(port, browser, options.bind or HOST)
    if os.name == "nt":
        return subprocess.run(line, cwd=ROOT).returncode
    os.chdir(ROOT)
    os.execv(line[0], line)  # Ctrl-C reaches JupyterLab itself


if __name__ == "__main__":
    sys.exit(main())
