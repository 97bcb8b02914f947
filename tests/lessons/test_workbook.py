"""tools.lessons.workbook: the lesson without results, its gaps empty, a place to write below every question."""

import pytest
from support import write_lesson

from tools.lessons import notebooks, workbook

LESSON = '''# %% [markdown] slideshow={"slide_type": "slide"}
# # 42 答案 · The answer
#
# ⏱ {{minutes}}，看[練習](../labs/lab01.ipynb)和[下一課](43_next.ipynb)。 See [the page](https://example.org) and [below](#end).

# %% [markdown] slideshow={"slide_type": "slide"}
# 🤔 是多少？ 🤔 How much is it?

# %% [markdown] slideshow={"slide_type": "notes"} tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 四十二。 Forty-two it is.
#
# </details>

# %% gap="answer" slideshow={"slide_type": "fragment"}
def answer():
    """Return it."""
    ### BEGIN SOLUTION
    return 42
    ### END SOLUTION

# %% slideshow={"slide_type": "fragment"} tags=["check"]
checks.that(answer() == 42, "對。 Right.", "不對。 Not right.")
'''


@pytest.fixture
def lesson(tmp_path):
    """A function that writes a lesson, with something replaced, and returns it."""
    return lambda old="", new="": write_lesson(tmp_path, LESSON.replace(old, new) if old else LESSON)


def test_a_workbook_has_no_outputs_and_its_gaps_are_empty(lesson):
    nb = workbook.workbook(lesson(), seconds=60)
    gap = next(cell for cell in nb.cells if cell.metadata.get("gap"))
    assert gap.source == f'def answer():\n    """Return it."""\n    {notebooks.stub("answer", "answer")}'
    assert all(not cell.outputs and cell.execution_count is None for cell in nb.cells if cell.cell_type == "code")
    with pytest.raises(NotImplementedError, match="answer is not written yet"):
        exec(f"{gap.source}\nanswer()", {})


def test_checks_are_folded_and_nothing_else_is(lesson):
    nb = workbook.workbook(lesson(), seconds=60)
    folded = [cell for cell in nb.cells if cell.metadata.get("jupyter", {}).get("source_hidden")]
    assert [cell.source for cell in folded] == ['checks.that(answer() == 42, "對。 Right.", "不對。 Not right.")']


def test_a_question_stands_out_as_a_quotation_and_the_text_around_it_does_not(lesson):
    nb = workbook.workbook(lesson("# 🤔 是多少？", "# 看：一個🤔。\n#\n# 🤔 是\n# 多少？\n#\n# 結束。\n#\n# 🤔 是多少？"), seconds=60)
    question = next(cell.source for cell in nb.cells if "是多少" in cell.source)
    assert question == "看：一個🤔。\n\n> 🤔 是\n> 多少？\n\n結束。\n\n> 🤔 是多少？ 🤔 How much is it?"


def test_below_every_question_is_a_place_to_write_and_then_the_folded_answer(lesson):
    sources = [cell.source for cell in workbook.workbook(lesson(), seconds=60).cells]
    place = sources.index(workbook.PLACE)
    assert sources[place - 1].startswith("> 🤔")
    assert sources[place + 1].startswith("<details>")


def test_the_opening_says_how_long_it_takes_and_leads_to_the_complete_lesson(lesson):
    opening, note = workbook.workbook(lesson(), seconds=60).cells[:2]
    assert "about 1 minute on two CPU cores" in opening.source
    assert "[here](../../notebooks/42_answer.ipynb)" in note.source


def test_links_go_by_the_folder_of_the_course_and_lead_to_the_students_own_lab(lesson):
    opening = workbook.workbook(lesson(), seconds=60).cells[0].source
    for link in ("(../../work/labs/lab01.ipynb)", "(../../notebooks/43_next.ipynb)", "(https://example.org)", "(#end)"):
        assert link in opening


def test_a_workbook_is_written_beside_the_lessons_and_is_the_same_each_time(lesson):
    notebook = lesson()
    workbook.build(notebook, seconds=60)
    written = notebook.workbook.read_bytes()
    workbook.build(notebook, seconds=60)
    assert notebook.workbook == notebook.built.parent / "workbook" / "42_answer.ipynb"
    assert notebook.workbook.read_bytes() == written


def test_below_a_steps_heading_stand_its_minutes(tmp_path):
    row = "# | 學習時間 · Study time | 約 9 分鐘 · about 9 minutes |\n#\n# ⏱"
    text = LESSON.replace("# ⏱", row).replace("# 🤔", "# ## 步驟 1：想 · Step 1: Think\n#\n# 🤔", 1)
    step = next(cell for cell in workbook.workbook(write_lesson(tmp_path, text), seconds=60).cells if "步驟 1" in cell.source)
    assert step.source.startswith("## 步驟 1：想 · Step 1: Think\n\n⏱ 約 9 分鐘 · about 9 min\n\n> 🤔")


@pytest.mark.parametrize(("old", "new", "message"), [
    ('gap="answer" ', "", r"cell 4 \('def answer\(\):'\): a gap is a cell that says gap=\"name\" and holds ### BEGIN"),
    ("    ### BEGIN SOLUTION\n    return 42\n    ### END SOLUTION\n", "    return 42\n", "one of the two is missing"),
    (' tags=["check"]', "", "the cell below the gap 'answer' is no check"),
    ("    ### END SOLUTION\n", "", "the gap 'answer' cannot be emptied"),
])  # fmt: skip
def test_a_malformed_gap_is_named(lesson, old, new, message):
    with pytest.raises(notebooks.NotebookError, match=message):
        workbook.workbook(lesson(old, new), seconds=60)


def test_two_gaps_of_one_name_are_refused(lesson):
    gap = LESSON[LESSON.index('# %% gap="answer"'):]
    with pytest.raises(notebooks.NotebookError, match="two gaps are called 'answer'"):
        workbook.workbook(lesson(gap, gap + "\n" + gap), seconds=60)
