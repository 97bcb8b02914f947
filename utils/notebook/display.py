"""Tables, source code and pages of one's own in a notebook, short enough to read."""

import ast
import html
import inspect
import numbers
import os
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import IPython.display

MAX_LINES = 30


class Source:
    """Python source that a notebook shows highlighted; as text it is the source itself."""

    def __init__(self, code: str):
        self.code = code

    def __repr__(self) -> str:
        return self.code

    def _repr_markdown_(self) -> str:
        return f"```python\n{self.code}\n```"


def source(thing) -> Source:
    """Show the source of a function or class in a notebook; of docstrings the first line.

    Args:
        thing: a function, method or class written in Python.

    Raises:
        TypeError: if there is no Python source for it.
        ValueError: if what would be shown is longer than 30 lines.
    """
    try:
        code = textwrap.dedent(inspect.getsource(inspect.unwrap(thing))).rstrip()
    except (TypeError, OSError) as error:
        raise TypeError(
            f"source() shows functions and classes written in Python; there is no source for {thing!r}."
        ) from error
    code = _shorten_docstrings(code)
    lines = code.count("\n") + 1
    if lines > MAX_LINES:
        raise ValueError(
            f"{thing.__qualname__} is {lines} lines long; a notebook shows at most {MAX_LINES}. "
            "Show one of its parts, or split it."
        )
    return Source(code)


def _shorten_docstrings(code: str) -> str:
    lines = code.split("\n")
    documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, documented) or not ast.get_docstring(node):
            continue
        literal = node.body[0].value
        if literal.end_lineno > literal.lineno:
            first_line = lines[literal.lineno - 1].rstrip()
            lines[literal.lineno - 1] = f'{first_line}"""'
            lines[literal.lineno:literal.end_lineno] = [None] * (literal.end_lineno - literal.lineno)
    return "\n".join(line for line in lines if line is not None)


class WebPage:
    """A page of the disk that a notebook shows in a frame while Jupyter serves it; stored, and as text, it is its path."""

    def __init__(self, path, height: int):
        self.path, self.height = Path(path), height

    def __repr__(self) -> str:
        return f"open in a browser: {self.path.as_posix()}"

    def _repr_html_(self) -> str | None:
        if "JPY_SESSION_NAME" not in os.environ:  # Jupyter's server sets it; in a built notebook the frame would be empty elsewhere
            return None
        where = html.escape(Path(os.path.relpath(self.path)).as_posix())
        return (f'<p><a href="{where}" target="_blank">{where}</a></p>'
                f'<iframe src="{where}" title="{html.escape(self.path.stem)}" width="100%" height="{self.height}"></iframe>')


def web_page(path, height: int = 600) -> WebPage:
    """Show a page of one's own below the cell, with a link to it.

    Args:
        path: its file.
        height: of the frame, in pixels.

    Raises:
        ValueError: if there is no such file.
    """
    if not Path(path).is_file():
        raise ValueError(f"There is no page {path}. Write it first.")
    return WebPage(path, height)


class Table:
    """Rows that a notebook shows as an HTML table, and a terminal as aligned text."""

    def __init__(self, header: list[str], cells: list[list[str]], right: list[bool], caption: str):
        self.header, self.cells, self.right, self.caption = header, cells, right, caption

    def __repr__(self) -> str:
        lines = ([self.header] if any(self.header) else []) + self.cells
        widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
        text = ["  ".join(map(_padded, line, widths, self.right)).rstrip() for line in lines]
        if any(self.header):
            text.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join(([self.caption] if self.caption else []) + text)

    def _repr_html_(self) -> str:
        def row(tag, cells):
            styles = [f"text-align:{'right' if right else 'left'}" for right in self.right]
            return "<tr>" + "".join(f'<{tag} style="{style}">{html.escape(cell)}</{tag}>'
                                    for style, cell in zip(styles, cells, strict=True)) + "</tr>"

        caption = f"<caption>{html.escape(self.caption)}</caption>" if self.caption else ""
        head = f"<thead>{row('th', self.header)}</thead>" if any(self.header) else ""
        body = "".join(row("td", cells) for cells in self.cells)
        return f"<table>{caption}{head}<tbody>{body}</tbody></table>"


def table(rows: Sequence, columns: Sequence[str] | None = None, caption: str = "", digits: int = 4) -> None:
    """Show rows as a table, wherever in its cell the call stands.

    Args:
        rows: dictionaries (their keys are the columns), sequences of cells of equal length, or a pandas
            DataFrame; a dictionary of name to value makes two columns. At most 30 rows.
        columns: headings; with dictionaries, which keys to show and in which order.
        caption: a line above the table.
        digits: significant digits of floats.

    Raises:
        ValueError: if there are no rows, more than 30, or their lengths or keys do not fit.
    """
    IPython.display.display(as_table(rows, columns, caption, digits))


def as_table(rows: Sequence, columns: Sequence[str] | None = None, caption: str = "", digits: int = 4) -> Table:
    """Return what `table` shows; its arguments and errors are the same."""
    if hasattr(rows, "to_dict") and hasattr(rows, "columns"):  # a pandas table
        rows = rows.to_dict("records")
    if isinstance(rows, str) or not isinstance(rows, Iterable) or digits < 0:
        raise TypeError(f"table() needs rows, and digits of at least 0; found {type(rows).__name__} and {digits!r}. One row alone: [row].")
    rows = list(rows.items()) if isinstance(rows, Mapping) else list(rows)
    if not all(isinstance(row, Iterable) and not isinstance(row, str) for row in rows):
        raise TypeError("table() needs rows of several cells, each a list, a tuple or a dict. One cell a row: [[cell], [cell]].")
    if not rows:
        raise ValueError("table() got no rows. Check what produced them.")
    if len(rows) > MAX_LINES:
        raise ValueError(f"table() got {len(rows)} rows; a notebook shows at most {MAX_LINES}. Select some: "
                         f"rows[:{MAX_LINES}].")
    if isinstance(rows[0], Mapping):
        columns = list(rows[0]) if columns is None else list(columns)
        for i, row in enumerate(rows):
            missing = [str(column) for column in columns if column not in row]
            if missing:
                keys = ", ".join(map(str, row))
                raise ValueError(f"Row {i} has no {', '.join(missing)}. Its keys are: {keys}.")
        rows = [[row[column] for column in columns] for row in rows]
    rows = [list(row) for row in rows]
    header = [str(column) for column in columns] if columns is not None else [""] * len(rows[0])
    for i, row in enumerate(rows):
        if len(row) != len(header):
            model = "headings" if columns is not None else "first row"
            raise ValueError(f"Row {i} has {len(row)} cells; expected {len(header)}, as in the {model}.")
    right = [all(_is_number(row[i]) or row[i] is None for row in rows) for i in range(len(header))]
    return Table(header, [[_cell(value, digits) for value in row] for row in rows], right, caption)


def _is_number(value) -> bool:
    return isinstance(value, numbers.Number) and not isinstance(value, bool)


def _cell(value, digits: int) -> str:
    if value is None:
        return ""
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        return f"{int(value):,}"
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        return f"{float(value):,.{digits}g}"
    return str(value)


def _padded(text: str, width: int, right: bool) -> str:
    blanks = " " * (width - _width(text))
    return blanks + text if right else text + blanks


def _width(text: str) -> int:
    """Return how many columns a terminal needs; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
