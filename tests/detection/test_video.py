"""Video: what goes in comes out, in RGB, at its rate and size; bad files and absent cameras are named."""

import struct
from fractions import Fraction
from unittest.mock import Mock

import av
import numpy as np
import pytest

from utils.detection import video

HEIGHT, WIDTH = 48, 64


def frames(count=12, height=HEIGHT, width=WIDTH):
    """Red on the left, blue on the right, and a white bar that moves by four pixels a frame."""
    for i in range(count):
        frame = np.zeros((height, width, 3), np.uint8)
        frame[:, : width // 2] = [220, 20, 20]
        frame[:, width // 2 :] = [20, 20, 220]
        frame[:, 4 * i : 4 * i + 4] = 255
        yield frame


def write(path, rate=Fraction(30000, 1001), **size):
    with video.Writer(path, rate) as out:
        for frame in frames(**size):
            out.write(frame)
    return path


@pytest.fixture(params=[".mp4", ".webm"])
def clip(request, tmp_path):
    return write(tmp_path / f"clip{request.param}")


def test_frames_rate_size_and_colours_survive(clip):
    with video.open_source(clip) as source:
        read = list(source)
    assert (source.rate, source.width, source.height) == (Fraction(30000, 1001), WIDTH, HEIGHT)
    assert len(read) == 12
    for got, expected in zip(read, frames(), strict=True):
        assert got.dtype == np.uint8 and got.shape == expected.shape
        assert np.abs(got.astype(int) - expected).mean() < 12
    red, blue = read[0][10, 20].astype(int), read[0][10, 50].astype(int)
    assert red[0] > 150 > 80 > red[2] and blue[2] > 150 > 80 > blue[0]  # RGB, not BGR


@pytest.mark.parametrize(("kind", "codec", "colours_if_odd"), [("mp4", "h264", "yuv444p"), ("webm", "vp9", "yuv420p")])
def test_the_codec_is_one_that_browsers_play_and_odd_sizes_are_kept(tmp_path, kind, codec, colours_if_odd):
    for height, width, colours in ((HEIGHT, WIDTH, "yuv420p"), (47, 65, colours_if_odd)):
        path = write(tmp_path / f"clip.{kind}", height=height, width=width, count=3)
        with av.open(str(path)) as container:
            found = container.streams.video[0].codec_context
            assert (found.name, found.pix_fmt, kind in container.format.name) == (codec, colours, True)
        with video.open_source(path) as source:
            assert (source.width, source.height) == (width, height)
            assert [frame.shape for frame in source] == [(height, width, 3)] * 3
    html = video.Inline(path)._repr_html_()
    assert html.startswith("<video controls") and f"data:video/{kind};base64," in html


def test_an_interrupted_file_is_playable(tmp_path):
    path = tmp_path / "cut.mp4"

    def interrupted():
        with video.Writer(path, 25) as out:
            for i, frame in enumerate(frames()):
                if i == 5:
                    raise KeyboardInterrupt
                out.write(frame)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with video.open_source(path) as source:
        assert len(list(source)) == 5


def test_closing_twice_and_writing_nothing_are_harmless(tmp_path):
    out = video.Writer(tmp_path / "none.mp4", 25)
    out.close()
    out.close()
    assert not out.path.exists()
    with pytest.raises(ValueError, match="none.mp4 is closed"):
        out.write(next(frames()))
    source = video.open_source(write(tmp_path / "clip.mp4"))
    source.close()
    source.close()


def test_a_missing_empty_or_foreign_file_is_named(tmp_path):
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("not a video at all\n" * 50)
    for name, message in (("none", "There is no video file .*none.mp4"), ("empty", "empty.mp4 is empty"),
                          ("text", "text.mp4 cannot be opened as a video")):
        with pytest.raises(video.VideoError, match=message):
            video.open_source(tmp_path / f"{name}.mp4")


def test_a_file_with_sound_only_is_named(tmp_path):
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        sound.sample_rate = 8000
        container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    with pytest.raises(video.VideoError, match="holds no pictures"):
        video.open_source(path)


def test_a_truncated_file_is_named(tmp_path):
    path, noise = tmp_path / "clip.mp4", np.random.default_rng(0)
    with video.Writer(path, 25) as out:  # noise, so that the file is mostly pictures
        for _ in range(15):
            out.write(noise.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8))
    content = path.read_bytes()
    for share in (0.9, 0.6):
        path.write_bytes(content[: int(share * len(content))])
        with pytest.raises(video.VideoError, match=r"breaks off after \d+ "), video.open_source(path) as source:
            list(source)
    path.write_bytes(content[:200])
    with pytest.raises(video.VideoError, match="cannot be opened as a video|holds no pictures"):
        video.open_source(path)


@pytest.mark.parametrize(("matrix", "turned"), [
    ((1, 0, 0, 1), lambda frame: frame),
    ((0, 1, -1, 0), lambda frame: frame.transpose(1, 0, 2)[:, ::-1]),  # clockwise: a phone held upright
    ((-1, 0, 0, -1), lambda frame: frame[::-1, ::-1]),
    ((0, -1, 1, 0), lambda frame: frame.transpose(1, 0, 2)[::-1]),
])
def test_a_phones_clip_is_read_upright(tmp_path, matrix, turned):
    path = write(tmp_path / "phone.mp4", count=3)
    content, (a, b, c, d) = path.read_bytes(), matrix
    start = content.index(b"tkhd") + 44  # ISO 14496-12, 8.3.2: a b u c d v x y w, each in four bytes
    numbers = struct.pack(">9i", a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    path.write_bytes(content[:start] + numbers + content[start + 36 :])
    with video.open_source(path) as source:
        read = list(source)
        assert (source.height, source.width) == read[0].shape[:2]
    for got, stored in zip(read, frames(3), strict=True):
        expected = turned(stored)
        assert got.shape == expected.shape and got.flags.c_contiguous
        assert np.abs(got.astype(int) - expected).mean() < 12


@pytest.fixture
def trimmed(tmp_path):
    """The last 45 of 60 frames, cut out without new encoding: the file holds all 60, for only the first is a key frame."""
    whole, path = tmp_path / "whole.mp4", tmp_path / "trimmed.mp4"
    with av.open(str(whole), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"g": "60", "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for i in range(60):
            picture = av.VideoFrame.from_ndarray(np.full((HEIGHT, WIDTH, 3), 4 * i, np.uint8), format="rgb24")
            picture.pts = i
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    with av.open(str(whole)) as old, av.open(str(path), "w", options={"movflags": "faststart"}) as new:
        copy = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(video=0):
            if packet.dts is not None:
                start = int(Fraction(15, 30) / packet.time_base)
                packet.pts, packet.dts, packet.stream = packet.pts - start, packet.dts - start, copy
                new.mux(packet)
    with av.open(str(path)) as container:
        assert container.streams.video[0].frames == 60
    return path


def test_a_clip_that_was_trimmed_by_copying_is_whole(trimmed):
    with video.open_source(trimmed) as source:
        assert source.frames == 45
        brightness = [frame.mean() for frame in source]
    assert np.allclose(brightness, 4 * np.arange(15, 60), atol=3)


def test_a_clip_whose_end_is_hidden_is_whole(trimmed):
    content = bytearray(trimmed.read_bytes())
    start = content.index(b"elst") + 12  # ISO 14496-12, 8.6.6: how long the first edit lasts
    duration = int.from_bytes(content[start : start + 4])
    content[start : start + 4] = (duration // 3).to_bytes(4)
    trimmed.write_bytes(content)
    with video.open_source(trimmed) as source:
        assert len(list(source)) == 15


def test_a_trimmed_clip_that_breaks_off_is_named(trimmed):
    content = trimmed.read_bytes()
    trimmed.write_bytes(content[: int(0.8 * len(content))])
    with pytest.raises(video.VideoError, match=r"breaks off after \d+ frames of 45"), video.open_source(trimmed) as source:
        list(source)


def test_zero_frames_a_second_is_named(tmp_path, monkeypatch):
    path = write(tmp_path / "clip.mp4")

    container = Mock()
    stream = {"average_rate": None, "guessed_rate": None, "width": WIDTH, "height": HEIGHT, "frames": 12}
    container.streams.video = [Mock(**stream)]
    monkeypatch.setattr(video.av, "open", lambda *_, **__: container)
    with pytest.raises(video.VideoError, match="says it has 0 frames a second of 64 × 48 pixels"):
        video.open_source(path)
    container.close.assert_called_once()


@pytest.mark.parametrize(("path", "rate", "message"), [
    ("clip.avi", 25, "must end in .mp4 or .webm"), ("clip.mp4", 0, "The rate is 0 frames a second"),
    ("clip.mp4", float("nan"), "The rate is nan"), ("no/clip.mp4", 25, "There is no folder"),
])
def test_what_cannot_be_written_is_named(tmp_path, path, rate, message):
    with pytest.raises((ValueError, video.VideoError), match=message):
        video.Writer(tmp_path / path, rate)


@pytest.mark.parametrize(("frame", "message"), [
    (np.zeros((8, 8, 3)), r"got float64 \(8, 8, 3\)"), (np.zeros((8, 8), np.uint8), r"got uint8 \(8, 8\)"),
    (np.zeros((8, 8, 4), np.uint8), r"got uint8 \(8, 8, 4\)"), ("frame", "got str"),
    (np.zeros((50, 64, 3), np.uint8), "Frame 1 is 64 × 50, the first was 64 × 48"),
])
def test_a_bad_frame_is_named(tmp_path, frame, message):
    with video.Writer(tmp_path / "clip.mp4", 25) as out:
        out.write(next(frames()))
        with pytest.raises(ValueError, match=message):
            out.write(frame)


# ---- cameras


def camera_of_three_frames(opens=True, rate=24.0):
    """What OpenCV gives for a camera, in BGR."""
    picture = np.full((6, 8, 3), [10, 20, 30], np.uint8)
    return Mock(**{"isOpened.return_value": opens, "get.return_value": rate,
                   "read.side_effect": [(True, picture)] * 3 + [(False, None)]})


@pytest.mark.parametrize(("said", "rate"), [(24.0, 24), (0.0, 30), (float("nan"), 30)])
def test_a_camera_gives_rgb_and_is_freed(monkeypatch, said, rate):
    camera = camera_of_three_frames(rate=said)
    monkeypatch.setattr(video, "_open_camera", lambda index: camera)
    with video.open_source("0") as source:
        read = list(source)
    assert len(read) == 3 and read[0][0, 0].tolist() == [30, 20, 10]
    assert (source.rate, source.width, source.height) == (rate, 8, 6)
    camera.release.assert_called_once()


def test_a_camera_is_freed_when_the_loop_is_interrupted(monkeypatch):
    camera = camera_of_three_frames()
    monkeypatch.setattr(video, "_open_camera", lambda index: camera)
    with pytest.raises(KeyboardInterrupt), video.open_source(0):
        raise KeyboardInterrupt
    camera.release.assert_called_once()


def test_an_absent_camera_is_a_sentence_and_the_file_instead(tmp_path, monkeypatch, capsys):
    path = write(tmp_path / "clip.mp4")
    monkeypatch.setattr(video, "_open_camera", lambda index: camera_of_three_frames(opens=False))
    with pytest.raises(video.VideoError, match="There is no camera 3, or another program uses it"):
        video.open_source(3)
    with video.open_source(3, instead=path) as source:
        assert len(list(source)) == 12
    assert capsys.readouterr().out.endswith("Using clip.mp4.\n")


def test_a_camera_that_does_not_exist_is_not_opened():
    assert not video._open_camera(97).isOpened()


def test_a_video_for_the_page_must_exist_and_be_small(tmp_path, monkeypatch):
    with pytest.raises(video.VideoError, match="There is no video file"):
        video.Inline(tmp_path / "none.mp4")
    monkeypatch.setattr(video, "INLINE_LIMIT", 100)
    with pytest.raises(video.VideoError, match="too many for a notebook"):
        video.Inline(write(tmp_path / "clip.mp4"))


def test_an_address_is_read(tmp_path, server):
    content = write(tmp_path / "clip.webm").read_bytes()
    address = server.put("/clip.webm", content)
    with video.open_source(address) as source:
        assert len(list(source)) == 12
    with pytest.raises(video.VideoError, match="cannot be opened"):
        video.open_source(server.address + "/none.webm")
