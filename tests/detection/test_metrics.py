"""IoU, non-maximum suppression, matching and mean average precision, against supervision and by property."""

import numpy as np
import pytest
import supervision as sv
from hypothesis import given, settings
from hypothesis import strategies as st
from supervision.metrics import MeanAveragePrecision

from utils.detection import metrics
from utils.detection.detector import as_detections

NAMES = {i: f"class {i}" for i in range(10)}
seeds = st.integers(0, 2**32 - 1)


def random_boxes(rng, count, side=100):
    corner = rng.uniform(0, side, (count, 2))
    return np.concatenate([corner, corner + rng.uniform(0.5, side, (count, 2))], axis=1)


def noisy_scenes(seed, images=8, kinds=3):
    """True boxes; predictions that are some of them, shifted, some twice, and false alarms."""
    rng = np.random.default_rng(seed)
    predictions, truths = [], []
    for _ in range(images):
        count = rng.integers(0, 6)
        boxes, classes = random_boxes(rng, count), rng.integers(0, kinds, count)
        truths.append(as_detections(boxes, classes, NAMES))
        again = rng.integers(0, count, rng.integers(0, 8)) if count else np.zeros(0, int)
        extra = rng.integers(0, 4)
        found = np.concatenate([boxes[again] + rng.normal(0, 4, (len(again), 4)), random_boxes(rng, extra)])
        found[:, 2:] = np.maximum(found[:, 2:], found[:, :2] + 0.5)
        kind = np.concatenate([classes[again], rng.integers(0, kinds, extra)])
        predictions.append(as_detections(found, kind, NAMES, rng.random(len(found))))
    return predictions, truths


@pytest.mark.parametrize(("a", "b", "expected"), [
    ([0, 0, 10, 10], [0, 0, 10, 10], 1), ([0, 0, 10, 10], [5, 0, 15, 10], 1 / 3), ([0, 0, 10, 10], [10, 0, 20, 10], 0),
    ([0, 0, 10, 10], [2, 2, 7, 6], 0.2), ([0, 0, 10, 10], [3, 3, 3, 8], 0), ([3, 3, 3, 3], [3, 3, 3, 3], 0),
])
def test_iou_by_hand(a, b, expected):
    assert metrics.iou([a], [b])[0, 0] == pytest.approx(expected)


@given(seeds)
def test_iou_equals_supervisions_is_symmetric_and_does_not_depend_on_place_or_scale(seed):
    rng = np.random.default_rng(seed)
    a, b = random_boxes(rng, 5), random_boxes(rng, 4)
    overlap = metrics.iou(a, b)
    assert np.allclose(overlap, sv.box_iou_batch(a, b), atol=1e-5)
    assert np.allclose(overlap, metrics.iou(b, a).T) and (overlap >= 0).all() and (overlap <= 1).all()
    assert np.allclose(overlap, metrics.iou(3 * a + 7, 3 * b + 7))


def test_no_boxes_have_no_overlaps():
    assert metrics.iou([], [[0, 0, 1, 1]]).shape == (0, 1)
    assert metrics.nms([], []).tolist() == []


def test_equal_scores_keep_the_first_boxes_without_area_suppress_nothing_and_none_is_suppressed_at_the_threshold():
    assert metrics.nms([[0, 0, 10, 10]] * 3, [0.5] * 3).tolist() == [0]
    assert metrics.nms([[5, 5, 5, 5], [0, 0, 10, 10], [5, 5, 5, 5]], [0.9, 0.8, 0.7]).tolist() == [0, 1, 2]
    half = [[0, 0, 10, 10], [0, 0, 10, 5]]
    assert metrics.nms(half, [0.9, 0.8], iou_threshold=0.5).tolist() == [0, 1]
    assert metrics.nms(half, [0.9, 0.8], iou_threshold=0.49).tolist() == [0]


@given(seeds, st.sampled_from([0.2, 0.5, 0.8]))
def test_nms_equals_supervisions(seed, threshold):
    rng = np.random.default_rng(seed)
    boxes, scores, kinds = random_boxes(rng, 20), rng.permutation(20) / 20, rng.integers(0, 3, 20)
    keep = sv.box_non_max_suppression(np.column_stack([boxes, scores, kinds]), threshold)
    kept = metrics.nms(boxes, scores, kinds, threshold)
    assert sorted(kept.tolist()) == np.flatnonzero(keep).tolist()
    assert (np.diff(scores[kept]) <= 0).all()
    overlap = metrics.iou(boxes[kept], boxes[kept]) * (kinds[kept][:, None] == kinds[kept])
    assert (overlap - np.eye(len(kept)) <= threshold).all()


def test_an_object_is_found_once_by_the_surest_and_never_by_another_class():
    truth = as_detections([[0, 0, 10, 10], [20, 0, 30, 10]], [0, 1], NAMES)
    boxes = [[0, 0, 10, 9], [0, 0, 10, 10], [20, 0, 30, 10], [40, 0, 50, 10]]
    predicted = as_detections(boxes, [0, 0, 0, 1], NAMES, [0.9, 0.8, 0.7, 0.6])
    assert metrics.match(predicted, truth).tolist() == [0, -1, -1, -1]
    assert metrics.match(predicted, as_detections([], [], NAMES)).tolist() == [-1] * 4


EMPTY = as_detections([], [], NAMES, [])


@pytest.mark.parametrize(("function", "arguments", "message"), [
    (metrics.iou, ([[0, 0, 1]], [[0, 0, 1, 1]]), r"shape \(1, 3\); expected \(n, 4\)"),
    (metrics.iou, ([[5, 0, 1, 1]], [[0, 0, 1, 1]]), r"boxes_a\[0\] is \[5.0, 0.0, 1.0, 1.0\]: right < left"),
    (metrics.iou, ([[0, 0, 1, 1], [0, 0, np.nan, 1]], [[0, 0, 1, 1]]), r"boxes_a\[1\] .* must be finite"),
    (metrics.iou, ([[0, 0, 1 + 2j, 1]], [[0, 0, 1, 1]]), "boxes_a holds complex numbers"),
    (metrics.nms, ([[0, 0, 1, 1]], [0.5, 0.4]), r"1 boxes, but scores has shape \(2,\)"),
    (metrics.nms, ([[0, 0, 1, 1]], [np.nan]), "scores holds a value that is not finite"),
    (metrics.nms, ([[0, 0, np.inf, 1]], [0.5]), "must be finite"),
    (metrics.nms, ([[0, 0, 1, 1]], [0.5], [1, 2]), "class_ids has shape"),
    (metrics.nms, ([[0, 0, 1, 1]], [0.5], None, 50), "iou_threshold is 50; expected 0 ... 1"),
    (metrics.average_precision, ([0.1, 0.2, 0.3], [1, 1]), r"recall has shape \(3,\), precision \(2,\)"),
    *((metrics.average_precision, curve, "recall and precision are 0 ... 1")
      for curve in (([np.nan, 1], [0.5, 1]), ([0.5, 1], [np.nan, 1]), ([0.5, 1.2], [1, 1]))),
    (metrics.average_precision, ([0.5, 0.2], [1, 1]), "recall does not fall"),
    (metrics.mean_average_precision, ([EMPTY], [EMPTY]), "No image holds a true box"),
    (metrics.mean_average_precision, ([EMPTY, EMPTY], [EMPTY]), "2 predictions but 1 truths"),
])  # fmt: skip
def test_bad_boxes_scores_curves_and_scenes_are_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_mean_average_precision_of_perfect_empty_and_half_right_predictions():
    truth = [as_detections([[0, 0, 10, 10], [20, 0, 30, 10]], [0, 0], NAMES)]
    perfect = [as_detections(truth[0].xyxy, [0, 0], NAMES, [0.9, 0.8])]
    nothing = [as_detections([], [], NAMES, [])]
    first_right = [as_detections([[0, 0, 10, 10], [60, 0, 70, 10]], [0, 0], NAMES, [0.9, 0.8])]
    assert metrics.mean_average_precision(perfect, truth).value == 1
    assert metrics.mean_average_precision(nothing, truth).value == 0
    assert metrics.mean_average_precision(first_right, truth).value == pytest.approx(51 / 101)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_mean_average_precision_equals_supervisions(seed):
    predictions, truths = noisy_scenes(seed)
    if not any(len(truth) for truth in truths):
        return
    ours = metrics.mean_average_precision(predictions, truths)
    reference = MeanAveragePrecision()
    theirs = reference.update(predictions, truths).compute()
    assert ours.value == pytest.approx(theirs.map50, abs=1e-6)
    stricter = metrics.mean_average_precision(predictions, truths, iou_threshold=0.75)
    assert stricter.value == pytest.approx(theirs.map75, abs=1e-6)
    assert metrics.average_over_thresholds(predictions, truths) == pytest.approx(theirs.map50_95, abs=1e-6)
    assert metrics.supervisions_maps(predictions, truths) == (theirs.map50, theirs.map50_95)
