"""Text of 27 letters as numbers: ids, streams for a stateful network, and models that only count.

NumPy alone; the network that learns from this is in `utils.models.charlm`.
"""

import numpy as np

ALPHABET = " abcdefghijklmnopqrstuvwxyz"
_LARGEST_ORDER = 5  # counts of order 5 take 27**5 places, 115 MB


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

    Source: I. H. Witten, T. C. Bell, "The zero-frequency problem", IEEE Trans. Information Theory 37 (1991),
    method C, interpolated: p(c | context) = (n(context c) + d p(c | shorter context)) / (n(context) + d), where d
    is the number of different letters seen after the context. Below one letter stands 1/27.
    """

    def __init__(self, order: int, ids):
        """Count a text. `order` 1 looks at no letter before, 5 at four.

        Raises:
            ValueError: if `order` is outside 1 ... 5.
        """
        if not 1 <= order <= _LARGEST_ORDER:
            raise ValueError(f"order is 1 ... {_LARGEST_ORDER}, not {order}: counts take 27 ** order places.")
        ids, size = as_ids(ids), len(ALPHABET)
        self.order = order
        self._counts = [np.bincount(_codes(ids, n), minlength=size ** n).reshape(-1, size)
                        for n in range(1, order + 1)]

    def probabilities(self, ids) -> np.ndarray:
        """Return p of every letter given the letters before it, (len(ids),); the first ones have less context."""
        ids = as_ids(ids)
        p = np.full(len(ids), 1 / len(ALPHABET))
        for n, counts in enumerate(self._counts, start=1):
            context, letter = np.divmod(_codes(ids, n), len(ALPHABET))
            total, different = counts.sum(axis=1)[context], (counts > 0).sum(axis=1)[context]
            shorter = p[n - 1:]
            seen = np.maximum(total + different, 1)
            p[n - 1:] = np.where(total > 0, (counts[context, letter] + different * shorter) / seen, shorter)
        return p

    def bits_per_character(self, ids) -> float:
        """Return the mean of -log2 p over all letters but the first, as for a network."""
        return float(-np.log2(self.probabilities(ids)[1:]).mean())


def _codes(ids: np.ndarray, n: int) -> np.ndarray:
    """Return each run of n letters as one number in base 27."""
    count = max(0, len(ids) - n + 1)
    codes = np.zeros(count, np.int64)
    for i in range(n):
        codes = codes * len(ALPHABET) + ids[i:i + count]
    return codes
