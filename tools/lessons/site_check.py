"""Walk the pages of the site in a real browser and say what is wrong with them. See `make check-site`.

On each page, wide and narrow, light and dark: nothing is asked of the network, no script fails, nothing is wider than the
screen, no link inside the site is dead, and axe finds no fault.
"""

import argparse
import re
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tools.lessons import notebooks, site, slides_check
from utils.data import fetch

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
  found => `${found.id}: ${found.nodes.length} × ${found.help}, first ${found.nodes[0].html.slice(0, 120)}`)"""
LINKS = """() => [...document.querySelectorAll("a[href]")].map(link => link.href).filter(link => link.startsWith("file:"))"""


def faults(browser, path: Path, axe: str) -> list[str]:
    """Return a line for each fault of one page.

    Args:
        browser: Playwright's browser.
        path: the page's file.
        axe: the code of axe-core.
    """
    found: list[str] = []
    page = browser.new_page(viewport=WIDE, color_scheme="light")
    slides_check.listen(page, found)
    page.goto(path.resolve().as_uri())
    page.wait_for_load_state("networkidle")
    page.add_script_tag(content=axe)
    page.add_style_tag(content="* { transition: none !important; }")  # axe would meet colours halfway between two themes
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {fault}" for fault in page.evaluate(AXE)]
    for link in sorted(set(page.evaluate(LINKS))):
        target = Path(unquote(urlsplit(link).path))
        if not target.exists():
            found.append(f"dead link: {target.name}")
    page.set_viewport_size(NARROW)
    if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
        found.append(f"{width} px wide on a screen of {NARROW['width']}")
    page.close()
    return list(dict.fromkeys(found))


@notebooks.command("check-site", fetch.FetchError)
def main(arguments: list[str] | None = None) -> int | None:
    from playwright.sync_api import sync_playwright  # stands in the authors' environment alone

    parser = argparse.ArgumentParser(prog="python -m tools.lessons.site_check", description=__doc__)
    parser.add_argument("pattern", nargs="?", default="", help="part of a page's path, such as zh/notebooks/05; all when left out")
    parser.add_argument("--folder", type=Path, default=site.FOLDER)
    options = parser.parse_args(arguments)
    faulty = 0
    whole = [path for language in site.LANGUAGES for path in sorted((options.folder / language).rglob("*.html"))]
    pages = [path for path in whole if options.pattern in path.relative_to(options.folder).as_posix()
             and not re.search(r"_static|genindex|search\.html", str(path))]  # fmt: skip
    if not pages:
        raise notebooks.NotebookError(f"there is no such page in {options.folder}. Build them: make site")
    axe = fetch.fetch("axe", "package/axe.min.js").read_text(encoding="utf-8")
    with sync_playwright() as playwright, playwright.chromium.launch(
            executable_path=slides_check.browser(), args=["--no-sandbox", "--allow-file-access-from-files"]) as browser:  # fmt: skip
        for path in pages:
            said = faults(browser, path, axe)
            faulty += bool(said)
            for fault in said:
                print(f"{path.relative_to(options.folder)}: {fault}", flush=True)
    print(f"{len(pages)} pages, {faulty} with faults")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
