"""Bring a change made in JupyterLab back into the notebook's source. See `make adopt`."""

import argparse
import sys

import jupytext

from tools.lessons import neighbours, notebooks


def adopt(notebook: notebooks.Notebook) -> str:
    """Write the cells of a built notebook into its source, then tidy the built one.

    The measured time in the opening cell becomes the placeholder again.

    Returns:
        A line that says what was done.

    Raises:
        notebooks.NotebookError: if the built notebook is missing or is not a notebook.
    """
    nb = notebooks.read_built(notebook.built)
    seconds = nb.metadata.get("course", {}).get("seconds")
    if nb.cells and seconds:
        opening = nb.cells[0]
        opening.source = opening.source.replace(notebooks.minutes_text(seconds), notebooks.MINUTES)
    notebooks.tidy_cells(nb)
    bare = nb.copy()
    bare.metadata = {"jupytext": {"notebook_metadata_filter": "-all"}}  # sources have no header
    bare.cells = [cell for cell in nb.cells if not neighbours.is_made(cell)]
    text = jupytext.writes(bare, fmt="py:percent")
    old = notebook.source.read_text(encoding="utf-8") if notebook.source.exists() else ""
    same = bool(old) and _cells(notebooks.read_source(notebook.source)) == _cells(nb)
    if not same:
        notebooks.write_text(notebook.source, text)
    if nb.cells and seconds:
        notebooks.fill_minutes(nb, seconds)
    notebooks.write(notebooks.strip_volatile(nb), notebook.built)
    if same:
        return f"{notebook.name}: the source has these cells already; nothing to bring back"
    return f"{notebook.source.name}: updated. Look at it with git diff, then run: make render NB={notebook.number}"


def _cells(nb) -> list[tuple]:
    return [(cell.cell_type, cell.source, dict(cell.metadata)) for cell in nb.cells]


@notebooks.command("adopt")
def main(arguments: list[str] | None = None) -> int | None:
    parser = argparse.ArgumentParser(prog="python -m tools.lessons.adopt", description=__doc__)
    parser.add_argument("selection", help="notebook numbers such as 07 or 4,7")
    for notebook in notebooks.find(parser.parse_args(arguments).selection):
        print(adopt(notebook))


if __name__ == "__main__":
    sys.exit(main())
