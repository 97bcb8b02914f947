"""Prove the gaps of the lessons: empty they say so, filled they pass, wrong answers meet their hint. See `make test-gaps`.

Each lesson runs once, in the smoke profile, in one IPython shell of a process of its own. At each gap the shell first gets the
stub, then every wrong answer of `notebooks/source/NN_name.wrong.py`, each followed by the check; then the lesson goes on with
the right lines. This file is also a pytest module, one test a lesson.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.labs import build, prove
from tools.lessons import notebooks, workbook

SELECTION = "COURSE_LESSONS"  # environment variable: which lessons the tests below prove
SECONDS = 600  # time limit of one lesson


def contradictions(source: Path) -> list[str]:
    """Run a lesson in this process and return what contradicts the claims about its gaps.

    Raises:
        NotebookError: if the source or the wrong answers are malformed.
    """
    nb = notebooks.read_source(source)
    places = workbook.gaps(nb)
    answers = build.read_wrong_answers(notebooks.Notebook(source).wrong, places)
    found = [f"{gap}: has no wrong answer" for gap in places if gap not in {answer.step for answer in answers}]
    session, last = prove.Session(), max(places.values()) + 1
    for position, cell in enumerate(nb.cells[: last + 1]):
        if cell.cell_type != "code":
            continue
        gap = cell.metadata.get("gap")
        if gap:
            check, before = nb.cells[position + 1].source, session.remember()
            error = session.run(workbook.emptied(cell)) or session.run(check)
            if not (isinstance(error, NotImplementedError) and gap in str(error)):
                found.append(f"{gap}: empty, it should say that it is not written, but: {prove.shown(error)}")
            for answer in (answer for answer in answers if answer.step == gap):
                session.go_back(before)
                error = session.run(answer.code) or session.run(check)
                if not isinstance(error, AssertionError) or answer.hint not in str(error):
                    found.append(f"{gap}: a wrong answer should meet {answer.hint!r}, but: {prove.shown(error)}")
            session.go_back(before)
        error = session.run(cell.source)
        if error is not None and "raises-exception" not in cell.metadata.get("tags", []):
            return [*found, f"cell {position + 1} ({cell.source.splitlines()[0][:40]!r}) fails: {prove.shown(error)}"]
        if "check" in cell.metadata.get("tags", []) and "[PASS]" not in session.printed:
            found.append(f"cell {position + 1} is a check and prints no [PASS]")
    return found


def with_gaps(selection: str | None) -> list[notebooks.Notebook]:
    """Return the chosen lessons that have gaps."""
    return [one for one in notebooks.find(selection) if workbook.gaps(notebooks.read_source(one.source))]


def pytest_generate_tests(metafunc):
    chosen = with_gaps(os.environ.get(SELECTION))
    metafunc.parametrize("notebook", [pytest.param(one, id=one.name) for one in chosen])


def test_gaps(notebook):
    found = prove.apart(contradictions, notebook.source, cwd=notebook.built.parent, seconds=SECONDS)
    assert not found, "\n".join(found)


@notebooks.command("test-gaps")
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.labs.prove_gaps", description=__doc__)
    parser.add_argument("selection", nargs="?", default="", help="lesson numbers such as 05 or 2,5; all when left out")
    options = parser.parse_args(arguments)
    with_gaps(options.selection)
    os.environ[SELECTION] = options.selection
    line = [sys.executable, "-m", "pytest", __file__, "-p", "no:cacheprovider", "-q", "--durations=5", "-n", "2", "--dist", "worksteal"]
    return subprocess.run(line, cwd=notebooks.ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
