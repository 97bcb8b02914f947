"""What several test modules use: a web server on loopback that misbehaves on request, a catalog of one's own."""

import contextlib
import hashlib
import http.server
import io
import json
import socket
import tarfile
import threading
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tools.lessons import notebooks
from utils.data import catalog, fetch

PATIENCE = 30  # seconds after which a test that waits for another process or thread gives up
# Keras 3.15 writes and reads its own variables with an older __array__ than NumPy 2.4 asks for.
keras_saves = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")


def complaint(name: str, member: str | None = None) -> str:
    """Return the one sentence, or few, with which a fetch fails; it names the asset."""
    with pytest.raises(fetch.FetchError) as caught:
        fetch.fetch(name, member)
    message = str(caught.value)
    assert name in message
    assert "\n" not in message
    return message


class Server:
    """A web server on 127.0.0.1. `pages` maps a path to a function that answers; `requests` lists what was asked."""

    def __init__(self):
        self.pages, self.requests = {}, []
        self.release = threading.Event()  # set it to let answers of `stall` go on
        self._arrivals = threading.Semaphore(0)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = self.path.partition("?")[0]
                outer.requests.append(path)
                outer._arrivals.release()
                with contextlib.suppress(ConnectionError):
                    outer.pages.get(path, status(404))(self)

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # a client that hangs up is what some tests are about
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def put(self, path: str, answer) -> str:
        """Answer requests for `path` with bytes or with a function of the request; return the address."""
        self.pages[path] = answer if callable(answer) else body(answer)
        return self.address + path

    def wait_for_request(self) -> None:
        assert self._arrivals.acquire(timeout=PATIENCE), "no request arrived"

    def close(self) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def body(content: bytes, kind="application/octet-stream", announced=None, sent=None):
    """Answer 200 with `content`; announce another length or send only the first bytes if told to."""

    def answer(request):
        request.send_response(200)
        request.send_header("Content-Type", kind)
        if announced != "nothing":
            request.send_header("Content-Length", str(announced or len(content)))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(content[:sent])

    return answer


def status(code: int):
    return lambda request: request.send_error(code)


def redirect(to: str):
    def answer(request):
        request.send_response(302)
        request.send_header("Location", to)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def stall(server: Server, content: bytes, after: int):
    """Announce all of `content`, send its first bytes, and the rest only when the server is released."""

    def answer(request):
        body(content, sent=after)(request)
        request.wfile.flush()
        if server.release.wait(PATIENCE):
            request.wfile.write(content[after:])

    return answer


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(address: str) -> bytes:
    """Return what a server of this machine answers, asked without a proxy."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=20) as response:
        return response.read()


def zipped(files: dict[str, bytes | str]) -> bytes:
    """Return a zip archive of files by name, the same bytes every time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as container:
        for name, content in files.items():
            container.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def tarred(files: dict[str, str]) -> bytes:
    """Return a tar archive of files by name, compressed by gzip."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as container:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content.encode())
            container.addfile(info, io.BytesIO(content.encode()))
    return stream.getvalue()


class Shelf:
    """A catalog and an empty cache of the test's own; `add` puts one asset into the catalog."""

    def __init__(self, folder: Path):
        self.path, self.cache, self.entries = folder / "catalog.toml", folder / "cache", {}

    def add(self, name: str, content: bytes = b"", **fields) -> catalog.Asset:
        """Describe `content` truly, but for the `fields` that are given; a field of None is left out."""
        entry = {
            "title": "A test file", "edition": "lesson", "filename": f"{name}.bin", "licence": "CC0",
            "citation": "nobody", "homepage": "http://127.0.0.1/", "size": len(content) or 1,
            "sha256": hashlib.sha256(content).hexdigest(),
            "sources": [{"kind": "url", "url": "http://127.0.0.1:9/none"}],
        } | fields
        self.entries[name] = {key: value for key, value in entry.items() if value is not None}
        self.path.write_text("".join(f"[{key}]\n{toml(value)}\n" for key, value in self.entries.items()))
        return catalog.load()[name]

    def unfinished(self) -> list[Path]:
        """Return what unfinished work has been left in the cache."""
        return [path for path in self.cache.rglob("*") if path.is_dir() and path.suffix == ".d"
                or path.suffix in (".tmp", ".part")]


def toml(table: dict) -> str:
    return "".join(f"{json.dumps(key)} = {toml_value(value)}\n" for key, value in table.items())


def toml_value(value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return json.dumps(value)


def write_lesson(folder: Path, text: str) -> notebooks.Notebook:
    """Write the source of a lesson 42 into a project of the test's own, and return the lesson."""
    path = folder / "notebooks" / "source" / "42_answer.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return notebooks.Notebook(path)


def change(path: Path, old: str, new: str) -> None:
    """Replace the first `old` in a file, which must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
