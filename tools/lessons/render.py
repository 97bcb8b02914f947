"""Build notebooks from their sources: run them in the lesson profile and keep the outputs. See `make render`."""

import argparse
import sys

from tools.lessons import notebooks, workbook


def render(notebook: notebooks.Notebook) -> str:
    """Build one notebook and its workbook, and return a line that says what was measured.

    Raises:
        notebooks.NotebookError: if the source is malformed or a cell fails; the built file is then left as it was.
    """
    nb = notebooks.read_source(notebook.source)
    seconds, megabytes = notebooks.execute(
        nb, profile="lesson", folder=notebook.built.parent, echo=notebooks.progress(notebook.name),
        settings={"COURSE_SEED": "", "COURSE_RECORD": "", "COURSE_CHECKPOINTS": ""},  # published: its own seed, and it has trained
    )
    nb.metadata.course = {"profile": "lesson", "seconds": max(1, round(seconds))}  # 0 would say that nothing was measured
    notebooks.fill_minutes(nb, nb.metadata.course.seconds)  # the rounded ones: the check has no others
    if megabytes:
        nb.metadata.course["peak_megabytes"] = round(megabytes, -1)
    nb = notebooks.strip_volatile(nb)
    notebooks.write(nb, notebook.built)
    if not notebook.is_project:
        workbook.build(notebook, nb.metadata.course.seconds)
    size = notebook.built.stat().st_size / 1024
    memory = f", {megabytes:,.0f} MiB of memory" if megabytes else ""
    return f"{notebook.built.name}: {seconds:.0f} s{memory}, {size:,.0f} kB"


def rewrite_prose(notebook: notebooks.Notebook) -> str:
    """Bring new prose into a built notebook without running it: the code, and so the outputs, are the same.

    Raises:
        notebooks.NotebookError: if the code differs from the built notebook's, which then has to run.
    """
    nb = notebooks.read_source(notebook.source)
    built = notebooks.read_built(notebook.built)
    new, old = ([cell for cell in each.cells if cell.cell_type == "code" and notebooks.TOUCH not in cell.metadata.get("tags", [])]
                for each in (nb, built))
    if [cell.source for cell in new] != [cell.source for cell in old] or "course" not in built.metadata:
        raise notebooks.NotebookError(
            f"{notebook.name}: its code has changed, so it must run: make render NB={notebook.number}"
        )
    for cell, ran in zip(new, old, strict=True):
        cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
    notebooks.fill_minutes(nb, built.metadata.course.seconds)
    nb.metadata.course = built.metadata.course
    notebooks.write(notebooks.strip_volatile(nb), notebook.built)
    if not notebook.is_project:
        workbook.build(notebook, built.metadata.course.seconds)
    return f"{notebook.built.name}: prose brought in, outputs kept"


@notebooks.command("render")
def main(arguments: list[str] | None = None) -> int | None:
    parser = argparse.ArgumentParser(prog="python -m tools.lessons.render", description=__doc__)
    parser.add_argument("selection", nargs="?", help="notebook numbers such as 07 or 4,7; all when left out")
    parser.add_argument("--prose", action="store_true", help="only the prose changed: keep the outputs, run nothing")
    parser.add_argument("--projects", action="store_true", help="build projects, not lessons")
    options = parser.parse_args(arguments)
    for notebook in notebooks.find(options.selection, room="projects" if options.projects else "notebooks"):
        print(f"{notebook.name} ...", file=sys.stderr)
        print(rewrite_prose(notebook) if options.prose else render(notebook), flush=True)


if __name__ == "__main__":
    sys.exit(main())
