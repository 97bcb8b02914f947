"""Pairs, subsampling and noise of word2vec."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.models import word2vec_pairs

SIZE = 12
SENTENCES = st.lists(st.lists(st.integers(0, SIZE - 1), max_size=9), min_size=1, max_size=6).filter(any)


def brute_force(sentences, window, reach=None):
    """List (centre, [context words]) in text order; `reach` is one window for each word of the text."""
    found, place = [], 0
    for sentence in sentences:
        for i, centre in enumerate(sentence):
            width = window if reach is None else reach[place]
            place += 1
            found.append((centre, [sentence[j] for j in range(len(sentence)) if j != i and abs(i - j) <= width]))
    return found


@given(SENTENCES, st.integers(1, 12))
def test_skip_gram_pairs_are_those_of_brute_force(sentences, window):
    pairs = word2vec_pairs.skip_gram_pairs(sentences, SIZE, window, dynamic=False)
    expected = [(centre, other) for centre, context in brute_force(sentences, window) for other in context]
    assert pairs.dtype == np.int32 and pairs.shape == (len(expected), 2)
    assert pairs.tolist() == [list(pair) for pair in expected]


@given(SENTENCES, st.integers(1, 6), st.integers(0, 99))
def test_dynamic_windows_are_those_drawn(sentences, window, seed):
    reach = word2vec_pairs.draw_reach(sum(map(len, sentences)), window, True, np.random.default_rng(seed))
    pairs = word2vec_pairs.skip_gram_pairs(sentences, SIZE, window, seed=seed)
    expected = brute_force(sentences, window, reach)
    assert pairs.tolist() == [[centre, other] for centre, context in expected for other in context]


@given(SENTENCES, st.integers(1, 6), st.integers(0, 99))
def test_cbow_has_the_same_pairs_as_skip_gram(sentences, window, seed):
    contexts, centres = word2vec_pairs.cbow_pairs(sentences, SIZE, window, seed=seed)
    assert contexts.shape == (len(centres), 2 * window)
    assert (contexts >= 0).any(axis=1).all()
    pairs = [[centre, other] for centre, row in zip(centres, contexts, strict=True) for other in row if other >= 0]
    assert pairs == word2vec_pairs.skip_gram_pairs(sentences, SIZE, window, seed=seed).tolist()


def test_windows_are_drawn_evenly():
    reach = word2vec_pairs.draw_reach(50_000, 5, True, np.random.default_rng(0))
    assert np.bincount(reach)[1:] == pytest.approx(10_000, rel=0.05)
    assert reach.min() == 1 and reach.max() == 5


def test_keep_probability_by_hand():
    share = np.array([0.9, 0.09, 0.01])
    root = np.sqrt(1e-2 / share) + 1e-2 / share
    assert word2vec_pairs.keep_probability(share * 1e6, 1e-2) == pytest.approx([root[0], root[1], 1.0])
    assert word2vec_pairs.keep_probability([5, 5], 0).tolist() == [1, 1]
    assert word2vec_pairs.keep_probability([5, 0], 1e-3)[1] == 1


def test_subsampling_keeps_each_word_as_often_as_theory_says():
    counts = np.array([600_000, 50_000, 1_000])
    text = word2vec_pairs.flatten([np.repeat([0, 1, 2], counts)], 3)
    keep = word2vec_pairs.keep_probability(counts)
    kept = word2vec_pairs.count(word2vec_pairs.subsample(text, keep, np.random.default_rng(1)), 3)
    expected = counts * keep
    assert (abs(kept - expected) <= 4 * np.sqrt(counts * keep * (1 - keep))).all()
    assert kept[2] == counts[2]


def test_subsampling_keeps_order_and_sentence_borders():
    text = word2vec_pairs.flatten([[0, 1, 2], [1, 2]], 3)
    kept = word2vec_pairs.subsample(text, np.array([1.0, 0.0, 1.0]), np.random.default_rng(0))
    assert kept.tokens.tolist() == [0, 2, 2] and kept.sentence.tolist() == [0, 0, 1]


def test_noise_is_flatter_than_the_text():
    counts = [10_000, 100, 0, 1]
    expected = np.array([1_000, 10**1.5, 0, 1]) / (1_000 + 10**1.5 + 1)
    assert word2vec_pairs.noise_distribution(counts) == pytest.approx(expected)
    assert word2vec_pairs.noise_distribution(counts, power=0) == pytest.approx([1 / 3, 1 / 3, 0, 1 / 3])


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=50).filter(any))
def test_noise_table_has_the_frequencies_of_theory(counts):
    table = word2vec_pairs.noise_table(counts, size=5_000)
    places = np.bincount(table, minlength=len(counts))
    assert len(table) == 5_000 and table.dtype == np.int32
    assert abs(places - 5_000 * word2vec_pairs.noise_distribution(counts)).max() <= 1 + 1e-6
    assert (places[np.array(counts) == 0] == 0).all()


def skip_gram(sentences, window=2):
    return lambda: word2vec_pairs.skip_gram_pairs(sentences, 9, window)


@pytest.mark.parametrize(("call", "error", "message"), [
    *((skip_gram(empty), ValueError, f"corpus is empty: {len(empty)} sentences without a single word.*min_count")
      for empty in ([], [[], []])),
    *((skip_gram([[1, 2], [3, wrong]]), ValueError,
       f"Sentence 1 holds the id {wrong}; a vocabulary of 9 words has the ids 0 to 8") for wrong in (-1, 9)),
    (skip_gram(["cats"]), TypeError, "Sentence 0 is a str where ids were expected: encode it first"),
    (skip_gram([["cats", "dogs"]]), TypeError, "Sentence 0 holds <U4 where whole numbers were expected"),
    (skip_gram([[0.5, 1.0]]), TypeError, "Sentence 0 holds float64 where whole numbers were expected"),
    (skip_gram([[[1, 2]]]), ValueError, r"Sentence 0 has shape \(1, 2\); a sentence is flat"),
    (skip_gram([3]), ValueError, r"Sentence 0 has shape \(\); a sentence is flat. Pass a list of sentences"),
    *((skip_gram([[0, 1]], window), ValueError, "window is a whole number from 1 on, not") for window in (0, -1, 1.5)),
    *((lambda t=threshold: word2vec_pairs.keep_probability([1, 2], t), ValueError,
       "threshold is a share of the text within 0 ... 1") for threshold in (-1, 2, float("nan"))),
    *((lambda c=counts: word2vec_pairs.noise_distribution(c), ValueError, "counts are how often each word occurs")
      for counts in ([], [0, 0], [3, -1], [[1, 2]], [np.inf, 1], [np.nan, 1])),
])
def test_what_makes_no_pairs_is_an_error(call, error, message):
    with pytest.raises(error, match=message):
        call()
