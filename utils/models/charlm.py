"""A language model of letters: batches from streams, training, bits per character, generation.

An LSTM of Keras with `stateful=True` reads `batch_size` places of the text at once and keeps its state from
one batch to the next. Ids, streams and the baselines that count come from `utils.text.letters` and are offered here.
The alphabet is that of 27 letters, or one's own (`alphabet_of(text)`), in any script.
"""

import os
import time
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
from scipy import special

from utils import files
from utils.models import devices, keras_files
from utils.text.letters import ALPHABET, NgramModel, alphabet_of, decode, encode, stream_batches  # noqa: F401 - offered here

_log_softmax = partial(special.log_softmax, axis=-1)
UNTRAINED = "what it writes would be noise. Train it with charlm.train."


def build_model(units: int, batch_size: int, layers: int = 1, embedding_dim: int = 32,
                letters: int = len(ALPHABET)) -> keras.Sequential:
    """Return a network from (batch_size, any number) letter ids to one logit for each of the `letters` that may come next.

    Raises:
        ValueError: if a number is below 1; the sizes of layers are checked by Keras.
    """
    _check_streams(batch_size, layers)
    recurrent = [keras.layers.LSTM(units, return_sequences=True, stateful=True) for _ in range(layers)]
    return keras.Sequential([
        keras.Input(batch_shape=(batch_size, None), dtype="int32"),
        keras.layers.Embedding(letters, embedding_dim),
        *recurrent,
        keras.layers.Dense(letters, dtype="float32"),
    ])


def rebatch(model: keras.Sequential, batch_size: int) -> keras.Sequential:
    """Return a copy with the same weights that reads another number of streams, its state at zero.

    Raises:
        ValueError: if there is not one stream.
    """
    _check_streams(batch_size)
    layers = [layer.__class__.from_config(layer.get_config()) for layer in model.layers]
    copy = keras.Sequential([keras.Input(batch_shape=(batch_size, None), dtype="int32"), *layers])
    copy.set_weights(model.get_weights())
    return copy


def _check_streams(batch_size: int, layers: int = 1) -> None:
    if batch_size < 1:
        raise ValueError(f"batch_size, the number of streams that are read side by side, is at least 1, not {batch_size}.")
    if layers < 1:
        raise ValueError(f"layers is at least 1, not {layers}: without an LSTM nothing would be remembered.")


def get_state(model) -> list[np.ndarray]:
    """Return the state of all recurrent layers: for an LSTM its output and its memory, (batch_size, units)."""
    return [keras.ops.convert_to_numpy(state.value) for state in _states(model)]


def set_state(model, state: list[np.ndarray] | None) -> None:
    """Put back what `get_state` returned; None sets all to zero."""
    for variable, value in zip(_states(model), state or [0 * s for s in get_state(model)], strict=True):
        variable.assign(value)


def _states(model) -> list:
    if not hasattr(model, "layers"):
        raise TypeError(f"Expected a model of letters, found {type(model).__name__}. Build one: build_model(units, batch_size).")
    return [state for layer in model.layers if isinstance(layer, keras.layers.RNN) for state in layer.states]


class Progress(NamedTuple):
    """Where training stands: rounds and letters so far, bits per letter of the last part, seconds in this run."""

    step: int
    letters: int
    bits: float
    seconds: float


def train(model, ids, *, unroll: int, steps: int, report_every: int = 500,
          checkpoint: str | os.PathLike | None = None, strategy=None) -> Iterator[Progress]:
    """Train a compiled model up to round `steps` and yield after every `report_every` rounds.

    A round is one batch. The state goes on from round to round and is set to zero where the text begins again.
    What the caller does between two yields (measure, generate) neither counts as time nor touches the state.
    With `checkpoint`, weights, optimizer, state and position are written there at every yield; if the file is
    there already, training goes on from it as if it had never stopped. With a `strategy` of several devices
    (`devices.strategy()`) they share the streams; what is yielded, and the model at that time, is the same.

    Raises:
        ValueError: if the text is too short, the checkpoint belongs to another network, or the devices cannot share
            the streams evenly.
    """
    batch_size = model.input_shape[0]
    trainer = devices.SharedStreams(model, strategy, rebatch) if strategy and strategy.num_replicas_in_sync > 1 else model
    inputs, answers = stream_batches(ids, batch_size, unroll, model.output_shape[-1])
    if checkpoint and Path(checkpoint).exists():
        _restore(model, checkpoint)
    seconds = 0.0
    while (step := int(model.optimizer.iterations)) < steps:
        first = step % len(inputs)
        if first == 0:
            set_state(model, None)
        last = min(first + report_every - step % report_every, first + steps - step, len(inputs))
        start = time.perf_counter()
        history = trainer.fit(inputs[first:last].reshape(-1, unroll), answers[first:last].reshape(-1, unroll),
                              batch_size=batch_size, shuffle=False, verbose=0)
        seconds += time.perf_counter() - start
        step += last - first
        if step % report_every == 0 or step == steps:
            if checkpoint:
                _store(model, checkpoint)
            state = get_state(model)
            yield Progress(step, step * batch_size * unroll, history.history["loss"][0] / np.log(2), seconds)
            set_state(model, state)


def _training_variables(model) -> dict:
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
    groups = {"weight": model.weights, "optimizer": model.optimizer.variables, "state": _states(model)}
    return {f"{group}_{i}": variable for group, variables in groups.items() for i, variable in enumerate(variables)}


def _store(model, path) -> None:
    arrays = {name: keras.ops.convert_to_numpy(variable.value) for name, variable in _training_variables(model).items()}
    with files.atomic_write(path) as unfinished, open(unfinished, "wb") as file:
        np.savez(file, **arrays)


def _restore(model, path) -> None:
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = dict(stored)
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is no checkpoint of charlm.train ({error}). Remove it to start afresh.") from None
    variables = _training_variables(model)
    found = {name: tuple(value.shape) for name, value in arrays.items()}
    expected = {name: tuple(variable.shape) for name, variable in variables.items()}
    if found != expected:
        name = sorted(found.items() ^ expected.items())[0][0]
        raise ValueError(
            f"The checkpoint {path} belongs to another network or optimizer: {name} is {found.get(name, 'missing')} "
            f"there and {expected.get(name, 'missing')} here. Build the same network, or remove the file to start afresh."
        )
    for name, variable in variables.items():
        variable.assign(arrays[name])


def letter_bits(model, ids, unroll: int = 256) -> np.ndarray:
    """Return -log2 p(letter | all letters before it in its stream) for each letter, (streams, letters of a stream).

    The text is cut into as many streams as the model reads; each begins with a state of zeros, so the values are
    a little too high, never too low. Every letter is asked for exactly once, except the very first of the text
    and, at its end, fewer letters than there are streams. The model's state afterwards is what it was before.

    Raises:
        ValueError: if the text is shorter than one letter for each stream, and one more, or unroll is below 1.
    """
    if unroll < 1:
        raise ValueError(f"unroll, how many letters are read in one go, is at least 1, not {unroll}.")
    batch_size, state = model.input_shape[0], get_state(model)
    inputs, answers = stream_batches(ids, batch_size, (len(ids) - 1) // batch_size or 1, model.output_shape[-1])
    set_state(model, None)
    bits = np.empty(answers[0].shape)
    for start in range(0, bits.shape[1], unroll):
        part = slice(start, start + unroll)
        logits = np.asarray(model.predict_on_batch(inputs[0, :, part]), dtype=np.float64)
        log_p = np.take_along_axis(_log_softmax(logits), answers[0, :, part, None], axis=-1)
        bits[:, part] = -log_p[..., 0] / np.log(2)
    set_state(model, state)
    return bits


def bits_per_character(model, ids, unroll: int = 256) -> float:
    """Return the mean of `letter_bits`: bits per character.

    Raises:
        ValueError: as `letter_bits`.
    """
    return float(letter_bits(model, ids, unroll).mean())


def perplexity(bits: float) -> float:
    """Return 2 ** bits: among how many equally likely letters a choice would be as hard.

    Raises:
        ValueError: if bits are below 0, NaN or above 1,000, which no mean of -log2 p can be.
    """
    if not 0 <= bits <= 1000:
        raise ValueError(f"bits are a mean of -log2 p, so at least 0, not {bits}. Are they nats, or a log p without its minus?")
    return 2.0 ** bits


def next_letter_probabilities(logits, temperature: float = 1.0, top_k: int | None = None,
                              top_p: float | None = None) -> np.ndarray:
    """Return the probabilities from which the next letter is drawn.

    Args:
        logits: one for each letter of the alphabet.
        temperature: divides the logits; below 1 careful, above 1 daring; 0 takes the likeliest letter.
        top_k: only so many likeliest letters remain.
        top_p: of what is left, the fewest likeliest letters remain whose probabilities sum to at least so much.

    Raises:
        ValueError: if a logit is NaN or +inf, the temperature is negative or not finite, top_k is outside 1 ... the number of letters, or
            top_p is not above 0 and at most 1.

    Source: top_p, also called nucleus sampling: A. Holtzman et al., "The Curious Case of Neural Text Degeneration" (2020).
    """
    logits = np.asarray(logits, dtype=np.float64)
    if not logits.max() < np.inf or np.isneginf(logits).all():
        raise ValueError("logits are numbers, at least one of them finite; found NaN, +inf or nothing but -inf. Has the training diverged?")
    if not 0 <= temperature < np.inf:
        raise ValueError(f"temperature is a number from 0 on, not {temperature}.")
    if top_k is not None and not 1 <= top_k <= logits.size:
        raise ValueError(f"top_k is None or 1 ... {logits.size}, not {top_k}.")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p is None or a number above 0 and at most 1, not {top_p}.")
    if temperature == 0:
        temperature, top_k = 1.0, 1
    with np.errstate(over="ignore"):  # close to 0, all but the likeliest letter go to -inf
        log_p = _log_softmax((logits - logits.max()) / temperature)
    likeliest = np.argsort(-log_p, kind="stable")
    if top_k is not None:
        log_p[likeliest[top_k:]] = -np.inf
    p = np.exp(log_p)
    p /= p.sum()
    if top_p is not None:
        reached = np.searchsorted(np.cumsum(p[likeliest]), top_p * (1 - 1e-12))  # the sum may miss 1 by a rounding
        p[likeliest[reached + 1:]] = 0
    return p / p.sum()


def check_start(model, start: str, alphabet: str) -> None:
    """Raise a ValueError if a text begins with nothing, or the alphabet is not the model's."""
    if not start:
        raise ValueError("The generator needs at least one letter to start from; a space will do.")
    if len(alphabet) != model.output_shape[-1]:
        raise ValueError(f"The model scores {model.output_shape[-1]} letters, and the alphabet has {len(alphabet)}. Pass the "
                         "alphabet whose ids it was trained on: alphabet=...")


class Generator:
    """Writes on and on: what has been read and written so far stays in the network's state."""

    def __init__(self, model, start: str = " ", *, alphabet: str = ALPHABET, temperature: float = 1.0,
                 top_k: int | None = None, top_p: float | None = None, seed: int = 0):
        """Read `start` with a copy of the model; the model itself is left alone. `alphabet` is that of its training.

        Raises:
            ValueError: if `start` is empty or holds a character that is not in the alphabet, the alphabet is not the model's, or
                a setting is out of range.
        """
        check_start(model, start, alphabet)
        next_letter_probabilities(np.zeros(len(alphabet)), temperature, top_k, top_p)  # complains now, not later
        self.alphabet = alphabet
        self.temperature, self.top_k, self.top_p = temperature, top_k, top_p
        self._model, self._random = rebatch(model, 1), np.random.default_rng(seed)
        for letter in encode(start, alphabet):
            self._read(letter)

    def _read(self, letter) -> None:
        self._logits = np.asarray(self._model.predict_on_batch(np.array([[letter]], np.int32)))[0, -1]

    def write(self, length: int) -> str:
        """Return the next `length` letters."""
        if not isinstance(length, int | np.integer) or length < 0:
            raise ValueError(f"length is a whole number of letters, 0 or more, not {length!r}.")
        written = []
        for _ in range(length):
            p = next_letter_probabilities(self._logits, self.temperature, self.top_k, self.top_p)
            written.append(self._random.choice(len(self.alphabet), p=p))
            self._read(written[-1])
        return decode(np.array(written, np.int32), self.alphabet)


def generate(model, start: str = " ", length: int = 1000, *, alphabet: str = ALPHABET, temperature: float = 1.0,
             top_k: int | None = None, top_p: float | None = None, seed: int = 0) -> str:
    """Return `start` and so many letters after it that there are `length` in all; the same seed writes the same.

    Raises:
        ValueError: as `Generator`.
    """
    generator = Generator(model, start, alphabet=alphabet, temperature=temperature, top_k=top_k, top_p=top_p, seed=seed)
    return start + generator.write(max(0, length - len(start)))


def save(model, path: str | os.PathLike) -> None:
    """Write a trained model as one .keras file.

    Raises:
        ValueError: if it has not been trained.
    """
    keras_files.check_trained(model, "This model", UNTRAINED)
    model.save(path)


def load(path: str | os.PathLike, letters: int = len(ALPHABET)):
    """Read what `save` wrote: a model of an alphabet of so many letters.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no model of so many letters, or an untrained one.
    """
    model = keras_files.load(path, save_with="charlm.save(model, path)")
    shapes = tuple(model.input_shape), tuple(model.output_shape)
    if len(shapes[0]) != 2 or shapes[1][1:] != (None, letters):
        raise ValueError(
            f"{path} holds another kind of model: it maps {shapes[0]} to {shapes[1]}, where a model of letters maps "
            f"(streams, any length) to (streams, any length, {letters})."
        )
    keras_files.check_trained(model, path, UNTRAINED)
    return model
