"""Our own detector: scenes, anchors, matching, hard negatives, the SSD loss, and a network that learns."""

import cv2
import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from utils.detection import metrics, scenes, ssd
from utils.detection.detector import as_detections

ANCHORS = ssd.make_anchors()
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def digits():
    """Ten kinds of strokes as 28 × 28 pictures, 40 in all."""
    pictures, labels = [], []
    for i in range(40):
        picture = np.zeros((28, 28), np.uint8)
        cv2.putText(picture, str(i % 10), (5 + i % 3, 23), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2)
        pictures.append(picture)
        labels.append(i % 10)
    return np.array(pictures), np.array(labels, np.uint8)


# ---- scenes


def test_the_same_seed_gives_the_same_scenes_and_another_seed_others(digits):
    first, again, other = (scenes.make_scenes(*digits, 5, seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_boxes_lie_inside_are_apart_and_tight_around_the_ink(digits):
    pictures, truths = scenes.make_scenes(*digits, 40, 0, clutter=0)
    assert pictures.shape == (40, 96, 96) and pictures.dtype == np.uint8
    for picture, truth in zip(pictures, truths, strict=True):
        assert 1 <= len(truth) <= 5
        overlap = metrics.iou(truth.xyxy, truth.xyxy)
        assert (overlap - np.eye(len(truth)) <= 0).all()
        for left, top, right, bottom in truth.xyxy.astype(int):
            assert 0 <= left < right <= 96 and 0 <= top < bottom <= 96
            ink = picture[top:bottom, left:right] >= scenes.INK
            assert ink[0].any() and ink[-1].any() and ink[:, 0].any() and ink[:, -1].any()


def test_classes_are_those_of_the_pasted_digits(digits):
    images, labels = digits
    sevens = images[labels == 7]
    _, truths = scenes.make_scenes(sevens, np.full(len(sevens), 7), 10, 0)
    assert {int(kind) for truth in truths for kind in truth.class_id} == {7}
    assert truths[0].data["class_name"][0] == "7"


def test_clutter_adds_ink_but_no_boxes(digits):
    clean, cluttered = (scenes.make_scenes(*digits, 20, 3, most=1, clutter=n) for n in (0, 12))
    assert cluttered[0].mean() > clean[0].mean() * 1.1
    assert all(len(truth) == 1 for truth in cluttered[1])


def test_masked_scenes_are_the_scenes_of_that_seed_and_mask_the_ink_of_their_boxes(digits):
    pictures, truths = scenes.make_scenes(*digits, 20, 4)
    same, masks = scenes.make_masked_scenes(*digits, 20, 4)
    assert np.array_equal(same, pictures) and masks.shape == pictures.shape and masks.dtype == np.uint8
    for picture, mask, truth in zip(pictures, masks, truths, strict=True):
        outside = mask.copy()
        for (left, top, right, bottom), kind in zip(truth.xyxy.astype(int), truth.class_id, strict=True):
            inside = mask[top:bottom, left:right]
            assert set(np.unique(inside)) <= {0, 1 + kind}
            rows, columns = np.nonzero(inside)
            assert [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1] == [0, 0, right - left, bottom - top]
            outside[top:bottom, left:right] = 0
        assert not outside.any() and (picture[mask > 0] >= scenes.INK).all()


def test_without_clutter_the_mask_is_all_of_the_ink(digits):
    pictures, masks = scenes.make_masked_scenes(*digits, 10, 5, clutter=0)
    assert np.array_equal(masks > 0, pictures >= scenes.INK)


def test_bad_digits_are_named(digits):
    images, labels = digits
    with pytest.raises(ValueError, match=r"as uint8, n × 28 × 28 .* got float32"):
        scenes.make_scenes(images.astype(np.float32), labels, 1, 0)
    for make in (scenes.make_scenes, scenes.make_masked_scenes):
        with pytest.raises(ValueError, match="got 3 labels"):
            make(images, labels[:3], 1, 0)


# ---- anchors, encoding, matching


def test_anchors_stand_in_the_middle_of_their_cells():
    first = ANCHORS[0]
    assert len(ANCHORS) == 12 * 12 * 6 + 6 * 6 * 4
    assert ((first[:2] + first[2:]) / 2).tolist() == [4, 4]
    width, height = first[2:] - first[:2]
    assert height == pytest.approx(14) and width / height == pytest.approx(0.75)


@given(seeds)
def test_decoding_undoes_encoding(seed):
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 80, (30, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(2, 60, (30, 2))], axis=1)
    anchors = ANCHORS[rng.integers(0, len(ANCHORS), 30)]
    assert np.allclose(ssd.decode(ssd.encode(boxes, anchors), anchors), boxes, atol=1e-3)
    assert np.allclose(ssd.encode(anchors, anchors), 0)


@given(seeds)
def test_every_box_gets_an_anchor_and_anchors_get_boxes_that_they_overlap(seed):
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 60, (4, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(6, 36, (4, 2))], axis=1)
    chosen = ssd.match_anchors(ANCHORS, boxes)
    overlap = metrics.iou(ANCHORS, boxes)
    assert set(range(4)) <= set(chosen.tolist())
    matched = np.flatnonzero(chosen >= 0)
    most = overlap[matched].max(axis=1)
    own = (overlap[matched, chosen[matched]] < most) | (most < 0.5)  # given to a box that needed one
    assert own.sum() <= 4
    assert (overlap[chosen < 0].max(axis=1, initial=0) < 0.5).all()


SQUARES = np.array([[0, 0, 10, 10], [20, 0, 30, 10], [40, 0, 50, 10]], np.float32)


SHARED = [[0, 0, 16, 10], [0, 0, 12, 10]]  # IoU 10/16 and 10/12 with the first anchor, else 0
CLOSE = [[0, 0, 10, 10], [2, 0, 12, 10], [0, 0, 2, 2]]


@pytest.mark.parametrize(("anchors", "boxes", "chosen"), [
    (SQUARES, SHARED, [1, 0, -1]), (SQUARES, SHARED[::-1], [0, 1, -1]),
    (SQUARES[:2], SQUARES[[1, 1]], [1, 0]),  # equal boxes get an anchor each
    (CLOSE, [[0, 0, 10, 10], [0, 0, 11, 10]], [0, 1, -1]),  # the second takes its second best: 10/11, then 9/12
    (SQUARES[:2], [[0, 0, 4, 10], [20, 0, 26, 10], [0, 0, 5, 10]], [2, 1]),  # of three boxes (IoU 0.4, 0.6, 0.5) two get one
])
def test_boxes_that_share_a_best_anchor_both_get_one_the_better_fit_first(anchors, boxes, chosen):
    assert ssd.match_anchors(np.float32(anchors), np.float32(boxes)).tolist() == chosen


def test_a_scene_without_digits_is_all_background():
    empty = as_detections([], [], scenes.DIGIT_NAMES)
    assert not ssd.make_target(empty, ANCHORS).any()


# ---- loss


def reference_loss(target, answer):
    """The SSD loss of one scene, by SciPy's cross-entropy and Huber's loss."""
    positive, scores = target[:, 0] > 0, special.log_softmax(answer[:, : ssd.CLASSES], axis=1)
    confidence = -scores[np.arange(len(target)), target[:, 0].astype(int)]
    count = max(positive.sum(), 1)
    hardest = np.sort(confidence[~positive])[::-1][: 3 * count]
    distances = special.huber(1, answer[positive, ssd.CLASSES :] - target[positive, 1:])
    return (confidence[positive].sum() + hardest.sum() + distances.sum()) / count


@pytest.mark.parametrize("positives", [0, 1, 4])
def test_the_loss_is_that_of_scipys_parts(positives):
    rng = np.random.default_rng(positives)
    target = np.zeros((2, 40, 5), np.float32)
    answer = rng.normal(size=(2, 40, ssd.CLASSES + 4)).astype(np.float32)
    target[:, :positives, 0] = rng.integers(1, 11, (2, positives))
    target[:, :positives, 1:] = 2 * rng.normal(size=(2, positives, 4))
    loss = keras.ops.convert_to_numpy(ssd.ssd_loss(keras.ops.array(target), keras.ops.array(answer)))
    assert np.allclose(loss, [reference_loss(t, a) for t, a in zip(target, answer, strict=True)], rtol=1e-4)


def test_the_losses_of_an_anchor_are_those_worked_out_by_hand():
    target, answer = np.zeros((1, 2, 5), np.float32), np.zeros((1, 2, ssd.CLASSES + 4), np.float32)
    target[0, 0] = [3, 0.5, 0, -2, 0]  # the second anchor is background, and what it says of a box does not count
    answer[0, 0, 3], answer[0, 1, 0], answer[0, 1, -4:] = 2, -1, 9
    class_loss, box_loss, matched, count = (keras.ops.convert_to_numpy(part)[0] for part in ssd.losses(target, answer))
    assert class_loss == pytest.approx([np.log(np.exp(2) + 10) - 2, np.log(np.exp(-1) + 10) + 1], rel=1e-5)
    assert box_loss == pytest.approx([0.5 * 0.5**2 + 2 - 0.5, 0])
    assert matched.tolist() == [1, 0] and count == 1


def test_three_negatives_are_mined_for_each_match_and_they_are_the_hardest():
    loss = keras.ops.array(np.array([[9.0, 1, 5, 2, 4, 3, 0, 8]], np.float32))
    matched = keras.ops.array(np.array([[1.0, 0, 0, 0, 0, 0, 0, 0]], np.float32))
    chosen = ssd.hardest_negatives(loss, matched, keras.ops.array(np.array([1.0], np.float32)))
    assert keras.ops.convert_to_numpy(chosen).tolist() == [[0, 0, 1, 0, 1, 0, 0, 1]]


# ---- the network as a detector


def perfect_answer(truth):
    target = ssd.make_target(truth, ANCHORS)
    logits = 20 * np.eye(ssd.CLASSES, dtype=np.float32)[target[:, 0].astype(int)]
    return np.concatenate([logits, target[:, 1:]], axis=1)


def test_an_answer_equal_to_the_target_gives_the_true_boxes_and_no_loss(digits):
    _, truths = scenes.make_scenes(*digits, 6, 5)
    detector = ssd.SsdDetector(ssd.build_ssd())
    for truth in truths:
        answer = perfect_answer(truth)
        found = detector._finish(*detector._boxes(answer), 96, 96)
        assert len(found) == len(truth)
        assert (metrics.match(found, truth, 0.99) >= 0).all()
        loss = ssd.ssd_loss(keras.ops.array(ssd.make_target(truth, ANCHORS)[None]), keras.ops.array(answer[None]))
        assert float(loss[0]) < 1e-4


def test_the_network_has_one_answer_for_each_anchor_and_takes_only_its_own_size():
    model = ssd.build_ssd()
    assert model.output_shape == (None, len(ANCHORS), ssd.CLASSES + 4)
    with pytest.raises(ValueError, match="built for scenes of 96 × 96; got 50 × 40"):
        ssd.SsdDetector(model).detect(np.zeros((40, 50, 3), np.uint8))


@pytest.mark.slow
def test_a_short_training_lowers_the_loss_and_one_scene_gives_the_same_alone_and_in_a_batch(digits):
    keras.utils.set_random_seed(0)
    pictures, truths = scenes.make_scenes(*digits, 64, 0)
    targets = np.stack([ssd.make_target(truth, ANCHORS) for truth in truths])
    model = ssd.build_ssd()
    model.compile(keras.optimizers.Adam(3e-3), loss=ssd.ssd_loss, jit_compile=False)
    history = model.fit(pictures[..., None] / np.float32(255), targets, batch_size=16, epochs=4, verbose=0)
    assert history.history["loss"][-1] < 0.7 * history.history["loss"][0]
    detector = ssd.SsdDetector(model, score_threshold=0.05)
    together, alone = detector.detect_all(pictures[:2])[1], detector.detect(scenes.as_rgb(pictures[1]))
    assert np.allclose(together.xyxy[:5], alone.xyxy[:5], atol=0.5)
    assert np.allclose(together.confidence[:5], alone.confidence[:5], atol=0.01)
