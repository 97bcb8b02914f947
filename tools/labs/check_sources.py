"""What `make check` says about the labs: rules of their sources, their wrong answers, and what is built from them."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbgrader.nbgraderformat import MetadataValidator, ValidationError

from tools.labs import build, misunderstood
from tools.lessons import check, languages, notebooks

FEWEST_HINTS = 2
HINT = re.compile(r"<details>\s*<summary>.+?</summary>[ \t]*\n[ \t]*\n", re.S)
BOTH_MINUTES = re.compile(r"約 (\d+) 分鐘.*?about (\d+) minutes", re.S)


def source_findings(lab: build.Lab) -> Iterator[str]:
    """Yield breaches of the conventions of labs/source/README.md in a source."""
    nb = lab.notebook
    yield from _opening_findings(nb, lab.number)
    yield from _metadata_findings(nb)
    yield from _step_findings(nb)
    yield from check.answer_findings(nb)
    told = (cell.source for cell in nb.cells if cell.cell_type == "markdown" and "answer" not in cell.metadata.get("tags", []))
    hints = sum(len(HINT.findall(text)) for text in told)
    if hints < FEWEST_HINTS:
        yield (
            f"has {hints} hints that fold out; write at least {FEWEST_HINTS}: "
            "<details><summary>…</summary>, an empty line, the hint"
        )
    for position, cell in enumerate(nb.cells, start=1):
        where = f"cell {position} ({cell.source.splitlines()[0][:40] if cell.source else 'empty'!r})"
        if not cell.source.strip():
            yield f"{where} is empty"
        elif cell.cell_type == "markdown":
            for finding in (*languages.language_findings(cell.source), *languages.simplified_findings(cell.source)):
                yield f"{where}: {finding}"
        else:
            yield from (f"{where} {finding}" for finding in _code_findings(cell))


def _opening_findings(nb, number: str) -> Iterator[str]:
    opening = nb.cells[0].source if nb.cells and nb.cells[0].cell_type == "markdown" else ""
    match = build.TITLE.fullmatch(opening.splitlines()[0].strip()) if opening else None
    if not match or (match[1], match[3]) != (number, number):
        yield f"the first cell must be markdown whose first line is like '# 練習 {number}：標題 · Lab {number}: Title'"
    minutes = BOTH_MINUTES.search(opening)
    if not minutes or minutes[1] != minutes[2]:
        yield "the first cell must say how long it takes, in both languages: '約 30 分鐘 · about 30 minutes'"
    for word, english in (("目標", "Goal"), ("資料", "Data")):
        if word not in opening or not re.search(rf"\b{english}\b", opening, re.I):
            yield f"the first cell must name what is needed: {word} · {english} is missing"


def _metadata_findings(nb) -> Iterator[str]:
    try:
        MetadataValidator().validate_nb(nb)
    except ValidationError as error:
        yield f"nbgrader metadata: {str(error).splitlines()[0]}"
    seen = set()
    for cell in nb.cells:
        if (name := build.grade_id(cell)) in seen and name:
            yield f"the grade_id {name!r} occurs twice"
        seen.add(name)


def _step_findings(nb) -> Iterator[str]:
    order = [build.grade_id(cell) for cell in nb.cells for kind in ("solution", "grade") if cell.metadata.get("nbgrader", {}).get(kind)]
    wanted = [name for step in build.STEPS for name in (step, f"{step}_check")]
    if order != wanted:
        yield (
            f"must have exactly three graded steps, in this order: {', '.join(wanted)}; "
            f"it has {', '.join(order) or 'none'}"
        )


def _code_findings(cell) -> Iterator[str]:
    try:
        ast.parse(cell.source)
    except SyntaxError as error:
        yield f"is no valid Python (line {error.lineno}: {error.msg}); labs use no magics and no shell lines"
        return
    if "get_ipython" in cell.source:
        yield "uses get_ipython; labs hold plain Python"
    marks = cell.metadata.get("nbgrader", {})
    if marks.get("solution"):
        if "### BEGIN SOLUTION" not in cell.source:
            yield "is a solution cell without ### BEGIN SOLUTION and ### END SOLUTION"
    elif not marks.get("locked"):
        yield "can be changed by students; lock cells of imports and data with nbgrader metadata"
    if marks.get("grade"):
        if not float(marks.get("points", 0)) > 0:
            yield "is a test that earns no points"
        visible, hidden, rest = cell.source.partition("### BEGIN HIDDEN TESTS")
        if "checks." not in visible and "profile.expect(" not in visible:
            yield "has no visible test: use utils.notebook.checks before the hidden ones"
        if hidden and rest.rstrip().splitlines()[-1].strip() != "### END HIDDEN TESTS":
            yield "must end with its hidden tests: nothing stands after ### END HIDDEN TESTS"


def wrong_findings(lab: build.Lab) -> Iterator[str]:
    """Yield what is wrong with the wrong answers beside a source, and with the names of what they misunderstand."""
    answers = build.wrong_answers(lab)
    for step in build.STEPS:
        if step not in {answer.step for answer in answers}:
            yield f"{lab.wrong.name}: has no wrong answer for {step}"
    for answer in answers:
        try:
            ast.parse(answer.code)
        except SyntaxError as error:
            yield f"{lab.wrong.name}: a wrong answer for {answer.step} is no valid Python (line {error.lineno}: {error.msg})"
        where = f"{lab.wrong.name}: the wrong answer to {answer.step} that meets {answer.hint!r}"
        if not languages.HAN.search(answer.means_zh) or not re.search(r"[A-Za-z]", answer.means_en):
            yield f'{where} has no name: write what is misunderstood, means_zh="…" means_en="…"'
        elif ";" in answer.means_zh + answer.means_en:
            yield f"{where} has a ';' in its name, which parts names in the table of grades"
        else:
            try:
                misunderstood.place(answer.repeat, lab.built.parent.parent)
            except notebooks.NotebookError as error:
                yield f"{where}: {error}"


def sync_findings(lab: build.Lab) -> Iterator[str]:
    """Yield which of the two built notebooks is missing or differs from what the source gives."""
    for path, version in ((lab.built, build.student_version(lab)), (lab.solved, build.solved_version(lab))):
        shown = path.relative_to(lab.built.parent.parent)
        if not path.exists():
            yield f"{shown}: is not built yet; run: make labs"
        elif path.read_text(encoding="utf-8", errors="replace") != build.text(version):
            yield f"{shown}: differs from {lab.source.name}; edit the source, then run: make labs"


def lab_findings(lab: build.Lab) -> Iterator[str]:
    """Yield every finding about one lab: source, wrong answers, built files, links."""
    try:
        yield from (f"{lab.source.name}: {finding}" for finding in source_findings(lab))
        yield from wrong_findings(lab)
        yield from sync_findings(lab)
        for cell in lab.notebook.cells:
            if cell.cell_type == "markdown":
                for finding in languages.link_findings(cell.source, lab.built.parent):
                    yield f"{lab.source.name}: {finding}"
    except (notebooks.NotebookError, nbformat.ValidationError) as error:
        yield str(error).splitlines()[0]


def findings(root: Path) -> Iterator[str]:
    """Yield every finding about the labs of a project."""
    everything = build.find(root=root)
    for lab in everything:
        yield from lab_findings(lab)
    names = {lab.name for lab in everything}
    for path in sorted([*(root / "labs").glob("*.ipynb"), *(root / "labs" / "solutions").glob("*.ipynb")]):
        if path.stem not in names:
            yield f"{path.relative_to(root)}: has no source in labs/source; move it away"
    for path in sorted((root / "labs" / "source").glob("*.wrong.py")):
        if path.name.removesuffix(".wrong.py") not in names:
            yield f"{path.relative_to(root)}: its lab does not exist"
    readme = root / "labs" / "README.md"
    try:
        page = readme.read_text(encoding="utf-8")
        if build.with_table(page, build.table(root)) != page:
            yield "labs/README.md: the table of labs is not up to date; run: make labs"
    except (notebooks.NotebookError, FileNotFoundError) as error:
        yield str(error)


def main() -> int:
    count = len(build.find())
    found = list(findings(notebooks.ROOT))
    for finding in found:
        print(finding)
    if found:
        print(f"check: {len(found)} findings in the labs", file=sys.stderr)
        return 1
    print(f"check: {count} labs in sync")
    return 0


if __name__ == "__main__":
    sys.exit(main())
