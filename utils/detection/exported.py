"""Models exported by TensorFlow's Object Detection API: TensorFlow 1 frozen graphs.

They take uint8 RGB 1 × height × width × 3 and answer with normalised boxes (top, left, bottom, right), scores, class
numbers from 1 and a count. Source: github.com/tensorflow/models, research/object_detection, exporting_models.md.
"""

import cv2
import numpy as np
import tensorflow as tf

from utils.detection import labels
from utils.detection.detector import Detector
from utils.detection.graphs import GraphFunction, read_frozen

ANSWERS = ("detection_boxes", "detection_scores", "detection_classes", "num_detections")
LONGEST_SIDE = 2048  # the networks shrink images themselves; larger ones only cost memory


class ExportedDetector(Detector):
    """A detector with the signature of the Object Detection API.

    Class numbers: 0 ... 79 for the classes of COCO, as everywhere in this package, unless a label map is given.
    """

    def __init__(self, run, label_map=None, **thresholds):
        """Wrap a function.

        Args:
            run: takes uint8 1 × h × w × 3, returns the four answers of `ANSWERS` with a leading 1.
            label_map: class number to name; None for COCO.
        """
        if not callable(run):
            raise TypeError(f"Expected a function from a picture to the four answers, found {type(run).__name__}. Load one: "
                            "exported.load_frozen(path).")
        coco = label_map is None
        names = dict(enumerate(labels.COCO_NAMES)) if coco else dict(label_map)
        super().__init__(names, **thresholds)
        self._run = run
        self._renumber = {number: i for i, number in enumerate(labels.COCO_IDS)} if coco else {n: n for n in names}

    def _predict(self, image):
        height, width = image.shape[:2]
        shrink = min(1.0, LONGEST_SIDE / max(height, width))
        seen = image
        if shrink < 1:
            size = max(1, round(width * shrink)), max(1, round(height * shrink))
            seen = cv2.resize(np.ascontiguousarray(image), size, interpolation=cv2.INTER_AREA)
        boxes, scores, class_ids, count = (np.asarray(answer)[0] for answer in self._run(seen[None]))
        count = int(count)
        boxes = boxes[:count][:, [1, 0, 3, 2]] * [width, height, width, height]
        class_ids = class_ids[:count].astype(int)
        known = np.array([number in self._renumber for number in class_ids.tolist()], dtype=bool)
        strangers = sorted(set(class_ids[~known & (scores[:count] >= self.score_threshold)].tolist()))
        if strangers:
            raise ValueError(f"The model answered with the classes {strangers}, which the label map lacks. Pass the "
                             "label map that belongs to the model.")
        renumbered = np.array([self._renumber[n] for n in class_ids[known].tolist()], dtype=int)
        return boxes[known], scores[:count][known], renumbered


def load_frozen(path, label_map=None, **thresholds) -> ExportedDetector:
    """Read a TensorFlow 1 frozen graph.

    Args:
        path: frozen_inference_graph.pb.
        label_map: class number to name (`labels.read_label_map`); None for COCO.

    Raises:
        ModelFileError: if it is missing, truncated or has another signature.
    """
    function = GraphFunction(read_frozen(path), ["image_tensor:0"], [f"{name}:0" for name in ANSWERS], str(path))
    return ExportedDetector(lambda image: function(tf.constant(image)), label_map, **thresholds)
