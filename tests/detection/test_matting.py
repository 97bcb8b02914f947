"""Person matting: what the network says of the photos, and what it refuses."""

import cv2
import numpy as np
import pytest

from utils.data import datasets
from utils.detection import drawing, matting

pytestmark = pytest.mark.usefixtures("lesson_data")


@pytest.fixture(scope="module")
def photos():
    return datasets.load_photos()


@pytest.fixture(scope="module")
def selfie():
    return matting.load(engine="graph")


def test_the_mask_has_the_images_size_and_lies_in_the_box_drawn_by_hand(selfie, photos):
    for name in ("astronaut", "grace_hopper", "camera"):
        person = selfie.person(photos[name])
        assert person.shape == photos[name].shape[:2] and person.dtype == np.float32
        assert person.min() >= 0 and person.max() <= 1
        left, top, right, bottom = drawing.true_boxes()[name].xyxy[0].astype(int)
        inside = person[top:bottom, left:right].sum() / person.sum()
        assert inside > (0.7 if name == "astronaut" else 0.9)  # the astronaut's helmet is outside of her box
    assert selfie.person(photos["china"]).mean() < 0.02


def test_a_mirrored_photo_has_the_mirrored_mask(selfie, photos):
    photo = photos["astronaut"]
    straight, mirrored = selfie.person(photo) > 0.5, selfie.person(photo[:, ::-1])[:, ::-1] > 0.5
    assert (straight & mirrored).sum() / (straight | mirrored).sum() > 0.95


def test_any_size_is_taken_and_the_engines_agree(selfie, photos):
    photo = photos["grace_hopper"]
    lite = matting.load()
    for size in ((256, 256), (31, 500), (720, 405)):
        resized = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
        assert selfie.person(resized).shape == resized.shape[:2]
        assert np.abs(selfie.person(resized) - lite.person(resized)).mean() < 0.01


@pytest.mark.parametrize(("batch", "message"), [
    (np.zeros((1, 144, 256, 3), np.float32), "1 × 256 × 256 × 3, got 1 × 144 × 256 × 3"),
    (np.zeros((256, 256, 3), np.float32), "got 256 × 256 × 3. `person` takes images of any size"),
    (np.zeros((2, 256, 256, 3), np.float32), "takes one image"),
    (np.zeros((1, 256, 256, 3), np.uint8), "takes float32, got uint8"),
    (np.full((1, 256, 256, 3), 255, np.float32), "values from 0 to 1, got 255 to 255"),
    (np.full((1, 256, 256, 3), -0.5, np.float32), "got -0.5 to -0.5"),
    (np.full((1, 256, 256, 3), np.nan, np.float32), "got nan to nan"),
])
def test_another_shape_type_or_range_is_refused(selfie, batch, message):
    with pytest.raises(ValueError) as error:
        selfie.run(batch)
    assert message in str(error.value)


def test_a_bad_image_is_named(selfie):
    with pytest.raises(ValueError, match="The image is grey"):
        selfie.person(np.zeros((40, 60), np.uint8))


def test_an_unknown_engine_and_weights_that_are_damaged_are_named(selfie, monkeypatch):
    with pytest.raises(ValueError, match="no engine 'gpu'"):
        matting.load(engine="gpu")
    monkeypatch.setattr(selfie, "function", lambda batch: [np.full((1, 256, 256, 1), np.nan, np.float32)])
    with pytest.raises(ValueError, match="not finite. Its weights are damaged"):
        selfie.person(np.zeros((40, 60, 3), np.uint8))
