"""A pretrained text encoder: texts in, vectors out that lie close where the meanings do.

The network is BERT's encoder, in Keras; the weights are published ones, read by their names.
"""

from collections.abc import Mapping, Sequence

import keras
import numpy as np

from utils.data import datasets
from utils.models import attention
from utils.text.wordpiece import WordPiece

MOST = 256  # pieces of a text that its authors let MiniLM read
NORM_EPSILON = 1e-12


def build(pieces: int = 30_522, positions: int = 512, width: int = 384, hidden: int = 1_536, layers: int = 6,
          heads: int = 12) -> keras.Model:
    """Return an untrained encoder from ids, (texts, length) int32 filled up with 0, to two outputs.

    The defaults are MiniLM's. The outputs: a vector of each place, (texts, length, width); their mean over what is no
    filling, of length 1: the vector of the text, (texts, width).

    Raises:
        ValueError: if a size is below 1, or `heads` does not divide `width`.

    Source: J. Devlin et al., "BERT", 2018; N. Reimers and I. Gurevych, "Sentence-BERT", 2019, section 3 (the mean).
    """
    attention.check_sizes(width, heads, pieces=pieces, positions=positions, hidden=hidden, layers=layers)
    ops, Norm = keras.ops, keras.layers.LayerNormalization
    ids = keras.Input((None,), dtype="int32", name="ids")
    real = ops.not_equal(ids, attention.PAD)
    place = ops.cumsum(ops.ones_like(ids), axis=1) - 1
    tables = [(pieces, ids, "word"), (positions, place, "position"), (2, ops.zeros_like(ids), "token_type")]
    x = sum(keras.layers.Embedding(size, width, name=f"embeddings.{name}_embeddings")(rows) for size, rows, name in tables)
    x = Norm(epsilon=NORM_EPSILON, name="embeddings.LayerNorm")(x)
    for number in range(layers):
        name = f"encoder.layer.{number}"
        look = keras.layers.MultiHeadAttention(heads, width // heads, name=f"{name}.attention")
        seen = look(x, x, attention_mask=ops.expand_dims(real, 1))
        x = Norm(epsilon=NORM_EPSILON, name=f"{name}.attention.output.LayerNorm")(x + seen)
        h = keras.layers.Dense(hidden, activation="gelu", name=f"{name}.intermediate.dense")(x)
        h = keras.layers.Dense(width, name=f"{name}.output.dense")(h)
        x = Norm(epsilon=NORM_EPSILON, name=f"{name}.output.LayerNorm")(x + h)
    counts = ops.expand_dims(ops.cast(real, x.dtype), -1)
    mean = ops.sum(x * counts, axis=1) / ops.sum(counts, axis=1)
    return keras.Model(ids, [x, ops.normalize(mean, axis=-1)])


def set_weights(model: keras.Model, weights: Mapping[str, np.ndarray]) -> None:
    """Put published weights into a network of `build`, by the names of its layers.

    Raises:
        ValueError: if one is missing or has another shape: they are of another network; or is not finite. Nothing is changed then.
    """
    wanted = []
    for layer in model.layers:
        if layer.weights:
            arrays = [_published(weights, *one) for one in _names(layer)]
            wanted.append((layer, [a.reshape(v.shape) for a, v in zip(arrays, layer.weights, strict=True)]))
    for layer, arrays in wanted:
        layer.set_weights(arrays)


def _names(layer) -> list[tuple[str, tuple[int, ...]]]:
    """Return the published name and shape of each weight of a layer, in Keras's order."""
    name = layer.name
    if isinstance(layer, keras.layers.Embedding):
        return [(f"{name}.weight", tuple(layer.weights[0].shape))]
    if isinstance(layer, keras.layers.LayerNormalization):
        return [(f"{name}.{kind}", tuple(layer.weights[0].shape)) for kind in ("weight", "bias")]
    if isinstance(layer, keras.layers.MultiHeadAttention):
        width = layer.weights[0].shape[0]
        parts = [f"{name}.self.query", f"{name}.self.key", f"{name}.self.value", f"{name}.output.dense"]
        return [(f"{part}.{kind}", shape) for part in parts for kind, shape in (("weight", (width, width)), ("bias", (width,)))]
    inside, outside = layer.weights[0].shape
    return [(f"{name}.weight", (outside, inside)), (f"{name}.bias", (outside,))]


def _published(weights: Mapping[str, np.ndarray], name: str, shape: tuple[int, ...]) -> np.ndarray:
    found = None if name not in weights else tuple(weights[name].shape)
    if found != shape:
        raise ValueError(f"Expected {name!r} of shape {shape}, found {found or 'none'}: these are the weights of another "
                         "network. Build the network that they belong to, or fetch them again.")  # fmt: skip
    array = np.asarray(weights[name])
    if not np.isfinite(array).all():
        raise ValueError(f"{name!r} holds numbers that are not finite. The file is damaged; fetch it again.")
    return array.T if name.endswith(".weight") and array.ndim == 2 and "embeddings" not in name else array


class TextEncoder:
    """A network of `build` with its weights, and the WordPiece that cuts texts for it.

    Attributes:
        width: how many numbers a text becomes.
    """

    def __init__(self, model: keras.Model, wordpiece: WordPiece):
        """Put the two together.

        Raises:
            ValueError: if it is no such network, or knows another number of pieces.
        """
        if not {"embeddings.word_embeddings", "embeddings.position_embeddings"} <= {layer.name for layer in model.layers}:
            raise ValueError(f"Expected a network of text_encoder.build, found {model.name!r}. Build one and set its weights.")
        pieces, self.width = model.get_layer("embeddings.word_embeddings").weights[0].shape
        if pieces != len(wordpiece):
            raise ValueError(f"The network knows {pieces:,} pieces, the vocabulary has {len(wordpiece):,}: they do not belong "
                             "together. Give the vocabulary that it was trained with.")  # fmt: skip
        self.model, self.wordpiece = model, wordpiece
        self._positions = model.get_layer("embeddings.position_embeddings").weights[0].shape[0]

    def vectors(self, texts: Sequence[str], *, most: int = MOST, batch_size: int = 32) -> np.ndarray:
        """Return a vector of length 1 for each text, (texts, width) float32; the dot product of two is their cosine.

        Any text will do. A text of more than `most` pieces is cut; one without any (empty) still has its begin and end.

        Args:
            texts: a list of strings.
            most: pieces of a text that are read, begin and end included: 2 to the number of positions, 512 in MiniLM.
            batch_size: texts read together; those of like length are.

        Raises:
            TypeError: if a text is not a string.
            ValueError: if there is one string in place of a list, `most` does not fit, or `batch_size` is below 1.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size is at least 1, not {batch_size}.")
        if isinstance(texts, str):
            raise ValueError("Expected a list of texts, found one text. Write [text].")
        rows = [self._ids(text, most) for text in texts]
        found = np.zeros((len(rows), self.width), np.float32)
        order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
        for start in range(0, len(order), batch_size):
            part = order[start : start + batch_size]
            found[part] = self._run([rows[number] for number in part])[1]
        return found

    def states(self, text: str, *, most: int = MOST) -> tuple[list[str], np.ndarray]:
        """Return the pieces of one text, begin and end included, and the vector of each, (pieces, width).

        Raises:
            TypeError: if it is not a string.
            ValueError: if `most` does not fit.
        """
        ids = self._ids(text, most)
        return [self.wordpiece.pieces[number] for number in ids], self._run([ids])[0][0]

    def _ids(self, text: str, most: int) -> list[int]:
        if most > self._positions:
            raise ValueError(f"The network has {self._positions} positions, so it cannot read {most} pieces. Ask for fewer.")
        return self.wordpiece.encode(text, most)

    def _run(self, rows: Sequence[Sequence[int]]) -> list[np.ndarray]:
        return [keras.ops.convert_to_numpy(array) for array in self.model(attention.pad(rows), training=False)]


def load() -> TextEncoder:
    """Return MiniLM (all-MiniLM-L6-v2), which reads English and makes 384 numbers of a text.

    Raises:
        FetchError: if its file cannot be had.
    """
    files = datasets.load_minilm()
    model = build()
    set_weights(model, files.weights)
    return TextEncoder(model, WordPiece.from_json(files.tokenizer))
