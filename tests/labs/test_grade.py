"""tools.labs.grade: what hostile and broken submissions cost, what honest ones earn, and the table that is left."""

import csv
import subprocess
import sys

import nbformat
import psutil
import pytest
from labs.hostile.handed_in import BROKEN, HOSTILE, cell_of, hand_in, hand_in_all, hostile, solved, write_project

from tools.labs import build, grade, referee, room
from tools.lessons import notebooks

MEGABYTES, SLOW_SECONDS = 400, 20

slow = pytest.mark.slow  # many share one graded folder, which takes minutes


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = write_project(tmp_path_factory.mktemp("project"))
    build.build(build.find(root=root)[0])
    return root


@pytest.fixture(scope="module")
def possible():
    if problem := room.why_not(room.Limits()):
        pytest.skip(f"nothing can be graded on this machine: {problem}")


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
    groups = [group for folder in room.control_groups() for group in folder.glob("grade-*")]
    assert not [group for group in groups if not psutil.pid_exists(int(group.name.split("-")[1]))]  # others may be grading


# Notebooks that were tampered with, are broken, or are none


@pytest.fixture(scope="module")
def graded(project, possible, tmp_path_factory):
    """Grade every other kind of submission in one go; return its folder, the finished process and the rows by student."""
    folder = tmp_path_factory.mktemp("others")
    hand_in_all(folder, project)
    done = run(folder, project, "--seconds", "90")
    assert done.returncode == 0, done.stderr
    return folder, done, {row["student"]: row for row in table(folder / "grades.csv")}


@slow
def test_right_answers_earn_all_points(graded):
    for student in ("right", "Windows", "many cells", "other kernel", "older"):
        assert_row(graded[2][student], [2, 3, 5])
        assert graded[2][student]["errors"] == ""


@slow
def test_untouched_and_tampered_notebooks_earn_nothing(graded):
    for student in ("untouched", "tampering"):
        assert_row(graded[2][student], [0, 0, 0], *(f"step{n}: NotImplementedError: 步驟 {n} 還沒寫" for n in (1, 2, 3)))


@slow
def test_cells_that_were_deleted_come_back_unsolved(graded):
    assert_row(graded[2]["cells gone"], [0, 0, 5], "step1: NotImplementedError", "step2: WrongShape: ")


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
def test_what_is_misunderstood_is_named_by_the_hint_that_a_check_stopped_with(graded):
    assert graded[2]["<b>wrong"]["misunderstood"] == (
        "step1: 不知道一是多少 · Does not know one; step2: 沒有傳回結果，多半是忘了 return · Gives no result: mostly a forgotten return; "
        "step3: 沒有學 · Learns nothing")
    assert graded[2]["untouched"]["misunderstood"] == "; ".join(f"step{n}: 還沒寫 · Not written yet" for n in (1, 2, 3))
    assert graded[2]["right"]["misunderstood"] == ""


@slow
def test_no_submission_can_write_what_it_misunderstands(graded):
    row = graded[2]["forging"]
    assert_row(row, [0, 0, 0], "One is wanted", "Leave x as it is", "Not learnt yet")
    assert row["misunderstood"] == "step3: 傳回的不是函式 · Returns no function"


@slow
def test_page_for_the_class_counts_and_names_nobody(graded):
    page = (graded[0] / "grades_class.html").read_text(encoding="utf-8")
    assert "不知道一是多少" in page
    assert "第 01 課步驟 1：數" in page
    assert not [name for name in ("forging", "untouched", "tampering", "nosy", "cells gone", "&lt;b&gt;", "<b>wrong") if name in page]


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
    earlier = f"ann,lab01_tiny,2,3,4,9,10,marked by hand,,lab01_tiny.ipynb,{mark}"
    (folder / "grades.csv").write_text(f"\ufeff{lines[0]}\n{earlier}\n", encoding="utf-8")
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
