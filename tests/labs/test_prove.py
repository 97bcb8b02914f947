"""tools.labs.prove: one real lab is proven, and labs with faults are found out on both sides."""

import pytest
from support import change

from labs import tiny
from tools.labs import build, prove
from tools.lessons import notebooks


@pytest.fixture
def lab(tmp_path):
    return tiny.write(tmp_path)


@pytest.mark.slow
def test_lab_02_is_proven_from_both_sides():
    lab = build.find("02")[0]
    assert prove.prove(lab) == dict.fromkeys(prove.claims(lab), "")


def test_good_lab_with_a_function_stub_and_a_statement_stub_is_proven(lab):
    problems = prove.prove(lab)
    assert problems == dict.fromkeys(prove.claims(lab), "")
    assert list(problems) == [
        "solution earns all points", "untouched notebook earns none",
        "stub of step1 says so", "stub of step2 says so", "stub of step3 says so",
        "wrong answer 1 to step1 meets its hint", "wrong answer 2 to step2 meets its hint", "wrong answer 3 to step3 meets its hint",
    ]  # fmt: skip


def test_solution_that_fails_warns_or_has_no_check_is_found_out(lab):
    change(lab.source, "return 1\n", "import warnings; warnings.warn('old'); return 2\n")
    change(lab.source, 'checks.that(three() == 3, "三。 Three.", "要的是三。 Three is wanted.")', "three()")
    problem = prove.prove(lab)[prove.SOLUTION]
    assert "'step1_check' fails: CheckFailed: 要的是一" in problem
    assert "step3_check prints no [PASS]" in problem
    assert "warns: UserWarning: old" in problem


def test_untouched_notebook_that_passes_or_fails_otherwise_is_found_out(lab):
    change(lab.source, "def one():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n",
           "def one():\n    return 1\n    ### BEGIN SOLUTION\n    ### END SOLUTION\n")  # fmt: skip
    change(lab.source, "checks.that(three()", "checks.that(unknown and three()")
    given = f'# %% nbgrader={{"grade": false, "grade_id": "show", "locked": true, "solution": false, {tiny.MARKS}}}\nprint(three())\n'
    lab.source.write_text(f"{lab.source.read_text(encoding='utf-8')}\n{given}", encoding="utf-8")
    problems = prove.prove(lab)
    assert "step1_check does not say that a step is not written, but: it passes" in problems[prove.UNTOUCHED]
    assert problems["stub of step1 says so"] == "its check does not say that step1 is not written, but: it passes"
    assert "step3_check does not say" not in problems[prove.UNTOUCHED]  # step 2's statement stopped, so names may be missing
    assert "the given cell 'show' fails: NotImplementedError" in problems[prove.UNTOUCHED]
    assert "but: NameError: name 'unknown' is not defined" in problems["stub of step3 says so"]


def test_wrong_answer_that_passes_breaks_or_meets_another_hint_is_found_out(lab):
    change(lab.wrong, "return 7", "return 1")
    change(lab.wrong, "two = 7", "two = no_such_name")
    change(lab.wrong, 'hint="要的是三"', 'hint="something else"')
    problems = prove.prove(lab)
    assert problems["wrong answer 1 to step1 meets its hint"] == "the check should stop with the hint '要的是一', but: it passes"
    assert problems["wrong answer 2 to step2 meets its hint"].startswith("its own cell fails: NameError")
    assert problems["wrong answer 3 to step3 meets its hint"].startswith("the hint should hold 'something else', but is: 要的是三")
    assert problems[prove.SOLUTION] == ""


@pytest.mark.parametrize(("solution", "seconds", "said"), [
    ("import os; os._exit(3)", prove.SECONDS, "its process ended with 3"),
    ("while True: pass", 2, "took longer than 2 seconds"),
])
def test_lab_that_takes_its_process_down_or_never_ends_is_said(lab, solution, seconds, said):
    change(lab.source, "return 1\n", f"{solution}\n    return 1\n")
    with pytest.raises(notebooks.NotebookError, match=f"lab05_tiny: .*{said}"):
        prove.prove(lab, seconds=seconds)


def test_unknown_lab_is_one_sentence(capsys):
    assert prove.main(["77"]) == 1
    assert capsys.readouterr().err.startswith("test-labs: There is no lab '77'")
