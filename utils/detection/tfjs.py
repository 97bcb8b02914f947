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
    model = _read_json(path)
    signature = model.get("signature") or {}
    weights = read_weights(path, model["weightsManifest"])
    graph_def = build_graph_def(model["modelTopology"], weights, path)
    inputs = [_tensor_name(info["name"]) for info in signature.get("inputs", {}).values()]
    if not inputs:
        inputs = [f"{node.name}:0" for node in graph_def.node if node.op == "Placeholder"]
    if outputs is None:
        outputs = [info["name"] for info in signature.get("outputs", {}).values()]
    if not outputs:
        raise ModelFileError(f"{path} names no outputs. Pass the names of the nodes to return: outputs=[...].")
    return GraphFunction(graph_def, inputs, [_tensor_name(name) for name in outputs], str(path))


def read_weights(path, manifest) -> dict[str, np.ndarray]:
    """Return the weights by name, widened from what they are stored as (float16, or 8 or 16 bits with a scale).

    Raises:
        ModelFileError: if a shard is missing, or is shorter or longer than the manifest says.
    """
    weights = {}
    for group in manifest:
        stored = b"".join(_read_shard(Path(path).parent / name) for name in group["paths"])
        position = 0
        for entry in group["weights"]:
            quantization = entry.get("quantization") or {}
            kind = quantization.get("dtype", entry["dtype"])
            if kind not in STORED:
                raise ModelFileError(
                    f"{path}: weight {entry['name']!r} is stored as {kind!r}; known are {', '.join(STORED)}."
                )
            count = math.prod(entry["shape"])
            size = count * np.dtype(STORED[kind]).itemsize
            if position + size > len(stored):
                raise ModelFileError(
                    f"{path}: the weights end at byte {len(stored):,}, inside {entry['name']!r}. The file "
                    f"{', '.join(group['paths'])} is truncated; fetch it again."
                )
            values = np.frombuffer(stored, STORED[kind], count, position).reshape(entry["shape"])
            position += size
            if "scale" in quantization:
                values = values * np.float32(quantization["scale"]) + np.float32(quantization["min"])
            weights[entry["name"]] = values.astype(entry["dtype"])
        if position != len(stored):
            raise ModelFileError(
                f"{path}: {len(stored):,} bytes of weights, but its manifest describes {position:,}. "
                "The two files do not belong together; fetch both again."
            )
    return weights


def build_graph_def(topology: dict, weights: dict[str, np.ndarray], path="model.json"):
    """Return a TensorFlow GraphDef: the topology with its weights as constants and fused layers taken apart.

    Raises:
        ModelFileError: if the topology is malformed, a weight is missing, or an operation is not admitted.
    """
    source = tf.compat.v1.GraphDef()
    try:
        json_format.ParseDict(topology, source)
    except json_format.ParseError as error:
        raise ModelFileError(f"{path}: its topology is no TensorFlow graph ({error}).") from None
    result = tf.compat.v1.GraphDef()
    result.versions.producer = tf.version.GRAPH_DEF_VERSION
    for node in source.node:
        if node.op in FUSED:
            _unfuse(node, result, path)
            continue
        if node.op not in OPERATIONS:
            raise ModelFileError(
                f"{path}: node {node.name!r} is of type {node.op!r}, which this reader does not admit. "
                "If it is harmless arithmetic, add it to utils.detection.tfjs.OPERATIONS."
            )
        copy = result.node.add()
        copy.CopyFrom(node)
        copy.device = ""
        if node.op == "Const":
            if node.name not in weights:
                raise ModelFileError(f"{path}: there is no weight for the constant {node.name!r}.")
            kind = tf.as_dtype(node.attr["dtype"].type)  # int64 is stored as int32
            tensor = tf.make_tensor_proto(weights[node.name].astype(kind.as_numpy_dtype), kind)
            copy.attr["value"].tensor.CopyFrom(tensor)
    return result


def _unfuse(node, graph_def, path) -> None:
    """Write a fused layer as convolution, BiasAdd and activation; TensorFlow fuses them again as it likes."""
    steps = [name.decode() for name in node.attr["fused_ops"].list.s]
    extra = node.input[2:]
    known = steps and steps[0] == "BiasAdd" and len(extra) == 1 and (
        len(steps) == 1 or (len(steps) == 2 and steps[1] in (*ACTIVATIONS, "LeakyRelu")))
    if not known:
        raise ModelFileError(f"{path}: node {node.name!r} fuses {steps} with {len(extra)} extra inputs; "
                             "expected BiasAdd and at most one activation.")
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


def _read_json(path: Path) -> dict:
    try:
        model = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelFileError(f"There is no model file {path}. Fetch it: utils.data.fetch.fetch(...).") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ModelFileError(f"{path} is not JSON ({error}). It is truncated or another file; fetch it again.") from None
    if not isinstance(model, dict) or model.get("format") != "graph-model":
        found = model.get("format") if isinstance(model, dict) else type(model).__name__
        raise ModelFileError(f"{path} is not a TF.js graph model: its format is {found!r}, expected 'graph-model'.")
    missing = [key for key in ("modelTopology", "weightsManifest") if key not in model]
    if missing:
        raise ModelFileError(f"{path} has no {' and no '.join(missing)}. It is not complete; fetch it again.")
    return model


def _read_shard(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelFileError(f"The weight file {path} is missing. Fetch it into the folder of the model.") from None


def _tensor_name(name: str) -> str:
    return name if ":" in name else f"{name}:0"
