"""Prove the labs from both sides: solutions earn everything, stubs nothing, wrong answers meet their hint. See `make test-labs`.

Each lab runs in a process of its own, in the smoke profile. Its cells run one after the other in one IPython shell, so that
libraries are imported once: the solution from top to bottom; then, from the state before a step, the stub and each wrong
answer of that step; then the untouched student's notebook. This file is also a pytest module, one test a lab.
"""

import argparse
import ast
import contextlib
import io
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

from tools.labs import build, hints, misunderstood
from tools.lessons import notebooks

SELECTION = "COURSE_LABS"  # environment variable: which labs the tests below prove
SECONDS = 900  # time limit of one lab
# On Linux a proof's process is a copy of one that has imported what nearly every lesson does; elsewhere it starts afresh.
context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
IMPORTED = ["keras", "tensorflow", "matplotlib.pyplot", "tools.labs.prove"]
SOLUTION, UNTOUCHED = "solution earns all points", "untouched notebook earns none"


def claims(lab: build.Lab) -> list[str]:
    """Return what has to be proven of a lab, one sentence each.

    Raises:
        NotebookError: if the wrong answers are missing or malformed.
    """
    wrong = [_wrong_claim(number, answer) for number, answer in enumerate(build.wrong_answers(lab), start=1)]
    return [SOLUTION, UNTOUCHED, *(_stub_claim(step) for step in build.STEPS), *wrong]


def _stub_claim(step: str) -> str:
    return f"stub of {step} says so"


def _wrong_claim(number: int, answer: build.WrongAnswer) -> str:
    return f"wrong answer {number} to {answer.step} meets its hint"


def environment(folder: str) -> dict[str, str]:
    """Return what a process that proves cells adds to its environment: the smoke profile, figures as in a notebook, files in `folder`."""
    return {
        "COURSE_PROFILE": "smoke", "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "IPYTHONDIR": folder, "PYTHONPATH": str(notebooks.ROOT),
    }  # fmt: skip


def apart(function: Callable, source: Path, cwd: Path | None = None, seconds: float = SECONDS):
    """Return `function(source)`, called in a process of its own.

    Args:
        function: of a module that can be imported; what it returns must be JSON.
        source: what is proven.
        cwd: the folder that it runs in; a temporary one when left out.
        seconds: time limit.

    Raises:
        NotebookError: if the process died or took too long.
    """
    with tempfile.TemporaryDirectory(prefix="prove-") as folder:
        report, said = Path(folder, "report.json"), Path(folder, "said")
        if sys.platform == "linux":
            context.set_forkserver_preload(IMPORTED)
        process = context.Process(target=_answer, args=(function, source, cwd or folder, folder))
        with mock.patch.dict(os.environ, environment(folder)):  # for what is imported before `_answer` is called
            process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise notebooks.NotebookError(f"{source.stem}: its proof took longer than {seconds:g} seconds")
        if process.exitcode or not report.exists():
            last = (said.read_text(encoding="utf-8").strip().splitlines() or ["nothing"])[-1]
            raise notebooks.NotebookError(f"{source.stem}: its process ended with {process.exitcode} and said {last}")
        return json.loads(report.read_text(encoding="utf-8"))


def _answer(function: Callable, source: Path, cwd: Path, folder: str) -> None:
    """What the process of `apart` does."""
    os.environ.update(environment(folder))
    os.chdir(cwd)
    with open(Path(folder, "said"), "w") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    multiprocessing.set_start_method(None, force=True)  # what a notebook makes of multiprocessing is as ever
    answer = json.dumps(function(source), ensure_ascii=False)
    Path(folder, "report.json").write_text(answer, encoding="utf-8")


def prove(lab: build.Lab, seconds: float = SECONDS) -> dict[str, str]:
    """Run a lab in a process of its own.

    Args:
        lab: the lab; its source and its wrong answers are read.
        seconds: time limit for all of it.

    Returns:
        For each claim, what contradicts it; empty where it holds.

    Raises:
        NotebookError: if a file of the lab is malformed, or the process died or took too long.
    """
    return apart(_proof, lab.source, seconds=seconds)


def _proof(source: Path) -> dict[str, str]:
    return Proof(build.Lab(source)).run()


class Session:
    """One namespace in which the cells of a lab run; it can go back to an earlier state of its names."""

    def __init__(self):
        from IPython.core.interactiveshell import InteractiveShell

        self._shell = InteractiveShell.instance()
        self._shell.history_manager.enabled = False
        self._shell.showtraceback = lambda *_, **__: None  # the error is in the result
        self._shell.showsyntaxerror = lambda *_, **__: None
        self.printed = self.complained = ""

    def run(self, code: str) -> BaseException | None:
        """Run one cell; return what it raised. `printed` and `complained` then hold its stdout and stderr."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            result = self._shell.run_cell(code, store_history=False)
        self.printed, self.complained = out.getvalue(), err.getvalue()
        return result.error_before_exec or result.error_in_exec

    def mark_hint_values(self, own: set[str]) -> None:
        """From now on put hints together as `make grade` does; `own` are the texts of the lab."""
        self._shell.ast_transformers.append(hints.HintMarker())
        self._shell.user_ns[hints.NAME] = lambda *value: hints.mark_value(*value, lambda text: isinstance(text, str) and text in own)

    def remember(self) -> dict:
        return dict(self._shell.user_ns)

    def go_back(self, names: dict) -> None:
        # The same dictionary stays: functions look their globals up in it.
        self._shell.user_ns.clear()
        self._shell.user_ns.update(names)


class Proof:
    """What contradicts the claims about one lab; it fills up as the lab runs."""

    def __init__(self, lab: build.Lab):
        self.lab = lab
        self.cells = lab.notebook.cells
        self.student = build.student_version(lab).cells
        self.answers = build.wrong_answers(lab)
        self.place = {build.grade_id(cell): position for position, cell in enumerate(self.cells)}
        if missing := [name for step in build.STEPS for name in (step, f"{step}_check") if name not in self.place]:
            raise notebooks.NotebookError(f"{lab.source.name}: the cells {', '.join(missing)} are missing")
        self.session = Session()
        code = (ast.parse(cell.source) for cell in self.cells if cell.cell_type == "code")
        self.session.mark_hint_values({node.value for tree in code for node in ast.walk(tree)
                                       if isinstance(node, ast.Constant) and isinstance(node.value, str)})  # fmt: skip
        self.before: dict[str, dict] = {}  # names before each step

    def run(self) -> dict[str, str]:
        """Return what contradicts each claim; empty where it holds."""
        problems = {SOLUTION: self._solution()}
        for step in build.STEPS:
            if step not in self.before:
                continue
            problems[_stub_claim(step)] = self._stub(step)
            for number, answer in enumerate(self.answers, start=1):
                if answer.step == step:
                    problems[_wrong_claim(number, answer)] = self._wrong(answer)
        if build.STEPS[0] in self.before:
            problems[UNTOUCHED] = self._untouched()
        return {claim: problems.get(claim, "not tried: the solution failed before it") for claim in claims(self.lab)}

    def _solution(self) -> str:
        problems = []
        with warnings.catch_warnings(record=True) as warned:
            for cell in self.cells:
                if cell.cell_type != "code":
                    continue
                name = build.grade_id(cell)
                if name in build.STEPS:
                    self.before[name] = self.session.remember()
                error = self.session.run(cell.source)
                if error is not None:
                    problems.append(f"{name or cell.source[:40]!r} fails: {shown(error)}")
                    if not name.endswith("_check"):
                        break
                elif name.endswith("_check") and "[PASS]" not in self.session.printed:
                    problems.append(f"{name} prints no [PASS]")
                if self.session.complained:
                    problems.append(f"{name or cell.source[:40]!r} prints to stderr: {self.session.complained.strip()[:200]!r}")
        problems += sorted({f"warns: {warning.category.__name__}: {warning.message}" for warning in warned})
        return "; ".join(problems)

    def _from_step_to_check(self, step: str, code: str) -> tuple[BaseException | None, BaseException | None]:
        """Run `code` in place of a step's cell, then what follows up to its check; return both errors."""
        self.session.go_back(self.before[step])
        own = self.session.run(code)
        error = None
        for cell in self.cells[self.place[step] + 1 : self.place[f"{step}_check"] + 1]:
            if cell.cell_type == "code":
                error = self.session.run(cell.source)
        return own, error

    def _stub(self, step: str) -> str:
        own, error = self._from_step_to_check(step, self.student[self.place[step]].source)
        if _says(own, step) and error is not None:
            return ""  # a plain statement stops in its own cell
        if own is not None:
            return f"the stub's own cell fails: {shown(own)}"
        return "" if _says(error, step) else f"its check does not say that {step} is not written, but: {shown(error)}"

    def _wrong(self, answer: build.WrongAnswer) -> str:
        own, error = self._from_step_to_check(answer.step, answer.code)
        if own is not None:
            return f"its own cell fails: {shown(own)}"
        if not isinstance(error, AssertionError):
            return f"the check should stop with the hint {answer.hint!r}, but: {shown(error)}"
        if answer.hint not in hints.without_marks(str(error)):
            return f"the hint should hold {answer.hint!r}, but is: {hints.without_marks(str(error))}"
        kind, hint = type(error).__name__, hints.own_words(getattr(error, "hint", ""))
        if not answer.means_en or kind in misunderstood.EVERYWHERE:  # then the general name is given
            return ""
        names = [found.en for found in misunderstood.named(self.answers, answer.step, kind, hint)]
        return "" if names == [answer.means_en] else f"it is taken for {names}, not for {answer.means_en!r}; {kind}: {hint}"

    def _untouched(self) -> str:
        problems, stopped = [], False
        self.session.go_back(self.before[build.STEPS[0]])
        for cell in self.student[self.place[build.STEPS[0]] :]:
            if cell.cell_type != "code":
                continue
            name, error = build.grade_id(cell), self.session.run(cell.source)
            step = name.removesuffix("_check")
            if name in build.STEPS:
                stopped |= error is not None
                if error is not None and not _says(error, step):
                    problems.append(f"{name} fails: {shown(error)}")
            elif step in build.STEPS:
                earlier = build.STEPS[: build.STEPS.index(step) + 1]
                if not any(_says(error, each) for each in earlier) and not (stopped and isinstance(error, NameError)):
                    problems.append(f"{name} does not say that a step is not written, but: {shown(error)}")
            elif error is not None:
                problems.append(f"the given cell {name or cell.source[:40]!r} fails: {shown(error)}")
        return "; ".join(problems)


def _says(error: BaseException | None, step: str) -> bool:
    """Whether an error is the stub of a step."""
    return isinstance(error, NotImplementedError) and str(error) in build.stub(step) and str(error) != ""


def shown(error: BaseException | None) -> str:
    return "it passes" if error is None else hints.without_marks(f"{type(error).__name__}: {error}")


def pytest_generate_tests(metafunc):
    metafunc.parametrize("lab", [pytest.param(lab, id=lab.name) for lab in build.find(os.environ.get(SELECTION))])


def test_lab(lab):
    contradicted = [f"{claim}? {problem}" for claim, problem in prove(lab).items() if problem]
    assert not contradicted, "\n".join(contradicted)


@notebooks.command("test-labs")
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.labs.prove", description=__doc__)
    parser.add_argument("selection", nargs="?", default="", help="lab numbers such as 05 or 2,5; all when left out")
    options = parser.parse_args(arguments)
    chosen = build.find(options.selection)
    for lab in chosen:
        claims(lab)
    os.environ[SELECTION] = options.selection
    parallel = ["-n", "2", "--dist", "worksteal"] if len(chosen) > 1 else ["-v"]
    line = [sys.executable, "-m", "pytest", __file__, "-p", "no:cacheprovider", "-q", "--durations=14", *parallel]
    return subprocess.run(line, cwd=notebooks.ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
