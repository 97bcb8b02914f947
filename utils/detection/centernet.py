"""CenterNet: an object is a point, its centre, and four distances to its sides.

Source: X. Zhou, D. Wang, P. Krähenbühl, "Objects as Points", 2019 (this model predicts the four sides rather than
width and height). Weights: MobileNetV3, 512 × 512, COCO.
"""

import numpy as np
import tensorflow as tf

from utils.detection import labels, metrics, tfjs
from utils.detection.detector import Detector, Fit, letterbox
from utils.detection.graphs import GraphFunction, ModelFileError
from utils.detection.lite import LiteFunction

STRIDE = 4  # input pixels per cell of the heat map
HEAT, SIDES, BUILT_IN = "tower_0/keypoints", "tower_0/wh", "tower_0/detections"
ENGINES = ("graph", "tflite", "tflite-quantised")


class CenterNet(Detector):
    """CenterNet as read from TF.js files.

    Attributes:
        input_size: side of the square that the network sees, in pixels.
        function: what runs the network; `engine` names it.
    """

    def __init__(self, path, input_size: int = 512, engine: str = "tflite", **thresholds):
        """Read the model.

        Args:
            path: centernet.json; centernet.bin lies beside it.
            input_size: a multiple of 32, at least 128; 512 is what it was trained at.
            engine: "graph" (a TensorFlow function), "tflite" (faster) or "tflite-quantised" (8-bit weights).
            thresholds: as for `Detector`.
        """
        super().__init__(dict(enumerate(labels.COCO_NAMES)), **thresholds)
        if input_size < 128 or input_size % 32:
            raise ValueError(f"input_size is {input_size}; expected a multiple of 32, at least 128.")
        self.input_size, self.engine = input_size, engine
        graph = tfjs.load(path, [HEAT, SIDES])
        self.function = run_with(engine, graph if input_size == 512 else resized(graph, input_size))

    def heat_map(self, image: np.ndarray) -> tuple[np.ndarray, np.ndarray, Fit]:
        """Return what the network says before anything is decided.

        Returns:
            heat: (cells, cells, 80), 0 ... 1, how much the centre of an object of each class lies there; sides: (cells,
            cells, 4), distances to left, top, right, bottom in input pixels; how the image lies in the input.
        """
        square, fit = letterbox(image, self.input_size)
        heat, sides = self.function(square[None].astype(np.float32))
        return np.asarray(heat)[0], np.asarray(sides)[0], fit

    def _predict(self, image):
        heat, sides, fit = self.heat_map(image)
        boxes, scores, class_ids = decode(heat, sides, self.score_threshold)
        return fit.back(boxes), scores, class_ids


def decode(heat: np.ndarray, sides: np.ndarray, score_threshold: float):
    """Turn heat map and sides into boxes: every peak is an object.

    A peak is a cell that none of its eight neighbours exceeds (sec. 3, "From points to bounding boxes").

    Returns:
        Boxes (n, 4) in input pixels, scores (n,), classes 0 ... 79, best first.

    Raises:
        ValueError: if the shapes do not fit, the heat is not a number, or the threshold is outside 0 ... 1.
    """
    metrics.check_threshold(score_threshold, "score_threshold")
    _check_maps(heat, sides)
    warm = np.flatnonzero(heat.ravel() >= max(score_threshold, 1e-3))
    rows, columns, class_ids = np.unravel_index(warm, heat.shape)
    padded = np.pad(heat, ((1, 1), (1, 1), (0, 0)))
    scores = heat[rows, columns, class_ids]
    neighbours = [padded[rows + dy, columns + dx, class_ids] for dy in range(3) for dx in range(3)]
    peaks = np.flatnonzero(scores >= np.max(neighbours, axis=0))
    peaks = peaks[np.argsort(-scores[peaks], kind="stable")]
    rows, columns = rows[peaks], columns[peaks]
    x, y = STRIDE * columns, STRIDE * rows
    left, top, right, bottom = sides[rows, columns].T
    boxes = np.stack([x - left, y - top, x + right, y + bottom], axis=1)
    return boxes, scores[peaks], class_ids[peaks]


def resized(graph: GraphFunction, input_size: int) -> GraphFunction:
    """Return the network for another input size: its layers are convolutions, only the upsampling sizes are fixed."""
    graph_def = graph.needed_part()
    size_inputs = {node.input[1] for node in graph_def.node if node.op == "ResizeBilinear"}
    for node in graph_def.node:
        if node.op == "Placeholder":
            for position in (1, 2):
                node.attr["shape"].shape.dim[position].size = input_size
        elif node.name in size_inputs:
            if node.op != "Const":
                raise ModelFileError(f"{graph.where}: the size of {node.name!r} is computed; this model cannot be resized.")
            sizes = tf.make_ndarray(node.attr["value"].tensor) * input_size // 512
            node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(sizes))
    return GraphFunction(graph_def, graph.inputs, graph.outputs, graph.where)


def run_with(engine: str, graph: GraphFunction):
    """Return what runs a graph: itself, or its conversion to TensorFlow Lite.

    Raises:
        ValueError: if there is no such engine.
    """
    if engine not in ENGINES:
        raise ValueError(f"There is no engine {engine!r}. Choose from: {', '.join(ENGINES)}.")
    return graph if engine == "graph" else LiteFunction(graph, quantised=engine == "tflite-quantised")


def _check_maps(heat, sides) -> None:
    if np.ndim(heat) != 3 or np.shape(sides) != (*np.shape(heat)[:2], 4) or np.isnan(np.max(heat)):
        raise ValueError(f"Expected heat (rows, columns, classes) without NaN, and sides (rows, columns, 4); found {np.shape(heat)} and "
                         f"{np.shape(sides)}. Take both from heat_map(image).")
