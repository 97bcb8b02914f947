"""tools.machine.serve_mirror: a class fetches from it at one moment without a wrong byte; nothing but the folder."""

import contextlib
import hashlib
import http.client
import json
import os
import random
import re
import resource
import socket
import subprocess
import sys
import threading
from collections import namedtuple

import pytest
from support import PATIENCE

from tools.machine import serve_mirror

STUDENTS = 40
# Forks the class: one interpreter imports what fetching needs, and each student is a process of its own from there on.
CLASS = """
import hashlib, json, os, sys, pathlib, traceback
import requests
from utils.data import catalog, fetch
catalog.PATH = pathlib.Path(sys.argv[1])
folder, names, students = pathlib.Path(sys.argv[2]), sys.argv[4:], int(sys.argv[3])
children = []
for number in range(students):
    child = os.fork()
    if child == 0:
        try:
            os.environ["COURSE_DATA"] = str(folder / str(number))
            found = {name: hashlib.sha256(fetch.fetch(name).read_bytes()).hexdigest() for name in names}
            (folder / f"{number}.json").write_text(json.dumps(found))
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    children.append(child)
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""

CONTENT = bytes(range(256)) * 4


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "mirror"
    (folder / "deeper").mkdir(parents=True)
    (folder / "letters.txt").write_bytes(CONTENT)
    for place in (folder / ".unfinished", folder / "deeper" / "secret.txt", tmp_path / "secret.txt"):
        place.write_bytes(b"secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def server(folder):
    with serve_mirror.Server(("127.0.0.1", 0), folder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def ask(server):
    """Send one request; return status, headers and body of the answer."""
    def ask(path, method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=PATIENCE)
        connection.request(method, path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.headers, body
    return ask


@contextlib.contextmanager
def started(shelf, folder, **options):
    """Serve a folder from a process of its own; give the address on the board."""
    code = "import sys, pathlib; from tools.machine import serve_mirror; from utils.data import catalog; " \
           "catalog.PATH = pathlib.Path(sys.argv.pop(1)); sys.exit(serve_mirror.main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, shelf.path, folder, "--port", "0"]
    server = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options)
    try:
        yield next(match[1] for line in server.stdout if (match := re.search(r"COURSE_MIRROR=(\S+)", line)))
    finally:
        server.terminate()
        server.communicate()


# Forty at once


def test_forty_processes_fetch_from_it_without_a_wrong_byte(shelf, tmp_path):
    folder, homes = tmp_path / "mirror", tmp_path / "homes"
    folder.mkdir()
    homes.mkdir()
    noise = random.Random(40)
    contents = {"small": noise.randbytes(1000), "odd": noise.randbytes(123_457), "large": noise.randbytes(2_000_000)}
    for name, content in contents.items():
        asset = shelf.add(name, content)
        (folder / asset.filename).write_bytes(content)
    with started(shelf, folder) as address:
        ended = subprocess.run(
            [sys.executable, "-c", CLASS, shelf.path, homes, str(STUDENTS), *contents], text=True, capture_output=True,
            env=os.environ | {"COURSE_MIRROR": address},
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
    expected = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    found = [json.loads((homes / f"{number}.json").read_text()) for number in range(STUDENTS)]
    assert found == [expected] * STUDENTS


# What is answered


@pytest.mark.parametrize(("method", "expected"), [("GET", CONTENT), ("HEAD", b"")])
def test_a_file_is_sent_whole_with_its_length(ask, method, expected):
    status, headers, body = ask("/letters.txt?again", method)
    assert (status, headers["Content-Length"], body) == (200, "1024", expected)


@pytest.mark.parametrize("path", [
    "/none.txt", "/.unfinished", "/deeper/secret.txt", "/deeper", "/../secret.txt", "/%2e%2e/secret.txt",
    "/..%2fsecret.txt", "/link.txt", "//etc/passwd", "/a%00b", "/..%5csecret.txt", "/letters.txt/", "/%FF",
])  # fmt: skip
def test_nothing_but_the_files_of_the_folder_is_served(ask, path):
    status, _, body = ask(path)
    assert status == 404
    assert b"secret" not in body


def test_the_front_page_lists_the_files_whatever_they_are_called(ask, folder):
    odd = os.fsencode(folder) + b"/\xff <b>.txt"
    with open(odd, "wb") as file:
        file.write(b"odd")
    status, _, page = ask("/")
    assert (status, b"letters.txt" in page, b"<b>" in page) == (200, True, False)
    assert not any(name in page for name in (b"secret", b"unfinished", b"deeper", b"link"))
    (link,) = re.findall(rb'href="([^"]+b%3E.txt)"', page)
    assert ask(f"/{link.decode()}")[2] == b"odd"


def test_nothing_can_be_written(ask):
    assert ask("/letters.txt", "PUT")[0] == 501


def test_a_connection_that_asks_nothing_is_closed(ask, server, monkeypatch):
    assert serve_mirror.Handler.timeout == serve_mirror.ASKING_SECONDS <= 10
    monkeypatch.setattr(serve_mirror.Handler, "timeout", 0.01)
    with socket.create_connection(("127.0.0.1", server.server_port), PATIENCE) as half_open:
        half_open.sendall(b"GET /letters.txt HTTP/1.1\r\n")
        assert half_open.recv(1) == b""


def test_more_half_open_connections_than_there_are_descriptors_keep_nobody_out(shelf, tmp_path):
    """The server runs under `ulimit -n 1024`; whoever asks nothing is put off, and then whoever asks is answered."""
    (tmp_path / shelf.add("a", CONTENT).filename).write_bytes(CONTENT)
    few, (soft, hard) = (1024, 1024), resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.ExitStack() as stack:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        limited = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, few)  # noqa: E731
        address = stack.enter_context(started(shelf, tmp_path, preexec_fn=limited))
        host, port = address.removeprefix("http://").split(":")
        for _ in range(few[0] + 100):
            stack.enter_context(socket.create_connection((host, port), PATIENCE)).sendall(b"GET /a.bin")
        honest = http.client.HTTPConnection(host, int(port), timeout=PATIENCE)
        honest.request("GET", "/a.bin")
        assert honest.getresponse().read() == CONTENT
        honest.close()


# The folder


def test_what_is_in_the_folder_is_checked_and_counted_and_a_wrong_file_is_not_served(tmp_path, shelf):
    shelf.add("a", b"right")
    shelf.add("b", b"other")
    (tmp_path / "a.bin").write_bytes(b"right")
    words = "1 of 2 assets of the lesson edition, 0 MB, all hashes right; not here: b (make mirror DIR="
    assert serve_mirror.check(tmp_path).startswith(words)
    (tmp_path / "a.bin").write_bytes(b"wrong")
    with pytest.raises(serve_mirror.MirrorError, match="a.bin has the wrong hash.*Fetch it again: make mirror DIR="):
        serve_mirror.check(tmp_path)


@pytest.mark.parametrize(("name", "problem"), [("none", "There is no folder"), ("", "holds none of the course's")])
def test_a_folder_without_data_is_refused(tmp_path, shelf, name, problem):
    shelf.add("a", b"right")
    with pytest.raises(serve_mirror.MirrorError, match=f"{problem}.*Fill it first: make mirror DIR="):
        serve_mirror.check(tmp_path / name)


# The address


def test_a_taken_port_is_named_with_another(server, folder):
    port = server.server_port
    with pytest.raises(serve_mirror.MirrorError, match=rf"Cannot listen on 127.0.0.1 port {port} .*PORT={port + 1}"):
        serve_mirror.open_server("127.0.0.1", str(port), folder)


@pytest.mark.parametrize("port", ["abc", "70000", "-1"])
def test_an_impossible_port_is_refused(folder, port):
    with pytest.raises(serve_mirror.MirrorError, match=f"PORT={port} is not a port"):
        serve_mirror.open_server("127.0.0.1", port, folder)


def test_addresses_of_the_class_come_before_those_of_containers(monkeypatch):
    kind = namedtuple("Address", "family address")
    up = namedtuple("Status", "isup")
    inet = serve_mirror.socket.AF_INET
    monkeypatch.setattr(serve_mirror.psutil, "net_if_stats", lambda: {
        "lo": up(True), "docker0": up(True), "wlan0": up(True), "eth0": up(True), "eth1": up(False)})
    monkeypatch.setattr(serve_mirror.psutil, "net_if_addrs", lambda: {
        "lo": [kind(inet, "127.0.0.1")], "docker0": [kind(inet, "172.17.0.1")], "wlan0": [kind(inet, "192.168.1.7")],
        "eth0": [kind(inet, "10.1.1.7")], "eth1": [kind(inet, "10.9.9.9")]})
    assert set(serve_mirror.addresses("0.0.0.0")) == {"192.168.1.7", "10.1.1.7"}
    assert serve_mirror.addresses("127.0.0.1") == ["127.0.0.1"]


def test_the_board_says_what_a_student_types():
    text = serve_mirror.board(["192.168.1.7", "10.1.1.7"], 8000)
    assert "    COURSE_MIRROR=http://192.168.1.7:8000 make start\n" in text
    assert "another address of this computer: http://10.1.1.7:8000" in text
    assert "Everybody on this network can read this folder" in text
    assert "Only this computer can reach it. For the class: BIND=0.0.0.0" in serve_mirror.board(["127.0.0.1"], 8000)
