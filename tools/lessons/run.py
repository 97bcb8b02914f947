"""Run notebooks headless and leave the executed notebook and an HTML page in reports/. See `make run`."""

import argparse
import sys
from pathlib import Path

from nbconvert import HTMLExporter

from tools.lessons import notebooks


def to_html(nb, title: str) -> str:
    """Return a notebook as one HTML page that needs no network but for formulas."""
    exporter = HTMLExporter(template_name="lab")
    nb.metadata["title"] = title
    return exporter.from_notebook_node(nb)[0]


def run(notebook: notebooks.Notebook, profile: str, folder: Path) -> str:
    """Run one notebook and return a line that says what was measured and where the report is.

    A run that fails leaves `NAME.PROFILE.failed.ipynb` and its page, so that it is never taken for a whole one.

    Raises:
        notebooks.NotebookError: if the source is malformed or a cell fails.
    """
    nb = notebooks.read_source(notebook.source)
    report = folder / f"{notebook.name}.{profile}"
    failed = folder / f"{notebook.name}.{profile}.failed"
    for old in (report, failed):
        for suffix in (".ipynb", ".html"):
            old.with_name(old.name + suffix).unlink(missing_ok=True)
    try:
        seconds, _ = notebooks.execute(
            nb, profile=profile, folder=notebook.built.parent, echo=notebooks.progress(notebook.name)
        )
    except notebooks.NotebookError as error:
        _leave(nb, failed, notebook.name)
        raise notebooks.NotebookError(f"{error}. See {failed}.html") from None
    notebooks.fill_minutes(nb, seconds)
    _leave(nb, report, notebook.name)
    return f"{notebook.name}: {seconds:.0f} s in the {profile} profile, {report}.html"


def _leave(nb, report: Path, title: str) -> None:
    notebooks.write(nb, report.with_name(report.name + ".ipynb"))
    notebooks.write_text(report.with_name(report.name + ".html"), to_html(nb, title))


@notebooks.command("run")
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.lessons.run", description=__doc__)
    parser.add_argument("selection", nargs="?", help="notebook numbers such as 07 or 4,7; all when left out")
    parser.add_argument("--profile", choices=("smoke", "lesson", "full"), default="lesson")
    parser.add_argument("--reports", type=Path, default=notebooks.ROOT / "reports")
    options = parser.parse_args(arguments)
    failures = 0
    for notebook in notebooks.find(options.selection):
        try:
            print(run(notebook, options.profile, options.reports), flush=True)
        except notebooks.NotebookError as error:
            failures += 1
            print(f"run: {notebook.name}: {error}", file=sys.stderr, flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
