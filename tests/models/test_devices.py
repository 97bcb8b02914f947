"""utils.models.devices: the strategy that fits a machine, and a stateful network trained on two devices as on one."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from utils.models import devices

# One process divides its CPU into two devices, which can be done only before TensorFlow computes anything.
TWO_DEVICES = """
import json, sys
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
import keras
from utils.models import charlm, devices

ids = charlm.encode("the quick brown fox jumps over the lazy dog and runs away from the dog again " * 6)
both = devices.strategy()

def train(steps, strategy, checkpoint=None, new=True, eagerly=False):
    keras.utils.set_random_seed(3 if new else 4)
    model = charlm.build_model(12, batch_size=4, embedding_dim=5)
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True), run_eagerly=eagerly)
    bits = [done.bits for done in charlm.train(model, ids, unroll=8, steps=steps, report_every=5, checkpoint=checkpoint, strategy=strategy)]
    return {"bits": bits, "weights": [w.tolist() for w in model.get_weights()], "states": [s.tolist() for s in charlm.get_state(model)],
            "unseen": charlm.bits_per_character(model, ids), "steps": int(model.optimizer.iterations)}

results = {"strategy": type(both).__name__, "devices": both.num_replicas_in_sync}
results["one"] = train(20, None)
results["two"] = train(20, both)
train(10, None, sys.argv[1], eagerly=True)  # no graph for so few rounds
results["one, then two"] = train(20, both, sys.argv[1], new=False)

odd = charlm.build_model(4, batch_size=3)
odd.compile(keras.optimizers.Adam(global_clipnorm=1.0), "sparse_categorical_crossentropy")
try:
    next(charlm.train(odd, ids, unroll=8, steps=1, strategy=both))
except ValueError as error:
    results["odd"] = str(error)
even = charlm.rebatch(odd, 4)
even.compile(keras.optimizers.Adam(global_clipnorm=1.0), "sparse_categorical_crossentropy")
results["bound"] = devices.SharedStreams(even, both, charlm.rebatch).copy.optimizer.global_clipnorm
print(json.dumps(results))
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "KERAS_BACKEND": "tensorflow"}
    checkpoint = tmp_path_factory.mktemp("shared") / "letters.npz"
    done = subprocess.run([sys.executable, "-c", TWO_DEVICES, str(checkpoint)], text=True, capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.parametrize("way", ["two", "one, then two"])
def test_two_devices_train_as_one_does(results, way):
    one, two = results["one"], results[way]
    assert two["steps"] == 20
    assert two["bits"] == pytest.approx(one["bits"][-len(two["bits"]):], rel=1e-4)
    assert two["unseen"] == pytest.approx(one["unseen"], rel=1e-4)
    for part in ("weights", "states"):
        for found, expected in zip(two[part], one[part], strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.slow
def test_two_devices_learn_and_share_streams_and_the_bound_of_clipping(results):
    assert (results["strategy"], results["devices"]) == ("MirroredStrategy", 2)
    assert results["two"]["bits"][-1] < results["two"]["bits"][0] - 0.2
    assert results["odd"] == (
        "3 streams cannot be shared evenly by 2 devices. Take a batch size that is a multiple of 2, such as 4."
    )
    assert results["bound"] == 0.5


@pytest.fixture
def machine(monkeypatch):
    """Put a TensorFlow with chosen devices in place of the real one; its strategies are words."""

    def pretend(gpus=0, cpus=1):
        counts = {"GPU": gpus, "CPU": cpus}
        monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(
            config=SimpleNamespace(list_logical_devices=lambda kind: [
                SimpleNamespace(name=f"{kind}:{i}") for i in range(counts[kind])]),
            distribute=SimpleNamespace(
                MirroredStrategy=lambda names: names, get_strategy=lambda: "the default strategy"),
        ))  # fmt: skip

    return pretend


@pytest.mark.parametrize("there, chosen", [
    ({"gpus": 0, "cpus": 1}, "the default strategy"),
    ({"gpus": 1, "cpus": 1}, "the default strategy"),
    ({"gpus": 1, "cpus": 2}, "the default strategy"),
    ({"gpus": 2, "cpus": 1}, ["GPU:0", "GPU:1"]),
    ({"gpus": 0, "cpus": 2}, ["CPU:0", "CPU:1"]),
])  # fmt: skip
def test_strategy_follows_the_devices_or_the_kind_that_is_asked_for(machine, there, chosen):
    machine(**there)
    assert devices.strategy() == chosen
    machine(gpus=2, cpus=2)
    assert devices.strategy("CPU") == ["CPU:0", "CPU:1"]


def test_importing_the_module_does_not_load_tensorflow():
    code = "import sys, utils.models.devices; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
