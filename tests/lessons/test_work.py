"""tools.lessons.work: what a student wrote survives every new version of the course."""

import json

import pytest

from tools.lessons import work

NAMES = ["labs/lab01_arrays.ipynb", "lessons/00_welcome.ipynb", "lessons/01_numpy.ipynb"]


@pytest.fixture
def course(tmp_path):
    (tmp_path / "notebooks" / "workbook").mkdir(parents=True)
    (tmp_path / "labs").mkdir()
    for name in NAMES:
        original(tmp_path, name).write_text("first edition", encoding="utf-8")
    return tmp_path


def original(course, name):
    return course / name.replace("lessons/", "notebooks/workbook/")


def fill(course):
    return work.fill(course / "work", course)


def test_everything_is_put_there_once(course):
    assert fill(course) == []
    assert {name: (course / "work" / name).read_text() for name in NAMES} == dict.fromkeys(NAMES, "first edition")
    assert (course / "work" / "projects").is_dir()
    assert fill(course) == []


def test_a_new_version_replaces_what_nobody_touched_and_leaves_what_somebody_did(course):
    fill(course)
    (course / "work" / NAMES[2]).write_text("my answer", encoding="utf-8")
    for name in NAMES:
        original(course, name).write_text("second edition", encoding="utf-8")
    assert fill(course) == [NAMES[2]]
    found = [(course / "work" / name).read_text() for name in NAMES]
    assert found == ["second edition", "second edition", "my answer"]
    assert fill(course) == [NAMES[2]]


def notebook(path, source="1 + 1", count=None, metadata=None):
    outputs = [] if count is None else [{"output_type": "execute_result", "execution_count": count, "metadata": {}, "data": {}}]
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "execution_count": count, "outputs": outputs}
    path.write_text(json.dumps({"cells": [cell], "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}))


@pytest.mark.parametrize(("by_student", "is_touched"), [
    ({"metadata": {"language_info": {"name": "python", "version": "3.11.7"}}}, False),  # as JupyterLab saves one just opened
    ({"count": 1}, True),
    ({"source": "1 + 2"}, True),
])
def test_opening_a_notebook_is_not_touching_it_and_running_or_changing_it_is(course, by_student, is_touched):
    notebook(original(course, NAMES[1]))
    fill(course)
    notebook(course / "work" / NAMES[1], **by_student)
    notebook(original(course, NAMES[1]), source="the second edition")
    assert fill(course) == [NAMES[1]] * is_touched
    assert ("the second edition" in (course / "work" / NAMES[1]).read_text()) is not is_touched


def test_a_lab_leads_to_the_students_own_workbook_and_is_still_seen_as_untouched(course):
    (course / "labs" / "lab01_arrays.ipynb").write_text("[01](../notebooks/01_numpy.ipynb)", encoding="utf-8")
    assert fill(course) == []
    copy = course / "work" / NAMES[0]
    assert copy.read_text(encoding="utf-8") == "[01](../lessons/01_numpy.ipynb)"
    (course / "labs" / "lab01_arrays.ipynb").write_text("second edition", encoding="utf-8")
    assert fill(course) == [] and copy.read_text(encoding="utf-8") == "second edition"


def test_own_files_beside_them_are_left_alone_and_a_deleted_notebook_comes_again(course):
    fill(course)
    (course / "work" / "lessons" / "mine.ipynb").write_text("mine", encoding="utf-8")
    (course / "work" / NAMES[0]).unlink()
    assert fill(course) == []
    assert (course / "work" / "lessons" / "mine.ipynb").read_text() == "mine"
    assert (course / "work" / NAMES[0]).read_text() == "first edition"


@pytest.mark.parametrize("record", ["", "not JSON", "[1, 2]", None])
def test_without_its_record_everything_that_differs_counts_as_the_students(course, record):
    fill(course)
    (course / "work" / NAMES[1]).write_text("my answer", encoding="utf-8")
    (course / "work" / work.GIVEN).unlink()
    if record is not None:
        (course / "work" / work.GIVEN).write_text(record, encoding="utf-8")
    assert fill(course) == [NAMES[1]]
    assert (course / "work" / NAMES[1]).read_text() == "my answer"
    assert set(json.loads((course / "work" / work.GIVEN).read_text())) == {NAMES[0], NAMES[2]}


def test_the_real_course_offers_every_workbook_and_lab():
    offered = work.offered()
    assert {"lessons/00_welcome.ipynb", "lessons/26_train_a_detector.ipynb"} <= set(offered)
    assert sum(name.startswith("labs/") for name in offered) == 22
    assert sum(name.startswith("projects/") for name in offered) == 3
