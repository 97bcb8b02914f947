"""tools.labs.build and tools.labs.check_sources: what is built from a lab's source, and which breaches of its rules are found."""

import nbformat
import pytest
from support import change

from tools.labs import build, check_sources
from tools.lessons import notebooks

SOURCE = '''# %% [markdown]
# # 練習 05：乘法 · Lab 05: Multiplication
#
# 目標：學會乘法。資料：不用。約 20 分鐘。
#
# Goal: learn to multiply. Data: none. It takes about 20 minutes.
#
# <details><summary>提示 1 · Hint 1</summary>
#
# 先加再乘。 Add first, then multiply.
#
# </details>
# <details><summary>提示 2 · Hint 2</summary>
#
# 用紙筆算。 Work it out on paper.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
from utils.notebook import checks
'''
STEP = '''
# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def times1(x):
    """Return 1 times x."""
    if x:
        ### BEGIN SOLUTION
        return 1 * x
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
checks.close(times1(2), 2, "兩倍對了。 Right.", "小數字錯了。 Small numbers are off.")
### BEGIN HIDDEN TESTS
checks.close(times1(50), 50, "大數字也對。 Right, too.", "大數字錯了。 Large numbers are off.")
### END HIDDEN TESTS
'''
WRONG = '''# %% replaces="step1" hint="大數字錯了" means_zh="大數字沒乘" means_en="Large numbers are left" repeat="05:2"
def times1(x):
    return 1 * min(x, 10)
'''


def steps(text):
    """The text of step 1, then the same for steps 2 and 3, each with a function of its own."""
    return "".join(
        text.replace("step1", f"step{n}").replace("times1", f"times{n}").replace("1 * ", f"{n} * ")
        .replace(", 2, \"兩", f", {2 * n}, \"兩").replace(", 50, ", f", {50 * n}, ")
        for n in (1, 2, 3)
    )  # fmt: skip


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "labs" / "source"
    folder.mkdir(parents=True)
    (folder / "lab05_times.py").write_text(SOURCE + steps(STEP), encoding="utf-8")
    (folder / "lab05_times.wrong.py").write_text(steps(WRONG), encoding="utf-8")
    (tmp_path / "notebooks/source").mkdir(parents=True)
    (tmp_path / "notebooks/source/05_lesson.py").write_text("# %% [markdown]\n# ## 步驟 2：乘 · Step 2: Multiply\n", encoding="utf-8")
    (tmp_path / "labs/README.md").write_text(f"# 練習 · Labs\n\n{build.BEGIN}\n{build.END}\nend\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def lab(project):
    return build.find(root=project)[0]


def cell_of(nb, name):
    return next(cell for cell in nb.cells if build.grade_id(cell) == name)


def test_labs_of_one_lesson_are_found_together_and_one_by_one(tmp_path):
    folder = tmp_path / "labs/source"
    folder.mkdir(parents=True)
    for name in ("lab06b_last", "lab06a_first", "lab16_other"):
        (folder / f"{name}.py").write_text(SOURCE, encoding="utf-8")
        (folder / f"{name}.wrong.py").write_text("", encoding="utf-8")

    def names(selection):
        return [lab.name for lab in build.find(selection, root=tmp_path)]

    assert names("06") == names("6") == ["lab06a_first", "lab06b_last"]
    assert names("06b") == names("6b") == names("lab06b") == ["lab06b_last"]
    assert names("16,06a") == ["lab16_other", "lab06a_first"]


def test_labs_are_found_by_number_and_name_wrong_answers_are_no_lab_and_an_unknown_one_is_named(project):
    for selection in ("05", "5", "lab05", "lab05_times", None, ""):
        assert [lab.name for lab in build.find(selection, root=project)] == ["lab05_times"]
    with pytest.raises(notebooks.NotebookError, match="There is no lab '77'. Give a number such as LAB=08; there are: 05"):
        build.find("77", root=project)


def test_student_gets_a_stub_that_names_the_step_with_the_indentation_of_the_solution(lab):
    source = cell_of(build.student_version(lab), "step2").source
    assert source.endswith(f"    if x:\n        {build.stub('step2')}")
    assert "步驟 2 還沒寫：把這一行換成你的程式。 Step 2 is not written yet: replace this line with your code." in source
    with pytest.raises(NotImplementedError, match="^步驟 3 還沒寫：把這一行換成你的程式。 Step 3 is not written yet"):
        exec(build.stub("step3"))


def test_checks_are_folded_for_students_and_open_for_instructors(lab):
    folded, opened = ([build.grade_id(cell) for cell in version.cells if cell.metadata.get("jupyter", {}).get("source_hidden")]
                      for version in (build.student_version(lab), build.solved_version(lab)))  # fmt: skip
    assert (folded, opened) == (["step1_check", "step2_check", "step3_check"], [])


def test_student_gets_visible_tests_and_neither_solutions_nor_hidden_tests(lab):
    text = build.text(build.student_version(lab))
    assert "小數字錯了" in text
    for secret in ("大數字錯了", "HIDDEN", "SOLUTION", "1 * x"):
        assert secret not in text


def test_test_cells_are_locked_and_solution_cells_can_be_edited(lab):
    nb = build.student_version(lab)
    assert cell_of(nb, "step1_check").metadata.editable is False
    assert cell_of(nb, "imports").metadata.editable is False
    assert "editable" not in cell_of(nb, "step1").metadata
    assert cell_of(nb, "step1").metadata.deletable is False


def test_solved_version_keeps_solutions_and_hidden_tests_and_has_no_outputs(lab):
    nb = build.solved_version(lab)
    assert "大數字錯了" in cell_of(nb, "step3_check").source
    assert "### BEGIN SOLUTION" in cell_of(nb, "step3").source
    assert all(not cell.outputs and cell.execution_count is None for cell in nb.cells if cell.cell_type == "code")


def test_build_is_the_same_every_time(lab):
    build.build(lab)
    first = lab.built.read_bytes(), lab.solved.read_bytes()
    build.build(build.Lab(lab.source))
    assert (lab.built.read_bytes(), lab.solved.read_bytes()) == first
    nbformat.validate(nbformat.read(lab.built, as_version=4))


def test_build_does_not_write_over_a_students_work(lab):
    build.build(lab)
    change(lab.built, "raise NotImplementedError(", "return 7  # (")
    mine = lab.built.read_bytes()
    with pytest.raises(notebooks.NotebookError, match="holds somebody's work. Move it away first"):
        build.build(lab)
    assert lab.built.read_bytes() == mine


@pytest.mark.parametrize(("old", "new", "said"), [
    ("        ### END SOLUTION\n", "", "no end solution statement found|nested begin solution"),
    ("### END HIDDEN TESTS\n", "", "hidden tests statement"),
    ("    if x:\n        ### BEGIN SOLUTION\n        return 1 * x\n",
     "    ### BEGIN SOLUTION\n    if x:\n        return 1 * x\n    else:\n",
     "without its solution, cell 'step1' is no valid Python"),
])  # fmt: skip
def test_markers_in_the_wrong_place_are_one_sentence(lab, old, new, said):
    change(lab.source, old, new)
    if "valid Python" in said:
        change(lab.source, "        ### END SOLUTION\n", "    ### END SOLUTION\n        return 0\n")
    with pytest.raises(notebooks.NotebookError, match=said):
        build.student_version(lab)
    assert not lab.built.exists()


def test_points_and_title_are_read_and_the_table_of_them_is_written_between_its_markers(project, lab):
    assert build.points(lab.notebook) == {"step1": 2, "step2": 2, "step3": 2}
    assert build.title(lab.notebook) == ("乘法", "Multiplication")
    page = build.with_table("a\n" + build.BEGIN + "\nold\n" + build.END + "\nb\n", build.table(project))
    assert page.startswith("a\n") and page.endswith("\nb\n") and "old" not in page
    assert "| [05 乘法<br>Multiplication](lab05_times.ipynb) | 20 分鐘 min | 2 + 2 + 2 = 6 |" in page
    with pytest.raises(notebooks.NotebookError, match="lacks the lines '<!-- labs"):
        build.with_table("no table here", "rows")


def test_wrong_answers_name_their_step_and_hint(lab):
    answer = build.wrong_answers(lab)[1]
    assert (answer.step, answer.hint) == ("step2", "大數字錯了")
    assert answer.code == "def times2(x):\n    return 2 * min(x, 10)"


@pytest.mark.parametrize(("text", "said"), [
    ("print(1)\n", "expected a first line such as"),
    ('# %% replaces="step4" hint="h"\nx = 1\n', "cell 1 replaces 'step4'; expected one of step1, step2, step3"),
    ('# %% hint="h"\nx = 1\n', "cell 1 replaces None"),
    ('# %% replaces="step1"\nx = 1\n', "cell 1 names no hint"),
    ('# %% replaces="step1" hint=" "\nx = 1\n', "cell 1 names no hint"),
])
def test_malformed_or_missing_wrong_answers_are_one_sentence(lab, text, said):
    lab.wrong.write_text(text, encoding="utf-8")
    with pytest.raises(notebooks.NotebookError, match=said):
        build.wrong_answers(lab)
    lab.wrong.unlink()
    with pytest.raises(notebooks.NotebookError, match="lab05_times.wrong.py is missing: write at least one wrong answer"):
        build.wrong_answers(lab)


def build_all(project):
    for lab in build.find(root=project):
        build.build(lab)
    readme = project / "labs/README.md"
    readme.write_text(build.with_table(readme.read_text(encoding="utf-8"), build.table(project)), encoding="utf-8")


def test_good_lab_has_no_findings(project):
    build_all(project)
    assert list(check_sources.findings(project)) == []


@pytest.mark.parametrize(("old", "new", "finding"), [
    ("練習 05：", "練習 06：", "first line is like '# 練習 05：標題 · Lab 05: Title'"),
    ("約 20 分鐘", "一下子", "must say how long it takes, in both languages"),
    ("約 20 分鐘", "約 30 分鐘", "must say how long it takes, in both languages"),
    ("資料：不用。", "", "資料 · Data is missing"),
    ("<details><summary>提示 2 · Hint 2</summary>\n#\n", "<details><summary>提示 2 · Hint 2</summary>\n", "has 1 hints that fold out"),
    ('# %% nbgrader={"grade": false, "grade_id": "imports"',
     '# %% [markdown]\n# Only English here, nothing else.\n\n# %% nbgrader={"grade": false, "grade_id": "imports"', "no Chinese"),
    ('"grade_id": "step3_check"', '"grade_id": "step3_test"', "exactly three graded steps, in this order"),
    ('"grade_id": "imports"', '"grade_id": "step1"', "the grade_id 'step1' occurs twice"),
    ('"points": 2', '"points": 0', "is a test that earns no points"),
    ("    if x:\n        ### BEGIN SOLUTION\n        return 1 * x\n        ### END SOLUTION\n", "    return 1 * x\n",
     "is a solution cell without ### BEGIN SOLUTION"),
    ("### END HIDDEN TESTS\n", "### END HIDDEN TESTS\nprint(1)\n", "nothing stands after ### END HIDDEN TESTS"),
    ('checks.close(times1(2), 2, "兩倍對了。 Right.", "小數字錯了。 Small numbers are off.")\n', "", "has no visible test"),
    ('"locked": true, "schema_version"', '"locked": false, "schema_version"', "can be changed by students"),
    ("from utils.notebook import checks", "from utils.notebook import", "is no valid Python"),
    ("from utils.notebook import checks", "# !pip list\nfrom utils.notebook import checks", "labs use no magics and no shell lines"),
    ("from utils.notebook import checks", "get_ipython().magic('time')", "uses get_ipython; labs hold plain Python"),
    ("Goal: learn to multiply.", "Goal: [learn](missing.md) to multiply.", "links to missing.md, which does not exist"),
])  # fmt: skip
def test_breach_in_a_source_is_found(project, lab, old, new, finding):
    change(lab.source, old, new)
    found = "\n".join(check_sources.lab_findings(lab))
    assert finding in found
    assert "lab05_times" in found


def test_a_question_without_an_answer_is_found_and_an_answer_is_no_hint(lab):
    change(lab.source, "Hint 2</summary>\n#\n", "Hint 2</summary>\n")
    asking = lab.source.read_text(encoding="utf-8") + "\n# %% [markdown]\n# 🤔 為什麼？ Why is it so?\n"
    answer = """
# %% [markdown] tags=["answer"]
# <details><summary>解答 · Answer</summary>
#
# 因為。 Just because of it.
#
# </details>
"""
    findings = {}
    for name, text in (("asked", asking), ("answered", asking + answer)):
        lab.source.write_text(text, encoding="utf-8")
        findings[name] = list(check_sources.source_findings(build.Lab(lab.source)))
    no_answer, one_hint = findings["asked"]
    assert no_answer == "cell 9 asks (🤔) and the cell below it, tagged answer, is missing"
    assert findings["answered"] == [one_hint]
    assert one_hint.startswith("has 1 hints that fold out")


def test_missing_wrong_answer_and_one_that_is_no_python_are_found(project, lab):
    change(lab.wrong, "def times1(x):", "def times1(x:")
    assert any("a wrong answer for step1 is no valid Python" in finding for finding in check_sources.lab_findings(lab))
    lab.wrong.write_text(WRONG + WRONG.replace("step1", "step2"), encoding="utf-8")
    assert "lab05_times.wrong.py: has no wrong answer for step3" in list(check_sources.lab_findings(lab))


@pytest.mark.parametrize(("old", "new", "said"), [
    (' means_zh="大數字沒乘"', "", "has no name: write what is misunderstood"),
    ('means_en="Large numbers are left"', 'means_en="大"', "has no name"),
    ("numbers are left", "numbers; are left", "has a ';' in its name"), ('repeat="05:2"', 'repeat="05:9"', "05_lesson.py has no step '9'"),
    (' repeat="05:2"', "", "expected a lesson and its step"),
])  # fmt: skip
def test_wrong_answer_without_a_name_or_a_place_is_found(lab, old, new, said):
    change(lab.wrong, old, new)
    assert any(said in finding for finding in check_sources.wrong_findings(lab))


@pytest.mark.parametrize("path", ["labs/lab05_times.ipynb", "labs/solutions/lab05_times.ipynb"])
def test_built_file_out_of_sync_or_missing_is_found(project, path):
    build_all(project)
    change(project / path, "Small numbers", "Tiny numbers")
    assert list(check_sources.findings(project)) == [f"{path}: differs from lab05_times.py; edit the source, then run: make labs"]
    (project / path).unlink()
    assert list(check_sources.findings(project)) == [f"{path}: is not built yet; run: make labs"]


@pytest.mark.parametrize(("path", "finding"), [
    ("labs/lab09_gone.ipynb", "labs/lab09_gone.ipynb: has no source in labs/source"),
    ("labs/solutions/lab09_gone.ipynb", "labs/solutions/lab09_gone.ipynb: has no source in labs/source"),
    ("labs/source/lab09_gone.wrong.py", "labs/source/lab09_gone.wrong.py: its lab does not exist"),
])
def test_orphans_are_found(project, path, finding):
    build_all(project)
    (project / path).write_text("{}")
    assert any(found.startswith(finding) for found in check_sources.findings(project))


def test_stale_table_is_found(project):
    build_all(project)
    change(project / "labs/README.md", "乘法", "加法")
    assert list(check_sources.findings(project)) == ["labs/README.md: the table of labs is not up to date; run: make labs"]
