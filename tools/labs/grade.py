"""Grade a folder of submissions into a CSV with nbgrader. See `make grade`.

Submissions lie as `folder/STUDENT/labNN_name.ipynb`. Each is graded by itself: in a process and a temporary folder of its own,
under a time and a memory limit, without network, with read-only files, as nobody where root grades; tools/labs/sandbox.py says
how. What a submission breaks costs its own points; the next one is graded all the same.

Before it runs, everything but the student's code is put back as the lab gives it: tests, points, tags, missing cells. While it
runs, it cannot see labs/ (solutions and hidden tests), this repository's history, the other submissions or the grades.

Not protected: the tests run in the same Python process as the code that they test, as they do in every nbgrader course. Code
written to deceive them can find them in memory while they run, and can imitate a pass. Look at the notebooks of those whose
grades decide something. Where this system cannot isolate processes (not Linux, or user namespaces are forbidden), the limits
still hold (and root still becomes nobody, if nobody can read the Python environment), but submissions can use the network and
read the solutions: `make grade` says so, and wants `--trusted` before it goes on.
"""

import argparse
import csv
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.labs import build, sandbox
from tools.lessons import notebooks
from tools.lessons.notebooks import NotebookError

COLUMNS = ("student", "lab", *build.STEPS, "total", "possible", "errors")


@dataclass
class Row:
    """One line of the CSV."""

    student: str
    lab: str
    points: dict[str, float] = field(default_factory=dict)
    possible: float = 0.0
    errors: str = ""

    @property
    def total(self) -> float:
        return sum(self.points.values())

    def values(self) -> list[str]:
        per_step = [f"{self.points[step]:g}" if step in self.points else "" for step in build.STEPS]
        return [_as_text(self.student), self.lab, *per_step, f"{self.total:g}", f"{self.possible:g}", _as_text(self.errors)]


def _as_text(value: str) -> str:
    """Keep a spreadsheet from reading a name or a message as a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value


def submissions(folder: Path) -> Iterator[tuple[str, Path | None]]:
    """Yield (student, notebook) in order; a student without a notebook comes with None, a loose notebook with no student.

    Raises:
        NotebookError: if the folder does not exist, or holds no submission.
    """
    if not folder.is_dir():
        raise NotebookError(f"{folder} is not a folder. Give the one that holds a folder for each student.")
    count = 0
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            found = sorted(each for each in path.iterdir() if each.suffix == ".ipynb")
            yield from ((path.name, each) for each in found or [None])
            count += 1
        elif path.suffix == ".ipynb":
            yield "", path
            count += 1
    if not count:
        raise NotebookError(f"{folder} holds no submissions. Expected: {folder}/STUDENT/labNN_name.ipynb")


def lab_of(path: Path, known: list[build.Lab]) -> build.Lab:
    """Return the lab that a submission belongs to, by the number in its name.

    Raises:
        NotebookError: if no lab has that number.
    """
    for lab in known:
        if path.name.lower().startswith(f"lab{lab.number}"):
            return lab
    numbers = ", ".join(lab.number for lab in known) or "none"
    raise NotebookError(f"{path.name} belongs to no lab; expected labNN_name.ipynb with one of {numbers}")


class Grader:
    """Grades submissions one after the other; each lab is recorded by nbgrader once."""

    def __init__(self, known: list[build.Lab], folder: Path, hidden: tuple[Path, ...], isolated: bool, limits):
        self.known, self.folder, self.hidden, self.isolated, self.limits = known, folder, hidden, isolated, limits
        self._courses: dict[str, Path | NotebookError] = {}

    def row(self, student: str, path: Path | None) -> Row:
        """Grade one submission; whatever it does, there is a row."""
        from tools.labs import grade_run

        if path is None:
            return Row(student, "", errors="no notebook (*.ipynb) in this folder")
        try:
            lab = lab_of(path, self.known)
        except NotebookError as error:
            return Row(student, path.stem, errors=str(error))
        possible = build.points(lab.notebook)
        row = Row(student, lab.name, dict.fromkeys(possible, 0.0), sum(possible.values()))
        if not student:
            row.errors = "lies outside of a student's folder; not graded"
            return row
        try:
            course = self._course(lab)
            with grade_run.temporary_folder() as folder:
                grade = self._grade(lab, path, course, Path(folder))
            row.points, row.errors = grade.points, "; ".join(grade.errors)
        except NotebookError as error:
            row.errors = grade_run.without_controls(f"{path.name} {error}")
        return row

    def _grade(self, lab: build.Lab, path: Path, course: Path, folder: Path):
        from tools.labs import grade_kernel, grade_run
        from utils.data import fetch
        from utils.notebook import profile

        room = grade_kernel.Room(folder, self.isolated, self.hidden, profile.name(), fetch.cache_folder())
        return grade_run.in_a_process(
            grade_run.grade, lab, path, course, room, self.limits,
            seconds=self.limits.seconds + grade_run.GRACE_SECONDS, log=self.folder / "log",
        )  # fmt: skip

    def _course(self, lab: build.Lab) -> Path:
        from tools.labs import grade_run

        if lab.name not in self._courses:
            course = self.folder / lab.name
            try:
                grade_run.in_a_process(grade_run.make_course, lab, course, seconds=300, log=self.folder / "log")
                self._courses[lab.name] = course
            except NotebookError as error:
                self._courses[lab.name] = error
        if isinstance(self._courses[lab.name], NotebookError):
            raise self._courses[lab.name]
        return self._courses[lab.name]


def table(rows: list[Row]) -> str:
    """Return the rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row.values() for row in rows)
    return text.getvalue()


def hidden_folders(submitted: Path, root: Path) -> tuple[Path, ...]:
    """Return what a submission must not see: solutions, history, other submissions, homes, temporary files, services."""
    import tempfile

    folders = [
        root / "labs", notebooks.ROOT / "labs", notebooks.ROOT / ".git", submitted, Path.home(), Path("/root"), Path("/home"),
        Path("/run"), Path("/tmp"), Path("/var/tmp"), Path(tempfile.gettempdir()),
    ]  # fmt: skip
    return tuple(sorted({folder.resolve() for folder in folders} - {Path("/")}, key=lambda path: len(str(path))))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.labs.grade", description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path, help="holds a folder for each student, with labNN_name.ipynb in it")
    parser.add_argument("--out", type=Path, help="CSV to write; grades.csv in the folder when left out")
    parser.add_argument("--seconds", type=float, default=300.0, help="time limit of one submission (300)")
    parser.add_argument("--memory", type=int, default=3072, help="memory limit of one submission in MB (3072)")
    parser.add_argument("--trusted", action="store_true", help="go on where submissions cannot be isolated")
    parser.add_argument("--root", type=Path, default=notebooks.ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.seconds <= 0 or options.memory <= 0:
        parser.error("the limits are more than 0")
    try:
        found = list(submissions(options.folder))
        if problem := sandbox.why_not():
            say(f"grade: submissions cannot be isolated here: {problem}.")
            say(f"grade: they could use the network, and read and change whatever {_whose_files()} may.")
            if not options.trusted:
                say("grade: grade on a Linux machine that is not a container, or add --trusted if you trust them all.")
                return 2
        out = options.out or options.folder / "grades.csv"
        if out.suffix.lower() != ".csv" or out.is_dir():
            raise NotebookError(f"{out} is no file name for a CSV; give one that ends in .csv")
        return _grade_all(found, out, not problem, options)
    except NotebookError as error:
        say(f"grade: {error}")
        return 2


def _whose_files() -> str:
    needed = [sys.executable, str(notebooks.ROOT / "utils" / "__init__.py")]
    return "everybody" if os.geteuid() == 0 and sandbox.nobody_can_read(needed) else "you"


def _grade_all(found: list, out: Path, isolated: bool, options) -> int:
    from tools.labs import grade_kernel, grade_run

    limits = grade_kernel.Limits(options.seconds, options.memory << 20)
    hidden = hidden_folders(options.folder, options.root)
    rows = []
    with grade_run.temporary_folder() as folder:
        grader = Grader(build.find(root=options.root), Path(folder), hidden, isolated, limits)
        try:
            for number, (student, path) in enumerate(found, start=1):
                row = grader.row(student, path)
                rows.append(row)
                say(f"[{number}/{len(found)}] {student or '?'} {row.lab}: {row.total:g}/{row.possible:g} {row.errors[:100]}")
        finally:  # Ctrl-C keeps what has been graded
            # Excel reads Chinese in a CSV only if it starts with a byte order mark.
            notebooks.write_text(out, "\ufeff" + table(rows))
            out.chmod(0o600)  # grades are nobody else's business
    print(f"{len(rows)} rows in {out}")
    return 0


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
