"""Text as numbers: ids of its characters, streams for a stateful network, and models that only count.

The alphabet is any string of different characters, in any script; the 27 of `ALPHABET` where none is given.
NumPy alone; the network that learns from this is in `utils.models.charlm`.
"""

import math

import numpy as np

from utils.text.markup import check_text

ALPHABET = " abcdefghijklmnopqrstuvwxyz"


def alphabet_of(text: str) -> str:
    """Return the different characters of a text, sorted: the alphabet for a text of one's own, in any language.

    Raises:
        ValueError: if the text is empty.
    """
    if not check_text(text, "alphabet_of"):
        raise ValueError("An alphabet needs a text; this one is empty. Was the file read?")
    return "".join(sorted(set(text)))


def encode(text: str, alphabet: str = ALPHABET) -> np.ndarray:
    """Return the id of every character, int32: its place in the alphabet; for the 27, 0 is the space and 1 ... 26 are a ... z.

    Raises:
        TypeError: if one of them is no text.
        ValueError: if another character occurs, or the alphabet is empty or holds a character twice.
    """
    codes, known = (_code_points(check_text(value, "encode")) for value in (text, alphabet))
    order = np.argsort(known, kind="stable")
    if not len(known) or (np.diff(known[order]) == 0).any():
        raise ValueError(f"An alphabet holds each character once; found {len(known)} characters, {len(set(alphabet))} different. "
                         "Use alphabet_of(text).")
    ids = order[np.minimum(np.searchsorted(known[order], codes), len(known) - 1)]
    if (known[ids] != codes).any():
        position = int(np.argmax(known[ids] != codes))
        where = f"Character {text[position]!r} at position {position} is none of the {len(alphabet)}"
        raise ValueError(f"{where}: space and a-z. Bring the text into this form with text.normalise_letters."
                         if alphabet == ALPHABET else f"{where} of this alphabet. Make the alphabet of all your text, with "
                         "alphabet_of(text), or leave the character out.")  # fmt: skip
    return ids.astype(np.int32)


def _code_points(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def decode(ids, alphabet: str = ALPHABET) -> str:
    """Return the characters of ids.

    Raises:
        ValueError: if an id is no place in the alphabet.
    """
    return _code_points(alphabet)[as_ids(ids, len(alphabet))].tobytes().decode("utf-32-le", "surrogatepass")


def as_ids(ids, letters: int = len(ALPHABET)) -> np.ndarray:
    """Return ids as a flat int32 array, or raise a ValueError if they are no ids of an alphabet of so many letters."""
    ids = np.asarray(ids)
    if ids.ndim != 1 or (ids.size and ids.dtype.kind not in "iu"):
        raise ValueError(f"Expected a flat array of whole numbers, found shape {ids.shape}, {ids.dtype}. "
                         "Use encode(text).")
    if ids.size and not 0 <= ids.min() <= ids.max() < letters:
        raise ValueError(f"Letter ids go from 0 to {letters - 1}; found {ids.min()} to {ids.max()}.")
    return ids.astype(np.int32, copy=False)


def stream_batches(ids, batch_size: int, unroll: int, letters: int = len(ALPHABET)) -> tuple[np.ndarray, np.ndarray]:
    """Cut a text into `batch_size` streams and return what the network reads and must answer, round by round.

    Stream i is the i-th part of the text; round r holds its letters r * unroll ... r * unroll + unroll - 1.
    So row i of a round goes on where row i of the round before stopped. The answer to a letter is the next
    letter of the text. Letters at the end of a stream that fill no whole round are left out. `letters` is how
    many the alphabet has.

    Returns:
        inputs, answers: int32, (rounds, batch_size, unroll).

    Raises:
        ValueError: if the text is too short for one round, or a size is below 1.
    """
    ids = as_ids(ids, letters)
    for name, size in (("batch_size", batch_size), ("unroll", unroll)):
        if size < 1:
            raise ValueError(f"{name} is at least 1, not {size}.")
    length = (len(ids) - 1) // batch_size
    rounds = length // unroll
    if rounds < 1:
        raise ValueError(
            f"{len(ids)} letters are too few: one round of {batch_size} streams of {unroll} letters needs "
            f"{batch_size * unroll + 1}. Take a longer text, or smaller sizes."
        )
    inputs, answers = (
        ids[shift:shift + batch_size * length].reshape(batch_size, length)[:, :rounds * unroll]
        .reshape(batch_size, rounds, unroll).swapaxes(0, 1)
        for shift in (0, 1)
    )
    return inputs, answers


class NgramModel:
    """Counts which letter follows the `order - 1` letters before it, and mixes in shorter contexts.

    Kept are the runs of letters that occur, sorted, not a place for each that might: the memory goes with the text.

    Source: I. H. Witten, T. C. Bell, "The zero-frequency problem", IEEE Trans. Information Theory 37 (1991),
    method C, interpolated: p(c | context) = (n(context c) + d p(c | shorter context)) / (n(context) + d), where d
    is the number of different letters seen after the context. Below one letter stands 1 / letters.
    """

    def __init__(self, order: int, ids, letters: int = len(ALPHABET)):
        """Count a text. `order` 1 looks at no letter before, 5 at four; `letters` is how many the alphabet has.

        Raises:
            ValueError: if `order` is below 1, or longer than a run of letters that an int64 can number: 13 for 27 letters.
        """
        largest = int(63 / math.log2(max(letters, 2)))
        if not 1 <= order <= largest:
            raise ValueError(f"order is 1 ... {largest}, not {order}: longer runs of {letters} letters fit no 64-bit number.")
        self.order, self.letters = order, letters
        self._counts = [_count(_codes(as_ids(ids, letters), n, letters), letters) for n in range(1, order + 1)]

    def size(self, order: int | None = None) -> int:
        """Return how many different runs of up to `order` letters were counted; None: of all lengths. Raises as `probabilities`."""
        return sum(len(runs) for runs, *_ in self._counts[: self._order(order)])

    def probabilities(self, ids, order: int | None = None) -> np.ndarray:
        """Return p of every letter given the letters before it, (len(ids),); the first ones have less context.

        Args:
            ids: of the text.
            order: look at fewer letters than were counted; None: at all.

        Raises:
            ValueError: if `order` is outside 1 ... the model's own.
        """
        order = self._order(order)
        ids = as_ids(ids, self.letters)
        p = np.full(len(ids), 1 / self.letters)
        for n, (runs, times, contexts, total, different) in enumerate(self._counts[:order], start=1):
            codes, shorter = _codes(ids, n, self.letters), p[n - 1:]
            after, kinds = (_look_up(contexts, values, codes // self.letters) for values in (total, different))
            p[n - 1:] = np.where(after > 0, (_look_up(runs, times, codes) + kinds * shorter) / np.maximum(after + kinds, 1),
                                 shorter)
        return p

    def _order(self, order: int | None) -> int:
        order = self.order if order is None else order
        if order not in range(1, self.order + 1):
            raise ValueError(f"order is 1 ... {self.order} for this model, not {order}. Count a text with a larger order.")
        return order

    def bits_per_character(self, ids, order: int | None = None) -> float:
        """Return the mean of -log2 p over all letters but the first, as for a network.

        Raises:
            ValueError: as `probabilities`, or if there are fewer than two letters.
        """
        if len(ids) < 2:
            raise ValueError(f"Expected at least two letters, found {len(ids)}: nothing is predicted of the first. Take a longer text.")
        return float(-np.log2(self.probabilities(ids, order)[1:]).mean())


def _count(codes: np.ndarray, letters: int) -> tuple[np.ndarray, ...]:
    """Return the runs that occur and how often; their contexts, how often, and how many letters were seen after each."""
    runs, times = np.unique(codes, return_counts=True)
    contexts, first, different = np.unique(runs // letters, return_index=True, return_counts=True)
    total = np.add.reduceat(times, first) if len(times) else times
    return runs, times, contexts, total, different


def _look_up(keys: np.ndarray, values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the value of every wanted key; 0 where there is no such key. `keys` is sorted."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0)


def _codes(ids: np.ndarray, n: int, letters: int) -> np.ndarray:
    """Return each run of n letters as one number in base `letters`."""
    count = max(0, len(ids) - n + 1)
    codes = np.zeros(count, np.int64)
    for i in range(n):
        codes = codes * letters + ids[i:i + count]
    return codes
