"""Detectors as the course uses them: labels, bad images, what they find on the photos, drawing, tracking."""

import json

import numpy as np
import pytest
import supervision as sv

from utils.data import datasets
from utils.detection import detector, drawing, labels, metrics, tracking, zoo
from utils.detection.detector import as_detections

pytestmark = pytest.mark.usefixtures("lesson_data")


@pytest.fixture(scope="module")
def photos():
    return datasets.load_photos()


@pytest.fixture(scope="module")
def centernet():
    return zoo.load("centernet")


@pytest.fixture(scope="module")
def nanodet():
    return zoo.load("nanodet")


class Fixed(detector.Detector):
    """Answers every image with the same boxes."""

    def __init__(self, boxes, scores, class_ids, **thresholds):
        super().__init__({0: "person", 1: "cat"}, **thresholds)
        self.answer = np.array(boxes, float).reshape(-1, 4), np.array(scores, float), np.array(class_ids, int)

    def _predict(self, image):
        return self.answer


IMAGE = np.zeros((40, 60, 3), np.uint8)


# ---- labels


def test_coco_has_80_names_each_with_a_chinese_one_and_a_number_up_to_90():
    assert len(labels.COCO_NAMES) == len(set(labels.COCO_NAMES)) == len(set(labels.CHINESE.values())) == 80
    assert sorted(labels.COCO_IDS) == list(labels.COCO_IDS) and labels.COCO_IDS[-1] == 90
    assert labels.coco_label_map()[17] == "cat" and labels.COCO_NAMES[15] == "cat"
    assert labels.chinese("motorcycle") == "機車" and labels.chinese("7") == "7"


def test_a_label_map_is_read_with_display_names_comments_either_quotes_and_fields_that_we_do_not_know(tmp_path):
    path = tmp_path / "map.pbtxt"
    path.write_text("# two classes\nitem {\n  name: '/m/01g317'\n  id: 1\n  display_name: \"person\"\n}\n"
                    "item { id: 90, name: \"traffic light\" keypoints { id: 3 label: \"pole\" } }\n")
    assert labels.read_label_map(path) == {1: "person", 90: "traffic light"}


@pytest.mark.parametrize(("text", "message"), [
    ('item { id: 1 name: "a" } item { id: 1 name: "b" }', "'a' and 'b' both have the id 1"),
    ('item { name: "a" }', "item 1 needs an id and a name; it has name"),
    ('item { id: 0 name: "background" }', "ids start at 1"),
    ('item { id: 1 name: "a"', 'truncated: 1:20 : Expected "}"'),
    ('item { id 1 }', "'item { id 1 }': Expected \":\""),
    ('item { id: 1\n name: "a" }\n<html>', "no label map, or is truncated: 3:1 : '<html>'"),
    ('item { id: "one" name: "a" }', "Couldn't parse integer"),
    ("person\ncat\n", "2:1 : 'cat'"),
    ("", "has no items"),
    (b"\xff\xfe\x00", "not UTF-8 text"),
    (None, "There is no label map"),
])
def test_a_missing_or_malformed_label_map_is_named(tmp_path, text, message):
    path = tmp_path / "map.pbtxt"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(labels.LabelMapError) as error:
        labels.read_label_map(path)
    assert message in str(error.value) and str(path) in str(error.value)


# ---- bad images


@pytest.mark.parametrize(("image", "kind", "message"), [
    ("cat.png", TypeError, "Expected an image as a NumPy array, got str"),
    (None, TypeError, "got NoneType"),
    (np.zeros((0, 5, 3), np.uint8), ValueError, "The image is empty (0 × 5 × 3)"),
    (np.zeros((1, 1, 3), np.uint8), ValueError, "at least 16 pixels each way"),
    (np.zeros((600, 15, 3), np.uint8), ValueError, "600 × 15 × 3; an object needs at least 16"),
    (np.zeros((40, 60), np.uint8), ValueError, "The image is grey (40 × 60)"),
    (np.zeros((40, 60, 1), np.uint8), ValueError, "The image is grey"),
    (np.zeros((40, 60, 4), np.uint8), ValueError, "the last one alpha. Drop it: image[:, :, :3]"),
    (np.zeros((2, 40, 60, 3), np.uint8), ValueError, "Expected one image"),
    (np.zeros((3, 40, 60), np.uint8), ValueError, "height × width × 3, got 3 × 40 × 60"),
    (np.zeros((40, 60, 3)), TypeError, "The image is float64; expected uint8"),
    (np.zeros((40, 60, 3), np.int64), TypeError, "The image is int64"),
])
def test_a_bad_image_is_named(image, kind, message):
    with pytest.raises(kind) as error:
        Fixed([], [], []).detect(image)
    assert message in str(error.value)


def test_odd_and_extreme_sizes_work(centernet):
    for height, width in ((17, 1999), (301, 16), (333, 217)):
        found = centernet.detect(np.full((height, width, 3), 127, np.uint8))
        assert (found.xyxy[:, 2] <= width).all() and (found.xyxy[:, 3] <= height).all()


def test_fifty_megapixels_work_and_boxes_are_in_their_pixels(centernet, photos):
    small = photos["grace_hopper"][:600, :500]
    large = np.repeat(np.repeat(small, 13, axis=0), 13, axis=1)
    assert large.shape[0] * large.shape[1] > 50_000_000
    found = centernet.detect(large)
    assert found.data["class_name"][0] == "person"
    assert metrics.iou(found.xyxy[:1], 13 * centernet.detect(small).xyxy[:1])[0, 0] > 0.9


def test_an_image_that_is_a_view_gives_the_same_as_its_copy(centernet, photos):
    mirrored = photos["cat"][:, ::-1]
    assert np.array_equal(centernet.detect(mirrored).xyxy, centernet.detect(mirrored.copy()).xyxy)


# ---- the Detector type


def test_detections_are_clipped_thresholded_suppressed_and_sorted():
    boxes = [[1, 1, 20, 20], [-5, -5, 30, 30], [1, 1, 20, 21], [5, 5, 200, 300], [70, 1, 90, 9], [1, 1, 9, 9]]
    found = Fixed(boxes, [0.5, 0.9, 0.7, 0.6, 0.9, 0.1], [0, 1, 0, 0, 0, 0]).detect(IMAGE)
    assert found.xyxy.tolist() == [[0, 0, 30, 30], [1, 1, 20, 21], [5, 5, 60, 40]]
    assert found.confidence.round(2).tolist() == [0.9, 0.7, 0.6] or np.allclose(found.confidence, [0.9, 0.7, 0.6])
    assert found.data["class_name"].tolist() == ["cat", "person", "person"]


def test_nothing_found_is_an_empty_detections():
    found = Fixed([], [], []).detect(IMAGE)
    assert len(found) == 0 and found.xyxy.shape == (0, 4)
    assert np.array_equal(drawing.annotate(IMAGE, found), IMAGE)


def test_fitting_an_image_into_a_square_and_boxes_back():
    image = np.full((30, 60, 3), 200, np.uint8)
    for fit_into in (detector.stretch, detector.letterbox):
        square, fit = fit_into(image, 100)
        rows, columns = np.nonzero(square[:, :, 0])
        corners = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert square.shape == (100, 100, 3)
        assert np.allclose(fit.back(np.array([corners], float)), [[0, 0, 60, 30]])
    assert corners == [0, 25, 100, 75]  # the letterbox keeps the shape


# ---- the pretrained detectors on the photos


@pytest.mark.parametrize("network", ["centernet", "nanodet"])
def test_detectors_find_what_is_on_the_photos(request, photos, network):
    truth = drawing.true_boxes(include_hard=False)
    found = {name: request.getfixturevalue(network).detect(photo) for name, photo in photos.items()}
    for name, objects in {"astronaut": "person", "camera": "person", "cat": "cat", "coffee": "cup", "horse": "horse",
                          "grace_hopper": "person tie", "motorcycle": "motorcycle"}.items():
        hits = metrics.match(found[name], truth[name]) >= 0
        assert set(objects.split()) <= set(found[name].data["class_name"][hits].tolist()), name
    assert network == "nanodet" or len(found["flower"]) == 0


def test_swapped_channels_are_noticed_on_coloured_photos(centernet, photos):
    coloured = [photos[name] for name in ("cat", "coffee", "motorcycle", "astronaut")]
    assert detector.channel_order(centernet, coloured) == "RGB"
    assert detector.channel_order(centernet, [photo[:, :, ::-1] for photo in coloured]) == "BGR"
    assert detector.channel_order(centernet, [photos["camera"], photos["horse"]]) == "unclear"


def test_quantised_weights_find_the_same_objects(nanodet, photos):
    lite = zoo.load("nanodet", engine="tflite-quantised")
    assert lite.function.size < 5_000_000
    found, expected = lite.detect(photos["motorcycle"])[:1], nanodet.detect(photos["motorcycle"])[:1]
    assert found.class_id == expected.class_id and metrics.iou(found.xyxy, expected.xyxy)[0, 0] > 0.9


def test_centernet_at_another_input_size_finds_the_horse(photos):
    small = zoo.load("centernet", input_size=320, engine="graph")
    heat, sides, _ = small.heat_map(photos["horse"])
    assert heat.shape == (80, 80, 80) and sides.shape == (80, 80, 4)
    found = small.detect(photos["horse"])
    assert found.data["class_name"][0] == "horse"
    assert metrics.iou(found.xyxy[:1], drawing.true_boxes()["horse"].xyxy)[0, 0] > 0.8


@pytest.mark.parametrize(("call", "message"), [
    (lambda: Fixed([[0, 0, np.nan, 5]], [0.5], [0]).detect(IMAGE), "not finite"),
    (lambda: zoo.load("yolo"), "no detector 'yolo'. Choose from: centernet, nanodet, ssd_mobilenet_v1"),
    (lambda: zoo.load("centernet", engine="gpu"), "no engine 'gpu'. Choose from: graph, tflite"),
    *((lambda size=size: zoo.load("centernet", input_size=size), "a multiple of 32, at least 128") for size in (500, 96)),
    *((lambda bad=bad: tracking.IouTracker(**bad), "iou_threshold must be in 0 ... 1 and patience at least 0")
      for bad in ({"iou_threshold": 0}, {"iou_threshold": 1.5}, {"patience": -1})),
])  # fmt: skip
def test_bad_boxes_thresholds_names_engines_and_sizes_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# ---- hand-made boxes and drawing


def test_hand_made_boxes_lie_inside_their_photos_and_are_of_known_classes(photos):
    stored = json.loads(drawing.TRUE_BOXES.read_text(encoding="utf-8"))["photos"]
    assert set(stored) == set(photos)
    for name, truth in drawing.true_boxes().items():
        height, width = photos[name].shape[:2]
        assert len(truth) == len(stored[name])
        assert (truth.xyxy >= 0).all() and (truth.xyxy <= [width, height, width, height]).all()
        assert (truth.xyxy[:, 2:] > truth.xyxy[:, :2]).all()
    assert len(drawing.true_boxes(include_hard=False)["motorcycle"]) == 1


def test_captions_speak_the_chosen_language():
    found = as_detections([[1, 2, 30, 31]], [1], {1: "cat"}, [0.523])
    assert drawing.captions(found, "zh") == ["貓 0.52"]
    assert drawing.captions(found, "en") == ["cat 0.52"]
    assert drawing.captions(found, "both") == ["貓 cat 0.52"]
    found.tracker_id = np.array([3])
    assert drawing.captions(found, "zh") == ["#3 貓 0.52"]
    with pytest.raises(ValueError, match="no language 'fr'. Choose from: zh, en, both"):
        drawing.captions(found, "fr")


def test_drawing_leaves_the_picture_alone_and_colours_the_box_in_rgb():
    picture = np.zeros((200, 300, 3), np.uint8)
    drawn = drawing.annotate(picture, as_detections([[50, 60, 150, 160]], [0], {0: "person"}, [0.9]))
    assert not picture.any() and drawn.shape == picture.shape and drawn.dtype == np.uint8
    assert drawn[160, 100].tolist() == [0x25, 0x63, 0xA8]  # the first colour of the course's palette
    assert not drawn[100, 100].any()


def test_overlapping_boxes_are_named_at_different_corners():
    boxes = np.array([[0, 0, 90, 90], [1, 1, 80, 80], [2, 0, 70, 70], [60, 60, 90, 90]], float)
    assert drawing._corners(boxes, 20).tolist() == [0, 1, 2, 0]


# ---- tracking


def boxes_at(*lefts, classes=None):
    return as_detections([[x, 10, x + 20, 30] for x in lefts], classes or [0] * len(lefts), {0: "person", 1: "cat"},
                         [0.9] * len(lefts))


def test_moving_objects_keep_their_numbers_also_when_their_order_changes():
    tracker = tracking.IouTracker()
    for step in range(30):
        found = boxes_at(100 + 3 * step, 10) if step % 2 else boxes_at(10, 100 + 3 * step)
        numbers = tracker.update(found).tracker_id.tolist()
        assert numbers == ([2, 1] if step % 2 else [1, 2])
    assert tracker.started == 2


def test_a_track_survives_missing_frames_up_to_its_patience():
    tracker = tracking.IouTracker(patience=2)
    tracker.update(boxes_at(10))
    for _ in range(2):
        assert len(tracker.update(boxes_at())) == 0
    assert tracker.update(boxes_at(12)).tracker_id.tolist() == [1]
    for _ in range(3):
        tracker.update(sv.Detections.empty())
    assert tracker.update(boxes_at(12)).tracker_id.tolist() == [2]


def test_another_class_in_the_same_place_is_another_object():
    tracker = tracking.IouTracker()
    tracker.update(boxes_at(10))
    assert tracker.update(boxes_at(10, classes=[1])).tracker_id.tolist() == [2]


def test_the_closest_pair_is_joined_first():
    tracker = tracking.IouTracker()
    tracker.update(boxes_at(10, 24))
    assert tracker.update(boxes_at(22)).tracker_id.tolist() == [2]
