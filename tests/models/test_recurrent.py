import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.models import recurrent

KINDS = {"rnn": recurrent.RNN, "lstm": recurrent.LSTM, "gru": recurrent.GRU}


def make(kind, input_dim=3, units=4, seed=1, **options):
    """A cell whose every weight is random, biases too."""
    cell = KINDS[kind](input_dim, units, seed=seed, **options)
    random = np.random.default_rng(seed + 100)
    cell.set_weights([weight + 0.3 * random.normal(size=weight.shape) for weight in cell.get_weights()])
    return cell


def some(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def keras_layer(kind, units=4, input_dim=3, **options):
    layer = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[kind](
        units, return_sequences=True, dtype="float64", **options)
    layer.build((None, None, input_dim))
    return layer


# --- gradients against finite differences --------------------------------------------------------------

@pytest.mark.parametrize("activation, batch, time, masked", [
    *((activation, 2, 6, masked) for activation in ("tanh", "sigmoid", "relu", "linear") for masked in (False, True)),
    ("tanh", 2, 1, True), ("tanh", 1, 200, True),
])
@pytest.mark.parametrize("kind", KINDS)
def test_bptt_agrees_with_finite_differences(kind, activation, batch, time, masked):
    inputs, units = (1, 2) if time == 200 else (3, 4)
    cell, x, weighting = make(kind, inputs, units, activation=activation), some(batch, time, inputs), some(batch, time, units, seed=6)
    state, mask = 0.5 * some(len(cell.parts), batch, units, seed=5), np.random.default_rng(3).random((batch, time)) < (0.7 if masked else 1)

    def loss():  # sees every output
        outputs, _ = cell.forward(x, mask, state)
        return np.sum(weighting * outputs**2 / 2 + outputs)

    outputs, trace = cell.forward(x, mask, state)
    found = cell.backward(weighting * outputs + 1, trace)
    for gradient, array in ((found.x, x), (found.U, cell.U), (found.W, cell.W), (found.b, cell.b), (found.states[0], state)):
        assert recurrent.relative_error(gradient, recurrent.numerical_gradient(loss, array)) < 1e-6


@pytest.mark.parametrize("kind", KINDS)
def test_a_loss_at_the_last_step_reaches_every_earlier_state(kind):
    cell, x = make(kind), some(2, 5, 3)
    outputs, trace = cell.forward(x)
    d_outputs = np.zeros_like(outputs)
    d_outputs[:, -1] = 1.0
    reached = cell.backward(d_outputs, trace).states
    assert reached.shape == trace.states.shape
    for t in range(5):      # restart from the state after t steps: the same gradient must arrive there
        state = trace.states[t].copy()
        numerical = recurrent.numerical_gradient(
            lambda t=t, state=state: cell.forward(x[:, t:], state=state)[0][:, -1].sum(), state)
        assert recurrent.relative_error(reached[t], numerical) < 1e-6


@pytest.mark.parametrize("rubbish", [np.nan, np.inf])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("kind", KINDS)
def test_masked_steps_leave_the_gradients_of_the_sequence_without_them(kind, activation, rubbish):
    cell, short = make(kind, activation=activation), some(2, 3, 3)
    mask = np.array([True, False, True, True, False])
    long = np.full((2, 5, 3), rubbish)
    long[:, mask] = short
    d_short = some(2, 3, 4, seed=6)
    d_long = np.zeros((2, 5, 4))
    d_long[:, mask] = d_short
    expected = cell.backward(d_short, cell.forward(short)[1])
    found = cell.backward(d_long, cell.forward(long, np.tile(mask, (2, 1)))[1])
    for name in "UWb":
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), atol=1e-12)
    np.testing.assert_allclose(found.x[:, mask], expected.x, atol=1e-12)
    assert not found.x[:, ~mask].any()
    np.testing.assert_allclose(found.states[0], expected.states[0], atol=1e-12)


# --- against Keras -------------------------------------------------------------------------------------

@pytest.mark.parametrize("masked", [False, True], ids=["every step real", "masked"])
@pytest.mark.parametrize("time", [1, 7, 200])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weights", ["of Keras", "ours"])
def test_keras_and_we_give_the_same_outputs_with_the_same_weights(kind, time, masked, weights):
    keras.utils.set_random_seed(2)
    layer, cell, x = keras_layer(kind, bias_initializer="random_normal"), make(kind), some(2, time, 3)
    giver, taker = (layer, cell) if weights == "of Keras" else (cell, layer)
    taker.set_weights(giver.get_weights())
    mask = np.random.default_rng(1).random((2, time)) < 0.7 if masked else None
    outputs, _ = cell.forward(x, mask)
    np.testing.assert_allclose(np.asarray(layer(x, mask=mask)), outputs, atol=1e-12, rtol=0)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="the tape belongs to the TensorFlow backend")
@pytest.mark.parametrize("kind", KINDS)
def test_gradients_agree_with_tensorflow(kind):
    tensorflow = pytest.importorskip("tensorflow")
    layer, cell, x = keras_layer(kind), make(kind), some(2, 9, 3)
    layer.set_weights(cell.get_weights())
    mask = np.array([[1] * 9, [1] * 6 + [0] * 3], bool)
    with tensorflow.GradientTape() as tape:
        loss = tensorflow.reduce_sum(layer(x, mask=mask) ** 2) / 2
    outputs, trace = cell.forward(x, mask)
    found = cell.backward(outputs, trace)
    for name, expected in zip("UWb", tape.gradient(loss, layer.trainable_variables), strict=True):
        assert recurrent.relative_error(getattr(found, name), expected.numpy()) < 1e-10


@pytest.mark.parametrize("kind", KINDS)
def test_an_initial_state_means_the_same_as_in_keras(kind):
    layer, cell, x = keras_layer(kind), make(kind), some(2, 5, 3)
    layer.set_weights(cell.get_weights())
    state = some(len(cell.parts), 2, 4, seed=8)
    theirs = layer(x, initial_state=list(state) if len(state) > 1 else state[0])
    np.testing.assert_allclose(np.asarray(theirs), cell.forward(x, state=state)[0], atol=1e-12, rtol=0)


@pytest.mark.parametrize("bias, unit_forget_bias", [(0.0, False), (1.0, True)])
def test_forget_bias_starts_where_keras_starts_it_and_moves_nothing_else(bias, unit_forget_bias):
    cell, plain = recurrent.LSTM(3, 4, forget_bias=bias, seed=4), recurrent.LSTM(3, 4, forget_bias=5.0, seed=4)
    np.testing.assert_array_equal(cell.b, keras_layer("lstm", unit_forget_bias=unit_forget_bias).get_weights()[2])
    np.testing.assert_array_equal(plain.b, [0] * 4 + [5] * 4 + [0] * 8)
    np.testing.assert_array_equal([*cell.U, *cell.W], [*plain.U, *plain.W])


# --- what a cell is ------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind, blocks", [("rnn", 1), ("lstm", 4), ("gru", 3)])
def test_shapes_are_those_that_the_docstrings_promise(kind, blocks):
    cell = KINDS[kind](3, 4)
    outputs, trace = cell.forward(some(2, 5, 3))
    gradients = cell.backward(outputs, trace)
    assert outputs.shape == (2, 5, 4)
    assert cell.U.shape == gradients.U.shape == (3, 4 * blocks)
    assert cell.W.shape == gradients.W.shape == (4, 4 * blocks)
    assert cell.b.shape == gradients.b.shape == ((2, 12) if kind == "gru" else (4 * blocks,))
    assert gradients.x.shape == (2, 5, 3)
    assert trace.states.shape == gradients.states.shape == (6, len(cell.parts), 2, 4)
    assert {array.dtype for array in (outputs, *cell.get_weights())} == {np.dtype("float64")}
    for name in trace.steps[0]:
        assert trace.over_time(name).shape == (2, 5, 4)


def test_the_recurrent_weights_start_orthogonal():
    for cell in (recurrent.RNN(3, 6), recurrent.LSTM(3, 6), recurrent.GRU(3, 6)):
        np.testing.assert_allclose(cell.W @ cell.W.T, np.eye(6), atol=1e-12)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    first, again, other = (recurrent.GRU(2, 3, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.W, again.W)
    assert not np.allclose(first.W, other.W)


def test_weights_are_copied_on_the_way_in_and_out():
    cell = recurrent.RNN(2, 3)
    weights = cell.get_weights()
    cell.set_weights(weights)
    weights[0][:] = 7
    cell.get_weights()[1][:] = 7
    assert not (cell.U == 7).any()
    assert not (cell.W == 7).any()


@settings(max_examples=25)
@given(kind=st.sampled_from(list(KINDS)), cut=st.integers(1, 9), seed=st.integers(0, 1000))
def test_a_sequence_read_in_two_pieces_gives_the_same_outputs(kind, cut, seed):
    cell, x = make(kind, seed=seed), some(2, 10, 3, seed=seed)
    first, trace = cell.forward(x[:, :cut])
    second, _ = cell.forward(x[:, cut:], state=trace.states[-1])
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), cell.forward(x)[0], atol=1e-14)


def test_sigmoid_is_right_and_never_overflows():
    z = np.array([-1000.0, -2.0, 0.0, 2.0, 1000.0])
    expected = [0, 1 / (1 + np.e**2), 0.5, 1 / (1 + np.e**-2), 1]
    np.testing.assert_allclose(recurrent.sigmoid(z), expected, atol=1e-15)


# --- wrong input ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("arguments, message", [
    ({"x": some(5, 3)}, r"x must have the shape \(batch, time, input_dim=3\), not \(5, 3\).*array\[None\]"),
    ({"x": some(2, 5, 7)}, r"x must have the shape \(batch, time, input_dim=3\), not \(2, 5, 7\)"),
    ({"x": some(2, 0, 3)}, r"x has the shape \(2, 0, 3\).*at least one sequence and one time step"),
    ({"mask": np.ones((5, 2))}, r"mask must have the shape \(batch=2, time=5\), not \(5, 2\)"),
    ({"mask": np.ones((2, 5, 1))}, r"mask must have the shape \(batch=2, time=5\), not \(2, 5, 1\)"),
    ({"state": np.zeros((2, 4))}, r"state must have the shape \(parts=\d, batch=2, units=4\), not \(2, 4\)"),
    ({"state": np.zeros((3, 2, 4))}, r"state must have the shape \(parts=[12], batch=2, units=4\), not \(3, 2, 4\)"),
])
def test_forward_names_the_wrong_shape(kind, arguments, message):
    with pytest.raises(ValueError, match=message):
        KINDS[kind](3, 4).forward(**({"x": some(2, 5, 3)} | arguments))


@pytest.mark.parametrize("kind, weights, message", [
    ("rnn", [np.ones((4, 3)), np.ones((4, 4)), np.ones(4)],
     r"RNN weight U must have the shape \(3, 4\), not \(4, 3\)"),
    ("lstm", [np.ones((3, 16)), np.ones((4, 4)), np.ones(16)],
     r"LSTM weight W must have the shape \(4, 16\), not \(4, 4\)"),
    ("gru", [np.ones((3, 12)), np.ones((4, 12)), np.ones(12)],
     r"GRU weight b must have the shape \(2, 12\), not \(12,\).*reset_after=True"),
    ("lstm", [np.ones((3, 16)), np.ones((4, 16))], r"LSTM takes three weights .* not 2.*use_bias=False"),
])
def test_set_weights_names_the_wrong_weight_and_keeps_the_old_ones(kind, weights, message):
    cell = KINDS[kind](3, 4)
    before = cell.get_weights()
    with pytest.raises(ValueError, match=message):
        cell.set_weights(weights)
    for old, now in zip(before, cell.get_weights(), strict=True):
        np.testing.assert_array_equal(old, now)


@pytest.mark.parametrize("call, error, message", [
    (lambda: recurrent.RNN(0, 4), ValueError, "input_dim must be a whole number of at least 1, not 0"),
    (lambda: recurrent.RNN(3, 2.5), ValueError, "units must be a whole number of at least 1, not 2.5"),
    (lambda: recurrent.RNN(3, True), ValueError, "units must be a whole number of at least 1, not True"),
    (lambda: recurrent.RNN(3, 4, activation="softmax"), ValueError, "no activation 'softmax'. Choose from tanh, sigmoid, relu"),
    (lambda: recurrent.RNN(3, 4).backward(np.ones((2, 4)), recurrent.RNN(3, 4).forward(some(2, 5, 3))[1]), ValueError,
     r"d_outputs must have the shape \(batch=2, time=5, units=4\), not \(2, 4\)"),
    (lambda: recurrent.LSTM(3, 4).forward(some(1, 2, 3))[1].over_time("forget"), KeyError, "no 'forget'. It has: i, f, g, o, c, shown"),
    (lambda: recurrent.numerical_gradient(lambda: 0.0, np.ones(3, np.float32)), TypeError, "cannot use float32"),
    (lambda: recurrent.numerical_gradient(lambda: 0.0, [1.0, 2.0]), TypeError, "cannot use list"),
    (lambda: recurrent.relative_error(np.ones(3), np.ones((3, 1))), ValueError, r"not \(3,\) with \(3, 1\)"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_numerical_gradient_of_a_known_function_and_its_array_unchanged():
    array = np.array([[1.0, -2.0], [0.5, 3.0]])
    before = array.copy()
    found = recurrent.numerical_gradient(lambda: np.sum(array**3), array)
    np.testing.assert_allclose(found, 3 * before**2, rtol=1e-8)
    np.testing.assert_array_equal(array, before)


def test_relative_error_is_zero_for_equal_and_one_for_opposite():
    assert recurrent.relative_error(np.zeros(3), np.zeros(3)) == 0
    assert recurrent.relative_error([1.0, 2.0], [1.0, 2.0]) == 0
    assert recurrent.relative_error([1.0], [-1.0]) == 1
