"""word2vec's file formats: what gensim writes and reads, and what it would let pass."""

import numpy as np
import pytest

from utils.models import word2vec_formats

WORDS = ["the", "don't", "臺灣", "孔明", "naïve", "😀", "<unk>"]
VECTORS = np.random.default_rng(3).normal(size=(len(WORDS), 5)).astype(np.float32)
VECTORS[0] = [0, 1e-30, -1e30, 10, 2**-24]  # among them bytes that look like a space or an end of line
VECTORS[1].view(np.uint8)[:] = np.resize([0x20, 0x0A, 0x20, 0x3E], 20)


@pytest.mark.parametrize("name", ["v.bin", "v.txt"])
def test_what_is_written_comes_back_exactly(tmp_path, name):
    word2vec_formats.save(tmp_path / name, WORDS, VECTORS)
    words, vectors = word2vec_formats.load(tmp_path / name)
    assert words == WORDS and vectors.dtype == np.float32
    assert np.array_equal(vectors, VECTORS)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_binary_is_what_word2vec_c_writes(tmp_path, end):
    """float32, little-endian, and a line feed after each vector, which gensim leaves out."""
    path = tmp_path / "v.bin"
    path.write_bytes(b"7 5\n" + b"".join(word.encode() + b" " + vector.astype("<f4").tobytes() + end
                                         for word, vector in zip(WORDS, VECTORS, strict=True)))
    words, vectors = word2vec_formats.load(path)
    assert words == WORDS and np.array_equal(vectors, VECTORS)
    word2vec_formats.save(tmp_path / "ours.bin", words, vectors)
    assert (tmp_path / "ours.bin").read_bytes() == path.read_bytes() or end


@pytest.mark.parametrize("words, vectors, message", [
    *[([word], np.ones((1, 2)), "is empty or holds white space, which ends a word in this format")
      for word in ("", "two words", "end\n", " start", "\u3000", "a\u00a0b")],
    *[(words, np.ones((3, 2)), r"2 different ones, and vectors of shape \(3, 2\); expected one row") for words in ("ab", "aba")],
    *[(["a"], [[1, number]], "Some vectors hold NaN or infinite numbers. Train again") for number in (np.nan, np.inf)],
])
def test_what_the_format_cannot_hold_is_an_error(tmp_path, words, vectors, message):
    with pytest.raises(ValueError, match=message):
        word2vec_formats.save(tmp_path / "v.bin", list(words), vectors)
    assert not list(tmp_path.iterdir())


def test_failed_save_leaves_the_old_file(tmp_path):
    path = tmp_path / "v.txt"
    word2vec_formats.save(path, WORDS, VECTORS)
    with pytest.raises(UnicodeEncodeError):
        word2vec_formats.save(path, ["fine", "\ud800"], np.ones((2, 5)))
    assert word2vec_formats.load(path)[0] == WORDS
    assert [left.name for left in tmp_path.iterdir()] == ["v.txt"]


@pytest.mark.parametrize(("name", "lost"), [("v.bin", 12), ("v.bin", 25), ("v.txt", 1), ("v.txt", 60)])
def test_file_that_is_cut_short_is_an_error(tmp_path, name, lost):
    path = tmp_path / name
    word2vec_formats.save(path, WORDS, VECTORS)
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(ValueError, match="is damaged or in the other format"):
        word2vec_formats.load(path)


ONE = b"\0\0\x80?"  # 1 as float32


@pytest.mark.parametrize(("name", "content", "message"), [
    ("v.txt", b"2 3\na 1 2 3\nb 1 2\n", "expected are 2 lines of a word and 3 numbers"),
    ("v.txt", b"2 3\na 1 2 3\nb 1\n", "expected are 2 lines"),
    ("v.txt", b"1 1\na 1\nb 2\n", "expected are 1 lines"),
    ("v.txt", b"2 1\na 1\na 2\n", "a word occurs twice"),
    ("v.txt", b"2 1\na 1\nb nan\n", "it holds NaN or infinite numbers"),
    ("v.txt", b"1 1\na one\n", "expected are 1 lines"),
    ("v.bin", b"1 1\na " + ONE + b"b " + ONE, "expected are 10 bytes"),
    ("v.bin", b"2 1\na " + ONE + b"a " + ONE, "a word occurs twice"),
    ("v.bin", b"1 1\na \0\0\xc0\x7f", "it holds NaN or infinite numbers"),
    ("v.bin", b"2 3\nalpha 1.25 2.5 3.75\nbeta 4.5 5.25 6.75\n", "binary=True was tried.: its numbers are text"),
    ("v.bin", b"1 2\na 1.5 2.25\n", "its numbers are text"),
])
def test_file_with_other_content_than_its_first_line_says_is_an_error(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=f"{name} is damaged or in the other format .*{message}"):
        word2vec_formats.load(tmp_path / name)


def test_other_format_is_an_error(tmp_path):
    word2vec_formats.save(tmp_path / "v", WORDS, VECTORS, binary=True)
    with pytest.raises(ValueError, match="in the other format .binary=False was tried"):
        word2vec_formats.load(tmp_path / "v", binary=False)


@pytest.mark.parametrize("content", [b"", b"hello\n", b"0 100\n", b"PK\x03\x04", b"a b\n", b"1 2 3\n"])
def test_file_that_is_something_else_is_an_error(tmp_path, content):
    (tmp_path / "v.txt").write_bytes(content)
    with pytest.raises(ValueError, match="does not begin with a line such as '30000 100'"):
        word2vec_formats.load(tmp_path / "v.txt")


def test_missing_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        word2vec_formats.load(tmp_path / "none.bin")
