"""tools.lessons.study: minutes of steps; and the plans of docs/syllabus.md, which fit into their hours."""

import functools
import re

import pytest
from support import write_lesson

from tools.labs import build
from tools.lessons import notebooks, slides, study

LESSON = """# %% [markdown]
# # 42 答案 · The answer
#
# | | |
# |---|---|
# | 學習時間 · Study time | 約 30 分鐘 · about 30 minutes |

# %% [markdown]
# ## 步驟 1：讀 · Step 1: Read

# %% [markdown]
# ## 步驟 2：寫 · Step 2: Write

# %% gap="answer"
### BEGIN SOLUTION
answer = 42
### END SOLUTION

# %% [markdown]
# ## 學到了什麼 · What we learned
#
# ## 參考資料 · References
"""
SYLLABUS = (notebooks.ROOT / "docs" / "syllabus.md").read_text(encoding="utf-8")
BREAK = 10  # minutes in a half day of three hours


def steps(folder, *change):
    return study.steps(
        notebooks.read_source(write_lesson(folder, LESSON.replace(*change) if change else LESSON).source)
    )


def test_steps_share_the_minutes_of_the_lesson_and_a_gap_takes_longer(tmp_path):
    found = steps(tmp_path)
    assert list(found) == ["步驟 1：讀 · Step 1: Read", "步驟 2：寫 · Step 2: Write", "學到了什麼 · What we learned"]
    assert sum(found.values()) == 30
    read, write, end = found.values()
    assert write > read > 0 < end


def test_more_to_read_takes_longer(tmp_path):
    longer = steps(
        tmp_path, "Step 1: Read\n", f"Step 1: Read\n#\n# {'很長的一段。' * 200}\n#\n# {'A long piece. ' * 600}\n"
    )
    assert longer["步驟 1：讀 · Step 1: Read"] > longer["步驟 2：寫 · Step 2: Write"]


@pytest.mark.parametrize("said", ["約 30 分鐘 · about 20 minutes", "不久 · not long"])
def test_without_minutes_that_both_languages_say_no_step_has_any(tmp_path, said):
    assert set(steps(tmp_path, "約 30 分鐘 · about 30 minutes", said).values()) == {0}


def test_fewer_minutes_than_steps_leave_the_lightest_without():
    assert study.shared(2, {"a": 1.0, "b": 3.0, "c": 2.0}) == {"a": 0, "b": 1, "c": 1}


@pytest.mark.parametrize("lesson", notebooks.find(), ids=lambda lesson: lesson.number)
def test_steps_of_a_lesson_add_up_to_what_its_opening_says(lesson):
    nb = notebooks.read_source(lesson.source)
    found = study.steps(nb)
    assert sum(found.values()) == study.whole(nb) >= 30
    assert min(found.values()) >= 1


# The plans


@functools.cache
def on_stage(number):
    return slides.schedule(notebooks.read_built(notebooks.find(number)[0].built))


def clock(time):
    hours, minutes = time.split(":")
    return 60 * int(hours) + int(minutes)


def numbers(text):
    """Return the numbers of `1–3、5`."""
    ends = [[int(end) for end in part.split("–")] for part in text.split("、")]
    return {number for first, *last in ends for number in range(first, (last or [first])[0] + 1)}


def minutes(item):
    """Return how long an item of a plan takes: `06，步驟 1–9`, `23，不含「打開盒子」`, `練習 06a`, or `專案，10 分鐘`."""
    if lab := re.search(r"練習 (\d\d[a-c]?)", item):
        return int(build.MINUTES.search(build.find(lab[1])[0].notebook.cells[0].source)[1])
    if said := re.search(r"(\d+) 分鐘", item):
        return int(said[1])
    lesson, part, without = (re.search(text, item) for text in (r"^\[?(\d\d)", r"，步驟 ([\d–、]+)", r"不含「(.+?)」"))
    if not lesson:
        assert item.startswith("回家的路"), f"no lesson, lab or minutes in {item!r}"
        return 0
    chosen, taken = numbers(part[1]) if part else set(), 0.0
    named = {number for number in chosen if any(step.startswith(f"步驟 {number}：") for step, _ in on_stage(lesson[1]))}
    assert named == chosen, item
    assert not without or any(step.startswith(without[1]) for step, _ in on_stage(lesson[1])), item
    for step, its in on_stage(lesson[1]):
        number = re.match(r"步驟 (\d+)：", step)
        if not (part and number and int(number[1]) not in chosen) and not (without and step.startswith(without[1])):
            taken += its
    return taken


def rows(heading):
    section = SYLLABUS.split(f"\n## {heading}", 1)[1].split("\n## ")[0]
    table = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return table[1:]


def test_every_lesson_and_lab_of_the_one_day_plan_fits_its_time():
    ends = clock("09:00")
    for time, what, *_ in rows("一天（六小時）"):
        begin, end = map(clock, time.split(" – "))
        assert begin >= ends
        assert round(minutes(what)) <= end - begin, f"{time} {what}: {minutes(what):.0f} minutes"
        ends = end


def test_the_one_day_plan_is_six_hours_of_class_with_two_breaks_and_lunch():
    times = [list(map(clock, time.split(" – "))) for time, *_ in rows("一天（六小時）")]
    assert sum(end - begin for begin, end in times) <= 6 * 60
    gaps = [after[0] - before[1] for before, after in zip(times, times[1:], strict=False)]
    assert sorted(gap for gap in gaps if gap) == [10, 10, 60]


@pytest.mark.parametrize(("heading", "count"), [("兩天（十二小時）", 4), ("十二週，每週三小時", 12)])
def test_every_half_day_and_every_week_fits_three_hours_with_a_break(heading, count):
    plan = rows(heading)
    assert len(plan) == count
    for when, what, *_ in plan:
        taken = round(sum(map(minutes, what.split("；"))))
        assert 60 < taken <= 180 - BREAK, f"{when}: {taken} minutes"
