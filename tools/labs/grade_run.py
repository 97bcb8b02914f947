"""Grade one submission with nbgrader, in a process and a course folder of its own."""

import contextlib
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from tools.labs import build
from tools.labs.grade_kernel import Limits, Room, SandboxedExecute
from tools.lessons import notebooks

STUDENT = "student"  # nbgrader's name for whoever submitted: folder names of students may hold anything
MOST_BYTES = 20 << 20
GRACE_SECONDS = 90  # for starting the kernel and writing grades, beyond the submission's own time
ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x1f\x7f]")
LONGEST_SUMMARY = 300


@dataclass
class Grade:
    """What one submission earned: points by step, and one line on what went wrong."""

    points: dict[str, float]
    errors: list[str] = field(default_factory=list)


def read_submission(path: Path):
    """Read a submitted notebook.

    Raises:
        NotebookError: if it is no regular file, too large, or not a notebook; the sentence says which.
    """
    if path.is_symlink() or not path.is_file():
        raise notebooks.NotebookError("is not a regular file")
    if path.stat().st_size > MOST_BYTES:
        raise notebooks.NotebookError(f"is larger than {MOST_BYTES >> 20} MB; clear its outputs and hand it in again")
    content = path.read_bytes()
    if not content.strip():
        raise notebooks.NotebookError("is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an older notebook format is no fault
            nb = nbformat.reads(content.decode("utf-8"), as_version=4)
            nbformat.validate(nb)
    except UnicodeDecodeError:
        raise notebooks.NotebookError("is not a notebook: it is not even text") from None
    except (Exception, RecursionError) as error:
        raise notebooks.NotebookError(f"is not a notebook ({type(error).__name__})") from None
    if not any(cell.cell_type == "code" for cell in nb.cells):
        raise notebooks.NotebookError("is a notebook without any code")
    return nb


def mended(submitted, given):
    """Return the submission as graded: the student's words and code in the given lab's cells, nothing else of it.

    Cells that the lab gives and locks come from the lab, wherever the student has put them; missing ones come back. All
    metadata is the lab's own, so that no tag, type or number of points can be changed. Cells that the student added stay.

    Args:
        submitted: notebook read by `read_submission`.
        given: what the student was given, or the solved version.
    """
    known = {build.grade_id(cell): cell for cell in given.cells if build.grade_id(cell)}
    makers = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell, "raw": nbformat.v4.new_raw_cell}
    cells, where = [], {}
    for cell in submitted.cells:
        marks = cell.metadata.get("nbgrader")
        name = marks.get("grade_id") if isinstance(marks, dict) else None
        if isinstance(name, str) and name in known and name not in where:
            model = known[name]
            where[name] = len(cells)
            source = cell.source if model.metadata.nbgrader.get("solution") else model.source
            cells.append(makers[model.cell_type](source, metadata={"nbgrader": dict(model.metadata.nbgrader)}))
        else:
            cells.append(makers[cell.cell_type](cell.source))
    before = -1
    for name, model in known.items():
        if name not in where:
            source = build.stub(name) if model.metadata.nbgrader.get("solution") else model.source
            cells.insert(before + 1, makers[model.cell_type](source, metadata={"nbgrader": dict(model.metadata.nbgrader)}))
            where = {each: place + (place > before) for each, place in where.items()} | {name: before + 1}
        before = where[name]
    return nbformat.v4.new_notebook(cells=cells, metadata=notebooks.KERNEL_METADATA)


def make_course(lab: build.Lab, folder: Path) -> None:
    """Let nbgrader record a lab, with its hidden tests and points, in a gradebook in `folder`.

    Raises:
        NotebookError: if nbgrader refuses the lab.
    """
    source = folder / "source" / lab.name / f"{lab.name}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(build.text(build.solved_version(lab)), encoding="utf-8")
    result = _api(folder).generate_assignment(lab.name)
    if not result["success"]:
        raise notebooks.NotebookError(f"{lab.name}: nbgrader cannot read this lab:\n{result['log'] or result['error']}")


def _api(folder: Path, **more) -> NbGraderAPI:
    # nbgrader calls alembic by its bare name; it stands beside this Python.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    config = Config({"CourseDirectory": {"root": str(folder)}, **more})
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def grade(lab: build.Lab, submission: Path, course: Path, room: Room, limits: Limits) -> Grade:
    """Grade one submission; call it in a process of its own.

    Args:
        lab: the lab that the submission belongs to.
        submission: the notebook that was handed in.
        course: folder made by `make_course`; not changed.
        room: where to run it; its folder exists and is empty.
        limits: what it may use.

    Raises:
        NotebookError: if the submission is not a notebook.
    """
    own = room.folder / "course"
    shutil.copytree(course, own)
    own.chmod(0o700)
    handed_in = own / "submitted" / STUDENT / lab.name / f"{lab.name}.ipynb"
    handed_in.parent.mkdir(parents=True)
    nb = mended(read_submission(submission), lab.notebook)
    handed_in.write_text(nbformat.writes(nb), encoding="utf-8")
    first, *others = Autograde.autograde_preprocessors.default()
    api = _api(own, SandboxedExecute={"room": room, "limits": limits},
               Autograde={"autograde_preprocessors": [SandboxedExecute, *others]})  # fmt: skip
    result = api.autograde(lab.name, STUDENT)
    zero = dict.fromkeys(build.points(lab.notebook), 0.0)
    if not result["success"]:
        log = result["log"] or result["error"] or "no reason given"
        print(log)
        reasons = re.findall(r"^ *(\w+(?:Error|Exception|Entry): .*)$", log, re.M) or log.strip().splitlines()[-1:]
        return Grade(zero, [f"nbgrader could not grade it: {without_controls(reasons[-1])}"])
    with Gradebook(f"sqlite:///{own / 'gradebook.db'}") as gradebook:
        grades = gradebook.find_submission_notebook(lab.name, lab.name, STUDENT).grades
        earned = {each.name.removesuffix("_check"): float(each.score) for each in grades}
    done = nbformat.read(own / "autograded" / STUDENT / lab.name / f"{lab.name}.ipynb", as_version=4)
    return Grade(zero | earned, error_summary(done))


def error_summary(nb) -> list[str]:
    """Return one line for each graded step that failed: the first error of its cell, else of its test."""
    lines, own = [], {}
    for cell in nb.cells:
        name = build.grade_id(cell)
        errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        if not errors:
            continue
        # After an interruption comes the reason for it.
        error = errors[-1] if errors[-1].ename in ("TimeLimit", "Stopped") else errors[0]
        if name in build.STEPS:
            own[name] = error
        elif name.endswith("_check"):
            step = name.removesuffix("_check")
            lines.append(f"{step}: {in_one_line(own.get(step, error))}")
    return lines


def in_one_line(error) -> str:
    """Return an error output as `Name: message`, without control characters, not too long."""
    return without_controls(f"{error.ename}: {error.evalue}")


def without_controls(text: str) -> str:
    """Return a text on one line, without control characters, of at most LONGEST_SUMMARY characters."""
    text = " ".join(ESCAPES.sub(" ", text).split())
    return text if len(text) <= LONGEST_SUMMARY else text[: LONGEST_SUMMARY - 1] + "…"


def in_a_process(function, *arguments, seconds: float, log: Path):
    """Call a function in a forked process of its own and return what it returns.

    Args:
        function: what to call.
        arguments: its arguments.
        seconds: time limit; the process and all that it started are killed after it.
        log: file that takes what it prints.

    Raises:
        NotebookError: if it raised one, raised anything else, died, or took too long.
    """
    receiver, sender = multiprocessing.get_context("fork").Pipe(duplex=False)

    def work():
        os.setsid()
        with open(log, "ab", buffering=0) as file:
            for descriptor in (1, 2):
                os.dup2(file.fileno(), descriptor)
        try:
            sender.send((function(*arguments), None))
        except notebooks.NotebookError as error:
            sender.send((None, str(error)))
        except BaseException as error:
            traceback.print_exc()
            sender.send((None, f"the grader failed: {type(error).__name__}: {error}"))

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise notebooks.NotebookError(f"was stopped: no grade after {seconds:.0f} seconds")
        result, problem = receiver.recv()
    except EOFError:
        raise notebooks.NotebookError("brought its grading process down") from None
    finally:
        kill_tree(process.pid)
        process.join()
    if problem:
        raise notebooks.NotebookError(problem)
    return result


def kill_tree(pid: int) -> None:
    """Kill a process and everything that it started."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for each in [*process.children(recursive=True), process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()


def temporary_folder() -> tempfile.TemporaryDirectory:
    """Return a folder that only this user can enter; sockets in it have short names."""
    return tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True)
