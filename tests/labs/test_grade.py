"""tools.labs.grade: what hostile and broken submissions cost, what honest ones earn, and the table that is left."""

import csv
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import psutil
import pytest

from tools.labs import build, grade, referee, room
from tools.lessons import notebooks

HERE = Path(__file__).parent / "hostile"
HOSTILE = tomllib.loads((HERE / "submissions.toml").read_text(encoding="utf-8"))
RIGHT = {"step1": "def one():\n    return 1", "step2": "def double(x):\n    return 2 * x",
         "step3": "def learn(x, y):\n    return np.poly1d(np.polyfit(x, y, 1)).__call__"}  # fmt: skip
LAZY = {"step1": "def one(): pass", "step2": "def double(x): pass", "step3": "def learn(x, y): pass"}
MEGABYTES, SLOW_SECONDS = 400, 16

slow = pytest.mark.slow  # many share one graded folder, which takes minutes


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project of one lab in the shape of the real one."""
    root = tmp_path_factory.mktemp("project")
    (root / "labs/source").mkdir(parents=True)
    shutil.copy(HERE / "lab01_tiny.py", root / "labs/source")
    build.build(build.find(root=root)[0])
    return root


@pytest.fixture(scope="module")
def possible():
    if problem := room.why_not(room.Limits()):
        pytest.skip(f"nothing can be graded on this machine: {problem}")


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


def run(folder, project, *options):
    """Grade a folder; return the finished process."""
    line = [sys.executable, "-m", "tools.labs.grade", str(folder), "--memory", str(MEGABYTES), "--root", str(project), *options]
    return subprocess.run(line, cwd=notebooks.ROOT, capture_output=True, text=True, timeout=1500)


def table(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def assert_row(row, points, *said):
    assert [float(row[step]) for step in build.STEPS] == points, row["errors"]
    assert (float(row["total"]), float(row["possible"])) == (sum(points), 10)
    for words in said:
        assert words in row["errors"]
    assert "\n" not in row["errors"]


# Hostile submissions


@pytest.fixture(scope="module")
def rows(project, possible, tmp_path_factory):
    """Grade all hostile submissions, those that take their time apart; return their rows by name."""
    found = {}
    for is_slow in (False, True):
        folder = tmp_path_factory.mktemp("submissions")
        for name, wish in HOSTILE.items():
            if wish.get("slow", False) == is_slow:
                hand_in(folder, name, hostile(project, name))
        done = run(folder, project, "--seconds", str(SLOW_SECONDS if is_slow else 90))
        assert done.returncode == 0, done.stderr
        found |= {row["student"]: row for row in table(folder / "grades.csv")}
    return found


@slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_submission_earns_what_it_can_do_and_no_more(rows, name):
    wish = HOSTILE[name]
    assert_row(rows[name], wish.get("points", [0, 0, 0]), wish.get("says", ""))


@slow
def test_nothing_of_hostile_submissions_is_left_behind(rows):
    assert not [each for each in psutil.process_iter(["cmdline"]) if "course-hostile-daemon" in (each.info["cmdline"] or [])]
    assert not [group for folder in room.control_groups() for group in folder.glob("grade-*")]


# Notebooks that were tampered with, are broken, or are none


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


@pytest.fixture(scope="module")
def graded(project, possible, tmp_path_factory):
    """Grade every other kind of submission in one go; return its folder, the finished process and the rows by student."""
    folder = tmp_path_factory.mktemp("others")
    for student, (content, _) in BROKEN.items():
        hand_in(folder, student, content)
    for student in ODD_NAMES:
        hand_in(folder, student, b"{}")
    hand_in(folder, "right", solved(project), "lab01_tiny (2).ipynb")
    hand_in(folder, "untouched", given(project))
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
    done = run(folder, project, "--seconds", "90")
    assert done.returncode == 0, done.stderr
    return folder, done, {row["student"]: row for row in table(folder / "grades.csv")}


@slow
def test_right_answers_earn_all_points(graded):
    for student in ("right", "many cells", "other kernel", "older"):
        assert_row(graded[2][student], [2, 3, 5])
        assert graded[2][student]["errors"] == ""


@slow
def test_untouched_and_tampered_notebooks_earn_nothing(graded):
    for student in ("untouched", "tampering"):
        assert_row(graded[2][student], [0, 0, 0], *(f"step{n}: NotImplementedError: 步驟 {n} 還沒寫" for n in (1, 2, 3)))


@slow
def test_cells_that_were_deleted_come_back_unsolved(graded):
    assert_row(graded[2]["cells gone"], [0, 0, 5], "step1: NotImplementedError", "step2: AssertionError: ")


@slow
def test_solutions_and_other_submissions_are_out_of_sight(graded):
    assert_row(graded[2]["nosy"], [0, 3, 5], "step1: LookupError: []")


@slow
def test_files_survive_a_submission_that_deletes_them(graded):
    assert_row(graded[2]["destroying"], [0, 3, 5], "step1: OSError: I am 65534, left: True")
    assert (notebooks.ROOT / "utils/notebook/checks.py").exists()


@slow
@pytest.mark.parametrize("student", BROKEN)
def test_what_is_no_notebook_gets_a_row_that_says_so(graded, student):
    assert_row(graded[2][student], [0, 0, 0], BROKEN[student][1])


@slow
def test_links_and_pipes_are_not_opened(graded):
    for student in ("link", "pipe"):
        assert_row(graded[2][student], [0, 0, 0], "lab01_tiny.ipynb is not a regular file")
    for student in ("linked", "linked away"):
        assert graded[2][student]["errors"] == "is a link; not followed"


@slow
def test_student_without_a_notebook_and_unknown_labs_get_rows(graded):
    assert graded[2]["nothing"]["errors"] == "no notebook (*.ipynb) in this folder"
    assert graded[2]["unknown"]["errors"] == "lab77_other.ipynb belongs to no lab; expected labNN_name.ipynb with one of 01"
    assert graded[2][""]["errors"] == "lies outside of a student's folder; not graded"


@slow
def test_names_are_safe_in_a_spreadsheet_and_in_a_terminal(graded):
    _, done, rows = graded
    assert {"'=1+1", "'=2+2", "'@SUM(A1)", "]0;title red", "two lines", "'-3", "caf\\udce9"} <= set(rows)
    assert rows["formula"]["lab"] == "'=lab01"
    assert not set(done.stderr) & {"\x1b", "\x07", "\t"}
    assert done.stderr.count("\n") == len(rows)


@slow
def test_grading_goes_on_where_it_stopped(graded, project, tmp_path):
    whole = (graded[0] / "grades.csv").read_text(encoding="utf-8-sig")
    folder = tmp_path / "again"
    folder.mkdir()
    hand_in(folder, "ann", solved(project))
    hand_in(folder, "bob", solved(project, step1="def one(): return 3"))
    lines = whole.splitlines()
    mark = next(line for line in lines if line.startswith("right,")).rsplit(",", 1)[1]
    # A row of an earlier run that was stopped: of the same notebook, with a total that this run would not give.
    (folder / "grades.csv").write_text(f"\ufeff{lines[0]}\nann,lab01_tiny,2,3,4,9,10,marked by hand,lab01_tiny.ipynb,{mark}\n", encoding="utf-8")
    done = run(folder, project)
    assert "(graded before)" in done.stderr
    rows = table(folder / "grades.csv")
    assert [(row["student"], row["total"]) for row in rows] == [("ann", "9"), ("bob", "8")]
    hand_in(folder, "ann", solved(project, step2="def double(x): return 3"))  # another notebook: graded again
    run(folder, project)
    assert [row["total"] for row in table(folder / "grades.csv")] == ["7", "8"]


def test_rows_are_on_the_disk_before_the_next_submission_begins(project, possible, tmp_path, monkeypatch):
    for student in ("ann", "bob"):
        hand_in(tmp_path, student, b"")
    seen = []
    monkeypatch.setattr(grade.Grading, "run", lambda self: (seen.append(len(table(tmp_path / "grades.csv"))), 1 / 0))
    assert grade.main([str(tmp_path), "--root", str(project)]) == 0
    assert seen == [0, 1]
    assert "the grader failed: ZeroDivisionError" in table(tmp_path / "grades.csv")[1]["errors"]
    assert (tmp_path / "grades.csv").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("make", "said"), [
    (lambda folder: folder / "missing", "is not a folder. Give the one that holds a folder for each student"),
    (lambda folder: folder, "holds no submissions. Expected: "),
])
def test_folder_without_submissions_is_said(tmp_path, capsys, make, said):
    assert grade.main([str(make(tmp_path))]) == 2
    assert said in capsys.readouterr().err


def test_without_a_limit_nothing_is_graded(tmp_path, capsys, monkeypatch):
    (tmp_path / "ann").mkdir()
    monkeypatch.setattr(grade, "why_not", lambda limits: room.why_not(limits, groups=[]))
    assert grade.main([str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "cannot be graded safely on this machine: " in said
    assert "limit of processes and memory" in said or "bubblewrap" in said
    assert not (tmp_path / "grades.csv").exists()


def test_table_of_somebody_else_is_not_written_over(tmp_path, capsys, possible):
    (tmp_path / "ann").mkdir()
    (tmp_path / "grades.csv").write_text("name,mark\n")
    assert grade.main([str(tmp_path)]) == 2
    assert "is no table of this grader's; move it away" in capsys.readouterr().err
    assert (tmp_path / "grades.csv").read_text() == "name,mark\n"


def test_limits_are_more_than_nothing(tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        grade.main([str(tmp_path), "--seconds", "0"])
    assert "the limits are more than 0" in capsys.readouterr().err


# Mending


def mended(project, nb):
    job = grade.Grading(build.find(root=project)[0], b"", room.Limits()).job
    return referee.mended(nb, job["given"])


def test_mending_keeps_students_cells_in_order_and_takes_the_rest_from_the_lab(project):
    nb = solved(project)
    nb.cells.insert(3, nbformat.v4.new_code_cell("helper = 1"))
    nb.cells.append(cell_of(nb, "step1").copy())
    found = mended(project, nb)
    assert found[2]["source"] == "helper = 1"
    assert [cell["name"] for cell in found if cell["name"]] == [
        "imports", "step1", "step1_check", "step2", "step2_check", "helper", "step3", "step3_check"]  # fmt: skip
    assert "HIDDEN" in found[5]["source"]


@pytest.mark.parametrize("gone", [("step2_check",), ("imports", "step1"), ("step3", "step3_check"), ("step1", "step2_check")])
def test_mending_brings_missing_cells_back_where_they_belong(project, gone):
    nb = solved(project)
    nb.cells = [cell for cell in nb.cells if build.grade_id(cell) not in gone]
    assert [cell["name"] for cell in mended(project, nb)] == [
        "imports", "step1", "step1_check", "step2", "step2_check", "helper", "step3", "step3_check"]  # fmt: skip
