"""Drawings of recurrent networks: unfolded in time, and the inside of an LSTM, a peephole LSTM and a GRU.

Every function returns a finished Figure: as the last line of a cell it is shown once.
"""

import math
import numbers

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from utils.notebook import plots

BLUE, ORANGE, GREEN, PURPLE, *_ = plots.COLORS
INK, PALE, ALERT = "#333333", "#d9dce0", "#c62828"
LSTM_PARTS = ("write", "input", "forget", "output")


class Sketch:
    """Boxes, circles, arrows and text on axes without a frame, in the units of those axes."""

    def __init__(self, axes, width: float, height: float, title: str = "", fontsize: float = 11):
        """Make `axes` show 0 ... width and 0 ... height with equal units; text has `fontsize` points."""
        _check_places(width, height)
        if min(width, height) <= 0:
            raise ValueError(f"Expected a width and a height above 0, found {width} and {height}.")
        self.axes, self.fontsize = axes, fontsize
        axes.set(xlim=(0, width), ylim=(0, height), aspect="equal")
        axes.set_title(title, fontsize=fontsize + 1)
        axes.axis("off")

    def box(self, x, y, text, color, width=1.0, height=0.64):
        """Draw a filled box with white text around x, y."""
        _check_places(x, y, width, height)
        self.axes.add_patch(FancyBboxPatch(
            (x - width / 2 + 0.1, y - height / 2 + 0.1), width - 0.2, height - 0.2, zorder=3,
            boxstyle="round,pad=0.1", facecolor=color, edgecolor="none"))
        self.text(x, y, text, "white")

    def circle(self, x, y, text, color, radius=0.32):
        """Draw a white circle with a coloured rim and text around x, y."""
        _check_places(x, y, radius)
        self.axes.add_patch(Circle((x, y), radius, facecolor="white", edgecolor=color, linewidth=2, zorder=3))
        self.text(x, y, text, color)

    def arrow(self, *points, color=INK, style="-", head=True):
        """Draw straight lines through the points, with a head at the last."""
        if len(points) < 2:
            raise ValueError(f"An arrow leads from a point to another; found {len(points)}. Give (x, y), (x, y), at least.")
        _check_places(*(number for point in points for number in point))
        self.axes.plot(*zip(*points, strict=True), color=color, linestyle=style, linewidth=1.6, zorder=1,
                       solid_joinstyle="round")
        if head:
            (x0, y0), (x1, y1) = points[-2:]
            length = max(abs(x1 - x0), abs(y1 - y0))
            tail = (x1 - 0.01 * (x1 - x0) / length, y1 - 0.01 * (y1 - y0) / length)
            self.axes.annotate("", (x1, y1), tail, zorder=2, arrowprops={
                "arrowstyle": "-|>", "color": color, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 13})

    def text(self, x, y, text, color=INK, **options):
        """Write text around x, y."""
        _check_places(x, y)
        options = {"ha": "center", "va": "center_baseline", "zorder": 4, "fontsize": self.fontsize} | options
        self.axes.text(x, y, text, color=color, **options)


def _check_places(*found) -> None:
    if not all(isinstance(number, numbers.Real) and math.isfinite(number) for number in found):
        raise ValueError(f"Expected finite numbers, in the units of the axes; found {found!r:.80}.")


def unfolded_rnn(inputs, outputs=None, layers: int = 1, error_at: int | None = None,
                 handed_on: str = "W") -> Figure:
    """Draw an RNN folded, and beside it unfolded over its time steps.

    Args:
        inputs: a word under each time step, at least 2.
        outputs: a word over each time step; none when None.
        layers: how many states stand on one another, at least 1.
        error_at: the time step whose error is drawn flowing back, in red; none when None.
        handed_on: the letter at the arrows between the states h; "c" for an LSTM.

    Raises:
        ValueError: if there are fewer than 2 inputs, the outputs are not as many, `layers` is below 1, or
            `error_at` is no time step.
    """
    steps = len(inputs)
    if steps < 2 or layers < 1:
        raise ValueError(f"An unfolded RNN needs at least 2 inputs and 1 layer, not {steps} and {layers}.")
    if outputs is not None and len(outputs) != steps:
        raise ValueError(f"There are {steps} inputs but {len(outputs)} outputs. Give one each.")
    if error_at is not None and not 0 <= error_at < steps:
        raise ValueError(f"error_at must be a time step from 0 to {steps - 1}, not {error_at}.")
    heights = [2.2 + 1.3 * layer for layer in range(layers)]
    width = 3.0 + 2.0 * steps
    height = heights[-1] + 1.7 + 0.5 * (outputs is not None) + 1.1 * (error_at is not None)
    figure, axes = plt.subplots(figsize=(0.68 * width, 0.68 * height))
    sketch = Sketch(axes, width, height)
    _folded_column(sketch, heights, handed_on)
    for t, word in enumerate(inputs):
        x = 3.7 + 2.0 * t
        _column(sketch, x, str(t), heights)
        sketch.text(x, 0.25, word, BLUE)
        if outputs is not None:
            sketch.text(x, heights[-1] + 1.9, outputs[t], GREEN)
        for y, number in zip(heights, _numbers(heights), strict=True):
            if t:
                sketch.arrow((x - 1.5, y), (x - 0.5, y), color=ORANGE)
                sketch.text(x - 1.0, y + 0.28, f"${handed_on}{number}$", ORANGE)
    if error_at is not None:
        _error_flow(sketch, error_at, heights[-1], height)
    plt.close(figure)
    return figure


def _column(sketch, x, time, heights):
    """One time step: input circle, states, output circle, with U and V between them."""
    top = heights[-1]
    sketch.circle(x, 0.9, f"$x_{time}$", BLUE)
    for below, y, number in zip([0.9, *heights[:-1]], heights, _numbers(heights), strict=True):
        sketch.arrow((x, below + 0.32), (x, y - 0.34), color=BLUE)
        sketch.text(x + 0.12, (below + y) / 2, f"$U{number}$", BLUE, ha="left")
        sketch.box(x, y, f"$h_{time}{number}$", ORANGE)
    sketch.arrow((x, top + 0.32), (x, top + 0.96), color=GREEN)
    sketch.text(x + 0.12, top + 0.62, "$V$", GREEN, ha="left")
    sketch.circle(x, top + 1.3, rf"$\hat{{y}}_{time}$", GREEN)


def _numbers(heights):
    """Superscripts that number the layers where there are several."""
    return [""] if len(heights) == 1 else [f"^{{({layer})}}" for layer, _ in enumerate(heights, start=1)]


def _folded_column(sketch, heights, handed_on):
    _column(sketch, 0.9, "t", heights)
    for y, number in zip(heights, _numbers(heights), strict=True):
        sketch.arrow((1.4, y + 0.16), (1.85, y + 0.16), (1.85, y - 0.16), (1.4, y - 0.16), color=ORANGE)
        sketch.text(2.2, y, f"${handed_on}{number}$", ORANGE)
    sketch.text(2.75, (heights[0] + heights[-1]) / 2, "=", fontsize=22)


def _error_flow(sketch, step, top, height):
    """The error of one step on its way back: down to its state, then from state to state."""
    dashed = {"color": ALERT, "style": (0, (4, 2))}
    x = 3.7 + 2.0 * step
    sketch.box(x, height - 0.4, f"$E_{step}$", ALERT)
    sketch.arrow((x - 0.3, height - 0.4), (x - 0.62, height - 0.4), (x - 0.62, top + 0.36), **dashed)
    for t in range(step, 0, -1):
        x = 3.7 + 2.0 * t
        slope = rf"$\frac{{\partial h_{t}}}{{\partial h_{t - 1}}}$"
        sketch.arrow((x - 0.52, top - 0.2), (x - 1.48, top - 0.2), **dashed)
        sketch.text(x - 1.0, top - 0.68, slope, ALERT, fontsize=15)


def lstm_step_by_step() -> Figure:
    """Draw an LSTM four times: writing, then with the input, forget and output gates added one by one."""
    titles = (r"1   write:  $c' = \tanh(z)$", r"2   input gate:  $c' = \tanh(z)\,\sigma(z_i)$",
              r"3   forget gate:  $c' = \tanh(z)\,\sigma(z_i) + c\,\sigma(z_f)$",
              r"4   output gate:  $h' = \tanh(c')\,\sigma(z_o)$")
    figure, grid = plt.subplots(2, 2, figsize=(11, 7.6))
    for count, (axes, title) in enumerate(zip(grid.flat, titles, strict=True), start=1):
        _lstm(axes, title, known=LSTM_PARTS[:count])
    plt.close(figure)
    return figure


def lstm_peephole_gru() -> Figure:
    """Draw an LSTM, an LSTM with peepholes and a GRU in one picture."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 3.9))
    _lstm(left, "LSTM")
    _lstm(middle, "LSTM + peepholes", peepholes=True)
    _gru(right, "GRU")
    plt.close(figure)
    return figure


def _lstm(axes, title, known=LSTM_PARTS, peepholes=False):
    """One LSTM; the parts not in `known` stay pale."""
    sketch = Sketch(axes, 11.2, 6.9, title, fontsize=13)
    colors = {"forget": ORANGE, "input": BLUE, "write": GREEN, "output": PURPLE}
    color = {part: colors[part] if part in known else PALE for part in colors}
    sketch.arrow((0.2, 0.7), (7.6, 0.7), head=False)
    sketch.text(0.2, 0.25, r"$x_t,\ h$", ha="left")
    for x, name, part in ((2.0, r"\sigma(z_f)", "forget"), (3.8, r"\sigma(z_i)", "input"), (5.6, r"\tanh(z)", "write"),
                          (7.6, r"\sigma(z_o)", "output")):
        sketch.arrow((x, 0.7), (x, 1.78), color=INK if part in known else PALE)
        sketch.box(x, 2.1, f"${name}$", color[part], width=1.5)
    sketch.arrow((0.2, 5.6), (1.7, 5.6), color=color["forget"])
    sketch.text(0.3, 6.05, "$c$", color["forget"])
    sketch.arrow((2.0, 2.42), (2.0, 5.3), color=color["forget"])
    sketch.circle(2.0, 5.6, "×", color["forget"], radius=0.3)
    sketch.arrow((2.3, 5.6), (4.4, 5.6), color=color["forget"])
    sketch.arrow((3.8, 2.42), (3.8, 3.7), (4.4, 3.7), color=color["input"])
    sketch.circle(4.7, 3.7, "×", color["input"], radius=0.3)
    sketch.arrow((5.6, 2.42), (5.6, 3.7), (5.0, 3.7), color=color["write"])
    sketch.arrow((4.7, 4.0), (4.7, 5.3), color=color["write"])
    sketch.circle(4.7, 5.6, "+", INK, radius=0.3)
    sketch.arrow((5.0, 5.6), (11.0, 5.6))
    sketch.text(10.8, 6.05, "$c'$")
    sketch.arrow((9.3, 5.6), (9.3, 5.02), color=color["output"])
    sketch.box(9.3, 4.7, r"$\tanh$", color["output"], width=1.2)
    sketch.arrow((9.3, 4.38), (9.3, 3.6), color=color["output"])
    sketch.arrow((7.6, 2.42), (7.6, 3.3), (9.0, 3.3), color=color["output"])
    sketch.circle(9.3, 3.3, "×", color["output"], radius=0.3)
    sketch.arrow((9.6, 3.3), (11.0, 3.3), color=color["output"])
    sketch.text(10.8, 3.7, "$h'$", color["output"])
    if peepholes:
        dashed = {"color": ALERT, "style": (0, (3, 2))}
        sketch.arrow((0.9, 5.6), (0.9, 1.25), (3.4, 1.25), (3.4, 1.78), **dashed)
        sketch.arrow((1.6, 1.25), (1.6, 1.78), **dashed)
        sketch.arrow((6.6, 5.6), (6.6, 2.1), (6.95, 2.1), **dashed)


def _gru(axes, title):
    sketch = Sketch(axes, 11.2, 6.9, title, fontsize=13)
    sketch.arrow((0.2, 0.7), (8.4, 0.7), head=False)
    sketch.text(0.2, 0.25, r"$x_t,\ h$", ha="left")
    for x, name, color in ((2.0, r"\sigma(z_u)", ORANGE), (4.4, r"\sigma(z_r)", BLUE), (8.4, "g", GREEN)):
        sketch.arrow((x, 0.7), (x, 1.78))
        sketch.box(x, 2.1, f"${name}$", color, width=1.3)
    sketch.text(8.75, 1.2, "$x_t$")
    sketch.arrow((0.2, 5.6), (1.7, 5.6), color=ORANGE)
    sketch.text(0.3, 6.05, "$h$", ORANGE)
    sketch.arrow((2.0, 2.42), (2.0, 5.3), color=ORANGE)
    sketch.circle(2.0, 5.6, "×", ORANGE, radius=0.3)
    sketch.arrow((2.3, 5.6), (8.1, 5.6), color=ORANGE)
    sketch.arrow((2.0, 3.7), (4.5, 3.7), color=ORANGE)
    sketch.box(5.2, 3.7, r"$1-\sigma(z_u)$", ORANGE, width=1.9)
    sketch.arrow((6.15, 3.7), (8.1, 3.7), color=ORANGE)
    sketch.arrow((5.05, 2.1), (6.0, 2.1), color=BLUE)
    sketch.arrow((6.3, 0.7), (6.3, 1.8))
    sketch.text(6.6, 1.2, "$h$")
    sketch.circle(6.3, 2.1, "×", BLUE, radius=0.3)
    sketch.arrow((6.6, 2.1), (7.75, 2.1), color=BLUE)
    sketch.arrow((8.4, 2.42), (8.4, 3.4), color=GREEN)
    sketch.circle(8.4, 3.7, "×", ORANGE, radius=0.3)
    sketch.arrow((8.4, 4.0), (8.4, 5.3), color=GREEN)
    sketch.circle(8.4, 5.6, "+", INK, radius=0.3)
    sketch.arrow((8.7, 5.6), (11.0, 5.6))
    sketch.text(10.8, 6.05, "$h'$")
