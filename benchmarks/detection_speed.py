"""Images a second of the course's detectors, end to end in memory: array in, boxes out.

    python -m benchmarks.detection_speed [--repeats 10]

Every photo is detected once to warm up, then `repeats` times; the median counts. Targets on two CPU cores:
CenterNet (engine tflite) at least 25 images a second, NanoDet (engine graph) at least 15.
"""

import argparse
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from utils.data import datasets
from utils.detection import centernet, drawing, metrics, zoo

TARGETS = {("centernet", "tflite"): 25, ("nanodet", "graph"): 15}


def measure(detector, photos, repeats: int) -> np.ndarray:
    """Return milliseconds per image, one value for each call."""
    for photo in photos:
        detector.detect(photo)
    milliseconds = []
    for photo in photos * repeats:
        start = time.perf_counter()
        detector.detect(photo)
        milliseconds.append(1000 * (time.perf_counter() - start))
    return np.array(milliseconds)


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=10)
    repeats = parser.parse_args(arguments).repeats
    photos, truth = datasets.load_photos(), drawing.true_boxes()
    missed = 0
    print(f"{'detector':10} {'engine':17} {'median ms':>9} {'fastest ms':>10} {'images/s':>8} {'target':>6} {'mAP@0.5 (10 photos)':>20}")
    for name in ("centernet", "nanodet"):
        for engine in centernet.ENGINES:
            detector = zoo.load(name, engine=engine)
            milliseconds = measure(detector, list(photos.values()), repeats)
            found = [detector.detect(photos[key]) for key in photos]
            quality = metrics.mean_average_precision(found, [truth[key] for key in photos]).value
            rate, target = 1000 / np.median(milliseconds), TARGETS.get((name, engine))
            missed += bool(target and rate < target)
            print(f"{name:10} {engine:17} {np.median(milliseconds):9.1f} {milliseconds.min():10.1f} {rate:8.1f} "
                  f"{target or '':>6} {quality:20.2f}", flush=True)
    print("all targets met" if not missed else f"{missed} target(s) missed; is the machine busy with something else?")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
