"""Run a student's lab notebook as it lies on disk and say which steps pass. See `make check-lab`."""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import nbclient
import nbformat

from tools.labs import build, misunderstood
from tools.lessons import notebooks
from tools.lessons.notebooks import NotebookError

SECONDS = 900  # time limit of one cell
LONGEST = 400  # characters of a hint that are shown


def read(path: Path):
    """Read a student's notebook.

    Raises:
        NotebookError: if it is missing or is not a notebook; the sentence says what to do.
    """
    if not path.exists():
        raise NotebookError(f"{path} is missing. Get it back with: git checkout {path.name} (in {path.parent})")
    try:
        nb = nbformat.read(path, as_version=4)
        nbformat.validate(nb)
    except Exception as error:
        raise NotebookError(
            f"{path} is not a notebook ({type(error).__name__}). Open it in JupyterLab and save it, or get the original back "
            f"with: git checkout {path.name} (in {path.parent})"
        ) from None
    return nb


def execute(nb, folder: Path, seconds: int) -> str:
    """Run every cell in a fresh kernel, in place, going on after errors; return why it stopped early, if it did.

    Args:
        nb: notebook; its outputs are replaced.
        folder: working folder of the kernel.
        seconds: time limit of one cell.
    """
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    late = {
        "ename": "TimeLimit", "traceback": [],
        "evalue": f"這一格跑了超過 {seconds} 秒，被停了下來。 This cell took longer than {seconds} seconds and was stopped.",
    }  # fmt: skip
    client = nbclient.NotebookClient(
        nb, timeout=seconds, kernel_name="python3", allow_errors=True, interrupt_on_timeout=True, error_on_timeout=late,
        record_timing=False, resources={"metadata": {"path": str(folder)}}, on_cell_executed=_keep_late_error,
    )  # fmt: skip
    try:
        client.execute(env=os.environ)
    except nbclient.exceptions.DeadKernelError:
        return "核心中途停了，可能是記憶體不夠，或程式自己結束了。 The kernel died: too little memory, or the code ended it."
    except nbclient.exceptions.CellTimeoutError:
        return late["evalue"]
    return ""


def _keep_late_error(cell, execute_reply, **_) -> None:
    content = execute_reply["content"]
    if content["status"] == "error" and content["ename"] == "TimeLimit":
        cell.outputs.append(nbformat.v4.new_output("error", ename="TimeLimit", evalue=content["evalue"], traceback=[]))


def _error(cell):
    errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
    return errors[-1] if errors else None


def _first_line(error) -> str:
    line = (error.evalue.strip().splitlines() or [""])[0][:LONGEST]
    return line if error.ename in {"AssertionError", "NotImplementedError", "TimeLimit", *misunderstood.KINDS} else f"{error.ename}: {line}"


def report(lab: build.Lab, nb, stopped: str) -> tuple[list[str], bool]:
    """Return what to print about an executed notebook, and whether every step passes.

    Args:
        lab: the lab; its source says how many points a step earns.
        nb: executed notebook.
        stopped: why it stopped early, if it did.
    """
    chinese, english = build.title(lab.notebook)
    lines = [f"練習 {lab.number}：{chinese} · Lab {lab.number}: {english}"]
    cells = {build.grade_id(cell): cell for cell in nb.cells if cell.cell_type == "code"}
    for position, cell in enumerate(nb.cells, start=1):
        if build.grade_id(cell).removesuffix("_check") not in build.STEPS and cell.cell_type == "code" and _error(cell):
            lines.append(f"  第 {position} 格有錯 · cell {position} fails: {_first_line(_error(cell))}")
    possible, earned = build.points(lab.notebook), 0.0
    for step, points in possible.items():
        hint = _problem(cells.get(step), cells.get(f"{step}_check"), stopped)
        earned += 0 if hint else points
        number = step.removeprefix("step")
        lines.append(f"  [{'    ' if hint else 'PASS'}] 步驟 {number} · Step {number}: {0 if hint else points:g}/{points:g}")
        if hint:
            lines.append(f"         {hint}")
            lines += [f"         {line}" for line in _perhaps(lab, step, cells)]
    lines.append(f"  合計 · Total: {earned:g}/{sum(possible.values()):g}")
    return lines, earned == sum(possible.values())


def _perhaps(lab: build.Lab, step: str, cells: dict) -> Iterator[str]:
    """Yield what is misunderstood, perhaps, by the check that a step does not pass, and where the lessons speak of it."""
    own, check = (cells.get(name) for name in (step, f"{step}_check"))
    error = _error(check) if check is not None and (own is None or not _error(own)) else None
    for what in misunderstood.named(misunderstood.answers(lab), step, error.ename, error.evalue) if error else ():
        yield f"也許是 · Perhaps: {what.zh} · {what.en}"
        if what.repeat:
            yield "再看一次 · Look again: {} · {}".format(*misunderstood.place(what.repeat, lab.built.parent.parent))


def _problem(own, check, stopped: str) -> str:
    """Return the first line of what is wrong with a step, or an empty string."""
    if own is not None and _error(own):
        return _first_line(_error(own))
    if check is None:
        return "檢查這一步的那一格不見了。 The cell that checks this step is missing."
    if _error(check):
        return _first_line(_error(check))
    return "" if check.execution_count else stopped or "沒有執行到。 It was not reached."


@notebooks.command("check-lab")
def main(arguments: list[str] | None = None) -> int | None:
    parser = argparse.ArgumentParser(prog="python -m tools.labs.check_lab", description=__doc__)
    parser.add_argument("lab", help="number of a lab, such as 05")
    parser.add_argument("--seconds", type=int, default=SECONDS, help=f"time limit of one cell ({SECONDS})")
    parser.add_argument("--root", type=Path, default=notebooks.ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if not options.lab.strip():
        raise NotebookError("Say which: make check-lab LAB=08")
    passed = True
    for lab in build.find(options.lab, root=options.root):
        own = options.root / "work" / "labs" / lab.built.name  # where students work; without one, the course's own
        path = own if own.exists() else lab.built
        nb = read(path)
        lines, complete = report(lab, nb, execute(nb, path.parent, options.seconds))
        print("\n".join(lines), flush=True)
        passed &= complete
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
