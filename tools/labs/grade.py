"""Grade a folder of submissions into a CSV, and write a page for the class beside it. See `make grade`.

Submissions lie as `folder/STUDENT/labNN_name.ipynb`. Two processes grade each one, and the kernel keeps both within limits
(tools/labs/room.py): the submission's cells run in one, the lab's checks, hidden tests included, in the other (tools/labs/referee.py).
The checks call the submission's functions and get plain data back; what the submission does to its own process changes no grade.
Tests, given cells and points are the lab's own, whatever the notebook holds.

Every notebook gets a row, written as soon as it is known. Started again, grading goes on where it stopped. A row says what is
misunderstood, perhaps, by the hint that a check stopped with in its own process; no submission can put words into it (tools/labs/hints.py).

Not protected: what a submission says of things that stay with it, such as the number of layers of its model, is taken from it. The data
sets that a lab uses can be read while it runs, those to test with included. Look at the notebooks of those whose grades decide something.
"""

import argparse
import base64
import contextlib
import csv
import hashlib
import json
import os
import re
import select
import socket
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.labs import build, class_page, misunderstood
from tools.labs.room import Limits, Room, why_not
from tools.lessons import notebooks
from tools.lessons.notebooks import NotebookError
from utils import files

COLUMNS = ("student", "lab", *build.STEPS, "total", "possible", "errors", "misunderstood", "file", "fingerprint")
MOST_BYTES = 20 << 20  # of a notebook
REPORT_BYTES = 1 << 20  # of what the checks say of one submission
LONGEST_TEXT = 300
LEAST_SECONDS = 1.0  # with less time left, nothing is started
UNSAFE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@dataclass
class Row:
    """One line of the CSV."""

    student: str
    lab: str
    points: dict[str, float] = field(default_factory=dict)
    possible: float = 0.0
    errors: str = ""
    misunderstood: str = ""  # the course's own words
    file: str = ""
    fingerprint: str = ""  # of the notebook and the lab; empty where there is nothing to skip next time

    @property
    def total(self) -> float:
        return sum(self.points.values())

    def values(self) -> list[str]:
        per_step = [f"{self.points[step]:g}" if step in self.points else "" for step in build.STEPS]
        texts = [plain(text) for text in (self.student, self.lab, self.errors, self.file)]
        numbers = [*per_step, f"{self.total:g}", f"{self.possible:g}"]
        return [*texts[:2], *numbers, texts[2], self.misunderstood, texts[3], self.fingerprint]


def plain(text: str) -> str:
    """Return a text on one line that is safe in a terminal and is no formula in a spreadsheet."""
    text = text.encode("utf-8", "backslashreplace").decode()
    text = " ".join(UNSAFE.sub(" ", text).split())
    text = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
    return f"'{text}" if text.startswith(FORMULA) else text


def submissions(folder: Path) -> Iterator[tuple[str, Path | None, str]]:
    """Yield (student, notebook, problem) in order; a student without a notebook comes with None and what is wrong.

    Raises:
        NotebookError: if the folder does not exist, or holds no submission.
    """
    if not folder.is_dir():
        raise NotebookError(f"{folder} is not a folder. Give the one that holds a folder for each student.")
    count = 0
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_symlink() and path.suffix != ".csv":
            yield path.name, None, "is a link; not followed"
        elif path.is_dir():
            try:
                found = sorted(each for each in path.iterdir() if each.suffix.lower() == ".ipynb")
            except OSError as error:
                yield path.name, None, f"cannot be read: {error.strerror}"
            else:
                yield from ((path.name, each, "") for each in found)
                if not found:
                    yield path.name, None, "no notebook (*.ipynb) in this folder"
        elif path.suffix.lower() == ".ipynb":
            yield "", path, "lies outside of a student's folder; not graded"
        else:
            continue
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


def read(path: Path) -> bytes:
    """Read a file that a student handed in.

    Raises:
        NotebookError: if it is no regular file, cannot be read, or is too large; the sentence says which.
    """
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise NotebookError("is not a regular file")
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        is_link = path.is_symlink() or not path.is_file()
        raise NotebookError("is not a regular file" if is_link else f"cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise NotebookError(f"is larger than {MOST_BYTES >> 20} MB; clear its outputs and hand it in again")
    return content


class Grading:
    """Grades one submission: starts the two processes, reads what the checks say, and goes on after whatever ends them."""

    def __init__(self, lab: build.Lab, content: bytes, limits: Limits):
        cells = [
            {"name": build.grade_id(cell) or f"given {place}", "source": cell.source, "stub": build.stub(build.grade_id(cell)),
             "solution": bool(cell.metadata.get("nbgrader", {}).get("solution"))}
            for place, cell in enumerate(build.solved_version(lab).cells) if cell.cell_type == "code"
        ]  # fmt: skip
        self.job = {"given": cells, "submission": base64.b64encode(content).decode(), "skip": []}
        self.limits = limits
        self.deadline = time.monotonic() + limits.seconds
        self.left = list(build.points(lab.notebook))  # steps that are not judged
        self.errors: dict[str, str] = {}
        self.wrong_answers = misunderstood.answers(lab)
        self.misunderstood: dict[str, misunderstood.Misunderstanding] = {}  # by step

    def run(self) -> None:
        """Judge every step; `errors` then says of each why it earns nothing, or holds an empty text.

        Raises:
            NotebookError: if there is nothing to judge: no notebook, or a lab whose own cells fail.
        """
        while self.left:
            if time.monotonic() > self.deadline - LEAST_SECONDS:
                reason = f"NotRun: the {self.limits.seconds:g} seconds of this submission were over before"
                self.errors |= dict.fromkeys(self.left, reason)
                return
            self._attempt()

    def _attempt(self) -> None:
        """Judge the steps that are left, up to the first that ends a process."""
        ends = socket.socketpair()
        hands = [end.fileno() for end in ends]
        commands = [[sys.executable, "-m", f"tools.labs.{name}", str(hand)]
                    for name, hand in zip(("submission", "referee"), hands, strict=True)]  # fmt: skip
        with tempfile.TemporaryFile("w+") as job:
            json.dump(self.job | {"steps": self.left}, job)
            job.seek(0)
            with (
                Room(commands[0], self.limits, handed=(hands[0],)) as submission,
                Room(commands[1], self.limits, handed=(hands[1],), stdin=job, stdout=-1) as referee,
            ):
                for end in ends:
                    end.close()
                step = phase = ""
                for event in self._events(referee.process.stdout):
                    ((kind, what), *more) = event.items()
                    if kind in ("running", "checking"):
                        step, phase = what, kind
                    elif kind == "done":
                        self.errors[what] = event["error"]
                        self._name(what, **event)
                        self.left.remove(what)
                    elif kind == "refused":
                        raise NotebookError(what)
                    elif kind == "fault":
                        raise NotebookError(f"was not graded, for the lab's own cell fails here: {what}")
                    elif kind == "ended":
                        memory = f"used more than {self.limits.memory / 2**20:,.0f} MB of memory"
                        reason = memory if submission.ran_out_of_memory() else "ended its own process (exit, or a crash)"
                        break
                    elif kind == "late":
                        reason = f"took longer than {what:.0f} seconds"
                        break
                else:
                    reason = "returned something that brought its check down"
        if not step:
            raise NotebookError("could not be read within the limits of time and memory")
        if self.left:
            self.left.remove(step)
            self.errors[step] = f"Stopped: the submission {reason}"
            if phase == "running":
                self.job["skip"].append(step)  # the next attempt leaves out what the student wrote there

    def _name(self, step: str, error: str, kind: str, hint: str, **_) -> None:
        stub = error.removeprefix("NotImplementedError: ")
        names = misunderstood.named(self.wrong_answers, step, kind, hint)
        if names or (stub != error and stub in build.stub(step)):
            self.misunderstood[step] = names[0] if names else misunderstood.NOT_WRITTEN

    def _events(self, pipe) -> Iterator[dict]:
        """Yield what the checks say; {"late": seconds} if a step has used its share of the time: half of what is left, the last one all."""
        held, read_so_far = b"", 0
        began = time.monotonic()
        share = self._share()
        while self.left:
            patience = began + share - time.monotonic()
            if patience <= 0 or not select.select([pipe], [], [], patience)[0]:
                yield {"late": share}
                return
            part = os.read(pipe.fileno(), 1 << 16)
            read_so_far += len(part)
            if not part or read_so_far > REPORT_BYTES:
                return
            *lines, held = (held + part).split(b"\n")
            for line in lines:
                event = json.loads(line)
                yield event
                if "done" in event:
                    began, share = time.monotonic(), self._share()

    def _share(self) -> float:
        left = self.deadline - time.monotonic()
        return max(LEAST_SECONDS, left / 2 if len(self.left) > 1 else left)


def graded(student: str, path: Path | None, problem: str, known: list[build.Lab], limits: Limits, done: dict) -> Row | list[str]:
    """Grade one submission; whatever it does, there is a row: a new one, or the one in `done` of the same notebook and lab."""
    row = Row(student, "", errors=problem, file=path.name if path else "")
    if path is None:
        return row
    try:
        lab = lab_of(path, known)
        possible = build.points(lab.notebook)
        row.lab, row.points, row.possible = lab.name, dict.fromkeys(possible, 0.0), sum(possible.values())
    except NotebookError as error:
        row.lab, row.errors = path.stem, str(error)
        return row
    if problem:
        return row
    try:
        content = read(path)
        wrong = lab.wrong.read_bytes() if lab.wrong.exists() else b""
        fingerprint = hashlib.sha256(build.text(build.solved_version(lab)).encode() + wrong + content).hexdigest()[:16]
        if (plain(student), plain(path.name), fingerprint) in done:
            return done[plain(student), plain(path.name), fingerprint]
        grading = Grading(lab, content, limits)
        grading.run()
        row.points = {step: 0.0 if grading.errors[step] else value for step, value in possible.items()}
        row.errors = "; ".join(f"{step}: {plain(grading.errors[step])}" for step in possible if grading.errors[step])
        row.misunderstood = "; ".join(what.text(step) for step, what in sorted(grading.misunderstood.items()))
        row.fingerprint = fingerprint
    except NotebookError as error:
        row.errors = f"{path.name} {error}"
    except Exception as error:  # a fault of the grader's: the others are graded all the same
        row.errors = f"{path.name} was not graded, for the grader failed: {type(error).__name__}: {error}"
    return row


def rows_done(out: Path) -> dict[tuple[str, str, str], list[str]]:
    """Return the rows of an earlier run that need not be made again, by student, file and fingerprint.

    Raises:
        NotebookError: if the file is something else than a table of grades.
    """
    if not out.exists():
        return {}
    try:
        with open(out, encoding="utf-8-sig", newline="") as file:
            header, *rows = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error):
        header = None
    if header != list(COLUMNS):
        raise NotebookError(f"{out} exists and is no table of this grader's; move it away, or name another with OUT=")
    return {(row[0], row[-2], row[-1]): row for row in rows if len(row) == len(COLUMNS) and row[-1]}


def write_page(out: Path, rows: list[list[str]], root: Path, names: bool) -> Path:
    """Write the page for the class beside a table; with names it is readable by its owner alone."""
    path = out.with_name(f"{out.stem}_class.html")
    text = class_page.page([dict(zip(COLUMNS, row, strict=True)) for row in rows], root, names)
    with files.atomic_write(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
        if names:
            unfinished.chmod(0o600)
    return path


def write(out: Path, rows: list[list[str]]) -> None:
    """Write a table whole, readable by its owner alone."""
    # Excel reads Chinese in a CSV only if it starts with a byte order mark.
    with files.atomic_write(out) as unfinished:
        with open(unfinished, "w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
        unfinished.chmod(0o600)


def grade_all(found: list, out: Path, limits: Limits, root: Path) -> list[list[str]]:
    """Grade submissions one after the other into a table, and return its rows; each is on the disk before the next submission begins."""
    known, done, rows = build.find(root=root), rows_done(out), []
    write(out, list(done.values()))
    with open(out, "a", encoding="utf-8", newline="") as file:
        for number, submission in enumerate(found, start=1):
            row = graded(*submission, known, limits, done)
            is_new = isinstance(row, Row)
            values = row.values() if is_new else row
            rows.append(values)
            if is_new:
                csv.writer(file, lineterminator="\n").writerow(values)
                file.flush()
            student, lab, *_, total, possible, errors, _, _, _ = values
            note = errors[:100] if is_new else "(graded before)"
            say(f"[{number}/{len(found)}] {student or '?'} {lab}: {total}/{possible} {note}")
    write(out, rows)  # in order, and without the rows of notebooks that are no longer there
    return rows


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.labs.grade", description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path, help="holds a folder for each student, with labNN_name.ipynb in it")
    parser.add_argument("--out", type=Path, help="CSV to write; grades.csv in the folder when left out")
    parser.add_argument("--seconds", type=float, default=300.0, help="time limit of one submission (300)")
    parser.add_argument("--memory", type=int, default=3072, help="memory limit of one submission in MB (3072)")
    parser.add_argument("--names", action="store_true", help="say on the page for the class who met what: for the teacher alone")
    parser.add_argument("--root", type=Path, default=notebooks.ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.seconds <= 0 or options.memory <= 0:
        parser.error("the limits are more than 0")
    limits = Limits(options.seconds, options.memory << 20)
    out = options.out or options.folder / "grades.csv"
    try:
        found = list(submissions(options.folder))
        if out.suffix.lower() != ".csv" or out.is_dir():
            raise NotebookError(f"{out} is no file name for a CSV; give one that ends in .csv")
        if problem := why_not(limits):
            raise NotebookError(f"submissions cannot be graded safely on this machine: {problem}.")
        rows = grade_all(found, out, limits, options.root)
        page = write_page(out, rows, options.root, options.names)
    except NotebookError as error:
        say(f"grade: {error}")
        return 2
    except OSError as error:
        say(f"grade: {error.strerror}: {plain(str(error.filename or out))}. If the disk is full or closed, free some space or name another "
            "place with OUT=; rows that are written stay, and the same command goes on.")  # fmt: skip
        return 2
    except KeyboardInterrupt:
        say(f"\ngrade: stopped. Rows that are written stay in {plain(str(out))}; the same command goes on.")
        return 130
    print(f"{len(found)} rows in {plain(str(out))}, and a page for the class in {plain(str(page))}")
    return 0


def say(sentence: str) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more
        print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
