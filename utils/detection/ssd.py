"""SSD, the single shot detector, small enough to read and to train in minutes.

Source: W. Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016; sections are named below.
"""

import keras
import numpy as np
from keras import layers, ops
from scipy import special

from utils.detection import metrics
from utils.detection.detector import Detector
from utils.detection.scenes import DIGIT_NAMES, SIDE

GRIDS = {12: (14, 21, 30), 6: (26, 34)}  # cells in a row: heights of the anchors that stand on each cell, in pixels
ASPECTS = (0.75, 0.35)  # width over height: most digits, and the one
VARIANCES = np.array([0.1, 0.1, 0.2, 0.2], np.float32)  # bring offsets to about the size of 1
CLASSES = 1 + len(DIGIT_NAMES)  # 0 is the background
NEGATIVES_PER_POSITIVE = 3


def make_anchors() -> np.ndarray:
    """Return the anchors, boxes that stand in fixed places (sec. 2.2): (n, 4), left, top, right, bottom, grid by grid."""
    anchors = []
    for cells, heights in GRIDS.items():
        centres = (np.arange(cells) + 0.5) * SIDE / cells
        for y in centres:
            for x in centres:
                for height in heights:
                    for aspect in ASPECTS:
                        half_width, half_height = aspect * height / 2, height / 2
                        anchors.append([x - half_width, y - half_height, x + half_width, y + half_height])
    return np.array(anchors, np.float32)


def encode(boxes: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    """Describe boxes by how an anchor must move and grow to become them (eq. 2): (n, 4) and (n, 4) to (n, 4).

    Raises:
        ValueError: if these are no boxes, one for each anchor, or a box has no area.
    """
    boxes = np.asarray(boxes)
    _check_pairs("boxes", boxes, anchors)
    if not np.isfinite(boxes).all() or not (boxes[:, 2:] > boxes[:, :2]).all():
        raise ValueError("Expected finite boxes with an area: left, top, right, bottom. Leave out those without.")
    (x, y, width, height), (ax, ay, a_width, a_height) = _centre_form(boxes), _centre_form(anchors)
    offsets = [(x - ax) / a_width, (y - ay) / a_height, np.log(width / a_width), np.log(height / a_height)]
    return np.stack(offsets, axis=-1) / VARIANCES


def decode(offsets: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    """Move and grow anchors: the inverse of `encode`.

    Raises:
        ValueError: if there are not four finite offsets for each anchor.
    """
    _check_pairs("offsets", offsets, anchors)
    if not np.isfinite(offsets).all():
        raise ValueError("Expected finite offsets; found NaN or infinity. Check the network.")
    ax, ay, a_width, a_height = _centre_form(anchors)
    dx, dy, grow_x, grow_y = np.moveaxis(offsets * VARIANCES, -1, 0)
    x, y = ax + dx * a_width, ay + dy * a_height
    half_width, half_height = a_width * np.exp(grow_x) / 2, a_height * np.exp(grow_y) / 2
    return np.stack([x - half_width, y - half_height, x + half_width, y + half_height], axis=-1)


def _check_pairs(name: str, values, anchors) -> None:
    if np.shape(values) != np.shape(anchors) or np.shape(values)[1:] != (4,):
        raise ValueError(f"Expected {name} (n, 4), one for each anchor; found {np.shape(values)} for anchors {np.shape(anchors)}. "
                         "Choose the anchors first: anchors[matched].")


def match_anchors(anchors: np.ndarray, boxes: np.ndarray, iou_threshold: float = 0.5) -> np.ndarray:
    """Say which true box each anchor is responsible for, or -1 (sec. 2.2, "Matching strategy").

    An anchor takes the box that it overlaps most, if by the threshold. Besides, every box gets an anchor of its own: the pair
    with the largest overlap first, then the next among the anchors and boxes that are left, until one of the two runs out.

    Args:
        anchors: (n, 4). boxes: (m, 4), left, top, right, bottom.
        iou_threshold: 0 ... 1.

    Returns:
        (n,), numbers of boxes, or -1.

    Raises:
        ValueError: if the threshold is outside 0 ... 1, or `metrics.iou` refuses the boxes.
    """
    metrics.check_threshold(iou_threshold)
    if not len(boxes):
        return np.full(len(anchors), -1)
    overlap = metrics.iou(anchors, boxes)
    chosen = np.where(overlap.max(axis=1) >= iou_threshold, overlap.argmax(axis=1), -1)
    left = overlap.copy()
    for _ in range(min(overlap.shape)):
        anchor, box = np.unravel_index(left.argmax(), left.shape)
        chosen[anchor] = box
        left[anchor] = left[:, box] = -1  # below every overlap
    return chosen


def make_target(truth, anchors: np.ndarray) -> np.ndarray:
    """Return what the network should answer to one scene: (anchors, 5), class (0: background) and four offsets."""
    metrics.check_detections(truth)
    target = np.zeros((len(anchors), 5), np.float32)
    chosen = match_anchors(anchors, truth.xyxy)
    matched = chosen >= 0
    target[matched, 0] = truth.class_id[chosen[matched]] + 1
    target[matched, 1:] = encode(truth.xyxy[chosen[matched]], anchors[matched])
    return target


def losses(target, answer):
    """The two losses of every anchor (sec. 2.2), from which `ssd_loss` makes one number.

    Args:
        target: (batch, anchors, 5) from `make_target`. answer: (batch, anchors, 11 + 4), class logits and offsets.

    Returns:
        Cross-entropy of the classes, (batch, anchors); smooth L1 of the offsets, as many, 0 where nothing matched; 1 for a
        matched anchor and 0 for others, as many; the number of matched anchors, (batch,), 1 at least.
    """
    kind = ops.cast(target[..., 0], "int32")
    matched = ops.cast(kind > 0, answer.dtype)
    log_odds = ops.log_softmax(answer[..., :CLASSES], axis=-1)
    class_loss = -ops.sum(ops.one_hot(kind, CLASSES) * log_odds, axis=-1)
    distance = ops.abs(answer[..., CLASSES:] - target[..., 1:])
    box_loss = ops.sum(ops.where(distance < 1, 0.5 * distance**2, distance - 0.5), axis=-1) * matched
    return class_loss, box_loss, matched, ops.maximum(ops.sum(matched, axis=1), 1.0)


def ssd_loss(target, answer):
    """The SSD loss of each scene (eq. 1): classes of matched anchors and of the hardest others, offsets of matched ones.

    Args: those of `losses`.

    Returns:
        (batch,), divided by the number of matched anchors.
    """
    class_loss, box_loss, matched, count = losses(target, answer)
    negatives = hardest_negatives(ops.stop_gradient(class_loss), matched, count)
    return ops.sum(class_loss * (matched + negatives) + box_loss, axis=1) / count


def hardest_negatives(class_loss, matched, count):
    """Mark the anchors without an object that look most like one, three for each matched anchor (sec. 2.2)."""
    loss = ops.where(matched > 0, -1.0, class_loss)
    rank = ops.argsort(ops.argsort(-loss, axis=1), axis=1)
    chosen = ops.cast(rank, loss.dtype) < NEGATIVES_PER_POSITIVE * count[:, None]
    return ops.cast(chosen, loss.dtype) * (1 - matched)


def build_ssd() -> keras.Model:
    """Return the network: 96 × 96 × 1, 0 ... 1, to (anchors, 11 + 4); two grids look at small and at large digits."""
    scene = x = keras.Input((SIDE, SIDE, 1))
    features = {}
    for filters, strides in ((16, 2), (32, 1), (48, 2), (48, 1), (80, 2), (80, 1), (112, 2), (112, 1)):
        x = layers.Conv2D(filters, 3, strides, padding="same", use_bias=False)(x)
        x = layers.Activation("relu")(layers.BatchNormalization(momentum=0.9)(x))
        features[x.shape[1]] = x
    answers = []
    for cells, heights in GRIDS.items():
        per_anchor = CLASSES + 4
        head = layers.Conv2D(len(heights) * len(ASPECTS) * per_anchor, 3, padding="same")(features[cells])
        answers.append(layers.Reshape((-1, per_anchor))(head))
    return keras.Model(scene, layers.Concatenate(axis=1)(answers), name="small_ssd")


class SsdDetector(Detector):
    """A trained network as a Detector for scenes of 96 × 96 pixels."""

    def __init__(self, model: keras.Model, score_threshold: float = 0.3, iou_threshold: float = 0.45):
        super().__init__(DIGIT_NAMES, score_threshold, iou_threshold)
        self.model, self._anchors = model, make_anchors()

    def detect_all(self, scenes: np.ndarray) -> list:
        """Return the detections of many grey scenes, uint8 n × 96 × 96, at once.

        Raises:
            ValueError: if the scenes are something else.
        """
        if scenes.dtype != np.uint8 or scenes.shape[1:] != (SIDE, SIDE):
            raise ValueError(f"Expected grey scenes, uint8 n × {SIDE} × {SIDE}; got {scenes.dtype}, {scenes.shape}.")
        answers = self.model.predict(scenes[..., None].astype(np.float32) / 255, batch_size=64, verbose=0)
        return [self._finish(*self._boxes(answer), SIDE, SIDE) for answer in answers]

    def _predict(self, image):
        if image.shape[:2] != (SIDE, SIDE):
            raise ValueError(f"This detector was built for scenes of {SIDE} × {SIDE}; got {image.shape[1]} × {image.shape[0]}.")
        grey = image.mean(axis=2, keepdims=True, dtype=np.float32)[None] / 255
        return self._boxes(np.asarray(ops.convert_to_numpy(self.model(grey, training=False)))[0])

    def _boxes(self, answer: np.ndarray):
        scores = special.softmax(answer[:, :CLASSES], axis=1)[:, 1:]
        anchor, class_ids = np.nonzero(scores >= self.score_threshold)
        boxes = decode(answer[:, CLASSES:], self._anchors)
        return boxes[anchor], scores[anchor, class_ids], class_ids


def _centre_form(boxes: np.ndarray):
    left, top, right, bottom = np.moveaxis(np.asarray(boxes, np.float32), -1, 0)
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top
