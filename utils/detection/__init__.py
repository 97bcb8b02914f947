"""Object detectors behind one type.

- `zoo.load("centernet")` gives a `Detector`; `detector.detect(image)` gives `supervision.Detections`.
- `labels` names the classes in English and Chinese, `metrics` counts (IoU, NMS, mAP), `drawing` draws.
- `ssd` and `scenes` are our own detector and what it is trained on; `tracking` follows objects through a video.
"""

import warnings

with warnings.catch_warnings():
    # supervision loads tqdm's notebook bar, which misses ipywidgets; the course draws no such bars.
    warnings.filterwarnings("ignore", "IProgress not found")
    import supervision  # noqa: F401
