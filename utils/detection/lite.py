"""A graph as TensorFlow Lite runs it: faster on CPUs, and with 8-bit weights a quarter of the size."""

import os
import warnings

import numpy as np
import tensorflow as tf

from utils.detection.graphs import GraphFunction

INTERPRETER_NOTICE = r"\s*Warning: tf.lite.Interpreter is deprecated"  # of TensorFlow 2.20 and on; it still works


class LiteFunction:
    """A GraphFunction converted to TensorFlow Lite, called in the same way.

    Attributes:
        size: bytes of the converted model.
        quantised: whether its weights are stored in 8 bits.
    """

    def __init__(self, function: GraphFunction, quantised: bool = False, threads: int | None = None):
        """Convert a graph.

        Args:
            function: its inputs have fixed shapes.
            quantised: store weights in 8 bits and compute with them where Lite can (dynamic-range quantisation).
            threads: by default one for each CPU core that this process may use, at most 4.

        Raises:
            ValueError: if two outputs have the same shape.
        """
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function.concrete], function.concrete)
        if quantised:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        self.content = converter.convert()
        self.size, self.quantised = len(self.content), quantised
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", INTERPRETER_NOTICE, UserWarning)
            self._interpreter = tf.lite.Interpreter(model_content=self.content, num_threads=threads or _cores())
        self._interpreter.allocate_tensors()
        self._inputs = [details["index"] for details in self._interpreter.get_input_details()]
        self._outputs = _in_order(function, self._interpreter.get_output_details())

    def __call__(self, *values) -> list[np.ndarray]:
        """Run it on arrays and return the outputs in the order of the graph's."""
        for index, value in zip(self._inputs, values, strict=True):
            self._interpreter.set_tensor(index, np.asarray(value))
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index) for index in self._outputs]


def _in_order(function: GraphFunction, details) -> list[int]:
    """Lite may list outputs in another order and under other names; their shapes tell which is which."""
    by_shape = {tuple(detail["shape"]): detail["index"] for detail in details}
    if len(by_shape) != len(details):
        raise ValueError(f"Two outputs of {function.where} have one shape, so that TensorFlow Lite's cannot be told apart. "
                         "Use the engine 'graph'.")
    return [by_shape[tuple(tensor.shape)] for tensor in function.concrete.outputs]


def _cores() -> int:
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, 4)
