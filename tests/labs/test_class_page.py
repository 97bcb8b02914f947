"""tools.labs.class_page: what the page for the class counts, and whom it names."""

import re

import pytest
from labs.hostile.handed_in import write_project

from tools.labs import build, class_page, grade
from tools.labs.misunderstood import NOT_WRITTEN, possible


@pytest.fixture
def project(tmp_path):
    return write_project(tmp_path)


def row(project, student, points=(2, 3, 5), **met):
    """A row of the table; `met` says of a step the number of its wrong answer, or what else it met."""
    lab = build.find(root=project)[0]
    met = {step: possible(lab, step)[what] if isinstance(what, int) else what for step, what in met.items()}
    texts = "; ".join(what.text(step) for step, what in met.items())
    points = dict(zip(build.STEPS, points, strict=True))
    graded = grade.Row(student, lab.name, points, 10, "<error> of a student", texts, "lab01_tiny.ipynb", "0123")
    return dict(zip(grade.COLUMNS, graded.values(), strict=True))


@pytest.fixture
def rows(project):
    return [
        row(project, "ann"), row(project, "bob", (0, 3, 0), step1=0, step3=1),
        row(project, "<i>cho</i>", (0, 0, 0), step1=0, step2=0, step3=NOT_WRITTEN),
        row(project, "dee", (2, 3, 0), step3=0), dict.fromkeys(grade.COLUMNS, "") | {"student": "eve", "lab": "lab01_tiny", "step1": "0"},
    ]  # fmt: skip


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main>")[2]))


def test_points_and_misunderstandings_are_counted(project, rows):
    text = text_of(class_page.page(rows, project))
    assert "練習 01：小練習 Lab 01: A tiny lab" in text
    assert "4 notebooks graded; 1 could not be." in text
    assert "Step 1 2 / 4 1.0 / 2 0" in text
    assert "Step 3 1 / 4 1.2 / 5 1" in text
    assert "2 1 不知道一是多少 Does not know one 第 01 課步驟 1：數 lesson 01, Step 1: Count" in text
    assert text.index("Does not know one") < text.index("Returns no function")


def test_what_to_repeat_next_week_is_what_most_notebooks_need(project, rows):
    text = text_of(class_page.page(rows, project)).partition("Repeat next week")[2]
    assert re.findall(r"\d notebooks: [^第]*", text) == [
        "3 notebooks: Does not know one; Learns nothing ", "2 notebooks: Changes x in place; Returns no function "]


def test_page_names_nobody_and_holds_nothing_that_a_submission_wrote(project, rows):
    page = class_page.page(rows, project)
    assert not [word for word in ("ann", "bob", "cho", "dee", "eve", "of a student", "lab01_tiny.ipynb") if re.search(rf"\b{word}\b", page)]


def test_names_are_for_the_teacher_and_escaped(project, rows):
    page = class_page.page(rows, project, names=True)
    assert "for the teacher alone" in page
    assert "bob, &lt;i&gt;cho&lt;/i&gt;" in page
    assert "<i>" not in page


def test_words_that_are_no_name_of_the_labs_are_left_out(project, rows):
    rows[1]["misunderstood"] = "step1: <script>alert(1)</script>; step1: Does not know one"
    page = class_page.page(rows, project)
    assert "script" not in page
    assert "1 1 不知道一是多少" in text_of(page)


def test_page_needs_nothing_from_outside(project, rows):
    page = class_page.page(rows, project)
    assert not re.search(r"(src|href)=|url\(|@import|https?://|<script", page)
    assert 'lang="zh-Hant-TW"' in page
    assert page.count('<th scope="col">') == 4 + 4
    assert page.count("<caption>") == 2


def test_class_without_a_single_mistake_has_a_page(project):
    text = text_of(class_page.page([row(project, "ann")], project))
    assert "No misunderstanding that has a name was met" in text
    assert "Repeat next week" not in text


def test_table_without_a_lab_of_the_course_has_a_page(project):
    assert "After class" in class_page.page([dict.fromkeys(grade.COLUMNS, "")], project)
