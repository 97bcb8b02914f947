"""What RNN, LSTM and GRU share: the loop over time, backpropagation through time (BPTT), masks and checks.

Import `utils.models.recurrent`, which holds the cells and offers everything here.

Source of BPTT: Werbos, "Backpropagation through time: what it does and how to do it", Proc. IEEE 78 (1990).
"""

from dataclasses import dataclass

import numpy as np


def sigmoid(z):
    """Return 1 / (1 + exp(-z)) of an array of any shape, without overflow: values in 0 ... 1."""
    return 0.5 * (1.0 + np.tanh(0.5 * z))


# name -> (function, its derivative written with its own output)
ACTIVATIONS = {
    "tanh": (np.tanh, lambda out: 1.0 - out**2),
    "sigmoid": (sigmoid, lambda out: out * (1.0 - out)),
    "relu": (lambda z: np.maximum(z, 0.0), lambda out: (out > 0).astype(np.float64)),
    "linear": (lambda z: z, np.ones_like),
}


@dataclass(frozen=True)
class Trace:
    """What `forward` keeps for `backward` and for drawing.

    Shapes:
        x: (batch, time, input_dim), 0 where a step is not real.
        mask: (batch, time), True where a step is real.
        states: (time + 1, parts, batch, units), the initial state first; parts as in the cell's `parts`.
        steps: for each time step a dict of (batch, units) arrays.
    """

    x: np.ndarray
    mask: np.ndarray
    states: np.ndarray
    steps: list

    def over_time(self, name: str) -> np.ndarray:
        """Return one value of every step, such as the gate `i`, as (batch, time, units)."""
        if name not in self.steps[0]:
            raise KeyError(f"The trace has no {name!r}. It has: {', '.join(self.steps[0])}.")
        return np.stack([step[name] for step in self.steps], axis=1)


@dataclass(frozen=True)
class Gradients:
    """Derivatives of the loss.

    Shapes:
        x: (batch, time, input_dim).
        U, W, b: as the weights.
        states: (time + 1, parts, batch, units), what reaches each state from the losses at it and after it;
            `states[0]` belongs to the initial state.
    """

    x: np.ndarray
    U: np.ndarray
    W: np.ndarray
    b: np.ndarray
    states: np.ndarray


class Cell:
    """A recurrent cell: weights U, W, b in Keras's layout, and the way through time and back.

    A kind of cell defines `blocks` (how many U and W stand side by side), `parts` (what its state consists
    of, the output first), `step` and `step_back`.
    """

    blocks = 1
    parts = ("h",)

    def __init__(self, input_dim: int, units: int, *, activation: str = "tanh", seed: int = 0):
        """Start with Glorot-uniform U, orthogonal W and zero b, as Keras's layers do.

        Args:
            input_dim: numbers in one input x_t, at least 1.
            units: numbers in one state, at least 1.
            activation: `tanh`, `sigmoid`, `relu` or `linear`; gates are always sigmoid.
            seed: the same seed gives the same weights.

        Raises:
            ValueError: for a size below 1 or an unknown activation.
        """
        for name, size in (("input_dim", input_dim), ("units", units)):
            if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
                raise ValueError(f"{name} must be a whole number of at least 1, not {size!r}.")
        if activation not in ACTIVATIONS:
            raise ValueError(f"There is no activation {activation!r}. Choose from {', '.join(ACTIVATIONS)}.")
        self.input_dim, self.units = int(input_dim), int(units)
        self.activation, self.slope = ACTIVATIONS[activation]
        width = self.blocks * self.units
        random = np.random.default_rng(seed)
        limit = np.sqrt(6.0 / (self.input_dim + width))
        self.U = random.uniform(-limit, limit, (self.input_dim, width))
        self.W = np.linalg.qr(random.normal(size=(width, self.units)))[0].T
        self.b = np.zeros(self.bias_shape)

    @property
    def bias_shape(self) -> tuple:
        """Shape of b: (blocks * units,)."""
        return (self.blocks * self.units,)

    def get_weights(self) -> list[np.ndarray]:
        """Return copies of [U, W, b] in Keras's order and layout.

        Shapes: (input_dim, blocks * units), (units, blocks * units), and (blocks * units,), for the GRU
        (2, 3 * units).
        """
        return [self.U.copy(), self.W.copy(), self.b.copy()]

    def set_weights(self, weights) -> None:
        """Take [U, W, b] as `get_weights` and Keras's layers return them.

        Raises:
            ValueError: if their number or a shape differs; it names the weight and both shapes.
        """
        weights = [np.array(weight, dtype=np.float64) for weight in weights]
        kind = type(self).__name__
        if len(weights) != 3:
            raise ValueError(f"{kind} takes three weights [U, W, b], not {len(weights)}. "
                             "A Keras layer with use_bias=False has two; add a bias of zeros.")
        for name, found in zip("UWb", weights, strict=True):
            expected = getattr(self, name).shape
            if found.shape != expected:
                raise ValueError(
                    f"{kind} weight {name} must have the shape {expected}, not {found.shape}. This cell "
                    f"has input_dim={self.input_dim} and units={self.units}. The order is kernel U, "
                    "recurrent kernel W, bias b; a Keras GRU needs reset_after=True, its default.")
        self.U, self.W, self.b = weights

    def forward(self, x, mask=None, state=None):
        """Read a batch of sequences; return outputs (batch, time, units) and the Trace for `backward`.

        Args:
            x: (batch, time, input_dim).
            mask: (batch, time), False where the state stays as it was, whatever x holds there, NaN too;
                None when every step is real.
            state: the initial state, (parts, batch, units); None for zeros.

        Raises:
            ValueError: for a wrong shape; it names the argument and both shapes.
        """
        x, mask, state = self._checked(x, mask, state)
        from_input = x @ self.U + (self.b if self.b.ndim == 1 else self.b[0])
        states, steps = [state], []
        for t in range(x.shape[1]):
            new_state, kept = self.step(from_input[:, t], states[-1])
            states.append(np.where(mask[:, t, None], new_state, states[-1]))
            steps.append(kept)
        states = np.stack(states)
        return states[1:, 0].swapaxes(0, 1).copy(), Trace(x, mask, states, steps)

    def backward(self, d_outputs, trace: Trace) -> Gradients:
        """Backpropagate through time, from the last step to the first.

        Args:
            d_outputs: (batch, time, units), dE / d outputs.
            trace: what `forward` returned, the weights unchanged since.

        Raises:
            ValueError: if `d_outputs` has a wrong shape.
        """
        d_outputs, d_states, d_input, d_recurrent = self._start_backward(d_outputs, trace)
        for t in reversed(range(trace.x.shape[1])):
            d_states[t + 1, 0] += d_outputs[:, t]
            real = trace.mask[:, t, None]
            reaching = np.where(real, d_states[t + 1], 0.0)
            d_input[:, t], d_recurrent[:, t], d_before = self.step_back(
                reaching, trace.states[t], trace.steps[t])
            d_before[0] += d_recurrent[:, t] @ self.W.T
            d_states[t] = d_before + np.where(real, 0.0, d_states[t + 1])
        before = trace.states[:-1, 0].swapaxes(0, 1)
        d_b = np.stack([d_input.sum((0, 1)), d_recurrent.sum((0, 1))])
        return Gradients(
            x=d_input @ self.U.T,
            U=np.tensordot(trace.x, d_input, axes=([0, 1], [0, 1])),        # summed over batch and time
            W=np.tensordot(before, d_recurrent, axes=([0, 1], [0, 1])),
            b=d_b[0] if self.b.ndim == 1 else d_b,
            states=d_states)

    def step(self, from_input, state):
        """Go one step: x_t U + b (batch, blocks * units), state (parts, batch, units) to the next state."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it goes a step.")

    def step_back(self, d_state, state, kept):
        """Go one step back: dE / d next state to dE / d (x_t U + b), dE / d (h W), the rest of dE / d h."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it goes a step back.")

    def _checked(self, x, mask, state):
        x = np.asarray(x, dtype=np.float64)
        _expect_shape("x", x, batch=None, time=None, input_dim=self.input_dim)
        batch, time, _ = x.shape
        if not batch or not time:
            raise ValueError(f"x has the shape {x.shape}. It needs at least one sequence and one time step.")
        mask = np.ones((batch, time), bool) if mask is None else np.asarray(mask).astype(bool)
        _expect_shape("mask", mask, batch=batch, time=time)
        sizes = {"parts": len(self.parts), "batch": batch, "units": self.units}
        x = np.where(mask[..., None], x, 0.0)  # nothing, not even NaN times 0, comes from a step that is not real
        state = np.zeros(tuple(sizes.values())) if state is None else np.asarray(state, dtype=np.float64)
        _expect_shape("state", state, **sizes)
        return x, mask, state

    def _start_backward(self, d_outputs, trace):
        batch, time, _ = trace.x.shape
        d_outputs = np.asarray(d_outputs, dtype=np.float64)
        _expect_shape("d_outputs", d_outputs, batch=batch, time=time, units=self.units)
        d_recurrent = np.zeros((batch, time, self.blocks * self.units))
        return d_outputs, np.zeros_like(trace.states), np.zeros_like(d_recurrent), d_recurrent


def numerical_gradient(loss, array: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Return the gradient of `loss()` with respect to `array` by central differences, shaped like `array`.

    Each number is moved in place by `step` up and down, then put back.

    Args:
        loss: takes no argument, reads `array` again and returns one number.
        array: float64.
        step: near the cube root of float64's precision.

    Raises:
        TypeError: if `array` is not a float64 array.
        ValueError: if `step` is not a finite number above 0.
    """
    if not isinstance(array, np.ndarray) or array.dtype != np.float64:
        raise TypeError("numerical_gradient moves the numbers of a float64 array in place; it cannot use "
                        f"{getattr(array, 'dtype', type(array).__name__)}. Give it array.astype(np.float64).")
    if not 0 < step < np.inf:
        raise ValueError(f"step is a finite number above 0, such as 1e-5, not {step}.")
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        here = array[index]
        array[index] = here + step
        above = loss()
        array[index] = here - step
        gradient[index] = (above - loss()) / (2 * step)
        array[index] = here
    return gradient


def relative_error(a, b) -> float:
    """Return |a - b| / (|a| + |b|) with Euclidean norms: 0 for equal arrays, at most 1.

    Raises:
        ValueError: if the shapes differ.
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        raise ValueError(f"Only arrays of one shape can be compared, not {a.shape} with {b.shape}.")
    scale = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / scale) if scale else 0.0


def _expect_shape(name, array, **axes):
    fits = array.ndim == len(axes) and all(
        size is None or size == found for size, found in zip(axes.values(), array.shape, strict=True))
    if not fits:
        wanted = ", ".join(axis if size is None else f"{axis}={size}" for axis, size in axes.items())
        raise ValueError(f"{name} must have the shape ({wanted}), not {array.shape}. Sequences come batch "
                         "first; array[None] makes a batch of one.")
