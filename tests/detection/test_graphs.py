"""The readers: TF.js graph models, TensorFlow 1 frozen graphs, and Lite's conversions."""

import base64
import json

import numpy as np
import pytest
import tensorflow as tf

from utils.data import datasets
from utils.detection import centernet, exported, labels, metrics, tfjs, zoo
from utils.detection.graphs import GraphFunction, ModelFileError
from utils.detection.lite import LiteFunction

CAT = 17  # COCO's own number


def find_bright_box(image):
    """A detector small enough to know its answer: the box around pixels above 200, and its mean brightness as score."""
    grey = tf.reduce_mean(tf.cast(image, tf.float32), axis=-1)[0]
    bright = tf.cast(tf.where(grey > 200), tf.float32)
    size = tf.cast(tf.shape(grey), tf.float32)
    box = tf.concat([tf.reduce_min(bright, 0) / size, (tf.reduce_max(bright, 0) + 1) / size], 0)
    score = tf.reduce_mean(tf.boolean_mask(grey, grey > 200)) / 255
    return answers(tf.reshape(box, [1, 1, 4]), tf.reshape(score, [1, 1]), tf.constant([[float(CAT)]]))


def answers(boxes, scores, classes):
    count = tf.reshape(tf.cast(tf.shape(boxes)[1], tf.float32), [1])
    return {"detection_boxes": boxes, "detection_scores": scores, "detection_classes": classes, "num_detections": count}


def save_frozen(function, path):
    with tf.Graph().as_default() as graph:
        image = tf.compat.v1.placeholder(tf.uint8, [1, None, None, 3], name="image_tensor")
        for name, tensor in function(image).items():
            tf.identity(tensor, name=name)
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path


@pytest.fixture(scope="module")
def bright_model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bright")
    return save_frozen(find_bright_box, folder / "graph.pb")


@pytest.fixture(scope="module")
def center_graph():
    return tfjs.load(zoo.model_file("centernet"), [centernet.HEAT, centernet.SIDES])


@pytest.fixture(scope="module")
def square():
    return datasets.load_photos()["astronaut"][None].astype(np.float32)


# ---- frozen graphs with the signature of the Object Detection API


def test_a_frozen_detector_finds_a_known_box_in_images_of_any_size(bright_model):
    detector = exported.load_frozen(bright_model)
    for height, width, box in ((40, 60, [10, 5, 30, 25]), (333, 217, [0, 0, 217, 100]), (600, 800, [799, 0, 800, 600])):
        image = np.zeros((height, width, 3), np.uint8)
        image[box[1] : box[3], box[0] : box[2]] = 230
        found = detector.detect(image)
        assert np.allclose(found.xyxy, [box], atol=1e-3)
        assert found.confidence[0] == pytest.approx(230 / 255)
        assert found.class_id.tolist() == [labels.COCO_NAMES.index("cat")]
        assert found.data["class_name"].tolist() == ["cat"]


def test_large_images_are_shrunk_for_the_graph_and_boxes_come_back_in_full_size(bright_model):
    image = np.zeros((5000, 10000, 3), np.uint8)
    image[1000:3000, 2000:8000] = 255
    found = exported.load_frozen(bright_model).detect(image)
    assert np.allclose(found.xyxy, [[2000, 1000, 8000, 3000]], atol=10)


def test_a_label_map_of_its_own_gives_numbers_and_names_as_in_the_file(bright_model):
    image = np.full((20, 20, 3), 255, np.uint8)
    found = exported.load_frozen(bright_model, label_map={CAT: "貓頭鷹"}).detect(image)
    assert (found.class_id.tolist(), found.data["class_name"].tolist()) == ([CAT], ["貓頭鷹"])
    with pytest.raises(ValueError, match=r"the classes \[17\], which the label map lacks"):
        exported.load_frozen(bright_model, label_map={1: "person"}).detect(image)


def test_a_converted_centernet_finds_the_same_as_frozen_graph(tmp_path):
    """CenterNet from TF.js, wrapped into the Object Detection API's signature, saved, loaded and compared."""
    graph = tfjs.load(zoo.model_file("centernet"), [centernet.BUILT_IN])

    def run(image):
        squares = tf.image.resize(tf.cast(image, tf.float32), [512, 512])
        found = tf.graph_util.import_graph_def(
            graph.graph_def, {"tower_0/images": squares}, [graph.outputs[0]], name="centernet")[0]
        left, top, right, bottom = tf.unstack(found[..., :4] / 512, axis=-1)
        classes = tf.gather(tf.constant(labels.COCO_IDS, tf.float32), tf.cast(found[..., 5], tf.int32))
        return answers(tf.stack([top, left, bottom, right], -1), found[..., 4], classes)

    image = datasets.load_photos()["astronaut"]  # 512 × 512, so that nothing is resized
    direct = zoo.load("centernet", engine="graph").detect(image)
    assert direct.data["class_name"].tolist() == ["person"]
    found = exported.load_frozen(save_frozen(run, tmp_path / "graph.pb")).detect(image)
    assert found.data["class_name"].tolist() == direct.data["class_name"].tolist()
    assert np.allclose(found.xyxy, direct.xyxy, atol=0.1) and np.allclose(found.confidence, direct.confidence, atol=1e-3)


def test_a_frozen_graph_that_is_missing_truncated_empty_or_of_another_signature_is_named(tmp_path, bright_model):
    with pytest.raises(ModelFileError, match="none.pb is no whole frozen graph .*No such file"):
        exported.load_frozen(tmp_path / "none.pb")
    content = bright_model.read_bytes()
    path = tmp_path / "graph.pb"
    for damaged, message in ((content[: len(content) // 2], "is no whole frozen graph"), (b"", "has no image_tensor:0"),
                             (b"<html>not found</html>", "is no whole frozen graph")):
        path.write_bytes(damaged)
        with pytest.raises(ModelFileError, match=message):
            exported.load_frozen(path)
    with tf.Graph().as_default() as graph:
        tf.identity(tf.compat.v1.placeholder(tf.float32, [1], name="x"), name="y")
    path.write_bytes(graph.as_graph_def().SerializeToString())
    with pytest.raises(ModelFileError, match=r"has no image_tensor:0, .*Its inputs are x; it ends in y\."):
        exported.load_frozen(path)


# ---- TF.js graph models


def test_our_decoding_of_centernets_maps_gives_the_boxes_that_its_own_graph_gives(center_graph, square):
    heat, sides = (np.asarray(value)[0] for value in center_graph(square))
    boxes, scores, class_ids = centernet.decode(heat, sides, 0.1)
    own = GraphFunction(center_graph.graph_def, center_graph.inputs, [centernet.BUILT_IN + ":0"])(square)[0].numpy()[0]
    own = own[own[:, 4] >= 0.1]
    assert len(own) == len(boxes) > 3
    assert np.allclose(own[:, :4], boxes, atol=1e-3) and np.allclose(own[:, 4], scores, atol=1e-6)
    assert own[:, 5].astype(int).tolist() == class_ids.tolist()


def test_lite_gives_what_the_graph_gives_in_the_same_order(center_graph, square):
    heat, sides = LiteFunction(center_graph)(square)
    expected_heat, expected_sides = (value.numpy() for value in center_graph(square))
    assert heat.shape == expected_heat.shape and np.abs(heat - expected_heat).max() < 0.02
    assert sides.shape == expected_sides.shape
    likely = expected_heat.max(axis=-1) > 0.05  # elsewhere the sides mean nothing and differ by up to some pixels
    assert likely.any() and np.abs(sides - expected_sides)[likely].max() < 2


def const(name, value, dtype="DT_FLOAT"):
    shape = {"dim": [{"size": str(n)} for n in np.shape(value)]}
    return {"name": name, "op": "Const", "attr": {
        "dtype": {"type": dtype}, "value": {"tensor": {"dtype": dtype, "tensorShape": shape}}}}


def text(value):
    return {"s": base64.b64encode(value.encode()).decode()}


@pytest.fixture
def tiny(tmp_path):
    """A fused 1 × 1 convolution with bias and ReLU, and its weights; `write` stores them and returns the path."""
    kernel, bias = np.array([[[[2.0], [-1.0], [0.5]]]]), np.array([0.25])
    kind = {"T": {"type": "DT_FLOAT"}}
    fused = {"name": "y", "op": "_FusedConv2D", "input": ["x", "kernel", "bias"], "attr": kind | {
        "strides": {"list": {"i": ["1", "1", "1", "1"]}}, "padding": text("SAME"), "data_format": text("NHWC"),
        "num_args": {"i": "1"}, "epsilon": {"f": 0.0},
        "fused_ops": {"list": {"s": [text("BiasAdd")["s"], text("Relu")["s"]]}}}}
    shape = {"dim": [{"size": str(n)} for n in (1, 4, 5, 3)]}
    topology = {"node": [
        {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": shape}}},
        const("kernel", kernel), const("bias", bias), fused]}
    half = {"dtype": "float16", "original_dtype": "float32"}
    weights = [{"name": "kernel", "shape": [1, 1, 3, 1], "dtype": "float32", "quantization": half},
               {"name": "bias", "shape": [1], "dtype": "float32"}]
    model = {"format": "graph-model", "modelTopology": topology, "weightsManifest": [
        {"paths": ["a.bin", "b.bin"], "weights": weights}],
        "signature": {"inputs": {"x": {"name": "x"}}, "outputs": {"y": {"name": "y"}}}}
    content = kernel.astype("<f2").tobytes() + bias.astype("<f4").tobytes()

    def write(change=lambda model: None, content=content):
        change(model)
        path = tmp_path / "model.json"
        path.write_text(json.dumps(model))
        (tmp_path / "a.bin").write_bytes(content[:3])
        (tmp_path / "b.bin").write_bytes(content[3:])
        return path

    return write


IMAGE = np.random.default_rng(0).normal(size=(1, 4, 5, 3)).astype(np.float32)


def test_a_fused_layer_with_float16_weights_in_two_shards_computes_convolution_bias_and_relu(tiny):
    (output,) = tfjs.load(tiny())(IMAGE)
    expected = np.maximum(IMAGE @ [2.0, -1.0, 0.5] + 0.25, 0)[..., None]
    assert np.allclose(output, expected, atol=1e-5) and (expected == 0).any() and (expected > 0).any()


def test_8_bit_weights_are_widened_with_their_scale(tiny):
    stored = np.array([30, 0, 15], "u1")
    scale = {"dtype": "uint8", "scale": 0.1, "min": -1.0}
    path = tiny(lambda model: model["weightsManifest"][0]["weights"][0].update(quantization=scale),
                stored.tobytes() + np.array([0.25], "<f4").tobytes())
    (output,) = tfjs.load(path)(IMAGE)
    assert np.allclose(output[..., 0], np.maximum(IMAGE @ [2.0, -1.0, 0.5] + 0.25, 0), atol=1e-5)


def write_one_layer(folder, node, shape, weights):
    """Store a graph of one node that takes x and the weights, by name; return the path."""
    kinds = {name: "DT_INT32" if value.dtype == np.int32 else "DT_FLOAT" for name, value in weights.items()}
    sizes = {"dim": [{"size": str(n)} for n in shape]}
    image = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": sizes}}}
    manifest = [{"name": name, "shape": list(value.shape), "dtype": str(value.dtype)} for name, value in weights.items()]
    (folder / "layer.bin").write_bytes(b"".join(value.astype(value.dtype.newbyteorder("<")).tobytes() for value in weights.values()))
    path = folder / "layer.json"
    path.write_text(json.dumps({
        "format": "graph-model", "signature": {"outputs": {"y": {"name": "y"}}},
        "modelTopology": {"node": [image, *(const(name, weights[name], kinds[name]) for name in weights), {"name": "y"} | node]},
        "weightsManifest": [{"paths": ["layer.bin"], "weights": manifest}]}))
    return path


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_a_transposed_convolution_enlarges_as_tensorflows_own(tmp_path, padding):
    random = np.random.default_rng(3)
    kernel, image = random.normal(size=(2, 2, 5, 3)).astype(np.float32), random.normal(size=(1, 4, 6, 3)).astype(np.float32)
    node = {"op": "Conv2DBackpropInput", "input": ["sizes", "kernel", "x"], "attr": {
        "T": {"type": "DT_FLOAT"}, "padding": text(padding), "data_format": text("NHWC"),
        "strides": {"list": {"i": ["1", "2", "2", "1"]}}, "dilations": {"list": {"i": ["1", "1", "1", "1"]}}}}
    weights = {"sizes": np.array([1, 8, 12, 5], np.int32), "kernel": kernel}
    (output,) = tfjs.load(write_one_layer(tmp_path, node, image.shape, weights))(image)
    assert np.allclose(output, tf.nn.conv2d_transpose(image, kernel, [1, 8, 12, 5], 2, padding), atol=1e-5)


@pytest.mark.parametrize(("transposed", "shape"), [(False, (3, 4)), (True, (4, 3))])
def test_a_matrix_product_is_numpys(tmp_path, transposed, shape):
    random = np.random.default_rng(4)
    image, kernel = random.normal(size=(2, 3)).astype(np.float32), random.normal(size=shape).astype(np.float32)
    node = {"op": "MatMul", "input": ["x", "kernel"], "attr": {
        "T": {"type": "DT_FLOAT"}, "transpose_a": {"b": False}, "transpose_b": {"b": transposed}}}
    (output,) = tfjs.load(write_one_layer(tmp_path, node, image.shape, {"kernel": kernel}))(image)
    assert np.allclose(output, image @ (kernel.T if transposed else kernel), atol=1e-5)


def change_op(op):
    return lambda model: model["modelTopology"]["node"][-1].update(op=op)


@pytest.mark.parametrize(("change", "message"), [
    (change_op("WriteFile"), "node 'y' is of type 'WriteFile', which this reader does not admit"),
    (change_op("NoSuchOp"), "node 'y' is of type 'NoSuchOp'"),
    (lambda m: m["modelTopology"]["node"][-1]["attr"].pop("fused_ops"), r"fuses \[\] with 1 extra inputs"),
    (lambda m: m["modelTopology"]["node"][-1]["attr"].update(T={"tipe": 1}), "tipe"),
    (lambda m: m["modelTopology"]["node"][-1].update(input=["x", "kernel", "nowhere"]), "is no usable TensorFlow graph"),
    (lambda m: m["weightsManifest"][0]["weights"][1].update(name="other"), "'bias' is missing"),
    (lambda m: m["weightsManifest"][0]["weights"][1].update(dtype="complex64"), "'complex64' is missing"),
    (lambda m: m["weightsManifest"][0]["weights"][1].update(shape=[9]), "buffer is smaller than requested size"),
    (lambda m: m["weightsManifest"][0]["weights"].pop(), "10 bytes of weights, but its manifest describes 6"),
    (lambda m: m["weightsManifest"][0].update(paths=["c.bin"]), "No such file or directory: .*c.bin"),
    (lambda m: m.pop("modelTopology"), "'modelTopology' is missing"),
    (lambda m: m.update(format="layers-model"), "its format is 'layers-model', expected 'graph-model'"),
    (lambda m: m.pop("signature"), "'outputs' is missing"),
    (lambda m: m["signature"]["outputs"]["y"].update(name="z"), r"has no z:0. Its inputs are x; it ends in y"),
])
def test_a_malformed_tfjs_model_is_named(tiny, change, message):
    with pytest.raises(ModelFileError, match=message):
        tfjs.load(tiny(change))


def test_a_truncated_or_missing_tfjs_file_is_named(tiny, tmp_path):
    path = tiny()
    path.write_text(path.read_text()[:100])
    with pytest.raises(ModelFileError, match="cannot be read as a TF.js graph model: .*If it is damaged, fetch it again"):
        tfjs.load(path)
    with pytest.raises(ModelFileError, match="No such file or directory: .*none.json"):
        tfjs.load(tmp_path / "none.json")


def test_without_a_signature_the_outputs_can_be_named(tiny):
    path = tiny(lambda model: model.pop("signature"))
    function = tfjs.load(path, outputs=["y"])
    assert function.inputs == ["x:0"] and function.input_shapes[0].as_list() == [1, 4, 5, 3]


def test_lite_refuses_outputs_that_it_could_confuse(tiny):
    graph = tfjs.load(tiny())
    twice = tf.compat.v1.GraphDef()
    twice.CopyFrom(graph.graph_def)
    copy = twice.node.add(name="again", op="Relu6", input=["y"])
    copy.attr["T"].type = tf.float32.as_datatype_enum
    with pytest.raises(ValueError, match="Two outputs of .* have one shape"):
        LiteFunction(GraphFunction(twice, graph.inputs, ["y:0", "again:0"]))


def test_the_needed_part_of_a_graph_is_smaller_and_computes_the_same(center_graph, square):
    part = center_graph.needed_part()
    assert len(part.node) < len(center_graph.graph_def.node)
    small = GraphFunction(part, center_graph.inputs, center_graph.outputs[:1])
    assert np.allclose(small(square)[0], center_graph(square)[0], atol=1e-4)


def test_iou_of_the_two_engines_boxes_is_one():
    photo = datasets.load_photos()["motorcycle"]
    graph, lite = (zoo.load("centernet", engine=engine).detect(photo) for engine in ("graph", "tflite"))
    assert np.diag(metrics.iou(graph.xyxy, lite.xyxy)).min() > 0.98
