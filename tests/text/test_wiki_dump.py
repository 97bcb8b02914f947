"""A Wikipedia dump becomes text: cleaned, in parts, resumable."""

import bz2
import random
import string
import tracemalloc

import pytest

from utils.data import datasets
from utils.text import wiki_dump

PAGE = "<page><title>{}</title><ns>0</ns><revision><id>1</id><text>{}</text></revision></page>"


def dump(path, *articles):
    start = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/">'
    path.write_bytes(bz2.compress((start + "".join(PAGE.format(*article) for article in articles) + "</mediawiki>").encode()))
    return path


@pytest.fixture
def ten(tmp_path):
    return dump(tmp_path / "ten.xml.bz2", *((f"Page {n}", f"'''Text''' {n}.\n\n== Head ==\n* item") for n in range(10)))


@pytest.mark.parametrize(("markup", "expected"), [
    ("'''台灣'''是[[島|一座島]]。{{Infobox|x=1}}<ref>a</ref>", "台灣是一座島。"),
    ("== 歷史 ==\n* 一\n# 二\n:: 三\n\n\n四", "歷史\n一\n二\n三\n四"),
    ("[[File:a.jpg|thumb|圖說]]文[[檔案:b.jpg|縮圖|又一張]]", "圖說 文 又一張"),
    ("文\n[[Category:國家]]\n[[分类:岛]]\n[[分類:島]]", "文"),
    ("-{zh-cn:信息;zh-tw:資訊}-時代", "資訊時代"),
    ("-{zh-hans:鼠标; zh-hant:滑鼠;}-", "滑鼠"),
    ("-{zh-cn:只有简体}-", "只有简体"),
    ("-{郭靖}-與-{A|zh-hk:哥連臣;zh-cn:科林斯}-", "郭靖與哥連臣"),
    ("-{H|zh-cn:打印;zh-tw:列印}-前-{T|zh-tw:標題}-後", "前後"),
    ("-{zh-tw:外-{內}-外;zh-cn:x}-", "外內外"),
    ("", ""),
])
def test_a_reader_sees(markup, expected):
    assert wiki_dump.plain_text(markup) == expected


def test_articles_come_back_in_order_as_many_as_asked(ten, tmp_path):
    parts = wiki_dump.extract(ten, tmp_path / "out", per_part=4, progress=False)
    assert [part.name for part in parts] == ["part-00000.txt", "part-00001.txt", "part-00002.txt"]
    assert list(wiki_dump.iter_texts(parts)) == [(f"Page {n}", f"Text {n}.\nHead\nitem") for n in range(10)]
    parts = wiki_dump.extract(ten, tmp_path / "four", per_part=3, most_articles=4, progress=False)
    assert [title for title, _ in wiki_dump.iter_texts(parts)] == ["Page 0", "Page 1", "Page 2", "Page 3"]


def test_parts_can_come_out_even(ten, tmp_path):
    assert len(wiki_dump.extract(ten, tmp_path / "out", per_part=5, progress=False)) == 2
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "extraction.json", "part-00000.txt", "part-00001.txt"]


def test_work_goes_on_after_the_last_finished_part(ten, tmp_path, monkeypatch):
    whole = wiki_dump.extract(ten, tmp_path / "whole", per_part=3, progress=False)
    cleaned, plain_text = [], wiki_dump.plain_text

    def interrupted_at_the_fifth(markup):
        cleaned.append(markup)
        if len(cleaned) == 5:
            raise KeyboardInterrupt
        return plain_text(markup)

    monkeypatch.setattr(wiki_dump, "plain_text", interrupted_at_the_fifth)
    with pytest.raises(KeyboardInterrupt):
        wiki_dump.extract(ten, tmp_path / "out", per_part=3, progress=False)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["extraction.json", "part-00000.txt"]
    resumed = wiki_dump.extract(ten, tmp_path / "out", per_part=3, progress=False)
    assert len(cleaned) == 5 + 7  # the three of the finished part were not cleaned again
    assert [part.read_bytes() for part in resumed] == [part.read_bytes() for part in whole]
    wiki_dump.extract(ten, tmp_path / "out", per_part=3, progress=False)
    assert len(cleaned) == 12  # nothing left to do


def test_it_is_a_stream(tmp_path):
    path = dump(tmp_path / "a", *((f"Page {n}", "text " * 20_000) for n in range(40)))
    tracemalloc.start()
    parts = wiki_dump.extract(path, tmp_path / "out", progress=False)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(part.stat().st_size for part in parts) > 3_900_000
    assert peak < 2_000_000


def test_the_bar_ends_at_the_end(ten, tmp_path, capsys):
    wiki_dump.extract(ten, tmp_path / "out")
    shown = capsys.readouterr()
    assert not shown.err and "ten.xml.bz2: 100% |" in shown.out.split("\r")[-1]


def test_what_cannot_be_extracted_is_an_error(ten, tmp_path):
    with pytest.raises(FileNotFoundError):
        wiki_dump.extract(tmp_path / "none.bz2", tmp_path / "out")
    with pytest.raises(ValueError, match="per_part is how many articles a file holds, from 1 on, not 0"):
        wiki_dump.extract(ten, tmp_path / "out", per_part=0)
    assert not (tmp_path / "out").exists()
    wiki_dump.extract(ten, tmp_path / "out", per_part=3, progress=False)
    with pytest.raises(ValueError, match="holds the parts of another extraction: per_part 3 there, 4 now. Choose"):
        wiki_dump.extract(ten, tmp_path / "out", per_part=4, progress=False)


def test_dump_that_is_cut_short_keeps_finished_parts(tmp_path):
    letters = random.Random(0)
    path = dump(tmp_path / "a", *((f"Page {n}", "".join(letters.choices(string.ascii_letters, k=50_000)))
                                  for n in range(40)))  # enough for several of bzip2's blocks
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(EOFError, match="is cut short .* Fetch it again; .* finished parts stay in"):
        wiki_dump.extract(path, tmp_path / "out", per_part=1, progress=False)
    assert (tmp_path / "out/part-00009.txt").exists()


def test_the_real_sample_is_read(tmp_path):
    from utils.data.fetch import fetch

    parts = wiki_dump.extract(fetch("wikipedia_sample"), tmp_path, most_articles=5, progress=False)
    titles = [title for title, _ in datasets.load_wikipedia_sample()][:5]
    texts = dict(wiki_dump.iter_texts(parts))
    assert list(texts) == titles
    assert "Anarchism is a" in texts["Anarchism"] and not any(mark in texts["Anarchism"] for mark in ("[[", "'''", "=="))
