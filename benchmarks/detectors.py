"""The pretrained detectors: images a second from array to boxes, and the bare network beside OpenCV's reader of the same file.

Targets on two CPU cores: CenterNet (engine tflite) at least 25 images a second, NanoDet (engine graph) at least 15.
"""

import time

import cv2
import numpy as np

from benchmarks.report import Found, Table, alternate, spread
from utils.data import datasets
from utils.detection import centernet, drawing, metrics, zoo
from utils.detection.lite import LiteFunction

TARGETS = {("centernet", "tflite"): 25, ("nanodet", "graph"): 15}


def milliseconds(call, inputs, repeats: int) -> float:
    """Return the median milliseconds of a call, over all inputs so many times, after one round that does not count."""
    times = []
    for number, value in enumerate(list(inputs) * (repeats + 1)):
        start = time.perf_counter()
        call(value)
        if number >= len(inputs):
            times.append(1000 * (time.perf_counter() - start))
    return float(np.median(times))


def bare(name: str, repeats: int, rounds: int) -> tuple[str, ...]:
    """Run the network alone, on one picture of noise: our graph, LiteRT, and OpenCV's dnn where it can read LiteRT's file."""
    graph = zoo.load(name, engine="graph").function
    shape = tuple(graph.concrete.inputs[0].shape)
    picture = np.random.default_rng(0).random(shape, dtype="float32")
    lite = LiteFunction(graph)
    runs = [lambda _: milliseconds(graph, [picture], repeats), lambda _: milliseconds(lite, [picture], repeats)]
    try:
        net = cv2.dnn.readNetFromTFLite(np.frombuffer(lite.content, np.uint8))
        blob = np.ascontiguousarray(picture.transpose(0, 3, 1, 2))
        names = net.getUnconnectedOutLayersNames()

        def forward(value):
            net.setInput(value)
            return net.forward(names)

        forward(blob)
        runs.append(lambda _: milliseconds(forward, [blob], repeats))
    except cv2.error as error:
        return name, *(spread(times) for times in alternate(rounds, *runs)), f"does not load: {error.err or error.func}"
    return name, *(spread(times) for times in alternate(rounds, *runs))


def measure(quick: bool) -> Found:
    """Measure each detector with each engine on ten photos, and the networks alone."""
    rounds, repeats = (1, 1) if quick else (3, 5)
    photos, truth = datasets.load_photos(), drawing.true_boxes()
    rows = []
    for name in ("centernet", "nanodet"):
        detectors = {engine: zoo.load(name, engine=engine) for engine in centernet.ENGINES}
        found = alternate(
            rounds,
            *(
                lambda _, d=detector: milliseconds(d.detect, photos.values(), repeats)
                for detector in detectors.values()
            ),
        )
        for (engine, detector), times in zip(detectors.items(), found, strict=True):
            boxes = [detector.detect(photo) for photo in photos.values()]
            quality = metrics.mean_average_precision(boxes, [truth[key] for key in photos]).value
            target, rate = TARGETS.get((name, engine)), 1000 / np.median(times)
            judged = "" if target is None else f"{target}, {'met' if rate >= target else 'missed'}"
            rows.append((name, engine, spread(times, "{:.1f}"), f"{rate:.0f}", judged, f"{quality:.2f}"))
    tables = [
        Table(
            "從陣列到框 · From array to boxes", ("", "engine", "ms", "images/s", "target", "mAP@0.5, 10 photos"), rows
        )
    ]
    columns = ("", "our graph, ms", "LiteRT, ms", "OpenCV dnn, ms")
    tables.append(
        Table(
            "只有網路 · The network alone",
            columns,
            [bare(name, 5 * repeats, rounds) for name in ("centernet", "nanodet")],
        )
    )
    return Found(tables)
