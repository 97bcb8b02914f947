"""Train lessons once, and keep in data/checkpoints/ what came out, so that a class does not wait. See `make checkpoints`."""

import argparse
import json
import re
import sys
from pathlib import Path

import nbformat

from tools.lessons import notebooks
from utils.notebook import checkpoint

LEAST_SECONDS = 20  # a lesson that runs no longer than this keeps nobody waiting
MOST_MEGABYTES = 60  # of all lessons together: what each student of a class fetches
WRITE = "from utils.notebook import profile\nprint(profile.checkpoints.write({!r}))"


def keep(notebook: notebooks.Notebook) -> str:
    """Run a lesson in the lesson profile with its own seed, and write what it trained; return a line on that.

    Raises:
        notebooks.NotebookError: if a cell fails; what was kept before stays.
    """
    nb = notebooks.read_source(notebook.source)
    nb.cells.append(nbformat.v4.new_code_cell(WRITE.format(notebook.name)))
    try:
        seconds, _ = notebooks.execute(
            nb, profile="lesson", folder=notebook.built.parent, echo=notebooks.progress(notebook.name),
            settings={"COURSE_SEED": "", "COURSE_RECORD": "", "COURSE_CHECKPOINTS": "write"},
        )  # fmt: skip
    except notebooks.NotebookError as error:
        raise notebooks.NotebookError(f"{notebook.name}: {error}") from None
    return f"{nb.cells[-1].outputs[-1].text.strip()}; the lesson took {seconds:.0f} s"


def that_train() -> list[notebooks.Notebook]:
    """Return the lessons that train with Keras or gensim and took longer than `LEAST_SECONDS` when they were built."""
    calls = re.compile(r"import keras.*\.fit\(|charlm\.train\(|Word2Vec\(", re.DOTALL)
    return [notebook for notebook in notebooks.find() if calls.search(notebook.source.read_text(encoding="utf-8"))
            and notebooks.read_built(notebook.built).metadata.course.seconds > LEAST_SECONDS]  # fmt: skip


def megabytes(folder: Path = checkpoint.FOLDER) -> float:
    """Return the size of all that is kept."""
    return sum(path.stat().st_size for path in folder.glob("*.*")) / 1e6


def stale(folder: Path = checkpoint.FOLDER) -> list[str]:
    """Return the lessons whose checkpoints are of other sources than today's."""
    manifests = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("[0-9][0-9]_*.json"))]
    return [each["lesson"] for each in manifests if checkpoint.changed(each)]


@notebooks.command("checkpoints")
def main(arguments: list[str] | None = None) -> int | None:
    parser = argparse.ArgumentParser(prog="python -m tools.lessons.checkpoints", description=__doc__)
    parser.add_argument("selection", nargs="?", help="notebook numbers such as 07 or 4,7; all that train when left out")
    options = parser.parse_args(arguments)
    for notebook in notebooks.find(options.selection) if options.selection else that_train():
        print(keep(notebook), flush=True)
    print(f"data/checkpoints: {megabytes():.1f} MB" + "".join(f"; stale: {name}" for name in stale()))
    if megabytes() > MOST_MEGABYTES:
        raise notebooks.NotebookError(
            f"expected at most {MOST_MEGABYTES} MB in all. Delete from data/checkpoints/ what you do not teach, or raise "
            "LEAST_SECONDS_A_MEGABYTE in utils/notebook/checkpoint.py and run this again."
        )


if __name__ == "__main__":
    sys.exit(main())
