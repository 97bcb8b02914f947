"""Decks of the lessons, one language on stage, for a browser without a network. See `make slides`.

A deck is made of the built lesson: its words in one language, its code, what its cells printed and drew. A step is a column of slides; a
figure, a table and a question have a slide to themselves, code comes in pieces of at most twelve lines, and code that only draws or
checks is left out. The speaker's notes (key S) hold minutes, a sentence to say, what a figure shows, answers, and what goes wrong in a gap.
`make slides` writes build/slides/zh and build/slides/en.
"""

import argparse
import ast
import base64
import html
import io
import os
import re
import shutil
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbconvert.filters import Highlight2HTML, ansi2html, markdown2html
from PIL import Image

from tools.lessons import notebooks, one_language
from utils import files
from utils.data import fetch
from utils.data.catalog import CatalogError

PAGES = Path(__file__).parent / "pages"
FOLDER = notebooks.ROOT / "build" / "slides"
LINES = 13.0  # lines of body text that a slide holds under its heading
CODE_LINES = 12
RESULT_ALONE = {"check", "plot", notebooks.STORED}  # tags of cells whose code is not shown, on stage and on the site
TABLE_ROWS = 10
PRINTED_LINES = 15  # of a cell's printed output; what is longer is cut, and says so
FOLDED = "<details></details>"
PASSED = re.compile(r"^(\[PASS\] )(.*[。！？」）]) +([^\u3400-\u9fff]+)$", re.M)  # 中文。 English.
FIGURE = (1168, 560)  # pixels that a picture has on a slide
LESSON = re.compile(r"(?<!第 )(?<!esson )( ?)\[(\d\d)\]\(\d\d_\w+\.ipynb\)( ?)")
WIDTH = 42  # Chinese characters in a line of body text; a Latin letter counts half
DRAWS = re.compile(r"\b(plt|axe?s?|axis|figure|fig|plots|diagrams|drawing)\b|\b(label|color|fontsize|alpha|marker\w*|xytext|linewidth)\s*=|"
                   r"\.(plot|scatter|barh?|hist|imshow|contourf?|annotate|text|legend|set|set_\w+|fill_between|ax[hv]line)\(")  # fmt: skip
ASSETS = {
    "reset.css": ("reveal", "package/dist/reset.css"), "reveal.css": ("reveal", "package/dist/reveal.css"),
    "reveal.js": ("reveal", "package/dist/reveal.js"), "notes.js": ("reveal", "package/plugin/notes/notes.js"),
    "tex-svg.js": ("mathjax", "package/es5/tex-svg.js"), "NotoSansTC-Regular.otf": ("font", None),
}  # fmt: skip
WORDS = {
    "zh": {"keys": "→ 下一張　↓ 這一步往下　S 講稿　O 總覽　F 全螢幕", "cut": "⋯ 其餘在筆記本裡", "answer": "解答",
           "wrong": "常見的錯", "minutes": "分鐘"},
    "en": {"keys": "→ next step　↓ within a step　S notes　O overview　F full screen", "cut": "⋯ the rest stands in the notebook",
           "answer": "Answer", "wrong": "Usual mistakes", "minutes": "min"},
}  # fmt: skip


@dataclass
class Slide:
    """One slide: its kind (title, text, question, code, printed, figure, table), its HTML, what the speaker sees, and its minutes."""

    kind: str
    html: str
    minutes: float
    lines: float = LINES  # of body text that it takes, by estimate
    starts: bool = False  # a new column
    step: str = ""  # the heading of its step, where it has none of its own
    notes: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)  # the sentence that stands above a question


def slides(nb, language: str) -> list[Slide]:
    """Return the slides of a built lesson, in order.

    Args:
        nb: the lesson with its outputs.
        language: "zh" or "en".
    """
    found: list[Slide] = []
    starts, begins = True, 0
    for place, cell in enumerate(nb.cells):
        kind, tags = cell.metadata.get("slideshow", {}).get("slide_type", "-"), cell.metadata.get("tags", [])
        if kind == "skip" or (cell.cell_type == "code" and is_setup(cell)):
            continue
        if kind == "notes" or "answer" in tags:
            if found and (words := unfolded(_words(cell.source, language))):
                for slide in _asking(found, begins, "🤔") or found[-1:]:
                    slide.notes.append(f"<h4>{WORDS[language]['answer']}</h4>{to_html(words)}")
            continue
        if cell.metadata.get("gap"):
            for slide in _asking(found, begins, "✏️"):
                slide.notes.append(_filled(cell, nb.cells[place + 1 : place + 2], language))
        starts, begins = starts or kind == "slide", len(found)
        made = list(_text(cell.source, language)) if cell.cell_type == "markdown" else list(_code(cell, language))
        if made:
            made[0].starts, starts = starts, False
        for slide in made:
            if found and _belong_together(found[-1], slide):
                found[-1] = Slide(found[-1].kind if found[-1].kind != "heading" else slide.kind, found[-1].html + slide.html,
                                  found[-1].minutes + slide.minutes, found[-1].lines + slide.lines, found[-1].starts,
                                  notes=[*found[-1].notes, *slide.notes], told=slide.told)  # fmt: skip
            else:
                found.append(slide)
    step = ""
    for slide in found:
        heading = re.search(r"<h[123][^>]*>(.*?)</h[123]>", slide.html, re.S)
        step = heading[1] if heading else step
        slide.step = "" if heading else step
    _add_missing_notes(found)
    if found:
        found[0].kind = "title"
    return found


def _asking(found: list[Slide], begins: int, mark: str) -> list[Slide]:
    """Return the questions with a mark of the cell whose slides begin at a place; its first may have joined the heading before."""
    return [slide for slide in found[max(begins - 1, 0) :] if slide.kind == "question" and mark in slide.html and not slide.notes]


def _filled(cell, below: list, language: str) -> str:
    """Return the note of a question that a gap answers: the gap filled, and the hints of its check."""
    hints = [one_language.in_language(hint, language) for check in below for hint in hints_of(check.source)]
    return (f"<h4>{WORDS[language]['answer']}</h4>{Highlight2HTML(pygments_lexer='python3')(notebooks.GAP_MARKS.sub('', cell.source))}"
            f"<h4>{WORDS[language]['wrong']}</h4><ul>{''.join(f'<li>{to_html(hint)}</li>' for hint in dict.fromkeys(hints))}</ul>")


def hints_of(source: str) -> list[str]:
    """Return the hints of a check cell: of `checks.that(…, passed, hint)` and the others, each with two sentences."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("checks.")]
    said = [[part.value for part in call.args if isinstance(part, ast.Constant) and isinstance(part.value, str)] for call in calls]
    return [sentences[1] for sentences in said if len(sentences) == 2]


def _add_missing_notes(found: list[Slide]) -> None:
    """Give a slide that shows something and has no notes a sentence of its step: of the words below a result, else of those before."""
    told: list[str] = []
    for slide, below in zip(found, [*found[1:], None], strict=True):
        told = [] if slide.starts else told
        if slide.kind in ("code", "printed", "figure", "table") and not slide.notes:
            follows = below and below.kind == "text" and below.notes and not below.starts and slide.kind != "code"
            slide.notes = below.notes[:1] if follows else told
        elif slide.told or (slide.kind == "text" and slide.notes):
            told = slide.told or slide.notes[:1]


def findings(nb) -> Iterator[str]:
    """Yield slides of a built lesson that ask or show something and leave the speaker without a word."""
    for language in one_language.LANGUAGES:
        for slide in slides(nb, language):
            if slide.kind in ("question", "code", "printed", "figure", "table") and not slide.notes:
                shown = html.unescape(re.sub(r"<.*?>", "", slide.html)).strip()[:40]
                way_out = "answer it in the cell below, or by a gap" if slide.kind == "question" else "begin its step with a sentence"
                yield f"its slide ({slide.kind}, {language}) {shown!r} has no speaker's note; {way_out}"


def _belong_together(before: Slide, slide: Slide) -> bool:
    """Whether a slide has room for the next one as well: a heading takes anything; short words, short code and one result share a slide."""
    if slide.starts or before.kind == "heading":
        return not slide.starts
    shown = ("text", "code", "printed", "table") + (("figure",) if "<pre" not in before.html else ())
    return (before.kind in ("text", "code") and slide.kind in shown and before.lines + slide.lines <= LINES
            and not re.search("<h[123]", slide.html) and not re.search("<table|<img", before.html)
            and _lines_of_code(before.html) + _lines_of_code(slide.html) <= CODE_LINES)  # fmt: skip


def _lines_of_code(made: str) -> int:
    return sum(code.rstrip().count("\n") + 1 for code in re.findall(r'class=" highlight.*?<pre>(.*?)</pre>', made, re.S))


def is_setup(cell) -> bool:
    """Whether a cell of code holds imports or is marked as no slide."""
    return cell.metadata.get("slideshow", {}).get("slide_type") == "skip" or cell.source.startswith(("import ", "from "))


def unfolded(markdown: str) -> str:
    """Return an answer's words without the fold around them."""
    return re.sub(r"</?details>|<summary>.*?</summary>", "", markdown, flags=re.S).strip()


def _words(source: str, language: str) -> str:
    """Return a cell's words in one language, with `[05](05_….ipynb)` as a lesson's name: a deck has no such links."""
    def name(link: re.Match) -> str:
        if language == "zh":
            return f"第 {link[2]} 課"
        begins = re.search(r"(^|[.!?]|\n\n)$", link.string[: link.start()])
        return f"{link[1]}{'Lesson' if begins else 'lesson'} {link[2]}{link[3]}"

    return LESSON.sub(name, one_language.in_language(source, language))


def _text(source: str, language: str):
    """Yield the slides of a markdown cell: its blocks, as many to a slide as it holds, each question alone."""
    heading, page, height, waits = "", [], 0.0, False  # waits: the heading has no slide yet
    # what is folded away, as optional, stays in the notebook, and so does a heading that has nothing else below it
    told = re.sub(r"<details>.*?</details>", f"\n\n{FOLDED}\n\n", _words(source, language), flags=re.S)
    for block in (piece for whole in one_language.blocks(told) for piece in _pieces(whole)):
        if level := re.match(r"#+ ", block):
            if page or (waits and len(level[0]) > heading.index(" ") + 1):  # a step's heading, and right below it the next
                yield _page(heading, page, "text")
            heading, page, height, waits = block, [], 0.0, True
            continue
        waits = False
        if block == FOLDED:
            continue
        asks, tall = block.lstrip().startswith(("🤔", "✏️")), lines_of(block)
        if asks and height < 2:  # a single line stands above its question
            yield _page(heading, [*page, block], "question")
            page, height = [], 0.0
            continue
        if page and (asks or height + tall > LINES):
            yield _page(heading, page, "text")
            page, height = [], 0.0
        if asks:
            yield _page(heading, [block], "question")
            continue
        page.append(block)
        height += tall
    if page or waits:
        yield _page(heading, page, "text")


def _pieces(block: str) -> list[str]:
    """Return a block in pieces that each fit a slide: sentences of a long paragraph, items of a long list, rows of a long table."""
    if lines_of(block) <= LINES or block.lstrip().startswith(("```", "$$", "<")):
        return [block]
    if block.lstrip().startswith("|"):
        head, rows = block.split("\n")[:2], block.split("\n")[2:]
        half = -(-len(rows) // 2)
        if half == len(rows):
            return [block]
        return [piece for part in (rows[:half], rows[half:]) for piece in _pieces("\n".join([*head, *part]))]
    joint, parts = "\n", one_language.ITEMS.split(block)
    if len(parts) < 2:
        joint, parts = "", re.split(r"(?<=[。！？])|(?<=[.!?])(?= )", block)
    whole = lines_of(block)
    some = min(LINES, whole / -(-whole // LINES) + 1.5)  # about as much on each
    pieces = [""]
    for part in parts:
        if pieces[-1] and lines_of(pieces[-1] + joint + part) > some:
            pieces.append("")
        pieces[-1] += (joint if pieces[-1] else "") + part
    return pieces


def lines_of(block: str) -> float:
    """Estimate how many lines of body text a block of markdown takes on a slide; the page itself mends what is left."""
    def wide(text: str) -> float:
        text = re.sub(r"\]\([^)]*\)|[*`]|\\[a-z]+", "", text)
        return sum(1.0 if ord(letter) > 0x2E7F else 0.52 for letter in text)

    if block.lstrip().startswith("|"):
        rows = [row.strip("| ").split("|") for row in block.split("\n") if not re.fullmatch(r"[|\s:-]+", row)]
        columns = [max((wide(row[i]) for row in rows if i < len(row)), default=1.0) for i in range(max(map(len, rows), default=1))]
        share = [max(column, 4.0) ** 0.7 for column in columns]
        return sum(1.3 * max(-(-wide(cell) // (WIDTH * 1.15 * share[i] / sum(share))) or 1 for i, cell in enumerate(row)) for row in rows)
    if block.lstrip().startswith("$$"):
        return 1.2 + 1.4 * (1 + block.count("\\\\"))
    if block.lstrip().startswith("```"):
        return 0.7 * (block.count("\n") - 1) + 0.5
    return 0.55 + sum(-(-wide(line) // WIDTH) or 1 for line in one_language.ITEMS.split(block))


def _page(heading: str, page: list[str], kind: str) -> Slide:
    text = "\n\n".join(page)
    characters = len(one_language.HAN.findall(text)) + 1.6 * len(one_language.WORD.findall(text))
    words = next((block for block in page if not block.lstrip().startswith(("|", "$$", "```", "<"))), "")
    sentence = re.split(r"(?<=[。！？])|(?<=[.!?])\s", re.sub(r"^(?:[#🗺🤔✏️\s]+|[-*+] |\d+\. )", "", words).strip())[0]
    if not page:
        kind = "heading"
    slide = Slide(kind, to_html("\n\n".join(filter(None, [heading, text]))), characters / 220 + (2 if kind == "question" else 0),
                  (1.6 if heading else 0) + sum(map(lines_of, page)))  # fmt: skip
    if sentence and kind == "text":
        slide.notes.append(f"<p>{to_html(sentence)}</p>")
    elif sentence and len(page) > 1:
        slide.told.append(f"<p>{to_html(sentence)}</p>")
    return slide


def _code(cell, language: str):
    """Yield the slides of a code cell: its code in pieces, what it printed, each of its figures and tables."""
    alt = html.escape(notebooks.alternative_text(cell, language))
    tags, drawn, printed, tables = cell.metadata.get("tags", []), [], [], []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "image/png" in data:
            drawn.append(_figure("png", "".join(data["image/png"]).strip(), alt))
        elif "image/jpeg" in data:
            drawn.append(_figure("jpeg", "".join(data["image/jpeg"]).strip(), alt))
        elif "image/svg+xml" in data:
            drawn.append((f'<div class="svg">{"".join(data["image/svg+xml"])}</div>', FIGURE[1]))
        elif "<table" in "".join(data.get("text/html", "")):
            tables.append(re.sub(r"<style.*?</style>|<script.*?</script>", "", "".join(data["text/html"]), flags=re.S))
        elif text := "".join(output.get("text", data.get("text/plain", ""))):
            printed.append(PASSED.sub(r"\1\2" if language == "zh" else r"\1\3", text))
        elif "traceback" in output:
            printed.append(output["traceback"][-1] if output["traceback"] else f"{output['ename']}: {output['evalue']}")
    hidden = not RESULT_ALONE.isdisjoint(tags) or (bool(drawn) and only_draws(cell.source)) or "profile.expect(" in cell.source
    shown = [] if hidden else code_pieces(cell.source, bool(drawn))
    output = _cut("\n".join(text.rstrip() for text in printed), language)
    for place, piece in enumerate(shown):
        body = _wide(piece, Highlight2HTML(pygments_lexer="python3")(piece))
        minutes = 0.1 * piece.count("\n") + 0.2
        last = place == len(shown) - 1
        if last and output and piece.count("\n") + output.count("\n") + 3 <= CODE_LINES + 4:
            yield Slide("code", body + _printed(output), minutes, 0.72 * (_rows(piece) + _rows(output)) + 1.6)
            output = ""
        else:
            yield Slide("code", body, minutes, 0.72 * _rows(piece) + 0.8)
    if output:
        yield Slide("printed", _printed(output), 0.5, 0.72 * _rows(output) + 0.8)
    for figure, tall in drawn:
        yield Slide("figure", figure, 1.0, tall / 50, notes=[f"<p>{alt}</p>"] if alt else [])
    for table in (part for whole in tables for part in _table_pieces(whole)):
        rows = [re.sub(r"<.*?>|\s+", " ", row) for row in table.split("</tr>")[:-1]]
        yield Slide("table", f'<div class="frame">{table}</div>', 1.0, 0.5 + sum(1.1 * (1 + len(row) // 110) for row in rows))


def _figure(kind: str, data: str, alt: str) -> tuple[str, int]:
    """Return the HTML of a picture in base64, as large as a slide holds it, and its height there in pixels."""
    width, height = Image.open(io.BytesIO(base64.b64decode(data))).size
    tall = min(FIGURE[1], round(FIGURE[0] * height / width))
    return f'<img class="drawn" style="height: {tall}px" src="data:image/{kind};base64,{data}" alt="{alt}">', tall


def _table_pieces(table: str) -> list[str]:
    """Return a table of HTML in pieces of at most ten rows, each with the table's head."""
    body = re.search(r"<tbody>(.*)</tbody>", table, re.S)
    rows = re.findall(r"<tr.*?</tr>", body[1], re.S) if body else []
    if len(rows) <= TABLE_ROWS:
        return [table]
    some = -(-len(rows) // -(-len(rows) // TABLE_ROWS))  # as many on each
    return [table[: body.start(1)] + "".join(rows[at : at + some]) + table[body.end(1) :] for at in range(0, len(rows), some)]


def _printed(output: str) -> str:
    return _wide(output, f'<pre class="printed">{ansi2html(output)}</pre>')


def _wide(text: str, made: str) -> str:
    """Return the HTML of code or printed text, in narrower type if one of its lines would not stand in a row otherwise."""
    return f'<div class="wide">{made}</div>' if any(map(_over_a_row, text.split("\n"))) else made


def _over_a_row(line: str) -> bool:
    return sum(1.75 if ord(letter) > 0x2E7F else 1 for letter in line) > 93


def _rows(text: str) -> int:
    """Return how many rows code or printed text takes on a slide."""
    return sum(-(-len(line) // 120) or 1 for line in text.split("\n"))


def _cut(output: str, language: str) -> str:
    lines = [line[:400] for line in output.split("\n")]
    tall = 0
    for place, line in enumerate(lines):
        tall += -(-len(line) // 120) or 1
        if tall > PRINTED_LINES:
            return "\n".join([*lines[:place], WORDS[language]["cut"]])
    return "\n".join(lines)


def only_draws(source: str) -> bool:
    """Whether most lines of a cell draw: such code is not the lesson, and stays off the stage."""
    lines = [line for line in source.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return sum(bool(DRAWS.search(line)) for line in lines) * 2 >= len(lines)


def code_pieces(source: str, drawn: bool = False) -> list[str]:
    """Return code in pieces of at most twelve lines: whole statements together where they fit, a longer one cut at its lines.

    Args:
        source: a cell's code.
        drawn: whether the cell shows a figure; then statements that only draw it are left out.
    """
    source = re.sub(r"\n{3,}", "\n\n", notebooks.GAP_MARKS.sub("", source)).strip("\n")
    lines = source.split("\n")
    try:
        starts = [min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1 for node in ast.parse(source).body]
    except SyntaxError:  # magics
        starts = [place for place, line in enumerate(lines) if line[:1].strip()]
    starts = [_with_comments(lines, start) for start in starts]
    edges = sorted({0, *starts, len(lines)})
    pieces: list[list[str]] = [[]]
    for begin, end in zip(edges, edges[1:], strict=False):
        statement = lines[begin:end]
        if drawn and only_draws("\n".join(statement)):
            continue
        if pieces[-1] and len("\n".join([*pieces[-1], *statement]).rstrip().split("\n")) > CODE_LINES:
            pieces.append([])
        for line in statement:
            if len(pieces[-1]) == CODE_LINES:
                pieces.append([])
            pieces[-1].append(line)
    return [text for text in ("\n".join(piece).strip("\n") for piece in pieces) if text.strip()]


def _with_comments(lines: list[str], start: int) -> int:
    while start and lines[start - 1].startswith("#"):
        start -= 1
    return start


def to_html(markdown: str) -> str:
    """Return markdown as HTML; links inside the course become plain words, since a deck stands alone."""
    made = markdown2html(re.sub(r"(?<!!)\[([^\]]*)\]\((?!https?:)[^)]*\)", r"\1", markdown))
    return re.sub(r'<a class="anchor-link".*?</a>', "", made)


def schedule(nb) -> list[tuple[str, float]]:
    """Return the steps of a built lesson, `中文 · English`, with the minutes that each takes on stage (of the slower language)."""
    told = {language: [] for language in one_language.LANGUAGES}
    for language, steps in told.items():
        for slide in slides(nb, language):
            heading = re.search(r"<h[12][^>]*>(.*?)</h[12]>", slide.html, re.S) if slide.starts else None
            if heading or not steps:
                steps.append([re.sub(r"<.*?>", "", heading[1]) if heading else "", 0.0])
            steps[-1][1] += max(0.5, slide.minutes)
    return [(f"{html.unescape(zh[0])} · {html.unescape(en[0])}", max(zh[1], en[1])) for zh, en in zip(*told.values(), strict=True)]


def deck(nb, language: str, title: str) -> str:
    """Return a lesson's deck as one HTML page beside the folder `assets`."""
    words, columns = WORDS[language], []
    for slide in slides(nb, language):
        if slide.starts or not columns:
            columns.append([])
        columns[-1].append(slide)
    body = []
    for column in columns:
        for place, slide in enumerate(column):
            minutes = max(0.5, round(slide.minutes * 2) / 2)
            keys = f'<p class="keys">{words["keys"]}</p>' if slide.kind == "title" and column is columns[0] and not place else ""
            notes = f'<aside class="notes"><p>⏱ {minutes:g} {words["minutes"]}</p>{"".join(slide.notes)}</aside>'
            step = f'<p class="step">{slide.step}</p>' if slide.step else ""
            column[place] = f'<section class="{slide.kind}"><div class="all">{step}{slide.html}{keys}</div>{notes}</section>'
        body.append(f"<section>{''.join(column)}</section>")
    whole = (PAGES / "deck.html").read_text(encoding="utf-8").replace("@LANG@", one_language.LANGUAGES[language])
    return whole.replace("@TITLE@", html.escape(title)).replace("@SLIDES@", "\n".join(body))


def write_assets(folder: Path, names: Collection[str] = tuple(ASSETS)) -> None:
    """Put the scripts, the styles and the font that decks need, or those of them that `names` says, into a folder.

    Raises:
        FetchError: if one of them cannot be had; it says why and what to do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, (asset, member) in ((name, ASSETS[name]) for name in names):
        if not (folder / name).exists():
            with files.atomic_write(folder / name) as partial:
                shutil.copyfile(fetch.fetch(asset, member), partial)
    if len(names) == len(ASSETS):
        shutil.copyfile(PAGES / "deck.css", folder / "deck.css")


def build(notebook: notebooks.Notebook, languages: list[str], folder: Path) -> list[Path]:
    """Write the decks of one lesson and return their paths.

    Raises:
        NotebookError: if the lesson is not built.
    """
    nb, written = notebooks.read_built(notebook.built), []
    for language in languages:
        title = one_language.in_language(nb.cells[0].source.splitlines()[0], language).lstrip("# ")
        path = folder / language / f"{notebook.name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        notebooks.write_text(path, deck(nb, language, title))
        written.append(path)
    return written


@notebooks.command("slides", CatalogError, fetch.FetchError)
def main(arguments: list[str] | None = None) -> int | None:
    parser = argparse.ArgumentParser(prog="python -m tools.lessons.slides", description=__doc__)
    parser.add_argument("selection", nargs="?", help="lesson numbers such as 05 or 4,7; all when left out")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    wanted = os.environ.get("COURSE_LANGUAGE", "both") or "both"
    if wanted not in ("zh", "en", "both"):
        raise notebooks.NotebookError(f"COURSE_LANGUAGE={wanted!r}: expected zh, en or both")
    write_assets(options.folder / "assets")
    for notebook in notebooks.find(options.selection):
        for path in build(notebook, ["zh", "en"] if wanted == "both" else [wanted], options.folder):
            print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


if __name__ == "__main__":
    sys.exit(main())
