"""How much of the machine the training steps use, what the input pipeline and the imports cost.

The peak is measured, not read from a data sheet: the fastest of several large float32 matrix products, and a memory copy.
Operations are counted by hand: 2 a multiplication with its addition, and three times the forward pass for a training step.
"""

import subprocess
import sys
import time

import keras
import numpy as np

from benchmarks.report import Found, Table, alternate, spread
from tools.lessons import notebooks
from utils.models import autoencoder, charlm


def fastest(work, repeats: int) -> float:
    """Return the seconds of the fastest of several calls, after one that does not count."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def peak(quick: bool) -> float:
    """Return the floating-point operations a second of a large float32 matrix product."""
    size = 1024 if quick else 3072
    a, b = (np.random.default_rng(i).random((size, size), dtype="float32") for i in range(2))
    return 2 * size**3 / fastest(lambda: a @ b, 3 if quick else 8)


def copy_speed(quick: bool) -> float:
    """Return the bytes a second that a large array is copied with."""
    source = np.ones((16 if quick else 128) * 2**20, dtype="float32")
    target = np.empty_like(source)
    return source.nbytes / fastest(lambda: np.copyto(target, source), 5)


def dense() -> tuple[keras.Model, tuple, float]:
    """Autoencoder of lesson 20, batches of 128."""
    model = autoencoder.build()
    model.compile("adam", "mse", jit_compile="auto")
    images = np.random.default_rng(0).random((128, 28, 28), dtype="float32")
    weights = sum(np.prod(w.shape) for w in model.trainable_weights if len(w.shape) == 2)
    return model, (images, images), 3 * 2 * 128 * float(weights)


def rows() -> tuple[keras.Model, tuple, float]:
    """LSTM of lesson 10, 28 rows of 28 pixels, batches of 128."""
    model = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.LSTM(128), keras.layers.Dense(10, activation="softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    rng = np.random.default_rng(0)
    batch = rng.random((128, 28, 28), dtype="float32"), rng.integers(0, 10, 128)
    return model, batch, 3 * 2 * 128.0 * (28 * 4 * 128 * (28 + 128) + 1280)


def letters() -> tuple[keras.Model, tuple, float]:
    """LSTM of lesson 16, 64 streams of 32 letters."""
    model = charlm.build_model(192, 64)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    ids = np.random.default_rng(0).integers(0, 27, (64, 33))
    return model, (ids[:, :-1], ids[:, 1:]), 3 * 2 * 64.0 * 32 * (4 * 192 * (32 + 192) + 192 * 27)


def pictures() -> tuple[keras.Model, tuple, float]:
    """Two convolutions and a dense layer on digits, batches of 128."""
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(64, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", jit_compile="auto")
    rng = np.random.default_rng(0)
    batch = rng.random((128, 28, 28, 1), dtype="float32"), rng.integers(0, 10, 128)
    return model, batch, 3 * 2 * 128.0 * (26 * 26 * 32 * 9 + 11 * 11 * 64 * 9 * 32 + 1600 * 10)


def step_seconds(model: keras.Model, batch: tuple, repeats: int) -> tuple[float, float]:
    """Return the seconds of one training step inside `fit`, and of one through `train_on_batch`: the difference is Keras's own."""
    inputs, answers = (np.concatenate([part] * repeats) for part in batch)
    size = len(batch[0])
    model.fit(inputs, answers, batch_size=size, shuffle=False, verbose=0)
    start = time.perf_counter()
    model.fit(inputs, answers, batch_size=size, shuffle=False, verbose=0)
    inside = (time.perf_counter() - start) / repeats
    model.train_on_batch(*batch)
    start = time.perf_counter()
    for _ in range(repeats):
        model.train_on_batch(*batch)
    return inside, (time.perf_counter() - start) / repeats


def import_seconds(code: str) -> float:
    """Return the seconds that a new Python takes to start and run some imports."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=notebooks.ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def import_cell(lesson: notebooks.Notebook) -> str:
    """Return the first code cell of a lesson: its imports."""
    return next(cell.source for cell in notebooks.read_source(lesson.source).cells if cell.cell_type == "code")


def measure(quick: bool) -> Found:
    """Measure the peak, the share of it that each step reaches, and the imports of every lesson."""
    rounds = 1 if quick else 3
    speed, copy = max(peak(quick) for _ in range(rounds)), max(copy_speed(quick) for _ in range(rounds))
    machine = Table(
        "這台機器的極限 · The limit of this machine",
        ("", "measured"),
        [
            ("float32 matrix product", f"{speed / 1e9:.0f} GFLOP/s"),
            ("memory copy", f"{copy / 1e9:.1f} GB/s"),
        ],
    )
    steps = []
    for what in (dense, rows, letters, pictures):
        model, batch, operations = what()
        (times,) = alternate(
            rounds, lambda _, model=model, batch=batch: step_seconds(model, batch, 10 if quick else 100)
        )
        inside, alone = zip(*times, strict=True)
        steps.append(
            (
                what.__doc__.splitlines()[0],
                f"{operations / 1e6:.0f}",
                spread([1000 * s for s in inside]),
                spread([1000 * s for s in alone]),
                spread([operations / s / speed * 100 for s in inside], "{:.0f} %"),
            )
        )
    training = Table(
        "訓練一步用到幾成 · Share of the peak that a training step reaches",
        ("", "million operations a step", "ms in fit", "ms by train_on_batch", "of the peak, in fit"),
        steps,
        "運算次數只算矩陣乘法和卷積。<br>Only matrix products and convolutions are counted.",
    )
    lessons = notebooks.find()[: 2 if quick else None]
    plain = [import_seconds(code) for code in ("pass", "import tensorflow", "import keras")]
    cells = [
        (lesson.name, spread([import_seconds(import_cell(lesson)) for _ in range(rounds)], "{:.1f}"))
        for lesson in lessons
    ]
    imports = Table(
        "匯入要幾秒 · Seconds that imports take",
        ("in a new Python", "s"),
        [
            *zip(("nothing", "tensorflow", "keras"), (f"{s:.1f}" for s in plain), strict=True),
            *cells,
        ],
    )
    return Found([machine, training, imports])
