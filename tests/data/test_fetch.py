import errno
import gzip
import hashlib
import itertools
import os
import signal
import threading
from unittest import mock

import filelock
import numpy as np
import pytest
from support import PATIENCE, body, complaint, redirect, stall, status, zipped

from utils.data import catalog, download, fetch, verify
from utils.data.fetch import FetchError
from utils.data.fetch import fetch as get

DATA = bytes(range(256)) * 1000
LOGIN = b"<!DOCTYPE html><title>Log in</title><p>Welcome to the airport's network"
LOGIN_PAGE = "it seems to be a web page: the login page of your network?"


def content(data: bytes) -> dict:
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def at(*addresses: str) -> list[dict]:
    return [{"kind": "url", "url": address} for address in addresses]


@pytest.fixture
def numbers(shelf, server):
    """An asset that the server has; a second one stands whole in the cache, to see that nothing happens to it."""
    neighbour = shelf.add("neighbour", b"do not touch")
    shelf.cache.mkdir()
    (shelf.cache / neighbour.filename).write_bytes(b"do not touch")
    yield shelf.add("numbers", DATA, sources=at(server.put("/numbers.bin", DATA)))
    assert (shelf.cache / neighbour.filename).read_bytes() == b"do not touch"
    assert shelf.unfinished() == []


@pytest.fixture
def archive(shelf, server):
    """A zip archive with the members in/one and in/two, and a function that replaces it."""

    def offer(data: bytes, filename="a.zip", **members):
        members = {f"in/{name}": value for name, value in members.items()}
        shelf.add("archive", data, filename=filename, sources=at(server.put("/a.zip", data)), members=members)

    offer(zipped({"in/one": b"1234", "in/two": b"22"}), one=content(b"1234"), two=content(b"22"))
    return offer


@pytest.fixture
def monthly(numbers, shelf, server):
    """An asset of which neither hash nor size is published."""
    return shelf.add("monthly", sha256=None, size=None, max_size=500_000, filename="monthly.gz",
                     sources=at(server.put("/monthly.gz", gzip.compress(DATA))))  # fmt: skip


def assert_hopeless(*reasons: str) -> None:
    message = complaint("numbers")
    for part in ("Cannot get numbers (lesson edition, 256.0 kB). Tried: ", *reasons,
                 "Ways out: set COURSE_MIRROR to a folder or address that holds numbers.bin"):  # fmt: skip
        assert part in message
    assert not fetch.cached_path(catalog.load()["numbers"]).exists()


# ------------------------------------------------------------------------------------------------------ it works


@pytest.mark.usefixtures("usual_umask")
def test_file_is_fetched_once_with_progress_on_standard_error_and_then_found(numbers, shelf, server, capsys):
    path = get("numbers")
    assert path == shelf.cache / "numbers.bin"
    assert path.read_bytes() == DATA
    assert path.stat().st_mode & 0o444 == 0o444  # a class may share the folder
    output, errors = capsys.readouterr()
    assert output == ""
    assert f"Fetching numbers (256.0 kB) from {server.address}/numbers.bin ...\n" in errors
    assert get("numbers") == path
    assert server.requests == ["/numbers.bin"]
    assert capsys.readouterr() == ("", "")


def test_member_is_unpacked_once_and_needs_no_archive_then(archive, shelf, server):
    assert get("archive", "in/two").read_bytes() == b"22"
    os.remove(get("archive"))
    assert get("archive", "in/two") == shelf.cache / "archive" / "two"
    assert get("archive", "in/one").read_bytes() == b"1234"
    assert server.requests == ["/a.zip", "/a.zip"]


def test_second_source_is_used_when_the_first_fails_and_every_reason_is_given(numbers, shelf, server):
    shelf.add("numbers", DATA, sources=at(server.put("/gone", status(404)), server.put("/busy", status(500))))
    assert_hopeless("/gone: the server answered 404 Not Found; ", "/busy: the server answered 500 Internal")
    server.put("/busy", DATA)
    assert get("numbers").read_bytes() == DATA


def test_transfer_that_breaks_off_is_tried_once_more(numbers, server):
    answers = [body(DATA, sent=1000), body(DATA)]
    server.put("/numbers.bin", lambda request: answers.pop(0)(request))
    assert get("numbers").read_bytes() == DATA
    assert len(server.requests) == 2


@pytest.mark.parametrize("kind", ["sha256", "sha1", "md5"])
def test_any_published_hash_verifies(numbers, shelf, server, kind):
    digests = {"sha256": None, kind: hashlib.new(kind, DATA).hexdigest()}
    shelf.add("numbers", DATA, sources=at(server.address + "/numbers.bin"), **digests)
    assert get("numbers").read_bytes() == DATA
    os.remove(fetch.cache_folder() / "numbers.bin")
    server.put("/numbers.bin", DATA[::-1])
    assert_hopeless(f"what arrived has the wrong hash (expected {kind} {digests[kind][:12]}…, found ")


def test_right_hash_is_right_whatever_the_first_bytes_are(shelf, server):
    for name in ("page", "text"):
        shelf.add(name, LOGIN, filename=f"{name}.zip", sources=at(server.put(f"/{name}", LOGIN)))
        assert get(name).read_bytes() == LOGIN


# ------------------------------------------------------------------------------------------------- wrong requests


def test_wrong_name_or_member_is_answered_with_the_known_ones(numbers, shelf):
    assert complaint("numbrs") == "'numbrs' is not in the data catalog. Did you mean 'numbers'? It has: neighbour, numbers."
    shelf.add("archive", b"zip", members={"in/one": {"size": 1}})
    assert complaint("archive", "in/tow") == "'archive' has no member 'in/tow'. It has: in/one."
    shelf.add("photo_one", b"1", collection="photos")
    assert complaint("photos") == "'photos' is a collection of files. Fetch one of them, for example 'photo_one'."


# ------------------------------------------------------------------------------------------------ a bad network


def endless(request):
    body(b"", announced="nothing")(request)
    while True:
        request.wfile.write(DATA)  # ends when the client hangs up


@pytest.mark.parametrize("answer, reason", [
    (body(LOGIN, "text/html"), f"what arrived has 71 bytes instead of 256,000; {LOGIN_PAGE}"),
    (body(LOGIN.ljust(len(DATA)), "text/html"), LOGIN_PAGE),
    (redirect("/login"), LOGIN_PAGE),
    (body(DATA[:-1]), "what arrived has 255,999 bytes instead of 256,000"),
    (body(DATA + b"!"), "it sent more than the expected 256,000 bytes"), (endless, "it sent more than the expected 256,000 bytes"),
    (body(DATA[::-1]), "what arrived has the wrong hash (expected sha256"),
    (body(b""), "what arrived has 0 bytes instead of 256,000"),
    (body(DATA, sent=100_000), "the server closed the connection in the middle of the file"),
    (body(DATA, sent=100_000, announced="nothing"), "what arrived has 100,000 bytes instead of 256,000"),
    (lambda request: request.connection.close(), "cannot connect to 127.0.0.1"),
])  # fmt: skip
def test_bad_answer_is_never_taken_for_the_file(numbers, server, answer, reason):
    server.put("/login", body(LOGIN, "text/html"))
    address = server.put("/numbers.bin", answer)
    assert_hopeless(f"{address}: ", reason, "set HTTPS_PROXY if your network needs a proxy")
    server.put("/numbers.bin", DATA)
    assert get("numbers").read_bytes() == DATA


@pytest.mark.parametrize("after", [0, 100_000])
def test_server_that_stalls_is_given_up(numbers, server, monkeypatch, after):
    monkeypatch.setenv("COURSE_TIMEOUT", "0.2")
    server.put("/numbers.bin", stall(server, DATA, after))
    assert_hopeless("the server sent nothing for 0.2 seconds")


def test_server_that_trickles_is_given_up(numbers, server, monkeypatch):
    minutes = itertools.count(0, 60)  # between two looks at the clock
    monkeypatch.setattr(download, "time", mock.Mock(monotonic=lambda: next(minutes)))
    server.put("/numbers.bin", stall(server, DATA, after=1))
    assert_hopeless("the server sends less than 1,000 bytes a second")


def test_unreachable_server_and_the_other_edition_are_named(shelf):
    shelf.add("numbers_full", b"?", edition="full")
    shelf.add("numbers", DATA, other_edition="numbers_full", sources=at("http://127.0.0.1:9/numbers.bin"))
    reason = "http://127.0.0.1:9/numbers.bin: cannot connect to 127.0.0.1:9"
    assert_hopeless(reason, "use the other edition (numbers_full)")


@pytest.mark.parametrize("variable, proxy, reason", [
    ("HTTP_PROXY", "http://127.0.0.1:9", "the proxy of HTTP_PROXY or HTTPS_PROXY refused the connection; if none is "
                                         "needed, set NO_PROXY=data.example.org"),
    ("HTTP_PROXY", "127.0.0.1:9", "HTTP_PROXY=127.0.0.1:9 has no scheme; write HTTP_PROXY=http://127.0.0.1:9"),
    ("https_proxy", "campus:3128", "https_proxy=campus:3128 has no scheme; write https_proxy=http://campus:3128"),
])  # fmt: skip
def test_bad_proxy_is_named(numbers, shelf, monkeypatch, variable, proxy, reason):
    shelf.add("numbers", DATA, sources=at("http://data.example.org/numbers.bin"))
    monkeypatch.setenv(variable, proxy)
    assert_hopeless(reason)


def test_near_machine_is_reached_without_the_proxy(numbers, server, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert get("numbers").read_bytes() == DATA
    assert download.proxies_for("http://192.168.1.20:8000/x") == download.proxies_for("http://teacher/x") != {}
    assert download.proxies_for("http://data.example.org/x") == download.proxies_for("http://8.8.8.8/x") == {}


# ------------------------------------------------------------------------------------------------------ settings


@pytest.mark.parametrize("wrong", ["soon", "0", "-1", "nan", "inf"])
def test_wrong_timeout_is_named(numbers, monkeypatch, wrong):
    monkeypatch.setenv("COURSE_TIMEOUT", wrong)
    assert_hopeless(f"COURSE_TIMEOUT='{wrong}' is not a number of seconds above 0")


def test_blank_settings_are_unset(numbers, server, monkeypatch):
    for name in ("COURSE_TIMEOUT", "COURSE_MIRROR", "COURSE_OFFLINE", "COURSE_DATA"):
        monkeypatch.setenv(name, " ")
    assert fetch.cache_folder() == catalog.PATH.parent / "cache"
    assert get("numbers").read_bytes() == DATA


def test_relative_data_folder_starts_at_the_project_wherever_one_works(shelf, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "some/folder")
    monkeypatch.chdir(tmp_path)
    assert fetch.cache_folder() == catalog.PATH.parents[1] / "some" / "folder"


def test_home_of_nobody_is_one_sentence(numbers, shelf, monkeypatch):
    shelf.add("numbers", DATA)
    reason = "~no-such-user is the home folder of nobody on this machine; write the whole path"
    monkeypatch.setenv("COURSE_MIRROR", "~no-such-user/mirror")
    assert_hopeless(f"mirror ~no-such-user/mirror: {reason}")
    monkeypatch.setenv("COURSE_DATA", "~no-such-user/data")
    with pytest.raises(FetchError, match=f"There is no folder COURSE_DATA=~no-such-user/data: {reason}."):
        get("numbers")


# ------------------------------------------------------------------------------------------------- a bad cache


@pytest.mark.parametrize("damaged, problem", [
    (DATA[:-1], "has 255,999 bytes instead of 256,000"), (b"", "has 0 bytes"), (DATA[:-1] + b"?", "has the wrong hash"),
])  # fmt: skip
def test_damaged_file_is_named_and_fetched_again(numbers, shelf, server, monkeypatch, capsys, damaged, problem):
    path = shelf.cache / "numbers.bin"
    path.write_bytes(damaged)
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert f"cache: {path} {problem}" in complaint("numbers")
    assert server.requests == []
    monkeypatch.delenv("COURSE_OFFLINE")
    assert get("numbers").read_bytes() == DATA
    assert f"numbers: cache: {path} {problem}" in capsys.readouterr().err


def test_file_is_hashed_once_in_a_process_and_again_when_it_changes(numbers, server, monkeypatch):
    path = get("numbers")
    with monkeypatch.context() as patch:
        patch.setattr(verify.hashlib, "file_digest", lambda *_: pytest.fail("hashed again"))
        get("numbers")
    path.write_bytes(DATA[::-1])
    assert get("numbers").read_bytes() == DATA
    assert len(server.requests) == 2


def test_damaged_member_is_unpacked_again(archive, server, capsys):
    get("archive", "in/one").write_bytes(b"12")
    assert get("archive", "in/one").read_bytes() == b"1234"
    assert "has 2 bytes instead of 4; unpacking it again" in capsys.readouterr().err
    assert server.requests == ["/a.zip"]


@pytest.mark.parametrize("data, member, problem", [
    (zipped({"in/one": b"1234"}), {"size": 4, "sha256": "0" * 64}, "it has the wrong hash (expected sha256 000000000000…"),
    (zipped({"in/one": b"1234"}), {"size": 5}, "it has 4 bytes instead of 5"),
    (zipped({"in/two": b"2"}), {"size": 1}, "a.zip has no member in/one"),
])  # fmt: skip
def test_bad_member_is_refused_though_the_archive_is_what_was_promised(archive, shelf, data, member, problem):
    archive(data, one=member)
    message = complaint("archive", "in/one")
    assert message.startswith(f"Cannot read in/one of archive ({shelf.cache / 'a.zip'}): {problem}")
    assert not (shelf.cache / "archive" / "one").exists()
    assert shelf.unfinished() == []


# --------------------------------------------------------------------------- no hash published: the first is trusted


def test_first_copy_is_trusted_recorded_and_said_so(monthly, shelf, capsys):
    path = get("monthly")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (shelf.cache / "monthly.gz.sha256").read_text() == f"{digest}  monthly.gz\n"
    assert f"monthly.gz: no hash is published; this first copy is trusted, sha256 {digest}" in capsys.readouterr().err


def test_record_counts_for_later_copies_and_a_new_version_is_not_taken_quietly(monthly, shelf, server):
    path = get("monthly")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert get("monthly").read_bytes() == whole
    os.remove(path)
    server.put("/monthly.gz", gzip.compress(DATA[::-1]))
    record = shelf.cache / "monthly.gz.sha256"
    message = complaint("monthly")
    assert "what arrived has the wrong hash" in message
    assert f"if a new version has been published and you want it, delete {record}" in message
    record.unlink()
    assert gzip.decompress(get("monthly").read_bytes()) == DATA[::-1]


def test_member_without_a_hash_is_recorded_once_where_it_lies(archive, shelf, capsys):
    archive(zipped({"in/one": b"1234"}), one={"size": 4})
    path = get("archive", "in/one")
    assert capsys.readouterr().err.count("this first copy is trusted") == 1
    assert path.with_name("one.sha256").read_text() == f"{hashlib.sha256(b'1234').hexdigest()}  one\n"


@pytest.mark.parametrize("answer, reason", [
    (body(LOGIN, "text/html"), LOGIN_PAGE),
    (body(b"plain text"), "it is no .gz file"),
    (body(gzip.compress(DATA), announced="nothing"), "the server does not say how long the file is"),
    (body(gzip.compress(DATA), sent=100), "the server closed the connection in the middle of the file"),
    (body(b"\x1f\x8b" + bytes(500_000)), "it sent more than the expected 500,000 bytes"),
    (body(b""), "what arrived has 0 bytes"),
])  # fmt: skip
def test_first_copy_is_not_trusted_blindly(monthly, shelf, server, answer, reason):
    server.put("/monthly.gz", answer)
    assert reason in complaint("monthly")
    assert not list(shelf.cache.glob("monthly*"))


# ---------------------------------------------------------------------------------------------- offline and mirrors


def test_offline_uses_what_is_here_and_asks_nobody_for_the_rest(numbers, shelf, server, monkeypatch):
    shelf.add("here", DATA, sources=at(server.address + "/numbers.bin"))
    path = get("here")
    shelf.add("numbers", DATA, sources=[
        {"kind": "pypi", "package": "numbers", "version": "1.0"}, {"kind": "npm", "package": "@x/y", "version": "2"},
        *at(server.address + "/numbers.bin"),
    ])  # fmt: skip
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    monkeypatch.setenv("COURSE_MIRROR", server.address)
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("started a program"))
    refused = "not tried, COURSE_OFFLINE forbids the network"
    assert_hopeless(f"mirror {server.address}: {refused}", f"pip numbers==1.0: {refused}",
                    f"npm @x/y@2: {refused}", "unset COURSE_OFFLINE")  # fmt: skip
    assert get("here") == path
    assert server.requests == ["/numbers.bin"]


@pytest.mark.parametrize("value", ["0", "", "no", "false", "Off"])
def test_offline_can_be_switched_off(numbers, monkeypatch, value):
    monkeypatch.setenv("COURSE_OFFLINE", value)
    assert get("numbers").read_bytes() == DATA


def test_mirror_folder_comes_first_and_works_offline(numbers, server, tmp_path, monkeypatch):
    (tmp_path / "numbers.bin").write_bytes(DATA)
    monkeypatch.setenv("COURSE_MIRROR", str(tmp_path))
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert get("numbers").read_bytes() == DATA
    assert server.requests == []


@pytest.mark.parametrize("slash", ["", "/"])
def test_mirror_address_comes_first(numbers, server, monkeypatch, slash):
    server.put("/class/numbers.bin", DATA)
    monkeypatch.setenv("COURSE_MIRROR", f"{server.address}/class{slash}")
    assert get("numbers").read_bytes() == DATA
    assert server.requests == ["/class/numbers.bin"]


@pytest.mark.parametrize("mirror, held, reason", [
    ("http://127.0.0.1:9", None, "cannot connect to 127.0.0.1:9"),
    ("127.0.0.1:8000", None, "there is no such folder; if it is an address, write http://127.0.0.1:8000"),
    ("mirror.example.org/data", None, "there is no such folder; if it is an address, write http://mirror.example.org"),
    ("http://[::1", None, "this is not an address"),
    ("/nowhere", None, "there is no such folder; "),
    ("{tmp}", None, "it does not hold numbers.bin"),
    ("{server}/missing", None, "the server answered 404 Not Found"),
    ("{tmp}", DATA[::-1], "what arrived has the wrong hash"),
    ("{tmp}", DATA + b"!", "it sent more than the expected 256,000 bytes"),
    ("{tmp}", LOGIN, LOGIN_PAGE),
])  # fmt: skip
def test_useless_mirror_is_named_and_passed_over(numbers, server, tmp_path, monkeypatch, mirror, held, reason):
    if held:
        (tmp_path / "numbers.bin").write_bytes(held)
    mirror = mirror.format(tmp=tmp_path, server=server.address)
    monkeypatch.setenv("COURSE_MIRROR", mirror)
    assert get("numbers").read_bytes() == DATA
    os.remove(fetch.cache_folder() / "numbers.bin")
    server.put("/numbers.bin", status(404))
    assert_hopeless(f"mirror {mirror}: ", reason)


# --------------------------------------------------------------------------------------- several processes, killed ones


def test_two_processes_share_one_download(numbers, server, in_another_process):
    server.put("/numbers.bin", stall(server, DATA, 1000))
    first = in_another_process("numbers")
    server.wait_for_request()
    second = in_another_process("numbers")
    assert second.stderr.readline() == "numbers: waiting for another process that is fetching it ...\n"
    server.release.set()
    for process in (first, second):
        output, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors
        assert output.strip() == str(fetch.cache_folder() / "numbers.bin")
    assert server.requests == ["/numbers.bin"]
    assert (fetch.cache_folder() / "numbers.bin").read_bytes() == DATA


def test_many_threads_share_one_download(numbers, server):
    server.put("/numbers.bin", stall(server, DATA, 1000))
    found = []
    threads = [threading.Thread(target=lambda: found.append(get("numbers").read_bytes())) for _ in range(8)]
    for thread in threads:
        thread.start()
    server.wait_for_request()
    server.release.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert found == [DATA] * 8
    assert server.requests == ["/numbers.bin"]


@pytest.mark.parametrize("error", [OSError(errno.ENOLCK, "No locks available"), NotImplementedError("no flock")])
def test_disk_without_locks_is_used_with_a_warning(numbers, monkeypatch, capsys, error):
    monkeypatch.setattr(filelock._unix, "lock_fd_nonblocking", mock.Mock(side_effect=error))
    assert get("numbers").read_bytes() == DATA
    assert "numbers: this disk has no locks (" in capsys.readouterr().err


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_download_that_is_killed_leaves_nothing_that_looks_whole(numbers, shelf, server, in_another_process, ending):
    server.put("/numbers.bin", stall(server, DATA, 200_000))
    process = in_another_process("numbers")
    server.wait_for_request()
    process.send_signal(ending)
    process.wait(PATIENCE)
    assert not (shelf.cache / "numbers.bin").exists()
    assert bool(shelf.unfinished()) == (ending == signal.SIGKILL)  # which could not clean up
    server.put("/numbers.bin", DATA)
    assert get("numbers").read_bytes() == DATA  # and the next one is not locked out; `numbers` checks the sweeping


# ------------------------------------------------------------------------------------------------------ bad disks


def test_data_folder_that_is_a_file_is_named(numbers, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file" / "cache"))
    message = complaint("numbers")
    assert message.startswith(f"Cannot store numbers (256.0 kB): cannot write to {tmp_path / 'file' / 'cache'} (Not a")
    assert message.endswith("set COURSE_DATA to a folder that you may write to.")


def test_read_only_data_folder_serves_what_it_has(shelf, server, on_small_disk):
    for name in ("here", "missing"):
        shelf.add(name, name.encode(), sources=at(server.put(f"/{name}", name.encode())))
    result = on_small_disk("get here && mount -o remount,ro $DISK && get here && get missing")
    assert result.returncode == 1
    assert result.stdout.splitlines()[:4] == ["here: here", "1 of 1 assets are here"] * 2
    assert "FAILED Cannot store missing (0.0 kB): cannot write to " in result.stderr
    assert "(Read-only file system): set COURSE_DATA to a folder that you may write to." in result.stderr
    assert server.requests == ["/here"]


@pytest.mark.parametrize("known", [{}, {"size": None, "max_size": 10**9}])
def test_full_disk_is_named_and_left_as_it_was(shelf, server, on_small_disk, known):
    small, big = b"small", np.random.default_rng(0).bytes(1_000_000)
    shelf.add("small", small, sources=at(server.put("/small", small)))
    shelf.add("big", big, sources=at(server.put("/big", big)), **known)
    result = on_small_disk("get small; get big; find $DISK -type f | sort; get small")
    assert result.returncode == 0
    assert "FAILED Cannot store big (" in result.stderr
    assert "is full: free some space, or set COURSE_DATA to a folder on another disk." in result.stderr
    files = [line.rpartition("/cache/")[2] for line in result.stdout.splitlines() if "/cache/" in line]
    assert files == [".unfinished/big.lock", ".unfinished/small.lock", "small.bin"]
    assert server.requests == (["/small"] if not known else ["/small", "/big"])


def test_full_disk_while_unpacking_is_named(archive, on_small_disk):
    member = np.random.default_rng(0).bytes(1000) * 1000
    archive(zipped({"in/one": member}), one=content(member))
    result = on_small_disk("get archive; find $DISK -type f | sort")
    assert "FAILED Cannot store archive (" in result.stderr
    assert "is full: free some space" in result.stderr
    assert [line.rpartition("/")[2] for line in result.stdout.splitlines()[1:]] == ["archive.lock", "a.zip"]
