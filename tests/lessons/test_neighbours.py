"""tools.lessons.neighbours: each lesson ends with links to those before and after it, made by the build and never in the source."""

import pytest

from tools.lessons import adopt, languages, neighbours, notebooks, one_language, workbook

SOURCE = """# %% [markdown] slideshow={{"slide_type": "slide"}}
# # {number} {chinese} · {english}
#
# ⏱ {{{{minutes}}}}

# %% slideshow={{"slide_type": "skip"}}
1 + 1
"""
LESSONS = [("00", "歡迎", "Welcome"), ("04", "神經元", "A neuron"), ("07", "卷積", "Convolutions")]


@pytest.fixture
def project(tmp_path):
    (tmp_path / "notebooks" / "source").mkdir(parents=True)
    for number, chinese, english in LESSONS:
        path = tmp_path / "notebooks" / "source" / f"{number}_{english.split()[-1].lower()}.py"
        path.write_text(SOURCE.format(number=number, chinese=chinese, english=english), encoding="utf-8")
    (tmp_path / "notebooks" / "source" / "04_neuron.wrong.py").write_text("# %%\n", encoding="utf-8")
    return tmp_path


def last(project, number):
    return notebooks.read_source(notebooks.find(number, root=project)[0].source).cells[-1]


def test_a_lesson_ends_with_its_neighbours_in_both_languages(project):
    cell = last(project, "04")
    assert cell.source.split("\n\n") == [
        "上一課：[00 歡迎](00_welcome.ipynb) · Previous: [00 Welcome](00_welcome.ipynb)",
        "下一課：[07 卷積](07_convolutions.ipynb) · Next: [07 Convolutions](07_convolutions.ipynb)",
        "全部的課：[00 歡迎](00_welcome.ipynb) · All lessons: [00 Welcome](00_welcome.ipynb)",
    ]
    assert neighbours.is_made(cell) and cell.metadata.slideshow.slide_type == "skip"
    assert "Next" not in last(project, "07").source
    assert not list(languages.language_findings(cell.source))


def test_lesson_00_leads_to_all_of_them(project):
    source = last(project, "00").source
    assert source.count("- [") == 3 and "Previous" not in source
    assert "- [07 Convolutions](07_convolutions.ipynb)" in one_language.in_language(source, "en")
    assert "Convolutions]" not in one_language.in_language(source, "zh")


def test_nothing_is_made_for_a_lesson_alone_a_lab_or_a_project(project):
    for path in (project / "notebooks" / "source").glob("0[04]*"):
        path.unlink()
    assert not neighbours.is_made(last(project, "07"))
    for room in ("labs", "projects"):
        (project / "notebooks").rename(project / room)
        assert neighbours.cell(project / room / "source" / "07_convolutions.py") is None
        (project / room).rename(project / "notebooks")


def test_a_workbook_leads_to_workbooks(project):
    made = workbook.workbook(notebooks.find("04", root=project)[0], 5)
    assert [cell.source for cell in made.cells if neighbours.is_made(cell)] == [last(project, "04").source]


def test_adopt_does_not_bring_it_into_the_source(project):
    lesson = notebooks.find("04", root=project)[0]
    nb = notebooks.read_source(lesson.source)
    nb.cells[1].source = "2 + 2"
    notebooks.write(nb, lesson.built)
    adopt.adopt(lesson)
    text = lesson.source.read_text(encoding="utf-8")
    assert "2 + 2" in text and "Previous" not in text
    assert neighbours.is_made(notebooks.read_source(lesson.source).cells[-1])
