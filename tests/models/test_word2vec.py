"""Word vectors in use."""

import numpy as np
import pytest
from gensim.models import KeyedVectors

from utils.models import word2vec

WORDS = ["king", "queen", "man", "woman", "apple", "Paris"]
VECTORS = np.array([[5, 5, 0], [5, -5, 0], [1, 5, 0], [1, -5, 0], [0, 0, 3], [-2, -2, 0]], dtype=np.float32)


@pytest.fixture
def vectors():
    return word2vec.WordVectors(WORDS, VECTORS)


def test_encode_leaves_unknown_words_out_and_refuses_a_text_that_is_not_split():
    sentences = word2vec.encode([["a", "b", "zzz", "a"], [], ["zzz"]], ["b", "a"])
    assert [sentence.tolist() for sentence in sentences] == [[1, 0, 1], [], []]
    assert all(sentence.dtype == np.int32 for sentence in sentences)
    with pytest.raises(TypeError, match="Sentence 1 is a str where a list of words was expected"):
        word2vec.encode([["a"], "a b"], ["a"])


def test_cosine_goes_from_minus_one_to_one(vectors):
    assert vectors.similarity("king", "king") == pytest.approx(1)
    assert vectors.similarity("king", "Paris") == pytest.approx(-1)
    assert vectors.similarity("king", "apple") == 0
    assert vectors.similarity("king", "man") == pytest.approx((5 + 25) / np.sqrt(50 * 26))


def test_nearest_takes_a_vector_and_a_limit(vectors):
    assert vectors.nearest(np.array([0, 0, 7]), 1) == [("apple", pytest.approx(1))]
    assert [word for word, _ in vectors.nearest("woman", 9, among=3)] == ["queen", "king", "man"]


def test_analogy_is_b_minus_a_plus_c(vectors):
    assert vectors.analogy("man", "king", "woman", 1)[0][0] == "queen"
    assert vectors.analogy("king", "man", "queen", 1)[0][0] == "woman"
    assert not {"man", "king", "woman"} & {word for word, _ in vectors.analogy("man", "king", "woman", 9)}


def test_nearest_and_analogy_agree_with_gensim():
    table = np.random.default_rng(0).normal(size=(40, 8)).astype(np.float32)
    words = [f"w{number}" for number in range(40)]
    ours, theirs = word2vec.WordVectors(words, table), KeyedVectors(8)
    theirs.add_vectors(words, table)
    for word in words:
        found, expected = dict(ours.nearest(word, 9)), dict(theirs.most_similar(word, topn=9))
        assert list(found) == list(expected) and found == pytest.approx(expected, abs=1e-5)
    expected = theirs.most_similar(positive=["w2", "w3"], negative=["w1"], topn=5)
    assert [word for word, _ in ours.analogy("w1", "w2", "w3")] == [word for word, _ in expected]


def test_analogy_accuracy_counts_by_section(vectors):
    sections = {"right": [("man", "king", "woman", "queen"), ("Man", "King", "Woman", "Queen")],
                "wrong": [("man", "king", "woman", "apple")], "unknown": [("man", "king", "woman", "empress")]}
    assert vectors.analogy_accuracy(sections) == {"right": (2, 2), "wrong": (0, 1), "unknown": (0, 0)}
    assert vectors.analogy_accuracy(sections, among=3)["right"] == (0, 0)


@pytest.mark.parametrize("ask", [
    lambda vectors: vectors["quen"], lambda vectors: vectors.nearest("quen"),
    lambda vectors: vectors.similarity("king", "quen"), lambda vectors: vectors.analogy("man", "king", "quen"),
])
def test_unknown_word_is_an_error_that_offers_near_spellings(vectors, ask):
    with pytest.raises(KeyError, match="'quen' is not in the vocabulary of 6 words: .* Near spellings: queen"):
        ask(vectors)


def test_unknown_chinese_word_is_offered_words_that_share_a_character():
    vectors = word2vec.WordVectors(["諸葛亮", "劉備"], np.eye(2))
    with pytest.raises(KeyError, match="Near spellings: 諸葛亮"):
        vectors["諸葛孔明"]
    with pytest.raises(KeyError, match="Nothing is spelt like it"):
        vectors["xyz"]


@pytest.mark.parametrize(("bad", "found"), [(np.nan, "holds NaN"), (np.inf, "holds NaN or infinite"), (0, "is zero")])
def test_vector_without_direction_is_an_error(bad, found):
    table = VECTORS.copy()
    table[3] = bad
    with pytest.raises(ValueError, match=f"The vector of 'woman' {found}.*1 of 6.*lower learning_rate"):
        word2vec.WordVectors(WORDS, table)


@pytest.mark.parametrize("table", [VECTORS[:5], VECTORS[0], np.empty((0, 3))])
def test_words_and_vectors_must_be_as_many_and_no_word_occurs_twice(table):
    with pytest.raises(ValueError, match=r"There are 6 words, and vectors of shape .*; expected \(6, dim\)"):
        word2vec.WordVectors(WORDS, table)
    with pytest.raises(ValueError, match="The word 'king' occurs twice"):
        word2vec.WordVectors(["king", "queen", "king"], VECTORS[:3])


@pytest.mark.parametrize("vector", [[1, 2], [0, 0, 0], [1, np.nan, 1]])
def test_nearest_to_an_unusable_vector_is_an_error(vectors, vector):
    with pytest.raises(ValueError, match="Expected a word, or a finite vector of 3 numbers"):
        vectors.nearest(np.array(vector))


@pytest.mark.parametrize("name", ["v.bin", "v.txt"])
def test_gensim_reads_saved_vectors_exactly(tmp_path, name):
    words, numbers = ["don't", "臺灣", "😀"], np.array([[3, 1e-30], [-1e3, 10], [2**-24, 3]], dtype=np.float32)
    word2vec.WordVectors(words, numbers).save(tmp_path / name)
    read = KeyedVectors.load_word2vec_format(tmp_path / name, binary=name.endswith(".bin"))
    assert read.index_to_key == words and np.array_equal(read.vectors, numbers)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("word", ["", "two words", "end\n", "\u3000", "a\u00a0b"])
def test_word_that_the_format_cannot_hold_is_not_saved(tmp_path, word):
    with pytest.raises(ValueError, match="is empty or holds white space, which ends a word in this format"):
        word2vec.WordVectors([word], np.ones((1, 2))).save(tmp_path / "v.bin")
    assert not list(tmp_path.iterdir())
