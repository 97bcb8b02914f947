"""Build the workbooks: each lesson as a student works through it. See `make render`.

A workbook has the lesson's own cells without their outputs, so that no question is spoiled by what stands below it. Its gaps
are empty (`### BEGIN SOLUTION` … `### END SOLUTION` in a cell that names its `gap`), the checks below them folded. A question
stands out as a quotation, and below it there is a place to write. Below the heading of a step it says how many minutes to expect.
The quiz stands before the references. Links go up to the course's folder and down again, so they work from `notebooks/workbook/`
and from `work/lessons/`; those to the lessons before and after lead to their workbooks.
"""

import ast
import logging
import re

from nbformat import v4

from tools.lessons import neighbours, notebooks, quiz, study

PLACE = "✏️ 你的答案 · Your answer:"
TAKES = "⏱ 約 {0} 分鐘 · about {0} min"
NOTE = """📓 這是工作本：格子裡沒有結果，`NotImplementedError` 的那幾行由你來寫，寫完執行下面的檢查。\
完整的一課在[這裡](../../notebooks/{name}.ipynb)。

This is the workbook: its cells have no results yet. The lines with `NotImplementedError` are yours to write; then run the check
below. The complete lesson is [here](../../notebooks/{name}.ipynb)."""
REFERENCES = re.compile(r"#+ .*\bReferences$", re.M)
QUESTION = re.compile(r"^🤔.*(?:\n(?!\n).*)*", re.M)
LINK = re.compile(r"(\]\(|src=\")(?![a-z]+:|#|/)([^)\s\"]+)")


def gaps(nb) -> dict[str, int]:
    """Return the position of each gap's cell, by its name.

    Raises:
        NotebookError: if two gaps have one name, or a gap has no solution or no check right below it.
    """
    found = {}
    for position, cell in enumerate(nb.cells):
        gap, marked = cell.metadata.get("gap"), "### BEGIN SOLUTION" in cell.source
        if bool(gap) != marked:
            raise notebooks.NotebookError(
                f"cell {position + 1} ({cell.source.splitlines()[0][:40]!r}): a gap is a cell that says gap=\"name\" and "
                "holds ### BEGIN SOLUTION and ### END SOLUTION; one of the two is missing"
            )
        if gap:
            if gap in found:
                raise notebooks.NotebookError(f"two gaps are called {gap!r}")
            below = nb.cells[position + 1] if position + 1 < len(nb.cells) else cell
            if "check" not in below.metadata.get("tags", []) or "checks." not in below.source:
                raise notebooks.NotebookError(f"the cell below the gap {gap!r} is no check: it needs the tag check and checks.…(")
            found[gap] = position
    return found


def emptied(cell) -> str:
    """Return the code of a gap's cell with the stub in place of the solution.

    Raises:
        NotebookError: if the markers are wrong, or what remains is no valid Python.
    """
    from nbgrader.preprocessors import ClearSolutions  # a second to import

    clear = ClearSolutions(code_stub={"python": notebooks.stub(cell.metadata.gap, cell.metadata.gap)}, enforce_metadata=False)
    clear.log.setLevel(logging.CRITICAL)  # its complaint is raised as well
    empty = v4.new_code_cell(cell.source)
    try:
        empty, _ = clear.preprocess_cell(empty, {"language": "python"}, 0)
        ast.parse(empty.source)
    except (RuntimeError, SyntaxError) as error:
        raise notebooks.NotebookError(f"the gap {cell.metadata.gap!r} cannot be emptied: {error}. "
                                      "Put the markers around whole statements.") from None  # fmt: skip
    return empty.source


def workbook(notebook: notebooks.Notebook, seconds: float):
    """Return a lesson's workbook.

    Args:
        notebook: the lesson; its source is read.
        seconds: how long the lesson takes, for its opening cell.

    Raises:
        NotebookError: if the source is malformed.
    """
    nb = notebooks.read_source(notebook.source)
    notebooks.fill_minutes(nb, seconds)
    places, minutes = set(gaps(nb).values()), study.steps(nb)
    before = next((at for at, cell in enumerate(nb.cells) if cell.cell_type == "markdown" and REFERENCES.match(cell.source)), None)
    cells = []
    for position, cell in enumerate(nb.cells):
        if position in places:
            cell.source = emptied(cell)
        if "answer" in cell.metadata.get("tags", []):
            cells.append(v4.new_markdown_cell(PLACE, metadata={"slideshow": {"slide_type": "skip"}}))
        if position == before:
            cells += quiz.cells(notebook)
        heading, *below = cell.source.split("\n")
        if cell.cell_type == "markdown" and (step := heading.removeprefix("## ")) in minutes:
            cell.source = "\n".join([heading, "", TAKES.format(minutes[step]), *below])
        if cell.cell_type == "markdown" and not neighbours.is_made(cell):
            cell.source = QUESTION.sub(lambda asked: re.sub("^", "> ", asked[0], flags=re.M), cell.source)
            cell.source = LINK.sub(lambda match: match[1] + _from_the_top(match[2]), cell.source)
        cells.append(cell)
        if position == 0:
            cells.append(v4.new_markdown_cell(NOTE.format(name=notebook.name), metadata={"slideshow": {"slide_type": "skip"}}))
    nb.cells = cells if before is not None else cells + quiz.cells(notebook)
    notebooks.tidy_cells(nb)
    for cell in nb.cells:
        if "check" in cell.metadata.get("tags", []):
            cell.metadata["jupyter"] = {"source_hidden": True}  # it is to be run, not read; a click unfolds it
    return nb


def _from_the_top(target: str) -> str:
    """Return a link of a file in notebooks/ as one that goes by the course's folder; a lab or project is the student's own in work/."""
    if re.match(r"\.\./(labs/lab|projects/\d).*\.ipynb", target):
        return f"../../work/{target.removeprefix('../')}"
    return f"../{target}" if target.startswith("../") else f"../../notebooks/{target}"


def build(notebook: notebooks.Notebook, seconds: float) -> None:
    """Write a lesson's workbook."""
    notebooks.write(workbook(notebook, seconds), notebook.workbook)
