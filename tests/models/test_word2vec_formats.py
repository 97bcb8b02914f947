"""word2vec's file formats, ours against gensim's."""

import numpy as np
import pytest
from gensim.models import KeyedVectors

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


@pytest.mark.parametrize("binary", [True, False])
def test_gensim_reads_ours(tmp_path, binary):
    path = tmp_path / "ours"
    word2vec_formats.save(path, WORDS, VECTORS, binary=binary)
    theirs = KeyedVectors.load_word2vec_format(path, binary=binary)
    assert theirs.index_to_key == WORDS
    assert np.array_equal(theirs.vectors, VECTORS)


@pytest.mark.parametrize("binary", [True, False])
def test_we_read_gensims(tmp_path, binary):
    path, theirs = tmp_path / "theirs", KeyedVectors(5)
    theirs.add_vectors(WORDS, VECTORS)
    theirs.save_word2vec_format(path, binary=binary)
    words, vectors = word2vec_formats.load(path, binary=binary)
    assert words == WORDS
    assert np.array_equal(vectors, VECTORS)


@pytest.mark.parametrize("word", ["", "two words", "end\n", " start", "\u3000", "a\u00a0b"])
def test_word_that_the_format_cannot_hold_is_an_error(tmp_path, word):
    with pytest.raises(ValueError, match="is empty or holds white space, which ends a word in this format"):
        word2vec_formats.save(tmp_path / "v.bin", [word], np.ones((1, 2)))
    assert not list(tmp_path.iterdir())


def test_words_and_vectors_must_be_as_many(tmp_path):
    with pytest.raises(ValueError, match=r"There are 2 words, and vectors of shape \(3, 2\); expected one row each"):
        word2vec_formats.save(tmp_path / "v.bin", ["a", "b"], np.ones((3, 2)))


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_vectors_that_are_not_finite_are_not_written(tmp_path, number):
    with pytest.raises(ValueError, match="Some vectors hold NaN or infinite numbers. Train again"):
        word2vec_formats.save(tmp_path / "v.bin", ["a"], [[1, number]])


def test_failed_save_leaves_the_old_file(tmp_path):
    path = tmp_path / "v.txt"
    word2vec_formats.save(path, WORDS, VECTORS)
    with pytest.raises(UnicodeEncodeError):
        word2vec_formats.save(path, ["fine", "\ud800"], np.ones((2, 5)))
    assert word2vec_formats.load(path)[0] == WORDS
    assert [left.name for left in tmp_path.iterdir()] == ["v.txt"]


@pytest.mark.parametrize(("name", "lost", "found"), [
    ("v.bin", 12, "expected 20 bytes, found 9"), ("v.txt", 1, "its line does not end"),
])
def test_file_that_is_cut_short_is_an_error(tmp_path, name, lost, found):
    path = tmp_path / name
    word2vec_formats.save(path, WORDS, VECTORS)
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(ValueError, match=f"is damaged or in the other format .*: word 7 of 7: {found}"):
        word2vec_formats.load(path)


def test_line_with_too_few_numbers_is_an_error(tmp_path):
    (tmp_path / "v.txt").write_text("2 3\na 1 2 3\nb 1 2\n")
    with pytest.raises(ValueError, match="word 2 of 2: expected 3 numbers, found 2"):
        word2vec_formats.load(tmp_path / "v.txt")


def test_file_that_ends_between_words_is_an_error(tmp_path):
    path = tmp_path / "v.bin"
    path.write_bytes(b"2 1\na " + b"\0" * 4)
    with pytest.raises(ValueError, match="word 2 of 2: its name does not end"):
        word2vec_formats.load(path)


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
