"""Decks as PDF, a slide a page, to print and hand out: the browser prints what stands on the stage. See `make handout`."""

import argparse
import sys
from pathlib import Path

from tools.lessons import notebooks, slides, slides_check
from utils import files

FOLDER = notebooks.ROOT / "build" / "handout"


def print_deck(page, deck: Path) -> bytes:
    """Return a deck as PDF; see `slides_check.open_deck`."""
    slides_check.open_deck(page, deck, "print-pdf", ".pdf-page")
    return page.pdf(prefer_css_page_size=True, print_background=True)


@notebooks.command("handout", slides.fetch.FetchError)
def main(arguments: list[str] | None = None) -> int | None:
    parser = argparse.ArgumentParser(prog="python -m tools.lessons.handout", description=__doc__)
    parser.add_argument("selection", nargs="?", help="lesson numbers such as 05 or 4,7; all when left out")
    parser.add_argument("--decks", type=Path, default=slides.FOLDER)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    from playwright.sync_api import sync_playwright  # stands in the authors' environment alone

    lessons = notebooks.find(options.selection)
    decks = [deck for lesson in lessons for deck in sorted(options.decks.glob(f"*/{lesson.name}.html"))]
    if not decks:
        raise notebooks.NotebookError(f"there is no deck in {options.decks}. Build them: make slides")
    with sync_playwright() as playwright, playwright.chromium.launch(
            executable_path=slides_check.browser(), args=["--no-sandbox"]) as chromium:  # fmt: skip
        for deck in decks:
            path = options.folder / deck.parent.name / f"{deck.stem}.pdf"
            path.parent.mkdir(parents=True, exist_ok=True)
            page = chromium.new_page()
            with files.atomic_write(path) as partial:
                partial.write_bytes(print_deck(page, deck))
            page.close()
            print(path, flush=True)


if __name__ == "__main__":
    sys.exit(main())
