"""Serve a folder of lesson data to a class, and print the line to write on the board. See `make serve-mirror`.

The folder is the one that `make mirror DIR=...` fills. Only the files that lie directly in it are served, for reading. What a
student's computer receives is checked there against data/catalog.toml, so a wrong byte would be noticed and fetched again.
"""

import argparse
import contextlib
import html
import http.server
import mimetypes
import os
import re
import socket
import sys
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import psutil

from utils.data import catalog
from utils.data.verify import problem_with

FIRST_PORT = 8000
IDLE_SECONDS = 60  # after which a connection without a request is closed
NOT_A_LAN = re.compile(r"lo\d*$|docker|br-|veth|virbr|cni|podman|tun|tap|utun|wg")  # interfaces that lead to no classroom


class MirrorError(Exception):
    """The folder cannot be served; the message says what to do."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET and HEAD for the files of `server.folder`; `/` lists them."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS

    def do_GET(self) -> None:
        name = unquote(urlsplit(self.path).path).removeprefix("/")
        if not name:
            self._send_list()
        elif "/" in name or "\\" in name or "\0" in name or name.startswith("."):
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            self._send_file(name)

    do_HEAD = do_GET

    def _send_file(self, name: str) -> None:
        path = self.server.folder / name
        try:
            if not path.is_file() or path.resolve().parent != self.server.folder:
                return self.send_error(HTTPStatus.NOT_FOUND)
            file = open(path, "rb")  # noqa: SIM115 - closed by the next `with`
        except OSError:
            return self.send_error(HTTPStatus.NOT_FOUND)
        with file:
            size = os.fstat(file.fileno()).st_size
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            self._send_head(HTTPStatus.OK, {"Content-Type": kind, "Content-Length": str(size)})
            if self.command == "GET" and size:
                self._send_bytes(file, name, size)

    def _send_bytes(self, file, name: str, size: int) -> None:
        """Send so many bytes as were announced, or close the connection so that the other side notices."""
        self.wfile.flush()
        sent = self.connection.sendfile(file, 0, size)
        if sent != size:
            self.close_connection = True
            print(f"{name} was changed while it was sent; the student's computer will ask again", file=sys.stderr, flush=True)
        else:
            print(f"{self.client_address[0]:15}  {name}  {sent / 1e6:,.1f} MB", flush=True)

    def _send_list(self) -> None:
        rows = "".join(f'<li><a href="{quote(path.name)}">{html.escape(path.name)}</a> {path.stat().st_size:,} bytes</li>\n'
                       for path in served(self.server.folder))  # fmt: skip
        page = f"<!DOCTYPE html><meta charset=utf-8><title>課程資料 · Lesson data</title>\n<ul>\n{rows}</ul>\n".encode()
        self._send_head(HTTPStatus.OK, {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(page))})
        if self.command == "GET":
            self.wfile.write(page)

    def _send_head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_) -> None:
        """Say nothing of each request; a file that was sent is said in `_send_bytes`."""


class Server(http.server.ThreadingHTTPServer):
    """A thread for each student, and a queue long enough for a class that begins at the same moment."""

    request_queue_size = 256
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], folder: Path):
        """Args: (address to listen on, port); the folder."""
        self.folder = folder.resolve()
        super().__init__(address, Handler)

    def handle_error(self, request, client_address) -> None:
        """A student who closes the lid is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def served(folder: Path) -> list[Path]:
    """Return the files that are served, by name."""
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def check(folder: Path, assets: list[catalog.Asset] | None = None) -> str:
    """Return a sentence on what of the lesson edition is in the folder, every file checked against its hash.

    Raises:
        MirrorError: if the folder is not there, holds nothing of it, or holds a file that is not what the catalog promises.
    """
    if not folder.is_dir():
        raise MirrorError(f"There is no folder {folder}. Fill it first: make mirror DIR={folder}")
    if assets is None:
        assets = [asset for asset in catalog.load().values() if asset.edition == "lesson"]
    here = [asset for asset in assets if (folder / asset.filename).exists()]
    wrong = [problem for asset in here if (problem := problem_with(folder / asset.filename, asset))]
    if wrong:
        raise MirrorError(f"{'; '.join(wrong)}. Fetch it again: make mirror DIR={folder}")
    if not here:
        raise MirrorError(f"{folder} holds none of the course's data. Fill it first: make mirror DIR={folder}")
    missing = [asset.name for asset in assets if asset not in here]
    size = sum((folder / asset.filename).stat().st_size for asset in here)
    sentence = f"{len(here)} of {len(assets)} assets of the lesson edition, {size / 1e6:,.0f} MB, all hashes right"
    return sentence + (f"; not here: {', '.join(missing)} (make mirror DIR={folder} fetches them)" if missing else "")


def addresses(bind: str) -> list[str]:
    """Return the addresses under which students reach this machine, the likeliest first.

    Args:
        bind: the address that is listened on; "0.0.0.0" means all.
    """
    if bind != "0.0.0.0":
        return [bind]
    up = {name for name, status in psutil.net_if_stats().items() if status.isup}
    found = [address.address for name, of_interface in psutil.net_if_addrs().items() if name in up and not NOT_A_LAN.match(name)
             for address in of_interface if address.family == socket.AF_INET]  # fmt: skip
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; asks the system which way it would go (RFC 5737: nobody's address)
        first = probe.getsockname()[0]
        found.sort(key=lambda address: address != first)
    return found or ["127.0.0.1"]


def board(found: list[str], port: int) -> str:
    """Return what the instructor writes on the board."""
    lines = ["", "寫在黑板上 · Write on the board:", "", f"    COURSE_MIRROR=http://{found[0]}:{port} make start", ""]
    if len(found) > 1:
        others = ", ".join(f"http://{address}:{port}" for address in found[1:])
        lines += [f"學生連不上的話，換這台電腦的另一個位址 · If students cannot reach it, another address of this computer: {others}", ""]
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
    for number in [int(port)] if port else range(FIRST_PORT, FIRST_PORT + 20):
        try:
            return Server((bind, number), folder)
        except OSError as error:
            reason = error.strerror or str(error)
    raise MirrorError(f"Cannot listen on {bind} port {number} ({reason}). Take another: make serve-mirror DIR={folder} PORT={number + 1}")


def main(arguments: list[str] | None = None) -> int:
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
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
