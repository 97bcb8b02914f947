"""Several devices at once: which strategy fits this machine, and a stateful network whose streams they share.

TensorFlow is imported when it is asked for, not with this module.
"""

from collections.abc import Callable

import numpy as np


def strategy(kind: str | None = None):
    """Return how to compute on this machine: on all its devices of one kind, or on the one there is.

    Args:
        kind: "GPU" or "CPU"; None takes the GPUs if there are several. (Several CPU devices exist only where a program
            has divided the processor into them.)

    Returns:
        tf.distribute.MirroredStrategy on all logical devices of that kind if there are at least two, else the default
        strategy. Every device then holds all weights and computes the gradient of its share of a batch
        (https://www.tensorflow.org/guide/distributed_training).

    Raises:
        ValueError: if there is no such kind.
    """
    import tensorflow as tf

    if kind not in (None, "GPU", "CPU"):
        raise ValueError(f"kind is 'GPU', 'CPU' or None, not {kind!r}.")
    for wanted in (kind,) if kind else ("GPU", "CPU"):
        devices = [device.name for device in tf.config.list_logical_devices(wanted)]
        if len(devices) > 1:
            return tf.distribute.MirroredStrategy(devices)
        if devices:
            break  # one GPU is better than a divided CPU
    return tf.distribute.get_strategy()


class SharedStreams:
    """A copy of a compiled network with stateful recurrent layers on all devices of a strategy.

    Of `batch_size` streams the first device reads the first part, the second the next, and so on, so every device keeps the
    state of its own streams. Only the optimizer's step adds up what all have found. A round therefore gives what it gives
    on one device, but for two things: sums are rounded in another order, and clipping of gradients acts on each device's
    part, so its bound is divided by their number.
    """

    def __init__(self, model, distribution, rebatch: Callable):
        """Copy the network; the model itself is left alone until `fit`.

        Args:
            model: a compiled Sequential of a fixed batch size, its recurrent layers with `stateful=True`.
            distribution: a `tf.distribute.Strategy`, such as `strategy()` returns.
            rebatch: (model, batch_size) -> a copy of the model with another batch size.

        Raises:
            ValueError: if the streams cannot be shared out evenly.
        """
        import keras
        import tensorflow as tf

        devices, streams = distribution.num_replicas_in_sync, model.input_shape[0]
        if streams % devices:
            raise ValueError(
                f"{streams} streams cannot be shared evenly by {devices} devices. Take a batch size that is a multiple of "
                f"{devices}, such as {-(-streams // devices) * devices}."
            )
        self.model, self.distribution = model, distribution
        with distribution.scope(), tf.variable_creator_scope(_own_value_for_states):
            self.copy = rebatch(model, streams // devices)
            optimizer = keras.optimizers.deserialize(keras.optimizers.serialize(model.optimizer))
            for bound in ("clipnorm", "global_clipnorm", "clipvalue"):
                if getattr(optimizer, bound):
                    setattr(optimizer, bound, getattr(optimizer, bound) / devices)
            # jit_compile off: XLA cannot compile a step in which devices wait for each other.
            self.copy.compile(optimizer, model.loss, run_eagerly=model.run_eagerly, jit_compile=False)
            optimizer.build(self.copy.trainable_variables)
        if not model.optimizer.built:
            model.optimizer.build(model.trainable_variables)

    def fit(self, inputs, answers, **options):
        """Train the model as `model.fit` does: its weights, optimizer and states are then those after the last round.

        Args:
            inputs, answers: as for `model.fit`, whole rounds of `batch_size` rows one after the other.
            options: as for `model.fit`.

        Returns:
            What `model.fit` returns.
        """
        own, copied = self._variables(self.model), self._variables(self.copy)
        for variable, mirrored in zip(own, copied, strict=True):
            self._assign(mirrored, np.asarray(variable))
        history = self.copy.fit(inputs, answers, **options)
        for variable, mirrored in zip(own, copied, strict=True):
            variable.assign(self._value(mirrored))
        return history

    @staticmethod
    def _variables(model) -> list:
        states = [state for layer in model.layers for state in (getattr(layer, "states", None) or [])]
        return [*model.weights, *model.optimizer.variables, *states]

    def _parts(self, variable) -> tuple:
        """Return the variables of all devices that make up one; a mirrored one counts once."""
        import tensorflow as tf

        parts = self.distribution.experimental_local_results(variable.value)
        return parts if variable.value.synchronization == tf.VariableSynchronization.ON_READ else parts[:1]

    def _value(self, variable) -> np.ndarray:
        return np.concatenate(parts) if len(parts := self._parts(variable)) > 1 else parts[0].numpy()

    def _assign(self, mirrored, value: np.ndarray) -> None:
        if len(parts := self._parts(mirrored)) == 1:
            mirrored.assign(value)
            return
        for part, share in zip(parts, np.split(value, len(parts)), strict=True):
            part.assign(share)


def _own_value_for_states(create, **settings):
    """Make the state of a recurrent layer a variable that has a value of its own on every device."""
    import tensorflow as tf

    if "rnn_state" in (settings.get("name") or ""):
        settings["synchronization"] = tf.VariableSynchronization.ON_READ
        settings["aggregation"] = tf.VariableAggregation.ONLY_FIRST_REPLICA
    return create(**settings)
