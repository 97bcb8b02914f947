"""The pretrained detectors of the course by name.

`centernet` and `nanodet` come through npm and work on any machine that has it; `ssd_mobilenet_v1` and
`faster_rcnn_nas` are the original course's and come from TensorFlow's own site.
"""

from utils.data import catalog
from utils.data.fetch import fetch
from utils.detection import exported
from utils.detection.centernet import CenterNet
from utils.detection.detector import Detector
from utils.detection.nanodet import NanoDet

TFJS = {"centernet": CenterNet, "nanodet": NanoDet}
FROZEN = ("ssd_mobilenet_v1", "faster_rcnn_nas")
NAMES = (*TFJS, *FROZEN)


def load(name: str, **options) -> Detector:
    """Fetch a pretrained detector and read it.

    Args:
        name: "centernet" (fast), "nanodet" (better), or "ssd_mobilenet_v1" and "faster_rcnn_nas" of the original.
        options: `engine` ("tflite", "graph" or "tflite-quantised"; for the first two), `score_threshold`,
            `iou_threshold`, `input_size` (centernet), `label_map` (the last two).

    Raises:
        ValueError: if there is no such detector.
        FetchError: if its file cannot be had.
        ModelFileError: if its file cannot be read.
    """
    if name not in NAMES:
        raise ValueError(f"There is no detector {name!r}. Choose from: {', '.join(NAMES)}.")
    if name in FROZEN:
        return exported.load_frozen(fetch(name, next(iter(catalog.load()[name].members))), **options)
    return TFJS[name](model_file(name), **options)


def model_file(name: str):
    """Return the JSON file of a TF.js detector, with its weights fetched into the same folder."""
    paths = [fetch(name, f"package/models/{name}.{ending}") for ending in ("bin", "json")]
    return paths[-1]
