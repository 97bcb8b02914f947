"""Notebooks as files: find them, read their sources, run them, write them without volatile metadata."""

import functools
import hashlib
import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbclient
import nbformat
import nbstripout

from tools.lessons import neighbours
from utils import files

ROOT = Path(__file__).resolve().parents[2]
MINUTES = "{{minutes}}"
STORED = "stored"  # tags a cell that only shows what `make seeds` has stored: it measures nothing, and is left out while seeds run
TOUCH = "touch"  # tags a cell of sliders: for people and tests alone, so it measures nothing and stores no output
KERNEL_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
GAP_MARKS = re.compile(r"\n? *### (?:BEGIN|END) SOLUTION")
CELL_METADATA = ("slideshow", "tags", "nbgrader", "gap", "alt")


class NotebookError(Exception):
    """A notebook is missing, malformed or failed to run; the message says which cell and why."""


@dataclass(frozen=True)
class Notebook:
    """One lesson or project: its source, what is built from it, and its number."""

    source: Path

    @property
    def name(self) -> str:
        return self.source.stem

    @property
    def number(self) -> str:
        return self.name.split("_")[0]

    @property
    def is_project(self) -> bool:
        """Whether it stands in projects/, where a notebook has no workbook and other headings than a lesson."""
        return self.source.parent.parent.name == "projects"

    @property
    def built(self) -> Path:
        return self.source.parent.parent / f"{self.name}.ipynb"

    @property
    def measured(self) -> Path:
        return self.source.parent.parent / "measured" / f"{self.name}.json"

    @property
    def workbook(self) -> Path:
        return self.source.parent.parent / "workbook" / f"{self.name}.ipynb"

    @property
    def wrong(self) -> Path:
        return self.source.with_suffix(".wrong.py")


def find(selection: str | None = None, root: Path = ROOT, room: str = "notebooks") -> list[Notebook]:
    """Return the notebooks in teaching order.

    Args:
        selection: numbers or names separated by commas or spaces, such as "10", "4,10", "10_rnn_mnist" or "rnn_mnist"; None for all.
        root: folder that holds the room.
        room: "notebooks", the lessons, or "projects"; their sources lie in its folder `source`.

    Raises:
        NotebookError: if a selected notebook does not exist.
    """
    paths = sorted((root / room / "source").glob("[0-9][0-9]_*.py"))
    everything = [Notebook(path) for path in paths if not path.name.endswith(".wrong.py")]
    return select(everything, selection, "notebook", "NB=06")


def select(everything: list, selection: str | None, kind: str, example: str) -> list:
    """Return those that a selection names, in its order.

    Args:
        everything: objects with a `name` and a `number` of two digits, and perhaps a letter, which may be left out.
        selection: numbers or names separated by commas or spaces, a number with or without its 0; None or empty for all.
        kind, example: what to call them in an error, and how to name one.

    Raises:
        NotebookError: if one that is named does not exist.
    """
    if not selection:
        return everything
    chosen = []
    for word in re.split(r"[,\s]+", selection.strip()):
        number = word.removeprefix(kind)
        matches = [one for one in everything if word in (one.name, one.name.partition("_")[2])
                   or number in {form for digits in (one.number, one.number[:2]) for form in (digits, digits.removeprefix("0"))}]
        if not matches:
            known = ", ".join(one.number for one in everything) or "none"
            raise NotebookError(f"There is no {kind} {word!r}. Give a number such as {example}; there are: {known}.")
        chosen += matches
    return chosen


def read_source(path: Path):
    """Read a percent-format source into a notebook with the metadata and cell ids that a built one has, and a lesson's last cell.

    Raises:
        NotebookError: if the file is empty, is not text, or has code before its first cell marker.
    """
    nb = read_percent(path)
    nb.metadata = nbformat.from_dict(KERNEL_METADATA)
    nb.nbformat_minor = 5
    if made := neighbours.cell(path):
        nb.cells.append(made)
    tidy_cells(nb)
    return nb


def read_percent(path: Path, first: str = "# %% [markdown]"):
    """Read a file in jupytext's percent format as it is; errors as `read_source`, which name a line like `first`."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NotebookError(f"{path}: expected UTF-8 text; byte {error.start} is not. Save it as UTF-8.") from None
    if not text.lstrip().startswith("# %%"):
        raise NotebookError(f"{path}: expected a first line such as '{first}'. Start the first cell with it.")
    return jupytext.reads(text, fmt="py:percent")


def code_digest(nb) -> str:
    """Return the SHA-256 of the code that measures: prose, gap checks and marks, sliders, tables of what is stored do not count."""
    cells = (cell for cell in nb.cells if cell.cell_type == "code" and not {"check", STORED, TOUCH} & set(cell.metadata.get("tags", [])))
    code = "\n# %%\n".join(GAP_MARKS.sub("", cell.source) for cell in cells)
    return hashlib.sha256(code.encode()).hexdigest()


def stub(chinese: str, english: str) -> str:
    """Return the line that stands in place of a solution until the student writes one."""
    return (f'raise NotImplementedError("{chinese} 還沒寫：把這一行換成你的程式。 '
            f'{english} is not written yet: replace this line with your code.")')  # fmt: skip


def tidy_cells(nb) -> None:
    """Keep only the course's own cell metadata, and give each cell an id that depends on its text alone."""
    seen: dict[str, int] = {}
    for cell in nb.cells:
        cell.metadata = nbformat.from_dict({k: cell.metadata[k] for k in CELL_METADATA if k in cell.metadata})
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:10]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def minutes_text(seconds: float) -> str:
    """Say a measured duration in both languages, rounded so that it stays true from run to run.

    Args:
        seconds: more than 0.
    """
    if seconds < 52.5:
        number, zh, en = max(5, 5 * round(seconds / 5)), "秒", "seconds"
    else:
        number = round(seconds / 30) / 2
        zh, en = "分鐘", "minute" if number == 1 else "minutes"
    return f"約 {number:g} {zh}（兩個 CPU 核心，實測） · about {number:g} {en} on two CPU cores (measured)"


def fill_minutes(nb, seconds: float) -> None:
    """Replace the placeholder `{{minutes}}` in the opening cell."""
    nb.cells[0].source = nb.cells[0].source.replace(MINUTES, minutes_text(seconds))


def _peak_megabytes(client: nbclient.NotebookClient) -> float | None:
    """Peak resident memory of the kernel so far; None where the system does not tell."""
    try:
        status = Path(f"/proc/{client.km.provisioner.pid}/status").read_text()
    except (OSError, AttributeError):
        return None
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(match[1]) / 1024 if match else None


def execute(
    nb, *, profile: str, folder: Path, echo=None, settings: dict[str, str] | None = None
) -> tuple[float, float | None]:
    """Run every cell but those of sliders in a fresh kernel, in place.

    Args:
        nb: notebook to run; its outputs are replaced.
        profile: smoke, lesson or full.
        folder: working folder of the kernel.
        echo: called with (position, number of cells, seconds so far) after each code cell.
        settings: environment variables of the kernel, beside those of this process.

    Returns:
        Seconds from the start of the kernel to its end, and the kernel's peak memory in MiB where the system tells it.

    Raises:
        NotebookError: if a cell fails, with its position, its first line and the error.
    """
    peak: list[float] = []
    failed: list[tuple[int, str]] = []
    start = time.monotonic()

    def after_cell(cell, cell_index, **_):
        if (megabytes := _peak_megabytes(client)) is not None:
            peak.append(megabytes)
        if echo:
            echo(cell_index + 1, len(nb.cells), time.monotonic() - start)

    client = nbclient.NotebookClient(
        nb, timeout=None, kernel_name="python3", record_timing=False, coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}}, on_cell_executed=after_cell, skip_cells_with_tag=TOUCH,
        on_cell_error=lambda cell, cell_index, **_: failed.append((cell_index + 1, cell.source.splitlines()[0])),
    )  # fmt: skip
    try:
        client.execute(env=os.environ | {"COURSE_PROFILE": profile} | (settings or {}))
    except nbclient.exceptions.CellExecutionError as error:
        position, first_line = failed[-1]
        raise NotebookError(f"cell {position} ({first_line!r}) failed: {error.ename}: {error.evalue}") from None
    except nbclient.exceptions.DeadKernelError:
        raise NotebookError(
            "the kernel died, most often for want of memory; close other programs, or run a smaller profile"
        ) from None
    seconds = time.monotonic() - start
    nb.metadata = nbformat.from_dict(KERNEL_METADATA)
    return seconds, max(peak, default=None)


def alternative_text(cell, language: str = "both") -> str:
    """Return what a cell's metadata `alt` says of its figure, in "zh", "en" or both; empty where it says nothing."""
    said = cell.metadata.get("alt")
    if not isinstance(said, dict):
        return ""
    return " ".join(said.get(each, "") for each in ("zh", "en") if language in (each, "both")).strip()


def has_figure(cell) -> bool:
    """Whether a cell's stored outputs hold an image."""
    return any(kind.startswith("image/") for output in cell.get("outputs", []) for kind in output.get("data", {}))


def strip_volatile(nb):
    """Take out what changes without meaning: execution times, widget state, output metadata. Outputs stay.

    An image gets its cell's alternative text, in both languages, where nbconvert's classic template looks for it.
    """
    course = nb.metadata.get("course")
    nb = nbstripout.strip_output(nb, keep_output=True, keep_count=True, keep_id=True)
    nb.metadata = nbformat.from_dict(KERNEL_METADATA | ({"course": course} if course else {}))
    for cell in nb.cells:
        text = alternative_text(cell)
        for output in cell.get("outputs", []):
            if "metadata" in output:
                images = [kind for kind in output.get("data", {}) if kind.startswith("image/") and text]
                output.metadata = nbformat.from_dict({kind: {"alt": text} for kind in images})
    return nb


def write(nb, path: Path) -> None:
    """Write a notebook whole or not at all.

    Raises:
        nbformat.ValidationError: if it is not a valid notebook.
        OSError: if the folder cannot be written.
    """
    nbformat.validate(nb)
    write_text(path, nbformat.writes(nb, version=nbformat.NO_CONVERT) + "\n")


def with_table(page: str, table: str, name: str, begin: str, end: str) -> str:
    """Return a page with a table between its marks, the lines `begin` and `end`.

    Raises:
        NotebookError: if the marks are missing; it calls the page `name`.
    """
    if begin not in page or end not in page:
        raise NotebookError(f"{name} lacks the lines {begin!r} and {end!r}; put them where the table goes.")
    before, rest = page.split(begin, 1)
    return f"{before}{begin}\n{table}\n{end}{rest.split(end, 1)[1]}"


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all: to a temporary name beside it, then renamed."""
    with files.atomic_write(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.chmod(0o644)


def read_built(path: Path):
    """Read a built notebook.

    Raises:
        NotebookError: if it is missing or is not a notebook.
    """
    if not path.exists():
        raise NotebookError(f"{path} is not built yet. Run: make render NB={path.name[:2]}")
    try:
        return nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, ValueError, KeyError, AttributeError) as error:
        raise NotebookError(f"{path} is not a notebook ({type(error).__name__}: {error}). Build it again.") from None


def command(name: str, *errors: type[Exception]):
    """Decorate a main function: NotebookError, or one of `errors`, ends it with the line `name: what is wrong` and status 1."""

    def decorate(main):
        @functools.wraps(main)
        def run(arguments: list[str] | None = None) -> int:
            try:
                return main(arguments) or 0
            except (NotebookError, *errors) as error:
                print(f"{name}: {error}", file=sys.stderr)
                return 1

        return run

    return decorate


def progress(name: str):
    """Return a callback for `execute` that shows one line of progress on a terminal, nothing elsewhere."""

    def echo(position: int, count: int, seconds: float) -> None:
        if sys.stderr.isatty():
            print(f"\r  {name}: cell {position} of {count}, {seconds:.0f} s ", end="", file=sys.stderr, flush=True)

    return echo
