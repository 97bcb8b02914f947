"""What word2vec learns from: pairs of words that stand near each other, words left out, words drawn as noise.

A text is a list of sentences, a sentence a one-dimensional array of word ids 0 ... vocabulary_size - 1. No pair ever
reaches from one sentence into another.

Source: T. Mikolov, I. Sutskever, K. Chen, G. Corrado, J. Dean, "Distributed Representations of Words and Phrases and
their Compositionality", NIPS 2013, sections 2.2 and 2.3; the authors' program word2vec.c for what the paper leaves out.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

NOISE_TABLE_SIZE = 1 << 23


class Text(NamedTuple):
    """Sentences laid end to end: the id of every word, and the number of the sentence that it belongs to."""

    tokens: np.ndarray
    sentence: np.ndarray


def flatten(sentences: Sequence, vocabulary_size: int) -> Text:
    """Lay sentences end to end, as two int32 arrays of equal length.

    Args:
        sentences: one-dimensional sequences of whole numbers; empty ones are passed over.
        vocabulary_size: ids go from 0 to vocabulary_size - 1.

    Raises:
        TypeError: if a sentence is a string or holds something other than whole numbers.
        ValueError: if there is no word at all, a sentence is not flat, or an id is out of range.
    """
    arrays = [_as_ids(sentence, number) for number, sentence in enumerate(sentences)]
    lengths = np.array([len(array) for array in arrays], dtype=np.int64)
    if not lengths.sum():
        raise ValueError(
            f"The corpus is empty: {len(arrays)} sentences without a single word. Check the path of the text, "
            "and that min_count has not removed every word."
        )
    tokens = np.concatenate(arrays)
    if tokens.min() < 0 or not tokens.max() < vocabulary_size:
        number = next(i for i, array in enumerate(arrays)
                      if len(array) and not 0 <= array.min() <= array.max() < vocabulary_size)
        wrong = next(int(word) for word in arrays[number] if not 0 <= word < vocabulary_size)
        raise ValueError(
            f"Sentence {number} holds the id {wrong}; a vocabulary of {vocabulary_size:,} words has the ids 0 to "
            f"{vocabulary_size - 1}. Encode the text with the vocabulary that you train."
        )
    return Text(tokens.astype(np.int32), np.repeat(np.arange(len(arrays), dtype=np.int32), lengths))


def _as_ids(sentence, number: int) -> np.ndarray:
    if isinstance(sentence, str):
        raise TypeError(f"Sentence {number} is a str where ids were expected: encode it first.")
    ids = np.asarray(sentence)
    if ids.ndim != 1:
        raise ValueError(f"Sentence {number} has shape {ids.shape}; a sentence is flat. "
                         "Pass a list of sentences: [sentence].")
    if len(ids) and ids.dtype.kind not in "iu":
        raise TypeError(f"Sentence {number} holds {ids.dtype} where whole numbers were expected: "
                        "encode words as ids first.")
    return ids.astype(np.int64) if not len(ids) else ids


def draw_reach(size: int, window: int, dynamic: bool, rng: np.random.Generator) -> np.ndarray:
    """Return how far each word looks, int32: `window`, or if `dynamic` evenly drawn from 1 ... window.

    Near words are then learnt from more often than far ones, as if they had more weight.

    Raises:
        ValueError: if `window` is below 1.
    """
    if isinstance(window, bool) or not isinstance(window, int | np.integer) or window < 1:
        raise ValueError(f"window is a whole number from 1 on, not {window!r}.")
    if not dynamic:
        return np.full(size, window, dtype=np.int32)
    return rng.integers(1, window + 1, size, dtype=np.int32)


def _contexts(sentences, vocabulary_size: int, window: int, dynamic: bool, seed: int):
    """Return the text, and for each word the positions (n, 2 * window) around it and which of them are context."""
    text = flatten(sentences, vocabulary_size)
    n = len(text.tokens)
    reach = draw_reach(n, window, dynamic, np.random.default_rng(seed))
    offsets = np.concatenate([np.arange(-window, 0), np.arange(1, window + 1)])
    positions = np.arange(n)[:, None] + offsets
    inside = (positions >= 0) & (positions < n)
    positions = positions.clip(0, n - 1)
    is_context = inside & (text.sentence[positions] == text.sentence[:, None]) & (abs(offsets) <= reach[:, None])
    return text, positions, is_context


def skip_gram_pairs(sentences: Sequence, vocabulary_size: int, window: int = 5, dynamic: bool = True,
                    seed: int = 0) -> np.ndarray:
    """Return every (centre word, one word of its context) as an int32 array of shape (pairs, 2), in text order.

    A window larger than the sentence takes the whole sentence; a sentence of one word has no pairs.

    Args:
        window: how many words to either side belong to the context.
        dynamic: draw a new window for each centre from 1 ... window.

    Raises:
        TypeError, ValueError: as `flatten`; also if `window` is below 1.
    """
    text, positions, is_context = _contexts(sentences, vocabulary_size, window, dynamic, seed)
    centre, place = np.nonzero(is_context)
    return np.stack([text.tokens[centre], text.tokens[positions[centre, place]]], axis=1)


def cbow_pairs(sentences: Sequence, vocabulary_size: int, window: int = 5, dynamic: bool = True,
               seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return every context with the word in its middle, both int32, in text order.

    Returns:
        contexts: (n, 2 * window), in text order from left to right, -1 where there is no word.
        centres: (n,). Words without any context are left out.

    Raises:
        TypeError, ValueError: as `skip_gram_pairs`.
    """
    text, positions, is_context = _contexts(sentences, vocabulary_size, window, dynamic, seed)
    contexts = np.where(is_context, text.tokens[positions], -1).astype(np.int32)
    used = is_context.any(axis=1)
    return contexts[used], text.tokens[used]


def count(text: Text, vocabulary_size: int) -> np.ndarray:
    """Return how often each word occurs, int64 (vocabulary_size,).

    Raises:
        TypeError: if the text is not what `flatten` returns.
        ValueError: if the vocabulary is smaller than an id of the text.
    """
    if not isinstance(text, Text):
        raise TypeError(f"Expected what flatten(sentences, vocabulary_size) returns, found {type(text).__name__}.")
    if not isinstance(vocabulary_size, int | np.integer) or text.tokens.max(initial=-1) >= vocabulary_size:
        raise ValueError(f"vocabulary_size is a whole number above every id of the text, not {vocabulary_size!r}.")
    return np.bincount(text.tokens, minlength=vocabulary_size)


def keep_probability(counts, threshold: float = 1e-3) -> np.ndarray:
    """Return the probability 0 ... 1 with which an occurrence of each word is kept (subsampling).

    For a word that makes up the share f of the text it is sqrt(t / f) + t / f, at most 1, as in word2vec.c; the
    paper has only the root. Words rarer than about 2.6 t are always kept. A threshold of 0 keeps everything.

    Raises:
        ValueError: if `threshold` is not within 0 ... 1, or nothing has been counted.
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold is a share of the text within 0 ... 1, such as 1e-3, not {threshold!r}.")
    share = _shares(counts)
    if threshold == 0:
        return np.ones_like(share)
    ratio = threshold / np.maximum(share, 1e-300)
    return np.minimum(1.0, np.sqrt(ratio) + ratio)


def subsample(text: Text, keep: np.ndarray, rng: np.random.Generator) -> Text:
    """Drop occurrences at random; word w stays with probability `keep[w]`. Windows then reach further.

    Raises:
        ValueError: if `keep` is not a probability for each word.
    """
    if len(text.tokens) and text.tokens.max() >= len(keep) or not ((keep >= 0) & (keep <= 1)).all():
        raise ValueError(f"keep is a probability 0 ... 1 for each word, as keep_probability gives; found {keep!r:.80}.")
    stays = rng.random(len(text.tokens), dtype=np.float32) < keep[text.tokens]
    return Text(text.tokens[stays], text.sentence[stays])


def noise_distribution(counts, power: float = 0.75) -> np.ndarray:
    """Return the probability of each word as a negative sample: its count to the `power`, normalised.

    1 is the text's own distribution, 0 makes all words equal; 3/4 was found best in the paper.

    Raises:
        ValueError: if nothing has been counted, or `power` is not a finite number of at least 0.
    """
    if not 0 <= power < np.inf:
        raise ValueError(f"power is a finite number of at least 0, such as 0.75, not {power!r}.")
    weights = _shares(counts) ** power * (np.asarray(counts) > 0)
    return weights / weights.sum()


def noise_table(counts, power: float = 0.75, size: int = NOISE_TABLE_SIZE) -> np.ndarray:
    """Return `size` word ids, int32, each as often as `noise_distribution` says: draw by drawing a place.

    Rounding moves a word's number of places by less than one.

    Raises:
        ValueError: as `noise_distribution`; if `size` is below 1.
    """
    if not (isinstance(size, int | np.integer) and size >= 1):
        raise ValueError(f"size is how many places the table has, a whole number of at least 1, not {size}.")
    borders = np.round(np.cumsum(noise_distribution(counts, power)) * size).astype(np.int64)
    return np.repeat(np.arange(len(borders), dtype=np.int32), np.diff(borders, prepend=0))


def _shares(counts) -> np.ndarray:
    counts = np.asarray(counts, dtype=np.float64)
    if counts.ndim != 1 or not 0 < counts.sum() < np.inf or counts.min() < 0:
        raise ValueError("counts are how often each word occurs: one finite number from 0 on for each word, not all 0. "
                         f"Found {counts!r:.80}.")
    return counts / counts.sum()
