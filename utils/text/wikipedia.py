"""Reads the articles out of a Wikipedia dump."""

import bz2
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path


def iter_articles(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (title, text in MediaWiki's markup) of every article: no redirects, no talk or help pages.

    The dump (XML, bzip2) is read as a stream: one of several gigabytes needs no more memory than a small one.

    Raises:
        OSError, EOFError: if the file is missing, damaged or cut short.
        xml.etree.ElementTree.ParseError: if it is no XML.
    """
    with bz2.open(path) as stream:
        root = None
        for event, element in ElementTree.iterparse(stream, events=("start", "end")):
            if root is None:
                root = element
            if event == "end" and element.tag.endswith("}page"):
                namespace = element.tag.removesuffix("page")
                is_article = element.findtext(f"{namespace}ns") == "0"
                if is_article and element.find(f"{namespace}redirect") is None:
                    text = element.findtext(f"{namespace}revision/{namespace}text")
                    yield element.findtext(f"{namespace}title"), text or ""
                root.clear()
