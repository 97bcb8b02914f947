"""RNN, LSTM and GRU in NumPy: forward, and backpropagation through time (BPTT), in float64.

Batch first. Weights lie as Keras keeps them, so both `cell.set_weights(layer.get_weights())` and
`layer.set_weights(cell.get_weights())` work. Textbooks write h_t = tanh(U x_t + W h_{t-1}) with column
vectors. A batch holds its vectors as rows, so these arrays are the transposes:
h_t = tanh(x_t @ U + h_{t-1} @ W + b).

    cell = LSTM(input_dim=3, units=4, seed=0)
    outputs, trace = cell.forward(x)                 # (batch, time, 3) -> (batch, time, 4)
    gradients = cell.backward(d_outputs, trace)      # gradients.U, .W, .b, .x, .states

Masks: where a step is not real, the cell keeps its state and repeats its output. Keras does the same, with
one exception: for a sequence that begins with such steps it puts out zeros until the first real step, even
if it was given an initial state.
"""

import numpy as np

from utils.models.recurrent_bptt import (  # noqa: F401 - offered here
    ACTIVATIONS,
    Cell,
    Gradients,
    Trace,
    numerical_gradient,
    relative_error,
    sigmoid,
)


class RNN(Cell):
    """The simple cell, h_t = f(U x_t + W h_{t-1} + b). Keras: SimpleRNN.

    Shapes: U (input_dim, units), W (units, units), b (units,).
    Source: Elman, "Finding structure in time", Cognitive Science 14 (1990).
    """

    def step(self, from_input, state):
        """Go one step: (batch, units) and state (1, batch, units) to the next state and what to keep."""
        h = self.activation(from_input + state[0] @ self.W)
        return h[None], {"h": h}

    def step_back(self, d_state, state, kept):
        """Go one step back: dE / d next state to dE / d (x_t U + b), dE / d (h W), and no other way."""
        d_z = d_state[0] * self.slope(kept["h"])
        return d_z, d_z, np.zeros_like(d_state)


class LSTM(Cell):
    """Long short-term memory: c' = tanh(z) σ(z_i) + c σ(z_f) and h' = tanh(c') σ(z_o). Keras: LSTM.

    σ is the sigmoid; `activation` takes the place of tanh.
    Shapes: U (input_dim, 4 * units), W (units, 4 * units), b (4 * units,); blocks in Keras's order
    z_i, z_f, z, z_o.
    Sources: Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997); the forget
    gate: Gers, Schmidhuber and Cummins, "Learning to forget", Neural Computation 12 (2000).
    """

    blocks = 4
    parts = ("h", "c")

    def __init__(self, input_dim: int, units: int, *, forget_bias: float = 1.0, **options):
        """Start as Cell does, with `forget_bias` as the bias of z_f (Keras's unit_forget_bias: 1)."""
        super().__init__(input_dim, units, **options)
        if not np.isfinite(forget_bias):
            raise ValueError(f"forget_bias is a finite number, not {forget_bias}. Keras takes 1.")
        self.b[self.units:2 * self.units] = forget_bias

    def step(self, from_input, state):
        """Go one step: (batch, 4 * units) and state (2, batch, units) to the next state and what to keep."""
        h, c = state
        z_i, z_f, z, z_o = np.split(from_input + h @ self.W, 4, axis=-1)
        i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o)      # three gates, each 0 ... 1
        g = self.activation(z)                                  # what could be written
        c = g * i + c * f                                       # written and kept
        shown = self.activation(c)                              # what the output gate lets out
        return np.stack([shown * o, c]), {"i": i, "f": f, "g": g, "o": o, "c": c, "shown": shown}

    def step_back(self, d_state, state, kept):
        """Go one step back: dE / d next state to dE / d (x_t U + b), dE / d (h W), dE / d c."""
        i, f, g, o, shown = (kept[name] for name in ("i", "f", "g", "o", "shown"))
        d_h, d_c = d_state
        d_c = d_c + d_h * o * self.slope(shown)
        d_z = np.concatenate([
            d_c * g * i * (1 - i),                  # to z_i
            d_c * state[1] * f * (1 - f),           # to z_f
            d_c * i * self.slope(g),                # to z
            d_h * shown * o * (1 - o),              # to z_o
        ], axis=-1)
        return d_z, d_z, np.stack([np.zeros_like(d_h), d_c * f])    # along the memory: only times f


class GRU(Cell):
    """Gated recurrent unit, h' = σ(z_u) h + (1 - σ(z_u)) g. Keras: GRU with reset_after=True, its default.

    The reset gate r = σ(z_r) scales what the state says to the candidate: g = tanh(U x + b_0 + r (W h + b_1)).
    Shapes: U (input_dim, 3 * units), W (units, 3 * units), b (2, 3 * units) with one row for the input and
    one for the state; blocks in Keras's order u (update), r, g.
    Source: Cho et al., "Learning phrase representations using RNN encoder-decoder" (EMNLP 2014), in the
    variant that cuDNN computes.
    """

    blocks = 3
    parts = ("h",)

    @property
    def bias_shape(self) -> tuple:
        """Shape of b: (2, 3 * units)."""
        return (2, self.blocks * self.units)

    def step(self, from_input, state):
        """Go one step: (batch, 3 * units) and state (1, batch, units) to the next state and what to keep."""
        h = state[0]
        x_u, x_r, x_g = np.split(from_input, 3, axis=-1)
        h_u, h_r, h_g = np.split(h @ self.W + self.b[1], 3, axis=-1)
        u, r = sigmoid(x_u + h_u), sigmoid(x_r + h_r)
        g = self.activation(x_g + r * h_g)
        return (u * h + (1 - u) * g)[None], {"u": u, "r": r, "g": g, "h_g": h_g}

    def step_back(self, d_state, state, kept):
        """Go one step back: dE / d next state to dE / d (x_t U + b_0), dE / d (h W + b_1), dE / d h."""
        u, r, g, h_g = (kept[name] for name in ("u", "r", "g", "h_g"))
        d_h = d_state[0]
        d_g = d_h * (1 - u) * self.slope(g)
        d_u = d_h * (state[0] - g) * u * (1 - u)
        d_r = d_g * h_g * r * (1 - r)
        return (np.concatenate([d_u, d_r, d_g], axis=-1), np.concatenate([d_u, d_r, d_g * r], axis=-1),
                (d_h * u)[None])
