import functools
import json
import pydoc
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter

from utils.notebook import display

ROOT = Path(display.__file__).resolve().parents[2]


def shown(thing):
    """What a notebook would store for the last value of a cell."""
    return DisplayFormatter().format(thing)[0]


def documented(x, y=1):
    """Add two numbers.

    Args:
        x, y: any.
    """
    # why not
    return x + y


def len_of_nothing():
    return 0


class Adder:
    """Adds."""

    def method(self):
        """Do it.

        Twice.
        """
        return 2


# source


def test_source_is_python_for_a_notebook_and_itself_as_text():
    bundle = shown(display.source(documented))
    assert bundle["text/markdown"].startswith("```python\ndef documented(x, y=1):")
    assert bundle["text/markdown"].endswith("return x + y\n```")
    assert bundle["text/plain"].startswith("def documented(x, y=1):")


def test_docstrings_shrink_to_their_first_line_and_comments_stay():
    assert display.source(documented).code.split("\n") == [
        "def documented(x, y=1):", '    """Add two numbers."""', "    # why not", "    return x + y"]
    assert '"""Return how many columns' in display.source(display._width).code


def test_source_of_a_class_a_method_and_a_decorated_function():
    assert '        """Do it."""' in display.source(Adder).code
    assert display.source(Adder.method).code.startswith("def method(self):")
    assert display.source(functools.cache(documented)).code.startswith("def documented")


def test_thirty_lines_are_shown_and_thirty_one_are_refused(tmp_path, monkeypatch):
    (tmp_path / "long_functions.py").write_text(
        "def fits():\n" + "    pass\n" * 29 + "\n\ndef too_long():\n" + "    pass\n" * 30)
    monkeypatch.syspath_prepend(tmp_path)
    import long_functions

    assert display.source(long_functions.fits).code.count("\n") == 29
    with pytest.raises(ValueError, match="too_long is 31 lines long; a notebook shows at most 30"):
        display.source(long_functions.too_long)


@pytest.mark.parametrize("thing", [len, np.add, 3, "text"])
def test_what_has_no_python_source_is_refused(thing):
    with pytest.raises(TypeError, match="there is no source for"):
        display.source(thing)


# table


def test_a_table_of_dictionaries_is_html_in_a_notebook_and_aligned_as_text():
    table = display.as_table([{"名稱": "台灣", "n": 1234}, {"名稱": "abc", "n": 5}], caption="兩列")
    bundle = shown(table)
    assert "<caption>兩列</caption>" in bundle["text/html"]
    assert bundle["text/html"].count("<tr>") == 3
    assert bundle["text/plain"].split("\n") == [
        "兩列", "名稱      n", "----  -----", "台灣  1,234", "abc       5"]


def test_a_dictionary_becomes_two_columns_without_headings():
    table = display.as_table({"epochs": 3, "optimizer": "adam"})
    assert repr(table) == "epochs     3\noptimizer  adam"
    assert "<thead>" not in table._repr_html_()


def test_numbers_are_rounded_and_on_the_right_none_is_blank_html_is_text_and_columns_are_chosen():
    table = display.as_table([(0.123456, np.float32(2.5), np.int64(70000), None, True)], digits=3)
    assert table.cells == [["0.123", "2.5", "70,000", "", "True"]]
    assert display.as_table([{"a": 1, "b": 2, "c": 3}], columns=["c", "a"]).cells == [["3", "1"]]
    assert display.as_table(pd.DataFrame({"a": [1, 2]})).header == ["a"]
    assert display.as_table([("a", 1), ("b", 2.5)]).right == [False, True]
    assert "<td style=\"text-align:left\">&lt;br&gt;</td>" in display.as_table([["<br>"]])._repr_html_()


@pytest.mark.parametrize(("rows", "columns", "message"), [
    ([], None, "got no rows"),
    ({}, None, "got no rows"),
    ([[1]] * 31, None, r"31 rows; a notebook shows at most 30.*rows\[:30\]"),
    ([{"a": 1}, {"b": 2}], None, "Row 1 has no a. Its keys are: b"),
    ([{"a": 1}], ["z"], "Row 0 has no z"),
    ([[1, 2], [3]], None, "Row 1 has 1 cells; expected 2, as in the first row"),
    ([[1, 2]], ["only"], "Row 0 has 2 cells; expected 1, as in the headings"),
])
def test_table_says_what_is_wrong(rows, columns, message):
    with pytest.raises(ValueError, match=message):
        display.as_table(rows, columns)


def test_a_table_shows_itself_wherever_in_a_cell_it_is_made(capsys):
    display.table({"epochs": 3})
    print("after")
    assert capsys.readouterr().out == "epochs  3\nafter\n"


def test_a_page_is_a_frame_where_jupyter_serves_it_and_its_path_elsewhere(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "a page.html").write_text("x")
    monkeypatch.chdir(tmp_path / "notebooks")
    page = display.web_page("../a page.html", height=300)
    monkeypatch.setenv("JPY_SESSION_NAME", "lesson.ipynb")
    assert 'src="../a page.html"' in page._repr_html_() and 'height="300"' in page._repr_html_() and 'title="a page"' in page._repr_html_()
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert page._repr_html_() is None and repr(page) == "open in a browser: ../a page.html"
    with pytest.raises(ValueError, match="Write it first"):
        display.web_page(tmp_path / "none.html")


def shown_in_lessons():
    """Return what each cell `display.source(...)` of a built lesson shows, and where the thing is imported from."""
    found = []
    for path in sorted(ROOT.glob("notebooks/[0-9]*.ipynb")):
        cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
        codes = ["".join(cell["source"]) for cell in cells]
        for code, cell in zip(codes, cells, strict=True):
            if match := re.fullmatch(r"display\.source\((\w+)([\w.]*)\)", code):
                module = re.search(rf"^from (utils[\w.]*) import .*\b{match[1]}\b", "\n".join(codes), re.MULTILINE)[1]
                text = "".join(cell["outputs"][0]["data"]["text/plain"])
                found.append(pytest.param(f"{module}.{match[1]}{match[2]}", text, id=f"{path.name[:2]} {match[1]}{match[2]}"))
    return found


@pytest.mark.parametrize(("thing", "shown"), shown_in_lessons())
def test_lessons_show_the_code_as_it_is(thing, shown):
    assert repr(display.source(pydoc.locate(thing))) == shown
