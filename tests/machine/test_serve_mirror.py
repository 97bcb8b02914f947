"""tools.machine.serve_mirror: a class fetches from it at the same moment without a wrong byte; ranges; nothing but the folder."""

import hashlib
import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
from collections import namedtuple

import pytest
from support import PATIENCE

from tools.machine import serve_mirror
from utils.data import catalog

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
    folder.mkdir()
    (folder / "letters.txt").write_bytes(CONTENT)
    (folder / ".unfinished").write_bytes(b"half")
    (folder / "empty.bin").write_bytes(b"")
    (folder / "deeper").mkdir()
    (folder / "deeper" / "secret.txt").write_bytes(b"secret")
    (tmp_path / "secret.txt").write_bytes(b"secret")
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


Answer = namedtuple("Answer", "status headers body")


@pytest.fixture
def ask(server):
    """Send one request and return its answer; all go over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=PATIENCE)

    def ask(path, method="GET", **headers):
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())

    yield ask
    connection.close()


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
    code = "import sys, pathlib; from tools.machine import serve_mirror; from utils.data import catalog; " \
           "catalog.PATH = pathlib.Path(sys.argv.pop(1)); sys.exit(serve_mirror.main(sys.argv[1:]))"
    server = subprocess.Popen([sys.executable, "-c", code, shelf.path, folder, "--port", "0"], text=True, stdout=subprocess.PIPE)
    try:
        address = next(match[1] for line in server.stdout if (match := re.search(r"COURSE_MIRROR=(\S+)", line)))
        ended = subprocess.run(
            [sys.executable, "-c", CLASS, shelf.path, homes, str(STUDENTS), *contents], text=True, capture_output=True,
            env=os.environ | {"COURSE_MIRROR": address},
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
    finally:
        server.terminate()
        server.communicate()
    expected = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    found = [json.loads((homes / f"{number}.json").read_text()) for number in range(STUDENTS)]
    assert found == [expected] * STUDENTS


# What is answered


def test_a_file_is_sent_whole_with_its_length(ask):
    answer = ask("/letters.txt")
    assert (answer.status, answer.body) == (200, CONTENT)
    assert (answer.headers["Content-Length"], answer.headers["Accept-Ranges"]) == ("1024", "bytes")


def test_an_empty_file_is_sent_as_such(ask):
    assert ask("/empty.bin")[::2] == (200, b"")


def test_asking_for_the_head_alone_sends_no_content(ask):
    answer = ask("/letters.txt", "HEAD")
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, "1024", b"")
    assert ask("/letters.txt").body == CONTENT  # and the connection is in step


@pytest.mark.parametrize("header, expected, content_range", [
    ("bytes=0-9", CONTENT[:10], "bytes 0-9/1024"),
    ("bytes=1000-", CONTENT[1000:], "bytes 1000-1023/1024"),
    ("bytes=-5", CONTENT[-5:], "bytes 1019-1023/1024"),
    ("bytes=-5000", CONTENT, "bytes 0-1023/1024"),
    ("bytes=1020-5000", CONTENT[1020:], "bytes 1020-1023/1024"),
])  # fmt: skip
def test_a_range_is_sent_as_a_part(ask, header, expected, content_range):
    answer = ask("/letters.txt", Range=header)
    assert (answer.status, answer.body) == (206, expected)
    assert (answer.headers["Content-Range"], answer.headers["Content-Length"]) == (content_range, str(len(expected)))


@pytest.mark.parametrize("header", ["bytes=1024-", "bytes=9999-10000", "bytes=-0"])
def test_a_range_beyond_the_file_is_refused_with_its_size(ask, header):
    answer = ask("/letters.txt", Range=header)
    assert (answer.status, answer.headers["Content-Range"], answer.body) == (416, "bytes */1024", b"")


@pytest.mark.parametrize("header", ["bytes=-", "bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "nonsense"])
def test_what_is_no_single_range_gets_the_whole_file(ask, header):
    assert ask("/letters.txt", Range=header)[::2] == (200, CONTENT)


def test_a_download_goes_on_only_if_the_file_is_still_the_same(ask):
    tag = ask("/letters.txt").headers["ETag"]
    assert ask("/letters.txt", Range="bytes=1000-", If_Range=tag).status == 206
    assert ask("/letters.txt", Range="bytes=1000-", If_Range='"another"').body == CONTENT


@pytest.mark.parametrize("path", [
    "/none.txt", "/.unfinished", "/deeper/secret.txt", "/deeper", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
    "/link.txt", "//etc/passwd", "/a%00b", "/..%5csecret.txt",
])  # fmt: skip
def test_nothing_but_the_files_of_the_folder_is_served(ask, path):
    answer = ask(path)
    assert answer.status == 404
    assert b"secret" not in answer.body.replace(path.encode(), b"")


def test_the_front_page_lists_the_files(ask):
    page = ask("/").body.decode()
    assert "letters.txt" in page
    assert ".unfinished" not in page


def test_nothing_can_be_written(ask):
    assert ask("/letters.txt", "PUT").status == 501


# The folder


@pytest.fixture
def asset():
    def asset(name, content, **fields):
        source = catalog.Source(kind="url", url="http://127.0.0.1:9/none")
        return catalog.Asset(name=name, title="-", edition="lesson", filename=f"{name}.bin", licence="-", citation="-", homepage="-",
                             sources=[source], size=len(content), sha256=hashlib.sha256(content).hexdigest())  # fmt: skip

    return asset


def test_what_is_in_the_folder_is_checked_and_counted(tmp_path, asset):
    (tmp_path / "a.bin").write_bytes(b"right")
    sentence = serve_mirror.check(tmp_path, [asset("a", b"right"), asset("b", b"other")])
    assert sentence.startswith("1 of 2 assets of the lesson edition, 0 MB, all hashes right; not here: b (make mirror DIR=")


def test_a_wrong_file_is_not_served(tmp_path, asset):
    (tmp_path / "a.bin").write_bytes(b"wrong")
    with pytest.raises(serve_mirror.MirrorError, match="a.bin has the wrong hash.*Fetch it again: make mirror DIR="):
        serve_mirror.check(tmp_path, [asset("a", b"right")])


def test_a_folder_without_data_is_refused(tmp_path, asset):
    with pytest.raises(serve_mirror.MirrorError, match="There is no folder .*none. Fill it first: make mirror DIR="):
        serve_mirror.check(tmp_path / "none", [])
    with pytest.raises(serve_mirror.MirrorError, match="holds none of the course's data. Fill it first"):
        serve_mirror.check(tmp_path, [asset("a", b"right")])


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
    assert "    COURSE_MIRROR=http://192.168.1.7:8000 make lab\n" in text
    assert "another address of this computer: http://10.1.1.7:8000" in text
    assert "Everybody on this network can read this folder" in text


def test_the_board_says_if_only_this_computer_is_let_in():
    assert "Only this computer can reach it. For the class: BIND=0.0.0.0" in serve_mirror.board(["127.0.0.1"], 8000)
