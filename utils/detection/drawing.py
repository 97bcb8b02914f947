"""Detections drawn into a picture by supervision, with class names in Chinese, English or both."""

import io
import json
import warnings
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import supervision as sv
from IPython.display import Image
from matplotlib import font_manager

from utils.detection import labels
from utils.detection.detector import as_detections, check_image
from utils.detection.metrics import check_detections
from utils.notebook import plots

TRUE_BOXES = Path(__file__).resolve().parents[2] / "data" / "photo_boxes.json"
LANGUAGES = ("zh", "en", "both")


def annotate(image: np.ndarray, detections: sv.Detections, language: str = "both") -> np.ndarray:
    """Return a copy of an RGB picture with boxes, names, scores and, where there are any, track numbers.

    Args:
        image: uint8 RGB, height × width × 3.
        detections: with class names in `.data["class_name"]`.
        language: "zh", "en" or "both".

    Raises:
        TypeError, ValueError: as `check_image`, if these are no Detections, or if there is no such language.
    """
    check_image(image)
    check_detections(detections)
    picture = np.ascontiguousarray(image[:, :, ::-1])  # supervision draws in OpenCV's BGR
    if len(detections):
        thickness, font_size = _sizes(*image.shape[:2])
        boxes, *corners = _annotators(thickness, font_size)
        picture = boxes.annotate(picture, detections)
        texts, corner_of = np.array(captions(detections, language)), _corners(detections.xyxy, 2 * font_size)
        for i, names in enumerate(corners):
            here = corner_of == i
            if here.any():
                picture = names.annotate(picture, detections[here], texts[here].tolist())
    return np.ascontiguousarray(picture[:, :, ::-1])


def gallery(pictures: dict[str, np.ndarray], columns: int = 5, width: float = 10.5):
    """Return pictures of any size in a grid, each under its name, as a JPEG that a notebook shows.

    Photos are several times smaller as JPEG than as PNG, and a notebook should stay small.

    Args:
        pictures: name to uint8 RGB picture. columns: pictures in a row. width: inches of the whole.

    Raises:
        ValueError: if there is no picture, or columns is below 1.
    """
    if not pictures or columns < 1:
        raise ValueError(f"Expected at least one picture and one column, found {len(pictures)} and {columns}.")
    shapes = [picture.shape[0] / picture.shape[1] for picture in pictures.values()]
    heights = [width / columns * max(shapes[i : i + columns]) + 0.3 for i in range(0, len(shapes), columns)]
    figure, axes = plt.subplots(len(heights), columns, figsize=(width, sum(heights)), squeeze=False,
                                height_ratios=heights)
    for axis in axes.flat:
        axis.axis("off")
        axis.set_anchor("N")
    for axis, (name, picture) in zip(axes.flat, pictures.items(), strict=False):
        axis.imshow(picture, interpolation="antialiased")
        axis.set_title(name, fontsize=10)
    content = io.BytesIO()
    figure.savefig(content, format="jpeg", pil_kwargs={"quality": 88})
    plt.close(figure)
    return Image(content.getvalue(), format="jpeg")


def captions(detections: sv.Detections, language: str = "both") -> list[str]:
    """Return what is written beside each box, such as "#3 貓 cat 0.52".

    Raises:
        ValueError: if there is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"There is no language {language!r}. Choose from: {', '.join(LANGUAGES)}.")
    texts = []
    for i, english in enumerate(detections.data.get("class_name", [])):
        chinese = labels.chinese(str(english))
        names = {"zh": [chinese], "en": [str(english)], "both": dict.fromkeys((chinese, str(english)))}[language]
        track = [] if detections.tracker_id is None else [f"#{detections.tracker_id[i]}"]
        score = [] if detections.confidence is None else [f"{detections.confidence[i]:.2f}"]
        texts.append(" ".join([*track, *names, *score]))
    return texts


def true_boxes(include_hard: bool = True) -> dict[str, sv.Detections]:
    """Return the hand-made boxes of the photos, by the photo's name, with COCO's classes 0 ... 79.

    Args:
        include_hard: with objects that are half hidden or hard to make out.
    """
    photos = json.loads(TRUE_BOXES.read_text(encoding="utf-8"))["photos"]
    names = dict(enumerate(labels.COCO_NAMES))
    truth = {}
    for photo, objects in photos.items():
        wanted = [item for item in objects if include_hard or not item.get("hard")]
        class_ids = [labels.COCO_NAMES.index(item["class"]) for item in wanted]
        truth[photo] = as_detections([item["box"] for item in wanted], class_ids, names)
    return truth


def _sizes(height: int, width: int) -> tuple[int, int]:
    side = max(height, width)
    return max(1, round(side / 250)), max(11, round(side / 30))


def _corners(boxes: np.ndarray, near: float) -> np.ndarray:
    """Say at which of its four corners each box is named, so that boxes about one object do not hide their names."""
    alike = (np.abs(boxes[:, None, :2] - boxes[None, :, :2]) < [6 * near, near]).all(axis=-1)
    return np.tril(alike, -1).sum(axis=1) % 4


@cache
def _annotators(thickness: int, font_size: int):
    font = font_manager.findfont(plots.CHINESE_FONT, fallback_to_default=False)
    palette = sv.ColorPalette.from_hex(list(plots.COLORS))
    place = sv.Position
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"supervision(\.|$)")
        names = [
            sv.RichLabelAnnotator(palette, font_path=font, font_size=font_size, text_padding=max(2, font_size // 5),
                                  text_position=corner, smart_position=True)
            for corner in (place.TOP_LEFT, place.BOTTOM_LEFT, place.TOP_RIGHT, place.BOTTOM_RIGHT)
        ]
        return sv.BoxAnnotator(palette, thickness=thickness), *names
