"""Turns a Wikipedia dump into plain text, part by part, so that interrupted work can go on.

The dump of the Chinese Wikipedia (3 GB packed) takes hours. It is read as a stream; finished parts are kept, and the
next run passes over their articles without cleaning them again, which is what takes the time.
"""

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from tqdm import tqdm

from utils import files
from utils.text import wikipedia
from utils.text.markup import check_text, visible_wikitext

STATE = "extraction.json"
_FILE_LINK = re.compile(r"\[\[\s*(?:文件|檔案|档案|图像|圖像|圖片|图片)\s*:", re.IGNORECASE)
_CATEGORY_LINK = re.compile(r"\[\[\s*(?:category|分类|分類)\s*:[^\[\]]*\]\]", re.IGNORECASE)
_VARIANTS = re.compile(r"-\{(?:([^{}|]*)\|)?([^{}]*)\}-")
_PREFERRED = ("zh-tw", "zh-hant", "zh-hk", "zh-mo")
_SAYS_WHICH = re.compile(r"\s*(zh(?:-[a-z]+)?)\s*:(.*)", re.DOTALL)
_LINE_MARKUP = re.compile(r"^[*#:;]+\s*|^=+\s*|\s*=+\s*$|'{2,}")


def plain_text(markup: str) -> str:
    """Return what a reader of an article sees, one paragraph a line, without headings' and lists' markup.

    Beyond `markup.visible_wikitext` this knows the Chinese Wikipedia's own markup: links to files and categories by
    their Chinese names, and variants: `-{zh-cn:信息; zh-tw:資訊}-` is 資訊; rules that show nothing are dropped.

    Raises:
        TypeError: if `markup` is not a string.
    """
    text, replaced = check_text(markup, "plain_text"), 1
    while replaced:  # variants can stand inside variants
        text, replaced = _VARIANTS.subn(_variant, text)
    text = visible_wikitext(_FILE_LINK.sub("[[File:", _CATEGORY_LINK.sub("", text)))
    lines = (" ".join(_LINE_MARKUP.sub("", line.strip()).split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _variant(found: re.Match) -> str:
    """Return the variant that a reader in Taiwan sees. Flags: H, T, D and - show nothing."""
    flags, rule = found[1], found[2]
    if flags is not None and {"H", "T", "-"} & set(re.split(r"[;\s]+", flags.strip())):
        return ""
    choices = dict(match.groups() for match in map(_SAYS_WHICH.fullmatch, rule.split(";")) if match)
    for variant in _PREFERRED:
        if variant in choices:
            return choices[variant].strip()
    return next(iter(choices.values())).strip() if choices else rule


def extract(path, folder, per_part: int = 10_000, most_articles: int | None = None, progress: bool = True) -> list[Path]:
    """Write the articles of a dump as text, `per_part` in a file, and return the files in order.

    Each article is its title on a line, then its paragraphs; a blank line ends it. Interrupted at any time, a call with
    the same arguments goes on after the last finished file; when everything is done, it returns at once. No more than
    one article is held in memory.

    Args:
        path: the dump, XML packed with bzip2. folder: where the files go; made if need be.
        per_part: articles in a file. most_articles: stop after so many; None: never.
        progress: show a bar on standard output.

    Raises:
        FileNotFoundError: if there is no such dump.
        ValueError: if `per_part` is below 1, or the folder holds parts of another dump or size.
        EOFError: if the dump is cut short; finished parts stay.
    """
    path, folder = Path(path), Path(folder)
    if per_part < 1:
        raise ValueError(f"per_part is how many articles a file holds, from 1 on, not {per_part!r}.")
    task = {"dump": path.name, "bytes": path.stat().st_size, "per_part": per_part, "most_articles": most_articles}
    folder.mkdir(parents=True, exist_ok=True)
    if _is_done(folder, task):
        return _parts(folder)
    finished = len(_parts(folder))
    with open(path, "rb") as packed, tqdm(
        total=task["bytes"], unit="B", unit_scale=True, desc=path.name[:30], disable=not progress, file=sys.stdout,
        mininterval=0.5, bar_format="{desc}: {percentage:3.0f}% |{bar:30}| {elapsed}{postfix}",
    ) as bar:
        articles = islice(_counted(packed, bar), most_articles)
        try:
            for _ in islice(articles, finished * per_part):
                pass  # already in a finished part
            while chunk := _write_part(folder / f"part-{finished:05d}.txt", islice(articles, per_part)):
                finished += 1
                if chunk < per_part:
                    break
        except EOFError as error:
            raise EOFError(f"{path} is cut short ({error}). Fetch it again; {finished} finished parts stay in {folder}.") \
                from None
    _write_at_once(folder / STATE, json.dumps(task | {"done": True}))
    return _parts(folder)


def iter_texts(parts) -> Iterator[tuple[str, str]]:
    """Yield (title, text) of each article in files that `extract` wrote; one article at a time is in memory.

    Raises:
        TypeError: if it is one path in place of a list, or something else.
    """
    paths = [*parts] if isinstance(parts, Iterable) and not isinstance(parts, str) else [None]
    if not all(isinstance(path, str | os.PathLike) for path in paths):
        raise TypeError(f"iter_texts() needs a list of paths, as extract() returns, not {parts!r:.60}. One alone: [path].")
    for part in paths:
        with open(part, encoding="utf-8") as file:
            article = []
            for line in file:
                if line != "\n":
                    article.append(line.rstrip("\n"))
                elif article:
                    yield article[0], "\n".join(article[1:])
                    article = []


def _parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("part-*.txt"))


def _is_done(folder: Path, task: dict) -> bool:
    """Whether all is extracted; note what is being done where nothing has been noted yet."""
    state = folder / STATE
    if not state.exists():
        _write_at_once(state, json.dumps(task | {"done": False}))
        return False
    noted = json.loads(state.read_text(encoding="utf-8"))
    done = noted.pop("done")
    if noted != task:
        changed = ", ".join(f"{key} {noted.get(key)!r} there, {value!r} now" for key, value in task.items()
                            if noted.get(key) != value)
        raise ValueError(f"{folder} holds the parts of another extraction: {changed}. Choose another folder, or "
                         "delete this one.")
    return done


def _counted(packed, bar) -> Iterator[tuple[str, str]]:
    for number, article in enumerate(wikipedia.iter_articles(packed), 1):
        if number % 20 == 0:
            bar.update(packed.tell() - bar.n)
            bar.set_postfix_str(f"{number:,} articles", refresh=False)
        yield article
    bar.update(bar.total - bar.n)


def _write_part(part: Path, articles) -> int:
    """Write articles to a file that appears when it is whole, and return how many; none makes no file."""
    number = 0
    if first := next(articles, None):
        with files.atomic_write(part) as unfinished, open(unfinished, "w", encoding="utf-8") as file:
            for number, (title, markup) in enumerate(chain([first], articles), 1):  # noqa: B007
                file.write("\n".join(filter(None, [" ".join(title.split()), plain_text(markup)])) + "\n\n")
    return number


def _write_at_once(path: Path, content: str) -> None:
    with files.atomic_write(path) as unfinished:
        unfinished.write_text(content, encoding="utf-8")
