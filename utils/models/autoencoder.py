"""Autoencoders: the model, the weight-elimination regulariser, noise to clean away, and PSNR.

Images are arrays (n, height, width) with values 0 ... 1, everywhere in this module.
"""

import math

import keras
import numpy as np
from keras import layers

FULL_SCALE = 1.0  # largest pixel value
_NAMESPACE = "course"


@keras.saving.register_keras_serializable(_NAMESPACE)
class WeightElimination(keras.regularizers.Regularizer):
    """Penalty alpha · Σ (w/scale)² / (1 + (w/scale)²): small weights pay like L2, large ones a flat price.

    Source: Weigend, Rumelhart, Huberman, Generalization by Weight-Elimination with Application to Forecasting,
    NIPS 3 (1990).

    Args:
        alpha: price of one large weight, at least 0.
        scale: weight that pays half that price, more than 0.

    Raises:
        ValueError: if a number is out of range.
    """

    def __init__(self, alpha: float = 1e-6, scale: float = 1.0):
        if not (math.isfinite(alpha) and alpha >= 0):
            raise ValueError(f"alpha={alpha!r}: expected a finite number of at least 0. Try 1e-6.")
        if not (math.isfinite(scale) and scale > 0):
            raise ValueError(f"scale={scale!r}: expected a finite number above 0. The usual value is 1.")
        self.alpha = float(alpha)
        self.scale = float(scale)

    def __call__(self, weights):
        squares = keras.ops.square(weights / self.scale)
        return self.alpha * keras.ops.sum(squares / (1 + squares))

    def get_config(self) -> dict:
        return {"alpha": self.alpha, "scale": self.scale}


@keras.saving.register_keras_serializable(_NAMESPACE)
class Autoencoder(keras.Model):
    """A dense encoder and its mirror image, trained to return its input. Make one with `build`."""

    def __init__(self, image_shape, hidden_dims, code_dim, activation, code_activation, regularizer, **options):
        super().__init__(**options)
        self.image_shape, self.hidden_dims, self.code_dim = tuple(image_shape), tuple(hidden_dims), code_dim
        self.activation, self.code_activation = activation, code_activation
        self.regularizer = keras.regularizers.get(regularizer)

        def dense(units, activation):
            return layers.Dense(units, activation, kernel_regularizer=self.regularizer)

        self.encoder = keras.Sequential([
            keras.Input(self.image_shape), layers.Flatten(),
            *(dense(units, activation) for units in self.hidden_dims),
            dense(code_dim, code_activation),
        ], name="encoder")
        self.decoder = keras.Sequential([
            keras.Input((code_dim,)),
            *(dense(units, activation) for units in reversed(self.hidden_dims)),
            dense(math.prod(self.image_shape), "sigmoid"), layers.Reshape(self.image_shape),
        ], name="decoder")

    def call(self, images):
        return self.decoder(self.encoder(images))

    def encode(self, images, batch_size: int = 1000) -> np.ndarray:
        """Return the codes (n, code_dim) of images (n, *image_shape), values 0 ... 1.

        Raises:
            ValueError: if the batch is empty, the images have another size, or a value is outside 0 ... 1.
        """
        images = check_images(images, self.image_shape)
        return in_batches(self.encoder, images, batch_size)

    def decode(self, codes, batch_size: int = 1000) -> np.ndarray:
        """Return the images (n, *image_shape), values 0 ... 1, that codes (n, code_dim) stand for.

        Raises:
            ValueError: if there are no codes, they have another size, or a number is not finite.
        """
        codes = _check_codes(codes, self.code_dim)
        return in_batches(self.decoder, codes, batch_size)

    def reconstruct(self, images, batch_size: int = 1000) -> np.ndarray:
        """Return images after a trip through the code: `decode(encode(images))`."""
        return self.decode(self.encode(images, batch_size), batch_size)

    def build(self, input_shape=None):
        self.built = True  # encoder and decoder know their sizes from the start

    def get_config(self) -> dict:
        return super().get_config() | {
            "image_shape": self.image_shape, "hidden_dims": self.hidden_dims, "code_dim": self.code_dim,
            "activation": self.activation, "code_activation": self.code_activation,
            "regularizer": keras.regularizers.serialize(self.regularizer) if self.regularizer else None,
        }


def build(image_shape=(28, 28), hidden_dims=(384, 256, 128), code_dim: int = 4, activation: str = "silu",
          code_activation: str = "linear", regularizer=None) -> Autoencoder:
    """Return an untrained autoencoder: image → hidden_dims → code → hidden_dims backwards → image.

    Args:
        image_shape: (height, width) of one image.
        hidden_dims: widths of the encoder's hidden layers; the decoder has them in reverse. May be empty.
        code_dim: numbers in a code.
        activation: of the hidden layers. The last layer is a sigmoid, so that outputs lie in 0 ... 1.
        code_activation: of the code.
        regularizer: a Keras regulariser of every weight matrix, such as `WeightElimination(1e-6)`; None for none.

    Raises:
        ValueError: if a size is not a whole number above 0.
    """
    sizes = {"image_shape": tuple(image_shape), "hidden_dims": tuple(hidden_dims), "code_dim": (code_dim,)}
    for name, values in sizes.items():
        if any(isinstance(v, bool) or not isinstance(v, int | np.integer) or v < 1 for v in values):
            raise ValueError(f"{name}: every size is a whole number of at least 1; got {values}.")
    if len(sizes["image_shape"]) != 2:
        raise ValueError(f"image_shape={sizes['image_shape']}: expected (height, width), for example (28, 28).")
    model = Autoencoder(image_shape, hidden_dims, code_dim, activation, code_activation, regularizer)
    model.build()
    return model


def in_batches(network, inputs, batch_size: int = 1000) -> np.ndarray:
    """Return what a network makes of an array, one batch after the other, as NumPy.

    Unlike `predict` it compiles nothing, which is quicker for a few thousand images.

    Args:
        network: a Keras model or layer of one input and one output.
        inputs: (n, ...), n at least 1.
        batch_size: how many go through at once, at least 1.

    Raises:
        ValueError: if there is nothing, or batch_size is below 1.
    """
    if not len(inputs) or batch_size < 1:
        raise ValueError(f"Expected at least one input and a batch_size of at least 1, found {len(inputs)} and {batch_size}.")
    batches = (inputs[start:start + batch_size] for start in range(0, len(inputs), batch_size))
    return np.concatenate([keras.ops.convert_to_numpy(network(batch, training=False)) for batch in batches])


def gaussian_noise(images, sigma, seed) -> np.ndarray:
    """Return images plus normal noise, cut off at 0 and 1.

    Args:
        images: (n, height, width), values 0 ... 1.
        sigma: standard deviation of the noise before cutting; one number, or one for each image.
        seed: a number, or a `numpy.random.Generator` to draw from.

    Raises:
        ValueError: if the images are bad (see `check_images`), or sigma is negative or has another length.
    """
    images = check_images(images)
    sigma = _strength(sigma, images, "sigma")
    noise = np.random.default_rng(seed).standard_normal(images.shape, dtype=np.float32)
    noise *= sigma
    noise += images
    return np.clip(noise, 0, FULL_SCALE, out=noise)


def salt_and_pepper(images, fraction, seed) -> np.ndarray:
    """Return images in which some pixels were replaced by 0 or 1, either as likely.

    Args:
        images: (n, height, width), values 0 ... 1.
        fraction: chance of a pixel to be replaced, 0 ... 1; one number, or one for each image.
        seed: a number, or a `numpy.random.Generator` to draw from.

    Raises:
        ValueError: if the images are bad (see `check_images`), or fraction is outside 0 ... 1 or has another length.
    """
    images = check_images(images)
    fraction = _strength(fraction, images, "fraction", largest=1)
    draw = np.random.default_rng(seed).random(images.shape, dtype=np.float32)
    noisy = np.where(draw < fraction, np.float32(FULL_SCALE), images)
    return np.where(draw < fraction / 2, np.float32(0), noisy)


def block_square(images, size: int, seed) -> np.ndarray:
    """Return images with one square covered by 0.5, at a random place inside each image.

    Args:
        images: (n, height, width), values 0 ... 1.
        size: side of the square in pixels; 0 covers nothing.
        seed: a number, or a `numpy.random.Generator` to draw from.

    Raises:
        ValueError: if the images are bad (see `check_images`) or the square does not fit.
    """
    images = check_images(images)
    count, height, width = images.shape
    if isinstance(size, bool) or not isinstance(size, int | np.integer) or not 0 <= size <= min(height, width):
        raise ValueError(f"size={size!r}: expected a whole number from 0 to {min(height, width)}, the image's side.")
    random = np.random.default_rng(seed)
    top, left = random.integers(0, (height - size + 1, width - size + 1), (count, 2)).T[..., None]
    rows = (np.arange(height) >= top) & (np.arange(height) < top + size)
    columns = (np.arange(width) >= left) & (np.arange(width) < left + size)
    return np.where(rows[:, :, None] & columns[:, None, :], np.float32(0.5), images)


def psnr(reference, images, per_image: bool = False):
    """Return the peak signal-to-noise ratio in decibels, 10 · log10(1 / mean squared error); inf if equal.

    Args:
        reference: the clean images (n, height, width), values 0 ... 1.
        images: what to compare with them, of the same shape.
        per_image: return one number for each image (n,); else one for the error over all images together.

    Raises:
        ValueError: if the images are bad (see `check_images`) or the shapes differ.
    """
    reference = check_images(reference, name="reference")
    images = check_images(images, reference.shape[1:])
    if len(images) != len(reference):
        raise ValueError(f"There are {len(reference)} reference images but {len(images)} to compare. Give one each.")
    squares = np.square(reference - images, dtype=np.float64)
    error = squares.mean(axis=(1, 2) if per_image else None)
    with np.errstate(divide="ignore"):
        decibels = 10 * np.log10(FULL_SCALE**2 / error)
    return decibels if per_image else float(decibels)


def check_images(images, image_shape=None, name: str = "images") -> np.ndarray:
    """Return images as float32 (n, height, width).

    Args:
        images: values 0 ... 1.
        image_shape: (height, width) that they must have; None for any.
        name: what an error calls them.

    Raises:
        ValueError: if the batch is empty, the shape is wrong, or a value is not a number from 0 to 1.
    """
    array = np.asarray(images)
    wanted = "(n, height, width)" if image_shape is None else f"(n, {', '.join(map(str, image_shape))})"
    if array.ndim != 3 or (image_shape is not None and array.shape[1:] != tuple(image_shape)):
        raise ValueError(
            f"{name} has shape {array.shape}; expected {wanted}. One image alone needs image[None], flat ones "
            "need reshape, a channel axis needs [..., 0]."
        )
    if not array.size:
        raise ValueError(f"{name} is an empty batch of shape {array.shape}; pass at least one image.")
    if not np.issubdtype(array.dtype, np.number) or np.iscomplexobj(array):
        raise ValueError(f"{name} holds {array.dtype}; expected numbers from 0 to 1.")
    lowest, highest = array.min(), array.max()
    if not (lowest >= 0 and highest <= FULL_SCALE):  # nan fails too
        raise ValueError(
            f"{name} holds values from {lowest:.4g} to {highest:.4g}; expected 0 to 1. Divide pixels by 255, "
            "or use np.clip(images, 0, 1)."
        )
    return array.astype(np.float32, copy=False)


def _check_codes(codes, code_dim: int) -> np.ndarray:
    array = np.asarray(codes, dtype=np.float32)
    if array.ndim != 2 or array.shape[1] != code_dim:
        raise ValueError(f"codes has shape {array.shape}; expected (n, {code_dim}). One code alone needs code[None].")
    if not len(array):
        raise ValueError("codes is an empty batch; pass at least one code.")
    if not np.isfinite(array).all():
        raise ValueError("codes holds nan or infinite numbers; expected finite ones. Check where they were computed.")
    return array


def _strength(strength, images: np.ndarray, name: str, largest: float = math.inf) -> np.ndarray:
    """Return a noise strength as float32 that broadcasts over images, one number or one for each."""
    array = np.asarray(strength, dtype=np.float32)
    if array.ndim > 1 or (array.ndim == 1 and len(array) != len(images)):
        raise ValueError(f"{name} has shape {array.shape}; expected one number, or one for each of {len(images)} images.")
    if not (np.isfinite(array) & (array >= 0) & (array <= largest)).all():
        limits = f"from 0 to {largest:g}" if math.isfinite(largest) else "of at least 0"
        raise ValueError(f"{name}={strength!r}: expected finite numbers {limits}.")
    return array.reshape(-1, 1, 1)
