"""A small GPT: a network of attention alone that reads letters and scores each next one; its reader that keeps keys and values.

Text goes in as the ids of `utils.models.charlm`, from which the choice of the next letter comes as well. The network
sees at most `context` letters at once and has no state.
"""

from collections.abc import Collection

import keras
import numpy as np
from scipy import special

from utils.models import attention, charlm
from utils.text.letters import ALPHABET, as_ids, decode, encode

PARTS = ("mask", "positions", "attention", "feed-forward", "shortcuts", "norms")  # what `build` can leave out
EPSILON = 1e-3  # of Keras's LayerNormalization


def build(letters: int = len(ALPHABET), *, context: int = 64, width: int = 96, blocks: int = 3, heads: int = 4,
          without: Collection[str] = ()) -> keras.Model:
    """Return a GPT from ids, (texts, at most `context`), to a score for what follows each, (texts, ids, letters).

    Args:
        letters: how many the alphabet has.
        context: the longest text it can read.
        width: numbers for each letter; a multiple of `heads`.
        blocks: pairs of attention and feed-forward.
        without: parts to leave out, of `PARTS`; the rest stays as it is.

    Raises:
        ValueError: if a size is below 1, `heads` does not divide `width`, or there is no such part.

    Sources: A. Radford et al., "Language Models are Unsupervised Multitask Learners", 2019, section 2.3: norms come first
    in a block, and once at the end; A. Vaswani et al., "Attention Is All You Need", 2017, section 3.
    """
    _check(without, letters=letters, context=context, width=width, blocks=blocks, heads=heads)
    layers = keras.layers

    def norm(x):
        return x if "norms" in without else layers.LayerNormalization(epsilon=EPSILON)(x)

    def add(x, change):
        return change if "shortcuts" in without else x + change

    ids = keras.Input((None,), dtype="int32")
    x = layers.Embedding(letters, width, keras.initializers.RandomNormal(stddev=0.5))(ids)
    if "positions" not in without:
        x = _waves(attention.Positions(context), context, width)(x)
    for _ in range(blocks):
        if "attention" not in without:
            h = norm(x)
            look = layers.MultiHeadAttention(heads, width // heads, use_bias=False)
            x = add(x, look(h, h, use_causal_mask="mask" not in without))
        if "feed-forward" not in without:
            h = layers.Dense(4 * width, activation="relu")(norm(x))
            x = add(x, layers.Dense(width)(h))
    return keras.Model(ids, layers.Dense(letters, dtype="float32")(norm(x)))


def _waves(places: keras.layers.Layer, context: int, width: int) -> keras.layers.Layer:
    """Start the learned vectors of the places as sines and cosines, the waves longer and longer (Vaswani et al., section 3.5)."""
    turns = np.arange(context)[:, None] * 1000.0 ** -np.linspace(0, 1, (width + 1) // 2)
    places.build((None, None, width))
    places.set_weights([np.sqrt(0.5) * np.concatenate([np.sin(turns), np.cos(turns)], axis=1)[:, :width]])
    return places


def _check(without, **sizes) -> None:
    attention.check_sizes(**sizes)
    if isinstance(without, str) or (strange := set(without) - set(PARTS)):
        raise ValueError(f"without is a list of parts, of {', '.join(PARTS)}; found {without if isinstance(without, str) else strange}.")


def windows(ids, context: int, number: int, seed: int | list[int] = 0, letters: int = len(ALPHABET)) -> tuple[np.ndarray, np.ndarray]:
    """Return what a network reads and must answer at so many random places of a text: int32, (number, context) both.

    The answer to a letter is the next letter.

    Raises:
        ValueError: if `context` or `number` is below 1, or the text has not even context + 1 letters.
    """
    ids = as_ids(ids, letters)
    if context < 1 or number < 1:
        raise ValueError(f"context and number are at least 1, not {context} and {number}.")
    if len(ids) <= context:
        raise ValueError(f"{len(ids)} letters are too few for a window of {context} and one more. Take a longer text.")
    places = np.random.default_rng(seed).integers(len(ids) - context, size=number)
    cut = np.lib.stride_tricks.sliding_window_view(ids, context + 1)[places]
    return cut[:, :-1], cut[:, 1:]


def letter_bits(model: keras.Model, ids, context: int, batch_size: int = 128) -> np.ndarray:
    """Return -log2 p(letter | letters before it) for each letter of a text but its first, (len(ids) - 1,).

    The network reads windows of `context` letters, each half a window further on. So each letter is scored once, with at
    least half a window before it (but for the first letters of the text) and at most all of one.

    Raises:
        ValueError: if the text has not even context + 1 letters, `context` is below 2, or `batch_size` below 1.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size is at least 1, not {batch_size}.")
    ids = as_ids(ids, model.output_shape[-1])
    asked = len(ids) - 1
    if not 2 <= context <= asked:
        raise ValueError(f"A context of 2 to {asked} letters is wanted for a text of {len(ids)}, not {context}.")
    step = context // 2
    starts = np.append(np.arange(0, asked - context, step), asked - context)  # the last window ends with the text
    bits, done = np.empty(asked), 0
    for first in range(0, len(starts), batch_size):
        part = starts[first : first + batch_size]
        places = part[:, None] + np.arange(context)
        scores = np.asarray(model.predict_on_batch(ids[places]), dtype=np.float64)
        log_p = np.take_along_axis(special.log_softmax(scores, axis=-1), ids[places + 1][..., None], axis=-1)[..., 0]
        for start, row in zip(part, log_p, strict=True):
            bits[done : start + context] = -row[done - start :] / np.log(2)  # what no window before it has scored
            done = start + context
    return bits


class Reader:
    """Reads on and on with the weights of a network of `build`, in NumPy, and keeps the keys and values of what it has read.

    What was read before is not computed again: a letter costs one row of each matrix, not all rows.
    """

    def __init__(self, model: keras.Model):
        """Take the weights of a network that has all its parts.

        Raises:
            ValueError: if it is no such network.
        """
        kinds = [layer for layer in model.layers if layer.weights]
        names = [layer.__class__.__name__ for layer in kinds]
        block = ["LayerNormalization", "MultiHeadAttention", "LayerNormalization", "Dense", "Dense"]
        blocks = (len(names) - 4) // 5
        if names != ["Embedding", "Positions", *(block * blocks), "LayerNormalization", "Dense"]:
            raise ValueError(f"A Reader needs a network of transformer.build with all its parts; this one has {', '.join(names)}.")
        (self._table,), (self._places,), *rest, self._last_norm, self._scores = (
            [np.asarray(weight, np.float32) for weight in layer.get_weights()] for layer in kinds)  # fmt: skip
        self._blocks = [rest[first : first + 5] for first in range(0, len(rest), 5)]
        self.context = len(self._places)
        self.forget()

    def __len__(self) -> int:
        """Return how many letters it has read."""
        return self._kept[0][0].shape[1]

    def forget(self) -> None:
        """Forget all that was read."""
        heads, size = self._blocks[0][1][0].shape[1:]
        self._kept = [(np.empty((heads, 0, size), np.float32),) * 2 for _ in self._blocks]

    def read(self, ids) -> np.ndarray:
        """Read letters after those read before; return the scores for what follows each, (len(ids), letters).

        Raises:
            ValueError: if these are no ids, none at all, or more than `context` together with what was read before.
        """
        ids, past = as_ids(ids, len(self._table)), len(self)
        if not 1 <= len(ids) <= self.context - past:
            raise ValueError(f"{len(ids)} letters do not fit: {past} of {self.context} have been read. "
                             "Read 1 or more, and forget() first where there is no room.")  # fmt: skip
        places = np.arange(past, past + len(ids))
        may_look = np.arange(past + len(ids)) <= places[:, None]
        x = self._table[ids] + self._places[places]
        for number, (norm_1, (Wq, Wk, Wv, Wo), norm_2, up, down) in enumerate(self._blocks):
            h = _norm(x, *norm_1)
            q, k, v = (np.einsum("tw,whd->htd", h, W) for W in (Wq, Wk, Wv))
            k, v = self._kept[number] = tuple(
                np.concatenate(pair, axis=1) for pair in zip(self._kept[number], (k, v), strict=True))  # fmt: skip
            seen, _ = attention.attend(q, k, v, may_look)
            x = x + np.einsum("htd,hdw->tw", seen.astype(np.float32), Wo)
            x = x + np.maximum(_norm(x, *norm_2) @ up[0] + up[1], 0) @ down[0] + down[1]
        return _norm(x, *self._last_norm) @ self._scores[0] + self._scores[1]


def _norm(x: np.ndarray, scale: np.ndarray, shift: np.ndarray) -> np.ndarray:
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON) * scale + shift


def generate(model: keras.Model, start: str = " ", length: int = 1000, *, alphabet: str = ALPHABET, temperature: float = 1.0,
             top_k: int | None = None, top_p: float | None = None, seed: int = 0) -> str:
    """Return `start` and so many letters after it that there are `length` in all; the same seed writes the same.

    Keys and values are kept. When the context is full, the last half of it is read again, and writing goes on.

    Args:
        temperature, top_k, top_p: as in `charlm.next_letter_probabilities`.

    Raises:
        ValueError: if `start` is empty or holds another character, the alphabet is not the network's, or a setting is out
            of range.
    """
    charlm.check_start(model, start, alphabet)
    written, reader, dice = encode(start, alphabet).tolist(), Reader(model), np.random.default_rng(seed)
    unread = written[-reader.context :]
    for _ in range(length - len(written)):
        if len(reader) + len(unread) > reader.context:
            reader.forget()
            unread = written[-max(1, reader.context // 2) :]
        p = charlm.next_letter_probabilities(reader.read(unread)[-1], temperature, top_k, top_p)
        unread = [int(dice.choice(len(alphabet), p=p))]
        written += unread
    return start + decode(np.array(written[len(start) :], np.int32), alphabet)
