"""Figures in one style, with Traditional Chinese.

Importing this module registers Noto Sans TC with Matplotlib and sets the style of every figure that follows,
its own and those that a notebook draws by hand.

Every function returns a Figure that pyplot has already let go of: as the last line of a cell it is shown
exactly once. Inside a loop, hand it to `IPython.display.display`.
"""

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from utils.notebook.label_layout import place_labels

CHINESE_FONT = "Noto Sans TC"
# Blue, orange, green, purple, brown, turquoise, wine, grey: apart from one another for colour-blind readers, too, and from white paper.
COLORS = ("#2563a8", "#d9541e", "#3a8f4d", "#a57aff", "#6b5000", "#22a3b0", "#9b0b4a", "#6b6b6b")
_TEXT_COLOR = "#222222"


def use_course_style() -> None:
    """Register the Chinese font and set size, colours, fonts and lines of all following figures.

    Runs on import; call it again to undo changes made to `matplotlib.rcParams`.

    Raises:
        ModuleNotFoundError, FileNotFoundError: if the font's package or its file is missing.
    """
    if CHINESE_FONT not in font_manager.fontManager.get_font_names():
        font_manager.fontManager.addfont(_font_file())
    plt.rcParams.update({
        "figure.dpi": 80,
        "savefig.dpi": 80,
        "figure.figsize": (7, 4),
        "figure.constrained_layout.use": True,
        "font.family": [CHINESE_FONT, "DejaVu Sans"],  # what the first lacks is taken from the second
        "font.size": 11,
        "axes.titlesize": 12,
        "axes.labelsize": 11,
        "axes.grid": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "#888888",
        "axes.labelcolor": _TEXT_COLOR,
        "axes.prop_cycle": plt.cycler(color=COLORS),
        "axes.unicode_minus": True,
        "text.color": _TEXT_COLOR,
        "xtick.color": _TEXT_COLOR,
        "ytick.color": _TEXT_COLOR,
        "legend.frameon": False,
        "lines.linewidth": 2,
        "image.cmap": "gray",
        "image.interpolation": "nearest",
        "svg.fonttype": "path",
    })


def _font_file() -> Path:
    """Return the file of the Chinese font. Its package is located, not imported."""
    spec = importlib.util.find_spec("pylopdf_fonts_zh_tw")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            "Figures need the Chinese font of the package pylopdf-fonts-zh-tw, which is not installed. "
            "Run: pip install -r requirements.txt"
        )
    path = Path(spec.submodule_search_locations[0]) / "NotoSansTC-Regular.otf"
    if not path.is_file():
        raise FileNotFoundError(
            f"The font file {path} is missing. Run: pip install --force-reinstall pylopdf-fonts-zh-tw"
        )
    return path


def _finished(figure: Figure) -> Figure:
    plt.close(figure)  # else a notebook draws it a second time at the end of the cell
    return figure


def _as_picture(image, what: str) -> np.ndarray:
    picture = np.asarray(image)
    if picture.ndim == 3 and picture.shape[-1] == 1:
        picture = picture[..., 0]
    if picture.ndim == 2 or (picture.ndim == 3 and picture.shape[-1] in (3, 4)):
        return picture
    raise ValueError(
        f"{what} has shape {picture.shape}; a picture is (height, width) or (height, width, channels) with "
        "1, 3 or 4 channels. Select one picture, or move its channels to the end."
    )


def _require_one_each(count: int, what: str, **values) -> None:
    for name, given in values.items():
        if given is not None and len(given) != count:
            raise ValueError(f"There are {count} {what} but {len(given)} {name}. Give one each.")


def image_grid(images, titles: Sequence | None = None, columns: int = 10, cmap: str = "gray",
               scale: float = 1.0, vmin: float | None = None, vmax: float | None = None) -> Figure:
    """Draw many small pictures in rows.

    Args:
        images: pictures of (height, width), (height, width, 1) or (height, width, 3 or 4); RGB is
            uint8 0 ... 255 or float 0 ... 1.
        titles: one for each picture, written above it.
        columns: pictures in a row.
        cmap: colours of pictures without channels.
        scale: 1 makes a picture about 2.3 cm wide.
        vmin, vmax: values drawn as the two ends of `cmap`; by default each picture's own range.

    Raises:
        ValueError: if there are no pictures, one has another shape, or the titles are not as many.
    """
    pictures = [_as_picture(image, f"images[{i}]") for i, image in enumerate(images)]
    if not pictures:
        raise ValueError("image_grid() got no pictures. Pass at least one.")
    if columns < 1:
        raise ValueError(f"columns={columns}, but a row needs at least one picture.")
    _require_one_each(len(pictures), "pictures", titles=titles)
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    height, width = pictures[0].shape[:2]
    title_lines = max(str(title).count("\n") + 1 for title in titles) if titles is not None else 0
    row_inches = 0.9 * scale * height / width + 0.22 * title_lines + 0.05
    figure, axes = plt.subplots(rows, columns, figsize=(columns * 0.9 * scale, rows * row_inches), squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    for i, (axis, picture) in enumerate(zip(axes.flat, pictures, strict=False)):
        axis.imshow(picture, cmap=cmap, vmin=vmin, vmax=vmax)
        if titles is not None:
            axis.set_title(str(titles[i]), fontsize=10, pad=3)
    return _finished(figure)


def history(history_or_dict, metrics: Sequence[str] = ("loss", "accuracy")) -> Figure:
    """Draw how training went: one panel for each metric, training and (where there is one) validation.

    Args:
        history_or_dict: what Keras's `fit` returns, or a dictionary of metric name to one value an epoch.
        metrics: names without `val_`.

    Raises:
        ValueError: if a metric was not recorded, or nothing was.
    """
    recorded = getattr(history_or_dict, "history", history_or_dict)
    if not isinstance(recorded, Mapping) or not recorded:
        raise ValueError(
            f"history() needs what model.fit(...) returned, or a dictionary of lists; got {recorded!r:.80}."
        )
    metrics = [metrics] if isinstance(metrics, str) else list(metrics)
    for metric in metrics:
        if not len(recorded.get(metric, ())):
            raise ValueError(f"The metric {metric!r} was not recorded. Choose from: {', '.join(recorded)}.")
    figure, axes = plt.subplots(1, len(metrics), figsize=(4.2 * len(metrics), 3.2), squeeze=False)
    curves = (("", "training", COLORS[0]), ("val_", "validation", COLORS[1]))
    for axis, metric in zip(axes.flat, metrics, strict=True):
        for prefix, label, color in curves:
            values = recorded.get(prefix + metric, ())
            if len(values):
                epochs = np.arange(1, len(values) + 1)
                axis.plot(epochs, values, marker="o", markersize=4, label=label, color=color)
        axis.set(xlabel="epoch", ylabel=metric.replace("_", " "))
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.legend()
    return _finished(figure)


def confusion(matrix, labels: Sequence, title: str | None = None) -> Figure:
    """Draw a confusion matrix with its counts; only errors are coloured, right answers are grey.

    Args:
        matrix: counts, square; row = true class, column = predicted class.
        labels: one name for each class.

    Raises:
        ValueError: if the matrix is not square, a count is none, or the labels are not as many.
    """
    counts = np.asarray(matrix)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
        raise ValueError(
            f"A confusion matrix is square; got shape {counts.shape}. Rows are true classes, columns "
            "predicted ones: sklearn.metrics.confusion_matrix(true, predicted)."
        )
    if counts.dtype.kind not in "iuf" or not ((counts >= 0) & (counts < np.inf)).all():
        raise ValueError(f"A confusion matrix holds counts, finite numbers of at least 0; found {matrix!r:.80}.")
    n = len(counts)
    _require_one_each(n, "classes", labels=labels)
    right_answers = np.eye(n, dtype=bool)
    errors = np.where(right_answers, 0, counts).astype(float)
    largest = max(errors.max(), 1e-9)
    side = max(3.6, 0.48 * n + 1.2)
    figure, axis = plt.subplots(figsize=(side + 0.3, side))
    axis.imshow(np.where(right_answers, np.nan, errors), cmap="Oranges", vmin=0, vmax=1.5 * largest)
    number = "{:d}" if np.issubdtype(counts.dtype, np.integer) else "{:.2g}"
    for row, column in np.ndindex(n, n):
        if row == column:
            axis.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, color="#dddddd"))
        color = "#bbbbbb" if row != column and counts[row, column] == 0 else _TEXT_COLOR
        axis.text(column, row, number.format(counts[row, column]), ha="center", va="center", color=color,
                  fontsize=9 if n <= 12 else 7)
    names = [str(label) for label in labels]
    long_names = max(map(len, names)) > 3
    axis.set_xticks(range(n), names, rotation=45 if long_names else 0, ha="right" if long_names else "center")
    axis.set_yticks(range(n), names)
    axis.set(xlabel="predicted", ylabel="true", title=title or "")
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    return _finished(figure)


def embedding_map(points, labels: Sequence[str], groups: Sequence | None = None, title: str | None = None,
                  figsize: tuple[float, float] = (8, 6), fontsize: float = 10) -> Figure:
    """Draw points of a plane with names that do not cover one another.

    Each name goes to the nearest free place around its point; where that is not beside it, a thin line
    leads back.

    Args:
        points: (n, 2), for example from t-SNE or PCA.
        labels: n names.
        groups: n values; points of one group share a colour, and a legend lists the groups.

    Raises:
        ValueError: if the shapes do not fit or a coordinate is not finite.
    """
    places = np.asarray(points, dtype=float)
    if places.ndim != 2 or places.shape[1] != 2 or not len(places):
        raise ValueError(
            f"points has shape {places.shape}; expected (n, 2) with n ≥ 1. Bring vectors down to two "
            "dimensions first, for example with sklearn.decomposition.PCA(2)."
        )
    if not np.isfinite(places).all():
        raise ValueError("points holds nan or infinite values; drop those rows first.")
    _require_one_each(len(places), "points", labels=labels, groups=groups)
    members = list(groups) if groups is not None else [""] * len(places)
    figure, axis = plt.subplots(figsize=figsize)
    for number, kind in enumerate(dict.fromkeys(members)):
        chosen = places[[member == kind for member in members]]
        axis.scatter(*chosen.T, s=18, color=COLORS[number % len(COLORS)], label=str(kind), zorder=2)
    if groups is not None:
        axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    axis.margins(0.08)
    axis.set(title=title or "", xticks=[], yticks=[])
    axis.spines[:].set(color="#cccccc", visible=True)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # names are placed in pixels, so the axes must stay where they are
    _write_names(axis, places, [str(label) for label in labels], fontsize)
    return _finished(figure)


def _write_names(axis, places: np.ndarray, names: list[str], fontsize: float) -> None:
    texts = [axis.text(x, y, name, fontsize=fontsize, ha="center", va="center")
             for (x, y), name in zip(places, names, strict=True)]
    sizes = np.array([text.get_window_extent().size for text in texts]) + (2, 0)
    dots = axis.transData.transform(places)
    centres = place_labels(dots, sizes, axis.get_window_extent().extents)
    to_data = axis.transData.inverted()
    for text, dot, centre, size in zip(texts, dots, centres, sizes, strict=True):
        text.set_position(to_data.transform(centre))
        nearest_edge = np.clip(dot, centre - size / 2, centre + size / 2)
        if np.linalg.norm(nearest_edge - dot) > 9:
            line = to_data.transform([dot, nearest_edge])
            axis.plot(*line.T, color="#999999", linewidth=0.7, zorder=1, scalex=False, scaley=False)


use_course_style()
