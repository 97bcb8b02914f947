"""Text of 27 letters as numbers: ids, streams for a stateful network, and models that only count.

NumPy alone; the network that learns from this is in `utils.models.charlm`.
"""

import numpy as np

ALPHABET = " abcdefghijklmnopqrstuvwxyz"
_LARGEST_ORDER = 13  # 27**13 is the largest power that an int64 holds


def encode(text: str) -> np.ndarray:
    """Return the id of every letter, int32: 0 for the space, 1 ... 26 for a ... z.

    Raises:
        ValueError: if another character occurs.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    is_letter = (codes == ord(" ")) | ((codes >= ord("a")) & (codes <= ord("z")))
    if not is_letter.all():
        position = int(np.argmin(is_letter))
        raise ValueError(
            f"Character {text[position]!r} at position {position} is none of the 27: space and a-z. "
            "Bring the text into this form with text.normalise_letters."
        )
    return np.where(codes == ord(" "), 0, codes.astype(np.int32) - ord("a") + 1).astype(np.int32)


def decode(ids) -> str:
    """Return the letters of ids 0 ... 26.

    Raises:
        ValueError: if an id is outside.
    """
    return np.frombuffer(ALPHABET.encode(), np.uint8)[as_ids(ids)].tobytes().decode()


def as_ids(ids) -> np.ndarray:
    """Return ids as a flat int32 array, or raise a ValueError if they are no ids of letters."""
    ids = np.asarray(ids)
    if ids.ndim != 1 or (ids.size and ids.dtype.kind not in "iu"):
        raise ValueError(f"Expected a flat array of whole numbers, found shape {ids.shape}, {ids.dtype}. "
                         "Use encode(text).")
    if ids.size and not 0 <= ids.min() <= ids.max() < len(ALPHABET):
        raise ValueError(f"Letter ids go from 0 to {len(ALPHABET) - 1}; found {ids.min()} to {ids.max()}.")
    return ids.astype(np.int32, copy=False)


def stream_batches(ids, batch_size: int, unroll: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut a text into `batch_size` streams and return what the network reads and must answer, round by round.

    Stream i is the i-th part of the text; round r holds its letters r * unroll ... r * unroll + unroll - 1.
    So row i of a round goes on where row i of the round before stopped. The answer to a letter is the next
    letter of the text. Letters at the end of a stream that fill no whole round are left out.

    Returns:
        inputs, answers: int32, (rounds, batch_size, unroll).

    Raises:
        ValueError: if the text is too short for one round, or a size is below 1.
    """
    ids = as_ids(ids)
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
    is the number of different letters seen after the context. Below one letter stands 1/27.
    """

    def __init__(self, order: int, ids):
        """Count a text. `order` 1 looks at no letter before, 5 at four.

        Raises:
            ValueError: if `order` is outside 1 ... 13.
        """
        if not 1 <= order <= _LARGEST_ORDER:
            raise ValueError(f"order is 1 ... {_LARGEST_ORDER}, not {order}: longer runs of letters fit no 64-bit number.")
        self.order = order
        self._counts = [_count(_codes(as_ids(ids), n)) for n in range(1, order + 1)]

    def size(self, order: int | None = None) -> int:
        """Return how many different runs of up to `order` letters were counted; None: of all lengths."""
        return sum(len(runs) for runs, *_ in self._counts[:order])

    def probabilities(self, ids, order: int | None = None) -> np.ndarray:
        """Return p of every letter given the letters before it, (len(ids),); the first ones have less context.

        Args:
            ids: of the text.
            order: look at fewer letters than were counted; None: at all.

        Raises:
            ValueError: if `order` is outside 1 ... the model's own.
        """
        order = self.order if order is None else order
        if not 1 <= order <= self.order:
            raise ValueError(f"order is 1 ... {self.order} for this model, not {order}. Count a text with a larger order.")
        ids = as_ids(ids)
        p = np.full(len(ids), 1 / len(ALPHABET))
        for n, (runs, times, contexts, total, different) in enumerate(self._counts[:order], start=1):
            codes, shorter = _codes(ids, n), p[n - 1:]
            after, kinds = (_look_up(contexts, values, codes // len(ALPHABET)) for values in (total, different))
            p[n - 1:] = np.where(after > 0, (_look_up(runs, times, codes) + kinds * shorter) / np.maximum(after + kinds, 1),
                                 shorter)
        return p

    def bits_per_character(self, ids, order: int | None = None) -> float:
        """Return the mean of -log2 p over all letters but the first, as for a network."""
        return float(-np.log2(self.probabilities(ids, order)[1:]).mean())


def _count(codes: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the runs that occur and how often; their contexts, how often, and how many letters were seen after each."""
    runs, times = np.unique(codes, return_counts=True)
    contexts, first, different = np.unique(runs // len(ALPHABET), return_index=True, return_counts=True)
    total = np.add.reduceat(times, first) if len(times) else times
    return runs, times, contexts, total, different


def _look_up(keys: np.ndarray, values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the value of every wanted key; 0 where there is no such key. `keys` is sorted."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0)


def _codes(ids: np.ndarray, n: int) -> np.ndarray:
    """Return each run of n letters as one number in base 27."""
    count = max(0, len(ids) - n + 1)
    codes = np.zeros(count, np.int64)
    for i in range(n):
        codes = codes * len(ALPHABET) + ids[i:i + count]
    return codes
