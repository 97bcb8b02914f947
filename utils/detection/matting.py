"""Person matting: how much of every pixel belongs to a person, by a small network made for video calls.

Source: Google, MediaPipe Selfie Segmentation, 2021 (its model card: people within about two metres of the camera).
Weights: the general model, 256 × 256, as a TF.js graph in V. Mandic's Human models.
"""

import cv2
import numpy as np

from utils.data.fetch import fetch
from utils.detection import tfjs
from utils.detection.centernet import run_with
from utils.detection.detector import check_image, stretch

SIZE = 256


class Matting:
    """The network as read from TF.js files.

    Attributes:
        function: what runs the network; `engine` names it.
    """

    def __init__(self, path, engine: str = "tflite"):
        """Read the model.

        Args:
            path: selfie.json; selfie.bin lies beside it.
            engine: "graph" (a TensorFlow function), "tflite" (faster) or "tflite-quantised" (8-bit weights).
        """
        self.engine, self.function = engine, run_with(engine, tfjs.load(path))

    def person(self, image: np.ndarray) -> np.ndarray:
        """Return how much of each pixel belongs to a person: float32, height × width, 0 ... 1.

        The image is stretched to the network's square, and the answer back to the image.

        Args:
            image: uint8 RGB, height × width × 3, at least 16 pixels each way.

        Raises:
            TypeError, ValueError: if the image is no such array; if the network's output is not finite.
        """
        check_image(image)
        square, _ = stretch(image, SIZE)
        small = self.run(square[None] / np.float32(255))[0, ..., 0]
        if not np.isfinite(small).all():
            raise ValueError("The network answered with values that are not finite. Its weights are damaged; fetch it again.")
        return np.clip(cv2.resize(small, image.shape[1::-1], interpolation=cv2.INTER_LINEAR), 0, 1)

    def run(self, batch: np.ndarray) -> np.ndarray:
        """Run the network alone: RGB, float32 1 × 256 × 256 × 3 from 0 to 1; answers with 1 × 256 × 256 × 1.

        Raises:
            ValueError: if the shape, the type or the range is another; the network itself would not complain of the range.
        """
        batch = np.asarray(batch)
        if batch.shape != (1, SIZE, SIZE, 3):
            raise ValueError(f"The network takes one image of 1 × {SIZE} × {SIZE} × 3, got {' × '.join(map(str, batch.shape))}. "
                             "`person` takes images of any size.")
        if batch.dtype != np.float32:
            raise ValueError(f"The network takes float32, got {batch.dtype}. From uint8: image / np.float32(255).")
        if not (batch.min() >= 0 and batch.max() <= 1):
            raise ValueError(f"The network takes values from 0 to 1, got {batch.min():g} to {batch.max():g}. "
                             "Divide 0 ... 255 by 255, and find out where anything else came from.")
        return np.asarray(self.function(batch)[0])


def load(engine: str = "tflite") -> Matting:
    """Fetch the network and read it.

    Args:
        engine: as for `Matting`.

    Raises:
        ValueError: if there is no such engine.
        FetchError: if its file cannot be had.
        ModelFileError: if its file cannot be read.
    """
    paths = [fetch("nanodet", f"package/models/selfie.{ending}") for ending in ("bin", "json")]
    return Matting(paths[-1], engine)
