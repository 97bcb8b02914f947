"""Attention, and small networks that translate with it: words and characters, batches, Keras models, decoding, chrF.

A sentence goes in as words and comes out as characters; names in Latin letters and placeholders such as {name} are one
token on both sides, so that they can be copied.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import keras
import numpy as np
from scipy import special

from utils.text import english
from utils.text.markup import check_text

PAD, UNKNOWN, BEGIN, END = range(4)  # ids that are no word
SPECIAL = ("", "�", "⟨", "⟩")  # how they are written
TOKEN = re.compile(r"\{[^{}\s]*\}|[A-Za-z0-9À-ɏ]+(?:['’.][A-Za-z0-9À-ɏ]+)*|\S")
LONGEST_SOURCE = 64  # tokens; the sentences to learn from have about 16 words
LONGEST_TARGET = 32
CHRF_ORDER, CHRF_BETA = 6, 2.0


def tokens(text: str) -> list[str]:
    """Cut a text: a run of Latin letters and digits or a placeholder {name} is one token, as is any other character.

    Raises:
        TypeError: if it is no text.
    """
    return TOKEN.findall(check_text(text, "tokens"))


def join(pieces: Iterable[str]) -> str:
    """Write tokens as one text, with a space wherever a Latin word or placeholder meets a letter of any script.

    Raises:
        TypeError: if it is one text, or a token is none.
    """
    pieces = [None] if isinstance(pieces, str) else list(pieces)
    if not all(isinstance(piece, str) for piece in pieces):
        raise TypeError("join() needs a list of tokens, each a str: join(tokens(text)).")
    text = ""
    for piece in pieces:
        if text and _is_word(text[-1], piece[:1]):
            text += " "
        text += piece
    return text


def _is_word(left: str, right: str) -> bool:
    """Tell whether a space stands between two characters: both part of words, and at least one of them not Chinese."""
    inside = [character.isalnum() or character in "{}" for character in (left, right)]
    return all(inside) and min(left, right) < "ʰ"


class Vocabulary(english.Vocabulary):
    """The words that a network knows, each with its id; what else there is becomes UNKNOWN."""

    SPECIAL = SPECIAL

    def __init__(self, sentences: Iterable[Sequence[str]], at_least: int = 2):
        """Take every token that occurs at least so often, the commonest first.

        Raises:
            ValueError: if no token does.
        """
        super().__init__(sentences, min_count=at_least)
        if len(self) == len(SPECIAL):
            raise ValueError(f"No token occurs {at_least} times. Give more sentences, or a smaller at_least.")


def pad(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """Return rows of ids as one array, int32, the shorter ones filled up with PAD at their end.

    Raises:
        ValueError: if there is no row, or one holds something else than whole numbers.
    """
    if not len(rows):
        raise ValueError("There are no sentences to pad. Give at least one.")
    for row in rows:
        if len(row) and np.asarray(row).dtype.kind not in "iu":
            raise ValueError(f"Expected ids, which are whole numbers, found {row!r:.80}. Use Vocabulary.encode.")
    return keras.utils.pad_sequences(rows, maxlen=max(1, *map(len, rows)), padding="post", value=PAD)


class Batches(keras.utils.PyDataset):
    """Batches of sentence pairs of about one length, in a new random order each epoch.

    Each is ((source, target without its last), target without its first, 1 where there is a token and 0 where not).
    """

    def __init__(self, sources, targets, batch_size: int = 128, seed: int = 0):
        """Take ids of sentences without BEGIN and END; these are put around the targets here.

        Raises:
            ValueError: if there are none, not as many targets as sources, or batch_size is below 1.
        """
        super().__init__()
        if batch_size < 1:
            raise ValueError(f"batch_size is at least 1, not {batch_size}.")
        if not len(sources) or len(sources) != len(targets):
            raise ValueError(f"Expected one target for each source, at least one; found {len(sources)} and {len(targets)}.")
        self._sources, self._targets = list(sources), [[BEGIN, *target, END] for target in targets]
        self._size, self._random = batch_size, np.random.default_rng(seed)
        self.on_epoch_end()

    def on_epoch_end(self) -> None:
        """Shuffle; sort by length within fifty batches; shuffle the batches."""
        order, batches = self._random.permutation(len(self._sources)), []
        for start in range(0, len(order), 50 * self._size):
            part = sorted(order[start : start + 50 * self._size], key=self._lengths)
            batches += [part[first : first + self._size] for first in range(0, len(part), self._size)]
        self._batches = [batches[number] for number in self._random.permutation(len(batches))]

    def _lengths(self, number: int) -> tuple[int, int]:
        return len(self._targets[number]), len(self._sources[number])

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, number: int):
        chosen = self._batches[number]
        source, target = pad([self._sources[k] for k in chosen]), pad([self._targets[k] for k in chosen])
        if number == 1:  # Keras takes for variable what differs between the first two batches
            first = [max(len(rows[k]) for k in self._batches[0]) for rows in (self._sources, self._targets)]
            source, target = (
                np.pad(rows, ((0, 0), (0, int(rows.shape[1] == width)))) for rows, width in zip((source, target), first, strict=True)
            )
        return (source, target[:, :-1]), target[:, 1:], (target[:, 1:] != PAD).astype(np.float32)


def attend(queries, keys, values, mask=None) -> tuple[np.ndarray, np.ndarray]:
    """Return (what each query sees, its weights): softmax(queries keysᵀ / √d) values.

    Args:
        queries: (..., targets, d). keys: (..., sources, d). values: (..., sources, width).
        mask: True where a query may look, broadcast to (..., targets, sources); each query must see something.

    Raises:
        ValueError: if queries and keys, or keys and values, do not fit, a number is complex, the mask is something else, or a query
            may look nowhere.

    Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.2.1.
    """
    if any(map(np.iscomplexobj, (queries, keys, values))):
        raise ValueError("Expected real numbers, found complex ones. Find the step that made them.")
    queries, keys, values = (np.asarray(array, dtype=float) for array in (queries, keys, values))
    flat = min(queries.ndim, keys.ndim, values.ndim) < 2 or 0 in keys.shape
    if flat or queries.shape[-1] != keys.shape[-1] or keys.shape[-2] != values.shape[-2]:
        raise ValueError(f"Expected queries and keys of one width, and a value for each key, at least one; found queries {queries.shape}, "
                         f"keys {keys.shape}, values {values.shape}.")  # fmt: skip
    scores = queries @ np.swapaxes(keys, -1, -2) / np.sqrt(keys.shape[-1])
    if mask is not None:
        mask = np.asarray(mask)
        if mask.dtype != bool or any(m not in (1, s) for m, s in zip(mask.shape[::-1], scores.shape[::-1], strict=False)):
            raise ValueError(f"Expected a mask of True (may look) and False for scores {scores.shape}, found {mask.dtype} {mask.shape}.")
        mask = np.broadcast_to(mask, scores.shape)
        if not mask.any(axis=-1).all():
            raise ValueError("The mask lets a query look nowhere. Let each see at least one key.")
        scores = np.where(mask, scores, -np.inf)
    weights = special.softmax(scores, axis=-1)
    return weights @ values, weights


class HeadGradients(NamedTuple):
    """What a loss changes by with the queries, the keys and the values; shapes as these."""

    queries: np.ndarray
    keys: np.ndarray
    values: np.ndarray


def attend_backward(d_seen, queries, keys, values, mask=None) -> HeadGradients:
    """Return the gradients of `attend`, given that of what it returned, (..., targets, width).

    Raises:
        ValueError: as `attend`, or if that gradient has another shape.
    """
    seen, weights = attend(queries, keys, values, mask)
    if np.shape(d_seen) != seen.shape:
        raise ValueError(f"Expected the gradient of what attend() returned, {seen.shape}, found {np.shape(d_seen)}.")
    d_weights = d_seen @ np.swapaxes(values, -1, -2)
    d_scores = weights * (d_weights - (d_weights * weights).sum(axis=-1, keepdims=True)) / np.sqrt(np.shape(keys)[-1])
    transposed = np.swapaxes(d_scores, -1, -2)
    return HeadGradients(d_scores @ keys, transposed @ queries, np.swapaxes(weights, -1, -2) @ d_seen)


def check_sizes(width: int, heads: int, directions: int = 1, **sizes: int) -> None:
    """Raise a ValueError if a size is no whole number of at least 1, or heads or directions cannot share the width evenly."""
    for name, size in ({"width": width, "heads": heads} | sizes).items():
        if not isinstance(size, int | np.integer) or size < 1:
            raise ValueError(f"{name} is at least 1, a whole number, not {size!r}.")
    for parts in (heads, directions):
        if width % parts:
            raise ValueError(f"The width is shared evenly by heads, and by directions of reading; {width} is no multiple of {parts}. "
                             "Take another number of heads, or another width.")  # fmt: skip


def build(source_size: int, target_size: int, *, units: int = 128, attention: bool = True, heads: int = 1,
          dropout: float = 0.1) -> keras.Model:
    """Return an encoder–decoder of GRUs, from ([source ids, target ids so far]) to a score for each next token.

    The encoder reads in both directions; its last states start the decoder. With attention, each state of the decoder
    looks at all states of the encoder; without, everything else is the same.

    Raises:
        ValueError: if a size is below 1, or `units` no multiple of 2 and of `heads`.

    Sources: K. Cho et al., "Learning Phrase Representations using RNN Encoder–Decoder", 2014; D. Bahdanau et al., 2014;
    M.-T. Luong et al., "Effective Approaches to Attention-based Neural Machine Translation", 2015, section 3.
    """
    check_sizes(units, heads, directions=2, source_size=source_size, target_size=target_size)
    layers = keras.layers
    source, target = keras.Input((None,), dtype="int32", name="source"), keras.Input((None,), dtype="int32", name="target")
    mask = keras.ops.not_equal(source, PAD)

    def embed(ids, size):  # Keras's own start is ten times smaller, and slow to get going
        return layers.Dropout(dropout)(layers.Embedding(size, units, keras.initializers.RandomNormal(stddev=0.5))(ids))

    reader = layers.Bidirectional(layers.GRU(units // 2, return_sequences=True, return_state=True))
    words = embed(source, source_size)
    states, forward, backward = reader(words, mask=mask)
    start = layers.Concatenate()([forward, backward])
    h = layers.GRU(units, return_sequences=True)(embed(target, target_size), initial_state=start)
    if attention:
        look = layers.MultiHeadAttention(heads, units // heads, name="attention")
        states = layers.Dropout(dropout)(layers.Concatenate()([states, words]))  # a word here, and the word itself
        seen, _ = look(h, states, attention_mask=keras.ops.expand_dims(mask, 1), return_attention_scores=True)
        h = layers.Concatenate()([h, seen])
    h = layers.Dropout(dropout)(layers.Dense(units, activation="tanh")(h))
    return keras.Model([source, target], layers.Dense(target_size, name="scores")(h))


@keras.saving.register_keras_serializable("course")
class Positions(keras.layers.Layer):
    """Adds to each place of a sequence, of at most `longest`, a learned vector of its own."""

    def __init__(self, longest: int, **options):
        super().__init__(**options)
        check_sizes(1, 1, longest=longest)
        self.longest = longest

    def build(self, shape):
        self.table = self.add_weight(shape=(self.longest, shape[-1]), initializer="uniform", name="table")

    def call(self, x):
        if x.shape[1] is not None and x.shape[1] > self.longest:
            raise ValueError(f"Expected at most {self.longest} places, found {x.shape[1]}. Cut the text, or build a larger network.")
        return x + self.table[: keras.ops.shape(x)[1]]

    def get_config(self):
        return super().get_config() | {"longest": self.longest}


def build_transformer(source_size: int, target_size: int, *, units: int = 128, heads: int = 4, blocks: int = 2,
                      dropout: float = 0.1) -> keras.Model:
    """Return an encoder–decoder that has only attention, with inputs and output as `build`; norms come first in a block.

    Raises:
        ValueError: if a size is below 1, or `heads` does not divide `units`.

    Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.
    """
    check_sizes(units, heads, blocks=blocks, source_size=source_size, target_size=target_size)
    layers = keras.layers
    source, target = keras.Input((None,), dtype="int32", name="source"), keras.Input((None,), dtype="int32", name="target")
    mask = keras.ops.expand_dims(keras.ops.not_equal(source, PAD), 1)

    def embed(ids, size, longest):
        return layers.Dropout(dropout)(Positions(longest)(layers.Embedding(size, units)(ids)))

    def look(x, others=None, name=None, **options):
        h = layers.LayerNormalization()(x)
        attention = layers.MultiHeadAttention(heads, units // heads, name=name)
        seen, _ = attention(h, h if others is None else others, return_attention_scores=True, **options)
        return x + layers.Dropout(dropout)(seen)

    def think(x):
        h = layers.Dense(2 * units, activation="relu")(layers.LayerNormalization()(x))
        return x + layers.Dropout(dropout)(layers.Dense(units)(h))

    x = embed(source, source_size, LONGEST_SOURCE)
    for _ in range(blocks):
        x = think(look(x, attention_mask=mask))
    x = layers.LayerNormalization()(x)
    y = embed(target, target_size, LONGEST_TARGET + 1)
    for block in range(blocks):
        y = look(y, use_causal_mask=True)
        y = think(look(y, x, name="attention" if block == blocks - 1 else None, attention_mask=mask))
    y = layers.LayerNormalization()(y)
    return keras.Model([source, target], layers.Dense(target_size, name="scores")(y))


def compile_for(model: keras.Model, updates: int, rate: float = 3e-3, **options) -> keras.Model:
    """Compile with Adam, its rate rising for a twentieth of the updates and then falling to 0; gradients clipped at 1.

    Args:
        updates: 1 or more.
        rate: the highest, above 0.
        options: more of `keras.Model.compile`.

    Raises:
        ValueError: if `updates` or `rate` is something else.
    """
    if not (1 <= updates < np.inf and 0 < rate < np.inf):
        raise ValueError(f"Expected updates of at least 1 and a rate above 0, found {updates} and {rate}. Is there anything to learn from?")
    warm = max(1, updates // 20)
    schedule = keras.optimizers.schedules.CosineDecay(0.0, max(1, updates - warm), warmup_target=rate, warmup_steps=warm)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(schedule, clipnorm=1.0), loss, **options)
    return model


class Translation(NamedTuple):
    """A translation, its tokens, the tokens of the source, and the weights (target tokens and the end, source tokens)."""

    text: str
    target: list[str]
    source: list[str]
    weights: np.ndarray | None


class Translator:
    """A trained network with its two vocabularies; the source's is of small letters."""

    def __init__(self, model: keras.Model, source: Vocabulary, target: Vocabulary):
        """Take a network of `build` or `build_transformer`.

        Raises:
            ValueError: if the network knows other numbers of tokens than the vocabularies have.
        """
        known = [layer.input_dim for layer in model.layers if isinstance(layer, keras.layers.Embedding)]
        if known != [len(source), len(target)]:
            raise ValueError(f"The network was built for {' and '.join(map(str, known)) or 'no'} tokens, the vocabularies have "
                             f"{len(source)} and {len(target)}. Give those it was trained with.")  # fmt: skip
        self.source, self.target = source, target
        scores = model.get_layer("scores")
        last = [scores(scores.input[:, -1])]  # of the next token only
        self._attends = any(layer.name == "attention" for layer in model.layers)
        if self._attends:
            last.append(keras.ops.mean(model.get_layer("attention").output[1], axis=1))  # over heads
        self._model = keras.Model(model.inputs, last)
        for size in (2, 3):  # after two shapes Keras compiles for any, and for no other again
            self._run(*np.full((2, size, size), BEGIN, np.int32))

    def translate(self, texts: Sequence[str], *, beam: int = 1, copy: bool = True) -> list[str]:
        """Return the translation of each sentence.

        Args:
            texts: sentences; each has a token or more, at most 64.
            beam: how many unfinished translations are kept; 1 takes the likeliest token at each step (greedy).
            copy: put the source word with the most attention where the network says UNKNOWN; else leave that out.

        Raises:
            ValueError: if a sentence is empty or too long, or beam is below 1.
        """
        return [one.text for one in self.explain(texts, beam=beam, copy=copy)]

    def explain(self, texts: Sequence[str], *, beam: int = 1, copy: bool = True) -> list[Translation]:
        """Return each translation with its alignment; arguments and errors as `translate`."""
        if beam < 1:
            raise ValueError(f"A beam is 1 or more, not {beam}.")
        if isinstance(texts, str):
            raise ValueError("Expected a list of sentences, found one text. Write [text].")
        cut = [tokens(text) for text in texts]
        for number, pieces in enumerate(cut):
            if not 1 <= len(pieces) <= LONGEST_SOURCE:
                raise ValueError(f"Sentence {number} has {len(pieces):,} words and signs; expected 1 to {LONGEST_SOURCE}. "
                                 "Leave out what is empty, and cut a long text into sentences.")  # fmt: skip
        found: list = [None] * len(cut)
        order = sorted(range(len(cut)), key=lambda number: len(cut[number]))
        for start in range(0, len(order), 256 // beam or 1):
            part = order[start : start + (256 // beam or 1)]
            source = pad([self.source.encode(word.lower() for word in cut[number]) for number in part])
            for number, ids in zip(part, self._search(source, beam), strict=True):
                found[number] = ids
        return [self._explained(pieces, ids, copy) for pieces, ids in zip(cut, found, strict=True)]

    def _search(self, source: np.ndarray, beam: int) -> list[tuple[list[int], np.ndarray | None]]:
        """Return ids up to END, and weights, for each row: those of the greatest mean log-probability a token."""
        rows = len(source)
        source = np.repeat(source, beam, axis=0)
        ids, alive = np.full((rows * beam, 1), BEGIN, np.int32), np.ones(rows * beam, bool)
        total = np.tile([0.0] + [-np.inf] * (beam - 1), rows)  # at first all of a row's are the same: one counts
        seen = None
        for _ in range(LONGEST_TARGET):
            scores, *weights = self._run(source, ids)
            log_p = special.log_softmax(scores.astype(float), axis=-1)
            log_p[:, [PAD, BEGIN]] = -np.inf
            log_p[~alive] = -np.inf
            log_p[~alive, PAD] = 0.0  # what is finished stays as it is
            every = (total[:, None] + log_p).reshape(rows, -1)
            best = np.argpartition(-every, beam - 1, axis=1)[:, :beam]
            total = np.take_along_axis(every, best, axis=1).ravel()
            parent = (best // log_p.shape[1] + beam * np.arange(rows)[:, None]).ravel()
            new = (best % log_p.shape[1]).ravel().astype(np.int32)
            ids, alive = np.column_stack([ids[parent], new]), alive[parent] & (new != END)
            seen = weights[0][parent] if weights else None
            if not alive.any():
                break
        lengths = (ids[:, 1:] != PAD).sum(axis=1)
        chosen = (total / lengths).reshape(rows, beam).argmax(axis=1) + beam * np.arange(rows)
        if seen is not None:
            seen = self._run(source[chosen], ids[chosen])[1]
        return [([i for i in ids[k, 1:] if i not in (PAD, END)], None if seen is None else seen[row])
                for row, k in enumerate(chosen)]  # fmt: skip

    def _run(self, source: np.ndarray, ids: np.ndarray) -> list[np.ndarray]:
        found = self._model.predict_on_batch([source, ids])
        return [keras.ops.convert_to_numpy(array) for array in (found if isinstance(found, list) else [found])]

    def _explained(self, pieces: list[str], found, copy: bool) -> Translation:
        ids, weights = found
        if weights is not None:
            weights = weights[: len(ids) + 1, : len(pieces)]
        words = []
        for place, number in enumerate(ids):
            word = self.target.words[number]
            if number == UNKNOWN:
                word = pieces[weights[place].argmax()] if copy and weights is not None else ""
            words.append(word)
        return Translation(join(word for word in words if word), words, pieces, weights)


def chrf(translation: str, reference: str) -> float:
    """Return how much of a reference a translation has in runs of 1 to 6 characters, 0 ... 1; spaces do not count.

    Precision and recall are averaged over the lengths that both texts reach; recall counts twice as much (β = 2).

    Raises:
        TypeError: if one is no text.
        ValueError: if the reference is empty.

    Source: M. Popović, "chrF: character n-gram F-score for automatic MT evaluation", 2015; means as sacreBLEU takes them.
    """
    translation, reference = ("".join(check_text(text, "chrf").split()) for text in (translation, reference))
    if not reference:
        raise ValueError("The reference is empty, so nothing can agree with it. Leave it out.")
    precision, recall = [], []
    for n in range(1, min(CHRF_ORDER, len(translation), len(reference)) + 1):
        ours, theirs = (Counter(text[i : i + n] for i in range(len(text) - n + 1)) for text in (translation, reference))
        agree = (ours & theirs).total()
        precision.append(agree / ours.total())
        recall.append(agree / theirs.total())
    if not sum(precision):
        return 0.0
    p, r, weight = np.mean(precision), np.mean(recall), CHRF_BETA**2
    return float((1 + weight) * p * r / (weight * p + r))


def is_exact(translation: str, reference: str) -> bool:
    """Tell whether two texts are the same but for spaces.

    Raises:
        TypeError: if one is no text.
    """
    translation, reference = ("".join(check_text(text, "is_exact").split()) for text in (translation, reference))
    return translation == reference
