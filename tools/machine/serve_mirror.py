"""Serve a folder of lesson data to a class, and print the line to write on the board. See `make serve-mirror`.

The folder is the one that `make mirror DIR=...` fills. Only the files that lie directly in it are served, for reading.
What a student's computer receives is checked there against data/catalog.toml, so a wrong byte would be noticed.
"""

import argparse
import contextlib
import html
import io
import re
import socket
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import psutil

from utils.data import catalog
from utils.data.verify import problem_with

FIRST_PORT, PORTS = 8000, 20
ASKING_SECONDS, SENDING_SECONDS = 5, 60  # without a byte, after which a connection is closed
NOT_A_LAN = re.compile(r"lo\d*$|docker|br-|veth|virbr|cni|podman|tun|tap|utun|wg")  # no classroom is reached by these


class MirrorError(Exception):
    """The folder cannot be served; the message says what to do."""


class Handler(SimpleHTTPRequestHandler):
    """Answers GET and HEAD for the files of `server.folder`, always whole ones; `/` lists them."""

    timeout = ASKING_SECONDS

    def send_head(self):
        """Send the head of what was asked for; return the open file, or None if there is no such file."""
        self.connection.settimeout(SENDING_SECONDS)
        self.name = unquote(urlsplit(self.path).path, errors="surrogateescape").removeprefix("/")
        if not self.name:
            return self.list_directory(self.server.folder)
        if self.name not in {path.name for path in served(self.server.folder)}:
            return self.send_error(404)
        return super().send_head()

    def translate_path(self, _) -> str:
        """Return the path of the file that was asked for."""
        return str(self.server.folder / self.name)

    def list_directory(self, path: Path) -> io.BytesIO:
        """Send the head of a page that names the files; return the page."""
        rows = "".join(
            f'<li><a href="{quote(file.name, errors="surrogateescape")}">{html.escape(file.name)}</a></li>\n'
            for file in served(path))  # fmt: skip
        title = "<!DOCTYPE html><meta charset=utf-8><title>課程資料 · Lesson data</title>"
        page = f"{title}\n<ul>\n{rows}</ul>\n".encode(errors="replace")
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        return io.BytesIO(page)


class Server(ThreadingHTTPServer):
    """A thread for each student, and a queue long enough for a class that begins at the same moment."""

    request_queue_size = 256

    def __init__(self, address: tuple[str, int], folder: Path):
        """Args: (address to listen on, port); the folder."""
        self.folder = folder.resolve()
        super().__init__(address, Handler)

    def handle_error(self, request, client_address) -> None:
        """A student who closes the lid is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def served(folder: Path) -> list[Path]:
    """Return the files that are served, by name: plain ones, neither hidden nor links that lead out of the folder."""
    return sorted(path for path in folder.iterdir()
                  if path.is_file() and not path.name.startswith(".") and path.resolve().parent == folder.resolve())


def check(folder: Path) -> str:
    """Return a sentence on what of the lesson edition is in the folder, every file checked against its hash.

    Raises:
        MirrorError: if the folder is not there, holds nothing of it, or a file that is not what the catalog promises.
        CatalogError: if data/catalog.toml is malformed.
    """
    fill = f"make mirror DIR={folder}"
    if not folder.is_dir():
        raise MirrorError(f"There is no folder {folder}. Fill it first: {fill}")
    assets = [asset for asset in catalog.load().values() if asset.edition == "lesson"]
    here = {asset.name: folder / asset.filename for asset in assets if (folder / asset.filename).exists()}
    wrong = [problem for asset in assets if asset.name in here and (problem := problem_with(here[asset.name], asset))]
    if wrong:
        raise MirrorError(f"{'; '.join(wrong)}. Fetch it again: {fill}")
    if not here:
        raise MirrorError(f"{folder} holds none of the course's data. Fill it first: {fill}")
    size = sum(path.stat().st_size for path in here.values())
    missing = ", ".join(asset.name for asset in assets if asset.name not in here)
    return (f"{len(here)} of {len(assets)} assets of the lesson edition, {size / 1e6:,.0f} MB, all hashes right"
            + (f"; not here: {missing} ({fill} fetches them)" if missing else ""))  # fmt: skip


def addresses(bind: str) -> list[str]:
    """Return the addresses under which students reach this machine, the likeliest first.

    Args:
        bind: the address that is listened on; "0.0.0.0" means all.
    """
    if bind != "0.0.0.0":
        return [bind]
    up = {name for name, status in psutil.net_if_stats().items() if status.isup and not NOT_A_LAN.match(name)}
    found = [address.address for name, of_interface in psutil.net_if_addrs().items() if name in up
             for address in of_interface if address.family == socket.AF_INET]  # fmt: skip
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; asks the system which way it would go (RFC 5737: nobody's)
        first = probe.getsockname()[0]
        found.sort(key=lambda address: address != first)
    return found or ["127.0.0.1"]


def board(found: list[str], port: int) -> str:
    """Return what the instructor writes on the board."""
    lines = ["", "寫在黑板上 · Write on the board:", "", f"    COURSE_MIRROR=http://{found[0]}:{port} make start", ""]
    if len(found) > 1:
        lines += ["學生連不上的話，換這台電腦的另一個位址 · If students cannot reach it, another address of this "
                  "computer: " + ", ".join(f"http://{address}:{port}" for address in found[1:]), ""]  # fmt: skip
    if found == ["127.0.0.1"]:
        lines += ["只有這台電腦連得到 · Only this computer can reach it. For the class: BIND=0.0.0.0", ""]
    else:
        lines += ["同一個網路裡的人都能讀這個資料夾。 Everybody on this network can read this folder.", ""]
    return "\n".join([*lines, "結束 · Stop: Ctrl-C"])


def open_server(bind: str, port: str, folder: Path) -> Server:
    """Return a server that listens on the wanted port, or on the first free one from 8000 on.

    Raises:
        MirrorError: if the port is none, or taken, or the address is not this machine's.
    """
    if port and not (port.isdecimal() and 0 <= int(port) <= 65535):
        raise MirrorError(f"PORT={port} is not a port. Give a number from 1024 to 65535, or leave it out.")
    for number in [int(port)] if port else range(FIRST_PORT, FIRST_PORT + PORTS):
        try:
            return Server((bind, number), folder)
        except OSError as error:
            reason = error.strerror or str(error)
    raise MirrorError(f"Cannot listen on {bind} port {number} ({reason}). "
                      f"Take another: make serve-mirror DIR={folder} PORT={number + 1}")  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C; return 1 if that cannot begin."""
    parser = argparse.ArgumentParser(prog="python -m tools.machine.serve_mirror", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", default="", help="the first free one from 8000 on when left out; 0 takes any")
    parser.add_argument("--bind", default="127.0.0.1", help="0.0.0.0 lets the whole network in")
    options = parser.parse_args(arguments)
    try:
        print(check(options.folder), flush=True)
        server = open_server(options.bind, options.port, options.folder)
    except (MirrorError, catalog.CatalogError) as error:
        print(f"serve-mirror: {error}", file=sys.stderr)
        return 1
    with server, contextlib.suppress(KeyboardInterrupt):
        print(board(addresses(options.bind), server.server_port), flush=True)
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
