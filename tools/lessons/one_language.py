"""One language of the course's text: every markdown cell holds Traditional Chinese first, then the same in English.

A block (a paragraph, a list, a heading, a table) is Chinese, English, or serves both: a formula, code, a line of tags. Headings, table
cells and short lines hold both at once, `中文 · English`. Decks and the site show one language by this.
"""

import re

from tools.lessons.languages import HAN, prose

LANGUAGES = {"zh": "zh-Hant-TW", "en": "en"}  # as an HTML page names them
BETWEEN = " · "
WORD = re.compile(r"[A-Za-z][A-Za-z’'-]+")
CHINESE_STOP = re.compile(r"[。，；：、？！「」（）]")
ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.)\s")
ITEMS = re.compile(r"\n(?=\s*(?:[-*+]|\d+\.)\s)")  # where one item of a list ends
NUMBERED = re.compile(r"^(#+\s+)?(\d\d[a-z]?)[：: ]\s*")
IMAGE = re.compile(r"!\[(.+)\]\((\S+)\)")  # its text is `中文 · English`
MINUTES = re.compile(r"\{\{minutes\}\}")
COLUMNS = re.compile(r"\|\s*中文\s*\|(?:.*\|)?\s*English\s*\|")  # the head of a table that has a column for each language
FIRST_FORMULA = re.compile(r"(\$[^$]+\$)，")
BREAK = re.compile(r"<br>\s*")  # between the two languages of a list's item
SENTENCES = re.compile(r"(?s)(.*[。？！：])\s+((?=[A-Z`\[])[^\u3400-\u9fff]{12,})")  # 中文。 English.
# where a page would show a blank inside Chinese
WRAPPED = re.compile(r"(?<=[\u3000-\u9fff，。；：、？！）」])\n(?=[\u3000-\u9fff（「])|(?<=[，。；：、？！）」])\n(?=[A-Za-z`$]|\*\*)")
OUTSIDE = re.compile(r"(`[^`]*`|\$[^$\n]*\$|\[[^\]]*\]\([^)]*\))")


def blocks(markdown: str) -> list[str]:
    """Return the blocks of markdown, which blank lines part; a fence of code or a displayed formula stays in one."""
    found, block, fence = [], [], None
    for line in markdown.strip("\n").split("\n"):
        for mark in ("```", "$$"):
            if line.count(mark) % 2 and fence in (None, mark):
                fence = None if fence else mark
        if line.strip() or fence:
            block.append(line)
        elif block:
            found.append("\n".join(block))
            block = []
    return [*found, "\n".join(block)] if block else found


def language_of(block: str) -> str:
    """Return "zh", "en", "both" for a block that holds the two, or "neutral" for one without words."""
    text = prose(MINUTES.sub("", block))
    han, words = len(HAN.findall(text)), len(WORD.findall(text))
    if not han and not words:
        return "neutral"
    if COLUMNS.search(block.split("\n")[0]):
        return "both"
    if han and (BETWEEN in OUTSIDE.sub("", block) or (ITEM.match(block) and BREAK.search(block)) or _sentences(block)):
        return "both"
    if not han:
        return "en"
    return "en" if words > han and not CHINESE_STOP.search(re.sub(r"[「（][^「」（）]*[」）]", "", text)) else "zh"


def _sentences(block: str) -> bool:
    """Whether a block, or each item of a list, holds Chinese sentences and then the same in English."""
    return all(SENTENCES.fullmatch(item) for item in ITEMS.split(block) if HAN.search(item))


def pair(text: str) -> tuple[str, str]:
    """Return the Chinese and the English half of `中文 · English`; the text itself twice where it is not such a pair."""
    places = [match.start() for match in re.finditer(re.escape(BETWEEN), OUTSIDE.sub(lambda match: "x" * len(match[0]), text))]
    for place in places:
        chinese, english = text[:place].rstrip(), text[place + len(BETWEEN) :].lstrip()
        if HAN.search(prose(chinese)) and language_of(english.replace(BETWEEN, " ")) in ("en", "neutral"):
            formula = FIRST_FORMULA.match(chinese)
            return chinese, f"{formula[1]}, {english}" if formula and "$" not in english else english
    return text, text


def _line(line: str, language: str) -> str:
    """Return one language of a heading, a table's row or a line."""
    if line.lstrip().startswith("|"):
        cells = [pair(cell.strip())[language == "en"] for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        return f"| {' | '.join(cells)} |"
    chinese, english = pair(line)
    if language == "zh" or chinese == english:
        return chinese
    marks = re.match(r"^(#+\s+|>\s+|🗺\s*|🤔\s*|\s*(?:[-*+]|\d+\.)\s+)?", line)[0]
    number = NUMBERED.match(chinese.removeprefix(marks))
    return f"{marks}{number[2] + ' ' if number else ''}{english}"


def _both(block: str, language: str) -> str:
    lines = block.split("\n")
    if not ITEM.match(block) and (both := SENTENCES.fullmatch(block)) and HAN.search(both[1]):
        return both[1 if language == "zh" else 2]
    if COLUMNS.search(lines[0]):
        drop = {"zh": "English", "en": "中文"}[language]
        place = [cell.strip() for cell in lines[0].strip().strip("|").split("|")].index(drop)
        rows = [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in lines]
        return "\n".join("|" + "|".join(cell for at, cell in enumerate(row) if at != place) + "|" for row in rows)
    if ITEM.match(block):
        items = ITEMS.split(block)
        return "\n".join(_item(item, language) for item in items)
    if block.startswith("<details"):
        return re.sub(r"(<summary>)(.*?)(</summary>)", lambda match: match[1] + _summary(match[2], language) + match[3], block)
    return "\n".join(_line(line, language) for line in lines)


def _item(item: str, language: str) -> str:
    """Return one language of a list's item; a reference to something outside stays whole."""
    mark = ITEM.match(item)[0]
    halves = BREAK.split(item.removeprefix(mark))
    if len(halves) == 2:
        return mark + halves[language == "en"].strip()
    if both := SENTENCES.fullmatch(halves[0]):
        return mark + both[1 if language == "zh" else 2]
    if BETWEEN not in item or "http" in item or re.search(r"[*\"“].+\d{4}", item, re.S):
        return item
    return _line(" ".join(item.split("\n")), language)


def _summary(text: str, language: str) -> str:
    """Return one language of `解答 · Answer` or of `選讀 · Optional：中文 · English`."""
    named = re.fullmatch(r"(\S+) · ([\w ]+)[：:]\s*(.+)", text)
    if named:
        chinese, english = pair(named[3])
        return f"{named[1]}：{chinese}" if language == "zh" else f"{named[2]}: {english}"
    return pair(text)[language == "en"]


def _formulas_in_place(found: list[str]) -> list[str]:
    """Return blocks with each formula that stands between Chinese paragraphs between the same English ones, if there are as many."""
    languages = [language_of(block) for block in found]
    ordered: list[str] = []
    at = 0
    while at < len(found):
        chinese = [place for place in range(at, len(found)) if set(languages[at : place + 1]) <= {"zh", "neutral"}]
        below = chinese[-1] + 1 if chinese else at
        english = [place for place in range(below, len(found)) if set(languages[below : place + 1]) == {"en"}]
        said = [found[place] for place in english]
        if english and len(said) == sum(languages[place] == "zh" for place in chinese):
            ordered += [found[place] if languages[place] == "neutral" else said.pop(0) for place in chinese]
            at = english[-1] + 1
        else:
            ordered += [found[place] for place in [*chinese, *english]]
            at = max([below, *(place + 1 for place in english)])
            if at < len(found) and languages[at] == "both":
                ordered.append(found[at])
                at += 1
    return ordered


def in_language(markdown: str, language: str) -> str:
    """Return markdown in one language.

    Args:
        markdown: a cell that holds both.
        language: "zh", "en", or "both", which returns it as it is.

    Raises:
        ValueError: if the language is none of these.
    """
    if language == "both":
        return markdown
    if language not in LANGUAGES:
        raise ValueError(f"expected a language of zh, en, both; found {language!r}. Set COURSE_LANGUAGE to one of them.")
    kept = []
    for block in _formulas_in_place(blocks(markdown)) if language == "en" else blocks(markdown):
        if image := IMAGE.fullmatch(block):
            kept.append(f"![{pair(image[1])[language == 'en']}]({image[2]})")
            continue
        found = language_of(block)
        if found == "both":
            kept.append(_both(block, language))
        elif found in ("neutral", language):
            kept.append(WRAPPED.sub("", block) if found == "zh" else block)
    return "\n\n".join(kept)
