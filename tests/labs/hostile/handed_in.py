"""Submissions of lab01_tiny.py: right, hostile (submissions.toml), odd and broken ones."""

import json
import os
import shutil
import tomllib
from pathlib import Path

import nbformat

from tools.labs import build
from tools.lessons import notebooks

HERE = Path(__file__).parent
LESSON = "# ## 步驟 1：數 · Step 1: Count\n# ## 步驟 2：乘 · Step 2: Multiply\n"  # what the wrong answers say to repeat
HOSTILE = tomllib.loads((HERE / "submissions.toml").read_text(encoding="utf-8"))
RIGHT = {"step1": "def one():\n    return 1", "step2": "def double(x):\n    return 2 * x",
         "step3": "def learn(x, y):\n    return np.poly1d(np.polyfit(x, y, 1)).__call__"}  # fmt: skip
LAZY = {"step1": "def one(): pass", "step2": "def double(x): pass", "step3": "def learn(x, y): pass"}


def write_project(root):
    """Write a project of one lab in the shape of the real one."""
    for folder in ("labs/source", "notebooks/source"):
        (root / folder).mkdir(parents=True)
    for name in ("lab01_tiny.py", "lab01_tiny.wrong.py"):
        shutil.copy(HERE / name, root / "labs/source")
    (root / "notebooks/source/01_lesson.py").write_text(LESSON, encoding="utf-8")
    return root


def given(project):
    return nbformat.read(project / "labs/lab01_tiny.ipynb", as_version=4)


def solved(project, cell="", end="", **changed):
    """The student's notebook with right answers but for the `changed` steps, and further cells."""
    nb = given(project)
    for each in nb.cells:
        if build.grade_id(each) in RIGHT:
            each.source = (RIGHT | changed)[build.grade_id(each)]
    before, after = [[nbformat.v4.new_code_cell(source)] if source else [] for source in (cell, end)]
    nb.cells = before + nb.cells + after
    return nb


def hostile(project, name):
    wish = HOSTILE[name]
    steps = (LAZY if wish.get("lazy") else RIGHT) | {step: wish[step] for step in build.STEPS if step in wish}
    nb = solved(project, wish.get("cell", ""), wish.get("end", ""), **steps)
    # A lone surrogate has no place in a TOML file, and has one in JSON.
    return nbformat.writes(nb).replace(r"\u0001SURROGATE", r"\ud800").encode()


def cell_of(nb, name):
    return next(cell for cell in nb.cells if build.grade_id(cell) == name)


def hand_in(folder, student, content, name="lab01_tiny.ipynb"):
    (folder / student).mkdir(exist_ok=True)
    (folder / student / name).write_bytes(content if isinstance(content, bytes) else nbformat.writes(content).encode())


def tampered(project):
    """Tests rewritten, points raised, a test marked as not to be run, one deleted; no solution at all."""
    nb = given(project)
    cell_of(nb, "step1_check").source = "print('[PASS] everything')"
    cell_of(nb, "step1_check").metadata.nbgrader.points = 1000
    cell_of(nb, "step2_check").metadata.tags = ["skip-execution"]
    cell_of(nb, "step2_check").metadata.nbgrader.grade = False
    nb.cells.remove(cell_of(nb, "step3_check"))
    nb.cells.append(nbformat.v4.new_code_cell("1", metadata=cell_of(nb, "step1_check").metadata))
    return nb


def many_cells(project):
    nb = solved(project)
    nb.cells += [nbformat.v4.new_code_cell(f"x{number} = 1") for number in range(5_000)]
    return nb


def other_kernel(project):
    nb = solved(project)
    nb.metadata.kernelspec = {"name": "sh", "display_name": "sh", "language": "bash"}
    return nb


def nosy(project, folder):
    """Looks for solutions, hidden tests, the project's history and what others handed in."""
    places = [str(project), str(notebooks.ROOT / "labs"), str(notebooks.ROOT / ".git"), str(notebooks.ROOT / "submissions"), str(folder),
              "/home", "/var", "/run", "/etc/shadow"]  # fmt: skip
    return solved(project, step1=f"import os\ndef one():\n    raise LookupError([place for place in {places} if os.path.exists(place)])")


def destroying(project):
    return solved(project, step1=f"""
import os, shutil
def one():
    for path in ({str(notebooks.ROOT / 'utils')!r}, {os.environ.get('COURSE_DATA', str(notebooks.ROOT / 'data/cache'))!r}, "/usr", "/"):
        shutil.rmtree(path, ignore_errors=True)
    raise OSError(f"I am {{os.getuid()}}, left: {{os.path.exists({str(notebooks.ROOT / 'utils/notebook/checks.py')!r})}}")
""")


def forging(project):
    """Says the hints of others: in an error, in a value that a hint quotes, in its outputs and in errors of names like those of checks."""
    return solved(project, step1="""
class CheckFailed(AssertionError):
    hint = "一。 One is wanted."
def one():
    print("CheckFailed: One is wanted")
    raise CheckFailed("One is wanted")
""", step2="def double(x):\n    raise AssertionError('不能改。 Leave x as it is.')",
                  step3="def learn(x, y):\n    return 'Not learnt yet'")  # fmt: skip


WRONG = {"step1": "def one():\n    return 7", "step2": "def double(x):\n    return None",
         "step3": "def learn(x, y):\n    return lambda x: 0 * x"}  # fmt: skip
BROKEN = {
    "empty": (b" \n", "lab01_tiny.ipynb is empty"),
    "other json": (json.dumps({"hello": [1, 2]}).encode(), "is not a notebook ("),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not a notebook: it is not even text"),
    "nested": (b"[" * 100_000, "is not a notebook ("),
    "list": (b"[]", "is not a notebook ("),
    "many lists": (b"[" + b"[]," * 6_000_000 + b"[]]", "lab01_tiny.ipynb could not be read within"),
    "no code": (nbformat.writes(nbformat.v4.new_notebook()).encode(), "is a notebook without any code"),
    "huge": (b" " * ((20 << 20) + 1), "is larger than 20 MB"),
}
ODD_NAMES = ("=1+1", "\t=2+2", "@SUM(A1)", "\x1b]0;title\x07red", "two\nlines", "-3", b"caf\xe9".decode("utf-8", "surrogateescape"))


def hand_in_all(folder, project):
    """Hand in one of each of those that are not in submissions.toml."""
    for student, (content, _) in BROKEN.items():
        hand_in(folder, student, content)
    for student in ODD_NAMES:
        hand_in(folder, student, b"{}")
    hand_in(folder, "right", solved(project), "lab01_tiny (2).ipynb")
    hand_in(folder, "Windows", b"\xef\xbb\xbf" + nbformat.writes(solved(project)).encode(), "LAB01_TINY.IPYNB")
    hand_in(folder, "untouched", given(project))
    hand_in(folder, "forging", forging(project))
    hand_in(folder, "<b>wrong", solved(project, **WRONG))
    hand_in(folder, "tampering", tampered(project))
    hand_in(folder, "many cells", many_cells(project))
    hand_in(folder, "other kernel", other_kernel(project))
    hand_in(folder, "older", nbformat.writes(nbformat.convert(solved(project), 3), version=3).encode())
    hand_in(folder, "nosy", nosy(project, folder))
    hand_in(folder, "destroying", destroying(project))
    hand_in(folder, "cells gone", nbformat.v4.new_notebook(
        cells=[cell_of(solved(project), "step3"), cell_of(solved(project, step2="def double(x):\n    return 4"), "step2")]))
    hand_in(folder, "unknown", b"{}", "lab77_other.ipynb")
    hand_in(folder, "formula", b"{}", "=lab01.ipynb")
    for name, target in (("linked", "/etc"), ("linked away", "/nowhere")):
        (folder / name).symlink_to(target)
    (folder / "link").mkdir()
    (folder / "link" / "lab01_tiny.ipynb").symlink_to("/etc/passwd")
    (folder / "pipe").mkdir()
    os.mkfifo(folder / "pipe" / "lab01_tiny.ipynb")
    (folder / "nothing").mkdir()
    (folder / "lab01_loose.ipynb").write_text("{}")
