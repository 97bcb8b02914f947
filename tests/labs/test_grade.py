"""tools.labs.grade on a tiny lab: every way in which a submission can break costs its own points, and there is a row for each."""

import csv
import json
import os
import subprocess
import sys

import nbformat
import pytest

from tools.labs import build, grade, grade_run, sandbox
from tools.lessons import notebooks

pytestmark = pytest.mark.slow  # all share one graded folder, which takes half a minute

LAB = '''# %% [markdown]
# # 練習 01：小練習 · Lab 01: A tiny lab

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import os

# %% nbgrader={"grade": false, "grade_id": "step1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one():
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "step1_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert one() == 1, "要的是一。 One is wanted."
print("[PASS] one")

# %% nbgrader={"grade": false, "grade_id": "step2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "step2_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert double(2) == 4, "兩倍。 Twice as much."
### BEGIN HIDDEN TESTS
assert double(5) == 10, "大一點也要對。 Larger ones, too."
### END HIDDEN TESTS

# %% nbgrader={"grade": false, "grade_id": "step3", "locked": false, "schema_version": 3, "solution": true, "task": false}
def half(x):
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "step3_check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert half(3) == 1.5, "一半。 Half of it."
'''
RIGHT = {"step1": "def one():\n    return 1", "step2": "def double(x):\n    return 2 * x", "step3": "def half(x):\n    return x / 2"}
LOOP = "def double(x):\n    while True:\n        pass"
STUBBORN = """
def double(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
EATER = """
def double(x):
    hoard = []
    while True:
        hoard.append(bytearray(1 << 22))
"""
FORKER = "import subprocess\nherd = [subprocess.Popen(['sleep', '300']) for _ in range(200)]"
LEAVER = "import os\nos._exit(0)"
PRINTER = "print('x' * 3_000_000)\nprint('y\\n' * 500_000)\n" + RIGHT["step2"]
PAYS_ITSELF = "def half(x):\n    get_ipython().displayhook(5)\n    return 0"
CALLER = "def double(x):\n    import socket\n    socket.create_connection(('192.0.2.1', 53), timeout=5)\n    return 2 * x"
SECONDS, MEGABYTES = 5, 400


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project of one lab, with data to be destroyed, in the shape of the real one."""
    root = tmp_path_factory.mktemp("project")
    for folder in ("labs/source", "data/cache"):
        (root / folder).mkdir(parents=True)
    (root / "labs/source/lab01_tiny.py").write_text(LAB, encoding="utf-8")
    (root / "data/cache/precious").write_text("data")
    (root / "data/cache").chmod(0o777)  # a careless instructor
    build.build(build.find(root=root)[0])
    return root


def given(project):
    return nbformat.read(project / "labs/lab01_tiny.ipynb", as_version=4)


def solved(project, **changed):
    """The student's notebook with right answers but for the `changed` steps."""
    nb = given(project)
    for cell in nb.cells:
        if build.grade_id(cell) in RIGHT:
            cell.source = (RIGHT | changed)[build.grade_id(cell)]
    return nb


def cell_of(nb, name):
    return next(cell for cell in nb.cells if build.grade_id(cell) == name)


def tampered(project):
    """Tests rewritten, points raised, a test marked as not to be run, one deleted; no solution at all."""
    nb = given(project)
    cell_of(nb, "step1_check").source = "print('[PASS] everything')"
    cell_of(nb, "step1_check").metadata.nbgrader.points = 1000
    cell_of(nb, "step2_check").metadata.tags = ["skip-execution"]
    cell_of(nb, "step2_check").metadata.nbgrader.grade = False
    nb.cells.remove(cell_of(nb, "step3_check"))
    return nb


def peeking(project):
    """Step 1 that looks for solutions, hidden tests and the gradebook on disk, and returns what it has found."""
    return f"""
def one():
    import os, sys
    found = []
    for folder in ({str(project)!r}, {str(notebooks.ROOT / 'labs')!r}, {str(notebooks.ROOT / '.git')!r}, "/tmp"):
        for place, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if os.path.join(place, name) != sys.prefix]  # nbgrader brings files of its own
            found += [os.path.join(place, name) for name in names if "tiny" in name or name in ("gradebook.db", "HEAD")]
    raise LookupError(f"found {{found}}")
"""


def deleting(project):
    """Step 3 that deletes what it can, then says who it is and what is left."""
    return f"""
def half(x):
    import os, shutil
    for path in ({str(project / 'labs')!r}, {str(project / 'data')!r}, {str(notebooks.ROOT / 'benchmarks')!r} + "/nothing"):
        shutil.rmtree(path, ignore_errors=True)
    raise OSError(f"I am {{os.getuid()}}, left: {{os.listdir({str(project / 'data/cache')!r})}}")
"""


SUBMISSIONS = {
    "looping": lambda project: solved(project, step2=LOOP, step3=PAYS_ITSELF),
    "stubborn": lambda project: solved(project, step2=STUBBORN),
    "eating": lambda project: solved(project, step2=EATER),
    "nosy": lambda project: solved(project, step1=peeking(project), step2=CALLER, step3=deleting(project)),
    "forking": lambda project: solved(project, step3=FORKER),
    "leaving": lambda project: solved(project, step2=LEAVER),
    "tampering": tampered,
    "cells gone": lambda project: nbformat.v4.new_notebook(
        cells=[cell_of(solved(project), "step3"), cell_of(solved(project, step2="def double(x):\n    return 4"), "step2")]),
}  # fmt: skip
NOT_NOTEBOOKS = {
    "empty": (b" \n", "is empty"),
    "other json": (json.dumps({"hello": [1, 2]}).encode(), "is not a notebook ("),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not a notebook: it is not even text"),
    "nested": (b"[" * 100_000, "is not a notebook ("),
    "list": (b"[]", "is not a notebook ("),
    "no code": (nbformat.writes(nbformat.v4.new_notebook()).encode(), "is a notebook without any code"),
}


@pytest.fixture(scope="module")
def isolated():
    return not sandbox.why_not()


@pytest.fixture(scope="module")
def graded(project, tmp_path_factory, isolated):
    """Grade every kind of submission in one go; return the rows by student."""
    folder = tmp_path_factory.mktemp("submissions")

    def hand_in(student, content, name="lab01_tiny.ipynb"):
        (folder / student).mkdir()
        (folder / student / name).write_bytes(content)

    for student, make in SUBMISSIONS.items():
        if isolated or student != "nosy":  # it would do what it tries to do
            hand_in(student, nbformat.writes(make(project)).encode())
    for student, (content, _) in NOT_NOTEBOOKS.items():
        hand_in(student, content)
    hand_in("unknown", b"{}", "lab77_other.ipynb")
    hand_in("=1+1", nbformat.writes(solved(project, step2=PRINTER)).encode(), "lab01_tiny (2).ipynb")
    (folder / "link").mkdir()
    (folder / "link" / "lab01_tiny.ipynb").symlink_to("/etc/passwd")
    (folder / "nothing").mkdir()
    (folder / "loose.ipynb").write_text("{}")
    line = [sys.executable, "-m", "tools.labs.grade", str(folder), "--seconds", str(SECONDS), "--memory", str(MEGABYTES),
            "--root", str(project), *([] if isolated else ["--trusted"])]  # fmt: skip
    process = subprocess.run(line, cwd=notebooks.ROOT, capture_output=True, text=True,
                             env=os.environ | {"COURSE_DATA": str(project / "data/cache")})  # fmt: skip
    assert process.returncode == 0, process.stderr
    with open(folder / "grades.csv", encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def assert_row(row, points, *said):
    assert [float(row[step]) for step in build.STEPS] == points, row["errors"]
    assert (float(row["total"]), float(row["possible"])) == (sum(points), 10)
    for words in said:
        assert words in row["errors"]
    assert "\n" not in row["errors"]


def test_right_answers_earn_all_points_however_much_they_print(graded):
    assert_row(graded["'=1+1"], [2, 3, 5])
    assert graded["'=1+1"]["errors"] == ""


def test_endless_loop_costs_its_own_step_and_the_next_one_runs(graded):
    assert_row(graded["looping"], [2, 0, 0], "step2: TimeLimit: took longer than 2 seconds", "step3: AssertionError: 一半。")


def test_loop_that_ignores_the_interruption_is_stopped_and_keeps_what_came_before(graded):
    assert_row(graded["stubborn"], [2, 0, 0], "step2: Stopped: the submission took", "step3: NotRun: not run: before it,")


def test_memory_is_limited(graded):
    row = graded["eating"]
    assert_row(row, [2, 0, 0] if "Stopped" in row["errors"] else [2, 0, 5])
    assert f"used more than {MEGABYTES} MB" in row["errors"] or "MemoryError" in row["errors"]


def test_number_of_processes_is_limited(graded):
    assert_row(graded["forking"], [2, 3, 0], "step3: Stopped: the submission started more than 64 processes")


def test_leaving_the_kernel_ends_the_grade_there(graded):
    assert_row(graded["leaving"], [2, 0, 0], "step2: Stopped: the submission ended its own kernel (exit, or a crash)")


def test_hidden_tests_count(graded):
    assert_row(graded["cells gone"], [0, 0, 5], "step2: AssertionError: 大一點也要對。 Larger ones, too.")


def test_cells_that_were_deleted_come_back_unsolved(graded):
    assert "step1: NotImplementedError" in graded["cells gone"]["errors"]


def test_tampering_with_tests_points_and_tags_earns_nothing(graded):
    assert_row(graded["tampering"], [0, 0, 0], *(f"step{n}: NotImplementedError: 步驟 {n} 還沒寫" for n in (1, 2, 3)))


def test_solutions_and_other_submissions_are_out_of_sight(graded, isolated):
    if not isolated:
        pytest.skip(f"this machine cannot isolate processes: {sandbox.why_not()}")
    assert_row(graded["nosy"], [0, 0, 0], "step1: LookupError: found []")


def test_there_is_no_network(graded, isolated):
    if not isolated:
        pytest.skip(f"this machine cannot isolate processes: {sandbox.why_not()}")
    assert "step2: OSError: [Errno 101] Network is unreachable" in graded["nosy"]["errors"]


def test_files_survive_a_submission_that_deletes_them(graded, isolated, project):
    if not isolated:
        pytest.skip(f"this machine cannot isolate processes: {sandbox.why_not()}")
    user = sandbox.NOBODY if os.geteuid() == 0 else 0
    assert f"step3: OSError: I am {user}, left: ['precious']" in graded["nosy"]["errors"]
    assert (project / "data/cache/precious").read_text() == "data"
    assert (project / "labs/source/lab01_tiny.py").exists()


@pytest.mark.parametrize("student", NOT_NOTEBOOKS)
def test_what_is_no_notebook_gets_a_row_that_says_so(graded, student):
    assert_row(graded[student], [0, 0, 0], f"lab01_tiny.ipynb {NOT_NOTEBOOKS[student][1]}")


def test_link_is_not_followed(graded):
    assert_row(graded["link"], [0, 0, 0], "lab01_tiny.ipynb is not a regular file")
    assert "root" not in graded["link"]["errors"]


def test_student_without_a_notebook_and_unknown_labs_get_rows(graded):
    assert graded["nothing"]["errors"] == "no notebook (*.ipynb) in this folder"
    assert graded["unknown"]["errors"] == "lab77_other.ipynb belongs to no lab; expected labNN_name.ipynb with one of 01"
    assert graded[""]["errors"].startswith("loose.ipynb belongs to no lab")


def test_name_that_looks_like_a_formula_is_text_and_a_renamed_download_is_graded(graded):
    assert graded["'=1+1"]["lab"] == "lab01_tiny"


@pytest.mark.parametrize(("make", "said"), [
    (lambda folder: folder / "missing", "is not a folder. Give the one that holds a folder for each student"),
    (lambda folder: folder, "holds no submissions. Expected: "),
])
def test_folder_without_submissions_is_said(tmp_path, capsys, make, said):
    assert grade.main([str(make(tmp_path))]) == 2
    assert said in capsys.readouterr().err


def test_where_nothing_can_be_isolated_grading_wants_to_be_told(tmp_path, capsys, monkeypatch):
    (tmp_path / "ann").mkdir()
    monkeypatch.setattr(sandbox, "why_not", lambda: "no namespaces")
    assert grade.main([str(tmp_path)]) == 2
    assert "cannot be isolated here: no namespaces" in capsys.readouterr().err
    assert not (tmp_path / "grades.csv").exists()


def test_limits_are_more_than_nothing(tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        grade.main([str(tmp_path), "--seconds", "0"])
    assert "the limits are more than 0" in capsys.readouterr().err


def test_mending_keeps_students_cells_in_order_and_drops_their_metadata(project):
    nb = solved(project)
    nb.cells.insert(3, nbformat.v4.new_code_cell("helper = 1", metadata={"tags": ["skip-execution"]}))
    nb.cells.append(cell_of(nb, "step1").copy())
    mended = grade_run.mended(nb, build.find(root=project)[0].notebook)
    assert mended.cells[3].source == "helper = 1"
    assert [build.grade_id(cell) for cell in mended.cells if build.grade_id(cell)] == [
        "imports", "step1", "step1_check", "step2", "step2_check", "step3", "step3_check"]  # fmt: skip
    assert all(set(cell.metadata) <= {"nbgrader"} for cell in mended.cells)
    assert "HIDDEN" in cell_of(mended, "step2_check").source


@pytest.mark.parametrize("gone", [("step2_check",), ("imports", "step1"), ("step3", "step3_check"), ("step1", "step2_check")])
def test_mending_brings_missing_cells_back_where_they_belong(project, gone):
    nb = solved(project)
    nb.cells = [cell for cell in nb.cells if build.grade_id(cell) not in gone]
    mended = grade_run.mended(nb, build.find(root=project)[0].notebook)
    assert [build.grade_id(cell) for cell in mended.cells if build.grade_id(cell)] == [
        "imports", "step1", "step1_check", "step2", "step2_check", "step3", "step3_check"]  # fmt: skip
