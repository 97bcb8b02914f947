"""Reads TensorFlow.js graph models: model.json and its weight shards become one TensorFlow function.

The topology in model.json is a TensorFlow GraphDef written as JSON, without the weights. We put the weights back
as constants, take apart the two fused layers that TensorFlow itself has no kernel for, and let TensorFlow run it.
Only operations of `OPERATIONS` are admitted: a graph can do arithmetic, it can read or write nothing.

Format: https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts (ModelJSON, WeightsManifestConfig)
"""

import json
import math
import re
from pathlib import Path

import numpy as np
import tensorflow as tf
from google.protobuf import json_format

from utils.detection.graphs import GraphFunction, ModelFileError

OPERATIONS = frozenset(re.findall(r"\w+", """
    Add AddV2 AddN ArgMax AvgPool BiasAdd Cast ConcatV2 Const Conv2D Conv2DBackpropInput
    DepthwiseConv2dNative Div Elu Equal Exp ExpandDims Fill FloorDiv FloorMod GatherV2 Greater GreaterEqual
    Identity LeakyRelu Less LessEqual Log MatMul Max MaxPool Maximum Mean Min Minimum Mul Neg NoOp Pack Pad PadV2
    Placeholder Pow Prelu Range RealDiv Relu Relu6 Reshape ResizeBilinear ResizeNearestNeighbor Rsqrt Select SelectV2
    Shape Sigmoid Slice Softmax SparseToDense Split SplitV Sqrt Square SquaredDifference Squeeze StridedSlice Sub Sum
    Tanh Tile TopKV2 Transpose Unpack ZerosLike
"""))
FUSED = {"_FusedConv2D": "Conv2D", "FusedDepthwiseConv2dNative": "DepthwiseConv2dNative"}
ACTIVATIONS = ("Relu", "Relu6", "Elu", "Sigmoid", "Tanh")
FUSED_ONLY = ("fused_ops", "num_args", "num_host_args", "epsilon", "leakyrelu_alpha", "TArgs", "filter_format")
STORED = {"float32": "<f4", "int32": "<i4", "bool": "|u1", "float16": "<f2", "uint8": "|u1", "uint16": "<u2"}


def load(path, outputs=None) -> GraphFunction:
    """Read a TF.js graph model as one TensorFlow function with its weights as constants.

    Args:
        path: the model's JSON file; the shards that it names lie in the same folder.
        outputs: names of nodes to return, in this order; by default the outputs of its signature.

    Raises:
        ModelFileError: if a file is missing, truncated or malformed, or an operation is not admitted.
    """
    path = Path(path)
    try:
        model = json.loads(path.read_text(encoding="utf-8"))
        if model["format"] != "graph-model":
            raise ValueError(f"its format is {model['format']!r}, expected 'graph-model'")
        signature = model.get("signature", {})
        weights = read_weights(path.parent, model["weightsManifest"])
        graph_def = build_graph_def(model["modelTopology"], weights)
        inputs = [info["name"] for info in signature.get("inputs", {}).values()] or [
            node.name for node in graph_def.node if node.op == "Placeholder"]  # fmt: skip
        outputs = outputs or [info["name"] for info in signature["outputs"].values()]
    except (OSError, ValueError, KeyError, TypeError, json_format.ParseError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else error
        raise ModelFileError(f"{path} cannot be read as a TF.js graph model: {said}. If it is damaged, fetch it again.") from None
    return GraphFunction(graph_def, *([name if ":" in name else f"{name}:0" for name in names] for names in (inputs, outputs)), str(path))


def read_weights(folder: Path, manifest) -> dict[str, np.ndarray]:
    """Return the weights by name, widened from what they are stored as (float16, or 8 or 16 bits with a scale).

    Raises:
        OSError, ValueError, KeyError: if a shard is missing, has another length than the manifest says, or an unknown type.
    """
    weights = {}
    for group in manifest:
        stored, position = b"".join((folder / name).read_bytes() for name in group["paths"]), 0
        for entry in group["weights"]:
            quantization = entry.get("quantization") or {}
            kind = np.dtype(STORED[quantization.get("dtype", entry["dtype"])])
            count = math.prod(entry["shape"])
            values = np.frombuffer(stored, kind, count, position).reshape(entry["shape"])
            position += count * kind.itemsize
            if "scale" in quantization:
                values = values * np.float32(quantization["scale"]) + np.float32(quantization["min"])
            weights[entry["name"]] = values.astype(entry["dtype"])
        if position != len(stored):
            raise ValueError(f"{len(stored):,} bytes of weights, but its manifest describes {position:,}")
    return weights


def build_graph_def(topology: dict, weights: dict[str, np.ndarray]):
    """Return a TensorFlow GraphDef: the topology with its weights as constants and fused layers taken apart.

    Raises:
        ValueError, KeyError, ParseError: if the topology is malformed, a weight is missing, or an operation is not admitted.
    """
    source = json_format.ParseDict(topology, tf.compat.v1.GraphDef())
    result = tf.compat.v1.GraphDef()
    result.versions.producer = tf.version.GRAPH_DEF_VERSION
    for node in source.node:
        if node.op in FUSED:
            _unfuse(node, result)
            continue
        if node.op not in OPERATIONS:
            raise ValueError(f"node {node.name!r} is of type {node.op!r}, which this reader does not admit. "
                             "If it is harmless arithmetic, add it to utils.detection.tfjs.OPERATIONS")
        copy = result.node.add()
        copy.CopyFrom(node)
        copy.device = ""
        if node.op == "Const":
            kind = tf.as_dtype(node.attr["dtype"].type)  # int64 is stored as int32
            tensor = tf.make_tensor_proto(weights[node.name].astype(kind.as_numpy_dtype), kind)
            copy.attr["value"].tensor.CopyFrom(tensor)
    return result


def _unfuse(node, graph_def) -> None:
    """Write a fused layer as convolution, BiasAdd and activation; TensorFlow fuses them again as it likes."""
    steps = [name.decode() for name in node.attr["fused_ops"].list.s]
    extra = node.input[2:]
    known = steps and steps[0] == "BiasAdd" and len(extra) == 1 and (
        len(steps) == 1 or (len(steps) == 2 and steps[1] in (*ACTIVATIONS, "LeakyRelu")))
    if not known:
        raise ValueError(f"node {node.name!r} fuses {steps} with {len(extra)} extra inputs; expected BiasAdd and at most one activation")
    names = [f"{node.name}/unfused_{i}" for i in range(len(steps))] + [node.name]
    layer = graph_def.node.add(name=names[0], op=FUSED[node.op], input=node.input[:2])
    for key, value in node.attr.items():
        if key not in FUSED_ONLY and not key.startswith("_"):
            layer.attr[key].CopyFrom(value)
    if node.op == "FusedDepthwiseConv2dNative" and "use_cudnn_on_gpu" in layer.attr:
        del layer.attr["use_cudnn_on_gpu"]
    bias = graph_def.node.add(name=names[1], op="BiasAdd", input=[names[0], extra[0]])
    bias.attr["T"].CopyFrom(node.attr["T"])
    if "data_format" in node.attr:
        bias.attr["data_format"].CopyFrom(node.attr["data_format"])
    if len(steps) == 2:
        activation = graph_def.node.add(name=names[2], op=steps[1], input=[names[1]])
        activation.attr["T"].CopyFrom(node.attr["T"])
        if steps[1] == "LeakyRelu":
            activation.attr["alpha"].f = node.attr["leakyrelu_alpha"].f
