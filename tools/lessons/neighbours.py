"""The last cell of each lesson: links to the lessons before and after it; in lesson 00, to all of them."""

import re
from pathlib import Path

from nbformat import v4

TAG = "neighbours"
TITLE = re.compile(r"^# # \d\d (.+?) · (.+)$", re.M)


def cell(source: Path):
    """Return the cell for a lesson's source, made from the sources beside it; None where there are none, and for what is no lesson.

    Its links name the files alone, so they hold in `notebooks/`, among the workbooks and in `work/lessons/`.
    """
    if source.parent.parent.name != "notebooks":
        return None
    lessons = [path for path in sorted(source.parent.glob("[0-9][0-9]_*.py")) if not path.name.endswith(".wrong.py")]
    if source not in lessons or len(lessons) < 2:
        return None
    place = lessons.index(source)
    lines = [] if place == 0 else [_line("上一課", "Previous", lessons[place - 1])]
    if place + 1 < len(lessons):
        lines.append(_line("下一課", "Next", lessons[place + 1]))
    if source.stem.startswith("00"):
        lines.append("全部的課 · All lessons:")
        lines.append("\n".join(f"- {_link(path, 0)} · {_link(path, 1)}" for path in lessons))
    else:
        lines.append(_line("全部的課", "All lessons", lessons[0]))
    return v4.new_markdown_cell("\n\n".join(lines), metadata={"slideshow": {"slide_type": "skip"}, "tags": [TAG]})


def is_made(cell) -> bool:
    """Whether a cell of a notebook was made here, and not written in its source."""
    return TAG in cell.metadata.get("tags", [])


def _line(chinese: str, english: str, path: Path) -> str:
    return f"{chinese}：{_link(path, 0)} · {english}: {_link(path, 1)}"


def _link(path: Path, language: int) -> str:
    """Return a link to a lesson by its number and its Chinese (0) or English (1) title."""
    title = TITLE.search(path.read_text(encoding="utf-8"))
    return f"[{path.stem[:2]} {title[language + 1] if title else path.stem[3:]}]({path.stem}.ipynb)"
