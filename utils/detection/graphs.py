"""TensorFlow graphs as functions: what the readers of TF.js models and frozen graphs have in common."""

from pathlib import Path

import tensorflow as tf


class ModelFileError(ValueError):
    """A model file is missing, truncated, malformed or of another signature; the message says which and what to do."""


class GraphFunction:
    """A GraphDef with constants for weights, called like a function.

    Attributes:
        graph_def: what it was made of.
        inputs, outputs: tensor names such as "image_tensor:0".
        input_shapes: one TensorShape for each input.
        concrete: the TensorFlow ConcreteFunction, for example for TFLite's converter.
    """

    def __init__(self, graph_def, inputs, outputs, where: str = "the graph"):
        """Take the part of the graph that leads from `inputs` to `outputs`.

        Raises:
            ModelFileError: if it has no such inputs or outputs, or is inconsistent.
        """
        self.inputs, self.outputs, self.where = list(inputs), list(outputs), where
        known = {node.name for node in graph_def.node}
        missing = [name for name in (*self.inputs, *self.outputs) if name.split(":")[0] not in known]
        if missing:
            raise ModelFileError(f"{where} has no {', '.join(missing)}. {_offer(graph_def)}")
        self.graph_def = graph_def
        try:
            wrapped = tf.compat.v1.wrap_function(lambda: tf.graph_util.import_graph_def(graph_def, name=""), [])
            tensors = [wrapped.graph.as_graph_element(name) for name in (*self.inputs, *self.outputs)]
            self.concrete = wrapped.prune(tensors[: len(self.inputs)], tensors[len(self.inputs) :])
        except (ValueError, KeyError, tf.errors.OpError) as error:
            raise ModelFileError(f"{where} is no usable TensorFlow graph: {_first_line(error)}") from None
        self.input_shapes = [tensor.shape for tensor in tensors[: len(self.inputs)]]

    def __call__(self, *values) -> list[tf.Tensor]:
        """Run the graph on arrays or tensors of the inputs' types and return the outputs in their order."""
        result = self.concrete(*(tf.convert_to_tensor(value) for value in values))
        return list(result) if isinstance(result, (list, tuple)) else [result]

    def needed_part(self):
        """Return a copy of the GraphDef without the nodes that the outputs do not depend on."""
        nodes = {node.name: node for node in self.graph_def.node}
        needed, waiting = set(), [name.split(":")[0] for name in self.outputs]
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed.add(name)
                waiting += [source.split(":")[0].lstrip("^") for source in nodes[name].input]
        part = tf.compat.v1.GraphDef(versions=self.graph_def.versions)
        part.node.extend(node for node in self.graph_def.node if node.name in needed)
        return part


def read_frozen(path) -> tf.compat.v1.GraphDef:
    """Read a frozen graph: a binary GraphDef such as frozen_inference_graph.pb.

    Raises:
        ModelFileError: if the file is missing, or is not one.
    """
    try:
        return tf.compat.v1.GraphDef.FromString(Path(path).read_bytes())
    except Exception as error:  # protobuf's DecodeError has moved between versions
        raise ModelFileError(f"{path} is no whole frozen graph ({_first_line(error)}). Fetch it again.") from None


def _offer(graph_def) -> str:
    inputs = [node.name for node in graph_def.node if node.op == "Placeholder"]
    used = {name.split(":")[0].lstrip("^") for node in graph_def.node for name in node.input}
    ends = [node.name for node in graph_def.node if node.name not in used and node.op != "Const"]
    return f"Its inputs are {', '.join(inputs) or 'none'}; it ends in {', '.join(ends[:8]) or 'nothing'}."


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
