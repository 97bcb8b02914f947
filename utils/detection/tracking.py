"""Following objects from frame to frame by overlap alone.

Source: E. Bochinski, V. Eiselein, T. Sikora, "High-Speed Tracking-by-Detection Without Using Image Information"
(the IoU tracker), AVSS 2017; here a track also survives a few frames without a detection.
"""

import numpy as np
import supervision as sv

from utils.detection import metrics


class IouTracker:
    """Gives detections the number of the object that was in nearly the same place in the frames before.

    Attributes:
        started: how many tracks have been started so far.
    """

    def __init__(self, iou_threshold: float = 0.3, patience: int = 10):
        """Start without tracks.

        Args:
            iou_threshold: overlap with a track's last box that a detection of its class needs, 0 ... 1.
            patience: frames that a track waits without a detection before it ends.

        Raises:
            ValueError: if a value is out of range.
        """
        if not 0 < iou_threshold <= 1 or not patience >= 0:
            raise ValueError(f"iou_threshold must be in 0 ... 1 and patience at least 0, not {iou_threshold}, {patience}.")
        self.iou_threshold, self.patience, self.started = iou_threshold, patience, 0
        self._tracks: dict[int, list] = {}  # number -> [box, class, frames without a detection]

    def update(self, detections: sv.Detections) -> sv.Detections:
        """Return the detections of the next frame with `tracker_id`: 1 for the first object, and so on.

        The pair of track and detection with the largest overlap is joined first; what is left starts new tracks.
        """
        metrics.check_detections(detections)
        numbers = np.zeros(len(detections), int)
        tracks = list(self._tracks)
        overlap = metrics.iou([self._tracks[t][0] for t in tracks], detections.xyxy)
        for row, track in enumerate(tracks):
            overlap[row, detections.class_id != self._tracks[track][1]] = 0
        while overlap.size and overlap.max() >= self.iou_threshold:
            row, column = np.unravel_index(overlap.argmax(), overlap.shape)
            numbers[column] = tracks[row]
            overlap[row], overlap[:, column] = 0, 0
        for column in np.flatnonzero(numbers == 0):
            self.started += 1
            numbers[column] = self.started
        for track in set(tracks) - set(numbers.tolist()):
            self._tracks[track][2] += 1
            if self._tracks[track][2] > self.patience:
                del self._tracks[track]
        for column, number in enumerate(numbers.tolist()):
            self._tracks[number] = [detections.xyxy[column], detections.class_id[column], 0]
        return sv.Detections(
            detections.xyxy, confidence=detections.confidence, class_id=detections.class_id, tracker_id=numbers,
            data=dict(detections.data))
