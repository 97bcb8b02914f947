"""The instructor's key: one page a lesson, in both languages: schedule, questions, answers, gaps, usual mistakes. See `make key`.

Everything on it comes from the lesson's source and from its wrong answers, the minutes on stage from its slides.
"""

import argparse
import html
import re
import sys
from pathlib import Path

from nbconvert.filters import Highlight2HTML

from tools.labs import build as labs
from tools.lessons import notebooks, one_language, slides, study, workbook

FOLDER = notebooks.ROOT / "build" / "key"


def page(notebook: notebooks.Notebook) -> str:
    """Return the key of one lesson as an HTML page that needs nothing else.

    Raises:
        NotebookError: if the lesson is not built, or its wrong answers are malformed.
    """
    nb = notebooks.read_built(notebook.built)
    title = nb.cells[0].source.splitlines()[0].lstrip("# ")
    steps = slides.schedule(nb)
    out = [f"<h1>{html.escape(title)}</h1><h2>時間表 · Schedule</h2>",
           "<table><tr><th>步驟 · Step</th><th>上台分鐘 · min on stage</th><th>累計 · total</th>"
           "<th>自學分鐘 · min of study</th></tr>"]  # fmt: skip
    total, alone = 0.0, {_letters(step): minutes for step, minutes in study.steps(nb).items()}
    for step, minutes in steps:
        total += minutes
        out.append(f"<tr><td>{html.escape(step)}</td><td>{minutes:.0f}</td><td>{total:.0f}</td>"
                   f"<td>{alone.get(_letters(step), '')}</td></tr>")
    out.append("</table><h2>問題與解答 · Questions and answers</h2>")
    for question, answer in zip(nb.cells, nb.cells[1:], strict=False):
        if "answer" in answer.metadata.get("tags", []):
            asked = "\n\n".join(block for block in one_language.blocks(question.source) if "🤔" in block or "✏️" in block) or question.source
            told = slides.unfolded(answer.source)
            out.append(f'<div class="asked">{slides.to_html(asked)}</div><div class="told">{slides.to_html(told)}</div>')
    source = notebooks.read_source(notebook.source)
    places = workbook.gaps(source)
    if places:
        wrong = labs.read_wrong_answers(notebook.wrong, places)
        out.append("<h2>空格與常見的錯 · Gaps, filled, and the usual mistakes</h2>")
        for gap, place in places.items():
            out.append(f"<h3>{html.escape(gap)}</h3>{_code(notebooks.GAP_MARKS.sub('', source.cells[place].source))}")
            for answer in (one for one in wrong if one.step == gap):
                out.append(f'<details><summary>✗ {html.escape(answer.hint)}</summary>{_code(answer.code)}</details>')
    whole = (Path(__file__).parent / "pages" / "key.html").read_text(encoding="utf-8")
    return whole.replace("@TITLE@", html.escape(title)).replace("@BODY@", "\n".join(out))


def _letters(heading: str) -> str:
    """Return a heading without blanks and marks, which are not the same on a slide and in the lesson."""
    return re.sub(r"\W", "", heading)


def _code(source: str) -> str:
    return Highlight2HTML(pygments_lexer="python3")(source.strip("\n"))


@notebooks.command("key", slides.fetch.FetchError)
def main(arguments: list[str] | None = None) -> int | None:
    parser = argparse.ArgumentParser(prog="python -m tools.labs.key", description=__doc__)
    parser.add_argument("selection", nargs="?", help="lesson numbers such as 05 or 4,7; all when left out")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    slides.write_assets(options.folder / "assets", ("tex-svg.js",))
    for notebook in notebooks.find(options.selection):
        notebooks.write_text(options.folder / f"{notebook.name}.html", page(notebook))
        steps = slides.schedule(notebooks.read_built(notebook.built))
        print(f"{notebook.name}: {sum(minutes for _, minutes in steps):.0f} minutes on stage")
    print(f"written to {options.folder}")


if __name__ == "__main__":
    sys.exit(main())
