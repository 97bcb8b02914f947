"""Scenes to learn from: handwritten digits of several sizes among clutter, with boxes around their ink, or masks of it.

The clutter is made of pieces of digits, as in "cluttered MNIST": V. Mnih et al., "Recurrent Models of Visual
Attention", 2014, sec. 4.1.
"""

import cv2
import numpy as np

from utils.detection import metrics
from utils.detection.detector import as_detections

SIDE = 96  # pixels of a scene
SIZES = (20, 44)  # height of a digit's 28 × 28 picture in the scene, from ... to
DIGIT_NAMES = {digit: str(digit) for digit in range(10)}
INK = 64  # a pixel is ink from this value on


def make_scenes(images, labels, count: int, seed: int, most: int = 5, clutter: int = 8):
    """Compose scenes.

    Args:
        images: uint8 n × 28 × 28 digits, ink bright. labels: their n classes, whole numbers 0 ... 9.
        count: number of scenes.
        seed: the same seed gives the same scenes.
        most: largest number of digits in a scene, at least 1; places too crowded are left free.
        clutter: pieces of digits in a scene.

    Returns:
        Scenes, uint8 count × 96 × 96; and for each a supervision Detections with its true boxes.

    Raises:
        ValueError: if the images or labels are none such, a digit has no ink, or a number is out of range.
    """
    scenes, truths, _ = _compose(images, labels, count, seed, most, clutter)
    return scenes, truths


def make_masked_scenes(images, labels, count: int, seed: int, most: int = 5, clutter: int = 8):
    """Compose the scenes of `make_scenes` and say of every pixel what it belongs to.

    Args and Raises: those of `make_scenes`; the same seed gives the same scenes.

    Returns:
        Scenes, uint8 count × 96 × 96; and masks of that shape, uint8: 1 + class where a digit has ink, else 0.
    """
    scenes, _, masks = _compose(images, labels, count, seed, most, clutter)
    return scenes, masks


def _compose(images, labels, count, seed, most, clutter):
    images, labels = np.asarray(images), np.asarray(labels)
    if images.ndim != 3 or images.shape[1:] != (28, 28) or images.dtype != np.uint8 or not len(images):
        raise ValueError(f"Expected digits as uint8, n × 28 × 28 with n ≥ 1; got {images.dtype}, {images.shape}.")
    if len(labels) != len(images) or most < 1 or clutter < 0 or count < 1:
        raise ValueError(f"Expected a label for each of {len(images)} digits, count ≥ 1, most ≥ 1 and clutter ≥ 0; got "
                         f"{len(labels)} labels, {count}, {most}, {clutter}.")
    if labels.dtype.kind not in "iu" or not set(np.unique(labels)) <= set(DIGIT_NAMES):
        raise ValueError(f"Expected labels 0 ... 9, whole numbers; got {labels.dtype}, such as {labels[:3].tolist()}.")
    rng = np.random.default_rng(seed)
    scenes, truths = np.zeros((count, SIDE, SIDE), np.uint8), []
    masks = np.zeros_like(scenes)
    for scene, mask in zip(scenes, masks, strict=True):
        for _ in range(clutter):
            _paste(scene, *_piece(images, rng))
        boxes, classes = [], []
        for _ in range(rng.integers(1, most + 1)):
            chosen = rng.integers(len(images))
            digit, box = _digit(images[chosen], rng)
            if not boxes or metrics.iou([box], boxes).max() == 0:
                place = slice(box[1], box[3]), slice(box[0], box[2])
                scene[place] //= 3  # clutter behind a digit is faint
                _paste(scene, digit, box[0], box[1])
                mask[place][digit >= INK] = 1 + int(labels[chosen])
                boxes.append(box)
                classes.append(int(labels[chosen]))
        truths.append(as_detections(boxes, classes, DIGIT_NAMES))
    return scenes, truths, masks


def as_rgb(scene: np.ndarray) -> np.ndarray:
    """Return a grey scene, uint8 height × width, as an RGB picture, uint8 height × width × 3.

    Raises:
        ValueError: if it is something else.
    """
    if scene.ndim != 2 or scene.dtype != np.uint8:
        raise ValueError(f"Expected one grey scene, uint8 height × width, found {scene.dtype} {scene.shape}. Take one: scenes[0].")
    return np.repeat(scene[..., None], 3, axis=2)


def _digit(image, rng):
    """A digit resized and cut to its ink, and its box at a random place of the scene."""
    size = int(rng.integers(SIZES[0], SIZES[1] + 1))
    resized = cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA)
    rows, columns = np.flatnonzero((resized >= INK).any(axis=1)), np.flatnonzero((resized >= INK).any(axis=0))
    if not len(rows):
        raise ValueError(f"Expected digits with ink, pixels of at least {INK}; got one without. Leave it out.")
    digit = resized[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = digit.shape
    left, top = rng.integers(0, SIDE - width + 1), rng.integers(0, SIDE - height + 1)
    return digit, [int(left), int(top), int(left + width), int(top + height)]


def _piece(images, rng):
    image = images[rng.integers(len(images))]
    size = int(rng.integers(6, 10))
    y, x = rng.integers(4, 24 - size, 2)
    return image[y : y + size, x : x + size], int(rng.integers(0, SIDE - size)), int(rng.integers(0, SIDE - size))


def _paste(scene, picture, left, top):
    height, width = picture.shape
    place = scene[top : top + height, left : left + width]
    np.maximum(place, picture, out=place)
