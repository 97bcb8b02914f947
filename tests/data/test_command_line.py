import json
import os
import subprocess
import sys
from unittest import mock

import pytest
from support import status

from utils.data import __main__ as command_line
from utils.data import catalog, fetch, verify

NPM = [{"kind": "npm", "package": "@course/numbers", "version": "1.0.0"}]


@pytest.fixture
def course(shelf, server, monkeypatch, tmp_path):
    """Two lesson assets, one of them an archive that needs npm, which is missing, and a full one."""
    for name, edition in (("one", "lesson"), ("two", "full")):
        data = name.encode()
        shelf.add(name, data, edition=edition, sources=[{"kind": "url", "url": server.put(f"/{name}", data)}])
    shelf.add("three", b"3", filename="three.tgz", sources=NPM, members={"in/three": {"size": 1}})
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    return shelf


def run(capsys, *arguments) -> tuple[int, str, str]:
    result = command_line.main(list(map(str, arguments)))
    return result, *capsys.readouterr()


def test_list_is_a_table_of_what_is_where(course, capsys, tmp_path, monkeypatch):
    fetch.fetch("one")
    (tmp_path / "two.bin").write_bytes(b"two")
    monkeypatch.setenv("COURSE_MIRROR", str(tmp_path))
    course.add("fourth", sha256=None, size=None, max_size=9, sources=NPM)
    capsys.readouterr()
    result, output, _ = run(capsys, "list")
    assert result == 0
    assert [line.split() for line in output.splitlines()[:6]] == [
        ["asset", "edition", "size", "licence", "where", "lessons"],
        ["------", "-------", "------------------", "-------", "--------", "-------"],
        ["one", "lesson", "0.0", "kB", "CC0", "cache"],
        ["two", "full", "0.0", "kB", "CC0", "mirror"],
        ["three", "lesson", "0.0", "kB", "CC0", "not", "here"],
        ["fourth", "lesson", "size", "not", "published", "CC0", "not", "here"],
    ]
    assert "No hash is published for fourth: the first copy is trusted and recorded." in output
    assert f"Cache: {course.cache}" in output


def test_list_asks_a_mirror_on_the_network_once_if_it_does_not_answer(course, capsys, monkeypatch):
    monkeypatch.setenv("COURSE_MIRROR", "http://127.0.0.1:9")
    result, output, errors = run(capsys, "list")
    assert result == 0
    assert errors == "The mirror http://127.0.0.1:9 cannot be reached: cannot connect to 127.0.0.1:9\n"
    assert output.count("not here") == 3


def test_list_sees_what_a_mirror_on_the_network_has_unless_offline(course, server, capsys, monkeypatch):
    monkeypatch.setenv("COURSE_MIRROR", server.address)
    server.put("/one.bin", b"one")
    assert run(capsys, "list")[1].count(" mirror\n") == 1
    asked = len(server.requests)
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert run(capsys, "list")[1].count(" mirror\n") == 0
    assert len(server.requests) == asked


def test_get_fetches_what_it_is_told_and_all_of_a_collection(course, server, capsys):
    for name in ("photo_a", "photo_b"):
        course.add(name, b"p", collection="photos", sources=[{"kind": "url", "url": server.put(f"/{name}", b"p")}])
    assert run(capsys, "get", "two")[:2] == (0, "two: here\n1 of 1 assets are here\n")
    assert run(capsys, "get", "photos")[1] == "photo_a: here\nphoto_b: here\n2 of 2 assets are here\n"
    assert not (course.cache / "one.bin").exists()


def test_get_of_something_unknown_fetches_nothing(course, server, capsys):
    result, _, errors = run(capsys, "get", "one", "tow")
    assert result == 1
    assert "'tow' is not in the data catalog. Did you mean 'two'?" in errors
    assert server.requests == []


def test_all_names_what_failed_and_brings_the_rest(course, capsys):
    result, output, errors = run(capsys, "all")
    assert result == 1
    assert output.splitlines() == ["one: here", "1 of 2 assets are here; not here: three"]
    assert "FAILED Cannot get three (lesson edition, 0.0 kB). Tried: npm @course/numbers@1.0.0: npm is not installed (it" in errors
    assert run(capsys, "all", "--edition", "full")[1].splitlines()[:1] == ["two: here"]


def test_all_of_a_lesson_is_what_it_needs_and_no_more(course, server, capsys):
    four = {"lessons": ["07", "17"], "title": "Four", "sources": [{"kind": "url", "url": server.put("/four", b"4")}]}
    course.add("four", b"4", **four)
    course.add("five", b"5", **four | {"edition": "full", "title": "Five"})
    said = "Lesson 17 needs four, 0.0 kB: Four\nfour: here\n1 of 1 assets are here\n"
    assert run(capsys, "all", "--lesson", "17")[:2] == (0, said)
    assert run(capsys, "all", "--lesson", "7")[1] == said.replace("17", "7").replace("four: here\n", "")
    assert server.requests == ["/four"]
    assert "needs five, 0.0 kB: Five" in run(capsys, "all", "--lesson", "17", "--edition", "full")[1]
    assert run(capsys, "all", "--lesson", "05")[:2] == (0, "Lesson 05 needs no data.\n0 of 0 assets are here\n")
    assert run(capsys, "list")[1].count(" 07 17\n") == 2


@pytest.mark.parametrize("lesson", ["99", "x", "1.7", "17_attention"])
def test_a_lesson_that_there_is_not_is_said(course, server, capsys, lesson):
    assert run(capsys, "all", "--lesson", lesson) == (1, "", f"There is no lesson {lesson!r}. There are 00 to 28.\n")
    assert server.requests == []


def test_all_asks_for_nothing_that_is_here_already(course, server, capsys):
    run(capsys, "all")
    (course.cache / "three").mkdir()
    (course.cache / "three" / "three").write_bytes(b"3")  # unpacked before; its archive has been removed since
    server.put("/one", status(500))
    before = list(server.requests)
    assert run(capsys, "all")[:2] == (0, "2 of 2 assets are here\n")
    assert server.requests == before


def hashed_again(monkeypatch) -> list:
    """Return a list that grows by one with each file that is hashed, as if in a new process."""
    found, digest = [], verify.hashlib.file_digest
    verify._verified.clear()
    monkeypatch.setattr(verify.hashlib, "file_digest", lambda file, kind: found.append(file.name) or digest(file, kind))
    return found


def test_all_hashes_what_it_calls_here_but_only_once_while_it_stays_the_same(course, capsys, monkeypatch):
    run(capsys, "all")
    path = course.cache / "one.bin"
    hashed = hashed_again(monkeypatch)
    run(capsys, "all")
    assert hashed == [str(path)]
    verify._verified.clear()
    run(capsys, "all")
    assert hashed == [str(path)]
    path.write_bytes(b"eno")  # of the right size
    os.utime(path, ns=(0, 0))
    run(capsys, "all")
    assert path.read_bytes() == b"one"


@pytest.mark.parametrize("notes", ["", "[]", "{}", '{"a": 3}', "\xff", json.dumps({"/one.bin": [3, 1, "a"]})])
def test_all_hashes_everything_when_its_notes_are_damaged(course, capsys, monkeypatch, notes):
    run(capsys, "get", "one")
    (course.cache / ".verified.json").write_bytes(notes.encode("latin-1"))
    hashed = hashed_again(monkeypatch)
    run(capsys, "all")
    assert hashed == [str(course.cache / "one.bin")]


@pytest.mark.parametrize("arguments", [["all", "--edition", "medium"], ["mirror", "x", "--edition", ""], ["get"], []])
def test_unknown_edition_or_missing_argument_is_explained(course, capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        command_line.main(arguments)
    assert caught.value.code == 2
    assert "error: " in capsys.readouterr().err


@pytest.mark.parametrize("command", [["list"], ["all"], ["get", "one"]])
def test_malformed_catalog_or_impossible_data_folder_is_one_sentence(course, capsys, monkeypatch, command):
    monkeypatch.setenv("COURSE_DATA", "~no-such-user")
    assert "There is no folder COURSE_DATA=~no-such-user: " in run(capsys, *command)[2]
    course.path.write_text("[one]\nedition = 'lesson'\n")
    result, output, errors = run(capsys, *command)
    assert (result, output) == (1, "")
    assert errors == "catalog.toml: entry [one], field title: is missing.\n"


@pytest.mark.usefixtures("usual_umask")
def test_mirror_can_be_used_by_another_machine(course, capsys, tmp_path, monkeypatch):
    course.entries.pop("three")
    course.add("one", b"one", sources=course.entries["one"]["sources"])
    folder = tmp_path / "shared" / "mirror"
    assert run(capsys, "mirror", folder, "--edition", "full")[0] == 0
    assert sorted(path.name for path in folder.iterdir()) == ["one.bin", "two.bin"]
    assert os.stat(folder / "one.bin").st_mode & 0o444 == 0o444
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "another"))
    monkeypatch.setenv("COURSE_MIRROR", str(folder))
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert fetch.fetch("two").read_bytes() == b"two"


def test_mirror_leaves_out_what_may_not_be_handed_out_and_says_so(course, capsys, tmp_path):
    course.add("ours_alone", b"4", republish=False)
    result, output, _ = run(capsys, "mirror", tmp_path / "m", "--edition", "full")
    assert "Left out, as its licence forbids copies: ours_alone. Whoever needs it: make data EDITION=full" in output
    assert not [path for path in (tmp_path / "m").iterdir() if path.name.startswith("ours_alone")]


def test_mirror_repairs_a_damaged_copy_and_leaves_right_ones(course, capsys, tmp_path):
    run(capsys, "mirror", tmp_path / "m")
    (tmp_path / "m" / "one.bin").write_bytes(b"eno")
    result, output, errors = run(capsys, "mirror", tmp_path / "m")
    assert (result, "one: " in output, "FAILED Cannot get three" in errors) == (1, True, True)
    assert (tmp_path / "m" / "one.bin").read_bytes() == b"one"
    assert "one: " not in run(capsys, "mirror", tmp_path / "m")[1]


def test_mirror_that_cannot_be_written_is_named(course, capsys, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    result, _, errors = run(capsys, "mirror", tmp_path / "file")
    assert result == 1
    assert f"FAILED Cannot store one: cannot write to {tmp_path / 'file'} (" in errors.replace(" (0.0 kB)", "")


def test_interruption_is_one_sentence(course, capsys, monkeypatch):
    monkeypatch.setattr(fetch, "fetch", mock.Mock(side_effect=KeyboardInterrupt))
    result, _, errors = run(capsys, "all")
    assert (result, errors) == (1, "Interrupted. Complete files are kept; run this again to go on.\n")


def test_module_runs_as_a_program():
    result = subprocess.run([sys.executable, "-m", "utils.data", "list"], capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")
    assert all(f"\n{name} " in result.stdout for name in catalog.load())


def test_fetching_imports_nothing_of_other_rooms():
    code = "import sys; import utils.data.fetch; print(*sorted(m for m in sys.modules if m.startswith('utils')))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["utils", "utils.data", *(f"utils.data.{name}" for name in (
        "archives", "catalog", "download", "fetch", "packages", "settings", "verify")), "utils.files"]  # fmt: skip
