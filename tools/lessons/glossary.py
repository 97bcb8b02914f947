"""The course's words, docs/glossary.toml: what may not be said, and the page for readers. See `make map`."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools.lessons.notebooks import ROOT

HEAD = """# 詞彙表 · Glossary

這門課用的詞，照英文排列。 The words of this course, in the order of the English ones.

| English | 中文 | 意思 | Meaning |
|---|---|---|---|
"""


@cache
def read(path: Path = ROOT / "docs" / "glossary.toml") -> dict:
    """Return the glossary as it is written: `terms` and `words`."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def replacements(path: Path = ROOT / "docs" / "glossary.toml") -> dict[str, str]:
    """Return for each word that the course never says what it says instead."""
    words = {wrong: right for right, all_wrong in read(path)["words"].items() for wrong in all_wrong}
    return words | {wrong: right for right, term in read(path)["terms"].items() for wrong in term.get("never", ())}


def word_findings(text: str) -> Iterator[str]:
    """Yield each word in a text that the course says otherwise."""
    for wrong, right in replacements().items():
        if wrong in text:
            yield f"{wrong}: the course says {right} (docs/glossary.toml)"


def page() -> str:
    """Return the page of docs/glossary.md."""
    terms = sorted(read()["terms"].items(), key=lambda item: item[1]["en"].lower())
    return HEAD + "".join(f"| {term['en']} | {chinese} | {term['zh']} | {term['means']} |\n" for chinese, term in terms)


def findings(root: Path) -> Iterator[str]:
    """Yield a finding if the page is not what the glossary gives."""
    written = root / "docs" / "glossary.md"
    if not written.exists() or written.read_text(encoding="utf-8") != page():
        yield "docs/glossary.md: is not what docs/glossary.toml gives; run: make map"
