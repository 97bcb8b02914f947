"""NanoDet: every cell of three grids says which class it sees and how far away the four sides of its box are.

A distance is not one number but a distribution over 0 ... 10 cells; its mean is taken. Sources: R. Lyu, NanoDet
(github.com/RangiLyu/nanodet); X. Li et al., "Generalized Focal Loss", 2020, sec. 3.2. Weights: NanoDet-g,
416 × 416, COCO.
"""

import numpy as np

from utils.detection import labels, metrics, tfjs
from utils.detection.centernet import run_with
from utils.detection.detector import Detector, check_image, stretch

SIZE, STRIDES, BINS = 416, (8, 16, 32), 11
MEAN, DEVIATION = (103.53, 116.28, 123.675), (57.375, 57.12, 58.395)  # blue, green, red
OUTPUTS = ("Identity", "Identity_1", "Identity_2", "Identity_3", "Identity_4", "Identity_5")


class NanoDet(Detector):
    """NanoDet as read from TF.js files; it was trained on stretched images in BGR order, which happens inside."""

    input_size = SIZE

    def __init__(self, path, engine: str = "graph", **thresholds):
        """Read the model.

        Args:
            path: nanodet.json; nanodet.bin lies beside it.
            engine: "graph", "tflite" or "tflite-quantised" (8-bit weights, twice as fast).
            thresholds: as for `Detector`.
        """
        super().__init__(dict(enumerate(labels.COCO_NAMES)), **thresholds)
        self.engine = engine
        self.function = run_with(engine, tfjs.load(path, OUTPUTS))

    def _predict(self, image):
        square, fit = stretch(image, SIZE)
        outputs = [np.asarray(output)[0] for output in self.function(prepare(square))]
        found = [decode(outputs[i], outputs[i + 3], stride, self.score_threshold) for i, stride in enumerate(STRIDES)]
        boxes, scores, class_ids = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return fit.back(boxes), scores, class_ids


def prepare(square: np.ndarray) -> np.ndarray:
    """Turn an RGB square into the network's input: BGR, standardised, channels first, float32 1 × 3 × 416 × 416."""
    check_image(square)
    planes = square.astype(np.float32).transpose(2, 0, 1)[::-1]
    offset, factor = (np.array(values, np.float32)[:, None, None] for values in (MEAN, DEVIATION))
    return np.ascontiguousarray((planes - offset) / factor)[None]


def decode(class_scores: np.ndarray, distributions: np.ndarray, stride: int, score_threshold: float):
    """Turn the answers of one grid into boxes.

    Args:
        class_scores: (cells, 80), 0 ... 1. distributions: (cells, 4 × 11), before the softmax.
        stride: input pixels per cell.

    Returns:
        Boxes (n, 4) in input pixels, scores (n,), classes 0 ... 79.

    Raises:
        ValueError: if the shapes do not fit the stride, a score is not a number, or the threshold is outside 0 ... 1.
    """
    metrics.check_threshold(score_threshold, "score_threshold")
    in_all = (SIZE // stride) ** 2 if stride in STRIDES else 0
    if np.ndim(class_scores) != 2 or np.shape(distributions) != (len(class_scores), 4 * BINS) or len(class_scores) != in_all \
            or np.isnan(np.max(class_scores)):
        raise ValueError(f"Expected scores (cells, classes) without NaN and distributions (cells, {4 * BINS}) of a stride among {STRIDES}; "
                         f"found {np.shape(class_scores)}, {np.shape(distributions)}, {stride!r}. Take them from the network.")
    likely = np.flatnonzero(class_scores.ravel() >= max(score_threshold, 1e-3))
    cells, class_ids = np.divmod(likely, class_scores.shape[1])
    logits = distributions[cells].reshape(-1, 4, BINS)
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    distances = stride * (weights @ np.arange(BINS)) / weights.sum(axis=-1)
    row, column = np.divmod(cells, SIZE // stride)
    centre = (np.stack([column, row], axis=1) + 0.5) * stride
    boxes = np.concatenate([centre - distances[:, :2], centre + distances[:, 2:]], axis=1)
    return boxes, class_scores[cells, class_ids], class_ids
