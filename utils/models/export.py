"""A trained network outside Keras: run by LiteRT, or in a page of the browser; how long a call takes, and what is fed to it."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

TEMPLATE = Path(__file__).with_name("draw_a_digit.html")
SIDE, LONGEST = 28, 20  # pixels of MNIST's field, and of a digit's longer side in it
MIDDLE = 14.5  # where its centres of mass lie: in the middle of pixel 14, from the upper left corner


class Lite:
    """A network in LiteRT's format, called with a batch; not for two threads at once."""

    def __init__(self, content: bytes, threads: int = 1):
        """Args: the file's bytes; how many threads it may use."""
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter = Interpreter(model_content=content, num_threads=threads)
        self._interpreter.allocate_tensors()
        inputs, outputs = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        self._inputs, self._outputs = ([each["index"] for each in details] for details in (inputs, outputs))
        self._wanted = [tuple(each["shape_signature"].tolist()) or tuple(each["shape"].tolist()) for each in inputs]  # -1: any
        self._shapes, self.output_shapes = ([tuple(each["shape"].tolist()) for each in details] for details in (inputs, outputs))

    def __call__(self, batch) -> np.ndarray:
        """Return the outputs, float32, for inputs of any batch size; another size than before costs a moment more. Errors as `run`."""
        return self.run(np.ascontiguousarray(batch, np.float32))[0]

    def run(self, *values: np.ndarray) -> list[np.ndarray]:
        """Return all outputs for an array for each input, in the order of the file.

        Raises:
            ValueError: if an array has another shape than the file wants, but for its batch size.
        """
        for value, wanted in zip(values, self._wanted, strict=True):
            if len(value.shape) != len(wanted) or any(n not in (-1, m) for n, m in zip(wanted[1:], value.shape[1:], strict=True)):
                raise ValueError(f"Expected an array of {wanted[1:]} behind the batch, found the shape {value.shape}.")
        if (shapes := [value.shape for value in values]) != self._shapes:
            for index, shape in zip(self._inputs, shapes, strict=True):
                self._interpreter.resize_tensor_input(index, shape)
            self._interpreter.allocate_tensors()
            self._shapes = shapes
        for index, value in zip(self._inputs, values, strict=True):
            self._interpreter.set_tensor(index, value)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index) for index in self._outputs]


def milliseconds(runs: Mapping[str, Callable], repeats: int, warm_up: int = 3) -> dict[str, np.ndarray]:
    """Time functions in turns, one call of each a round, so that a busy moment of the machine meets all of them.

    Args:
        runs: functions without arguments, by name.
        repeats: rounds, 1 or more; warm_up: rounds before them that do not count, 0 or more.

    Returns:
        Shape (repeats,) for each name.

    Raises:
        ValueError: if there is nothing to time.
    """
    if not runs or repeats < 1 or warm_up < 0:
        raise ValueError(f"Expected something to time, once or more; found {len(runs)} functions, {repeats} rounds after {warm_up}.")
    taken = {name: np.empty(repeats) for name in runs}
    for number in range(-warm_up, repeats):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            if number >= 0:
                taken[name][number] = 1000 * (time.perf_counter() - start)
    return taken


def resized(picture, height: int, width: int) -> np.ndarray:
    """Return a grey picture in another size; each new pixel is the mean of the area that it covers.

    Args:
        picture: shape (h, w), numbers.
        height, width: 1 or more.

    Raises:
        ValueError: if the picture or a size is something else.
    """
    picture = _as_picture(picture)
    if not all(isinstance(size, int | np.integer) and size >= 1 for size in (height, width)):
        raise ValueError(f"Expected a whole height and width of at least 1, found {height} and {width}.")
    return _shares(picture.shape[0], height) @ picture @ _shares(picture.shape[1], width).T


def _as_picture(picture) -> np.ndarray:
    picture = np.asarray(picture, float)
    if picture.ndim != 2 or not picture.size or not np.isfinite(picture).all():
        raise ValueError(f"Expected a grey picture (height, width) of finite numbers, found shape {picture.shape}. Take one picture.")
    return picture


def _shares(n: int, m: int) -> np.ndarray:
    """Return (m, n): which share of each of m equal pieces of a line lies in each of n."""
    edges = np.arange(m + 1) * (n / m)
    overlap = np.minimum(edges[1:, None], np.arange(1, n + 1)) - np.maximum(edges[:-1, None], np.arange(n))
    return np.maximum(overlap, 0) * (m / n)


def centred(picture) -> np.ndarray:
    """Return a drawn digit as MNIST was made: its longer side 20 pixels, its centre of mass in pixel (14, 14) of 28×28.

    Args:
        picture: shape (height, width), 0 (paper) ... 255 (ink), not empty.

    Returns:
        Shape (28, 28), float, 0 ... 255.

    Raises:
        ValueError: if there is no ink, a pixel above 255, or something that is no picture.

    Source: Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database, "the images were centered in a 28x28 image by
    computing the center of mass of the pixels". There the digit moved by whole pixels, and so it does here.
    """
    picture = _as_picture(picture).clip(0)
    rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
    if not len(rows):
        raise ValueError("Expected a picture with ink on it, found an empty one. Draw a digit first.")
    if picture.max() > 255:
        raise ValueError(f"Expected 0 (paper) to 255 (ink), found up to {picture.max():g}. Scale the picture.")
    ink = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = LONGEST / max(ink.shape)
    ink = resized(ink, *(max(1, int(side * scale + 0.5)) for side in ink.shape))
    field = np.zeros((SIDE, SIDE))
    corner = []
    for axis in (0, 1):
        mass = ink.sum(axis=1 - axis)
        centre = (mass @ (np.arange(len(mass)) + 0.5)) / mass.sum()
        corner.append(min(max(int(np.floor(MIDDLE - centre + 0.5)), 0), SIDE - len(mass)))
    field[corner[0] : corner[0] + ink.shape[0], corner[1] : corner[1] + ink.shape[1]] = ink
    return field


def layers_of(model) -> tuple[list[dict], np.ndarray]:
    """Return what a sequential network of simple layers does, one dictionary a layer, and all its weights in that order.

    Layers: Rescaling, ZeroPadding2D (alike on all sides), Conv2D ("same", stride 1, odd square kernel), MaxPooling2D (2×2), Dense;
    Flatten and Dropout do nothing here. Activations: linear, relu, and softmax at the end of a Dense layer.

    Returns:
        Layers with `kind` ("scale", "pad", "conv", "pool", "dense"), `name` and their sizes; weights, float32, one after the other,
        kernel before bias.

    Raises:
        ValueError: if the network holds anything else.
    """
    from keras import layers

    kinds, weights = [], []
    for layer in model.layers:
        settings, found = layer.get_config(), {"name": layer.name}
        if isinstance(layer, layers.Flatten | layers.Dropout):
            continue
        if isinstance(layer, layers.Rescaling) and np.isscalar(layer.scale) and layer.offset == 0:
            found |= {"kind": "scale", "by": float(layer.scale)}
        elif isinstance(layer, layers.ZeroPadding2D) and len({side for pair in layer.padding for side in pair}) == 1:
            found |= {"kind": "pad", "by": layer.padding[0][0]}
        elif isinstance(layer, layers.MaxPooling2D) and settings["pool_size"] == settings["strides"] == (2, 2):
            found |= {"kind": "pool"}
        elif isinstance(layer, layers.Conv2D) and settings["padding"] == "same" and settings["strides"] == (1, 1) \
                and settings["kernel_size"] in ((1, 1), (3, 3), (5, 5), (7, 7)):  # fmt: skip
            found |= {"kind": "conv", "size": settings["kernel_size"][0], "maps": layer.filters}
        elif isinstance(layer, layers.Dense):
            found |= {"kind": "dense", "units": layer.units}
        else:
            raise ValueError(f"The page cannot run the layer {layer.name!r} ({type(layer).__name__}); it knows Rescaling, ZeroPadding2D, "
                             "Conv2D, MaxPooling2D of 2×2, Dense, Flatten and Dropout.")  # fmt: skip
        if layer.weights:
            if len(layer.get_weights()) != 2:
                raise ValueError(f"The page expects a kernel and a bias of each layer; {layer.name!r} has no bias.")
            found["activation"] = settings["activation"]
            known = ("linear", "relu", "softmax") if found["kind"] == "dense" else ("linear", "relu")
            if settings["activation"] not in known:
                raise ValueError(f"The page does not know the activation {settings['activation']!r} of {layer.name!r}.")
            weights += [array.ravel() for array in layer.get_weights()]
        kinds.append(found)
    return kinds, np.concatenate(weights).astype("<f4") if weights else np.empty(0, "<f4")


def digit_page(model, examples) -> str:
    """Return a page on which one draws a digit and sees what the network makes of it, without a network to ask.

    Args:
        model: as `layers_of` knows them; 28×28×1, 0 ... 255, to 10 probabilities.
        examples: uint8, shape (n, 28, 28): digits to choose instead of drawing, the first a 0, the second a 1 and so on; at most 10.

    Raises:
        ValueError: if the network has other inputs or outputs or a layer that is not known, or the examples another shape.
    """
    if model.input_shape[1:] != (SIDE, SIDE, 1) or model.output_shape[1:] != (10,):
        raise ValueError(f"Expected a network from 28×28×1 to 10, found {model.input_shape[1:]} to {model.output_shape[1:]}.")
    examples = np.asarray(examples)
    if examples.dtype != np.uint8 or examples.shape[1:] != (SIDE, SIDE) or not 1 <= len(examples) <= 10:
        raise ValueError(f"Expected 1 to 10 pictures of 28×28, uint8; found {examples.dtype} {examples.shape}.")
    layers, weights = layers_of(model)
    page = TEMPLATE.read_text(encoding="utf-8").replace("@LAYERS@", json.dumps(layers))
    for name, array in (("@WEIGHTS@", weights), ("@EXAMPLES@", examples)):
        page = page.replace(name, base64.b64encode(array.tobytes()).decode("ascii"))
    return page
