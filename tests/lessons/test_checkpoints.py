"""`make checkpoints` says in one line what it cannot do. What it keeps and loads is in tests/notebook/test_checkpoint.py."""

from unittest import mock

from tools.lessons import checkpoints, notebooks


def test_a_lesson_that_does_not_exist_is_told_in_one_line(capsys):
    assert checkpoints.main(["99"]) == 1
    assert capsys.readouterr().err.startswith("checkpoints: ")


def test_a_lesson_that_fails_is_named(monkeypatch, capsys):
    monkeypatch.setattr(notebooks, "execute", mock.Mock(side_effect=notebooks.NotebookError("cell 3 failed")))
    assert checkpoints.main(["08"]) == 1
    assert capsys.readouterr().err == "checkpoints: 08_recurrent_networks: cell 3 failed\n"


def test_more_than_a_class_should_fetch_is_told(monkeypatch, capsys):
    monkeypatch.setattr(checkpoints, "that_train", list)
    monkeypatch.setattr(checkpoints, "stale", list)
    monkeypatch.setattr(checkpoints, "megabytes", lambda: 61.0)
    assert checkpoints.main([]) == 1
    assert "expected at most 60 MB in all. Delete from data/checkpoints/" in capsys.readouterr().err
