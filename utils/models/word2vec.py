"""Word vectors in use: neighbours, analogies, and how well they agree with people.

Training is in `word2vec_training`, the pairs it learns from in `word2vec_pairs`, whose names can be reached from here too, so
that this module does not need TensorFlow.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from utils import files
from utils.models.word2vec_pairs import (
    cbow_pairs,
    keep_probability,
    noise_distribution,
    skip_gram_pairs,
    subsample,
)

__all__ = ["WordVectors", "cbow_pairs", "encode", "keep_probability", "noise_distribution", "skip_gram_pairs",
           "subsample"]


def encode(token_lists: Iterable[Sequence[str]], words: Sequence[str]) -> list[np.ndarray]:
    """Return each sentence as int32 ids, its place in `words`; words that are not in the list are left out.

    Leaving rare words out, as word2vec does, brings their neighbours nearer to each other.

    Raises:
        TypeError: if a sentence is a string instead of a list of words.
    """
    ids = {word: number for number, word in enumerate(words)}
    sentences = []
    for number, tokens in enumerate(token_lists):
        if isinstance(tokens, str):
            raise TypeError(f"Sentence {number} is a str where a list of words was expected: split it first.")
        sentences.append(np.fromiter((ids[token] for token in tokens if token in ids), dtype=np.int32))
    return sentences


def _check_at_least_one(count: int, among: int | None = None) -> None:
    if not count >= 1 or not (among is None or among >= 1):
        raise ValueError(f"count and among are at least 1, not {count} and {among}.")


class WordVectors:
    """Words and their vectors; similarity is the cosine of the angle between them, -1 ... 1."""

    def __init__(self, words: Sequence[str], vectors):
        """Join n different words and an array (n, dim), most frequent word first.

        Raises:
            ValueError: if their numbers differ, a word occurs twice, or a vector is zero, NaN or infinite.
        """
        self.words, self.vectors = list(words), np.asarray(vectors, dtype=np.float32)
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.words) or not self.words:
            raise ValueError(f"There are {len(self.words)} words, and vectors of shape {self.vectors.shape}; expected "
                             f"({len(self.words) or 'n'}, dim): one row for each word.")
        self._ids = {word: number for number, word in enumerate(self.words)}
        if len(self._ids) < len(self.words):
            twice = next(word for number, word in enumerate(self.words) if self._ids[word] != number)
            raise ValueError(f"The word {twice!r} occurs twice. Give each word once, with one vector.")
        lengths = np.linalg.norm(self.vectors, axis=1)
        unusable = np.flatnonzero(~np.isfinite(lengths) | (lengths == 0))
        if len(unusable):
            found = "is zero" if lengths[unusable[0]] == 0 else "holds NaN or infinite numbers"
            raise ValueError(f"The vector of {self.words[unusable[0]]!r} {found} ({len(unusable)} of "
                             f"{len(self.words)} vectors): it has no direction. If training went wrong, lower "
                             "learning_rate; leave out words that were never trained.")
        self.unit_vectors = self.vectors / lengths[:, None]

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word) -> bool:
        return word in self._ids

    def __getitem__(self, word: str) -> np.ndarray:
        """Return the vector of a word.

        Raises:
            KeyError: if there is no such word; it names words spelt nearly the same.
        """
        return self.vectors[self.id(word)]

    def id(self, word: str) -> int:
        """Return the place of a word in the vocabulary.

        Raises:
            KeyError: if there is no such word; it names words spelt nearly the same.
        """
        if word in self._ids:
            return self._ids[word]
        near = difflib.get_close_matches(str(word), self.words, n=3, cutoff=0.6)
        near = near or [known for known in self.words if set(known) & set(str(word)) - {" "}][:3]
        advice = f"Near spellings: {', '.join(near)}." if near else "Nothing is spelt like it."
        raise _UnknownWordError(f"{word!r} is not in the vocabulary of {len(self):,} words: too rare, or never in "
                                f"the text. {advice}")

    def similarity(self, one: str, other: str) -> float:
        """Return the cosine of two words, -1 ... 1.

        Raises:
            KeyError: if a word is not in the vocabulary.
        """
        return float(np.clip(self.unit_vectors[self.id(one)] @ self.unit_vectors[self.id(other)], -1, 1))

    def nearest(self, word, count: int = 10, among: int | None = None) -> list[tuple[str, float]]:
        """Return the `count` words with the highest cosine to a word or vector, best first; never the word itself.

        Args:
            word: a word, or a vector of `dim` numbers.
            among: look only among this many most frequent words.

        Raises:
            KeyError: if the word is not in the vocabulary.
            ValueError: if a vector has another length, or is zero, NaN or infinite; if count or among is below 1.
        """
        if isinstance(word, str):
            return self._best(self.unit_vectors[self.id(word)], count, {self.id(word)}, among)
        return self._best(self._as_direction(word), count, set(), among)

    def analogy(self, a: str, b: str, c: str, count: int = 5, among: int | None = None) -> list[tuple[str, float]]:
        """Answer "a is to b as c is to ...?": the words nearest to b - a + c, best first, without a, b and c.

        man : king = woman : ? is `analogy("man", "king", "woman")`, so king - man + woman. Each vector counts with
        length 1. Source: T. Mikolov, W. Yih, G. Zweig, "Linguistic Regularities in Continuous Space Word
        Representations", NAACL 2013, section 4 (3CosAdd).

        Raises:
            KeyError: if a word is not in the vocabulary.
        """
        ids = [self.id(word) for word in (a, b, c)]
        first, second, third = self.unit_vectors[ids]
        return self._best(self._as_direction(second - first + third), count, set(ids), among)

    def _as_direction(self, vector) -> np.ndarray:
        vector = np.asarray(vector, dtype=np.float32)
        length = np.linalg.norm(vector)
        if vector.shape != self.vectors.shape[1:] or not np.isfinite(length) or length == 0:
            raise ValueError(f"Expected a word, or a finite vector of {self.vectors.shape[1]} numbers that are not all "
                             f"0; found {vector!r:.60} of shape {vector.shape}.")
        return vector / length

    def _best(self, direction, count: int, without: set[int], among: int | None) -> list[tuple[str, float]]:
        _check_at_least_one(count, among)
        cosines = np.clip(self.unit_vectors[:among] @ direction, -1, 1)
        wanted = min(count + len(without), len(cosines))
        best = np.argpartition(-cosines, wanted - 1)[:wanted]
        best = best[np.argsort(-cosines[best], kind="stable")]
        return [(self.words[i], float(cosines[i])) for i in best if i not in without][:count]

    def analogy_accuracy(self, sections: dict[str, list], among: int = 30_000) -> dict[str, tuple[int, int]]:
        """Answer questions by section, and return (right, asked) of each; the best word must be the right one.

        A question counts if its four words are among the `among` most frequent, in small letters if need be.

        Args:
            sections: name -> rows of four words, as `datasets.load_analogies` gives.

        Raises:
            TypeError: if the sections are something else.
            ValueError: if among is below 1.
        """
        _check_at_least_one(1, among)
        lists = sections.values() if isinstance(sections, Mapping) else [None]
        rows = [row for rows in lists for row in (rows if isinstance(rows, Sequence) else [None])]
        if not all(isinstance(row, Sequence) and len(row) == 4 and all(isinstance(word, str) for word in row) for row in rows):
            raise TypeError("Expected sections, {name: rows of four words}, as datasets.load_analogies() gives.")
        table = self.unit_vectors[:among]
        results = {}
        for name, questions in sections.items():
            ids = np.array([[self._known(word, among) for word in question] for question in questions], dtype=object)
            ids = ids[[None not in row for row in ids]].astype(int).reshape(-1, 4)
            right = 0
            for chunk in np.array_split(ids, len(ids) // 500 + 1):
                a, b, c, expected = chunk.T
                cosines = (table[b] - table[a] + table[c]) @ table.T
                np.put_along_axis(cosines, chunk[:, :3], -np.inf, axis=1)
                right += int((cosines.argmax(axis=1) == expected).sum())
            results[name] = right, len(ids)
        return results

    def _known(self, word: str, among: int | None = None) -> int | None:
        number = self._ids.get(word, self._ids.get(word.lower()))
        return None if number is None or (among is not None and number >= among) else number

    def save(self, path) -> None:
        """Write the word2vec binary format (`.bin`) or text format (any other ending), which gensim and others read.

        The file appears under its name only when it is whole. Either format keeps float32 exactly.

        Raises:
            ValueError: if a word is empty or holds white space, which these formats use to end a word.
        """
        from gensim.models import KeyedVectors

        for word in self.words:
            if word.split() != [word]:
                raise ValueError(f"The word {word!r} is empty or holds white space, which ends a word in this format. "
                                 "Join its parts, for example by '_'.")
        table = KeyedVectors(self.vectors.shape[1])
        table.add_vectors(self.words, self.vectors)
        with files.atomic_write(path) as unfinished:
            table.save_word2vec_format(unfinished, binary=unfinished.suffix == ".bin")


class _UnknownWordError(KeyError):
    """A KeyError whose message is shown as a sentence, not quoted."""

    def __str__(self) -> str:
        return str(self.args[0])
