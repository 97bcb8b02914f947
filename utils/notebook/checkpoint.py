"""Training that was done before is loaded, so that a class does not wait for it.

COURSE_CHECKPOINTS=1 makes `fit` of Keras and `Word2Vec.train` of gensim look in data/checkpoints/ first, which `make checkpoints` fills.
What they find there they take over: weights, history, and the state of Python's random numbers. Without it, every lesson trains.

A training is loaded only if all of this is as it was: the code of the lesson and of the models that it imports, profile, seed and
package versions; network, optimizer, loss, options and the shapes of the data (by their hash); weights before and data (by a few values
of each array, to 1 %, since not every processor rounds alike). Otherwise it trains, and says so. Weights are kept as what training
changed, in float16: 11 bits of it.

Not restored: the optimizer's momenta, so that a `fit` which goes on after a loaded one starts without them; and what an own callback,
an own loop (tf.GradientTape, train_on_batch) or `make seeds` trains is always trained.
"""

import functools
import hashlib
import inspect
import io
import json
import random
import re
import sys
import time
import warnings
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from utils import files

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "checkpoints"
LEAST_SECONDS = 2  # of training a model, all its calls together, below which it is not kept
LEAST_SECONDS_A_MEGABYTE = 3
HARMLESS = {"EarlyStopping", "ReduceLROnPlateau", "TerminateOnNaN"}  # callbacks that leave nothing behind
USES = {"Model": ("predict", "predict_on_batch", "evaluate", "test_on_batch", "train_on_batch", "save", "save_weights", "get_weights"),
        "Layer": ("__call__", "get_weights")}  # fmt: skip


class Training(NamedTuple):
    """A call that trains, whichever library it belongs to.

    key: of what can be compared exactly. inputs: arrays to train on. variables, assign: read and set what training changes.
    train: do it; returns what else it left, as JSON, and its result. resume: from that JSON make the result without training.
    """

    model: Any
    key: str
    inputs: list
    variables: Callable[[], list[np.ndarray]]
    assign: Callable[[list[np.ndarray]], None]
    train: Callable[[], tuple[dict, Any]]
    resume: Callable[[dict], Any]


def activate(mode: str, **settings: str) -> "Loader | Keeper":
    """Make the libraries that are imported load trainings, or keep them; return what does so.

    Args:
        mode: "1" to load, "write" to keep until `Keeper.write`.
        settings: what must be the same in both, such as the profile and the seed.

    Raises:
        ValueError: if the mode is neither.
    """
    if mode not in ("1", "write"):
        raise ValueError(
            f"COURSE_CHECKPOINTS={mode!r} is neither 1, to load what was trained before, nor write. Set it to 1, or unset it."
        )
    run = Loader(settings) if mode == "1" else Keeper(settings)
    if keras := sys.modules.get("keras"):
        _wrap(keras.Model, "fit", _of_keras, run)
        if mode == "write":
            for owner, names in ((keras.Model, USES["Model"]), (keras.Layer, USES["Layer"])):
                for name in names:
                    _count_uses(owner, name, run)
    if gensim := sys.modules.get("gensim.models.word2vec"):
        _wrap(gensim.Word2Vec, "train", _of_gensim, run)
    return run


def _wrap(owner: type, name: str, describe: Callable, run: Callable) -> None:
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapped(self, *args, **options):
        training = describe(original, self, *args, **options)
        return run(training) if training else original(self, *args, **options)

    setattr(owner, name, wrapped)


def _count_uses(owner: type, name: str, keeper: "Keeper") -> None:
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapped(*args, **options):
        keeper.uses += 1
        return original(*args, **options)

    setattr(owner, name, wrapped)


def _key(*parts) -> str:
    """Hash what JSON can hold; of other objects their text.

    Not counted is what differs from run to run: numbers that Keras appends to names, addresses, the bytes of a lambda.
    """
    text = re.sub(
        r'_\d+(?=["/])|(?: at)? 0x[0-9a-f]+|"shared_object_id": \d+|(?<="__lambda__", "config": \{"value": \[)"[^"]*"', "",
        json.dumps(parts, sort_keys=True, default=str),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _code(function) -> str:
    """Return the source of a function, such as a loss or a layer's `call` typed in a cell; empty for anything else."""
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return ""


def _of_keras(fit, model, *args, **options) -> Training | None:
    """Describe a call of `fit`; None if its data cannot be compared, the model is not ready, or a callback must see the training."""
    import keras

    given = inspect.signature(fit).bind(model, *args, **options)
    given.apply_defaults()
    options = {name: value for name, value in given.arguments.items() if name != "self"}
    callbacks = options["callbacks"] or []
    callbacks = callbacks if isinstance(callbacks, list | tuple) else [callbacks]
    if not (model.built and model.compiled) or any(
        type(each).__name__ not in HARMLESS or not type(each).__module__.startswith("keras.") for each in callbacks
    ):
        return None
    data = [options.pop(name) for name in ("x", "y", "sample_weight", "validation_data", "class_weight")]
    data = [
        (type(each).__name__, len(each), each[0]) if isinstance(each, keras.utils.PyDataset) else each
        for each in keras.tree.flatten(data)
    ]
    inputs = [np.asarray(each) for each in keras.tree.flatten(data) if not isinstance(each, str | int | float | None)]
    if any(each.dtype.kind not in "biuf" for each in inputs):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a lambda among the losses is no danger here
        compiled = {name: value for name, value in model.get_compile_config().items() if name in ("optimizer", "loss", "metrics")}
        try:
            config = model.get_config()
        except NotImplementedError:
            config = None
    kept = [{name: value for name, value in vars(each).items() if isinstance(value, str | int | float | None)} for each in callbacks]
    key = _key(
        "keras", config, compiled, _code(model.loss), int(model.optimizer.iterations),
        [_code(type(layer).call) for layer in (model, *model.layers) if type(layer).__module__ == "__main__"],
        [type(each).__name__ for each in callbacks], kept,
        {name: value for name, value in options.items() if name not in ("callbacks", "verbose")},
        [each for each in keras.tree.flatten(data) if isinstance(each, str | int | float | None)],
        [(each.shape, str(each.dtype)) for each in inputs],
        [(variable.path, variable.shape, variable.trainable) for variable in model.variables],
    )  # fmt: skip

    def scalars():
        return [variable for variable in model.optimizer.variables if variable.name in ("iteration", "learning_rate")]

    def train():
        history = fit(*given.args, **given.kwargs)
        values = {name: [float(value) for value in of_epochs] for name, of_epochs in history.history.items()}
        return {"history": values, "epoch": history.epoch, "scalars": [float(each.numpy()) for each in scalars()]}, history

    def resume(left):
        given.arguments["epochs"] = options["initial_epoch"]  # builds all, and draws what is drawn before the first epoch
        history = fit(*given.args, **given.kwargs)
        history.history, history.epoch = left["history"], left["epoch"]
        model.history = history
        for variable, value in zip(scalars(), left["scalars"], strict=True):
            variable.assign(np.asarray(value, variable.dtype))
        return history

    def assign(values):
        for variable, value in zip(model.variables, values, strict=True):
            variable.assign(value)

    return Training(model, key, inputs, lambda: [each.numpy() for each in model.variables], assign, train, resume)


def _of_gensim(train, model, *args, **options) -> Training | None:
    """Describe a call of `Word2Vec.train`. The texts are compared by the words in them and how often each occurs."""
    if options.get("callbacks"):
        return None
    words = [(word, model.wv.get_vecattr(word, "count")) for word in model.wv.index_to_key]
    settings = [getattr(model, name) for name in ("sg", "hs", "negative", "window", "alpha", "min_alpha", "sample", "seed", "vector_size")]
    counts = [options.get(name) for name in ("total_examples", "total_words", "epochs", "start_alpha", "end_alpha")]
    key = _key("gensim", settings, counts, words, model.train_count)

    def trained():
        result = train(model, *args, **options)
        return {"result": [int(each) for each in result]}, result

    def assign(values):
        model.wv.vectors[:], model.wv.norms = values[0], None

    return Training(model, key, [], lambda: [model.wv.vectors.copy()], assign, trained, lambda left: tuple(left["result"]))


def _samples(arrays: list[np.ndarray]) -> np.ndarray:
    """Return mean, standard deviation and eight values of each array, from at most 1,024 places evenly spread: (arrays, 10)."""
    rows = np.zeros((len(arrays), 10), np.float32)
    for row, array in zip(rows, arrays, strict=True):
        if array.size:
            some = array.flat[np.linspace(0, array.size - 1, min(array.size, 1024)).astype(int)].astype(float)
            row[:] = some.mean(), some.std(), *some[np.linspace(0, len(some) - 1, 8).astype(int)]
    return rows


def _alike(found: np.ndarray, kept: np.ndarray) -> bool:
    return found.shape == kept.shape and bool((abs(found - kept) <= 0.01 * kept[:, 1:2] + 1e-6).all())


def _pack(before: list[np.ndarray], after: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Return the arrays to keep: small ones and whole numbers as they are, large ones as a scale and the change in float16."""
    packed = {}
    for i, (old, new) in enumerate(zip(before, after, strict=True)):
        if new.dtype == np.float32 and new.size >= 4096:
            packed[f"{i}_scale"] = np.abs(new - old).max() or np.float32(1)
            packed[f"{i}"] = ((new - old) / packed[f"{i}_scale"]).astype(np.float16)
        else:
            packed[f"{i}"] = new
    return packed


def _unpack(stored, name: str, before: np.ndarray) -> np.ndarray:
    kept = stored[name]
    return before + stored[f"{name}_scale"] * kept.astype(np.float32) if f"{name}_scale" in stored else kept


class Keeper:
    """Trains as usual, and keeps what came out until `write`."""

    def __init__(self, settings: dict[str, str]):
        self.settings, self.uses, self.kept = settings, 0, []
        self.last = weakref.WeakKeyDictionary()  # model -> what was kept of its last training

    def __call__(self, training: Training):
        """Train, and return what the training returns."""
        now, last, random_before = training.variables(), self.last.get(training.model), random.getstate()
        # Nobody has looked at the model since its last training, so weights in between need not be kept.
        goes_on = last is not None and last["uses"] == self.uses and all(map(np.array_equal, last["after"], now))
        seen = _samples(training.inputs)
        start = time.perf_counter()
        left, result = training.train()
        kept = {"key": training.key, "left": left, "seconds": time.perf_counter() - start, "inputs": seen, "weights": _samples(now)}
        kept |= {"before": now, "after": training.variables(), "first": kept, "all": last["all"] if last else []}
        kept["all"].append(kept)
        if goes_on:
            last["first"]["after"], kept["first"] = kept["after"], last["first"]
        if random.getstate() != random_before:
            kept["random"] = np.array(random.getstate()[1], np.uint32)
        self.uses += 1
        kept["uses"], self.last[training.model] = self.uses, kept
        self.kept.append(kept)
        return result

    def write(self, lesson: str, folder: Path = FOLDER) -> str:
        """Write what is worth its place to `lesson`.npz and, when that is whole, its manifest to `lesson`.json; return a line on it."""
        arrays, entries, seconds = {}, [], 0.0
        for kept in self.kept:
            if "changes" not in kept["first"]:
                for each in kept["all"]:
                    each["changes"] = _pack(each["before"], each["after"]) if each["first"] is each else {}
            of_model, i = sum(each["seconds"] for each in kept["all"]), len(entries)
            megabytes = sum(array.nbytes for each in kept["all"] for array in each["changes"].values()) / 1e6
            finite = all(np.isfinite(array).all() for array in kept["after"])
            if of_model < max(LEAST_SECONDS, LEAST_SECONDS_A_MEGABYTE * megabytes) or not finite:
                continue
            own = kept["first"] is kept
            arrays |= {
                f"{i}_inputs": kept["inputs"],
                f"{i}_weights": kept["weights"] if own else _samples(kept["first"]["after"]),
            }
            arrays |= {f"{i}_{name}": array for name, array in kept["changes"].items()}
            arrays |= {f"{i}_random": kept["random"]} if "random" in kept else {}
            entries.append({"key": kept["key"], "left": kept["left"], "weights": own, "seconds": round(of_model)})
            seconds += kept["seconds"]
        stored, manifest = folder / f"{lesson}.npz", folder / f"{lesson}.json"
        if not entries:
            stored.unlink(missing_ok=True)
            manifest.unlink(missing_ok=True)
            return f"{lesson}: no training long enough to keep"
        with files.atomic_write(stored) as unfinished, open(unfinished, "wb") as file:
            np.savez_compressed(file, **arrays)
        content = {"lesson": lesson, "sources": sources(lesson), **self.settings, "packages": _packages(),
                   "file": stored.name, "file_sha256": hashlib.sha256(stored.read_bytes()).hexdigest(), "trainings": entries}  # fmt: skip
        with files.atomic_write(manifest) as unfinished:
            unfinished.write_text(json.dumps(content, indent=1), encoding="utf-8")
        return f"{lesson}: {len(entries)} trainings of {seconds:.0f} s in {stored.stat().st_size / 1e6:.1f} MB"


class Loader:
    """Loads a training where there is one; else trains, and says why, once for each reason."""

    def __init__(self, settings: dict[str, str], folder: Path = FOLDER):
        self.settings, self.folder, self.said, self.told = settings, folder, set(), weakref.WeakSet()
        self.files: dict[str, Any] = {}

    @functools.cached_property
    def trainings(self) -> dict[str, list[tuple[dict, int]]]:
        """All that is kept: key -> manifests and the places in them."""
        found: dict[str, list[tuple[dict, int]]] = {}
        for path in sorted(self.folder.glob("[0-9][0-9]_*.json")):
            try:
                manifest = json.loads(path.read_text(encoding="utf-8"))
                for i, entry in enumerate(manifest["trainings"]):
                    found.setdefault(entry["key"], []).append((manifest, i))
            except (OSError, ValueError, KeyError, TypeError):
                self._say(f"{path.name} 壞了", f"{path.name} is broken")
        return found

    def __call__(self, training: Training):
        """Load the training, or do it; return what it returns."""
        reason = "沒有這次訓練的檢查點", "there is no checkpoint of this training"
        for manifest, i in self.trainings.get(training.key, []):
            stored = self._open(manifest)
            if isinstance(stored, tuple):
                reason = stored
                continue
            before, entry = training.variables(), manifest["trainings"][i]
            if not (
                _alike(_samples(training.inputs), stored[f"{i}_inputs"])
                and _alike(_samples(before), stored[f"{i}_weights"])
            ):
                reason = "檢查點的資料或起點不一樣", "the checkpoint has other data or another start"
                continue
            result = training.resume(entry["left"])
            if entry["weights"]:
                training.assign([_unpack(stored, f"{i}_{j}", array) for j, array in enumerate(before)])
            if f"{i}_random" in stored:
                random.setstate((3, tuple(map(int, stored[f"{i}_random"])), None))
            if training.model not in self.told:
                self.told.add(training.model)
                print(f"檢查點：載入事先訓練好的權重，省下約 {entry['seconds']} 秒。 "
                      f"Checkpoint: weights trained before are loaded; that saves about {entry['seconds']} seconds.")  # fmt: skip
            return result
        self._say(*reason)
        return training.train()[1]

    def _open(self, manifest: dict):
        """Return the arrays of a manifest, or why they do not count, in both languages."""
        name = Path(str(manifest.get("file"))).name
        if name not in self.files:
            self.files[name] = self._why_not(manifest, name)
            if not self.files[name]:
                self.files[name] = np.load(io.BytesIO((self.folder / name).read_bytes()), allow_pickle=False)
        return self.files[name]

    def _why_not(self, manifest: dict, name: str) -> tuple[str, str] | None:
        if paths := changed(manifest):
            return f"檢查點過期了，{paths[0]} 已經改過", f"the checkpoint is stale, {paths[0]} has changed"
        for setting, value in self.settings.items():
            if manifest.get(setting) != value:
                return f"檢查點的設定（{setting}）不一樣", f"the checkpoint is of another {setting}"
        if _packages().items() - manifest.get("packages", {}).items():
            return "檢查點是用別的套件版本訓練的", "the checkpoint was trained with other package versions"
        try:
            digest = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()
        except OSError:
            digest = ""
        return (
            None
            if digest == manifest.get("file_sha256")
            else ("檢查點的檔案壞了", "the checkpoint's file is missing or broken")
        )

    def _say(self, zh: str, en: str) -> None:
        if en not in self.said:
            self.said.add(en)
            print(f"{zh}，所以照常訓練。 It trains as usual: {en}.")


def sources(lesson: str) -> dict[str, str]:
    """Return the SHA-256 of a lesson's source and of what this process has imported from utils.models and utils.detection."""
    rooms = ("utils.models.", "utils.detection.")
    paths = [f"notebooks/source/{lesson}.py", *(f"{name.replace('.', '/')}.py" for name in sorted(sys.modules) if name.startswith(rooms))]
    return {path: _digest(path) for path in paths}


def changed(manifest: dict) -> list[str]:
    """Return the sources of a manifest that are no longer what they were."""
    kept = manifest.get("sources") or {"its source": ""}
    return [path for path, digest in kept.items() if _digest(path) != digest or not digest]


def _digest(path: str) -> str:
    """Hash a source less its comments, as which a lesson's words stand in it; empty if there is none of that name in the course."""
    file = (ROOT / path).resolve()
    if not (file.is_relative_to(ROOT) and file.is_file()):
        return ""
    lines = file.read_text(encoding="utf-8").splitlines()
    return hashlib.sha256("\n".join(line for line in lines if not line.startswith("#")).encode()).hexdigest()


def _packages() -> dict[str, str]:
    return {
        name: str(sys.modules[name].__version__) for name in ("keras", "tensorflow", "gensim") if name in sys.modules
    }
