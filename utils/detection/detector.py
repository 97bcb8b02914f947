"""The one type of all detectors: RGB image in, supervision Detections out; and how an image is fitted into a network."""

import abc
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import supervision as sv

from utils.detection import metrics

SMALLEST_SIDE = 16
CANDIDATES = 300  # at most so many boxes compete; suppression compares each with each


class Detector(abc.ABC):
    """Finds objects in RGB images.

    Attributes:
        names: class number to English name.
        score_threshold: detections with a lower score are left out, 0 ... 1.
        iou_threshold: overlap above which non-maximum suppression drops the weaker of two boxes of one class.
    """

    def __init__(self, names: Mapping[int, str], score_threshold: float = 0.3, iou_threshold: float = 0.5):
        metrics.check_threshold(score_threshold, "score_threshold")
        metrics.check_threshold(iou_threshold)
        self.names, self.score_threshold, self.iou_threshold = dict(names), score_threshold, iou_threshold

    def detect(self, image: np.ndarray) -> sv.Detections:
        """Return the objects in one image, best first.

        Args:
            image: uint8 RGB, height × width × 3, at least 16 pixels each way.

        Returns:
            Boxes in pixels of `image` and inside it, scores, class numbers, English names in `.data["class_name"]`.

        Raises:
            TypeError, ValueError: if the image is no such array; if the network's output is not finite.
        """
        check_image(image)
        return self._finish(*self._predict(image), *image.shape[:2])

    def _finish(self, boxes, scores, class_ids, height: int, width: int) -> sv.Detections:
        """Clip to the image, leave out low scores, suppress."""
        if not (np.isfinite(boxes).all() and np.isfinite(scores).all()):
            raise ValueError(f"{type(self).__name__} answered with values that are not finite. Its weights or its "
                             "input are damaged; fetch the model again.")
        boxes = np.clip(boxes, 0, [width, height, width, height])
        wanted = (scores >= self.score_threshold) & ((boxes[:, 2:] - boxes[:, :2]) > 0).all(axis=1)
        best = np.flatnonzero(wanted)[np.argsort(-scores[wanted], kind="stable")][:CANDIDATES]
        boxes, scores, class_ids = boxes[best], scores[best], class_ids[best]
        kept = metrics.nms(boxes, scores, class_ids, self.iou_threshold)
        return as_detections(boxes[kept], class_ids[kept], self.names, scores[kept])

    @abc.abstractmethod
    def _predict(self, image: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return boxes (n, 4) in pixels of `image`, scores (n,) and class numbers (n,), before suppression."""


def as_detections(boxes, class_ids, names: Mapping[int, str], scores=None) -> sv.Detections:
    """Return boxes, class numbers and scores as supervision Detections with the classes' English names.

    Raises:
        ValueError: if a class number is not whole or a score not finite.
    """
    class_ids, scores = np.ravel(class_ids), None if scores is None else np.asarray(scores, dtype=np.float32)
    if not (np.isfinite(class_ids) & (class_ids == np.round(class_ids))).all() or not (scores is None or np.isfinite(scores).all()):
        raise ValueError(f"Expected whole class numbers and finite scores, found {class_ids!r:.80} and {scores!r:.80}. Check the network.")
    class_ids = class_ids.astype(int)
    return sv.Detections(
        xyxy=np.asarray(boxes, dtype=np.float32).reshape(-1, 4),
        confidence=scores,
        class_id=class_ids,
        data={"class_name": np.array([names.get(int(i), f"class {i}") for i in class_ids], dtype=str)},
    )


def check_image(image) -> None:
    """Accept uint8 RGB arrays, height × width × 3; of everything else say what it is and how to turn it into one.

    Raises:
        TypeError: if it is not an array of uint8.
        ValueError: if it is grey, has an alpha channel, is empty or smaller than 16 pixels.
    """
    if not isinstance(image, np.ndarray):
        raise TypeError(f"Expected an image as a NumPy array, got {type(image).__name__}. Read a file with "
                        "np.asarray(PIL.Image.open(path).convert('RGB')).")
    shape = " × ".join(map(str, image.shape)) or "no dimensions"
    if image.size == 0:
        raise ValueError(f"The image is empty ({shape}). Was the file or the crop read rightly?")
    if image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 1):
        raise ValueError(f"The image is grey ({shape}); expected height × width × 3. Repeat the channel: "
                         "np.repeat(image.reshape(*image.shape[:2], 1), 3, axis=2).")
    if image.ndim == 3 and image.shape[2] == 4:
        raise ValueError(f"The image has four channels ({shape}), the last one alpha. Drop it: image[:, :, :3].")
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(f"Expected one image, height × width × 3, got {shape}.")
    if image.dtype != np.uint8:
        raise TypeError(f"The image is {image.dtype}; expected uint8 0 ... 255. If it is 0 ... 1: "
                        "(image * 255).round().astype('uint8').")
    if min(image.shape[:2]) < SMALLEST_SIDE:
        raise ValueError(f"The image is {shape}; an object needs at least {SMALLEST_SIDE} pixels each way.")


@dataclass(frozen=True)
class Fit:
    """Where an image lies in the square that a network sees.

    Attributes:
        scale_x, scale_y: pixels of the square per pixel of the image.
        left, top: pixels of the square that are not image.
    """

    scale_x: float
    scale_y: float
    left: int = 0
    top: int = 0

    def __post_init__(self):
        if not (0 < self.scale_x < np.inf and 0 < self.scale_y < np.inf):
            raise ValueError(f"Expected scales above 0, found {self.scale_x} and {self.scale_y}. Take those of stretch or letterbox.")

    def back(self, boxes: np.ndarray) -> np.ndarray:
        """Turn boxes in pixels of the square into boxes in pixels of the image."""
        boxes = np.asarray(boxes)
        if boxes.ndim != 2 or boxes.shape[1] != 4:
            raise ValueError(f"Expected boxes (n, 4): left, top, right, bottom; found {boxes.shape}. One box alone needs box[None].")
        return (boxes - [self.left, self.top] * 2) / [self.scale_x, self.scale_y, self.scale_x, self.scale_y]


def stretch(image: np.ndarray, size: int) -> tuple[np.ndarray, Fit]:
    """Resize an image to a square; what was a circle becomes an ellipse.

    Raises:
        TypeError, ValueError: as `check_image`, or if the size is no whole number of at least 1.
    """
    _check_size(image, size)
    height, width = image.shape[:2]
    return _resize(image, size, size), Fit(size / width, size / height)


def letterbox(image: np.ndarray, size: int) -> tuple[np.ndarray, Fit]:
    """Resize an image to fit into a square and fill the rest with black; a circle stays a circle.

    Raises:
        TypeError, ValueError: as `check_image`, or if the size is no whole number of at least 1.
    """
    _check_size(image, size)
    height, width = image.shape[:2]
    scale = size / max(height, width)
    new_width, new_height = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (size - new_width) // 2, (size - new_height) // 2
    square = np.zeros((size, size, 3), np.uint8)
    square[top : top + new_height, left : left + new_width] = _resize(image, new_width, new_height)
    return square, Fit(new_width / width, new_height / height, left, top)


def _check_size(image: np.ndarray, size: int) -> None:
    check_image(image)
    if not isinstance(size, int | np.integer) or size < 1:
        raise ValueError(f"Expected a side of at least 1 pixel, a whole number, found {size!r}. Take the network's, such as 416.")


def _resize(image: np.ndarray, width: int, height: int) -> np.ndarray:
    shrinks = width < image.shape[1]
    image = np.ascontiguousarray(image)
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def channel_order(detector: Detector, images) -> str:
    """Guess whether images are RGB or BGR: a detector trained on RGB is surer of what it sees in RGB.

    A single array does not say what its channels mean, and grey pictures cannot tell; several coloured ones can. Of
    the course's detectors CenterNet minds the order enough; NanoDet does not.

    Args:
        images: uint8 arrays, height × width × 3, with objects that the detector knows.

    Returns:
        "RGB", "BGR", or "unclear" if the difference is below 2 % of the scores, or nothing is found either way.

    Raises:
        TypeError, ValueError: as `check_image`, of each image, or if there is no detector.
    """
    if not isinstance(detector, Detector):
        raise TypeError(f"Expected a detector, found {type(detector).__name__}. Take one of detection.zoo: zoo.load(name).")
    images = list(images)
    for image in images:
        check_image(image)
    given, swapped = (sum(_best_scores(detector, [image[:, :, step] for image in images]))
                      for step in (slice(None), slice(None, None, -1)))
    if abs(given - swapped) <= 0.02 * max(given, swapped):
        return "unclear"
    return "RGB" if given > swapped else "BGR"


def _best_scores(detector: Detector, images) -> list[float]:
    """The best score in each image; 0 where nothing is found."""
    return [float(detector.detect(image).confidence[:1].sum()) for image in images]
