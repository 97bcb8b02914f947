"""tools.labs.hints, and the referee with them: what a submission gives back is told from the lab's own words in a hint."""

import pytest

from tools.labs import hints, referee

CHECK = '''
def judged(found, hint):
    checks.that(found == 1, "p", f"得到 {found!r:.40}。{hint}")

judged(answer(), "要的是一。 One is wanted.")
'''


class Pipe:
    """A submission whose functions all answer the same."""

    def __init__(self, answer):
        self.answer, self.changed = answer, {}

    def begin(self, *_):
        pass

    def end(self):
        return {}

    def call(self, *_):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def judged(answer, check=CHECK):
    """What the referee says of a step whose function gives an answer."""
    given = [{"name": "imports", "source": "from utils.notebook import checks", "solution": False},
             {"name": "step1", "source": "def answer(): pass", "solution": True},
             {"name": "step1_check", "source": check, "solution": False}]  # fmt: skip
    said = []
    job = {"given": given, "skip": [], "steps": ["step1"]}
    referee.Referee(job, Pipe(answer), lambda **what: said.append(what)).judge(given)
    return said[-1]


def test_hint_comes_without_what_the_submission_gave_but_with_its_numbers_and_their_format():
    said = judged("Another hint")
    assert said == {"done": "step1", "kind": "CheckFailed", "hint": "得到 。要的是一。 One is wanted.",
                    "error": "CheckFailed: 得到 'Another hint'。要的是一。 One is wanted."}  # fmt: skip
    assert judged(7)["hint"] == "得到 7。要的是一。 One is wanted."
    said = judged(2.0, 'checks.that(False, "p", f"{answer():.3f} {answer()!r:>5} {\'a\'!r} {len([1]):02d}{answer():.{1}f}")')
    assert said["hint"] == "2.000   2.0 'a' 012.0"


def test_kind_of_a_failed_check_is_its_class_and_a_passed_step_has_none():
    assert judged(1) == {"done": "step1", "error": "", "kind": "", "hint": ""}
    assert judged(None, 'checks.close(answer(), 1, "p", "h")')["kind"] == "GotNone"


@pytest.mark.parametrize("answer", [
    "要的是一。 One is wanted.", ["One is wanted"], {"One is wanted": 1}, f"{hints.CLOSE}One is wanted{hints.OPEN}",
    (hints.CLOSE, "One is wanted"),
])  # fmt: skip
def test_text_of_a_submission_is_never_taken_for_the_labs(answer):
    said = judged(answer, 'checks.that(answer() == 1, "p", f"A {answer()} B")\nOTHER = "要的是一。 One is wanted."')
    assert said["hint"] == "A  B"
    assert hints.OPEN not in said["error"]


@pytest.mark.parametrize("answer", [AssertionError("One is wanted"), type("CheckFailed", (Exception,), {"hint": "One is wanted"})()])
def test_error_of_a_submission_has_no_kind(answer):
    assert (judged(answer)["kind"], judged(answer)["hint"]) == ("", "")


def test_hint_by_name_and_hint_that_is_a_variable_are_put_together_too():
    texts = 'broken = answer() or "h"\nchecks.that(False, passed="p", hint=broken)'
    assert judged("", texts)["hint"] == "h"
    assert judged("One is wanted", texts)["hint"] == ""
