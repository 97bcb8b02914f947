"""Frames in, frames out: a file, an address or a camera; RGB everywhere outside, BGR only where OpenCV is touched.

    with video.open_source("clip.mp4") as clip, video.Writer("out.mp4", clip.rate) as out:
        for frame in clip:
            out.write(draw(frame))

Files and addresses are read and written by FFmpeg through PyAV, cameras are read by OpenCV. Files are written as
H.264 in MP4 (`.mp4`) or VP9 in WebM (`.webm`), which browsers play.
"""

import base64
import itertools
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

CODECS = {  # ending: codec, its options, the container's options
    ".mp4": ("libx264", {"preset": "veryfast", "crf": "23"}, {"movflags": "faststart"}),  # plays while it loads
    ".webm": ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "crf": "32", "b": "0"}, {}),
}
INLINE_LIMIT = 8_000_000  # bytes of video that a notebook shows inside itself


class VideoError(OSError):
    """A video or camera cannot be read or written; the message says which, why and what to do."""


class _Closing(AbstractContextManager):
    """Something that `with` closes."""

    def __exit__(self, *_):
        self.close()


class FileSource(_Closing):
    """Frames of a video file or address. Iterate once; use as a context manager, or call `close`.

    Attributes:
        rate: frames a second, a Fraction; width, height: pixels of a frame as it is shown: a phone stores what it films upright
            lying on its side, and says so in the file.
        frames: how many the file says it shows; 0 if it does not say. A clip that was cut out without new encoding holds more,
            since it must begin at a key frame.
    """

    def __init__(self, where):
        self.where = str(where)
        self._container = None
        is_address = "://" in self.where
        if not is_address and not Path(self.where).is_file():
            raise VideoError(f"There is no video file {self.where}. Check the path, or give an address or a camera's number.")
        if not is_address and Path(self.where).stat().st_size == 0:
            raise VideoError(f"The video file {self.where} is empty. Was it written or fetched completely?")
        try:
            self._container = av.open(self.where, timeout=20 if is_address else None)
        except (av.FFmpegError, OSError) as error:
            raise VideoError(f"{self.where} cannot be opened as a video ({_reason(error)}). Is it complete, and a video?") from None
        if not self._container.streams.video:
            self.close()
            raise VideoError(f"{self.where} holds no pictures. Give a file with a video track.")
        stream = self._container.streams.video[0]
        if stream.codec_context is None:
            self.close()
            raise self._breaks_off(0)
        stream.thread_type = "AUTO"
        self.rate = stream.average_rate or stream.guessed_rate or Fraction(0)
        if self.rate <= 0 or stream.width <= 0 or stream.height <= 0:
            found = f"{float(self.rate):g} frames a second of {stream.width} × {stream.height} pixels"
            self.close()
            raise VideoError(f"{self.where} says it has {found}; its header is damaged. Write or fetch it again.")
        self.frames = _shown_frames(stream)
        self._decoded = self._container.decode(video=0)
        try:
            self._first = next(self._decoded, None)  # which way up it is shown stands in the frames alone
        except av.FFmpegError as error:
            self.close()
            raise self._breaks_off(0, f" ({_reason(error)})") from None
        if self._first is None:
            self.close()
            raise self._breaks_off(0, f" of {self.frames}" if self.frames else "")
        self.height, self.width = _upright(self._first).shape[:2]

    def __iter__(self) -> Iterator[np.ndarray]:
        """Yield frames, uint8 RGB, height × width × 3.

        Raises:
            VideoError: if the file ends before as many frames as it announced, or cannot be decoded.
        """
        count = 0
        try:
            for frame in itertools.chain([self._first], self._decoded):
                yield _upright(frame)
                count += 1
        except av.FFmpegError as error:
            raise self._breaks_off(count, f" ({_reason(error)})") from None
        if count < self.frames:
            raise self._breaks_off(count, f" of {self.frames}")

    def _breaks_off(self, count: int, found: str = "") -> VideoError:
        return VideoError(f"{self.where} breaks off after {count} frames{found}. It is truncated or damaged; fetch it again.")

    def close(self) -> None:
        """Release the file. May be called twice."""
        if self._container is not None:
            self._container.close()
            self._container = None


class CameraSource(_Closing):
    """Frames of a camera, without end. Use as a context manager, or call `close`: other programs wait for the camera.

    Attributes:
        rate: frames a second as the camera says, else 30; width, height: pixels; frames: 0, as there is no end.
    """

    def __init__(self, index: int):
        self.where = f"camera {index}"
        self._capture = _open_camera(index)
        opened = self._capture.isOpened()
        ok, self._first = self._capture.read() if opened else (False, None)
        if not ok:
            self.close()
            raise VideoError(f"There is no {self.where}, or another program uses it. Plug it in, close the other program, or "
                             "give a video file instead.")
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.rate = Fraction(rate).limit_denominator(1001) if np.isfinite(rate) and rate > 0 else Fraction(30)
        self.height, self.width = self._first.shape[:2]
        self.frames = 0

    def __iter__(self) -> Iterator[np.ndarray]:
        """Yield frames, uint8 RGB, until the camera is closed or unplugged."""
        picture = self._first
        while picture is not None:
            yield cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
            ok, picture = self._capture.read() if self._capture else (False, None)
            picture = picture if ok else None

    def close(self) -> None:
        """Free the camera. May be called twice."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None


def open_source(source, instead=None):
    """Open a file, an address or a camera.

    Args:
        source: a path, an address such as "https://...", or a camera's number (0 is the first; "0" will do).
        instead: a path to use where the camera is absent; a sentence then says so.

    Raises:
        VideoError: if it cannot be opened.
    """
    is_camera = not isinstance(source, os.PathLike) and str(source).isdigit()
    if not is_camera:
        return FileSource(source)
    try:
        return CameraSource(int(source))
    except VideoError as error:
        if instead is None:
            raise
        print(f"{error} Using {Path(instead).name}.")
        return FileSource(instead)


class Writer(_Closing):
    """Writes frames to a file that browsers play. Use as a context manager: also an interrupted file is then playable.

    Attributes:
        path: of the file; frames: how many have been written.
    """

    def __init__(self, path, rate):
        """Prepare a file; it is created at the first frame, whose size decides.

        Args:
            path: ends in .mp4 (H.264) or .webm (VP9). Frames with an odd side better go to .webm: in .mp4 they need
                4:4:4 colours, which not every browser plays.
            rate: frames a second, more than 0.

        Raises:
            ValueError: if the ending or the rate is not one of these.
            VideoError: if the folder does not exist.
        """
        self.path, self.frames = Path(path), 0
        self._container = self._stream = None
        self._closed = False
        if self.path.suffix not in CODECS:
            raise ValueError(f"{self.path.name} must end in {' or '.join(CODECS)}, which browsers play.")
        if not rate > 0:
            raise ValueError(f"The rate is {rate} frames a second; expected more than 0. Take it from the source: source.rate.")
        self.rate = Fraction(rate).limit_denominator(1001)
        if not self.path.parent.is_dir():
            raise VideoError(f"There is no folder {self.path.parent} to write {self.path.name} into. Make it first.")

    def write(self, frame: np.ndarray) -> None:
        """Append a frame, uint8 RGB, height × width × 3, of the same size as the first.

        Raises:
            ValueError: if it is no such frame, or the file has been closed.
        """
        if self._closed:
            raise ValueError(f"{self.path.name} is closed: a frame now would begin it again. Open another Writer.")
        if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3:
            found = f"{frame.dtype} {frame.shape}" if isinstance(frame, np.ndarray) else type(frame).__name__
            raise ValueError(f"A frame is uint8 RGB, height × width × 3; got {found}.")
        if self._container is None:
            self._open(*frame.shape[:2])
        if frame.shape[:2] != self._size:
            raise ValueError(f"Frame {self.frames} is {frame.shape[1]} × {frame.shape[0]}, the first was "
                             f"{self._size[1]} × {self._size[0]}. Resize it; a video has one size.")
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
        picture.pts = self.frames
        self._container.mux(self._stream.encode(picture))
        self.frames += 1

    def _open(self, height: int, width: int) -> None:
        codec, options, container_options = CODECS[self.path.suffix]
        self._size = height, width
        self._container = av.open(str(self.path), "w", options=container_options)
        self._stream = self._container.add_stream(codec, rate=self.rate, options=options)
        self._stream.width, self._stream.height = width, height
        halves = height % 2 == 0 == width % 2 or codec != "libx264"  # H.264 at 4:2:0 has even sides only
        self._stream.pix_fmt = "yuv420p" if halves else "yuv444p"

    def close(self) -> None:
        """Finish the file, so that it plays; it takes no frames any more. May be called twice."""
        self._closed = True
        if self._container is not None:
            self._container.mux(self._stream.encode(None))
            self._container.close()
            self._container = self._stream = None


class Inline:
    """A video that a notebook plays inside itself."""

    def __init__(self, path, width: int = 480):
        """Read a video.

        Args:
            path: of an .mp4 or .webm file. width: pixels on the page.

        Raises:
            VideoError: if it is missing or larger than 8 MB.
        """
        self.path, self.width = Path(path), width
        if not self.path.is_file():
            raise VideoError(f"There is no video file {self.path} to show.")
        if self.path.stat().st_size > INLINE_LIMIT:
            raise VideoError(f"{self.path} has {self.path.stat().st_size:,} bytes, too many for a notebook. Open it in a browser.")
        self._content = base64.b64encode(self.path.read_bytes()).decode()

    def _repr_html_(self) -> str:
        return (f'<video controls loop muted width="{self.width}" '
                f'src="data:video/{self.path.suffix[1:]};base64,{self._content}"></video>')

    def __repr__(self) -> str:
        return f"video: {self.path.name}, {self.path.stat().st_size:,} bytes"


def _upright(frame: av.VideoFrame) -> np.ndarray:
    """Return a frame as RGB, turned as the file says it is to be shown."""
    return np.ascontiguousarray(np.rot90(frame.to_ndarray(format="rgb24"), round(frame.rotation / 90)))


def _shown_frames(stream) -> int:
    """Return how many of a stream's frames are shown; 0 if it does not say. An edit list hides the others."""
    index = stream.index_entries if stream.frames else ()
    return min(stream.frames, len(index) or stream.frames) - sum(entry.is_discard for entry in index)


def _open_camera(index: int):
    """Open a camera without OpenCV's warnings about cameras that are not there."""
    level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        if sys.platform.startswith("linux") and not Path(f"/dev/video{index}").exists():
            return cv2.VideoCapture()  # not opened
        return cv2.VideoCapture(index)
    finally:
        cv2.utils.logging.setLogLevel(level)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0][:120]
