"""Counting boxes: IoU, non-maximum suppression, matching and mean average precision. Small enough to read.

Boxes are (n, 4) arrays of left, top, right, bottom in pixels. Sources: M. Everingham et al., "The PASCAL Visual
Object Classes (VOC) Challenge", IJCV 2010, sec. 4.2 (matching, average precision); T.-Y. Lin et al., "Microsoft
COCO", 2014 (101 recall levels, ten thresholds).
"""

from dataclasses import dataclass

import numpy as np
import supervision as sv

RECALL_LEVELS = np.linspace(0, 1, 101)
STRICTER = np.linspace(0.5, 0.95, 10)  # IoU from which a box counts as found, from generous to strict
NOTHING_TO_FIND = "No image holds a true box, so there is nothing to find. Check the truths."


def iou(boxes_a, boxes_b) -> np.ndarray:
    """Intersection over union of every box of one set with every box of another.

    Args:
        boxes_a, boxes_b: (n, 4) and (m, 4).

    Returns:
        (n, m), 0 (apart) ... 1 (the same). A box without area has IoU 0 with everything.

    Raises:
        ValueError: if a shape is wrong, a value is not finite or a box is turned over.
    """
    a, b = _checked(boxes_a, "boxes_a")[:, None], _checked(boxes_b, "boxes_b")[None]
    overlap = np.clip(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0, None)
    intersection = overlap.prod(axis=-1)
    area_a, area_b = ((c[..., 2:] - c[..., :2]).prod(axis=-1) for c in (a, b))
    union = area_a + area_b - intersection
    return np.divide(intersection, union, out=np.zeros_like(intersection), where=union > 0)


def nms(boxes, scores, class_ids=None, iou_threshold: float = 0.5) -> np.ndarray:
    """Non-maximum suppression: keep the best box, drop those that overlap it, go on with what is left.

    Args:
        boxes: (n, 4).
        scores: (n,), finite; of equal ones the first comes first.
        class_ids: (n,); a box only suppresses boxes of its own class. None: all are of one class.
        iou_threshold: 0 ... 1; boxes that overlap by more are dropped.

    Returns:
        Indices of the boxes kept, best first.

    Raises:
        ValueError: if shapes do not fit, a value is not finite, or the threshold is outside 0 ... 1.
    """
    boxes, scores = _checked(boxes, "boxes"), np.asarray(scores, dtype=float)
    class_ids = np.zeros(len(boxes), int) if class_ids is None else np.asarray(class_ids)
    _check_lengths(boxes, scores=scores, class_ids=class_ids)
    check_threshold(iou_threshold)
    overlap = iou(boxes, boxes)
    overlap[class_ids[:, None] != class_ids[None]] = 0
    kept, candidates = [], np.argsort(-scores, kind="stable")
    while len(candidates):
        best, rest = candidates[0], candidates[1:]
        kept.append(best)
        candidates = rest[overlap[best, rest] <= iou_threshold]
    return np.array(kept, dtype=int)


def match(predicted, truth, iou_threshold: float = 0.5) -> np.ndarray:
    """For every prediction, the true box that it found, or -1.

    Predictions choose in the order of their scores; each takes the unclaimed true box of its own class that it
    overlaps most, if by at least `iou_threshold`. A second prediction of one object is therefore wrong.

    Args:
        predicted, truth: supervision Detections; the predictions have scores.

    Returns:
        (number of predictions,) indices into `truth`, or -1.

    Raises:
        TypeError: if they are something else than Detections.
        ValueError: if the threshold is outside 0 ... 1.
    """
    check_threshold(iou_threshold)
    check_detections(predicted)
    check_detections(truth)
    found = np.full(len(predicted), -1)
    overlap = iou(predicted.xyxy, truth.xyxy)
    if not overlap.size:
        return found
    overlap[predicted.class_id[:, None] != truth.class_id[None]] = 0
    for i in np.argsort(-predicted.confidence, kind="stable"):
        if overlap[i].max() >= max(iou_threshold, 1e-12):
            found[i] = overlap[i].argmax()
            overlap[:, found[i]] = 0
    return found


@dataclass(frozen=True)
class MeanAveragePrecision:
    """The mean, the average precision of each class, and the curves behind them.

    Attributes:
        value: mean over the classes that occur in the truth, 0 ... 1.
        per_class: class number to average precision.
        curves: class number to (recall, precision) arrays, one point for each prediction.
    """

    value: float
    per_class: dict[int, float]
    curves: dict[int, tuple[np.ndarray, np.ndarray]]


def mean_average_precision(predictions, truths, iou_threshold: float = 0.5) -> MeanAveragePrecision:
    """Mean average precision over a set of images, with COCO's 101 recall levels.

    Args:
        predictions, truths: one supervision Detections for each image, in the same order.
        iou_threshold: a prediction is right if it overlaps an object of its class by at least this much.

    Raises:
        ValueError: if the two are not as many, or no image holds a true box.
    """
    if len(predictions) != len(truths):
        raise ValueError(f"There are {len(predictions)} predictions but {len(truths)} truths. Give one each an image.")
    classes, scores, right = [], [], []
    for predicted, truth in zip(predictions, truths, strict=True):
        classes.append(predicted.class_id if len(predicted) else np.zeros(0, int))
        scores.append(predicted.confidence if len(predicted) else np.zeros(0))
        right.append(match(predicted, truth, iou_threshold) >= 0 if len(predicted) else np.zeros(0, bool))
    classes, scores, right = (np.concatenate(values) if values else np.zeros(0) for values in (classes, scores, right))
    true_classes = [truth.class_id for truth in truths if len(truth)]
    if not true_classes:
        raise ValueError(NOTHING_TO_FIND)
    kinds, counts = np.unique(np.concatenate(true_classes), return_counts=True)
    curves, per_class = {}, {}
    for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True):
        order = np.argsort(-scores[classes == kind], kind="stable")
        hits = np.cumsum(right[classes == kind][order])
        curves[kind] = hits / count, hits / np.arange(1, len(hits) + 1)
        per_class[kind] = average_precision(*curves[kind])
    return MeanAveragePrecision(float(np.mean(list(per_class.values()))), per_class, curves)


def average_over_thresholds(predictions, truths) -> float:
    """AP@[.50:.95], COCO's main measure: `mean_average_precision` averaged over the ten thresholds of `STRICTER`.

    Args and Raises: those of `mean_average_precision`.
    """
    return float(np.mean([mean_average_precision(predictions, truths, threshold).value for threshold in STRICTER]))


def supervisions_maps(predictions, truths) -> tuple[float, float]:
    """The two as the supervision library computes them, to check ours: at IoU 0.5, and averaged over the ten thresholds.

    Raises:
        ValueError: if no image holds a true box.
    """
    if not any(map(len, truths)):
        raise ValueError(NOTHING_TO_FIND)
    from supervision.metrics import MeanAveragePrecision as Reference

    found = Reference().update(predictions, truths).compute()
    return float(found.map50), float(found.map50_95)


def average_precision(recall, precision) -> float:
    """Area under a precision-recall curve whose dips are filled, read at 101 recall levels.

    Args:
        recall: not decreasing, 0 ... 1. precision: 0 ... 1, as many.

    Raises:
        ValueError: if they are not.
    """
    recall, precision = np.asarray(recall, float), np.asarray(precision, float)
    if recall.ndim != 1 or recall.shape != precision.shape:
        raise ValueError(f"recall has shape {recall.shape}, precision {precision.shape}; expected (n,) of both.")
    if not (((recall >= 0) & (recall <= 1)).all() and ((precision >= 0) & (precision <= 1)).all() and (np.diff(recall) >= 0).all()):
        raise ValueError("recall and precision are 0 ... 1, and recall does not fall; found something else or NaN. Sort by score first.")
    best_from_here_on = np.maximum.accumulate(precision[::-1])[::-1]
    positions = np.searchsorted(recall, RECALL_LEVELS, side="left")
    return float(np.append(best_from_here_on, 0.0)[positions].mean())


def _checked(boxes, name: str) -> np.ndarray:
    if np.iscomplexobj(boxes):
        raise ValueError(f"{name} holds complex numbers; boxes are real: left, top, right, bottom.")
    corners = np.asarray(boxes, dtype=float)
    corners = corners.reshape(0, 4) if corners.size == 0 else corners
    if corners.ndim != 2 or corners.shape[1] != 4:
        raise ValueError(f"{name} has shape {corners.shape}; expected (n, 4): left, top, right, bottom.")
    bad = np.flatnonzero(~np.isfinite(corners).all(axis=1))
    if len(bad):
        raise ValueError(f"{name}[{bad[0]}] is {corners[bad[0]].tolist()}; boxes must be finite numbers.")
    turned = np.flatnonzero((corners[:, 2:] < corners[:, :2]).any(axis=1))
    if len(turned):
        raise ValueError(f"{name}[{turned[0]}] is {corners[turned[0]].tolist()}: right < left or bottom < top. The order "
                         "is left, top, right, bottom.")
    return corners


def _check_lengths(boxes, **values) -> None:
    for name, value in values.items():
        if value.shape != (len(boxes),):
            raise ValueError(f"There are {len(boxes)} boxes, but {name} has shape {value.shape}. Give one each.")
        if not np.isfinite(value).all():
            raise ValueError(f"{name} holds a value that is not finite; find out what produced it.")


def check_detections(detections) -> None:
    """Raise TypeError unless these are supervision Detections."""
    if not isinstance(detections, sv.Detections):
        raise TypeError(f"Expected supervision Detections, found {type(detections).__name__}. Make them with "
                        "detector.as_detections(boxes, class_ids, names, scores).")


def check_threshold(threshold: float, name: str = "iou_threshold") -> None:
    """Raise ValueError unless a threshold is 0 ... 1."""
    if not 0 <= threshold <= 1:
        raise ValueError(f"{name} is {threshold}; expected 0 ... 1.")
