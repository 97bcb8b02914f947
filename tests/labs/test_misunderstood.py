"""tools.labs.misunderstood: hints have names, and names a place in the lessons."""

import pytest

from tools.labs import build, misunderstood
from tools.lessons.notebooks import ROOT, NotebookError

KNOWN = [
    build.WrongAnswer("step1", "is the base price in it", "", "忘了底價", "Forgets the base price", "04:1"),
    build.WrongAnswer("step1", "in thousands", "", "單位錯了", "Counts in another unit", "04:1"),
    build.WrongAnswer("step2", "is the base price in it", "", "另一件事", "Something else", "04:2"),
    build.WrongAnswer("step2", "no name", ""),
]
HINT = "底價加了嗎？ Off: is the base price in it?"


def test_hint_stands_for_the_wrong_answer_of_its_step():
    forgets = misunderstood.Misunderstanding("忘了底價", "Forgets the base price", "04:1")
    assert misunderstood.named(KNOWN, "step1", "CheckFailed", HINT) == [forgets]
    assert [what.en for what in misunderstood.named(KNOWN, "step2", "CheckFailed", HINT)] == ["Something else"]


@pytest.mark.parametrize(("kind", "hint"), [
    ("CheckFailed", "another hint"), ("CheckFailed", "no name"), ("AssertionError", HINT), ("", HINT),
])  # fmt: skip
def test_other_hints_and_other_errors_have_no_name(kind, hint):
    assert misunderstood.named(KNOWN, "step2", kind, hint) == []


@pytest.mark.parametrize("kind", misunderstood.EVERYWHERE)
def test_what_every_check_finds_has_one_name_in_all_labs(kind):
    assert misunderstood.named(KNOWN, "step1", kind, HINT) == [misunderstood.EVERYWHERE[kind]]


def test_lab_without_wrong_answers_has_no_names(tmp_path):
    assert misunderstood.answers(build.Lab(tmp_path / "labs/source/lab01_tiny.py")) == []


def test_place_is_found_by_step_and_by_heading():
    assert misunderstood.place("01:8", ROOT) == ("第 01 課步驟 8：檢視與副本", "lesson 01, Step 8: Views and copies")
    assert misunderstood.place("23:The score threshold", ROOT) == ("第 23 課：分數門檻", "lesson 23, The score threshold")


@pytest.mark.parametrize(("repeat", "said"), [
    ("01:99", "01_numpy.py has no step '99'"), ("23:No such heading", "has no step"), ("01:", "has no step ''"),
    ("77:1", "expected a lesson and its step"), ("", "expected a lesson and its step"),
])  # fmt: skip
def test_place_that_does_not_exist_is_one_sentence(repeat, said):
    with pytest.raises(NotebookError, match=said):
        misunderstood.place(repeat, ROOT)


@pytest.mark.parametrize("lab", build.find(), ids=lambda lab: lab.name)
def test_each_wrong_answer_of_a_lab_has_a_name_of_its_own_or_shares_hint_and_name(lab):
    answers = build.wrong_answers(lab)
    assert all(answer.means_zh and answer.means_en and answer.repeat for answer in answers)
    for step in build.STEPS:
        names = {(answer.hint, answer.means_zh, answer.means_en) for answer in answers if answer.step == step}
        assert len({hint for hint, *_ in names}) == len({zh for _, zh, _ in names}) == len({en for *_, en in names}) == len(names)
