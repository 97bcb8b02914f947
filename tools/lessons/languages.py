"""The languages and links of a markdown cell: both languages there, in the words of Taiwan, and no link dead."""

import re
from collections.abc import Iterator
from pathlib import Path

from tools.lessons import glossary
from utils.text import chinese

HAN = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’\-]*[ ,.:;]+(?:[^\u4e00-\u9fffA-Za-z]{0,12})[A-Za-z]")
NOT_PROSE = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|<[^>]+>|!?\[([^\]]*)\]\([^)]*\)|https?://\S+", re.S)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")


def prose(markdown: str) -> str:
    """Return markdown without code, formulas, tags, link targets and addresses."""
    return NOT_PROSE.sub(lambda match: match.group(1) or " ", markdown)


def language_findings(markdown: str) -> Iterator[str]:
    """Yield what is wrong with the languages of one markdown cell: one of two missing, or words that the course says otherwise."""
    text = prose(markdown)
    if not HAN.search(text):
        yield "no Chinese; write Traditional Chinese first, then English"
    if not ENGLISH.search(text):
        yield "no English; write Traditional Chinese first, then English"
    yield from glossary.word_findings(text)


def simplified_findings(markdown: str) -> Iterator[str]:
    """Yield Simplified characters in prose (code spans may show them)."""
    found = sorted({character for character in prose(markdown) if chinese.is_simplified(character)})
    if found:
        yield f"Simplified characters {''.join(found)}; write Traditional ones, or put an example in `backticks`"


def link_findings(markdown: str, folder: Path) -> Iterator[str]:
    """Yield relative links whose target does not exist."""
    without_code = re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.S)
    for target in LINK.findall(without_code):
        if re.match(r"[a-z]+:|#|attachment:", target):
            continue
        if not (folder / target.split("#")[0]).exists():
            yield f"links to {target}, which does not exist"
