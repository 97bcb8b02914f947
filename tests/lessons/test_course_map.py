"""tools.lessons.course_map: the README's table comes from the built notebooks."""

import base64
import io
from xml.etree import ElementTree

import nbformat
import pytest
from PIL import Image

from tools.lessons import course_map, notebooks


def picture(width, height):
    buffer = io.BytesIO()
    Image.new("RGBA", (width, height), "white").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


@pytest.fixture
def project(tmp_path):
    (tmp_path / "notebooks/source").mkdir(parents=True)
    (tmp_path / "notebooks/source/07_rnn.py").write_text("# %%\n1\n")
    nb = nbformat.v4.new_notebook(metadata={"course": {"profile": "lesson", "seconds": 88}})
    opening = "# 07 用 LSTM 讀數字 · Reading digits\n\n🗺 一列一步 · One row a step\n"
    figure = nbformat.v4.new_output("display_data", data={"image/png": picture(640, 480)})
    nb.cells = [
        nbformat.v4.new_markdown_cell(opening),
        nbformat.v4.new_code_cell("plot()", metadata={"tags": ["thumbnail"]}, outputs=[figure]),
    ]
    nbformat.write(nb, tmp_path / "notebooks/07_rnn.ipynb")
    (tmp_path / "README.md").write_text(f"before\n{course_map.BEGIN}\nold\n{course_map.END}\nafter\n")
    return tmp_path


def test_row_holds_title_link_line_and_measured_time_and_parts_stand_as_headings_above_their_first_lesson(project):
    lines = list(course_map.rows(project))
    assert [line for line in lines if line.startswith("###")] == ["### 網路 · Networks"]
    assert lines.index("### 網路 · Networks") < lines.index("|---|---|---|---|")
    assert "[07 用 LSTM 讀數字<br>Reading digits](notebooks/07_rnn.ipynb)" in lines[-1]
    assert "一列一步 · One row a step" in lines[-1]
    assert lines[-1].endswith("| 1.5 min |")


def test_a_thumbnail_is_small_and_says_what_its_figure_shows(project):
    nb = notebooks.read_built(project / "notebooks/07_rnn.ipynb")
    assert Image.open(io.BytesIO(course_map.thumbnail_png(nb))).size == (320, 240)
    assert 'alt=""' in list(course_map.rows(project))[-1]
    nb.cells[1].metadata["alt"] = {"zh": "一個「7」", "en": 'A "7" | <big>'}
    nbformat.write(nb, project / "notebooks/07_rnn.ipynb")
    assert 'alt="一個「7」 A &quot;7&quot; &#124; &lt;big&gt;">' in list(course_map.rows(project))[-1]


def test_the_picture_of_needs_has_an_arrow_only_where_no_other_leads_there_already(project):
    def lesson(number, wanted):
        needs = ", ".join(f"[{one}]({one}_a.ipynb)" for one in wanted)
        opening = nbformat.v4.new_markdown_cell(f"# {number} 甲 · A & B\n\n| 先備知識 · What you need | {needs} |")
        nbformat.write(nbformat.v4.new_notebook(cells=[opening]), project / f"notebooks/{number}_a.ipynb")
        (project / f"notebooks/source/{number}_a.py").write_text("# %%\n1\n")

    lesson("08", ["07"])
    lesson("09", ["07", "08"])
    drawing = ElementTree.fromstring(course_map.graph(project))
    shapes = [shape.tag.split("}")[1] for shape in drawing]
    assert shapes.count("rect") == 3 and shapes.count("path") == 2
    assert [text.text for text in drawing.findall("{*}text")][:2] == ["08 甲", "A & B"]


def test_old_map_is_found_and_the_rest_of_the_page_kept(project):
    assert "not up to date; run: make map" in next(course_map.findings(project))
    readme = project / "README.md"
    readme.write_text(course_map.with_map(readme.read_text(), "\n".join(course_map.rows(project))))
    assert list(course_map.findings(project)) == []
    assert readme.read_text().startswith("before\n")
    assert readme.read_text().endswith("\nafter\n")


@pytest.mark.parametrize(("seconds", "short"), [(22, "20 s"), (61, "1 min"), (100, "1.5 min"), (150, "2.5 min")])
def test_times_are_short_and_rounded(seconds, short):
    assert course_map.rounded(seconds) == short
