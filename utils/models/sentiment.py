"""Is a review for or against? From a text of any kind to the probability that it is positive.

A `Classifier` is a network together with the dictionary it was trained with. They are saved as one .keras
file: numbers without their dictionary mean nothing.
"""

import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import keras
import numpy as np

from utils import files
from utils.models import keras_files
from utils.text import english

UNTRAINED = "its answers would mean nothing. Call fit first."
DICTIONARY, SETTINGS = "dictionary.json", "classifier.json"  # members added to the .keras file, a zip archive

LENGTH_STEP = 16  # reviews of nearly the same length are read in one batch


def words(review: str) -> list[str]:
    """Return the words of a review, HTML removed, in lower case."""
    return english.tokenise(english.strip_html(review))


def with_bigrams(tokens: Sequence[str]) -> list[str]:
    """Return the words and, after them, every two that stand side by side: `not good` is one item then.

    Raises:
        TypeError: if it is a text instead of its words.
    """
    if isinstance(tokens, str | bytes):
        raise TypeError(f"with_bigrams() needs a list of words, not a {type(tokens).__name__}: with_bigrams(words(review)).")
    return [*tokens, *map(" ".join, zip(tokens, tokens[1:], strict=False))]


def distinct_ids(vocabulary: english.Vocabulary, items: Sequence[str]) -> np.ndarray:
    """Return the ids of the items, each once and in order of size, unknown ones left out: a bag.

    The size of an id tells how rare the item is, so whoever cuts a long bag at its end loses the rarest.
    """
    if not isinstance(vocabulary, english.Vocabulary):
        raise TypeError(f"Expected a Vocabulary, found {type(vocabulary).__name__}. Make one: english.Vocabulary(token_lists).")
    if not all(issubclass(kind, str) for kind in {*map(type, items)}):
        raise TypeError(f"Expected words, each a str, found {items!r:.60}. Cut the review first: words(review).")
    ids = np.unique(vocabulary.encode(items)).astype(np.int32)
    return ids[ids > vocabulary.UNKNOWN]


class ByLength(keras.utils.PyDataset):
    """Batches of reviews that are about equally long, cut to the longest of them: a recurrent network then
    reads little padding. Which reviews come together, and in which order, changes from epoch to epoch.

    Keras sees from the first two batches whether batches differ in width. If these two happen to be equally wide, the second
    gets one more column of 0; else Keras would refuse the first batch of another width.
    """

    def __init__(self, ids: np.ndarray, labels: np.ndarray, batch_size: int = 128, seed: int = 0):
        """Take ids of shape (number, length), padded at the end with 0, and as many labels.

        Raises:
            ValueError: if there are no reviews, not as many labels as reviews, or batch_size is below 1.
        """
        super().__init__()
        if not len(ids):
            raise ValueError("There are no reviews to make batches of. Give at least one.")
        if len(ids) != len(labels):
            raise ValueError(f"There are {len(ids)} reviews but {len(labels)} labels. Give one each.")
        if batch_size < 1:
            raise ValueError(f"batch_size is at least 1, not {batch_size}.")
        self.ids, self.labels, self.batch_size = ids, np.asarray(labels), batch_size
        self._lengths, self._random = np.count_nonzero(ids, axis=1), np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self) -> int:
        """Return the number of batches."""
        return -(-len(self.ids) // self.batch_size)

    def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Return ids and labels of one batch."""
        chosen, width = self._batches[number], self._width(number)
        if number == 1 and width == self._width(0):
            return np.pad(self.ids[chosen, :width], ((0, 0), (0, 1))), self.labels[chosen]
        return self.ids[chosen, :width], self.labels[chosen]

    def _width(self, number: int) -> int:
        return max(1, int(self._lengths[self._batches[number]].max()))

    def on_epoch_end(self) -> None:
        """Put the reviews into new batches."""
        about_equal = self._lengths * self._random.uniform(0.9, 1.1, len(self._lengths))
        batches = np.array_split(np.argsort(about_equal), len(self))
        self._batches = [batches[i] for i in self._random.permutation(len(batches))]


class Classifier:
    """A network that reads `length` ids and answers with one probability, and its dictionary.

    Attributes:
        model: Keras model from (any number, length) int32 to (any number, 1) in 0 ... 1.
        vocabulary: what the ids mean. Id 0 is padding and stands after the text.
        length: how many ids a review becomes; longer ones are cut.
        bigrams: False: the ids of the words in order; of a long review the end is kept, where reviews come to
            their point. True: a bag of words and pairs of words (`distinct_ids`), of which the rarest go.
    """

    def __init__(self, model, vocabulary: english.Vocabulary, length: int, bigrams: bool = False):
        """Put the two together.

        Raises:
            ValueError: if the network's input or output does not fit.
        """
        _check_fits(model, vocabulary, length)
        self.model, self.vocabulary, self.length, self.bigrams = model, vocabulary, length, bigrams

    def vectorise(self, reviews: Iterable[str]) -> np.ndarray:
        """Return int32 of shape (number of reviews, length), filled up with 0 at the end.

        A review without anything known becomes a single 1, "unknown word": with padding alone, a network that
        skips padding would have nothing to read.

        Raises:
            TypeError: if a review is no string, or there is one string in place of a list.
        """
        if isinstance(reviews, str):
            raise TypeError("vectorise() needs a list of reviews, not a str: vectorise([review]).")
        return self.vectorise_tokens(words(review) for review in reviews)

    def vectorise_tokens(self, token_lists: Iterable[Sequence[str]]) -> np.ndarray:
        """Return what `vectorise` does, for reviews that `words` has been applied to."""
        ids = [self._ids(tokens) for tokens in token_lists]
        return english.pad(ids, self.length, keep="first" if self.bigrams else "last")

    def _ids(self, tokens: Sequence[str]):
        ids = distinct_ids(self.vocabulary, with_bigrams(tokens)) if self.bigrams else self.vocabulary.encode(tokens)
        return ids if len(ids) else [self.vocabulary.UNKNOWN]

    def probabilities(self, reviews: Iterable[str]) -> np.ndarray:
        """Return for each review the probability that it is positive, float64 in 0 ... 1."""
        return self.probabilities_of_ids(self.vectorise(reviews))

    def probabilities_of_ids(self, ids: np.ndarray) -> np.ndarray:
        """Return what `probabilities` does, for what `vectorise` has returned.

        A network of any length reads each review with a filling that depends on that review alone, so that the answer does
        not depend on its neighbours, whether or not the network has a mask.
        """
        ids = np.asarray(ids)
        if ids.ndim != 2 or ids.shape[1] > self.length or ids.dtype.kind not in "iu" \
                or not (ids.min(initial=0) >= 0 and ids.max(initial=0) < len(self.vocabulary)):
            raise ValueError(f"Expected ids (reviews, {self.length}), whole numbers below {len(self.vocabulary)}; found "
                             f"{ids.dtype} {ids.shape}. Take what vectorise(reviews) returns.")
        found, lengths = np.zeros(len(ids)), self._lengths(ids)
        for length in np.unique(lengths):
            equal = np.flatnonzero(lengths == length)
            for chosen in np.split(equal, range(256, len(equal), 256)):
                found[chosen] = np.asarray(self.model.predict_on_batch(ids[chosen, :length]))[:, 0]
        return found

    def _lengths(self, ids: np.ndarray) -> np.ndarray:
        """Return how many ids of each row the network is to read: of a network of any length, in whole steps."""
        if self.model.input_shape[1] is not None:
            return np.full(len(ids), self.length)
        steps = np.maximum(1, -(-np.count_nonzero(ids, axis=1) // LENGTH_STEP))
        return np.minimum(steps * LENGTH_STEP, self.length)

    def probability(self, review: str) -> float:
        """Return the probability that one review is positive.

        Any text will do: without a known word (empty, Chinese, only emoji) the answer is what the network
        thinks of a text it cannot read. `known_words` tells.

        Raises:
            TypeError: if it is no string.
        """
        return float(self.probabilities([review])[0])

    def known_words(self, review: str) -> tuple[int, int]:
        """Return how many words of a review the dictionary has, and how many there are."""
        tokens = words(review)
        return sum(token in self.vocabulary for token in tokens), len(tokens)

    def save(self, path: str | os.PathLike) -> None:
        """Write network and dictionary as one .keras file.

        Raises:
            ValueError: if the network has not been trained, or the name does not end in .keras.
        """
        path = Path(path)
        if path.suffix != ".keras":
            raise ValueError(f"The name of the file must end in .keras: {path.name}.")
        keras_files.check_trained(self.model, "This network", UNTRAINED)
        with files.atomic_write(path) as unfinished:
            dictionary = unfinished.with_name(DICTIONARY)
            self.model.save(unfinished)
            self.vocabulary.save(dictionary)
            with zipfile.ZipFile(unfinished, "a", zipfile.ZIP_DEFLATED) as archive:
                archive.write(dictionary, DICTIONARY)
                archive.writestr(SETTINGS, json.dumps({"length": self.length, "bigrams": self.bigrams}))

    @classmethod
    def load(cls, path: str | os.PathLike) -> "Classifier":
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if it is no such file, has no dictionary, was never trained, or the parts do not fit.
        """
        path = Path(path)
        model = keras_files.load(path, save_with="Classifier.save")
        try:
            with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
                if not {DICTIONARY, SETTINGS} <= set(archive.namelist()):
                    raise ValueError(f"{path} holds no dictionary, so its ids mean nothing. Write it with "
                                     "Classifier.save, not with model.save.")
                dictionary = Path(folder, DICTIONARY)
                dictionary.write_bytes(archive.read(DICTIONARY))
                vocabulary = english.Vocabulary.load(dictionary)
                settings = json.loads(archive.read(SETTINGS))
        except (zipfile.BadZipFile, OSError, KeyError, TypeError) as error:
            raise ValueError(f"{path} is not a whole .keras file: {str(error).strip().splitlines()[0]}") from None
        keras_files.check_trained(model, path, UNTRAINED)
        return cls(model, vocabulary, settings["length"], settings["bigrams"])


def _check_fits(model, vocabulary: english.Vocabulary, length: int) -> None:
    found, expected = (tuple(model.input_shape), tuple(model.output_shape)), f"(None, {length}) to (None, 1)"
    if found not in (((None, length), (None, 1)), ((None, None), (None, 1))):
        raise ValueError(f"The network maps {found[0]} to {found[1]}; expected {expected}: ids to one probability.")
    embeddings = [layer for layer in model.layers if isinstance(layer, keras.layers.Embedding)]
    for layer in embeddings:
        if layer.input_dim != len(vocabulary):
            raise ValueError(
                f"The dictionary has {len(vocabulary):,} ids, the embedding {layer.input_dim:,}: they do not belong "
                "together. Use the dictionary that the network was trained with."
            )
