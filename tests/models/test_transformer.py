"""utils.models.transformer: what a letter may depend on, the reader against Keras, bits, writing, each against a plain reference."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import keras_saves

from utils.models import attention, charlm, transformer
from utils.models.transformer import Reader

pytestmark = keras_saves

SENTENCE = "the quick brown fox jumps over the lazy dog and runs away from the dog again "
CONTEXT = 12
SIZES = {"context": CONTEXT, "width": 8, "blocks": 2, "heads": 2}


def network(seed=0, **options):
    """A network whose every weight is random, biases and norms too."""
    keras.utils.set_random_seed(seed)
    model, random = transformer.build(5, **(SIZES | options)), np.random.default_rng(seed)
    model.set_weights([random.normal(scale=0.5, size=weight.shape) for weight in model.get_weights()])
    return model


def scores(model, *texts):
    return np.asarray(model(np.array(texts, np.int32)))


@pytest.fixture(scope="module")
def model():
    return network()


# ------------------------------------------------------------------------------------------- what a score depends on

IDS = st.lists(st.integers(0, 4), min_size=CONTEXT, max_size=CONTEXT)


@settings(max_examples=30, deadline=None)
@given(IDS, IDS, st.integers(1, CONTEXT - 1))
def test_later_letters_never_change_what_was_said_before(model, text, other, place):
    before, after = scores(model, text, text[:place] + other[place:])
    np.testing.assert_allclose(after[:place], before[:place], atol=1e-5)


@pytest.mark.parametrize("place", range(CONTEXT))
def test_every_earlier_letter_counts(model, place):
    text = [1] * CONTEXT
    before, after = scores(model, text, [*text[:place], 2, *text[place + 1 :]])
    assert (np.abs(after - before)[place:].max(axis=1) > 1e-4).all()


def test_without_mask_later_letters_are_seen():
    before, after = scores(network(without=["mask"]), [1] * CONTEXT, [1] * (CONTEXT - 1) + [2])
    assert np.abs(after - before)[0].max() > 1e-4


def test_without_positions_one_block_cannot_tell_the_order_of_earlier_letters():
    texts = [0, 1, 2, 3, 4], [3, 1, 0, 2, 4]
    first, second = scores(network(blocks=1, without=["positions"]), *texts)
    np.testing.assert_allclose(first[-1], second[-1], atol=1e-5)
    first, second = scores(network(blocks=1), *texts)
    assert np.abs(first[-1] - second[-1]).max() > 1e-3


def test_without_attention_only_the_letter_itself_counts():
    first, second = scores(network(without=["attention"]), [0, 1, 2], [4, 3, 2])
    np.testing.assert_allclose(first[-1], second[-1], atol=1e-6)


def test_without_shortcuts_and_norms_a_block_is_attention_and_then_feed_forward():
    model = network(blocks=1, without=["shortcuts", "norms"])
    text = np.array([[3, 1, 4, 1]])
    embedding, places, heads, up, down, last = [layer for layer in model.layers if layer.weights]
    x = places(embedding(text))
    expected = last(down(up(heads(x, x, use_causal_mask=True))))
    np.testing.assert_allclose(np.asarray(model(text)), np.asarray(expected), atol=1e-5)


@pytest.mark.parametrize("options, message", [
    ({"blocks": 0}, "blocks is at least 1, a whole number, not 0"),
    ({"width": 8.5}, "width is at least 1, a whole number, not 8.5"),
    ({"heads": 3}, "8 is no multiple of 3. Take another number of heads"),
    ({"without": ["mask", "tail"]}, "a list of parts, of mask, positions, .*; found {'tail'}"),
    ({"without": "mask"}, "a list of parts, of mask, positions, .*; found mask"),
])  # fmt: skip
def test_sizes_and_parts_that_cannot_be_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        transformer.build(5, **(SIZES | options))


def test_network_is_the_same_after_saving_and_loading(model, tmp_path):
    model.save(tmp_path / "gpt.keras")
    loaded = keras.models.load_model(tmp_path / "gpt.keras")
    np.testing.assert_array_equal(scores(loaded, [1, 2, 3]), scores(model, [1, 2, 3]))


# ------------------------------------------------------------------------------------------------------ the reader


@pytest.mark.parametrize("length", [1, 2, 7, CONTEXT])
@pytest.mark.parametrize("options", [{}, {"heads": 1}, {"heads": 4, "blocks": 1}])
def test_full_pass_of_the_reader_is_that_of_keras(length, options):
    model, text = network(3, **options), np.random.default_rng(length).integers(0, 5, length)
    np.testing.assert_allclose(Reader(model).read(text), scores(model, text)[0], atol=1e-4)


@settings(max_examples=30, deadline=None)
@given(IDS, st.lists(st.integers(1, CONTEXT - 1), unique=True))
def test_read_in_any_pieces_it_says_the_same_as_in_one(model, text, cuts):
    whole, reader = Reader(model), Reader(model)
    pieces = [reader.read(piece) for piece in np.split(np.array(text), sorted(cuts))]
    np.testing.assert_allclose(np.concatenate(pieces), whole.read(text), atol=1e-4)
    assert len(reader) == len(whole) == CONTEXT


def test_after_forgetting_it_reads_as_if_new(model):
    reader = Reader(model)
    first = reader.read([1, 2, 3])
    reader.forget()
    assert len(reader) == 0
    np.testing.assert_array_equal(reader.read([1, 2, 3]), first)


def test_reader_says_what_it_cannot_read(model):
    reader = Reader(model)
    reader.read([0] * 10)
    for ids, message in (([0] * 3, "3 letters do not fit: 10 of 12 have been read"), ([], "0 letters do not fit"),
                         ([5], "ids go from 0 to 4; found 5 to 5"), ([[1]], "Expected a flat array")):  # fmt: skip
        with pytest.raises(ValueError, match=message):
            reader.read(ids)
    assert len(reader) == 10  # nothing was spoilt


@pytest.mark.parametrize("part", ["positions", "attention", "feed-forward", "norms"])
def test_reader_refuses_networks_that_lack_a_part(part):
    with pytest.raises(ValueError, match="a network of transformer.build with all its parts; this one has Embedding"):
        Reader(transformer.build(5, **SIZES, without=[part]))


# ---------------------------------------------------------------------------------------------------- text and bits


def test_windows_are_of_the_text_with_answers_one_ahead_and_their_seed_decides():
    ids = np.random.default_rng(0).integers(0, 27, 100)
    reads, answers = transformer.windows(ids, 9, 400, seed=1)
    assert reads.shape == answers.shape == (400, 9)
    np.testing.assert_array_equal(reads[:, 1:], answers[:, :-1])
    runs = {tuple(ids[place : place + 10]) for place in range(91)}
    assert {(*read, answer[-1]) for read, answer in zip(reads, answers, strict=True)} <= runs
    assert len(np.unique(reads, axis=0)) > 80  # nearly every place of 91
    np.testing.assert_array_equal(transformer.windows(ids, 9, 400, seed=1)[0], reads)
    assert not np.array_equal(transformer.windows(ids, 9, 400, seed=2)[0], reads)


def test_shortest_text_has_one_window_and_a_shorter_one_none():
    reads, answers = transformer.windows([1, 2, 3], 2, 1)
    assert (reads.tolist(), answers.tolist()) == ([[1, 2]], [[2, 3]])
    with pytest.raises(ValueError, match="2 letters are too few for a window of 2 and one more"):
        transformer.windows([1, 2], 2, 1)


class Placed:
    """Stands in for a network of two letters: asked at place n of a window, it needs n bits for letter 0."""

    output_shape = (None, None, 2)

    def predict_on_batch(self, ids):
        with np.errstate(divide="ignore"):
            row = np.log(2.0 ** np.arange(ids.shape[1]) - 1)
        return np.broadcast_to(np.stack([0 * ids[0], row], axis=-1), (*ids.shape, 2))


@pytest.mark.parametrize("length", [9, 12, 17, 40, 41, 42, 43, 44])
@pytest.mark.parametrize("batch_size", [1, 3, 128])
def test_each_letter_is_scored_once_with_half_a_window_before_it(length, batch_size):
    places = transformer.letter_bits(Placed(), np.zeros(length, int), context=8, batch_size=batch_size).round(6).tolist()
    assert len(places) == length - 1
    assert places[:8] == list(range(8))
    assert all(4 <= place < 8 for place in places[8:])


def test_bits_are_those_of_the_probabilities(model):
    ids = np.random.default_rng(1).integers(0, 5, CONTEXT + 1)
    found = transformer.letter_bits(model, ids, CONTEXT)
    exact = scores(model, ids[:-1])[0].astype(float)
    p = np.exp(exact) / np.exp(exact).sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(found, -np.log2(p[np.arange(CONTEXT), ids[1:]]), atol=1e-5)


@pytest.mark.parametrize("length, context", [(8, 8), (1, 2), (9, 1)])
def test_bits_of_a_text_shorter_than_a_window_are_refused(model, length, context):
    with pytest.raises(ValueError, match=f"A context of 2 to {length - 1} letters is wanted for a text of {length}, not {context}"):
        transformer.letter_bits(model, np.zeros(length, int), context)


# ---------------------------------------------------------------------------------------------------------- writing


@pytest.fixture(scope="module")
def trained():
    """A network that has learned one sentence."""
    keras.utils.set_random_seed(4)
    model, updates = transformer.build(context=16, width=32, blocks=1, heads=2), 250
    reads, answers = transformer.windows(charlm.encode(SENTENCE * 2), 16, 16 * updates)
    attention.compile_for(model, updates, rate=0.01).fit(reads, answers, batch_size=16, verbose=0)
    return model


def test_network_learns_a_sentence(trained):
    assert transformer.letter_bits(trained, charlm.encode(SENTENCE * 2), 16).mean() < 0.5
    assert transformer.generate(trained, "the quick", 16, temperature=0) == SENTENCE[:16]


def plainly(model, context, start, length, temperature, seed):
    """Write without keeping anything: Keras reads all letters again for each next one."""
    ids, dice, first = charlm.encode(start).tolist(), np.random.default_rng(seed), max(0, len(start) - context)
    while len(ids) < length:
        if len(ids) - first > context:
            first = len(ids) - context // 2
        p = charlm.next_letter_probabilities(scores(model, ids[first:])[0, -1], temperature)
        ids.append(int(dice.choice(27, p=p)))
    return charlm.decode(ids)


@pytest.mark.parametrize("start", ["t", "the dog ", SENTENCE])
def test_writing_with_kept_keys_and_values_is_writing_without(trained, start):
    length = len(start) + 40  # further than the context goes
    written = transformer.generate(trained, start, length, temperature=0.8, seed=5)
    assert written == plainly(trained, 16, start, length, 0.8, 5)
    assert len(written) == length
    other = transformer.generate(trained, start, length, temperature=3.0, seed=6)
    assert other != transformer.generate(trained, start, length, temperature=3.0, seed=7)


def test_text_that_is_long_enough_already_stays_as_it_is(trained):
    assert transformer.generate(trained, "the dog", 3) == "the dog"


def test_alphabet_may_be_of_any_script():
    assert set(transformer.generate(network(), "天地", 30, alphabet="天地玄黃😀")) <= set("天地玄黃😀")


@pytest.mark.parametrize("options, message", [
    ({"start": ""}, "needs at least one letter to start from"),
    ({"start": "Hello"}, "Character 'H' at position 0"),
    ({"start": "你好"}, "Character '你' at position 0"),
    ({"alphabet": "abc"}, "scores 27 letters, and the alphabet has 3"),
    ({"temperature": -1}, "temperature is a number from 0 on, not -1"),
    ({"top_k": 28}, r"top_k is None or 1 ... 27, not 28"),
    ({"top_p": 0}, "top_p is None or a number above 0"),
])  # fmt: skip
def test_what_cannot_be_written_is_refused(trained, options, message):
    with pytest.raises(ValueError, match=message):
        transformer.generate(trained, **({"start": "a", "length": 9} | options))
