import io
import subprocess
import sys
from types import SimpleNamespace

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import color

from utils.notebook import label_layout, plots

DIGIT = np.arange(784).reshape(28, 28)
PHOTO = np.zeros((60, 80, 3), np.uint8)
CURVES = {"loss": [1.0, 0.5], "val_loss": [1.1, 0.6], "accuracy": [0.7, 0.9]}


def saved(figure, file_format):
    """Draw a figure as a notebook does; pytest turns a missing glyph's warning into an error."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format=file_format, bbox_inches="tight")
    return buffer.getvalue()


def texts(figure):
    return [text.get_text() for text in figure.findobj(plt.Text) if text.get_text()]


@pytest.mark.parametrize("file_format", ["png", "svg", "pdf"])
@pytest.mark.parametrize("words", [
    "臺灣大學的類神經網路", "鳳凰、麒麟；（兒童界披頭四）「」—…", "x² − 1 ≥ −3 → naïve α β ½ 汉字"])
def test_chinese_and_signs_are_drawn_without_missing_glyphs(words, file_format):
    figure = plots.embedding_map([[0, 0], [-1, 2]], [words, "king"], title=words)
    assert len(saved(figure, file_format)) > 1000


def test_the_chinese_font_is_the_one_that_draws_and_a_minus_sign_is_a_real_one():
    path = matplotlib.font_manager.findfont(matplotlib.font_manager.FontProperties())
    assert path.endswith("NotoSansTC-Regular.otf")
    figure, axis = plt.subplots()
    axis.plot([-2, 2], [-1, 1])
    plt.close(figure)
    saved(figure, "png")
    assert axis.get_yticklabels()[0].get_text().startswith("−1")


# Linear RGB as people without one kind of cone see it: G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, A Physiologically-based
# Model for Simulation of Color Vision Deficiency, IEEE TVCG 15, 2009, severity 1.0.
SIGHT = {
    "all three cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


XYZ = color.rgb2xyz(np.array([matplotlib.colors.to_rgb(each) for each in plots.COLORS]))  # Y is the luminance


@pytest.mark.parametrize("sight", SIGHT)
def test_no_two_colours_of_the_course_look_alike_to_colour_blind_readers(sight):
    linear = XYZ @ color.colorconv.rgb_from_xyz.T
    lab = color.xyz2lab(np.clip(linear @ np.transpose(SIGHT[sight]), 0, 1) @ color.colorconv.xyz_from_rgb.T)
    apart = color.deltaE_ciede2000(lab[:, None], lab[None])
    assert apart[~np.eye(len(lab), dtype=bool)].min() >= 10, apart.round(1)


def test_lines_of_the_course_stand_out_from_white_paper():
    assert (1.05 / (XYZ[:, 1] + 0.05)).min() >= 3  # WCAG 2.2, 1.4.11: non-text contrast


def test_importing_plots_does_not_import_tensorflow_or_run_the_font_package():
    code = ("import sys; from utils.notebook import plots, display; "
            "print(sorted({'tensorflow', 'keras', 'pylopdf_fonts_zh_tw'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("found", "error", "message"), [
    (None, ModuleNotFoundError, r"pylopdf-fonts-zh-tw.*pip install -r requirements.txt"),
    (SimpleNamespace(submodule_search_locations=["nowhere"]), FileNotFoundError, r"Regular.otf is missing.*pip install"),
])
def test_a_missing_font_is_named_with_the_way_out(monkeypatch, found, error, message):
    monkeypatch.setattr(plots.importlib.util, "find_spec", lambda name: found)
    with pytest.raises(error, match=message):
        plots._font_file()


@pytest.mark.parametrize("make", [
    lambda: plots.image_grid([DIGIT]),
    lambda: plots.history(CURVES),
    lambda: plots.confusion([[3, 1], [0, 2]], "ab"),
    lambda: plots.embedding_map([[0, 0]], ["a"]),
])
def test_a_figure_is_returned_and_not_left_open_in_pyplot(make):
    plt.close("all")
    assert isinstance(make(), plt.Figure)
    assert plt.get_fignums() == []


# image_grid


def test_image_grid_lays_grey_and_colour_pictures_out_in_rows_and_titles_them():
    figure = plots.image_grid([DIGIT] * 5 + [DIGIT[..., None], PHOTO], titles=range(7), columns=3)
    drawn = [axis for axis in figure.axes if axis.images]
    assert len(figure.axes) == 9
    assert [axis.images[0].get_array().shape for axis in drawn] == [(28, 28)] * 6 + [(60, 80, 3)]
    assert [axis.get_title() for axis in drawn] == list("0123456")


# history


def test_history_counts_epochs_from_one_and_draws_validation_where_there_is_one():
    loss, accuracy = plots.history(SimpleNamespace(history=CURVES)).axes
    assert [line.get_label() for line in loss.lines] == ["training", "validation"]
    assert [line.get_label() for line in accuracy.lines] == ["training"]
    assert loss.lines[0].get_xdata().tolist() == [1, 2]
    assert loss.lines[1].get_ydata().tolist() == [1.1, 0.6]
    assert len(plots.history(CURVES, metrics="loss").axes) == 1


# confusion


def test_confusion_writes_every_count_and_colours_only_errors():
    axis = plots.confusion([[50, 3], [7, 40]], ["neg", "pos"]).axes[0]
    assert sorted(text.get_text() for text in axis.texts) == ["3", "40", "50", "7"]
    colored = axis.images[0].get_array()
    assert np.ma.getmaskarray(colored).tolist() == [[True, False], [False, True]]
    assert (colored[0, 1], colored[1, 0]) == (3, 7)
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("predicted", "true")
    saved(plots.confusion(np.diag([5, 6]), ["a", "b"]), "png")  # no errors


# embedding_map


def test_names_on_a_crowded_map_do_not_cover_one_another_and_groups_are_named_in_a_legend():
    random = np.random.default_rng(3)
    points = np.concatenate([random.normal(size=(40, 2)), random.normal(5, 0.3, size=(20, 2))])
    figure = plots.embedding_map(points, [f"詞{i}word" for i in range(60)], groups=["甲", "乙"] * 30)
    rectangles = [text.get_window_extent() for text in figure.axes[0].texts]
    covered = [(i, j) for i in range(60) for j in range(i) if rectangles[i].overlaps(rectangles[j])]
    assert covered == []
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["甲", "乙"]


@pytest.mark.parametrize(("draw", "message"), [
    (lambda: plots.image_grid([]), "got no pictures"),
    (lambda: plots.image_grid([DIGIT.ravel()]), r"images\[0\] has shape \(784,\)"),
    (lambda: plots.image_grid(DIGIT), r"images\[0\] has shape \(28,\)"),
    (lambda: plots.image_grid([np.zeros((3, 8, 8))]), r"has shape \(3, 8, 8\).*move its channels to the end"),
    (lambda: plots.image_grid([DIGIT] * 2, titles=["a"]), "2 pictures but 1 titles"),
    (lambda: plots.image_grid([DIGIT], columns=0), "at least one picture"),
    (lambda: plots.history({"loss": [1.0]}), "'accuracy' was not recorded. Choose from: loss"),
    (lambda: plots.history({"loss": [1.0], "accuracy": []}), "'accuracy' was not recorded"),
    (lambda: plots.history({}), "needs what model.fit"),
    (lambda: plots.history([1.0, 0.5]), "needs what model.fit"),
    (lambda: plots.confusion([[1, 2, 3], [4, 5, 6]], "ab"), r"is square; got shape \(2, 3\)"),
    (lambda: plots.confusion([1, 2], "ab"), r"is square; got shape \(2,\)"),
    (lambda: plots.confusion(np.zeros((0, 0)), ""), r"is square; got shape \(0, 0\)"),
    (lambda: plots.confusion([[1, 2], [3, 4]], "abc"), "2 classes but 3 labels"),
    (lambda: plots.embedding_map([[1, 2, 3]], ["a"]), r"shape \(1, 3\); expected \(n, 2\).*PCA"),
    (lambda: plots.embedding_map(np.zeros((0, 2)), []), r"shape \(0, 2\)"),
    (lambda: plots.embedding_map([[0, np.nan]], ["a"]), "nan or infinite"),
    (lambda: plots.embedding_map([[0, 0]], ["a", "b"]), "1 points but 2 labels"),
    (lambda: plots.embedding_map([[0, 0]], ["a"], groups=[]), "1 points but 0 groups"),
])
def test_a_figure_that_cannot_be_drawn_says_what_is_wrong(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


# label_layout


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(200, 400), st.floats(200, 400)), min_size=1, max_size=25))
def test_labels_never_overlap_where_there_is_room(dots):
    sizes = np.full((len(dots), 2), (30, 12))
    centres = label_layout.place_labels(dots, sizes, (0, 0, 600, 600))
    distance = np.abs(centres[:, None] - centres[None])
    free = (distance >= (30 - 1e-6, 12 - 1e-6)).any(axis=-1)
    assert (free | np.eye(len(dots), dtype=bool)).all()
    assert (centres > (14.9, 5.9)).all()
    assert (centres < (585.1, 594.1)).all()


def test_a_lonely_dot_has_its_label_right_beside_it_and_labels_without_any_room_are_still_placed():
    assert label_layout.place_labels([[50, 50]], [[20, 10]], (0, 0, 100, 100)).tolist() == [[64.5, 50]]
    centres = label_layout.place_labels([[5, 5]] * 4, [[50, 50]] * 4, (0, 0, 10, 10))
    assert np.isfinite(centres).all()
