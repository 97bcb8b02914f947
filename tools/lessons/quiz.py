"""The quiz: five questions a lesson, each with one right answer and three wrong ones that each name a misconception. See `make quiz`.

Questions stand in docs/quiz/NN.toml. They go into the lesson's workbook, and `make quiz` makes of them an exam to print, a key, and a
bilingual deck for Anki. What a question computes is evaluated by `make check`: the right answer, and no other, must have that value.
"""

import argparse
import html
import math
import random
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from nbformat import v4
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from tools.lessons import glossary, languages, notebooks, one_language, slides
from utils import files

PAGES = Path(__file__).parent / "pages"
FOLDER = notebooks.ROOT / "build" / "quiz"
LETTERS = "ABCD"
HEADING = """## 小測驗 · Quiz

每題只有一個正確答案。先選，再打開解答：錯的選項各是一種誤解，解答會說是哪一種。

Each question has one right answer. Choose, then unfold the answer: every wrong option is a misconception, and the answer says which."""
WORDS = {
    "zh": {"title": "小測驗", "who": "姓名", "when": "日期", "one": "每題選一個答案。"},
    "en": {"title": "Quiz", "who": "Name", "when": "Date", "one": "Choose one answer for each question."},
}
WITHOUT_GENANKI = "genanki is not installed, so no deck for Anki was made: make author-environment installs it"
ANKI = "動手學深度學習 · Hands-on deep learning"
MODEL, DECK = 1_607_392_117, 2_059_400_000  # Anki knows a card's form and a deck by a number that never changes
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: Text
    en: Text


class Option(_Strict):
    """An answer in both languages, and its value where the question computes one."""

    value: Any = None


class Wrong(Option):
    """A wrong answer, and the misconception that leads there."""

    means_zh: Text
    means_en: Text


class Question(_Strict):
    """A question, its right answer and three wrong ones; `computed` is a Python expression of the right one's value."""

    computed: Text | None = None
    right: Option
    wrong: Annotated[list[Wrong], Field(min_length=3, max_length=3)]

    @property
    def options(self) -> list[Option]:
        """The right answer, then the wrong ones."""
        return [self.right, *self.wrong]

    @model_validator(mode="after")
    def _check_consistency(self):
        for name, option in _named(self):
            if (option.value is None) == (self.computed is not None):
                raise ValueError(f"{name}: a question has `computed` if and only if each of its answers has a `value`")
        for language in one_language.LANGUAGES:
            if len({getattr(option, language) for option in self.options}) < len(self.options):
                raise ValueError(f"two of its answers are the same in {language}")
        return self


class Quiz(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    question: Annotated[list[Question], Field(min_length=5, max_length=5)]


def _named(question: Question) -> list[tuple[str, Option]]:
    return list(zip(("right", "wrong 1", "wrong 2", "wrong 3"), question.options, strict=True))


def path_of(notebook: notebooks.Notebook) -> Path:
    """Return where a lesson's questions stand, whether there are any or not."""
    return notebook.source.parents[2] / "docs" / "quiz" / f"{notebook.number}.toml"


def read(path: Path) -> list[Question]:
    """Return the questions of a file.

    Raises:
        NotebookError: if it is malformed; the message names each question and field that is wrong.
    """
    shown = f"docs/quiz/{path.name}"
    try:
        return Quiz.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).question
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise notebooks.NotebookError(f"{shown}: is not TOML: {error}") from None
    except ValidationError as error:
        raise notebooks.NotebookError("\n".join(f"{shown}: {_problem(one)}" for one in error.errors())) from None


def _problem(error: dict) -> str:
    """Return where a problem is and what it is, such as `question 2, wrong 1, means_en: is missing`."""
    place = []
    for part in error["loc"]:
        if isinstance(part, int):
            place[-1] += f" {part + 1}"
        else:
            place.append(part)
    said = {
        "missing": "is missing", "string_too_short": "is empty", "extra_forbidden": "is no field of a quiz",
        "too_short": f"expected {5 if place[-1:] == ['question'] else 3}, found {error.get('ctx', {}).get('actual_length')}",
        "too_long": f"expected {5 if place[-1:] == ['question'] else 3}, found more",
    }.get(error["type"], error["msg"].removeprefix("Value error, "))  # fmt: skip
    return f"{', '.join(place)}: {said}"


def findings(root: Path) -> Iterator[str]:
    """Yield what is wrong with the questions of all lessons: form, languages, words, answers that compute otherwise."""
    numbers = {notebook.number for notebook in notebooks.find(root=root)}
    for path in sorted((root / "docs" / "quiz").glob("*")):
        if path.stem not in numbers or path.suffix != ".toml":
            yield f"docs/quiz/{path.name}: no lesson has this number; a quiz is called NN.toml, as its lesson's number"
            continue
        try:
            questions = read(path)
        except notebooks.NotebookError as error:
            yield from str(error).splitlines()
            continue
        for number, question in enumerate(questions, start=1):
            for finding in (*_word_findings(question), *_value_findings(question)):
                yield f"docs/quiz/{path.name}: question {number}, {finding}"


def _word_findings(question: Question) -> Iterator[str]:
    told = [("", question.zh, question.en, False)]
    told += [(f"{name}, ", option.zh, option.en, option.zh == option.en) for name, option in _named(question)]
    told += [(f"{name}, means_", wrong.means_zh, wrong.means_en, False) for name, wrong in _named(question)[1:]]
    for where, chinese, english, neutral in told:
        if neutral:  # a number, a formula, code, a name
            continue
        if not languages.HAN.search(chinese):
            yield f"{where}zh: no Chinese"
        if languages.HAN.search(english) and not one_language.WORD.search(english):
            yield f"{where}en: no English"
        text = languages.prose(chinese)
        for finding in (*glossary.word_findings(text), *languages.simplified_findings(text)):
            yield f"{where}zh: {finding}"


def _value_findings(question: Question) -> Iterator[str]:
    if question.computed is None:
        return
    try:
        found = eval(question.computed, {"np": np, "math": math})  # the course's own files, never a student's
        fits = [(name, option.value, _same(found, option.value)) for name, option in _named(question)]
    except Exception as error:
        yield f"computed: cannot be evaluated ({type(error).__name__}: {error})"
        return
    for name, value, fit in fits:
        if name == "right" and not fit:
            yield f"right: has the value {value!r}, but computed gives {found!r}"
        elif name != "right" and fit:
            yield f"{name}: has the value {value!r}, which is what computed gives: it is right, too"


def _same(found: Any, value: Any) -> bool:
    found, value = np.asarray(found), np.asarray(value)
    if found.shape != value.shape:
        return False
    if found.dtype.kind in "iufc" and value.dtype.kind in "iufc":
        return bool(np.allclose(found, value, rtol=1e-6, atol=1e-9))
    return bool(np.array_equal(found, value))


def ordered(questions: list[Question], number: str) -> list[list[Option]]:
    """Return the options of each question in the order in which they are shown: always the same.

    Args:
        questions: those of one lesson.
        number: the lesson's, which is the seed.
    """
    chance = random.Random(f"quiz {number}")  # a text as seed gives the same order in every Python
    places = [*range(len(LETTERS)), chance.randrange(len(LETTERS))]  # of five, every letter is right once, one of them twice
    chance.shuffle(places)
    shown = []
    for question, place in zip(questions, places, strict=False):
        options: list[Option] = chance.sample(question.wrong, len(question.wrong))
        options.insert(place, question.right)
        shown.append(options)
    return shown


def shown(notebook: notebooks.Notebook) -> list[tuple[Question, list[Option], str]]:
    """Return a lesson's questions, each with its options as they are shown and the letter of the right one; errors as `read`."""
    questions = read(path_of(notebook))
    return [(question, options, LETTERS[options.index(question.right)])
            for question, options in zip(questions, ordered(questions, notebook.number), strict=True)]  # fmt: skip


def cells(notebook: notebooks.Notebook) -> list:
    """Return the quiz of a lesson as cells for its workbook; none if it has no questions.

    Raises:
        NotebookError: if the questions are malformed.
    """
    if not path_of(notebook).exists():
        return []
    sources = [HEADING]
    for number, (question, options, right) in enumerate(shown(notebook), start=1):
        sources.append("\n\n".join([
            f"**{number}.** {question.zh}", f"**{number}.** {question.en}",
            _listed(options),
            "<details><summary>解答 · Answer</summary>", f"**{right}**", _misconceptions(options), "</details>",
        ]))  # fmt: skip
    return [v4.new_markdown_cell(source, metadata={"slideshow": {"slide_type": "skip"}}) for source in sources]


def _both(chinese: str, english: str, between: str = "<br>") -> str:
    return chinese if chinese == english else f"{chinese}{between}{english}"


def _listed(options: list[Option]) -> str:
    return "\n".join(f"- **{letter}** {_both(option.zh, option.en)}" for letter, option in zip(LETTERS, options, strict=True))


def _misconceptions(options: list[Option], whole: bool = False) -> str:
    """Return a list of what leads to each wrong option, with the option itself if it is to be `whole`."""
    return "\n".join(
        f"- **{letter}** {f'{_both(option.zh, option.en, one_language.BETWEEN)}<br>' if whole else ''}"
        f"{_both(option.means_zh, option.means_en)}"
        for letter, option in zip(LETTERS, options, strict=True) if isinstance(option, Wrong)
    )  # fmt: skip


def title_of(notebook: notebooks.Notebook) -> str:
    """Return a lesson's title in both languages, `05 反向傳播 · Backpropagation`."""
    return notebooks.read_source(notebook.source).cells[0].source.splitlines()[0].lstrip("# ")


def exam(chosen: list[notebooks.Notebook], language: str) -> str:
    """Return the exam of some lessons as an HTML page to print, in one language; it does not say which answer is right."""
    words, number = WORDS[language], 0
    out = [f'<p class="who">{words["who"]} <span></span> {words["when"]} <span></span></p><p>{words["one"]}</p>']
    for notebook in chosen:
        out.append(f"<h2>{html.escape(one_language.in_language(f'# {title_of(notebook)}', language).lstrip('# '))}</h2>")
        for question, options, _ in shown(notebook):
            number += 1
            asked = slides.to_html(f"**{number}.** {getattr(question, language)}")
            listed = "".join(f"<li>{_line(getattr(option, language))}</li>" for option in options)
            out.append(f'<section>{asked}<ol type="A">{listed}</ol></section>')
    return _page(words["title"], out, language)


def key(chosen: list[notebooks.Notebook]) -> str:
    """Return the key of an exam as an HTML page, in both languages: the right letters, then the misconceptions."""
    out, letters = [], []
    for notebook in chosen:
        out.append(f"<h2>{html.escape(title_of(notebook))}</h2>")
        for question, options, right in shown(notebook):
            letters.append(right)
            asked = slides.to_html(f"**{len(letters)}.** {question.zh}\n\n{question.en}")
            answer = slides.to_html(f"**{right}** {_both(question.right.zh, question.right.en)}")
            out.append(f'<section>{asked}<div class="right">{answer}</div>{slides.to_html(_misconceptions(options, whole=True))}</section>')
    grid = " ".join(f"<span>{number} <b>{letter}</b></span>" for number, letter in enumerate(letters, start=1))
    return _page("小測驗解答 · Key of the quiz", [f'<p class="letters">{grid}</p>', *out], "zh")


def _line(markdown: str) -> str:
    """Return a line of markdown as HTML without the paragraph around it."""
    return re.sub(r"^\s*<p>(.*)</p>\s*$", r"\1", slides.to_html(markdown), flags=re.S)


def _page(title: str, body: list[str], language: str) -> str:
    whole = (PAGES / "quiz.html").read_text(encoding="utf-8").replace("@LANG@", one_language.LANGUAGES[language])
    return whole.replace("@TITLE@", html.escape(title)).replace("@BODY@", "\n".join(body))


def write_deck(chosen: list[notebooks.Notebook], path: Path) -> None:
    """Write the questions of some lessons as a deck for Anki, both languages on each card.

    A card keeps its identity while its question stays, so that who imports a newer deck keeps what was learned.

    Raises:
        ImportError: if genanki is not installed.
    """
    import genanki  # an extra of the authors

    model = genanki.Model(
        MODEL, ANKI, fields=[{"name": name} for name in ("Question", "Options", "Answer", "Misconceptions")],
        templates=[{"name": "1", "qfmt": "{{Question}}{{Options}}", "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}{{Misconceptions}}"}],
        css=".card { font: 20px/1.5 sans-serif; max-width: 36em; margin: auto; text-align: left; }",
    )  # fmt: skip
    decks = []
    for notebook in chosen:
        deck = genanki.Deck(DECK + int(notebook.number), f"{ANKI}::{title_of(notebook)}")
        for question, options, right in shown(notebook):
            answer = f"**{right}** {_both(question.right.zh, question.right.en)}"
            fields = [f"{question.zh}\n\n{question.en}", _listed(options), answer, _misconceptions(options)]
            deck.add_note(genanki.Note(model, [_for_anki(field) for field in fields], tags=[f"lesson-{notebook.number}"],
                                       guid=genanki.guid_for(notebook.number, question.en)))  # fmt: skip
        decks.append(deck)
    with files.atomic_write(path) as unfinished:
        genanki.Package(decks).write_to_file(str(unfinished))


def _for_anki(markdown: str) -> str:
    return re.sub(r"\$([^$]+)\$", r"\\(\1\\)", slides.to_html(markdown))  # Anki's own marks of a formula


@notebooks.command("quiz", slides.CatalogError, slides.fetch.FetchError)
def main(arguments: list[str] | None = None) -> int | None:
    parser = argparse.ArgumentParser(prog="python -m tools.lessons.quiz", description=__doc__)
    parser.add_argument("selection", nargs="?", help="lesson numbers such as 05 or 4,7; all that have a quiz when left out")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    chosen = [notebook for notebook in notebooks.find(options.selection) if path_of(notebook).exists()]
    if not chosen:
        raise notebooks.NotebookError("none of these lessons has a quiz; write docs/quiz/NN.toml")
    slides.write_assets(options.folder / "assets", ("tex-svg.js",))
    for language in one_language.LANGUAGES:
        notebooks.write_text(options.folder / f"exam.{language}.html", exam(chosen, language))
    notebooks.write_text(options.folder / "key.html", key(chosen))
    try:
        write_deck(chosen, options.folder / "course.apkg")
    except ImportError:
        print(WITHOUT_GENANKI, file=sys.stderr)
    print(f"{len(chosen)} lessons, {5 * len(chosen)} questions, written to {options.folder}")


if __name__ == "__main__":
    sys.exit(main())
