"""Write the course map into README.md from the built notebooks: titles, thumbnails and measured times. See `make map`."""

import base64
import html
import io
import itertools
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from tools.lessons import glossary, languages, notebooks, slides, study

BEGIN = "<!-- course map: written by make map -->"
END = "<!-- end of course map -->"
THUMBNAIL_WIDTH = 320
PARTS = {  # the first lesson of each part
    "00": "工具 · Tools", "04": "網路 · Networks", "08": "序列 · Sequences", "11": "語言 · Language",
    "20": "壓縮與創造 · Compress and create", "23": "看見 · Seeing",
    "28": "走出去 · Out into the world",
}  # fmt: skip
COLUMNS = (("11",), ("08",), ("00", "04"), ("20",), ("23",), ("28",))  # of the picture of what lessons need: parts, by their first lesson


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


def graph(root: Path) -> str:
    """Return what lessons need as a picture (SVG): an arrow from each to those that build on it, unless another arrow says so already.

    A lesson stands below all that it needs, in the column of its part.
    """
    titles, needed, below, depth = {}, {}, {}, {}
    for notebook in notebooks.find(root=root):
        if notebook.built.exists():
            nb = notebooks.read_built(notebook.built)
            titles[notebook.number] = [re.split("[：:]", title)[0].strip() for title in title_of(nb)]
            needed[notebook.number] = [number for number in needs(nb) if number in needed]  # from the first lesson on
    for number, wanted in needed.items():
        below[number] = {*wanted, *(earlier for one in wanted for earlier in below[one])}
        depth[number] = 1 + max((depth[one] for one in wanted), default=-1)
    place, left = {}, 0
    for column in COLUMNS:
        taken: dict[int, int] = {}
        for number in (number for number in needed if max(first for first in PARTS if first <= number) in column):
            place[number] = (left + taken.get(depth[number], 0), depth[number])
            taken[depth[number]] = taken.get(depth[number], 0) + 1
        left += max(taken.values(), default=0)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left * 122} {(max(depth.values()) + 1) * 92 - 28}" '
           'font-family="sans-serif" font-size="11" text-anchor="middle">',
           '<marker id="to" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
           '<path d="M0 0 8 4 0 8z" fill="#6e7781"/></marker>']  # fmt: skip
    for number, wanted in needed.items():
        for one in wanted:
            if not any(one in below[other] for other in wanted):
                (x, y), (to_x, to_y) = [(122 * column + 61, 92 * row) for column, row in (place[one], place[number])]
                bend = 110 if x == to_x and to_y - y > 92 else 0  # around the lesson between
                out.append(f'<path d="M{x} {y + 64}C{x + bend} {y + 84} {to_x + bend} {to_y - 22} {to_x} {to_y - 1}" '
                           'fill="none" stroke="#6e7781" marker-end="url(#to)"/>')  # fmt: skip
    for number, (column, row) in place.items():
        chinese, english = titles[number]
        wide = 11 if len(languages.HAN.findall(chinese)) > 4 else 18  # letters in a line
        lines = [*textwrap.wrap(f"{number} {chinese}", wide, break_on_hyphens=False), *textwrap.wrap(english, 20)]
        out.append(f'<rect x="{122 * column + 4}" y="{92 * row}" width="114" height="64" rx="6" fill="#fff" stroke="#1d4f87"/>')
        for at, line in enumerate(lines):
            y = 92 * row + 36 + 14 * (at - len(lines) / 2 + 0.5)
            out.append(f'<text x="{122 * column + 61}" y="{y:g}" fill="#1f2328">{html.escape(line)}</text>')
    return "\n".join([*out, "</svg>", ""])


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
        total += study.whole(nb)
        yield (f"| [{notebook.number} {' · '.join(title_of(nb))}](../notebooks/{notebook.name}.ipynb) | {', '.join(needs(nb)) or '–'} "
               f"| {study.whole(nb)} | {stage} | {rounded(nb.metadata.get('course', {}).get('seconds', 0))} |")  # fmt: skip
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
        drawn = (root / NEEDS).read_text(encoding="utf-8") if (root / NEEDS).exists() else ""
        if (root / "docs" / "syllabus.md").exists() and drawn != graph(root):
            yield f"{NEEDS}: the picture of what lessons need is not up to date; run: make map"
    except notebooks.NotebookError as error:
        yield str(error)


PAGES = {"README.md": rows, "docs/syllabus.md": timetable}
NEEDS = "docs/prerequisites.svg"


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
    notebooks.write_text(root / NEEDS, graph(root))
    notebooks.write_text(root / "docs" / "glossary.md", glossary.page())
    print(f"course map written to README.md and docs/syllabus.md, what lessons need to {NEEDS}, glossary to docs/glossary.md")


if __name__ == "__main__":
    sys.exit(main())
