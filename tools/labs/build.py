"""Labs as files: find them, read their sources, build what students and instructors get. See `make labs`.

One source holds a lab's text, its solution, its visible and its hidden tests (see labs/source/README.md). nbgrader's own
preprocessors make two notebooks of it: the student's, with stubs and without hidden tests, and the solved one.
"""

import argparse
import ast
import copy
import logging
import re
import sys
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbgrader.preprocessors import ClearHiddenTests, ClearOutput, ClearSolutions, LockCells

from tools.lessons import notebooks
from tools.lessons.notebooks import ROOT, NotebookError

STEPS = ("step1", "step2", "step3")
TITLE = re.compile(r"# \S+ (\d\d[a-z]?)[：: ]\s*(.+?) · Lab (\d\d[a-z]?): (.+)")
MINUTES = re.compile(r"about (\d+) minutes")
BEGIN = "<!-- labs: written by make labs -->"
END = "<!-- end of labs -->"


class Lab(notebooks.Notebook):
    """One lab: its source, its wrong answers, and what is built from it.

    Its number is that of the last lesson it needs; where several need the same one, a letter follows.
    """

    @property
    def number(self) -> str:
        return self.name.removeprefix("lab").partition("_")[0]

    @property
    def solved(self) -> Path:
        return self.source.parent.parent / "solutions" / f"{self.name}.ipynb"

    @cached_property
    def notebook(self):
        """The source as a notebook; do not change it."""
        return notebooks.read_source(self.source)


@dataclass(frozen=True)
class WrongAnswer:
    """A solution cell that a step's test must turn down with a hint; a lab's says what is misunderstood, and what to repeat."""

    step: str
    hint: str
    code: str
    means_zh: str = ""
    means_en: str = ""
    repeat: str = ""  # a lesson and its step: "02:13", or "23:" and a heading in English


def find(selection: str | None = None, root: Path = ROOT) -> list[Lab]:
    """Return the labs in order.

    Args:
        selection: numbers or names separated by commas or spaces, such as "05" or "2,5" or "lab05_bptt"; None for all.
        root: folder that holds `labs/source`.

    Raises:
        NotebookError: if a selected lab does not exist.
    """
    paths = sorted((root / "labs" / "source").glob("lab[0-9][0-9]*.py"))
    everything = [Lab(path) for path in paths if not path.name.endswith(".wrong.py")]
    return notebooks.select(everything, selection, "lab", "LAB=08")


def grade_id(cell) -> str:
    """Return a cell's nbgrader id, or an empty string."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def points(nb) -> dict[str, float]:
    """Return the points of each graded step, by the name of the step."""
    return {
        grade_id(cell).removesuffix("_check"): float(cell.metadata.nbgrader["points"])
        for cell in nb.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }


def stub(step: str) -> str:
    """Return the line that stands in place of the solution of a step, such as "step1"."""
    number = step.removeprefix("step")
    return notebooks.stub(f"步驟 {number}", f"Step {number}")


class Stubs(ClearSolutions):
    """nbgrader's ClearSolutions with a stub that names the step."""

    def preprocess_cell(self, cell, resources, cell_index):
        self.code_stub = {"python": stub(grade_id(cell))}
        return super().preprocess_cell(cell, resources, cell_index)


def student_version(lab: Lab):
    """Return the notebook that students get: stubs for solutions, visible tests, no hidden tests, locked cells.

    Raises:
        NotebookError: if the markers of a solution or of hidden tests are wrong, or a stub is no valid Python.
    """
    nb = _preprocessed(lab, Stubs(), ClearHiddenTests(), ClearOutput())
    notebooks.tidy_cells(nb)
    for cell in nb.cells:
        cell.source = cell.source.strip("\n")
        if grade_id(cell).endswith("_check"):
            cell.metadata["jupyter"] = {"source_hidden": True}  # it is to be run, not read; a click unfolds it
        if cell.cell_type == "code":
            try:
                ast.parse(cell.source)
            except SyntaxError as error:
                raise NotebookError(
                    f"{lab.source.name}: without its solution, cell {grade_id(cell) or cell.source[:40]!r} is no valid Python "
                    f"(line {error.lineno}: {error.msg}). Put the markers around whole statements."
                ) from None
    return _preprocessed(nb, LockCells())


def solved_version(lab: Lab):
    """Return the notebook with solutions and hidden tests, without outputs.

    Raises:
        NotebookError: if the source is malformed.
    """
    return _preprocessed(lab, ClearOutput(), LockCells())


def _preprocessed(lab, *preprocessors):
    nb = copy.deepcopy(lab.notebook if isinstance(lab, Lab) else lab)
    for preprocessor in preprocessors:
        preprocessor.log.setLevel(logging.CRITICAL)  # its complaint is raised as well
        try:
            nb, _ = preprocessor.preprocess(nb, {})
        except RuntimeError as error:
            raise NotebookError(f"{lab.source.name}: {error}. See labs/source/README.md.") from None
    return nb


def wrong_answers(lab: Lab) -> list[WrongAnswer]:
    """Read the wrong answers that stand beside a lab's source.

    Raises:
        NotebookError: if the file is missing or malformed, or an answer names no step or no hint.
    """
    return read_wrong_answers(lab.wrong, STEPS)


def read_wrong_answers(path: Path, steps: Collection[str]) -> list[WrongAnswer]:
    """Read wrong answers to steps of a lab, or gaps of a lesson.

    Raises:
        NotebookError: if the file is missing or malformed, or an answer names none of the steps or no hint.
    """
    if not path.exists():
        raise NotebookError(f"{path.name} is missing: write at least one wrong answer for each of {', '.join(steps)}.")
    answers = []
    cells = notebooks.read_percent(path, '# %% replaces="step1" hint="..."').cells
    for position, cell in enumerate((cell for cell in cells if cell.cell_type == "code"), start=1):
        step, hint = cell.metadata.get("replaces"), cell.metadata.get("hint")
        if step not in steps:
            raise NotebookError(f"{path.name}: cell {position} replaces {step!r}; expected one of {', '.join(steps)}.")
        if not isinstance(hint, str) or not hint.strip():
            raise NotebookError(f'{path.name}: cell {position} names no hint. Write: # %% replaces="{step}" hint="..."')
        means = {key: str(cell.metadata.get(key, "")) for key in ("means_zh", "means_en", "repeat")}
        answers.append(WrongAnswer(step, hint, cell.source, **means))
    return answers


def title(nb) -> tuple[str, str]:
    """Return the Chinese and the English title of a lab.

    Raises:
        NotebookError: if the first line is not `# 練習 NN：標題 · Lab NN: Title`.
    """
    match = TITLE.fullmatch(nb.cells[0].source.splitlines()[0].strip()) if nb.cells and nb.cells[0].source else None
    if not match:
        raise NotebookError("the first line must be like '# 練習 04a：標題 · Lab 04a: Title'")
    return match[2].strip(), match[4].strip()


def table(root: Path) -> str:
    """Return the table of labs for labs/README.md.

    Raises:
        NotebookError: if a source is malformed.
    """
    rows = ["| 練習 Lab | 約需 About | 分數 Points |", "|---|---|---|"]
    for lab in find(root=root):
        try:
            chinese, english = title(lab.notebook)
            minutes = MINUTES.search(lab.notebook.cells[0].source)
            if not minutes:
                raise NotebookError("the first cell must say 'about N minutes'")
        except NotebookError as error:
            raise NotebookError(f"{lab.source.name}: {error}") from None
        per_step = [f"{value:g}" for value in points(lab.notebook).values()]
        total = f"{sum(points(lab.notebook).values()):g}"
        rows.append(
            f"| [{lab.number} {chinese}<br>{english}]({lab.name}.ipynb) | {minutes[1]} 分鐘 min | "
            f"{' + '.join(per_step)} = {total} |"
        )
    return "\n".join(rows)


def with_table(readme: str, rows: str) -> str:
    """Return the page with the table between its marks; raises NotebookError if they are missing."""
    return notebooks.with_table(readme, rows, "labs/README.md", BEGIN, END)


def text(nb) -> str:
    """Return a notebook as the text of its file."""
    nbformat.validate(nb)
    return nbformat.writes(nb, version=nbformat.NO_CONVERT) + "\n"


def build(lab: Lab) -> None:
    """Write the student's and the solved notebook of a lab.

    Raises:
        NotebookError: if the source is malformed, or somebody has written solutions into the student's notebook; nothing is
            written then.
    """
    student, solved = text(student_version(lab)), text(solved_version(lab))
    if holds_work(lab.built):
        raise NotebookError(f"{lab.built} holds somebody's work. Move it away first: make labs would write over it.")
    notebooks.write_text(lab.built, student)
    notebooks.write_text(lab.solved, solved)


def holds_work(path: Path) -> bool:
    """Whether a student's notebook has a solution cell in which the stub is gone."""
    try:
        cells = nbformat.read(path, as_version=4).cells
    except (OSError, ValueError, KeyError, AttributeError):
        return False
    return any(grade_id(cell) in STEPS and "raise NotImplementedError(" not in cell.source for cell in cells)


@notebooks.command("labs")
def main(arguments: list[str] | None = None) -> int | None:
    parser = argparse.ArgumentParser(prog="python -m tools.labs.build", description=__doc__)
    parser.add_argument("selection", nargs="?", help="lab numbers such as 05 or 2,5; all when left out")
    options = parser.parse_args(arguments)
    chosen = find(options.selection)
    for lab in chosen:
        build(lab)
    readme = ROOT / "labs" / "README.md"
    notebooks.write_text(readme, with_table(readme.read_text(encoding="utf-8"), table(ROOT)))
    print(f"{len(chosen)} labs built into labs/ and labs/solutions/; their table written to labs/README.md")


if __name__ == "__main__":
    sys.exit(main())
