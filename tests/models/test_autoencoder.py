import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.metrics import peak_signal_noise_ratio
from support import keras_saves

from utils.models import autoencoder

NOISES = {
    "gaussian": lambda images, seed: autoencoder.gaussian_noise(images, 0.7, seed),
    "salt and pepper": lambda images, seed: autoencoder.salt_and_pepper(images, 0.3, seed),
    "square": lambda images, seed: autoencoder.block_square(images, 4, seed),
}


def some_images(count=5, height=8, width=6, seed=0):
    return np.random.default_rng(seed).random((count, height, width), dtype=np.float32)


def small(**options):
    keras.utils.set_random_seed(3)
    return autoencoder.build(**{"image_shape": (8, 6), "hidden_dims": (10, 7), "code_dim": 3} | options)


# --- the model -----------------------------------------------------------------------------------------

def test_decoding_the_code_is_what_the_model_outputs():
    model, images = small(), some_images()
    codes = model.encode(images)
    decoded, whole = model.decode(codes), model.predict(images, verbose=0)
    assert (codes.shape, decoded.shape) == ((5, 3), images.shape)
    assert decoded.min() >= 0 and decoded.max() <= 1
    np.testing.assert_allclose(decoded, whole, atol=1e-6)
    np.testing.assert_allclose(model.reconstruct(images, batch_size=2), whole, atol=1e-6)


def test_default_has_the_parameters_counted_by_hand():
    widths = (784, 384, 256, 128, 4, 128, 256, 384, 784)
    by_hand = sum(n * m + m for n, m in zip(widths, widths[1:], strict=False))
    assert autoencoder.build().count_params() == by_hand


def test_code_may_follow_the_image_directly():
    model = small(hidden_dims=(), code_dim=60, code_activation="relu")
    codes = model.encode(some_images())
    assert codes.shape == (5, 60)
    assert codes.min() == 0


def test_training_lowers_the_error():
    model, images = small(), some_images(32)
    model.compile(keras.optimizers.Adam(0.01), "mse", jit_compile=False)
    losses = model.fit(images, images, epochs=30, verbose=0).history["loss"]
    assert losses[-1] < 0.9 * losses[0]


@keras_saves
def test_saved_and_loaded_model_gives_equal_outputs(tmp_path):
    model, images = small(regularizer=autoencoder.WeightElimination(1e-4, scale=0.5), activation="gelu"), some_images()
    model.compile("adam", "mse", jit_compile=False)
    model.fit(images, images, verbose=0)
    model.save(tmp_path / "autoencoder.keras")
    loaded = keras.saving.load_model(tmp_path / "autoencoder.keras")
    np.testing.assert_array_equal(loaded.encode(images), model.encode(images))
    np.testing.assert_array_equal(loaded.reconstruct(images), model.reconstruct(images))
    assert loaded.get_config() == model.get_config()
    assert loaded.evaluate(images, images, verbose=0) == pytest.approx(model.evaluate(images, images, verbose=0))


TAKE_IMAGES = {
    "encode": lambda images, _: small().encode(images),
    "psnr": lambda images, _: autoencoder.psnr(some_images(), images),
} | NOISES


@pytest.mark.parametrize("take", TAKE_IMAGES.values(), ids=TAKE_IMAGES)
@pytest.mark.parametrize("images, message", [
    (some_images() * 255, "values from .* to .*; expected 0 to 1. Divide pixels by 255"),
    (some_images() - 0.5, "expected 0 to 1"),
    (np.full((2, 8, 6), np.nan), "values from nan to nan; expected 0 to 1"),
    (np.full((2, 8, 6), "ink"), "expected numbers from 0 to 1"),
    (np.zeros((2, 8, 6), complex), "holds complex128; expected numbers"),
    (np.zeros((0, 8, 6)), r"empty batch of shape \(0, 8, 6\); pass at least one image"),
    (some_images()[0], r"shape \(8, 6\); expected \(n, .*One image alone needs image\[None\]"),
    (some_images()[..., None], r"a channel axis needs \[\.\.\., 0\]"),
    (some_images().reshape(5, -1), r"shape \(5, 48\); expected \(n, .* flat ones need reshape"),
])
def test_bad_images_are_refused(take, images, message):
    with pytest.raises(ValueError, match=message):
        take(images, 1)


@pytest.mark.parametrize("call, message", [
    (lambda: small(code_dim=2.5), "code_dim: every size is a whole number of at least 1"),
    (lambda: small(hidden_dims=(10, -1)), r"hidden_dims: every size .* got \(10, -1\)"),
    (lambda: small(image_shape=(8, True)), "image_shape: every size"),
    (lambda: small(image_shape=(48,)), r"image_shape=\(48,\): expected \(height, width\)"),
    (lambda: small().encode(some_images(height=6)), r"shape \(5, 6, 6\); expected \(n, 8, 6\)"),
    (lambda: small().decode(np.zeros((4, 2))), r"codes has shape \(4, 2\); expected \(n, 3\)"),
    (lambda: small().decode(np.zeros(3)), r"One code alone needs code\[None\]"),
    (lambda: small().decode(np.zeros((0, 3))), "codes is an empty batch"),
    (lambda: small().decode(np.full((1, 3), np.inf)), "codes holds nan or infinite numbers"),
    (lambda: autoencoder.WeightElimination(alpha=-1), "alpha=-1: expected a finite number of at least 0"),
    (lambda: autoencoder.WeightElimination(alpha=float("nan")), "alpha=nan"),
    (lambda: autoencoder.WeightElimination(scale=0), "scale=0: expected a finite number above 0"),
    (lambda: autoencoder.WeightElimination(scale=float("inf")), "scale=inf"),
    (lambda: autoencoder.gaussian_noise(some_images(), -0.1, 1), "sigma=-0.1: expected finite numbers of at least 0"),
    (lambda: autoencoder.gaussian_noise(some_images(), float("nan"), 1), "sigma=nan"),
    (lambda: autoencoder.gaussian_noise(some_images(), [0.1, 0.2], 1), r"sigma has shape \(2,\); expected one number"),
    (lambda: autoencoder.salt_and_pepper(some_images(), 1.5, 1), "fraction=1.5: expected finite numbers from 0 to 1"),
    (lambda: autoencoder.block_square(some_images(), 7, 1), "size=7: expected a whole number from 0 to 6"),
    (lambda: autoencoder.block_square(some_images(), 2.0, 1), "size=2.0: expected a whole number"),
    (lambda: autoencoder.psnr(some_images(), some_images(height=7)), r"expected \(n, 8, 6\)"),
    (lambda: autoencoder.psnr(some_images(), some_images(4)), "There are 5 reference images but 4 to compare"),
    (lambda: autoencoder.psnr(some_images() * 255, some_images()), "reference holds values from"),
])
def test_what_makes_no_sense_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- the regulariser -----------------------------------------------------------------------------------

finite_weights = st.lists(st.floats(-20, 20, width=32), min_size=1, max_size=30).map(np.array)


@settings(max_examples=30)
@given(finite_weights, st.floats(0, 2), st.floats(0.1, 5))
def test_regulariser_value_matches_numpy(weights, alpha, scale):
    expected = alpha * np.sum((weights / scale) ** 2 / (1 + (weights / scale) ** 2))
    found = autoencoder.WeightElimination(alpha, scale)(keras.ops.convert_to_tensor(weights, "float32"))
    assert float(found) == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_regulariser_is_added_to_the_loss_of_every_weight_matrix():
    model, images = small(regularizer=autoencoder.WeightElimination(0.01)), some_images()
    model.compile("adam", "mse", jit_compile=False)
    error = np.mean((model.reconstruct(images) - images) ** 2)
    kernels = [np.asarray(w) for w in model.get_weights() if w.ndim == 2]
    penalty = 0.01 * sum(np.sum(w**2 / (1 + w**2)) for w in kernels)
    assert len(kernels) == 6
    assert model.evaluate(images, images, verbose=0) == pytest.approx(error + penalty, rel=1e-5)


# --- noise ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
def test_noise_stays_within_0_and_1_and_leaves_its_input_alone(noise):
    images = some_images(50)
    before = images.copy()
    noisy = noise(images, 1)
    assert noisy.min() >= 0 and noisy.max() <= 1
    assert noisy.shape == images.shape and noisy.dtype == np.float32
    assert not np.array_equal(noisy, images)
    np.testing.assert_array_equal(images, before)


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
def test_noise_follows_its_seed(noise):
    images = some_images(50)
    np.testing.assert_array_equal(noise(images, 7), noise(images, 7))
    assert not np.array_equal(noise(images, 7), noise(images, 8))
    generator = np.random.default_rng(7)
    np.testing.assert_array_equal(noise(images, generator), noise(images, 7))
    assert not np.array_equal(noise(images, generator), noise(images, 7)), "the generator moves on"


def test_gaussian_noise_has_the_strength_asked_for():
    grey = np.full((20, 28, 28), 0.5)
    noise = autoencoder.gaussian_noise(grey, 0.1, seed=2) - grey  # five sigmas away from the ends: nothing is cut
    assert noise.std() == pytest.approx(0.1, rel=0.02)
    assert noise.mean() == pytest.approx(0, abs=0.005)


def test_gaussian_noise_takes_one_strength_for_each_image():
    images = some_images(3)
    noisy = autoencoder.gaussian_noise(images, [0, 0.1, 0.5], seed=2)
    errors = np.abs(noisy - images).mean(axis=(1, 2))
    assert errors[0] == 0
    assert errors[0] < errors[1] < errors[2]


def test_salt_and_pepper_replaces_the_fraction_asked_for_by_both_ends():
    grey = np.full((100, 28, 28), 0.5)
    noisy = autoencoder.salt_and_pepper(grey, 0.2, seed=2)
    assert set(np.unique(noisy)) == {0, 0.5, 1}
    assert (noisy == 0).mean() == pytest.approx(0.1, rel=0.05)
    assert (noisy == 1).mean() == pytest.approx(0.1, rel=0.05)


def test_block_square_covers_one_square_anywhere_inside():
    noisy = autoencoder.block_square(np.zeros((300, 8, 6)), 4, seed=2)
    corners = set()
    for image in noisy:
        rows, columns = np.nonzero(image)
        assert (np.ptp(rows), np.ptp(columns), image.sum()) == (3, 3, 8)
        corners.add((int(rows[0]), int(columns[0])))
    assert corners == {(row, column) for row in range(5) for column in range(3)}


def test_no_noise_changes_nothing():
    images = some_images()
    np.testing.assert_array_equal(autoencoder.gaussian_noise(images, 0, seed=1), images)
    np.testing.assert_array_equal(autoencoder.salt_and_pepper(images, 0, seed=1), images)
    np.testing.assert_array_equal(autoencoder.block_square(images, 0, seed=1), images)


# --- PSNR ----------------------------------------------------------------------------------------------

def test_psnr_matches_scikit_image():
    clean = some_images(6)
    noisy = autoencoder.gaussian_noise(clean, 0.2, seed=4)
    assert autoencoder.psnr(clean, noisy) == pytest.approx(peak_signal_noise_ratio(clean, noisy, data_range=1))
    one_by_one = [peak_signal_noise_ratio(a, b, data_range=1) for a, b in zip(clean, noisy, strict=True)]
    np.testing.assert_allclose(autoencoder.psnr(clean, noisy, per_image=True), one_by_one, rtol=1e-6)
    assert autoencoder.psnr(clean, clean) == np.inf
