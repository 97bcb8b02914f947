import cv2
import keras
import numpy as np
import pytest

from utils.data import archives, datasets
from utils.data.fetch import fetch
from utils.models import efficientnet

TABBY, TIGER_CAT, EGYPTIAN_CAT, ESPRESSO, MILITARY_UNIFORM = 281, 282, 285, 967, 652  # places among ImageNet's classes


@pytest.fixture(scope="module")
def untrained():
    keras.utils.set_random_seed(0)
    return efficientnet.build(32)


@pytest.fixture(scope="module")
def published():
    return archives.load_torch_arrays(fetch("efficientnet_lite0", efficientnet.WEIGHTS), limit=32 << 20)


# ------------------------------------------------------------------------------------------------------ the network


def test_it_has_the_published_number_of_parameters_and_sixteen_blocks(untrained):
    assert sum(int(np.prod(weight.shape)) for weight in untrained.trainable_weights) == 4_652_008
    assert sum(isinstance(layer, keras.layers.DepthwiseConv2D) for layer in untrained.layers) == 16
    assert sum(isinstance(layer, keras.layers.Add) for layer in untrained.layers) == 9


@pytest.mark.parametrize("size", [32, 96, 224])
def test_a_picture_is_halved_five_times_and_becomes_a_thousand_probabilities(size):
    model = efficientnet.build(size)
    assert model.output.shape == (None, 1000)
    assert model.get_layer("features").output.shape == (None, 1280)
    assert model.get_layer(efficientnet.block_end(model, 16)).output.shape == (None, size // 32, size // 32, 320)
    assert model.get_layer(efficientnet.block_end(model, 1)).output.shape == (None, size // 2, size // 2, 16)


def test_probabilities_add_up_to_one_whatever_the_picture(untrained):
    pictures = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3)).astype("float32")
    np.testing.assert_allclose(untrained.predict(pictures, verbose=0).sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("size", [0, 31, -224, 96.0, True, None, "96"])
def test_a_size_that_cannot_be_is_refused(size):
    with pytest.raises(ValueError, match="expected a whole number of at least 32"):
        efficientnet.build(size)


def test_blocks_are_named_and_others_refused(untrained):
    assert [efficientnet.block_end(untrained, number) for number in (1, 3, 16)] == [
        "block1_project_norm", "block3_skip", "block16_project_norm"]  # fmt: skip
    for number in (0, 17, "3"):
        with pytest.raises(ValueError, match="The blocks are 1 to 16"):
            efficientnet.block_end(untrained, number)


# ------------------------------------------------------------------------------------------------------- the weights


@pytest.mark.parametrize("photo, classes", [
    ("cat", {TABBY, TIGER_CAT, EGYPTIAN_CAT}), ("coffee", {ESPRESSO}), ("grace_hopper", {MILITARY_UNIFORM}),
])  # fmt: skip
def test_photos_of_known_things_are_recognised(lesson_data, photo, classes):
    picture = datasets.load_photos()[photo]
    side = min(picture.shape[:2])
    top, left = (picture.shape[0] - side) // 2, (picture.shape[1] - side) // 2
    picture = cv2.resize(picture[top : top + side, left : left + side], (224, 224), interpolation=cv2.INTER_AREA)
    chances = efficientnet.load().predict(picture[None].astype("float32"), verbose=0)[0]
    assert int(chances.argmax()) in classes
    assert chances[list(classes)].sum() > 0.35


def test_kernels_have_the_order_of_keras(lesson_data, published):
    """The stem, computed by hand from PyTorch's own arrays: out[o, y, x] = sum of w[o, c, i, j] · in[c, 2y + i, 2x + j]."""
    model = efficientnet.load_weights(efficientnet.build(32), published)
    picture = np.random.default_rng(0).normal(size=(1, 32, 32, 3)).astype("float32")
    kernel = published["_conv_stem.weight"]
    padded = np.pad(picture[0], ((0, 1), (0, 1), (0, 0)))  # "same" at stride 2 and an even size: below and to the right
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (0, 1))[::2, ::2]  # y, x, c, i, j
    np.testing.assert_allclose(model.get_layer("stem")(picture)[0], np.einsum("yxcij,ocij->yxo", windows, kernel), atol=1e-4)


def test_wrong_weights_are_refused(lesson_data, published, untrained):
    missing = {name: array for name, array in published.items() if name != "_blocks.3._bn1.bias"}
    with pytest.raises(ValueError, match=r"lack '_blocks.3._bn1.bias', for the layer 'block4_depthwise_norm'"):
        efficientnet.load_weights(untrained, missing)
    with pytest.raises(ValueError, match=r"'_fc.bias' should be \(1000,\) in the order of Keras, found \(10,\)"):
        efficientnet.load_weights(untrained, published | {"_fc.bias": np.zeros(10)})
    with pytest.raises(ValueError, match=r"'_conv_stem.weight' should be \(3, 3, 3, 32\)"):
        efficientnet.load_weights(untrained, published | {"_conv_stem.weight": np.zeros((3, 3, 3, 32))})
    with pytest.raises(ValueError, match="not finite"):
        efficientnet.load_weights(untrained, published | {"_fc.bias": np.full(1000, np.nan)})
    with pytest.raises(ValueError, match="1 arrays are left over, such as '_blocks.0._se_reduce.weight'"):
        efficientnet.load_weights(untrained, published | {"_blocks.0._se_reduce.weight": np.zeros(3)})


def test_another_network_is_refused():
    with pytest.raises(ValueError, match="Expected a network of efficientnet.build, found 'other'"):
        efficientnet.load_weights(keras.Model(name="other"), {})


def test_axes_of_pytorch_become_those_of_keras():
    assert efficientnet.to_keras("_conv_stem.weight", np.zeros((32, 3, 5, 7))).shape == (5, 7, 3, 32)
    assert efficientnet.to_keras("_blocks.0._depthwise_conv.weight", np.zeros((32, 1, 5, 7))).shape == (5, 7, 32, 1)
    assert efficientnet.to_keras("_fc.weight", np.zeros((1000, 1280))).shape == (1280, 1000)
    assert efficientnet.to_keras("_fc.bias", np.zeros(1000)).shape == (1000,)


# ------------------------------------------------------------------------------------------------------- the pictures


@pytest.mark.parametrize("pictures, message", [
    (np.zeros((64, 64, 3)), "found \\(64, 64, 3\\). One picture: picture\\[None\\]"),
    (np.zeros((2, 64, 64, 4)), "found \\(2, 64, 64, 4\\)"),
    (np.zeros((2, 3, 64, 64)), "found \\(2, 3, 64, 64\\)"),
    (np.zeros((2, 28, 28, 3)), "at least 32 pixels each way, found 28 × 28"),
    (np.full((1, 64, 64, 3), 256.0), "found 256 ... 256"),
    (np.full((1, 64, 64, 3), -1.0), "found -1 ... -1"),
    (np.full((1, 64, 64, 3), np.nan), "found nan"),
    (np.full((1, 64, 64, 3), "ink"), "found <U3. Read the pictures as uint8"),
    (np.full((1, 64, 64, 3), 9j), "found complex128"),
    (np.linspace(0, 1, 64 * 64 * 3).reshape(1, 64, 64, 3), "do not divide by 255"),
])  # fmt: skip
def test_wrong_pictures_are_refused(pictures, message):
    with pytest.raises(ValueError, match=message):
        efficientnet.features(pictures)


def test_features_are_those_of_the_layer_and_do_not_depend_on_the_batch(lesson_data):
    pictures = np.random.default_rng(0).integers(0, 256, (5, 40, 48, 3), np.uint8)
    found = efficientnet.features(pictures, size=64, batch_size=2)
    assert found.shape == (5, 1280)
    assert found.dtype == np.float32
    large = keras.ops.image.resize(pictures.astype("float32"), (64, 64), "bicubic")
    model = efficientnet.load(64)
    expected = keras.Model(model.inputs, model.get_layer("features").output)(large)
    np.testing.assert_allclose(found, expected, atol=1e-3)
    assert efficientnet.features(pictures[:0], size=64).shape == (0, 1280)
