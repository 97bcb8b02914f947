"""Letters a second while training lessons 16's LSTM and 18's GPT: Keras on TensorFlow against the same networks in PyTorch.

PyTorch lives in `.bench-venv`, which is made from requirements-torch.txt when it is missing, never in the course's environment.
"""

import json
import subprocess
import tempfile
import time
import venv
from pathlib import Path

import keras
import numpy as np

from benchmarks.ancestor import lesson_16
from benchmarks.report import FOLDER, Found, Ratio, Table, alternate, spread
from utils.data import datasets
from utils.models import attention, charlm, transformer

ENVIRONMENT = FOLDER.parent / ".bench-venv"


def python_with_torch() -> Path:
    """Return the Python that has PyTorch, installing it if need be (0.2 GB, or some GB where only a build for GPUs is offered)."""
    python = ENVIRONMENT / "bin" / "python"
    if not (ENVIRONMENT / "ready").exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", FOLDER / "requirements-torch.txt"], check=True)
        (ENVIRONMENT / "ready").touch()
    return python


def lstm(ids, updates: int, seed: int) -> tuple[float, float]:
    """Train lesson 16's network; return seconds without the compiling, and bits a letter over the last quarter."""
    reads, answers = charlm.stream_batches(ids, 64, 32)
    return _fit(
        lesson_16(updates, seed), reads[:updates].reshape(-1, 32), answers[:updates].reshape(-1, 32), 64, updates
    )


def gpt(ids, updates: int, seed: int) -> tuple[float, float]:
    """Train lesson 18's network; return as `lstm`."""
    keras.utils.set_random_seed(seed)
    model = transformer.build(context=32, width=64, blocks=3, heads=4)
    attention.compile_for(model, updates, 1e-2, steps_per_execution=4)
    return _fit(model, *transformer.windows(ids, 32, 32 * updates, seed), 32, updates)


def _fit(model, reads, answers, size: int, updates: int) -> tuple[float, float]:
    """Fit in three parts: the first 20 updates, which compile, then up to about the last quarter, then the rest."""
    places, seconds = np.array([0, 20, updates * 3 // 80 * 20, updates]) * size, 0.0
    for first, last in zip(places[:-1], places[1:], strict=True):
        start = time.perf_counter()
        loss = model.fit(reads[first:last], answers[first:last], batch_size=size, shuffle=False, verbose=0).history[
            "loss"
        ][0]
        seconds += (time.perf_counter() - start) * (first > 0)
    return seconds * updates / (updates - 20), loss / np.log(2)


def measure(quick: bool) -> Found:
    """Train each network on both sides in turn, three rounds (one when quick)."""
    python, ids, rows, ratios = python_with_torch(), charlm.encode(datasets.load_letters()), [], []
    updates, rounds = (60, 1) if quick else (600, 3)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ids.npy"
        np.save(path, ids)

        def theirs(kind, seed):
            command = [python, FOLDER / "torch_side.py", kind, path, str(updates), str(seed)]
            return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

        for kind, ours, letters in (("lstm", lstm, 64 * 32), ("gpt", gpt, 32 * 32)):
            own, other = alternate(
                rounds, lambda seed, ours=ours: ours(ids, updates, seed), lambda seed, kind=kind: theirs(kind, seed)
            )
            whole = letters * updates / 1000
            name = f"PyTorch {other[0]['version']}, {other[0]['threads']} threads, eager"
            for who, runs in (("Keras, TensorFlow", own), (name, [(run["seconds"], run["bits"]) for run in other])):
                speeds, bits = zip(*((whole / seconds, bits) for seconds, bits in runs), strict=True)
                rows.append((kind.upper(), who, spread(speeds, "{:.0f}"), spread(bits, "{:.2f}")))
            times = [run["seconds"] / seconds for (seconds, _), run in zip(own, other, strict=True)]
            ratios.append(Ratio(f"{kind.upper()} of letters against PyTorch", times))
    columns = ("", "", "thousand letters/s", "bits a letter, last quarter of the updates")
    note = (
        f"同樣的網路、批次、更新次數（{updates} 次）和學習率的走法；前 20 次更新要編譯，不計時。起始權重照各自的預設。<br>"
        f"The same network, batches, number of updates ({updates}) and schedule of the rate; the first 20, which compile, are not timed. "
        "First weights are each library's own."
    )
    return Found([Table("訓練語言模型 · Training language models", columns, rows, note)], ratios)
