"""Walk every slide of the decks in a real browser and say what is cut off or too small. See `make check-slides`."""

import argparse
import json
import shutil
import sys
from pathlib import Path

from tools.lessons import notebooks, slides

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WIDE, TALL, BODY, CODE = 1280, 720, 24.0, 18.0  # pixels


def browser() -> str:
    """Return the command of Chromium.

    Raises:
        NotebookError: if there is none; it says what to install.
    """
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise notebooks.NotebookError("Chromium was not found; slides are walked and printed in it. Install it: sudo apt install chromium")


def listen(page, problems: list[str]) -> None:
    """Note in `problems` what a page asks of the network and what its scripts complain of."""
    own = ("file:", "data:", "blob:")
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("console", lambda told: problems.append(f"console: {told.text}") if told.type == "error" else None)
    page.on("request", lambda asked: None if asked.url.startswith(own) else problems.append(f"asks for {asked.url}"))


def open_deck(page, deck: Path, view: str, ready: str) -> None:
    """Open a deck in one of its views, and return when it is ready.

    Args:
        page: Playwright's page.
        deck: the deck's file.
        view: what stands behind the `?` of its address.
        ready: a selector of what the view has when it is ready.

    Raises:
        NotebookError: if a script of the deck fails, or it asks for anything outside its folder.
    """
    problems: list[str] = []
    listen(page, problems)
    page.goto(f"{deck.resolve().as_uri()}?{view}")
    page.wait_for_selector(ready, state="attached", timeout=120_000)
    if problems:
        raise notebooks.NotebookError(f"{deck}: {problems[0]}")


def walk(page, deck: Path) -> list[dict]:
    """Return what a browser measured of each slide of a deck: place, kind, height and width in pixels, sizes of type; see `open_deck`."""
    open_deck(page, deck, "check", "#check")
    return json.loads(page.eval_on_selector("#check", "node => node.textContent"))


def faults(found: list[dict]) -> list[str]:
    """Return a line for each slide that is cut off, has a box to scroll in, or is too small to read."""
    said = []
    for slide in found:
        if slide["tall"] > TALL or slide["wide"] > WIDE:
            said.append(f"slide {slide['at']} ({slide['kind']}): {slide['wide']}×{slide['tall']} px is cut off: {slide['text']!r}")
        elif slide["boxed"]:
            said.append(f"slide {slide['at']} ({slide['kind']}): something on it has to be scrolled: {slide['text']!r}")
        elif slide["size"] < BODY or slide["code"] < CODE:
            said.append(f"slide {slide['at']} ({slide['kind']}): type of {min(slide['size'], slide['code']):g} px: {slide['text']!r}")
    return said


@notebooks.command("check-slides")
def main(arguments: list[str] | None = None) -> int | None:
    parser = argparse.ArgumentParser(prog="python -m tools.lessons.slides_check", description=__doc__)
    parser.add_argument("selection", nargs="?", help="lesson numbers such as 05 or 4,7; all when left out")
    parser.add_argument("--folder", type=Path, default=slides.FOLDER)
    options = parser.parse_args(arguments)
    from playwright.sync_api import sync_playwright  # stands in the authors' environment alone

    cut = 0
    decks = [deck for lesson in notebooks.find(options.selection) for deck in sorted(options.folder.glob(f"*/{lesson.name}.html"))]
    if not decks:
        raise notebooks.NotebookError(f"there is no deck in {options.folder}. Build them: make slides")
    print("| deck | slides | tallest, px | cut off |\n|---|---|---|---|")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox"]) as chromium:
        for deck in decks:
            page = chromium.new_page(viewport={"width": WIDE, "height": TALL})
            found = walk(page, deck)
            page.close()
            said = faults(found)
            cut += len(said)
            name, tallest = f"{deck.parent.name}/{deck.stem}", max(slide["tall"] for slide in found)
            print(f"| {name} | {len(found)} | {tallest} | {len(said)} |", flush=True)
            if said:
                print("\n".join(f"{name}: {line}" for line in said), file=sys.stderr, flush=True)
    return 1 if cut else 0


if __name__ == "__main__":
    sys.exit(main())
