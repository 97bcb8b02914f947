"""utils.models.charlm: state, training, checkpoints, perplexity, generation and files, each against a plain reference."""

import itertools

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import keras_saves

from utils.models import charlm

pytestmark = keras_saves

SENTENCE = "the quick brown fox jumps over the lazy dog and runs away from the dog again "


def compiled(model, rate=0.01, run_eagerly=True):  # eager: tracing takes longer than training so little
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                  run_eagerly=run_eagerly)
    return model


def run_to(step, model, ids, **options):
    options = {"unroll": 8, "report_every": 5} | options
    return list(charlm.train(model, ids, steps=step, **options))


def new_model(**options):
    keras.utils.set_random_seed(3)
    return compiled(charlm.build_model(12, batch_size=3, embedding_dim=5), **options)


@pytest.fixture(scope="module")
def ids():
    return charlm.encode(SENTENCE * 6)


@pytest.fixture
def untrained():
    return new_model()


@pytest.fixture(scope="module")
def trained(ids):
    """A trained model, for tests that leave it as it is."""
    model = new_model(run_eagerly=False)
    run_to(60, model, ids, report_every=60)
    return model


def fixed_model(next_letter=None, batch_size=2):
    """A network without memory: uniform, or certain that `next_letter[id]` follows `id`."""
    model = keras.Sequential([
        keras.Input(batch_shape=(batch_size, None), dtype="int32"), keras.layers.Embedding(27, 27, name="table"),
    ])
    table = np.zeros((27, 27))
    for letter, following in (next_letter or {}).items():
        table[letter, following] = 100
    model.set_weights([table])
    return model


# State


def test_state_carried_over_batch_borders_equals_one_long_sequence(trained, ids):
    one_stream = ids[:60][None]
    whole = charlm.rebatch(trained, 1).predict_on_batch(one_stream)
    in_parts = charlm.rebatch(trained, 1)
    parts = [in_parts.predict_on_batch(one_stream[:, a:b]) for a, b in itertools.pairwise([0, 7, 8, 31, 60])]
    np.testing.assert_allclose(np.concatenate(parts, axis=1), whole, rtol=1e-4, atol=1e-5)


def test_training_carries_the_state_from_round_to_round(untrained, ids):
    still = compiled(charlm.rebatch(untrained, 3), rate=0.0)
    run_to(4, still, ids, report_every=2)
    inputs, _ = charlm.stream_batches(ids, 3, 8)
    by_hand = charlm.rebatch(untrained, 3)
    by_hand.predict_on_batch(np.concatenate(inputs[:4], axis=1))
    for found, expected in zip(charlm.get_state(still), charlm.get_state(by_hand), strict=True):
        assert np.abs(expected).max() > 1e-3
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_state_begins_at_zero_where_the_text_begins_again(untrained, ids):
    rounds = len(charlm.stream_batches(ids, 3, 8)[0])
    still = compiled(charlm.rebatch(untrained, 3), rate=0.0, run_eagerly=False)
    once, again = run_to(2 * rounds, still, ids, report_every=rounds)
    assert again.bits == pytest.approx(once.bits, rel=1e-5)


@pytest.mark.slow
def test_looking_on_between_two_reports_changes_nothing(untrained, ids):
    copy = compiled(charlm.rebatch(untrained, 3))
    undisturbed = [progress.bits for progress in run_to(9, untrained, ids, report_every=3)]
    disturbed = []
    for progress in charlm.train(copy, ids, unroll=8, steps=9, report_every=3):
        charlm.bits_per_character(copy, ids)
        charlm.generate(copy, "the", 12)
        copy.predict_on_batch(ids[:9].reshape(3, 3))
        disturbed.append(progress.bits)
    assert disturbed == pytest.approx(undisturbed, rel=1e-5)


def test_reports_come_at_even_steps_and_count_letters(untrained, ids):
    reports = run_to(12, untrained, ids, report_every=5)
    assert [(report.step, report.letters) for report in reports] == [(5, 120), (10, 240), (12, 288)]
    assert all(report.seconds > 0 for report in reports)


def test_training_learns(untrained, trained, ids):
    assert charlm.bits_per_character(trained, ids) < charlm.bits_per_character(untrained, ids) - 0.5


# Checkpoints


@pytest.mark.slow
def test_interrupted_training_goes_on_as_if_it_had_not_stopped(ids, tmp_path):
    straight, first = new_model(run_eagerly=False), new_model(run_eagerly=False)
    path = tmp_path / "runs" / "letters.npz"
    expected = run_to(40, straight, ids)
    run_to(15, first, ids, checkpoint=path)
    second = compiled(charlm.build_model(12, batch_size=3, embedding_dim=5), run_eagerly=False)
    resumed = run_to(40, second, ids, checkpoint=path)
    assert [report.step for report in resumed] == [20, 25, 30, 35, 40]
    assert [r.bits for r in resumed] == pytest.approx([r.bits for r in expected[3:]], rel=1e-4)
    for found, wanted in zip(second.get_weights(), straight.get_weights(), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-5)
    assert [path.name for path in path.parent.iterdir()] == ["letters.npz"]


def test_a_finished_checkpoint_trains_no_further_and_fits_no_other_network(untrained, ids, tmp_path):
    run_to(5, untrained, ids, checkpoint=tmp_path / "c.npz")
    again = compiled(charlm.build_model(12, batch_size=3, embedding_dim=5))
    assert run_to(5, again, ids, checkpoint=tmp_path / "c.npz") == []
    np.testing.assert_array_equal(again.get_weights()[0], untrained.get_weights()[0])
    other = compiled(charlm.build_model(16, batch_size=3, embedding_dim=5))
    with pytest.raises(ValueError, match=r"belongs to another network or optimizer: .* there and .* here"):
        run_to(10, other, ids, checkpoint=tmp_path / "c.npz")


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"PK\x03\x04 cut off"])
def test_checkpoint_that_is_none_is_refused(untrained, ids, tmp_path, content):
    (tmp_path / "c.npz").write_bytes(content)
    with pytest.raises(ValueError, match="is no checkpoint of charlm.train.*Remove it to start afresh"):
        run_to(5, untrained, ids, checkpoint=tmp_path / "c.npz")


# Bits and perplexity


@pytest.mark.parametrize(("next_letter", "expected"), [({}, 27), ({1: 2, 2: 3, 3: 1}, 1)], ids=["uniform", "perfect"])
def test_perplexity_goes_from_1_to_27(next_letter, expected):
    bits = charlm.bits_per_character(fixed_model(next_letter), charlm.encode("abc" * 31))
    assert charlm.perplexity(bits) == pytest.approx(expected)


@pytest.mark.parametrize("unroll", [1, 7, 1000])
def test_bits_are_those_of_one_letter_at_a_time(trained, ids, unroll):
    text = ids[:100]
    length, bits = 99 // 3, []
    for start in (0, length, 2 * length):
        reader = charlm.rebatch(trained, 1)
        for position in range(start, start + length):
            logits = reader.predict_on_batch(text[None, position:position + 1])[0, 0].astype(np.float64)
            p = np.exp(logits) / np.exp(logits).sum()
            bits.append(-np.log2(p[text[position + 1]]))
    np.testing.assert_allclose(charlm.letter_bits(trained, text, unroll=unroll), np.reshape(bits, (3, length)), rtol=1e-3)
    assert charlm.bits_per_character(trained, text, unroll=unroll) == pytest.approx(np.mean(bits), rel=1e-4)


STREAMS = "batch_size, the number of streams that are read side by side, is at least 1"


@pytest.mark.parametrize("call, complaint", [
    (lambda model: charlm.bits_per_character(model, charlm.encode("abc")), "3 letters are too few"),
    *[(lambda _, n=n: charlm.build_model(8, 1, layers=n), f"layers is at least 1, not {n}: without an LSTM") for n in (0, -1)],
    (lambda _: charlm.build_model(8, 0), STREAMS), (lambda _: charlm.rebatch(charlm.build_model(8, 1), -2), STREAMS),
    *[(lambda _, first=first, rest=rest: charlm.next_letter_probabilities(np.r_[first, np.full(26, rest)]), "Has the training diverged")
      for first, rest in ((float("nan"), 0), (float("inf"), 0), (-np.inf, -np.inf))],
])
def test_what_cannot_be_read_or_built_is_refused(trained, call, complaint):
    with pytest.raises(ValueError, match=complaint):
        call(trained)


# Generation


def test_generation_is_reproducible_by_seed_and_leaves_the_model_alone(trained):
    before = charlm.get_state(trained)
    first, again, other = (charlm.generate(trained, "the", 80, seed=seed) for seed in (1, 1, 2))
    assert first == again != other
    assert first.startswith("the") and len(first) == 80 and set(first) <= set(charlm.ALPHABET)
    for state, wanted in zip(charlm.get_state(trained), before, strict=True):
        np.testing.assert_array_equal(state, wanted)


def test_generating_50_and_50_more_equals_generating_100(trained):
    writer = charlm.Generator(trained, "p", seed=5)
    assert "p" + writer.write(50) + writer.write(50) == charlm.generate(trained, "p", 101, seed=5)


def test_a_perfect_model_writes_what_must_follow_in_any_alphabet():
    assert charlm.generate(fixed_model({1: 2, 2: 3, 3: 1}), "ab", 9) == "abcabcabc"
    model = keras.Sequential([keras.Input(batch_shape=(2, None), dtype="int32"), keras.layers.Embedding(3, 3)])
    model.set_weights([np.roll(np.eye(3) * 100, 1, axis=1)])  # 天 → 地 → 人 → 天
    assert charlm.generate(model, "地", 7, alphabet="天地人") == "地人天地人天地"


def test_temperature_0_and_top_1_take_the_likeliest_letter(trained):
    assert charlm.generate(trained, "t", 40, temperature=0) == charlm.generate(trained, "t", 40, top_k=1, seed=9)


LOGITS = np.log(np.r_[np.full(24, 0.01), 0.16, 0.2, 0.4])


@pytest.mark.parametrize("temperature", [0.3, 0.7, 1, 1.5, 4.0])
def test_temperature_raises_probabilities_to_its_inverse(temperature):
    np.testing.assert_allclose(charlm.next_letter_probabilities(LOGITS), np.exp(LOGITS))
    expected = np.exp(LOGITS) ** (1 / temperature)
    found = charlm.next_letter_probabilities(LOGITS, temperature)
    np.testing.assert_allclose(found, expected / expected.sum())


def test_top_k_keeps_the_k_likeliest_in_proportion():
    p = charlm.next_letter_probabilities(LOGITS, top_k=2)
    assert p[:25].sum() == 0
    np.testing.assert_allclose(p[25:], [1 / 3, 2 / 3])


@pytest.mark.parametrize("top_p, kept", [(0.4, 1), (0.41, 2), (0.75, 3), (1.0, 27)])
def test_top_p_keeps_the_fewest_likeliest_that_reach_it(top_p, kept):
    expected = np.sort(np.exp(LOGITS))
    expected[:27 - kept] = 0
    np.testing.assert_allclose(charlm.next_letter_probabilities(LOGITS, top_p=top_p), expected / expected.sum())


def test_top_p_counts_what_top_k_and_temperature_have_left(trained):
    p = charlm.next_letter_probabilities(LOGITS, 0.5, top_k=2, top_p=0.79)  # 0.2² and 0.4²: 0.2 and 0.8
    np.testing.assert_allclose(p[25:], [0, 1])
    assert charlm.generate(trained, "t", 40, temperature=0) == charlm.generate(trained, "t", 40, top_p=1e-9, seed=9)


@given(st.lists(st.floats(-1000, 1000), min_size=27, max_size=27), st.floats(0, 5), st.integers(1, 27),
       st.floats(0, 1, exclude_min=True))
@settings(max_examples=50)
def test_probabilities_always_sum_to_one(logits, temperature, top_k, top_p):
    p = charlm.next_letter_probabilities(logits, temperature, top_k, top_p)
    assert p.sum() == pytest.approx(1) and (p >= 0).all() and np.count_nonzero(p) <= top_k


@pytest.mark.parametrize("options, complaint", [
    ({"temperature": -1}, "temperature is a number from 0 on, not -1"),
    ({"temperature": float("nan")}, "not nan"), ({"temperature": float("inf")}, "not inf"),
    ({"top_k": 0}, "top_k is None or 1 ... 27, not 0"), ({"top_k": 28}, "not 28"),
    ({"top_p": 0}, "top_p is None or a number above 0 and at most 1, not 0"), ({"top_p": 1.1}, "not 1.1"),
    ({"start": ""}, "at least one letter to start from"), ({"start": "Hi"}, "'H' at position 0"),
    ({"start": "天", "alphabet": "天地人"}, "scores 27 letters, and the alphabet has 3"),
    ({"start": "a", "alphabet": charlm.ALPHABET.upper()}, "'a' at position 0 is none of the 27 of"),
])
def test_settings_that_make_no_sense_are_refused(options, complaint):
    with pytest.raises(ValueError, match=complaint):
        charlm.generate(fixed_model(), **options)


NOVEL = "玄德曰：「不可。」雲長曰：「可。」翼德曰：「如何不可？」"


def test_a_text_of_any_alphabet_is_learned_and_written():
    alphabet = charlm.alphabet_of(NOVEL)
    own = charlm.encode(NOVEL * 6, alphabet)
    keras.utils.set_random_seed(3)
    model = compiled(charlm.build_model(12, batch_size=3, embedding_dim=5, letters=len(alphabet)), run_eagerly=False)
    before = charlm.bits_per_character(model, own)
    run_to(60, model, own, report_every=60)
    assert before == pytest.approx(np.log2(len(alphabet)), rel=0.05)
    assert charlm.bits_per_character(model, own) < before - 0.5
    written = charlm.generate(model, "玄德", 40, alphabet=alphabet, seed=1)
    assert written.startswith("玄德") and len(written) == 40 and set(written) <= set(alphabet)


# Files


def test_a_reloaded_model_writes_the_same(trained, ids, tmp_path):
    charlm.save(trained, tmp_path / "letters.keras")
    loaded = charlm.load(tmp_path / "letters.keras")
    assert charlm.generate(loaded, "fox", 60, seed=4) == charlm.generate(trained, "fox", 60, seed=4)
    assert charlm.bits_per_character(loaded, ids) == pytest.approx(charlm.bits_per_character(trained, ids))


def test_a_model_of_another_alphabet_is_read_by_its_number_of_letters(tmp_path):
    model = charlm.build_model(4, batch_size=1, letters=5)
    model.compile(keras.optimizers.Adam(), keras.losses.SparseCategoricalCrossentropy(from_logits=True), run_eagerly=True)
    model.train_on_batch(np.array([[0, 1, 2]]), np.array([[1, 2, 4]]))
    charlm.save(model, tmp_path / "own.keras")
    assert charlm.load(tmp_path / "own.keras", letters=5).output_shape == (1, None, 5)
    with pytest.raises(ValueError, match="another kind of model.*27"):
        charlm.load(tmp_path / "own.keras")


def test_what_is_no_trained_model_of_letters_is_neither_saved_nor_read(untrained, tmp_path):
    with pytest.raises(ValueError, match="This model has never been trained"):
        charlm.save(untrained, tmp_path / "letters.keras")
    assert not (tmp_path / "letters.keras").exists()
    untrained.save(tmp_path / "letters.keras")
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)]).save(tmp_path / "house.keras")
    (tmp_path / "text.keras").write_text("hello")
    for name, error, message in (
        ("letters", ValueError, "letters.keras has never been trained"),
        ("house", ValueError, r"another kind of model: it maps \(None, 4\) to \(None, 1\)"),
        ("text", ValueError, "text.keras is not a whole .keras file"),
        ("none", FileNotFoundError, "There is no model .*charlm.save"),
    ):
        with pytest.raises(error, match=message):
            charlm.load(tmp_path / f"{name}.keras")
