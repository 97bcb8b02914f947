import gzip
import hashlib
import io
import os
import random
import signal
import tarfile
import threading
import zipfile

import pytest
from support import PATIENCE, body, redirect, stall, status

from utils.data import fetch, verify
from utils.data.fetch import FetchError
from utils.data.fetch import fetch as get

DATA = bytes(range(256)) * 1000
LOGIN = b"<!DOCTYPE html><title>Log in</title><p>Welcome to the airport's network"


def zipped(**members) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in members.items():
            container.writestr(f"in/{name}", content)
    return stream.getvalue()


def content(data: bytes) -> dict:
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


@pytest.fixture
def numbers(shelf, server):
    """An asset that the server has; a second one stands whole in the cache, to see that nothing happens to it."""
    neighbour = shelf.add("neighbour", b"do not touch")
    shelf.cache.mkdir()
    (shelf.cache / neighbour.filename).write_bytes(b"do not touch")
    asset = shelf.add("numbers", DATA, sources=[{"kind": "url", "url": server.put("/numbers.bin", DATA)}])
    yield asset
    assert (shelf.cache / neighbour.filename).read_bytes() == b"do not touch"
    assert shelf.unfinished() == []


def complaint(name="numbers", member=None) -> str:
    """Return the one sentence with which a fetch fails."""
    with pytest.raises(FetchError) as caught:
        get(name, member)
    message = str(caught.value)
    assert name in message
    assert "\n" not in message
    return message


def assert_hopeless(message: str, *reasons: str) -> None:
    for part in ("Cannot get numbers (lesson edition, 256.0 kB). Tried: ", *reasons,
                 "Ways out: set COURSE_MIRROR to a folder or address that holds numbers.bin"):
        assert part in message
    assert not fetch.cached_path(fetch.catalog.load()["numbers"]).exists()


# ------------------------------------------------------------------------------------------------------ it works


def test_file_is_fetched_once_and_then_found(numbers, shelf, server):
    path = get("numbers")
    assert path == shelf.cache / "numbers.bin"
    assert path.read_bytes() == DATA
    assert get("numbers") == path
    assert server.requests == ["/numbers.bin"]


def test_progress_goes_to_standard_error(numbers, server, capsys):
    get("numbers")
    output, errors = capsys.readouterr()
    assert output == ""
    assert f"Fetching numbers (256.0 kB) from {server.address}/numbers.bin ...\n" in errors
    get("numbers")
    assert capsys.readouterr() == ("", "")


def test_member_is_unpacked_once_and_needs_no_archive_then(shelf, server):
    archive = zipped(one=b"1", two=b"22")
    address = server.put("/a.zip", archive)
    shelf.add("archive", archive, filename="a.zip", sources=[{"kind": "url", "url": address}],
              members={"in/one": content(b"1"), "in/two": content(b"22")})
    assert get("archive", "in/two").read_bytes() == b"22"
    os.remove(get("archive"))
    assert get("archive", "in/two") == shelf.cache / "archive" / "two"
    assert get("archive", "in/one").read_bytes() == b"1"
    assert server.requests == ["/a.zip", "/a.zip"]


def test_second_source_is_used_when_the_first_fails(numbers, shelf, server):
    shelf.add("numbers", DATA, sources=[
        {"kind": "url", "url": server.put("/gone", status(404))},
        {"kind": "url", "url": server.address + "/numbers.bin"},
    ])
    assert get("numbers").read_bytes() == DATA
    assert server.requests == ["/gone", "/numbers.bin"]


@pytest.mark.parametrize("kind", ["sha256", "sha1", "md5"])
def test_any_published_hash_verifies(numbers, shelf, server, kind):
    sources = [{"kind": "url", "url": server.address + "/numbers.bin"}]
    digests = {"sha256": None, kind: hashlib.new(kind, DATA).hexdigest()}
    shelf.add("numbers", DATA, sources=sources, **digests)
    assert get("numbers").read_bytes() == DATA
    os.remove(fetch.cache_folder() / "numbers.bin")
    server.put("/numbers.bin", DATA[::-1])
    assert_hopeless(complaint(), f"what arrived has the wrong hash (expected {kind}")


# ------------------------------------------------------------------------------------------------- wrong requests


def test_unknown_asset_gets_a_suggestion(numbers):
    assert "'numbrs' is not in the data catalog. Did you mean 'numbers'?" in complaint("numbrs")


def test_unknown_member_is_named_with_the_known_ones(shelf):
    shelf.add("archive", b"zip", members={"in/one": {"size": 1}})
    assert complaint("archive", "in/tow") == "'archive' has no member 'in/tow'. It has: in/one."


def test_collection_is_no_file(shelf):
    shelf.add("photo_one", b"1", collection="photos")
    assert complaint("photos") == "'photos' is a collection of files. Fetch one of them, for example 'photo_one'."


@pytest.mark.parametrize("wrong", ["soon", "0", "-1", "nan", "inf"])
def test_wrong_timeout_is_named(numbers, monkeypatch, wrong):
    monkeypatch.setenv("COURSE_TIMEOUT", wrong)
    assert_hopeless(complaint(), f"COURSE_TIMEOUT='{wrong}' is not a number of seconds above 0")


# ------------------------------------------------------------------------------------------------ a bad network


@pytest.mark.parametrize("answer, reason", [
    (status(404), "the server answered 404 Not Found"),
    (status(500), "the server answered 500 Internal Server Error"),
    (status(403), "the server answered 403 Forbidden"),
    (body(LOGIN, "text/html"), "it sent a web page instead of the file: the login page of your network?"),
    (body(DATA[:-1]), "what arrived has 255,999 bytes instead of 256,000"),
    (body(DATA + b"!"), "it sent more than the expected 256,000 bytes"),
    (body(DATA[::-1]), "what arrived has the wrong hash (expected sha256"),
    (body(b""), "what arrived has 0 bytes instead of 256,000"),
    (body(DATA, sent=100_000), "the server closed the connection in the middle of the file"),
    (body(DATA, sent=100_000, announced="nothing"), "what arrived has 100,000 bytes instead of 256,000"),
    (lambda request: request.connection.close(), "cannot connect to 127.0.0.1"),
])
def test_bad_answer_is_never_taken_for_the_file(numbers, server, answer, reason):
    address = server.put("/numbers.bin", answer)
    assert_hopeless(complaint(), f"{address}: {reason}", "set HTTPS_PROXY if your network needs a proxy")
    server.put("/numbers.bin", DATA)
    assert get("numbers").read_bytes() == DATA


@pytest.mark.parametrize(("filename", "content"), [("numbers.bin", b"<numbers>1 2 3</numbers>"), ("numbers.zip", b"no zip by its start")])
def test_a_file_with_the_right_hash_is_right_whatever_it_begins_with(shelf, server, filename, content):
    sources = [{"kind": "url", "url": server.put("/numbers", content)}]
    shelf.add("numbers", content, filename=filename, sources=sources)
    assert get("numbers").read_bytes() == content


def test_captive_portal_that_redirects_to_a_login_page_is_seen_through(numbers, server):
    server.put("/login", body(LOGIN, "text/html"))
    server.put("/numbers.bin", redirect("/login"))
    assert_hopeless(complaint(), "it sent a web page instead of the file: the login page of your network?")
    assert server.requests == ["/numbers.bin", "/login"]


def test_login_page_of_the_right_length_is_still_wrong(numbers, server):
    server.put("/numbers.bin", body(LOGIN.ljust(len(DATA)), "text/html"))
    assert_hopeless(complaint(), "the login page of your network?")


@pytest.mark.parametrize("after", [0, 100_000])
def test_server_that_stalls_is_given_up(numbers, server, monkeypatch, after):
    monkeypatch.setenv("COURSE_TIMEOUT", "0.2")
    server.put("/numbers.bin", stall(server, DATA, after))
    assert_hopeless(complaint(), "the server sent nothing for 0.2 seconds")


def test_endless_answer_is_stopped(numbers, server):
    def endless(request):
        body(b"", announced="nothing")(request)
        while True:
            request.wfile.write(DATA)  # ends when the client hangs up

    server.put("/numbers.bin", endless)
    assert_hopeless(complaint(), "it sent more than the expected 256,000 bytes")


def test_unreachable_server_and_the_other_edition_are_named(shelf):
    shelf.add("numbers_full", b"?", edition="full")
    shelf.add("numbers", DATA, other_edition="numbers_full",
              sources=[{"kind": "url", "url": "http://127.0.0.1:9/numbers.bin"}])
    assert_hopeless(complaint(), "http://127.0.0.1:9/numbers.bin: cannot connect to 127.0.0.1:9",
                    "use the other edition (numbers_full)")


def test_proxy_that_refuses_is_named(numbers, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert_hopeless(complaint(), "the proxy of HTTP_PROXY or HTTPS_PROXY refused the connection")


def test_every_source_is_named_with_its_own_reason(numbers, shelf, server):
    shelf.add("numbers", DATA, sources=[
        {"kind": "url", "url": server.put("/a", status(404))},
        {"kind": "url", "url": server.put("/b", status(500))},
    ])
    assert_hopeless(complaint(), "/a: the server answered 404 Not Found; ", "/b: the server answered 500 Internal")


# ------------------------------------------------------------------------------------------------- a bad cache


@pytest.mark.parametrize("damaged, problem", [
    (DATA[:-1], "has 255,999 bytes instead of 256,000"),
    (b"", "has 0 bytes instead of 256,000"),
    (DATA[:-1] + b"?", "has the wrong hash"),
])
def test_damaged_file_in_the_cache_is_fetched_again(numbers, shelf, server, capsys, damaged, problem):
    (shelf.cache / "numbers.bin").write_bytes(damaged)
    assert get("numbers").read_bytes() == DATA
    assert server.requests == ["/numbers.bin"]
    assert f"numbers: cache: {shelf.cache / 'numbers.bin'} {problem}" in capsys.readouterr().err


def test_damaged_file_in_the_cache_is_named_when_nothing_better_can_be_had(numbers, shelf, server, monkeypatch):
    (shelf.cache / "numbers.bin").write_bytes(DATA[:-1])
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    message = complaint()
    assert f"cache: {shelf.cache / 'numbers.bin'} has 255,999 bytes instead of 256,000" in message
    assert server.requests == []


def test_file_that_changes_after_its_first_use_is_noticed(numbers, server):
    path = get("numbers")
    path.write_bytes(DATA[::-1])
    assert get("numbers").read_bytes() == DATA
    assert len(server.requests) == 2


def test_cached_file_is_hashed_once_in_a_process(numbers, monkeypatch):
    get("numbers")
    monkeypatch.setattr(verify, "_hash", lambda *_: pytest.fail("hashed again"))
    get("numbers")


def test_damaged_member_is_unpacked_again(shelf, server, capsys):
    archive = zipped(one=b"1234")
    shelf.add("archive", archive, sources=[{"kind": "url", "url": server.put("/a.zip", archive)}],
              members={"in/one": content(b"1234")})
    get("archive", "in/one").write_bytes(b"12")
    assert get("archive", "in/one").read_bytes() == b"1234"
    assert "has 2 bytes instead of 4; unpacking it again" in capsys.readouterr().err
    assert server.requests == ["/a.zip"]


# ------------------------------------------------------------------------------------------------ bad archives


def bad_archive(shelf, server, archive: bytes, filename: str, **member) -> str:
    """Return the complaint about the member in/one of an archive whose own hash is right."""
    shelf.add("archive", archive, filename=filename, members={"in/one": member or {"size": 4}},
              sources=[{"kind": "url", "url": server.put("/archive", archive)}])
    message = complaint("archive", "in/one")
    assert message.startswith(f"Cannot read in/one of archive ({shelf.cache / filename}): ")
    assert not (shelf.cache / "archive" / "one").exists()
    assert shelf.unfinished() == []
    return message


@pytest.mark.parametrize("kind, word", [
    (tarfile.SYMTYPE, "symbolic link"), (tarfile.LNKTYPE, "hard link"), (tarfile.CHRTYPE, "device"),
])
def test_link_or_device_in_an_archive_is_refused(shelf, server, kind, word):
    info = tarfile.TarInfo("in/one")
    info.type, info.linkname = kind, "/etc/passwd"
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as container:
        container.addfile(info)
    assert f"it is a {word}, not a regular file" in bad_archive(shelf, server, stream.getvalue(), "a.tgz")


def test_bomb_is_refused_at_the_stated_size(shelf, server):
    message = bad_archive(shelf, server, zipped(one=bytes(30_000_000)), "a.zip", size=1000)
    assert "in/one unpacks to more than the expected 1,000 bytes" in message


def test_member_with_the_wrong_hash_or_size_is_refused(shelf, server):
    assert "what arrived has the wrong hash" in bad_archive(
        shelf, server, zipped(one=b"1234"), "a.zip", size=4, sha256="0" * 64)
    assert "what arrived has 4 bytes instead of 5" in bad_archive(shelf, server, zipped(one=b"1234"), "b.zip", size=5)


def test_missing_member_and_damaged_archive_are_named(shelf, server):
    assert "a.zip has no member in/one" in bad_archive(shelf, server, zipped(two=b"2"), "a.zip")
    assert "b.tgz is damaged" in bad_archive(shelf, server, gzip.compress(b"no tar file")[:-9], "b.tgz")


# --------------------------------------------------------------------------- no hash published: the first is trusted


@pytest.fixture
def monthly(numbers, shelf, server):
    """An asset of which neither hash nor size is published."""
    return shelf.add("monthly", sha256=None, size=None, max_size=500_000, filename="monthly.gz",
                     sources=[{"kind": "url", "url": server.put("/monthly.gz", gzip.compress(DATA))}])


def test_first_copy_is_trusted_recorded_and_said_so(monthly, shelf, capsys):
    path = get("monthly")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (shelf.cache / "monthly.gz.sha256").read_text() == f"{digest}  monthly.gz\n"
    assert f"monthly.gz: no hash is published; this first copy is trusted, sha256 {digest}" in capsys.readouterr().err


def test_copy_that_no_longer_fits_its_record_is_fetched_again(monthly, shelf, server, capsys):
    path = get("monthly")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    verify._verified.clear()  # as in a new process
    assert get("monthly").read_bytes() == whole
    assert "has the wrong hash" in capsys.readouterr().err


def test_new_version_is_not_taken_quietly(monthly, shelf, server):
    os.remove(get("monthly"))
    server.put("/monthly.gz", gzip.compress(DATA[::-1]))
    record = shelf.cache / "monthly.gz.sha256"
    assert f"if a new version has been published and you want it, delete {record}" in complaint("monthly")
    record.unlink()
    assert gzip.decompress(get("monthly").read_bytes()) == DATA[::-1]


@pytest.mark.parametrize("answer, reason", [
    (body(LOGIN, "text/html"), "it sent a web page instead of the file"),
    (body(b"plain text"), "it sent something that is no .gz file"),
    (body(gzip.compress(DATA), announced="nothing"), "the server does not say how long the file is"),
    (body(gzip.compress(DATA), sent=100), "the server closed the connection in the middle of the file"),
    (body(b"\x1f\x8b" + bytes(500_000)), "it sent more than the expected 500,000 bytes"),
    (body(b""), "what arrived has 0 bytes"),
])
def test_first_copy_is_not_trusted_blindly(monthly, shelf, server, answer, reason):
    server.put("/monthly.gz", answer)
    assert reason in complaint("monthly")
    assert not (shelf.cache / "monthly.gz").exists()
    assert not (shelf.cache / "monthly.gz.sha256").exists()


# ------------------------------------------------------------------------------------------------------ offline


def test_offline_uses_what_is_here(numbers, server, monkeypatch):
    path = get("numbers")
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    verify._verified.clear()
    assert get("numbers") == path
    assert len(server.requests) == 1


def test_offline_asks_nobody_for_what_is_not_here(numbers, shelf, server, monkeypatch):
    shelf.add("numbers", DATA, sources=[
        {"kind": "pypi", "package": "numbers", "version": "1.0"}, {"kind": "npm", "package": "@x/y", "version": "2"},
        {"kind": "url", "url": server.address + "/numbers.bin"},
    ])
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    monkeypatch.setenv("COURSE_MIRROR", server.address)
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("started a program"))
    refused = "not tried, COURSE_OFFLINE forbids the network"
    assert_hopeless(complaint(), f"mirror {server.address}: {refused}", f"pip numbers==1.0: {refused}",
                    f"npm @x/y@2: {refused}", "unset COURSE_OFFLINE")
    assert server.requests == []


@pytest.mark.parametrize("value", ["0", "", "no", "false", "Off"])
def test_offline_can_be_switched_off(numbers, monkeypatch, value):
    monkeypatch.setenv("COURSE_OFFLINE", value)
    assert get("numbers").read_bytes() == DATA


# ------------------------------------------------------------------------------------------------------- mirror


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


@pytest.mark.parametrize("mirror, reason", [
    ("http://127.0.0.1:9", "cannot connect to 127.0.0.1:9"),
    ("/nowhere", "there is no such folder"),
    ("{tmp}", "it does not hold numbers.bin"),
    ("{server}/missing", "the server answered 404 Not Found"),
])
def test_useless_mirror_is_named_and_passed_over(numbers, server, tmp_path, monkeypatch, mirror, reason):
    mirror = mirror.format(tmp=tmp_path, server=server.address)
    monkeypatch.setenv("COURSE_MIRROR", mirror)
    assert get("numbers").read_bytes() == DATA
    os.remove(fetch.cache_folder() / "numbers.bin")
    server.put("/numbers.bin", status(500))
    assert_hopeless(complaint(), f"mirror {mirror}: {reason}; ")


@pytest.mark.parametrize("held, reason", [
    (DATA[::-1], "what arrived has the wrong hash"), (DATA[:-1], "what arrived has 255,999 bytes"),
    (DATA + b"!", "it sent more than the expected"), (LOGIN, "it sent a web page"),
])
def test_wrong_file_on_a_mirror_is_not_taken(numbers, server, tmp_path, monkeypatch, held, reason):
    (tmp_path / "numbers.bin").write_bytes(held)
    server.put("/numbers.bin", status(404))
    monkeypatch.setenv("COURSE_MIRROR", str(tmp_path))
    assert_hopeless(complaint(), f"mirror {tmp_path}: {reason}")


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


def test_killed_download_leaves_nothing_that_looks_whole(numbers, shelf, server, in_another_process):
    server.put("/numbers.bin", stall(server, DATA, 200_000))
    process = in_another_process("numbers")
    server.wait_for_request()
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)
    assert not (shelf.cache / "numbers.bin").exists()
    assert shelf.unfinished() != []  # the killed process could not clean up
    server.put("/numbers.bin", DATA)
    assert get("numbers").read_bytes() == DATA  # and the next one is not locked out; `numbers` checks the sweeping


def test_interrupted_download_cleans_up(numbers, shelf, server, in_another_process):
    server.put("/numbers.bin", stall(server, DATA, 200_000))
    process = in_another_process("numbers")
    server.wait_for_request()
    process.send_signal(signal.SIGINT)
    process.wait(PATIENCE)
    assert not (shelf.cache / "numbers.bin").exists()
    assert shelf.unfinished() == []


# ------------------------------------------------------------------------------------------------------ bad disks


def test_data_folder_that_is_a_file_is_named(numbers, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file" / "cache"))
    message = complaint()
    assert message.startswith(f"Cannot store numbers (256.0 kB): cannot write to {tmp_path / 'file' / 'cache'} (Not a")
    assert message.endswith("set COURSE_DATA to a folder that you may write to.")


def test_read_only_data_folder_serves_what_it_has(shelf, server, on_small_disk):
    for name in ("here", "missing"):
        data = name.encode()
        shelf.add(name, data, sources=[{"kind": "url", "url": server.put(f"/{name}", data)}])
    result = on_small_disk("get here && mount -o remount,ro $DISK && get here && get missing")
    assert result.returncode == 1
    assert result.stdout.splitlines()[:4] == ["here: here", "1 of 1 assets are here"] * 2
    assert "FAILED Cannot store missing (0.0 kB): cannot write to " in result.stderr
    assert "(Read-only file system): set COURSE_DATA to a folder that you may write to." in result.stderr
    assert server.requests == ["/here"]


@pytest.mark.parametrize("known", [{}, {"size": None, "max_size": 10**9}])
def test_full_disk_is_named_and_left_as_it_was(shelf, server, on_small_disk, known):
    small, big = b"small", random.Random(1).randbytes(1_000_000)
    shelf.add("small", small, sources=[{"kind": "url", "url": server.put("/small", small)}])
    shelf.add("big", big, sources=[{"kind": "url", "url": server.put("/big", big)}], **known)
    result = on_small_disk("get small; get big; find $DISK -type f | sort; du -k -s $DISK; get small")
    assert result.returncode == 0
    assert "FAILED Cannot store big (" in result.stderr
    assert "is full: free some space, or set COURSE_DATA to a folder on another disk." in result.stderr
    files = [line.rpartition("/cache/")[2] for line in result.stdout.splitlines() if "/cache/" in line]
    assert files == [".unfinished/big.lock", ".unfinished/small.lock", "small.bin"]
    assert server.requests == (["/small"] if not known else ["/small", "/big"])


def test_full_disk_while_unpacking_is_named(shelf, server, on_small_disk):
    member = random.Random(2).randbytes(1000) * 1000
    archive = zipped(one=member)
    shelf.add("archive", archive, members={"in/one": content(member)},
              sources=[{"kind": "url", "url": server.put("/a.zip", archive)}])
    result = on_small_disk("get archive; find $DISK -type f | sort")
    assert "FAILED Cannot store archive (" in result.stderr
    assert "is full: free some space" in result.stderr
    assert result.stdout.split()[-2:] == [line for line in result.stdout.split() if line.endswith((".lock", ".bin"))]
