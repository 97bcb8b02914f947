import json
import os
import random
import shutil
import subprocess
import sys

import numpy as np
import pytest

from utils.notebook import checkpoint

keras = pytest.importorskip("keras")
SETTINGS = {"profile": "lesson", "seed": ""}
X = np.random.default_rng(1).normal(size=(64, 60)).astype("float32")
Y = X[:, :3].sum(axis=1)


def untouched(monkeypatch):
    """Put back at the end of a test what `activate` wraps; keep trainings however short they are."""
    import gensim.models.word2vec as gensim

    names = [(keras.Model, "fit"), (gensim.Word2Vec, "train")]
    names += [(getattr(keras, owner), name) for owner, uses in checkpoint.USES.items() for name in uses]
    for owner, name in names:
        monkeypatch.setattr(owner, name, getattr(owner, name))
    monkeypatch.setattr(checkpoint, "LEAST_SECONDS", 0)
    monkeypatch.setattr(checkpoint, "LEAST_SECONDS_A_MEGABYTE", 0)


def build(seed=7, rate=0.01):
    keras.utils.set_random_seed(seed)
    layers = [keras.layers.Dense(80, "relu"), keras.layers.Dropout(0.3), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((60,)), *layers])
    model.compile(keras.optimizers.Adam(rate), "mse")
    return model


def fit(model, x=X, **options):
    return model.fit(x, Y, batch_size=16, epochs=2, validation_data=(X, Y), verbose=0, **options)


def lesson():
    """Train as lessons do: once with early stopping, then in a loop that looks at nothing; return all that can be seen of it."""
    model = build()
    stop = keras.callbacks.EarlyStopping("val_loss", patience=1, restore_best_weights=True)
    history = fit(model, callbacks=[stop])
    error = model.evaluate(X, Y, verbose=0)
    losses = [model.fit(X + np.float32(i), Y, batch_size=16, verbose=0).history["loss"][0] for i in range(3)]
    after = [random.random(), float(keras.random.uniform(())), int(model.optimizer.iterations)]
    later = fit(build(), callbacks=[keras.callbacks.LambdaCallback()])  # always trained
    return history, losses, after, later.history, error, model.predict(X, verbose=0)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder with the trainings of `lesson`, and what it saw."""
    folder = tmp_path_factory.mktemp("checkpoints")
    with pytest.MonkeyPatch.context() as monkeypatch:
        untouched(monkeypatch)
        keeper = checkpoint.activate("write", **SETTINGS)
        seen = lesson()
        keeper.write("06_convolutions", folder)
    return folder, seen


@pytest.fixture
def load(kept, tmp_path, monkeypatch):
    """A function that begins to load from a copy of the folder, which the test may spoil first."""
    untouched(monkeypatch)
    folder = shutil.copytree(kept[0], tmp_path / "copy")

    def start(**settings):
        loader = checkpoint.activate("1", **SETTINGS | settings)
        loader.folder = folder
        return loader

    start.folder, start.manifest = folder, folder / "06_convolutions.json"
    return start


def test_a_loaded_training_looks_as_if_it_had_run(kept, load, capsys):
    history, losses, after, later, error, predicted = kept[1]
    load()
    found = lesson()
    assert isinstance(found[0], keras.callbacks.History)
    assert (found[0].history, found[0].epoch) == (history.history, history.epoch)
    assert found[1:3] == (losses, after)
    assert found[3]["loss"] == pytest.approx(later["loss"], rel=1e-3)
    assert found[4] == pytest.approx(error, rel=1e-3)
    assert np.allclose(found[5], predicted, atol=2e-3)
    output = capsys.readouterr().out
    assert output.count("Checkpoint: weights trained before are loaded") == 1
    assert "trains as usual" not in output


def test_weights_that_nobody_looked_at_are_kept_once(load):
    assert [each["weights"] for each in json.loads(load.manifest.read_text())["trainings"]] == [True, True, False, False]


def spoil(**changes):
    def change(folder):
        path = folder / "06_convolutions.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return change


def test_other_words_leave_a_checkpoint_as_it_is_and_other_code_makes_it_stale(monkeypatch, tmp_path):
    source = tmp_path / "notebooks" / "source" / "06_convolutions.py"
    source.parent.mkdir(parents=True)
    source.write_text("# %% [markdown]\n# words\n# %%\nrate = 0.1\n", encoding="utf-8")
    monkeypatch.setattr(checkpoint, "ROOT", tmp_path)
    manifest = {"sources": {"notebooks/source/06_convolutions.py": checkpoint._digest("notebooks/source/06_convolutions.py")}}
    source.write_text("# %% [markdown]\r\n# better words\r\n# %%\r\nrate = 0.1\r\n", encoding="utf-8")
    assert not checkpoint.changed(manifest)
    source.write_text("# %% [markdown]\n# words\n# %%\nrate = 0.2\n", encoding="utf-8")
    assert checkpoint.changed(manifest) == ["notebooks/source/06_convolutions.py"]


def cut(name):
    return lambda folder: os.truncate(folder / name, 1000)


@pytest.mark.parametrize(("change", "settings", "reason"), [
    (spoil(sources={"notebooks/source/06_convolutions.py": "0" * 64}), {}, "stale, notebooks/source/06_convolutions.py has changed"),
    (spoil(sources={}), {}, "the checkpoint is stale"),
    (spoil(packages={"keras": "3.0.0"}), {}, "other package versions"),
    (cut("06_convolutions.npz"), {}, "the checkpoint's file is missing or broken"),
    (lambda folder: (folder / "06_convolutions.npz").unlink(), {}, "the checkpoint's file is missing or broken"),
    (cut("06_convolutions.json"), {}, "06_convolutions.json is broken"),
    (lambda folder: shutil.rmtree(folder), {}, "there is no checkpoint of this training"),
    (lambda folder: None, {"seed": "3"}, "of another seed"),
    (lambda folder: None, {"profile": "full"}, "of another profile"),
])  # fmt: skip
def test_what_is_missing_stale_or_broken_is_said_and_trained(kept, load, capsys, change, settings, reason):
    change(load.folder)
    load(**settings)
    model = build()
    stop = keras.callbacks.EarlyStopping("val_loss", patience=1, restore_best_weights=True)
    assert fit(model, callbacks=[stop]).history["loss"] == pytest.approx(kept[1][0].history["loss"], rel=1e-3)
    assert int(model.optimizer.iterations) == 8
    output = capsys.readouterr().out
    assert reason in output
    assert "所以照常訓練。 It trains as usual: " in output
    assert "Checkpoint: weights" not in output


@pytest.mark.parametrize(("model", "x", "reason"), [
    (lambda: build(seed=8), X, "the checkpoint has other data or another start"),
    (build, X[::-1], "the checkpoint has other data or another start"),
    (lambda: build(rate=0.02), X, "there is no checkpoint of this training"),
])  # fmt: skip
def test_another_start_other_data_or_another_rate_is_trained(load, capsys, model, x, reason):
    load()
    fit(model(), x, callbacks=[keras.callbacks.EarlyStopping("val_loss", patience=1, restore_best_weights=True)])
    assert capsys.readouterr().out.count(reason) == 1


def test_a_callback_of_ones_own_sees_the_training(load, capsys):
    class Stopwatch(keras.callbacks.Callback):
        epochs = 0

        def on_epoch_end(self, epoch, logs=None):
            self.epochs += 1

    load()
    stopwatch = Stopwatch()
    fit(build(), callbacks=[stopwatch])
    assert stopwatch.epochs == 2
    assert capsys.readouterr().out == ""


def test_writing_that_breaks_off_leaves_what_was_there(kept, tmp_path, monkeypatch):
    folder = shutil.copytree(kept[0], tmp_path / "copy")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    untouched(monkeypatch)
    keeper = checkpoint.activate("write", **SETTINGS)
    fit(build())

    def break_off(file, **_):
        file.write(b"PK")
        raise OSError("the disk is full")

    monkeypatch.setattr(np, "savez_compressed", break_off)
    with pytest.raises(OSError, match="the disk is full"):
        keeper.write("06_convolutions", folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_short_training_is_not_kept(tmp_path, monkeypatch):
    untouched(monkeypatch)
    monkeypatch.setattr(checkpoint, "LEAST_SECONDS", 1000)
    keeper = checkpoint.activate("write", **SETTINGS)
    fit(build())
    assert keeper.write("06_convolutions", tmp_path) == "06_convolutions: no training long enough to keep"
    assert list(tmp_path.iterdir()) == []


def test_word2vec_of_gensim_is_loaded(tmp_path, monkeypatch, capsys):
    from gensim.models import Word2Vec

    texts = [[f"word{i % 50}", f"word{i % 7}", f"word{i % 11}"] for i in range(400)]

    def train(seed=1):
        return Word2Vec(texts, vector_size=100, min_count=1, workers=1, seed=seed, epochs=2)

    untouched(monkeypatch)
    keeper = checkpoint.activate("write", **SETTINGS)
    first = train()
    keeper.write("13_word2vec_chinese", tmp_path)
    monkeypatch.undo()
    untouched(monkeypatch)
    checkpoint.activate("1", **SETTINGS).folder = tmp_path
    second, other = train(), train(seed=2)
    output = capsys.readouterr().out
    assert np.abs(second.wv.vectors - first.wv.vectors).max() < 1e-5
    assert not np.allclose(other.wv.vectors, first.wv.vectors, atol=1e-3)
    assert output.count("Checkpoint: weights") == output.count("there is no checkpoint") == 1


@pytest.mark.parametrize(("given", "found"), [
    ("", "NoneType"), ("0", "NoneType"), ("1", "Loader"), ("write", "Keeper"), ("yes", "is neither 1"),
])  # fmt: skip
def test_lessons_train_unless_told_otherwise(given, found):
    code = "from utils.notebook import profile; print(type(profile.checkpoints).__name__)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | {"COURSE_CHECKPOINTS": given})
    assert found in run.stdout + run.stderr


def test_a_measurement_with_other_seeds_loads_nothing():
    code = "from utils.notebook import profile; print(profile.checkpoints)"
    settings = {"COURSE_CHECKPOINTS": "1", "COURSE_RECORD": os.devnull}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | settings)
    assert run.stdout == "None\n"


@pytest.mark.parametrize("model", [build, lambda: keras.Sequential([keras.Input((60,)), keras.layers.Dense(1, kernel_regularizer="l2")])])
def test_two_networks_built_alike_have_one_key_and_another_loss_has_another(model):
    def described(loss):
        network = model()
        network.compile("adam", loss)
        return checkpoint._of_keras(keras.Model.fit, network, X, Y, epochs=2).key

    def error(true, found):
        return keras.ops.mean((true - found) ** 2)

    assert described("mse") == described("mse") != described("mae")
    assert described(error) == described(error) != described("mse")
    mean = described(lambda true, found: keras.ops.mean(true - found))
    assert mean != described(lambda true, found: keras.ops.sum(true - found))
