"""The checks' side of grading: the lab's own cells run here, and ask the submission's functions over a socket.

`python -m tools.labs.referee NUMBER` runs in a room of its own. It reads the job, JSON, from stdin; NUMBER is the socket that leads to
tools/labs/submission.py. What the submission hands in is read here, too, so that a monstrous file costs its own grade. On stdout
goes one line of JSON for each thing that happens: {"running": step}, {"checking": step}, {"done": step, "error": text, "kind": class
of the check's error, "hint": the lab's own words in its hint}, {"ended": true}, {"refused": reason}, {"fault": error of the lab's own
cells}.

Here the names that a step defines stand for the submission's functions; so do functions marked `checks.beside_your_code`, which run
beside them. Arguments and answers are plain data. What is handed over is a copy: nobody can change what a check relies on.
"""

import ast
import base64
import json
import os
import socket
import sys
import warnings

import nbformat

from tools.labs import hints, wire
from utils.notebook import checks

MOST_CELLS = 10_000
unchanged = checks.unchanged


def read_submission(content: bytes):
    """Read a submitted notebook.

    Raises:
        ValueError: if it is not a notebook with code; the sentence says which.
    """
    if not content.strip():
        raise ValueError("is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an older notebook format is no fault
            nb = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
            nbformat.validate(nb)
    except UnicodeDecodeError:
        raise ValueError("is not a notebook: it is not even text") from None
    except (Exception, RecursionError) as error:
        raise ValueError(f"is not a notebook ({type(error).__name__})") from None
    if not any(cell.cell_type == "code" for cell in nb.cells):
        raise ValueError("is a notebook without any code")
    return nb


def mended(submitted, given: list[dict]) -> list[dict]:
    """Return the code as graded: the student's code in the given lab's cells, nothing else of the notebook.

    Cells that the lab gives and locks come from the lab, wherever the student has put them; missing ones come back. Cells that the
    student added stay, without a name.

    Args:
        submitted: notebook read by `read_submission`.
        given: the lab's code cells, each with its `name`, `source`, `solution` (whether students write in it) and `stub`.
    """
    known = {cell["name"]: cell for cell in given}
    cells, where = [], {}
    for cell in submitted.cells:
        marks = cell.metadata.get("nbgrader")
        name = marks.get("grade_id") if isinstance(marks, dict) else None
        if isinstance(name, str) and name in known and name not in where:
            where[name] = len(cells)
            cells.append(known[name] | ({"source": cell.source} if known[name]["solution"] else {}))
        elif cell.cell_type == "code":
            cells.append({"name": "", "source": cell.source, "solution": True})
    before = -1
    for name, model in known.items():
        if name not in where:
            cells.insert(before + 1, model | ({"source": model["stub"]} if model["solution"] else {}))
            where = {each: place + (place > before) for each, place in where.items()} | {name: before + 1}
        before = where[name]
    return cells


class Referee:
    """Judges one submission's steps."""

    def __init__(self, job: dict, pipe: wire.Wire, say):
        self.job, self.pipe, self.say = job, pipe, say
        self.failed: checks.CheckFailed | None = None  # the check that a step does not pass; no submission can raise one here
        self.texts: list[str] = []  # of the lab's own cells
        self.names = {"__name__": "__main__", hints.NAME: lambda *value: hints.mark_value(*value, self._is_own)}
        self.own = [cell for cell in job["given"] if not cell["solution"]]  # imports, data, helpers, checks: not yet run
        for cell in job["given"]:
            if cell["solution"]:
                for name in _defined(cell["source"]):
                    self.names[name] = wire.RemoteFunction(pipe, ["name", name])

    def judge(self, cells: list[dict]) -> None:
        """Go through the cells; say of each wanted step what happens."""
        waiting, part = [], []
        for cell in cells:
            if not cell["name"].endswith("_check"):
                part.append(cell)
                continue
            step = cell["name"].removesuffix("_check")
            waiting += [each for each in part if step not in self.job["skip"] or not each["solution"]]
            part = []
            if step not in self.job["steps"]:
                continue
            self.say(running=step)
            self.pipe.begin(["run", ""], [(each["name"], each["source"]) for each in waiting])
            waiting = []
            fault = self._run_own(until=cell["name"])  # meanwhile
            try:
                errors = self.pipe.end()
            except Exception as error:
                errors = {step: (type(error).__name__, str(error))}
            if fault:
                self.say(fault=fault)
                return
            self.say(checking=step)
            self.failed = None
            problem = self._run(cell["source"])
            own = errors.get(step) if isinstance(errors, dict) else None
            if problem and isinstance(own, tuple) and len(own) == 2:
                problem, self.failed = f"{own[0]}: {own[1]}", None  # the step's own cell says more
            kind = type(self.failed).__name__ if self.failed else ""
            hint = hints.own_words(self.failed.hint) if self.failed else ""
            self.say(done=step, error=problem[: wire.LONGEST_MESSAGE], kind=kind, hint=hint)

    def _run_own(self, until: str) -> str:
        """Run the lab's own cells that stand before a check and have not run; return what is wrong with them."""
        while self.own and self.own[0]["name"] != until:
            cell = self.own.pop(0)
            if not cell["name"].endswith("_check") and (problem := self._run(cell["source"])):
                return f"{cell['name']}: {problem}"
        return ""

    def _run(self, source: str) -> str:
        """Run one cell of the lab; return what it raised, or an empty string."""
        beside = {}

        def beside_your_code(function):
            return wire.RemoteFunction(self.pipe, ["beside", function.__name__, beside[function.__name__]])

        checks.beside_your_code = beside_your_code
        checks.unchanged = lambda given, *more: unchanged(self._after(given), *more)
        tree = ast.parse(source)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and any("beside_your_code" in ast.unparse(each) for each in node.decorator_list):
                marks, node.decorator_list = node.decorator_list, []
                beside[node.name] = ast.unparse(node)
                node.decorator_list = marks
        code = compile(ast.fix_missing_locations(hints.HintMarker().visit(tree)), "<check>", "exec")
        self.texts += hints.texts(code)
        try:
            exec(code, self.names)
        except Exception as error:
            self.failed = error if isinstance(error, checks.CheckFailed) else None
            return hints.without_marks(f"{type(error).__name__}: {wire.said(error)}")
        return ""

    def _is_own(self, value) -> bool:
        """Whether a value is a text of the lab, the very object: what a submission hands over is always another."""
        return any(value is text for text in self.texts)

    def _after(self, value):
        """Return an argument as the submission left its copy."""
        if id(value) in self.pipe.changed:
            return self.pipe.changed[id(value)][1]
        return [self._after(each) for each in value] if isinstance(value, list | tuple) else value


def _defined(source: str) -> list[str]:
    """Return the names of the functions and classes that a cell defines."""
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def main() -> None:
    out = os.fdopen(os.dup(1), "w")
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)

    def say(**what) -> None:
        print(json.dumps(what), file=out, flush=True)

    job = json.load(sys.stdin)
    with socket.socket(fileno=int(sys.argv[1])) as end:
        try:
            cells = mended(read_submission(base64.b64decode(job["submission"])), job["given"])
            if len(cells) > MOST_CELLS:
                raise ValueError(f"has more than {MOST_CELLS:,} cells")
        except ValueError as error:
            say(refused=str(error))
            return
        try:
            Referee(job, wire.Wire(end), say).judge(cells)
        except wire.Ended:
            say(ended=True)


if __name__ == "__main__":
    main()
