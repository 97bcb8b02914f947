"""Check that the course is complete: built files match their sources, its conventions are kept. See `make check`.

Prints one line per finding, `file: what is wrong and what to do`, and exits with 1 if there is any.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.lessons import course_map, glossary, languages, neighbours, notebooks, quiz, slides, study, workbook
from utils.data import catalog

SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes", "-"}
TAGS = {"answer", "check", "nbval-check-output", "thumbnail", "raises-exception", "mainland-words-shown", "plot",
        neighbours.TAG, notebooks.STORED, notebooks.TOUCH}
QUESTION = "🤔"
ANSWER = re.compile(r"<details><summary>[^<\n]+</summary>\n\n.+\n\n</details>", re.S)  # the blank lines let Markdown in
MOST_LINES = 30
MOST_BYTES = 1 << 20
PROJECT = ("1 .*Question", "2 .*Data", "3 .*Split", "4 .*Baseline", "5 .*Model", "6 .*Test", "7 .*Errors", "8 .*Conclusion")
HEADER = ("| 先備知識 · What you need", "| 學習時間 · Study time")
CLOSING = ("What we learned", "What the original course did differently", "Lab", "References")


def source_findings(nb, name: str) -> Iterator[str]:
    """Yield breaches of the notebook conventions in a source that was read with `notebooks.read_source`."""
    if not nb.cells:
        yield "has no cells"
        return
    opening = nb.cells[0]
    if opening.cell_type != "markdown" or not opening.source.startswith(f"# {name.split('_')[0]} "):
        yield f"the first cell must be markdown that starts with '# {name.split('_')[0]} title'"
    if notebooks.MINUTES not in opening.source:
        yield f"the first cell must hold {notebooks.MINUTES}, which the build replaces by the measured time"
    if "\n🗺 " not in opening.source:
        yield "the first cell must hold a line '🗺 中文 · English': what the course map says of this lesson"
    for row in HEADER:
        if f"\n{row} |" not in opening.source:
            yield f"the first cell's table must have a row '{row} | 中文 · English |'"
    yield from step_findings(nb)
    text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    for heading in CLOSING:
        if not re.search(rf"^#+ .*{heading}", text, re.M):
            yield f"section '{heading}' is missing"
    code = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "code")
    for needed, why in (("profile.choose(", "how much work each profile does"), ("profile.expect(", "what it must reach"),
                        ("profile.seed(", "its seed")):  # fmt: skip
        if needed not in code:
            yield f"{needed}...) is missing: a notebook says {why}"
    for position, cell in enumerate(nb.cells, start=1):
        where = f"cell {position} ({cell.source.splitlines()[0][:40] if cell.source else 'empty'!r})"
        if not cell.source.strip():
            yield f"{where} is empty"
        if cell.metadata.get("slideshow", {}).get("slide_type") not in SLIDE_TYPES:
            yield f"{where} has no slide type, one of {', '.join(sorted(SLIDE_TYPES))}"
        for tag in set(cell.metadata.get("tags", [])) - TAGS:
            yield f"{where} has the unknown tag {tag!r}; known: {', '.join(sorted(TAGS))}"
        if cell.cell_type == "markdown":
            shown = "mainland-words-shown" in cell.metadata.get("tags", [])
            for finding in () if shown else (*languages.language_findings(cell.source), *languages.simplified_findings(cell.source)):
                yield f"{where}: {finding}"
    yield from answer_findings(nb)


def step_findings(nb) -> Iterator[str]:
    """Yield steps that have no minutes for a student, or none of their own on stage."""
    minutes = study.steps(nb)
    for step in (step for step, given in minutes.items() if not given):
        yield (f"the step {step!r} has no study minutes: the row {HEADER[1]!r} must say '約 45 分鐘 · about 45 minutes', "
               "at least one for each step")  # fmt: skip
    for cell in nb.cells:
        step = cell.source.split("\n")[0].removeprefix("## ")
        if step in minutes and cell.metadata.get("slideshow", {}).get("slide_type") != "slide":
            yield f"the step {step!r} has no minutes of its own on stage: its cell must be of the slide type slide"


def project_findings(nb, name: str) -> Iterator[str]:
    """Yield breaches of the conventions in a project's source: headings as in the template, in their order, both languages."""
    headings = [line for cell in nb.cells if cell.cell_type == "markdown" for line in cell.source.splitlines() if line.startswith("#")]
    if not re.fullmatch(rf"# {name[:2]} .*\n" + "\n".join(f"## {heading}" for heading in PROJECT), "\n".join(headings)):
        yield f"its headings must be '# {name[:2]} title' and '## 1 … Question' to '## 8 … Conclusion', as in the template"
    for position, cell in enumerate(nb.cells, start=1):
        if cell.cell_type == "markdown":
            for finding in (*languages.language_findings(cell.source), *languages.simplified_findings(cell.source)):
                yield f"cell {position}: {finding}"
    yield from answer_findings(nb)


def answer_findings(nb) -> Iterator[str]:
    """Yield questions without an answer, and answers that are not folded, or that no question stands before."""
    for position, (cell, after) in enumerate(zip(nb.cells, [*nb.cells[1:], None], strict=True), start=1):
        asks = cell.cell_type == "markdown" and re.search(rf"^{QUESTION}", cell.source, re.M)
        if asks and (after is None or "answer" not in after.metadata.get("tags", [])):
            yield f"cell {position} asks ({QUESTION}) and the cell below it, tagged answer, is missing"
    for position, (before, cell) in enumerate(zip([None, *nb.cells], nb.cells, strict=False), start=1):
        if "answer" in cell.metadata.get("tags", []):
            if before is None or QUESTION not in before.source:
                yield f"cell {position} is tagged answer; the cell before it asks no question ({QUESTION})"
            if not ANSWER.fullmatch(cell.source):
                yield (f"cell {position} is tagged answer and not folded: write <details><summary>解答 · Answer</summary>, an "
                       "empty line, both languages, an empty line, </details>")  # fmt: skip


def gap_findings(nb, name: str) -> Iterator[str]:
    """Yield a finding if a lesson from 01 on has fewer than three gaps or more than six."""
    try:
        count = len(workbook.gaps(nb))
    except notebooks.NotebookError:
        return  # workbook_findings says what is wrong
    if not name.startswith("00") and not 3 <= count <= 6:
        yield f"{name}.py: expected three to five gaps for the learner, at most six; found {count}"


def sync_findings(source, built) -> Iterator[str]:
    """Yield differences between a source and the notebook built from it."""
    seconds = built.metadata.get("course", {}).get("seconds")
    if not seconds:
        yield "was not built by make render: it records no measured time"
        return
    notebooks.fill_minutes(source, seconds)
    if built.metadata.course.get("profile") != "lesson":
        yield "was built in another profile than lesson"
    if len(source.cells) != len(built.cells):
        yield f"has {len(built.cells)} cells, its source has {len(source.cells)}"
    for position, (wanted, found) in enumerate(zip(source.cells, built.cells, strict=False), start=1):
        # An id is made from the text before the measured time goes in, so the opening cell's id still fits.
        for field in ("cell_type", "id", "source", "metadata"):
            if wanted[field] != found[field]:
                yield f"cell {position} differs from its source in {field}: {str(found.source)[:60]!r}"
                break


def output_findings(built, size: int) -> Iterator[str]:
    """Yield what is wrong with the stored outputs of a built notebook of `size` bytes."""
    if size > MOST_BYTES:
        yield f"is {size / 1024:,.0f} kB; at most {MOST_BYTES >> 10:,} kB. Make figures fewer or smaller"
    count = 0
    for position, cell in enumerate(built.cells, start=1):
        if cell.cell_type != "code":
            continue
        tags = cell.metadata.get("tags", [])
        if notebooks.TOUCH in tags:
            if cell.outputs or cell.execution_count:
                yield f"cell {position} is tagged {notebooks.TOUCH} and was run; sliders store nothing: make render with PROSE=1"
            continue
        count += 1
        if cell.execution_count != count:
            yield f"cell {position} was not run in order from a fresh kernel"
        if "nbval-check-output" in tags and not cell.outputs:
            yield f"cell {position} is tagged nbval-check-output but has no output to compare"
        if "thumbnail" in tags and not any("image/png" in output.get("data", {}) for output in cell.outputs):
            yield f"cell {position} is tagged thumbnail but shows no figure"
        lines = 0
        for output in cell.outputs:
            if output.output_type == "error" and "raises-exception" not in tags:
                yield f"cell {position} ends in an error: {output.ename}: {output.evalue}"
            if output.get("name") == "stderr":
                yield f"cell {position} prints to stderr: {output.text.strip().splitlines()[-1][:80]!r}"
            lines += len((output.get("text") or output.get("data", {}).get("text/plain") or "").splitlines())
        if lines > MOST_LINES:
            yield f"cell {position} prints {lines} lines; at most {MOST_LINES}"


def alt_findings(built) -> Iterator[str]:
    """Yield figures without alternative text in both languages, and texts that only say a heading or the code's own words again."""
    headings = [half for cell in built.cells if cell.cell_type == "markdown" for line in cell.source.splitlines() if line.startswith("#")
                for half in (line, *line.split(" · "), *re.split("[：:·]", line))]  # fmt: skip
    for position, cell in enumerate(built.cells, start=1):
        if not notebooks.has_figure(cell):
            continue
        for language, letters in (("zh", languages.HAN), ("en", languages.ENGLISH)):
            said = notebooks.alternative_text(cell, language)
            if not letters.search(said):
                yield (f'cell {position} shows a figure and its alternative text ({language}) is missing; say what one sees in it: '
                       '# %% alt={"zh": "…", "en": "…"}')  # fmt: skip
            elif _bare(said) in {*map(_bare, headings), *map(_bare, _strings(cell.source))}:
                yield f"cell {position}: its alternative text ({language}) is only a title; say what one sees in the figure"
        chinese = notebooks.alternative_text(cell, "zh")
        for finding in (*languages.simplified_findings(chinese), *glossary.word_findings(chinese)):
            yield f"cell {position}, alternative text: {finding}"


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _strings(code: str) -> list[str]:
    """Return the strings in a cell's code, a figure's titles among them."""
    try:
        return [node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    except SyntaxError:  # magics
        return []


def notebook_findings(notebook: notebooks.Notebook) -> Iterator[str]:
    """Yield every finding about one notebook, source and built file."""
    rebuild = (
        f"run: make render NB={notebook.number} (PROSE=1 if only words or a neighbour changed; "
        f"or make adopt NB={notebook.number} to keep a change of the notebook)"
        if not notebook.is_project else f"run: make projects NB={notebook.number}"
    )
    try:
        source = notebooks.read_source(notebook.source)
        for finding in (project_findings if notebook.is_project else source_findings)(source, notebook.name):
            yield f"{notebook.source.name}: {finding}"
        yield from measured_findings(notebook, source)
        built = notebooks.read_built(notebook.built)
    except notebooks.NotebookError as error:
        yield str(error)
        return
    differences = list(sync_findings(source, built))
    if differences:
        more = f" (and {len(differences) - 1} more)" if len(differences) > 1 else ""
        yield f"{notebook.built.name}: {differences[0]}{more}; {rebuild}"
    elif not notebook.is_project:
        yield from workbook_findings(notebook, built.metadata.course.seconds)
    on_stage = () if notebook.is_project else slides.findings(built)
    for finding in (*output_findings(built, notebook.built.stat().st_size), *alt_findings(built), *on_stage):
        yield f"{notebook.built.name}: {finding}"
    for cell in built.cells:
        if cell.cell_type == "markdown":
            for finding in languages.link_findings(cell.source, notebook.built.parent):
                yield f"{notebook.built.name}: {finding}"


def measured_findings(notebook: notebooks.Notebook, source) -> Iterator[str]:
    """Yield a finding if what is stored of a lesson's seeds was measured with other code than its source holds now."""
    if not notebook.measured.exists():
        return
    try:
        digest = json.loads(notebook.measured.read_text(encoding="utf-8"))["code_sha256"]
    except (ValueError, KeyError, TypeError):
        digest = None
    if digest != notebooks.code_digest(source):
        yield f"measured/{notebook.measured.name}: the lesson's code has moved on; run: make seeds NB={notebook.number}"


def workbook_findings(notebook: notebooks.Notebook, seconds: float) -> Iterator[str]:
    """Yield a finding if a lesson's workbook is not what its source gives, or a gap is malformed."""
    shown = f"workbook/{notebook.workbook.name}"
    try:
        wanted = workbook.workbook(notebook, seconds)
        if not notebook.workbook.exists() or notebooks.read_built(notebook.workbook) != wanted:
            yield f"{shown}: is not what its source gives; run: make render NB={notebook.number} PROSE=1"
        for cell in wanted.cells:
            if cell.cell_type == "markdown":
                given = re.sub(r"\.\./\.\./work/(labs|projects)/", r"../../\1/", cell.source)  # which work/ is filled from
                for finding in languages.link_findings(given, notebook.workbook.parent):
                    yield f"{shown}: {finding}"
    except notebooks.NotebookError as error:
        yield f"{notebook.source.name}: {error}"


def orphan_findings(root: Path) -> Iterator[str]:
    """Yield built notebooks and measured files that have no source."""
    sources = {notebook.name for notebook in notebooks.find(root=root)}
    for path in sorted([*(root / "notebooks").glob("*.ipynb"), *(root / "notebooks" / "workbook").glob("*.ipynb")]):
        if path.stem not in sources:
            yield f"{path.relative_to(root / 'notebooks')}: has no source; move it away, or bring it back with make adopt"
    for path in sorted((root / "notebooks" / "measured").glob("*.json")):
        if path.stem not in sources:
            yield f"measured/{path.name}: no lesson has this name; rename it as the lesson was, or remove it"


def document_findings(root: Path) -> Iterator[str]:
    """Yield dead links and words said otherwise in the Markdown pages of the project."""
    for path in sorted([*root.glob("*.md"), *root.glob("*/README.md"), *root.glob("docs/*.md"), *root.glob("labs/source/README.md")]):
        text = path.read_text(encoding="utf-8")
        for finding in (*languages.link_findings(text, path.parent), *glossary.word_findings(languages.prose(text))):
            yield f"{path.relative_to(root)}: {finding}"


def catalog_findings() -> Iterator[str]:
    """Yield what is wrong with data/catalog.toml."""
    try:
        catalog.load()
    except ValueError as error:
        yield str(error)


def main() -> int:
    everything = [*notebooks.find(), *notebooks.find(room="projects")]
    findings = [finding for notebook in everything for finding in notebook_findings(notebook)]
    findings += [finding for one in notebooks.find() for finding in gap_findings(notebooks.read_source(one.source), one.name)]
    findings += orphan_findings(notebooks.ROOT)
    findings += document_findings(notebooks.ROOT)
    findings += catalog_findings()
    findings += course_map.findings(notebooks.ROOT)
    findings += glossary.findings(notebooks.ROOT)
    findings += quiz.findings(notebooks.ROOT)
    for finding in findings:
        print(finding)
    ruff = subprocess.run([sys.executable, "-m", "ruff", "check", "--quiet", "."], cwd=notebooks.ROOT).returncode
    if findings or ruff:
        print(f"check: {len(findings)} findings{', and ruff has some' if ruff else ''}", file=sys.stderr)
        return 1
    print(f"check: {len(everything)} notebooks in sync, pages and catalog whole, ruff clean")
    return 0


if __name__ == "__main__":
    sys.exit(main())
