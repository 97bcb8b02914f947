"""The course as a website in 中文, English or both, from the built notebooks; it works from a USB stick. See `make site`.

For each language a copy of the built lessons, labs (without solutions) and pages is made, laid out as in the repository so that links
hold, and Sphinx with myst-nb turns it into pages. Nothing is run: what stands on a page is what the built notebooks hold.
"""

import argparse
import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from tools.lessons import course_map, glossary, interactive, notebooks, one_language, slides
from utils.data import fetch

FOLDER = notebooks.ROOT / "build" / "site"
PAGES = slides.PAGES / "site"
LANGUAGES = {"zh": "中文", "en": "English", "both": "中文 + English"}
MEASURED = "benchmarks/results.md"  # its tables are in English in every language
TEXTS = ("docs/syllabus.md", "docs/primer.md", "docs/symbols.md", MEASURED, "data/README.md", "labs/README.md",
         "docker/README.md")  # fmt: skip
NAMES = {  # what a page calls its parts
    "title": ("動手學深度學習", "Hands-on deep learning"), "labs": ("練習", "Labs"), "pages": ("參考", "Reference"),
    "minutes": ("電腦時間", "machine time"), "download": ("下載", "Download"), "lesson": ("這一課", "this lesson"),
    "workbook": ("工作本", "workbook"), "deck": ("投影片", "slides"), "glossary": ("名詞表", "Glossary"),
    "try": ("試試看", "try it"), "licence": ("授權", "Licence"),
}  # fmt: skip
WORDS = {
    "zh": {key: chinese for key, (chinese, _) in NAMES.items()},
    "en": {key: english for key, (_, english) in NAMES.items()},
    "both": {key: f"{chinese} · {english}" for key, (chinese, english) in NAMES.items()},
}


def page_of_lesson(notebook: notebooks.Notebook, language: str, has_deck: bool):
    """Return a built lesson as the site shows it: one language, code that mostly draws folded, its files to download."""
    nb = notebooks.read_built(notebook.built)
    words = WORDS[language]
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = in_page(cell.source, language)
            if "answer" in cell.metadata.get("tags", []):
                cell.source = cell.source.replace("<details>", '<details class="answer">')
            elif re.search(r"^🤔|\n🤔", cell.source):
                cell.source = re.sub(r"(?m)^(🤔.*(?:\n(?!\n).*)*)", r"```{container} asks\n\1\n```", cell.source)
        else:
            tags = set(cell.metadata.get("tags", []))
            cell.source = notebooks.GAP_MARKS.sub("", cell.source)
            draws = any("image/png" in output.get("data", {}) for output in cell.outputs) and slides.only_draws(cell.source)
            if draws or tags & {*slides.RESULT_ALONE, notebooks.TOUCH}:
                tags.add("hide-input")
            for output in cell.outputs:
                output.get("metadata", {}).pop("needs_background", None)
            cell.metadata["tags"] = sorted(tags)
            if said := notebooks.alternative_text(cell, language):
                cell.metadata["mystnb"] = {"image": {"alt": said}}
    links = [f'<a href="../../files/{notebook.name}.ipynb" download>{words["lesson"]} (.ipynb)</a>',
             f'<a href="../../files/workbook/{notebook.name}.ipynb" download>{words["workbook"]} (.ipynb)</a>']
    if has_deck:
        links.append(f'<a href="../../slides/{"en" if language == "en" else "zh"}/{notebook.name}.html">{words["deck"]}</a>')
    if part := interactive.LESSONS.get(notebook.number):
        links.append(f'<a href="../try.html#{part}">{words["try"]}</a>')
    nb.cells.insert(1, nbformat.v4.new_markdown_cell(f'<p class="files">{words["download"]}: {" · ".join(links)}</p>'))
    return nb


def in_page(markdown: str, language: str) -> str:
    """Return one language of a page's markdown; a table without a head gets an empty one that is no head."""
    text = re.sub(r"\[([^\]]*)\]\(\.\./projects/[^)]*\)", r"\1", one_language.in_language(markdown, language))  # no pages of the site
    text = re.sub(r"(?m)^\|( *\|)+\n\|[-| :]+\|\n((?:\|.*\|\n?)+)", _bare_table, text)
    return re.sub(r'<img ([^>]*)alt=""', r'<img \1alt="" role="presentation"', text)


def _bare_table(match: re.Match) -> str:
    """Return a table of two columns whose markdown head is empty as HTML, with its first column as heads of rows."""
    rows = []
    for line in match[2].strip().split("\n"):
        cells = [slides.markdown2html(cell.strip()).strip() for cell in line.strip()[1:-1].split("|")]
        head, *cells = [cell.removeprefix("<p>").removesuffix("</p>") for cell in cells]
        rows.append(f'<tr><th scope="row">{head}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>')
    table = re.sub(r'(href="(?![a-z]+:)[^"#]*)\.(?:ipynb|md)\b', r"\1.html", "".join(rows))  # Sphinx turns no link in HTML
    return f'<table class="facts">{table}</table>\n'


def front_page(lessons: list[notebooks.Notebook], labs: list[Path], language: str) -> str:
    """Return the course map as a page: a card for each lesson, by part, with its picture, what it teaches and its machine minutes."""
    words = WORDS[language]
    intro, *sections = (notebooks.ROOT / "README.md").read_text(encoding="utf-8").split("\n## ")[:3]
    out = [f"# {words['title']}", in_page(re.sub(r"(?s)<p>.*?</p>", "", intro.split("\n", 1)[1]), language)]  # cards have them
    for part, members in course_map.parts(lessons):
        title = part if language == "both" else one_language.pair(part)[language == "en"]
        out.append(f"## {title}\n\n{_contents(title, [f'notebooks/{one.name}' for one in members])}")
        out.append('<div class="cards">')
        for one in members:
            nb = notebooks.read_built(one.built)
            chinese, english = course_map.title_of(nb)
            name = {"zh": chinese, "en": english, "both": f"{chinese} · {english}"}[language]
            told = course_map.teaches(nb) if language == "both" else one_language.pair(course_map.teaches(nb))[language == "en"]
            picture = course_map.thumbnail_path(one)
            image = f'<img src="_static/thumbnails/{one.name}.png" alt="" role="presentation">' if picture.exists() else ""
            takes = f"{words['minutes']}: {course_map.rounded(nb.metadata.get('course', {}).get('seconds', 0))}"
            out.append(f'<a class="card" href="notebooks/{one.name}.html">{image}<strong>{one.number} {html.escape(name)}</strong>'
                       f"<span>{html.escape(told)}</span><small>{takes}</small></a>")  # fmt: skip
        out.append("</div>\n")
    out += [in_page(f"## {section}", language) for section in sections]
    out.append(_contents(words["labs"], ["labs/README", *(f"labs/{path.stem}" for path in labs)]))
    pages = [text.removesuffix(".md") for text in TEXTS if not text.startswith("labs")]
    out.append(_contents(words["pages"], ["try", "docs/glossary", *pages, "licence"]))
    return "\n\n".join(out)


def _contents(title: str, pages: list[str]) -> str:
    """Return a part of the side bar: a title and the pages below it."""
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {title}", "", *pages, "```", ""])


def glossary_page(language: str) -> str:
    """Return the glossary, whose entries lessons link to (see term_links); each stands under its names in both languages."""
    terms = glossary.read()["terms"]
    rows = sorted(terms.items(), key=lambda term: term[1]["en"].lower()) if language == "en" else terms.items()
    out = [f"# {WORDS[language]['glossary']}\n", "```{glossary}"]
    for chinese, term in rows:
        means = {"zh": term["zh"], "en": term["means"], "both": f"{term['zh']} {term['means']}"}[language]
        out += [*((term["en"], chinese) if language == "en" else (chinese, term["en"])), f"  {means}", ""]
    return "\n".join([*out, "```\n"])


def lay_out(folder: Path, language: str, lessons: list[notebooks.Notebook], decks: bool) -> None:
    """Write the sources of one language's site into a folder."""
    root = notebooks.ROOT
    for place in ("notebooks", "labs", "docs", "data", "docker", "benchmarks", "_static/thumbnails", "_templates"):
        (folder / place).mkdir(parents=True, exist_ok=True)
    for notebook in lessons:
        nbformat.write(page_of_lesson(notebook, language, decks), folder / "notebooks" / f"{notebook.name}.ipynb")
        if (picture := course_map.thumbnail_path(notebook)).exists():
            shutil.copyfile(picture, folder / "_static" / "thumbnails" / picture.name)
    labs = sorted((root / "labs").glob("lab*.ipynb"))
    for path in labs:
        nb = notebooks.read_built(path)
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.source = in_page(cell.source, language)
            elif cell.metadata.get("nbgrader", {}).get("grade"):
                cell.metadata["tags"] = ["hide-input"]
        nbformat.write(nb, folder / "labs" / path.name)
    for name in TEXTS:
        text = (root / name).read_text(encoding="utf-8")
        (folder / name).write_text(in_page(text, language if name != MEASURED else "both"), encoding="utf-8")
    for picture in ("benchmarks/results.png", course_map.NEEDS):
        shutil.copyfile(root / picture, folder / picture)
    (folder / "docs" / "glossary.md").write_text(glossary_page(language), encoding="utf-8")
    licence = (root / "LICENSE").read_text(encoding="utf-8")
    (folder / "licence.md").write_text(f"# {WORDS[language]['licence']}\n\n```text\n{licence}\n```\n", encoding="utf-8")
    (folder / "try.md").write_text(interactive.page(language), encoding="utf-8")
    (folder / "index.md").write_text(front_page(lessons, labs, language), encoding="utf-8")
    shutil.copytree(PAGES, folder, dirs_exist_ok=True)
    slides.write_assets(folder / "_static", ("tex-svg.js",))


def build(folder: Path, selection: str | None, languages: list[str]) -> None:
    """Write the site: a folder for each language, the files to download, and a first page that leads to the reader's language.

    Raises:
        NotebookError: if a lesson is not built or Sphinx warns of anything.
    """
    lessons, work = notebooks.find(selection), folder.parent / "site-source"
    shutil.rmtree(work, ignore_errors=True)
    decks, data = slides.FOLDER, work / "try-data.js"
    interactive.write_data(data)
    for language in languages:
        shutil.rmtree(folder / language, ignore_errors=True)
        lay_out(work / language, language, lessons, decks.exists())
        shutil.copyfile(data, work / language / "_static" / data.name)
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-W", "--keep-going", "-j", "2",
                   "-D", f"html_title={WORDS[language]['title']}", "-D", f"language={'en' if language == 'en' else 'zh_TW'}",
                   str(work / language), str(folder / language)]  # fmt: skip
        shown = {"COURSE_SITE_LANGUAGE": language, "COURSE_SITE_NAMES": json.dumps({code: LANGUAGES[code] for code in languages})}
        done = subprocess.run(command, env=os.environ | shown, capture_output=True, text=True)
        if done.returncode:
            raise notebooks.NotebookError(f"the site in {LANGUAGES[language]}: {done.stderr.strip() or done.stdout.strip()}")
        print(f"{folder / language / 'index.html'}", flush=True)
    shutil.rmtree(folder / "jupyter_execute", ignore_errors=True)  # myst-nb's, of no use to a page
    (folder / "files" / "workbook").mkdir(parents=True, exist_ok=True)
    for notebook in lessons:
        shutil.copyfile(notebook.built, folder / "files" / notebook.built.name)
        shutil.copyfile(notebook.workbook, folder / "files" / "workbook" / notebook.workbook.name)
    if decks.exists():
        shutil.copytree(decks, folder / "slides", dirs_exist_ok=True)
    shutil.copyfile(slides.PAGES / "first.html", folder / "index.html")


@notebooks.command("site", fetch.FetchError)
def main(arguments: list[str] | None = None) -> int | None:
    parser = argparse.ArgumentParser(prog="python -m tools.lessons.site", description=__doc__)
    parser.add_argument("selection", nargs="?", help="lesson numbers such as 05 or 4,7; all when left out")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=list(LANGUAGES))
    options = parser.parse_args(arguments)
    build(options.folder, options.selection, options.languages)


if __name__ == "__main__":
    sys.exit(main())
