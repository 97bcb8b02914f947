import bz2
import xml.etree.ElementTree as ElementTree

import pytest

from utils.text import wikipedia

PAGE = "<page><title>{}</title><ns>{}</ns>{}<revision><id>1</id><text>{}</text></revision></page>"


def dump(path, *pages: str):
    start = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/"><siteinfo><sitename>x</sitename></siteinfo>'
    path.write_bytes(bz2.compress((start + "\n".join(pages) + "</mediawiki>").encode()))
    return path


def test_only_articles_are_read(tmp_path):
    path = dump(
        tmp_path / "dump.xml.bz2",
        PAGE.format("台灣", 0, "", "'''台灣'''是&lt;b&gt;一座&amp;島"),
        PAGE.format("Talk:台灣", 1, "", "talk"),
        PAGE.format("Formosa", 0, '<redirect title="台灣" />', "#REDIRECT [[台灣]]"),
        PAGE.format("Empty", 0, "", ""),
    )
    assert list(wikipedia.iter_articles(path)) == [("台灣", "'''台灣'''是<b>一座&島"), ("Empty", "")]


def test_dump_of_several_streams_is_read(tmp_path):
    whole = dump(tmp_path / "a", *(PAGE.format(f"Page {n}", 0, "", "text") for n in range(99)))
    data = bz2.decompress(whole.read_bytes())
    whole.write_bytes(bz2.compress(data[:5000]) + bz2.compress(data[5000:]))
    assert [title for title, _ in wikipedia.iter_articles(whole)] == [f"Page {n}" for n in range(99)]


def test_dump_that_is_cut_short_or_none_is_an_error(tmp_path):
    path = dump(tmp_path / "a", PAGE.format("Page", 0, "", "text" * 999))
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(EOFError):
        list(wikipedia.iter_articles(path))
    path.write_bytes(bz2.compress(b"<mediawiki>"))
    with pytest.raises(ElementTree.ParseError):
        list(wikipedia.iter_articles(path))
