"""Skip-gram and CBOW with negative sampling, trained by plain stochastic gradient descent in TensorFlow.

The arithmetic is word2vec's, arranged for matrix products. The text is cut into blocks of 32 consecutive words. Every
word of a block meets every word in and around the block in one product; what is outside the window has weight 0. A step
takes up to 16 (CBOW: 32) blocks from all over the text. The words in one place of all these blocks share their noise words, each
weighted so that the expected gradient is that of `negative_samples` draws of its own for every pair. (Words of one block do
not share them: they are about the same thing, and would push a noise word the same way all at once.) Gradients are
added up (no mean), and only the rows of words that occur are changed.

Sources: T. Mikolov, I. Sutskever, K. Chen, G. Corrado, J. Dean, "Distributed Representations of Words and Phrases and
their Compositionality", NIPS 2013, section 2.2 (the loss); S. Ji, N. Satish, S. Li, P. Dubey, "Parallelizing Word2Vec
in Shared and Distributed Memory", 2016 (noise words shared so that vector products become matrix products).
"""

import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from utils.models import word2vec_pairs

BLOCK = 32  # consecutive words
MOST_BLOCKS = {"skip_gram": 16, "cbow": 32}  # in a step; skip-gram learns more from a block, and diverges sooner
NOISE = 32  # noise words for each place in a block, shared by the blocks of a step
STEPS = 64  # between two looks of Python at the graph
# word2vec.c has 0.025 and 0.05; but for CBOW it hands the whole gradient of the mean to each of about 6 words, where the
# exact gradient hands over a sixth.
LEARNING_RATES = {"skip_gram": 0.035, "cbow": 0.2}
LAST_RATE = 1e-4  # of the first one


class Trained(NamedTuple):
    """What `train` returns.

    vectors: (vocabulary_size, dim) float32, the input vectors: those that one uses.
    output_vectors: the other table. losses: mean loss of a pair, by epoch; for CBOW, of a context with its centre.
    pairs, words: how many were trained on, in all epochs and after subsampling. seconds: how long it took.
    snapshots: share of the training done -> copy of the vectors at that time.
    """

    vectors: np.ndarray
    output_vectors: np.ndarray
    losses: list[float]
    pairs: int
    words: int
    seconds: float
    snapshots: dict[float, np.ndarray]


class Batch(NamedTuple):
    """Ids and weights of one step with b blocks.

    input_ids: (b, words), rows of the input table. mix: (b, 32, words) means of contexts, or None to use rows as they are.
    output_ids: (b, others), rows of the output table. weights: (b, 32, others), 1 for a pair of the text, else 0.
    noise_ids: (32, noise), rows of the output table. noise_weights: (32, b, 1), how often each noise word counts.
    pairs: how many pairs of the text there are, a scalar.
    """

    input_ids: tf.Tensor
    mix: tf.Tensor | None
    output_ids: tf.Tensor
    weights: tf.Tensor
    noise_ids: tf.Tensor
    noise_weights: tf.Tensor
    pairs: tf.Tensor


def negative_sampling_loss(scores, label, weights):
    """Return the weighted sum of -log σ(score) where the label is 1, and of -log σ(-score) where it is 0.

    Args:
        scores: dot products of input and output vectors.
        label: 1 for pairs from the text, 0 for pairs with noise, or an array of both. weights: how often each counts.

    Source: Mikolov et al. (2013), equation 4, its sign turned so that less is better.
    """
    return tf.reduce_sum(weights * tf.math.softplus(scores * (1 - 2 * label)))


def gradients(hidden, outputs, label, weights):
    """Return the scores, and the exact gradients of `negative_sampling_loss` for `hidden` and for `outputs`.

    The derivative for one score is weight · (σ(score) - label); the rest is the chain rule of a matrix product.

    Args:
        hidden: (b, words, dim) vectors of what is given. outputs: (b, others, dim) vectors of what is to be told apart.
    """
    scores = tf.matmul(hidden, outputs, transpose_b=True)
    error = weights * (tf.sigmoid(scores) - label)
    return scores, tf.matmul(error, outputs), tf.matmul(error, hidden, transpose_a=True)


def skip_gram_batch(around, centre, is_context, noise, negative_samples: int) -> Batch:
    """Arrange skip-gram: each centre is to tell the words around it from noise.

    Args:
        around: (b, 32 + 2 * window) ids. centre: (b, 32) ids in its middle. noise: (32, noise) ids.
        is_context: (b, 32, 32 + 2 * window) 1 where a word is within the centre's window and sentence, else 0.
    """
    pairs = tf.reduce_sum(is_context, axis=2, keepdims=True)
    return Batch(centre, None, around, is_context, noise, _by_place(pairs) * (negative_samples / NOISE),
                 tf.reduce_sum(pairs))


def cbow_batch(around, centre, is_context, noise, negative_samples: int) -> Batch:
    """Arrange CBOW: the mean of the words around is to tell the centre from noise. Arguments as `skip_gram_batch`."""
    number = tf.reduce_sum(is_context, axis=2, keepdims=True)
    has_context = tf.cast(number > 0, tf.float32)
    itself = np.eye(BLOCK, dtype=np.float32)
    return Batch(around, is_context / tf.maximum(number, 1), centre, has_context * itself, noise,
                 _by_place(has_context) * (negative_samples / NOISE), tf.reduce_sum(has_context))


def update(inputs: tf.Variable, outputs: tf.Variable, batch: Batch, rate):
    """Take one step of gradient descent in place; return the scores of text and of noise before it."""
    rows = tf.gather(inputs, batch.input_ids)
    hidden = rows if batch.mix is None else tf.matmul(batch.mix, rows)
    scores, change, output_change = gradients(hidden, tf.gather(outputs, batch.output_ids), 1, batch.weights)
    noise_scores, change_by_place, noise_change = gradients(
        _by_place(hidden), tf.gather(outputs, batch.noise_ids), 0, batch.noise_weights)
    change += _by_place(change_by_place)
    if batch.mix is not None:
        change = tf.matmul(batch.mix, change, transpose_a=True)
    inputs.scatter_sub(tf.IndexedSlices(rate * change, batch.input_ids))
    outputs.scatter_sub(tf.IndexedSlices(rate * output_change, batch.output_ids))
    outputs.scatter_sub(tf.IndexedSlices(rate * noise_change, batch.noise_ids))
    return scores, noise_scores


def _by_place(array):
    """Exchange blocks and places in a block: (b, 32, n) becomes (32, b, n), and back."""
    return tf.transpose(array, (1, 0, 2))


ARRANGEMENTS = {"skip_gram": skip_gram_batch, "cbow": cbow_batch}


def train(sentences: Sequence, vocabulary_size: int, *, model: str = "skip_gram", dim: int = 100, window: int = 5,
          negative_samples: int = 5, epochs: int = 3, learning_rate: float | None = None, threshold: float = 1e-3,
          seed: int = 0, snapshots: Sequence[float] = (), progress: bool = True) -> Trained:
    """Train word vectors. The same arguments give the same vectors, on one machine and with one version of TensorFlow.

    Args:
        sentences: one-dimensional arrays of word ids; pairs never reach across their borders.
        vocabulary_size: ids go from 0 to vocabulary_size - 1.
        model: "skip_gram" or "cbow". dim: numbers in a vector.
        window: a new window is drawn for each word from 1 ... window in each epoch.
        negative_samples: noise words for each pair, drawn by count to the power 3/4.
        learning_rate: falls in a straight line to 1/10,000 of itself; None: the model's own in LEARNING_RATES.
        threshold: of subsampling, see `word2vec_pairs.keep_probability`; 0 keeps every word.
        snapshots: shares of the training, 0 ... 1, at which to keep a copy of the vectors.
        progress: show a bar on standard output.

    Raises:
        TypeError, ValueError: as `word2vec_pairs.flatten`; also if no sentence has two words, a setting is out of its
            range, or subsampling left no pair.
        FloatingPointError: if training diverged.
    """
    _check(model, dim, negative_samples, epochs, learning_rate, snapshots)
    text = word2vec_pairs.flatten(sentences, vocabulary_size)
    if (np.diff(text.sentence) != 0).all():
        raise ValueError(f"No sentence has two words ({len(text.tokens)} sentences of one word), so there are no pairs "
                         "to learn from. Join short sentences, or lower min_count.")
    counts = word2vec_pairs.count(text, vocabulary_size)
    rng = np.random.default_rng(seed)
    reader = _Reader(text, word2vec_pairs.keep_probability(counts, threshold), word2vec_pairs.noise_table(counts),
                     window, blocks=min(MOST_BLOCKS[model], max(1, vocabulary_size // 256)), rng=rng)
    trainer = _Trainer(rng, model, vocabulary_size, dim, window, negative_samples)
    rate = learning_rate or LEARNING_RATES[model]
    started, losses, pairs, words, copies = time.perf_counter(), [], 0.0, 0, {}
    with tqdm(total=epochs, desc=model, unit="epoch", disable=not progress, file=sys.stdout, mininterval=0.5,
              bar_format="{desc}: {percentage:3.0f}% |{bar:30}| {elapsed}{postfix}") as bar:
        for epoch in range(epochs):
            epoch_loss = epoch_pairs = 0.0
            for first, last, of, tensors in reader.read():
                done = (epoch + first / of) / epochs
                _keep_due_snapshots(copies, snapshots, done, trainer)
                loss, trained = trainer.steps(*tensors, *_falling(rate, done, 1 / (of * epochs)))
                epoch_loss, epoch_pairs = epoch_loss + float(loss), epoch_pairs + float(trained)
                if not np.isfinite(epoch_loss):
                    raise FloatingPointError(
                        f"Training diverged in epoch {epoch + 1}: the loss is no longer a number. Lower "
                        f"learning_rate, now {rate:g}.")
                bar.update((last - first) / of)
                bar.set_postfix_str(f"epoch {epoch + 1}, loss {epoch_loss / max(epoch_pairs, 1):.3f}", refresh=False)
            if not epoch_pairs:
                raise ValueError(f"Subsampling left no pair in epoch {epoch + 1}: the text is too short for "
                                 f"threshold={threshold:g}. Raise it, or pass 0 to keep every word.")
            losses.append(epoch_loss / epoch_pairs)
            pairs, words = pairs + epoch_pairs, words + reader.words
        _keep_due_snapshots(copies, snapshots, 1.0, trainer)
    return Trained(trainer.inputs.numpy(), trainer.outputs.numpy(), losses, round(pairs), words,
                   time.perf_counter() - started, copies)


def _check(model, dim, negative_samples, epochs, learning_rate, snapshots) -> None:
    if model not in ARRANGEMENTS:
        raise ValueError(f"There is no model {model!r}. Choose from: {', '.join(ARRANGEMENTS)}.")
    for name, value in (("dim", dim), ("negative_samples", negative_samples), ("epochs", epochs)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
            raise ValueError(f"{name} is a whole number from 1 on, not {value!r}.")
    if learning_rate is not None and not 0 < learning_rate < float("inf"):
        raise ValueError(f"learning_rate is above 0 and finite, not {learning_rate!r}.")
    if not all(0 <= share <= 1 for share in snapshots):
        raise ValueError(f"snapshots are shares of the training, 0 ... 1, not {list(snapshots)}.")


def _falling(rate: float, done: float, each: float):
    """Return the learning rate when `done` of the training is done, and its change in a step."""
    lowest = rate * LAST_RATE
    return (tf.constant(lowest + (rate - lowest) * (1 - done), tf.float32),
            tf.constant(-(rate - lowest) * each, tf.float32))


def _keep_due_snapshots(copies, snapshots, done, trainer) -> None:
    for share in snapshots:
        if share not in copies and done >= share:
            copies[share] = trainer.inputs.numpy()


class _Reader:
    """Reads the text once an epoch: newly subsampled, cut into blocks, the blocks in random order."""

    def __init__(self, text, keep, table, window, blocks, rng):
        self.text, self.keep, self.table, self.window, self.blocks, self.rng = text, keep, table, window, blocks, rng
        self.words = 0

    def read(self):
        """Yield (first step, last step, of how many, tensors for `_Trainer.steps`)."""
        tokens, sentence = word2vec_pairs.subsample(self.text, self.keep, self.rng)
        self.words = len(tokens)
        number = -(-len(tokens) // BLOCK)
        steps = -(-number // self.blocks)
        starts = np.full(steps * self.blocks, number * BLOCK, dtype=np.int32)  # an empty block fills the last step
        starts[:number] = self.rng.permutation(number) * BLOCK
        reach = word2vec_pairs.draw_reach(len(tokens), self.window, True, self.rng)
        padding = self.window, self.window + (number + 1) * BLOCK - len(tokens)
        whole = [tf.constant(np.pad(values, padding, constant_values=outside))
                 for values, outside in ((tokens, 0), (sentence, -1), (reach, 0))]  # padding has no neighbours
        for first in range(0, steps, STEPS):
            last = min(first + STEPS, steps)
            places = self.rng.integers(0, len(self.table), (last - first, BLOCK, NOISE), dtype=np.int32)
            yield first, last, steps, (
                *whole, tf.constant(starts.reshape(steps, -1)[first:last]), tf.constant(self.table[places]))


class _Trainer:
    """The two tables, and a graph that takes many steps in one call."""

    def __init__(self, rng, model, vocabulary_size, dim, window, negative_samples):
        start = (rng.random((vocabulary_size, dim), dtype=np.float32) - 0.5) / dim  # as word2vec.c starts
        self.inputs = tf.Variable(start, trainable=False)
        self.outputs = tf.Variable(tf.zeros((vocabulary_size, dim)), trainable=False)
        self.arrange, self.window, self.negative_samples = ARRANGEMENTS[model], window, negative_samples
        places = np.arange(BLOCK + 2 * window)
        self.distance = abs(places - places[window : window + BLOCK, None]).astype(np.int32)
        self.distance[self.distance == 0] = window + 1  # no word is its own context

    def batch(self, tokens, sentence, reach, starts, noise) -> Batch:
        """Look up the blocks that begin at `starts` in the padded text."""
        places = starts[:, None] + tf.range(BLOCK + 2 * self.window)
        middle = slice(self.window, self.window + BLOCK)
        around, its_sentence = tf.gather(tokens, places), tf.gather(sentence, places)
        within_reach = self.distance <= tf.gather(reach, places[:, middle])[:, :, None]
        same_sentence = its_sentence[:, None, :] == its_sentence[:, middle, None]
        is_context = tf.cast(within_reach & same_sentence, tf.float32)
        return self.arrange(around, around[:, middle], is_context, noise, self.negative_samples)

    @tf.function(reduce_retracing=True)
    def steps(self, tokens, sentence, reach, starts, noise, rate, change):
        """Take a step for each row of `starts` and `noise`; return the loss, estimated on every eighth, and the pairs."""
        pairs = tf.constant(0.0)
        loss = tf.constant(0.0)
        for i in tf.range(tf.shape(starts)[0]):
            batch = self.batch(tokens, sentence, reach, starts[i], noise[i])
            scores, noise_scores = update(self.inputs, self.outputs, batch, rate)
            rate += change
            pairs += batch.pairs
            if i % 8 == 0:  # looking at the loss costs time
                total = (negative_sampling_loss(scores, 1, batch.weights)
                         + negative_sampling_loss(noise_scores, 0, batch.noise_weights))
                loss += total / tf.maximum(batch.pairs, 1.0)
        looks = tf.cast((tf.shape(starts)[0] + 7) // 8, tf.float32)
        return loss / looks * pairs, pairs
