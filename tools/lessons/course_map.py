"""Write the course map into README.md from the built notebooks: titles, thumbnails and measured times. See `make map`."""

import base64
import html
import io
import itertools
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.lessons import glossary, notebooks, slides

BEGIN = "<!-- course map: written by make map -->"
END = "<!-- end of course map -->"
THUMBNAIL_WIDTH = 320
PARTS = {  # the first lesson of each part
    "00": "工具 · Tools", "04": "網路 · Networks", "08": "序列 · Sequences", "11": "語言 · Language",
    "20": "壓縮與創造 · Compress and create", "23": "看見 · Seeing",
    "28": "走出去 · Out into the world",
}  # fmt: skip


def title_of(nb) -> tuple[str, str]:
    """Return the Chinese and the English title, from an opening line such as `# 07 中文標題 · English title`."""
    line = re.sub(r"^#\s*\d\d\s*", "", nb.cells[0].source.splitlines()[0])
    chinese, _, english = line.partition(" · ")
    return chinese.strip(), english.strip()


def teaches(nb) -> str:
    """Return what stands behind `🗺` in the opening cell: one line for the map."""
    for line in nb.cells[0].source.splitlines():
        if line.startswith("🗺"):
            return line.lstrip("🗺\ufe0f ").rstrip("\\").strip()
    return ""


def thumbnail_png(nb) -> bytes | None:
    """Return a small PNG of the cell tagged `thumbnail`, or None if no cell is."""
    from PIL import Image

    for cell in nb.cells:
        if "thumbnail" in cell.metadata.get("tags", []):
            for output in cell.outputs:
                if picture := output.get("data", {}).get("image/png"):
                    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
                    height = round(image.height * THUMBNAIL_WIDTH / image.width)
                    image = image.resize((THUMBNAIL_WIDTH, height), Image.Resampling.LANCZOS)
                    image = image.crop((0, 0, THUMBNAIL_WIDTH, min(height, THUMBNAIL_WIDTH)))
                    buffer = io.BytesIO()
                    image.quantize(64).save(buffer, "PNG", optimize=True)
                    return buffer.getvalue()
    return None


def thumbnail_text(nb) -> str:
    """Return what the figure of the cell tagged `thumbnail` shows, in both languages, as an attribute in a cell of a table."""
    said = next((notebooks.alternative_text(cell) for cell in nb.cells if "thumbnail" in cell.metadata.get("tags", [])), "")
    return html.escape(said).replace("|", "&#124;")


def thumbnail_path(notebook: notebooks.Notebook) -> Path:
    return notebook.built.parent / "thumbnails" / f"{notebook.name}.png"


def needs(nb) -> list[str]:
    """Return the numbers of the lessons that an opening cell names as what one needs to know already."""
    found = re.search(r"^\| 先備知識 · What you need \|(.*)$", nb.cells[0].source, re.M)
    return sorted(set(re.findall(r"\]\((\d\d)_\w+\.ipynb\)", found[1]))) if found else []


def study_minutes(nb) -> int:
    """Return how long a lesson takes a student, in minutes, as its opening cell says; 0 where it says nothing."""
    found = re.search(r"^\| 學習時間 · Study time \|.*?about (\d+) minutes", nb.cells[0].source, re.M)
    return int(found[1]) if found else 0


def timetable(root: Path) -> Iterator[str]:
    """Yield the lines of the syllabus's table: what a lesson needs, and its minutes for a student, on stage, for the machine."""
    yield "| 課 Lesson | 先上過 Needs | 自學 Study | 上台 On stage | 電腦 Machine |"
    yield "|---|---|---|---|---|"
    total = 0
    for notebook in notebooks.find(root=root):
        if not notebook.built.exists():
            continue
        nb = notebooks.read_built(notebook.built)
        stage = round(sum(minutes for _, minutes in slides.schedule(nb)) / 5) * 5
        total += study_minutes(nb)
        yield (f"| [{notebook.number} {' · '.join(title_of(nb))}](../notebooks/{notebook.name}.ipynb) | {', '.join(needs(nb)) or '–'} "
               f"| {study_minutes(nb)} | {stage} | {rounded(nb.metadata.get('course', {}).get('seconds', 0))} |")  # fmt: skip
    yield f"| 合計 · Together | | {total / 60:.0f} h | | |"


def parts(lessons: list[notebooks.Notebook]) -> Iterator[tuple[str, list[notebooks.Notebook]]]:
    """Yield the title of each part with its lessons."""
    for first, members in itertools.groupby(lessons, lambda one: max(first for first in PARTS if first <= one.number)):
        yield PARTS[first], list(members)


def rows(root: Path) -> Iterator[str]:
    """Yield the lines of a table for each part, one line a built notebook."""
    for part, lessons in parts([notebook for notebook in notebooks.find(root=root) if notebook.built.exists()]):
        yield from ("", f"### {part}", "")
        yield "| | 筆記本 Notebook | 學什麼 What it teaches | 兩核心實測 Two cores |"
        yield "|---|---|---|---|"
        for notebook in lessons:
            nb = notebooks.read_built(notebook.built)
            chinese, english = title_of(nb)
            image = f'<img src="notebooks/thumbnails/{notebook.name}.png" width="110" alt="{thumbnail_text(nb)}">'
            picture = image if thumbnail_png(nb) else ""
            yield (
                f"| {picture} | [{notebook.number} {chinese}<br>{english}](notebooks/{notebook.name}.ipynb) "
                f"| {teaches(nb)} | {rounded(nb.metadata.get('course', {}).get('seconds', 0))} |"
            )


def rounded(seconds: float) -> str:
    """Say a measured time shortly: `20 s`, `1.5 min`."""
    text = notebooks.minutes_text(seconds)
    return re.search(r"about ([\d.]+ (?:s|m)\w+)", text)[1].replace(" seconds", " s").replace(" minutes", " min").replace(
        " minute", " min")  # fmt: skip


def with_map(readme: str, table: str, name: str = "README.md") -> str:
    """Return a page, such as the README, with its table between the marks; raises NotebookError if they are missing."""
    return notebooks.with_table(readme, table, name, BEGIN, END)


def findings(root: Path) -> Iterator[str]:
    """Yield a finding if the README's map differs from what the built notebooks say."""
    try:
        for name, table in PAGES.items():
            if (root / name).exists() or name == "README.md":
                page = (root / name).read_text(encoding="utf-8")
                if with_map(page, "\n".join(table(root)), name) != page:
                    yield f"{name}: the course map is not up to date; run: make map"
    except notebooks.NotebookError as error:
        yield str(error)


PAGES = {"README.md": rows, "docs/syllabus.md": timetable}


@notebooks.command("map")
def main(arguments: list[str] | None = None) -> int | None:
    root = notebooks.ROOT
    for notebook in notebooks.find(root=root):
        if notebook.built.exists() and (png := thumbnail_png(notebooks.read_built(notebook.built))):
            path = thumbnail_path(notebook)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(png)
    for name, table in PAGES.items():
        page = root / name
        notebooks.write_text(page, with_map(page.read_text(encoding="utf-8"), "\n".join(table(root)), name))
    notebooks.write_text(root / "docs" / "glossary.md", glossary.page())
    print("course map written to README.md and docs/syllabus.md, glossary to docs/glossary.md")


if __name__ == "__main__":
    sys.exit(main())
