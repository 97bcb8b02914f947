"""tools.lessons.seeds on a tiny lesson of its own, and what a lesson and `make check` then make of the stored file."""

import hashlib
import json
import statistics

import pytest
from support import write_lesson

from tools.lessons import check, notebooks, seeds
from utils.notebook import profile

SOURCE = """# %% [markdown] slideshow={"slide_type": "slide"}
# # 42 答案 · The answer
#
# ⏱ {{minutes}}

# %% slideshow={"slide_type": "skip"}
import numpy as np
from utils.notebook import profile
profile.seed(7)

# %% slideshow={"slide_type": "fragment"}
accuracy = 0.25 * profile.chosen_seed(7)
profile.expect("accuracy", accuracy, at_most=0.25)
profile.expect("drawn", np.random.random(), at_least=0)
if profile.measuring():
    profile.record("ablation", 3.0)
print(profile.measured("answer", "accuracy"))
"""


@pytest.fixture
def lesson(tmp_path):
    return write_lesson(tmp_path, SOURCE)


def rewrite(lesson, old, new):
    assert old in SOURCE
    lesson.source.write_text(SOURCE.replace(old, new), encoding="utf-8")


def findings(lesson):
    return list(check.measured_findings(lesson, notebooks.read_source(lesson.source)))


def test_values_of_all_seeds_are_stored_with_their_spread_source_and_machine(lesson):
    table = seeds.measure(lesson, 3)
    stored = json.loads(lesson.measured.read_text(encoding="utf-8"))
    accuracy = stored["quantities"]["accuracy"]
    assert accuracy["values"] == [0, 0.25, 0.5]  # COURSE_SEED is 0, 1, 2
    assert (accuracy["mean"], accuracy["deviation"]) == (0.25, statistics.stdev([0, 0.25, 0.5]))
    assert accuracy["passed"] == [True, True, False]  # a value outside the bounds is measured, too
    assert len(set(stored["quantities"]["drawn"]["values"])) == 3
    assert stored["quantities"]["ablation"] == {"values": [3, 3, 3], "mean": 3, "deviation": 0, "interval": [3, 3]}
    code = [cell.source for cell in notebooks.read_source(lesson.source).cells if cell.cell_type == "code"]
    assert stored["code_sha256"] == hashlib.sha256("\n# %%\n".join(code).encode()).hexdigest()
    assert (stored["profile"], stored["seeds"]) == ("lesson", [0, 1, 2])
    assert stored["machine"]["cores"] > 0 and all(stored["machine"].values())
    assert "accuracy: 0.25 ± 0.25 (0 … 0.5), 2 of 3 within the bounds" in table


@pytest.mark.parametrize("old, new, message", [
    ('profile.record("ablation", 3.0)', "assert accuracy < 0.25", r"COURSE_SEED=1: cell 3 .* failed: AssertionError"),
    ('profile.record("ablation", 3.0)', 'accuracy and profile.record("b", 1)', "seeds 0 and 1 differ in .* record 'b'"),
    ('"ablation"', '"accuracy"', "COURSE_SEED=0: .*'accuracy' was recorded already in this run. Give every quantity"),
    ("0.25 * profile", "float('nan') * profile", "COURSE_SEED=0: .*measured nan"),
])
def test_run_that_fails_leaves_what_was_stored(lesson, old, new, message):
    lesson.measured.parent.mkdir()
    lesson.measured.write_text("before")
    rewrite(lesson, old, new)
    with pytest.raises(notebooks.NotebookError, match=message):
        seeds.measure(lesson, 2)
    assert [path.read_text() for path in lesson.measured.parent.iterdir()] == ["before"]


@pytest.mark.parametrize(("changed", "then"), [(False, [2, 3]), (True, [0, 1, 2, 3])])
def test_an_interrupted_measurement_goes_on_where_it_stopped_unless_the_code_has_changed(lesson, monkeypatch, changed, then):
    started, run = [], seeds._run

    def stops_once(source, notebook, seed):
        started.append(seed)
        if started == [0, 1, 2]:
            raise notebooks.NotebookError("the kernel died")
        return run(source, notebook, seed)

    monkeypatch.setattr(seeds, "_run", stops_once)
    with pytest.raises(notebooks.NotebookError, match="COURSE_SEED=2: the kernel died"):
        seeds.measure(lesson, 4)
    if changed:
        rewrite(lesson, "at_most=0.25", "at_most=0.3")
    seeds.measure(lesson, 4)
    assert started == [0, 1, 2, *then]
    assert json.loads(lesson.measured.read_text())["quantities"]["accuracy"]["values"] == [0, 0.25, 0.5, 0.75]
    seeds.measure(lesson, 2)
    assert started[-2:] == [0, 1]  # a whole measurement leaves nothing over


def test_a_cell_that_shows_what_is_stored_needs_nothing_stored_while_seeds_run(lesson):
    shows = '# %% tags=["stored"]\nprint(max(profile.measured("answer", "accuracy").values))\n'
    lesson.source.write_text(f"{SOURCE}\n{shows}", encoding="utf-8")
    assert seeds.measure(lesson, 2)
    assert json.loads(lesson.measured.read_text(encoding="utf-8"))["quantities"]["accuracy"]["values"] == [0, 0.25]


def test_one_seed_has_no_spread(lesson, capsys, monkeypatch):
    monkeypatch.setattr(notebooks, "find", lambda selection: [lesson])
    assert seeds.main(["42", "--seeds", "1"]) == 1
    assert "expected at least 2 seeds, for a spread; found 1. Say SEEDS=5" in capsys.readouterr().err


def store(lesson, **fields):
    stored = {"code_sha256": notebooks.code_digest(notebooks.read_source(lesson.source)), "date": "2020-02-02",
              "quantities": {"accuracy": {"values": [0.5, 0.75], "mean": 0.625, "deviation": 0.1768}}} | fields
    lesson.measured.parent.mkdir(exist_ok=True)
    lesson.measured.write_text(json.dumps(stored), encoding="utf-8")


def test_check_says_when_the_code_has_moved_on_and_lets_prose_move(lesson):
    assert findings(lesson) == []  # nothing is stored
    store(lesson)
    rewrite(lesson, "# 42 答案 · The answer", "# 42 另一個標題 · Another title")
    assert findings(lesson) == []
    rewrite(lesson, "profile.seed(7)", '### BEGIN SOLUTION\nprofile.seed(7)\n### END SOLUTION\n\n# %% tags=["check"]\nassert True')
    assert findings(lesson) == []  # a gap measures nothing else
    rewrite(lesson, "profile.seed(7)", "profile.seed(8)")
    assert findings(lesson) == ["measured/42_answer.json: the lesson's code has moved on; run: make seeds NB=42"]


def test_check_finds_a_broken_measured_file_and_one_without_a_lesson(lesson, tmp_path):
    store(lesson)
    lesson.measured.write_text("{")
    assert "run: make seeds NB=42" in findings(lesson)[0]
    lesson.source.unlink()
    assert list(check.orphan_findings(tmp_path)) == [
        "measured/42_answer.json: no lesson has this name; rename it as the lesson was, or remove it"]


def test_lesson_prints_what_is_stored_and_says_so(lesson, monkeypatch):
    monkeypatch.delenv("COURSE_RECORD", raising=False)
    monkeypatch.setattr(profile, "MEASURED", lesson.measured.parent)
    with pytest.raises(ValueError, match="Nothing is measured of the lesson 'answer'. Run: make seeds NB=answer"):
        profile.measured("answer", "accuracy")
    store(lesson)
    found = profile.measured("answer", "accuracy")
    assert found.values == (0.5, 0.75)
    assert str(found) == "0.625 ± 0.1768 (mean ± standard deviation of 2 seeds, stored 2020-02-02)"
    assert f"{found:.2f}".startswith("0.62 ± 0.18 (")
    with pytest.raises(ValueError, match="42_answer.json has no 'loss'; it has: accuracy. Take one"):
        profile.measured("answer", "loss")
