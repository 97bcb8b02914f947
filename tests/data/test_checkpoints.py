import json
from unittest import mock

import pytest

from utils.data import __main__ as command_line
from utils.data import catalog, checkpoints

FILES = {"06_convolutions.json": b"{}", "06_convolutions.npz": b"weights"}


@pytest.fixture
def here(shelf, monkeypatch):
    """An empty catalog, and beside it the folder of checkpoints, which is not there yet."""
    shelf.path.write_text("")
    monkeypatch.delenv("COURSE_MIRROR", raising=False)
    return checkpoints.folder()


def put(folder):
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)


def contents(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("06*")} if folder.is_dir() else {}


@pytest.mark.parametrize("by", ["folder", "address"])
def test_a_mirror_carries_checkpoints_to_a_class(here, server, tmp_path, monkeypatch, capsys, by):
    put(here)
    mirror = tmp_path / "mirror"
    assert command_line.main(["mirror", str(mirror)]) == 0
    assert "checkpoints: 2 files" in capsys.readouterr().out
    for path in [*here.iterdir()]:
        path.unlink()
    for path in mirror.iterdir():
        server.put(f"/{path.name}", path.read_bytes())
    monkeypatch.setenv("COURSE_MIRROR", str(mirror) if by == "folder" else server.address)
    assert command_line.main(["all"]) == 0
    assert "checkpoints: 2 files are here" in capsys.readouterr().out
    assert contents(here) == FILES
    asked = len(server.requests)
    assert checkpoints.fetch() == "checkpoints: 2 files are here"
    assert server.requests[asked:] == (["/checkpoints.json"] * 2 if by == "address" else [])


def test_a_mirror_that_takes_no_checkpoints_is_told_in_one_sentence(here, tmp_path, monkeypatch, capsys):
    put(here)
    monkeypatch.setattr(checkpoints.shutil, "copyfile", mock.Mock(side_effect=OSError(28, "No space left on device")))
    (tmp_path / "mirror").mkdir()
    assert command_line.main(["mirror", str(tmp_path / "mirror")]) == 1
    assert "Cannot store the checkpoints: " in (said := capsys.readouterr().err) and "DIR=" in said
    assert list((tmp_path / "mirror").glob("06*")) == []


def test_without_checkpoints_or_without_a_mirror_nothing_is_said(here, tmp_path, monkeypatch):
    (tmp_path / "mirror").mkdir()
    assert checkpoints.share(tmp_path / "mirror") == checkpoints.fetch() == ""
    monkeypatch.setenv("COURSE_MIRROR", str(tmp_path / "mirror"))
    assert checkpoints.fetch() == ""
    assert not here.exists()


@pytest.mark.parametrize(("listed", "reason"), [
    ({"06_convolutions.npz": [7, "0" * 64]}, "another hash than the mirror's list says"),
    ({"06_convolutions.npz": [3, "0" * 64]}, "more than the expected 3 bytes"),
    ({"06_lost.npz": [7, "0" * 64]}, "does not hold 06_lost.npz"),
    ({"../06_convolutions.npz": [7, "0" * 64]}, "is no plain file name"),
    (["06_convolutions.npz"], "lessons without one train as usual"),
])  # fmt: skip
def test_what_a_mirror_lacks_or_sends_wrong_is_said_and_not_kept(here, tmp_path, monkeypatch, listed, reason):
    mirror = tmp_path / "mirror"
    put(mirror)
    (mirror / "checkpoints.json").write_text(json.dumps(listed))
    monkeypatch.setenv("COURSE_MIRROR", str(mirror))
    assert reason in checkpoints.fetch()
    assert contents(here) == {}
    assert not (catalog.PATH.parent / "06_convolutions.npz").exists()
