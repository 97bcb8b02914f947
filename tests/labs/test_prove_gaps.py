"""tools.labs.prove_gaps: a gap that holds is proven; each fault of a gap is named."""

import pytest

from tools.labs import prove_gaps
from tools.lessons import notebooks

LESSON = '''# %% [markdown]
# # 42 答案 · The answer

# %%
from utils.notebook import checks

# %% gap="half"
def half(x):
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION

# %% tags=["check"]
checks.that(half(3) == 1.5, "對。 Right.", "要保留小數。 Keep the fraction.")

# %% gap="quarter"
### BEGIN SOLUTION
quarter = half(half(1))
### END SOLUTION

# %% tags=["check"]
checks.close(quarter, 0.25, "對。 Right.", "一半的一半。 Half of a half.")
'''
WRONG = '''# %% replaces="half" hint="Keep the fraction"
def half(x):
    return x // 2

# %% replaces="quarter" hint="Half of a half"
quarter = half(1)
'''


@pytest.fixture
def prove(tmp_path):
    """A function that writes a lesson and its wrong answers, with something replaced, and returns what is found."""

    def run(lesson=("", ""), wrong=("", "")):
        (tmp_path / "42_answer.py").write_text(LESSON.replace(*lesson) if lesson[0] else LESSON, encoding="utf-8")
        (tmp_path / "42_answer.wrong.py").write_text(WRONG.replace(*wrong) if wrong[0] else WRONG, encoding="utf-8")
        return prove_gaps.contradictions(tmp_path / "42_answer.py")

    return run


def test_gaps_that_hold_are_proven(prove):
    assert prove() == []


@pytest.mark.parametrize(("lesson", "wrong", "finding"), [
    (("half(3) == 1.5", "callable(half)"), ("", ""), "half: empty, it should say that it is not written, but: it passes"),
    (("half(3) == 1.5", "half(3) > 0"), ("", ""), "half: a wrong answer should meet 'Keep the fraction', but: it passes"),
    (("", ""), ("Keep the fraction", "Round it"), "should meet 'Round it', but: CheckFailed: 要保留小數。 Keep the fraction."),
    (("", ""), ("return x // 2", "return nothing"), "should meet 'Keep the fraction', but: NameError"),
    (("return x / 2", "return x / 3"), ("", ""), "fails: CheckFailed: 要保留小數"),
    (("", ""), ('# %% replaces="quarter" hint="Half of a half"\nquarter = half(1)\n', ""), "quarter: has no wrong answer"),
])  # fmt: skip
def test_a_gap_with_a_fault_is_found(prove, lesson, wrong, finding):
    found = "\n".join(prove(lesson, wrong))
    assert finding in found


def test_a_wrong_answer_to_no_gap_is_refused(prove):
    with pytest.raises(notebooks.NotebookError, match="cell 1 replaces 'third'; expected one of half, quarter"):
        prove(wrong=('replaces="half"', 'replaces="third"'))
