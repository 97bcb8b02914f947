"""tools.lessons.check: a breach of each convention is found, and a good notebook passes."""

import copy

import nbformat
import pytest
from support import write_lesson

from tools.labs import check_sources
from tools.lessons import check, languages, notebooks

GOOD = """# %% [markdown] slideshow={"slide_type": "slide"}
# # 42 答案 · The answer
#
# 🗺 一切的答案 · The answer to everything
#
# 三件事。 Three things you will be able to do.
#
# ⏱ {{minutes}}
#
# | | |
# |---|---|
# | 先備知識 · What you need | 加法 · addition |
# | 學習時間 · Study time | 約 5 分鐘 · about 5 minutes |

# %% slideshow={"slide_type": "skip"}
from utils.notebook import profile

# %% slideshow={"slide_type": "skip"}
COUNT = profile.choose(smoke=1, lesson=2, full=3)
profile.seed(1)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-check-output"]
print(6 * 7)

# %% slideshow={"slide_type": "fragment"}
profile.expect("the answer", 42, at_least=42)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 學到了什麼 · What we learned
# 答案是 42。 The answer is 42.
# ## 原課程的不同之處 · What the original course did differently
# 沒有。 Nothing at all.
# ## 練習 · Lab
# 試試看。 Try it out.
# ## 參考資料 · References
# 無。 None so far.
"""


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    """A good notebook's source, and what the build makes of it (outputs written by hand: no kernel is needed)."""
    source = notebooks.read_source(write_lesson(tmp_path_factory.mktemp("p"), GOOD).source)
    built = copy.deepcopy(source)
    for count, cell in enumerate([c for c in built.cells if c.cell_type == "code"], start=1):
        cell.execution_count = count
    built.cells[3].outputs = [nbformat.v4.new_output("stream", name="stdout", text="42\n")]
    built.metadata.course = {"profile": "lesson", "seconds": 4}
    notebooks.fill_minutes(built, 4)
    return source, built


@pytest.fixture
def source(built_once):
    return copy.deepcopy(built_once[0])


@pytest.fixture
def built(built_once):
    return copy.deepcopy(built_once[1])


def source_findings(source):
    return "\n".join(check.source_findings(source, "42_answer"))


def test_good_notebook_has_no_findings(source, built):
    assert list(check.source_findings(source, "42_answer")) == []
    assert list(check.sync_findings(source, built)) == []
    assert list(check.output_findings(built, 10_000)) == []


@pytest.mark.parametrize(("markdown", "finding"), [
    ("## 步驟 2：建立模型 · Step 2: Build the model", ""),
    ("一張圖。\n\nOne picture.", ""),
    ("One picture only, in English.", "no Chinese"),
    ("只有中文，沒有別的。", "no English"),
    ("這個 `keras.Sequential` 只有程式碼是英文。", "no English"),
    ("$a$ 是向量。 $\\text{a vector of numbers}$", "no English"),
    ("用默認的設計。 Use the default design.", "默認: the course says 預設"),
    ("神经元。 A neuron it is.", "Simplified characters 经"),
    ("`神经元` 是簡體。 Simplified script here.", ""),
    ("皇后在公里外的台灣。 The queen is in Taiwan.", ""),
])
def test_languages_of_a_cell(source, markdown, finding):
    cell = nbformat.v4.new_markdown_cell(markdown, metadata={"slideshow": {"slide_type": "slide"}})
    source.cells.insert(1, cell)
    found = source_findings(source)
    assert finding in found if finding else found == ""


def test_a_lesson_has_three_to_six_gaps(source):
    def with_gaps(count):
        for number in range(count):
            cell = nbformat.v4.new_code_cell("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", metadata={"gap": f"g{number}"})
            source.cells += [cell, nbformat.v4.new_code_cell("checks.that(x)", metadata={"tags": ["check"]})]
        return list(check.gap_findings(source, "42_answer"))

    assert list(check.gap_findings(source, "00_welcome")) == []
    assert with_gaps(2) == ["42_answer.py: expected three to five gaps for the learner, at most six; found 2"]
    source.cells = source.cells[:-4]
    assert with_gaps(3) == []


@pytest.mark.parametrize(("minutes", "kind", "finding"), [
    ("5", "slide", ""),
    ("1", "slide", "the step '學到了什麼 · What we learned' has no study minutes: the row '| 學習時間 · Study time' must say"),
    ("5", "subslide", "the step '步驟 1：加 · Step 1: Add' has no minutes of its own on stage"),
])
def test_a_step_has_minutes_for_a_student_and_on_stage(source, minutes, kind, finding):
    source.cells[0].source = source.cells[0].source.replace("約 5 分鐘 · about 5 minutes", f"約 {minutes} 分鐘 · about {minutes} minutes")
    step = nbformat.v4.new_markdown_cell("## 步驟 1：加 · Step 1: Add", metadata={"slideshow": {"slide_type": kind}})
    source.cells.insert(-1, step)
    found = source_findings(source)
    assert finding in found if finding else found == ""


@pytest.mark.parametrize(("before", "answer", "finding"), [
    ("🤔 為什麼？\n\n🤔 Why is it so?", "<details><summary>解答 · Answer</summary>\n\n因為。\n\nJust because of it.\n\n</details>", ""),
    ("為什麼。\n\nThis is why.", "<details><summary>解答 · Answer</summary>\n\n因為。\n\nJust because of it.\n\n</details>",
     "cell 3 is tagged answer; the cell before it asks no question"),
    ("🤔 為什麼？\n\n🤔 Why is it so?", "因為。\n\nJust because of it.", "cell 3 is tagged answer and not folded"),
    ("🤔 為什麼？\n\n🤔 Why is it so?", "<details><summary>解答 · Answer</summary>\n因為。 Just because of it.\n</details>",
     "cell 3 is tagged answer and not folded"),
])  # fmt: skip
def test_an_answer_is_folded_under_its_question_and_never_missing(source, before, answer, finding):
    for position, text in enumerate((before, answer), start=1):
        cell = nbformat.v4.new_markdown_cell(text, metadata={"slideshow": {"slide_type": "notes"}})
        source.cells.insert(position, cell)
    if "🤔" in before:
        assert source_findings(source) == "cell 2 asks (🤔) and the cell below it, tagged answer, is missing"
    source.cells[2].metadata["tags"] = ["answer"]
    found = source_findings(source)
    assert finding in found if finding else found == ""


@pytest.mark.parametrize(("change", "finding"), [
    (lambda nb: nb.cells[0].update(source="# Title 標題 here {{minutes}}"), "must be markdown that starts with '# 42 title'"),
    *[(lambda nb: nb.cells[0].update(source="# 42 標題 the title"), finding) for finding in
      ("must hold {{minutes}}", "must hold a line '🗺", "must have a row '| 學習時間 · Study time |")],
    (lambda nb: nb.cells.pop(), "section 'References' is missing"),
    (lambda nb: nb.cells.pop(4), "profile.expect(...) is missing"),
    (lambda nb: nb.cells[2].update(source="x = 1"), "profile.choose(...) is missing"),
    (lambda nb: nb.cells[3].metadata.pop("slideshow"), "cell 4 ('print(6 * 7)') has no slide type"),
    (lambda nb: nb.cells[3].metadata.update(tags=["nbval-chek"]), "unknown tag 'nbval-chek'"),
    (lambda nb: nb.cells[3].update(source=" "), "is empty"),
    (lambda nb: nb.cells.clear(), "has no cells"),
])
def test_breach_in_a_source_is_found(source, change, finding):
    change(source)
    assert finding in source_findings(source)


@pytest.mark.parametrize(("change", "finding"), [
    (lambda nb: nb.cells[3].update(source="print(41)"), "cell 4 differs from its source in source: 'print(41)'"),
    (lambda nb: nb.cells[3].metadata.update(tags=[]), "cell 4 differs from its source in metadata"),
    (lambda nb: nb.cells.pop(), "has 5 cells, its source has 6"),
    (lambda nb: nb.metadata.pop("course"), "was not built by make render"),
    (lambda nb: nb.metadata.course.update(profile="smoke"), "another profile than lesson"),
])
def test_notebook_out_of_sync_is_found(source, built, change, finding):
    change(built)
    assert finding in "\n".join(check.sync_findings(source, built))


def stream(name, text):
    return nbformat.v4.new_output("stream", name=name, text=text)


@pytest.mark.parametrize(("change", "finding"), [
    (lambda nb: nb.cells[3].update(execution_count=None), "was not run in order"),
    (lambda nb: nb.cells[3].update(outputs=[]), "no output to compare"),
    (lambda nb: nb.cells[3].metadata.update(tags=["thumbnail"]), "shows no figure"),
    (lambda nb: nb.cells[3].metadata.update(tags=["touch"]), "cell 4 is tagged touch and was run"),
    (lambda nb: nb.cells[3].outputs.append(stream("stderr", "UserWarning: x\n")), "prints to stderr: 'UserWarning: x'"),
    (lambda nb: nb.cells[3].outputs.append(stream("stdout", "x\n" * 30)), "prints 31 lines; at most 30"),
    (lambda nb: nb.cells[3].outputs.append(nbformat.v4.new_output("error", ename="ValueError", evalue="no")),
     "ends in an error: ValueError: no"),
])  # fmt: skip
def test_bad_output_is_found(built, change, finding):
    change(built)
    assert finding in "\n".join(check.output_findings(built, 10_000))
    assert "2,048 kB; at most 1,024 kB" in "\n".join(check.output_findings(built, 2 << 20))


SAID = {"zh": "一條往右上的直線。", "en": "A straight line that rises."}


@pytest.mark.parametrize(("alt", "findings"), [
    (SAID, []),
    (None, ["alternative text (zh) is missing", "alternative text (en) is missing"]),
    ("A straight line that rises.", ["alternative text (zh) is missing", "alternative text (en) is missing"]),
    ({"zh": SAID["zh"]}, ["alternative text (en) is missing"]),
    ({"zh": SAID["en"], "en": SAID["en"]}, ["alternative text (zh) is missing"]),
    ({"zh": SAID["zh"], "en": "Step 1: Look at the loss."}, ["alternative text (en) is only a title"]),
    ({"zh": "看損失", "en": SAID["en"]}, ["alternative text (zh) is only a title"]),
    ({"zh": SAID["zh"], "en": "Loss by step"}, ["alternative text (en) is only a title"]),
    ({"zh": "一条往右上的直線。", "en": SAID["en"]}, ["alternative text: Simplified characters 条"]),
])
def test_a_figure_says_in_both_languages_what_one_sees(alt, findings):
    figure = nbformat.v4.new_output("display_data", data={"image/jpeg": ""})
    drawing = nbformat.v4.new_code_cell("axis.set(title='loss by step')", outputs=[figure])
    if alt is not None:
        drawing.metadata["alt"] = alt
    heading = nbformat.v4.new_markdown_cell("## 步驟 1：看損失 · Step 1: Look at the loss")
    told = list(check.alt_findings(nbformat.v4.new_notebook(cells=[heading, nbformat.v4.new_code_cell("1 + 1"), drawing])))
    assert len(told) == len(findings) and all(finding in text for finding, text in zip(findings, told, strict=True)), told


def test_dead_links_are_found_and_web_links_left_alone(tmp_path):
    (tmp_path / "there.md").touch()
    text = "[a](there.md) [b](there.md#part) [c](https://example.org) [d](#here) ![e](gone.png) `[f](code.md)`"
    assert list(languages.link_findings(text, tmp_path)) == ["links to gone.png, which does not exist"]


def test_notebook_without_source_is_found(tmp_path):
    (tmp_path / "notebooks/source").mkdir(parents=True)
    (tmp_path / "notebooks/99_orphan.ipynb").touch()
    assert "99_orphan.ipynb: has no source" in next(check.orphan_findings(tmp_path))


def test_labs_are_checked_too(tmp_path):
    (tmp_path / "labs" / "source").mkdir(parents=True)
    (tmp_path / "labs" / "README.md").write_text("no table")
    (tmp_path / "labs" / "source" / "README.md").write_text("[gone](gone.md)")
    assert [finding.split(" lacks")[0] for finding in check_sources.findings(tmp_path)] == ["labs/README.md"]
    assert list(check.document_findings(tmp_path)) == ["labs/source/README.md: links to gone.md, which does not exist"]


HEADINGS = ["問題 · Question", "資料 · Data", "切分 · Split", "基準 · Baseline", "模型 · Model", "測試 · Test", "錯在哪裡 · Errors",
            "結論 · Conclusion"]


def project(headings):
    cells = ["# 07 題目 · A title\n\n說明。 What it is about."]
    cells += [f"## {number} {heading}\n\n中文。 Some words." for number, heading in enumerate(headings, start=1)]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(cell) for cell in cells])


def test_a_project_with_the_templates_headings_in_both_languages_passes():
    nb = project(HEADINGS)
    assert list(check.project_findings(nb, "07_mine")) == []
    nb.cells.append(nbformat.v4.new_markdown_cell("只有中文。"))
    assert list(check.project_findings(nb, "07_mine")) == ["cell 10: no English; write Traditional Chinese first, then English"]


def test_a_question_of_a_project_without_an_answer_is_found():
    nb = project(HEADINGS)
    nb.cells[3].source += "\n\n🤔 為什麼？ Why is it so?"
    assert list(check.project_findings(nb, "07_mine")) == ["cell 4 asks (🤔) and the cell below it, tagged answer, is missing"]


@pytest.mark.parametrize(("headings", "name"), [
    (HEADINGS[:-1], "07_mine"),
    ([HEADINGS[1], HEADINGS[0], *HEADINGS[2:]], "07_mine"),
    ([*HEADINGS, "附錄 · Appendix"], "07_mine"),
    (HEADINGS, "08_other"),
])
def test_a_project_needs_the_templates_headings_in_their_order(headings, name):
    (finding,) = check.project_findings(project(headings), name)
    assert "as in the template" in finding


def test_the_projects_of_the_course_are_the_template_and_two_examples():
    projects = notebooks.find(room="projects")
    assert [each.name for each in projects] == ["00_template", "01_own_pictures", "02_own_text"]
    assert all(each.is_project for each in projects)
    assert not any(each.is_project for each in notebooks.find())
    assert all(list(check.project_findings(notebooks.read_source(each.source), each.name)) == [] for each in projects)
