"""Bad input to public functions of utils, where the tests of a module leave it out: a sentence, never a silent wrong answer."""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import keras
import numpy as np
import pytest
from matplotlib.figure import Figure

import utils
from utils.detection import (
    centernet,
    detector,
    drawing,
    exported,
    graphs,
    labels,
    matting,
    metrics,
    nanodet,
    scenes,
    ssd,
    tracking,
    video,
    zoo,
)
from utils.models import (
    attention,
    autoencoder,
    charlm,
    devices,
    diffusion,
    efficientnet,
    evaluation,
    export,
    keras_files,
    recurrent,
    recurrent_bptt,
    sentiment,
    serving,
    text_encoder,
    transformer,
    word2vec,
    word2vec_pairs,
)  # fmt: skip
from utils.notebook import diagrams, display, label_layout, plots, profile
from utils.text import chinese, english, letters, markup, wiki_dump, wordpiece

NAN, INF = float("nan"), float("inf")
PICTURE = np.zeros((32, 32, 3), np.uint8)
WORDS = word2vec.WordVectors(["a", "b", "c"], np.eye(3))
BOX = np.array([[0.0, 0.0, 2.0, 2.0]])
TEXT = word2vec_pairs.flatten([[0, 1]], 2)
COUNTED = letters.NgramModel(1, [0, 1, 2, 1])
MIXTURE = diffusion.Mixture([1], [0], [1])
ENCODER = {"pieces": 9, "positions": 9, "width": 8, "hidden": 8, "layers": 1, "heads": 2}
PIECES = wordpiece.WordPiece({"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3})
WORD_IDS = english.Vocabulary([["a", "b"]])
CLASSIFIER = sentiment.Classifier(keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]), WORD_IDS, 3)
CODER = autoencoder.build((4, 4), (8,), 2)
READER = text_encoder.TextEncoder(text_encoder.build(**(ENCODER | {"pieces": 4})), PIECES)
HEAT = centernet.CenterNet.__new__(centernet.CenterNet)
HEAT.input_size = 128
FOUND = detector.as_detections(BOX, [1], {1: "cat"}, [0.5])
NO_PICTURES = ((None, "Expected an image as a NumPy array"), ("x", "Expected an image"), (np.zeros((20, 20)), "is grey"),
               (np.zeros((0, 3, 3), np.uint8), "is empty"), (np.zeros((20, 20, 4), np.uint8), "four channels"),
               (np.full((20, 20, 3), NAN), "expected uint8"))  # fmt: skip
SHEET = Figure().subplots()
SKETCH = diagrams.Sketch(SHEET, 1, 1)
INKED = np.full((1, 28, 28), 255, np.uint8)
NO_TEXT = (None, 3, 1.5, ["a"], b"a", np.zeros(2))

TABLE = {
    # models
    "attention.attend": [
        (lambda: attention.attend([1.0, 2.0], [1.0, 2.0], [1.0, 2.0]), "queries and keys of one width"),
        (lambda: attention.attend(np.zeros((1, 2)), np.zeros(2), np.zeros(2)), "queries and keys of one width"),
    ],
    "attention.attend, its mask": [
        (lambda mask=mask: attention.attend(np.eye(2), np.eye(2), np.eye(2), mask), "Expected a mask of True")
        for mask in ([[0, -1e9], [0, 0]], [[0.5, 1], [1, 1]], np.ones((2, 2), int), np.ones((3, 2), bool), np.ones((2, 3), bool))
    ]
    + [(lambda bad=bad: attention.attend(np.ones((2, bad[1])), np.ones(bad), np.ones(bad)), "at least one") for bad in ((0, 2), (2, 0))]
    + [(lambda: attention.attend(np.eye(2), np.eye(2) * 1j, np.eye(2)), "found complex")],
    "attention's networks": [
        (lambda build=build, sizes=sizes: build(9, 9, **({"units": 8, "heads": 2} | sizes)), says)
        for build in (attention.build, attention.build_transformer)
        for sizes, says in (
            *(({"heads": n}, f"heads is at least 1, a whole number, not {n}") for n in (0, -1, 1.5)),
            ({"units": 0}, "width is at least 1"),
            ({"heads": 3}, "8 is no multiple of 3"),
        )
    ]
    + [
        (lambda: attention.build(0, 9), "source_size is at least 1"),
        (lambda: attention.build(9, NAN), "target_size is at least 1, a whole number, not nan"),
        (lambda: attention.build(9, 9, units=7), "7 is no multiple of 2"),
        (lambda: attention.build_transformer(9, 9, blocks=-1), "blocks is at least 1"),
        (lambda: attention.Positions(3)(np.zeros((1, 4, 2))), "Expected at most 3 places, found 4"),
        (lambda: attention.Positions(1)(np.zeros((1, 4, 2))), "Expected at most 1 places, found 4"),
    ]
    + [
        (lambda n=n: attention.build_transformer(9, 9)([np.ones((1, n)), np.ones((1, 1))]), "at most 64 places, found")
        for n in (65, 10_000)
    ],
    "attention.compile_for": [
        (lambda updates=updates, rate=rate: attention.compile_for(None, updates, rate), "updates of at least 1 and a rate above 0")
        for updates, rate in ((0, 1), (-5, 1), (NAN, 1), (1, 0), (1, -1), (1, NAN), (1, INF))
    ],
    "attention.pad": [(lambda row=row: attention.pad([[1], row]), "ids, which are whole numbers") for row in ([1.5], [NAN], "ab", ["a"])],
    "attention.Batches": [(lambda n=n: attention.Batches([[1]], [[1]], batch_size=n), "at least 1, not") for n in (0, -1)],
    "attention.tokens": [(lambda text=text: attention.tokens(text), r"tokens\(\) needs") for text in NO_TEXT],
    "attention.chrf": [(lambda text=text: attention.chrf(text, "a"), r"chrf\(\) needs") for text in NO_TEXT],
    "attention.is_exact": [(lambda text=text: attention.is_exact("a", text), r"is_exact\(\) needs") for text in NO_TEXT],
    "autoencoder.in_batches": [
        (lambda n=n, size=size: autoencoder.in_batches(None, np.zeros((n, 2)), size), "at least one input and a batch_size")
        for n, size in ((0, 1), (1, 0), (1, -1))
    ],
    "charlm": [(lambda bits=bits: charlm.perplexity(bits), "bits are a mean") for bits in (INF, NAN, -1, 1e9)],
    "devices.strategy": [(lambda kind=kind: devices.strategy(kind), "kind is 'GPU', 'CPU' or None") for kind in ("TPU", "gpu", 3, "")],
    "diffusion.Mixture": [
        (lambda m=m, d=d: diffusion.Mixture([1], [m], [d]), "Expected finite means") for m, d in ((NAN, 1), (INF, 1), (0, NAN), (0, INF))
    ]
    + [(lambda t=t: MIXTURE.guess(0.0, t), "Expected times above 0") for t in (0, -1, NAN)]
    + [(lambda t=t: MIXTURE.density(0.0, t), "Expected times from 0 to 1") for t in (2, -1, NAN)]
    + [
        (lambda: diffusion.Mixture([1], [0], [0]).density(0.5), "above 0 where a part is a point"),
        (lambda: MIXTURE.guess([1, 2], [0.1, 0.2]), "Expected one time"),
    ],
    "diffusion.frechet_distance": [
        (lambda bad=bad: diffusion.frechet_distance([[bad], [1], [2]], [[1], [2]]), "Expected finite numbers") for bad in (NAN, INF)
    ],
    "diffusion.frechet_distance, other numbers": [
        (lambda bad=bad: diffusion.frechet_distance(bad, [[1], [2]]), "Expected points of real") for bad in ([[1j], [2]], [["a"], ["b"]])
    ]
    + [(lambda: diffusion.frechet_distance(np.ones((3, 0)), np.ones((3, 0))), "Expected points")],
    "evaluation": [
        (lambda bad=bad: evaluation.paired_difference(bad, [1, 2]), "Expected a list of numbers")
        for bad in (["1", "2"], "ab", [1j, 2], [None, 1])
    ],
    "export": [
        (lambda bad=bad, run=run: run(bad), "Expected a grey picture")
        for bad in ([[NAN]], [[1, INF]], [1, 2], [], np.ones((3, 3, 3)))
        for run in (export.centred, lambda picture: export.resized(picture, 2, 2))
    ]
    + [
        (lambda size=size: export.resized([[1, 2]], *size), "whole height and width of at least 1")
        for size in ((0, 1), (1, -1), (1.5, 1), (1, NAN))
    ]
    + [(lambda: export.centred([[-1, -2]]), "Draw a digit first"), (lambda: export.centred([[0, 256]]), "found up to 256")]
    + [(lambda: export.milliseconds({"a": int}, 2, warm_up=-1), "something to time, once or more; found 1 functions, 2 rounds after -1")],
    "recurrent": [(lambda bias=bias: recurrent.LSTM(1, 1, forget_bias=bias), "forget_bias is a finite") for bias in (NAN, INF)],
    "recurrent_bptt": [
        (lambda step=step: recurrent_bptt.numerical_gradient(lambda: 0.0, np.zeros(2), step), "step is a finite number above 0")
        for step in (NAN, INF, 0, -1)
    ],
    "sentiment": [(lambda text=text: sentiment.with_bigrams(text), "needs a list of words, not a") for text in ("not good", b"not good")],
    "transformer.windows": [
        (lambda size=size: transformer.windows([0, 1, 2], *size), "context and number are at least 1")
        for size in ((0, 1), (-1, 1), (1, 0), (1, -1))
    ],
    "transformer.letter_bits": [(lambda n=n: transformer.letter_bits(None, [0, 1, 2], 2, n), "batch_size is at least 1") for n in (0, -1)]
    + [(lambda: transformer.letter_bits(transformer.build(5, context=4, width=8), [0] * 9, 5), "Expected at most 4 places, found 5")],
    "text_encoder": [
        (lambda sizes=sizes: text_encoder.build(**(ENCODER | sizes)), says)
        for sizes, says in (
            *(({name: 0}, f"{name} is at least 1") for name in ("pieces", "positions", "width", "hidden", "layers", "heads")),
            ({"heads": 3}, "8 is no multiple of 3"),
        )
    ],
    "word2vec": [
        (lambda wish=wish: WORDS.nearest("a", **wish), "count and among are at least 1")
        for wish in ({"count": 0}, {"count": -1}, {"count": NAN}, {"among": 0}, {"among": -2})
    ]
    + [(lambda n=n: WORDS.analogy_accuracy({"a": ["abca"]}, among=n), "among are at least 1, not") for n in (0, -1, NAN)],
    "word2vec_pairs": [
        (lambda keep=keep: word2vec_pairs.subsample(TEXT, np.array(keep), np.random.default_rng(0)), "keep is a probability")
        for keep in ([NAN, 1], [2.0, 1], [-0.5, 1], [0.5])
    ]
    + [(lambda power=power: word2vec_pairs.noise_distribution([0, 2], power), "power is a finite") for power in (NAN, INF, -1)]
    + [(lambda n=n: word2vec_pairs.noise_table([1, 2], size=n), "at least 1, not") for n in (0, -1, 1.5, NAN, INF)]
    + [(lambda n=n: word2vec_pairs.skip_gram_pairs([[0, 1]], 2, n), "window is a whole number") for n in (0, NAN, INF, "2")]
    + [(lambda n=n: word2vec_pairs.flatten([[0, 1]], n), "holds the id") for n in (1, 0, -1, NAN)],
    "attention.attend_backward": [
        (lambda bad=bad: attention.attend_backward(np.zeros(bad), np.eye(2), np.eye(2), np.eye(2)), "Expected the gradient of what attend")
        for bad in (2, (1, 2), (3, 2), (2, 3))
    ],
    "attention.join": [(lambda bad=bad: attention.join(bad), r"join\(\) needs a list of tokens") for bad in ("ab", [1], ["a", None])],
    "attention.Positions": [
        (lambda n=n: attention.Positions(n), "longest is at least 1, a whole number") for n in (0, -1, 1.5, NAN, "3", None)
    ]
    + [(lambda: attention.check_sizes(8, 3), "8 is no multiple of 3")],
    "autoencoder.build": [(lambda n=n: autoencoder.build((4, 4), (8,), n), "code_dim") for n in (0, -1, NAN)],
    "autoencoder.Autoencoder.reconstruct": [
        (lambda bad=bad: CODER.reconstruct(bad), "images ha?o?l?d?s") for bad in (None, "x", np.zeros((2, 5, 5)), np.full((1, 4, 4), NAN))
    ],
    "charlm.get_state": [(lambda bad=bad: charlm.get_state(bad), "Expected a model of letters") for bad in (None, 3, "x")]
    + [(lambda bad=bad: charlm.set_state(bad, None), "Expected a model of letters") for bad in (None, 3, "x")],
    "charlm.Generator.write": [
        (lambda n=n: charlm.Generator(charlm.build_model(4, 1)).write(n), "length is a whole number of letters")
        for n in (-1, 1.5, NAN, "3", None)
    ]
    + [(lambda: charlm.Generator(charlm.build_model(4, 1), ""), "start")],
    "charlm.letter_bits": [
        (lambda n=n: charlm.letter_bits(charlm.build_model(4, 1), [0, 1, 2], n), "unroll, how many letters") for n in (0, -1)
    ]
    + [
        (lambda: charlm.check_start(charlm.build_model(4, 1), "", letters.ALPHABET), "at least one letter to start from"),
        (lambda: charlm.check_start(charlm.build_model(4, 1), "a", "ab"), "the alphabet has 2"),
        (lambda: keras_files.check_trained(charlm.build_model(4, 1), "This model", "train it"), "has never been trained: train it"),
    ],
    "autoencoder.check_images": [
        (lambda bad=bad: autoencoder.check_images(bad), "images") for bad in (None, "x", np.zeros((2, 5)), np.full((1, 4, 4), NAN))
    ],
    "diffusion.Mixture.draw": [(lambda n=n: MIXTURE.draw(n, 0), "count is a whole number") for n in (-1, 1.5, NAN, "3", None)]
    + [(lambda bad=bad: MIXTURE.density(0.0, bad), "Expected one time") for bad in ([], [0.2, 0.5])],
    "efficientnet.to_keras": [
        (lambda bad=bad: efficientnet.to_keras(*bad), "Expected a name and an array of 1, 2 or 4 axes")
        for bad in (("kernel", None), (None, np.zeros((1, 1, 1, 1))), (3, 3), ("conv", np.zeros((2, 2, 2))), ("conv", np.zeros(())))
    ],
    "efficientnet.load": [(lambda n=n: efficientnet.load(n), "whole number of at least 32") for n in (0, -1, 31, 1.5, NAN, "224")],
    "recurrent_bptt.Cell": [
        (lambda build=build, sizes=sizes: build(*sizes), "must be a whole number of at least 1")
        for build in (recurrent.RNN, recurrent.GRU, recurrent.LSTM)
        for sizes in ((0, 2), (2, -1), (1.5, 2), (2, "3"), (None, 2))
    ],
    "recurrent_bptt.relative_error": [(lambda: recurrent_bptt.relative_error([1, 2], [1, 2, 3]), "shape")],
    "sentiment.distinct_ids": [
        (lambda bad=bad: sentiment.distinct_ids(*bad), says)
        for bad, says in (
            *(((words, ["a"]), "Expected a Vocabulary") for words in (None, 3)),
            *(((WORD_IDS, items), "Expected words, each a str") for items in ([1], ["a", None])),
            ((WORD_IDS, "ab"), "needs a list of tokens"),
        )
    ],
    "sentiment.Classifier.probabilities_of_ids": [
        (lambda bad=bad: CLASSIFIER.probabilities_of_ids(bad), r"Expected ids \(reviews, 3\), whole numbers below 4")
        for bad in (None, "x", np.zeros(3, int), np.zeros((2, 5), int), np.full((1, 3), 99), np.full((1, 3), -1), np.full((1, 3), NAN))
    ],
    "sentiment.Classifier.probability": [
        (lambda ask=ask, bad=bad: ask(bad), "needs one str")
        for bad in (None, 3, ["a"])
        for ask in (CLASSIFIER.probability, CLASSIFIER.known_words)
    ]
    + [
        (lambda: CLASSIFIER.probabilities("a b"), "needs a list of reviews"),
        (lambda: CLASSIFIER.vectorise_tokens(["a b"]), "needs a list of tokens"),
    ],
    "sentiment.words": [(lambda text=text: sentiment.words(text), "needs") for text in NO_TEXT],
    "serving.ask": [
        (lambda bad=bad: serving.ask(bad, {}), "Expected an address such as") for bad in (None, 3, "x", "ftp://a", "http://", "https://a")
    ]
    + [(lambda bad=bad: serving.serve(*bad).__enter__(), "Expected two functions") for bad in ((None, None), (int, 3))],
    "text_encoder.TextEncoder.states": [
        (lambda bad=bad: READER.states(*bad[0], **bad[1]), says)
        for bad, says in ((((3,), {"most": 5}), "needs"), ((("a",), {"most": 10}), "9 positions"), ((("a",), {"most": 1}), "at least 2"))
    ],
    "word2vec_pairs.cbow_pairs": [
        (lambda bad=bad: word2vec_pairs.cbow_pairs(*bad), says)
        for bad, says in (
            (([[5]], 2), "holds the id 5"), (([[NAN]], 2), "whole numbers were expected"), (([], 2), "The corpus is empty"),
            (("ab", 2), "encode it first"), (([[0, 1]], 2, 0), "window is a whole number"),
        )
    ]
    + [(lambda: word2vec_pairs.draw_reach(3, 0, True, np.random.default_rng(0)), "window is a whole number")],
    "word2vec_pairs.count": [(lambda bad=bad: word2vec_pairs.count(bad, 2), "Expected what flatten") for bad in (None, "x", [0, 1])]
    + [(lambda n=n: word2vec_pairs.count(TEXT, n), "whole number above every id") for n in (0, 1, -1, NAN, 2.5)],
    "word2vec.WordVectors.analogy_accuracy": [
        (lambda bad=bad: WORDS.analogy_accuracy(bad), "Expected sections, {name: rows of four words}")
        for bad in (None, "x", [1], {"a": None}, {"a": 3}, {"a": [1]}, {"a": ["abc"]}, {"a": [[1, 2, 3, 4]]})
    ],
    # detection
    "detector.stretch": [
        (lambda fit=fit, size=size: fit(PICTURE, size), "Expected a side of at least 1 pixel, a whole number")
        for fit in (detector.stretch, detector.letterbox)
        for size in (0, -1, 1.5, NAN, "8", None)
    ]
    + [
        (lambda call=call, bad=bad: call(bad), says)
        for call in (
            lambda picture: detector.stretch(picture, 8), lambda picture: detector.letterbox(picture, 8), nanodet.prepare,
            lambda picture: drawing.annotate(picture, FOUND), detector.check_image, lambda picture: HEAT.heat_map(picture),
        )
        for bad, says in NO_PICTURES
    ],
    "detector.Fit": [
        (lambda scales=scales: detector.Fit(*scales), "Expected scales above 0") for scales in ((0, 1), (1, -1), (NAN, 1), (1, INF))
    ]
    + [
        (lambda bad=bad: detector.Fit(1, 1).back(bad), r"Expected boxes \(n, 4\)")
        for bad in (np.zeros(3), [0, 0, 1, 1], None, np.zeros((2, 5)))
    ],
    "detector.channel_order": [(lambda bad=bad: detector.channel_order(bad, [PICTURE]), "Expected a detector") for bad in (None, 3)]
    + [(lambda: detector.channel_order(ssd.SsdDetector(None), PICTURE), "Expected one image|grey")],
    "detector.Detector": [
        (lambda wish=wish: ssd.SsdDetector(None, **wish), "expected 0 ... 1")
        for wish in ({"score_threshold": NAN}, {"score_threshold": 2}, {"iou_threshold": -1})
    ],
    "drawing.annotate": [(lambda bad=bad: drawing.annotate(PICTURE, bad), "Expected supervision Detections") for bad in (None, [1], BOX)]
    + [(lambda: drawing.annotate(PICTURE, FOUND, "fr"), "There is no language")],
    "exported.ExportedDetector": [(lambda bad=bad: exported.ExportedDetector(bad), "Expected a function") for bad in (None, 3, "x")],
    "labels.chinese": [(lambda bad=bad: labels.chinese(bad), "Expected the name of a class") for bad in (None, 3, ["cat"])],
    "metrics.match": [
        (lambda bad=bad: metrics.match(*bad), "Expected supervision Detections") for bad in ((None, None), ([1], FOUND), (FOUND, BOX))
    ]
    + [(lambda: metrics.match(FOUND, FOUND, NAN), "expected 0 ... 1"), (lambda: metrics.check_threshold("a"), "expected|supported")]
    + [(lambda bad=bad: metrics.check_detections(bad), "Expected supervision Detections, found") for bad in (None, BOX)],
    "metrics.average_over_thresholds": [
        (lambda: metrics.average_over_thresholds([], []), "No image holds a true box"),
        (lambda: metrics.average_over_thresholds([FOUND], []), "Give one each an image"),
    ],
    "centernet.decode": [
        (lambda bad=bad: centernet.decode(*bad), says)
        for bad, says in (
            ((np.full((4, 4, 2), NAN), np.zeros((4, 4, 4)), 0.3), "Expected heat"),
            ((np.zeros((4, 4)), np.zeros((4, 4, 4)), 0.3), "Expected heat"),
            ((np.zeros((4, 4, 2)), np.zeros((3, 3, 4)), 0.3), "Expected heat"),
            ((None, None, 0.3), "Expected heat"),
            *(((np.zeros((4, 4, 2)), np.zeros((4, 4, 4)), t), "score_threshold is .*; expected 0 ... 1") for t in (NAN, -1, 2)),
        )
    ]
    + [
        (lambda: centernet.CenterNet("/nothing", input_size=-1), "expected a multiple of 32"),
        (lambda: centernet.run_with("x", None), "There is no engine"),
    ],
    "nanodet.decode": [
        (lambda bad=bad: nanodet.decode(*bad), says)
        for bad, says in (
            ((np.ones((4, 2)), np.zeros((3, 44)), 8, 0.3), "Expected scores"),
            ((np.ones((2704, 2)), np.zeros((2704, 40)), 8, 0.3), "Expected scores"),
            ((np.ones((2704, 2)), np.zeros((2704, 44)), 0, 0.3), "Expected scores"),
            ((np.ones(2704), np.zeros((2704, 44)), 8, 0.3), "Expected scores"),
            ((np.full((2704, 2), NAN), np.zeros((2704, 44)), 8, 0.3), "without NaN"),
            ((np.ones((2704, 2)), np.zeros((2704, 44)), 8, NAN), "score_threshold is nan"),
        )
    ]
    + [(lambda: nanodet.NanoDet("/nothing"), "/nothing cannot be read"), (lambda: matting.Matting("/nothing"), "/nothing cannot be read")],
    "ssd.encode": [
        (lambda bad=bad: ssd.encode(*bad), says)
        for bad, says in (
            ((np.zeros((2, 3)), BOX), r"Expected boxes \(n, 4\)"), ((BOX, np.zeros((2, 4))), r"Expected boxes \(n, 4\)"),
            ((None, BOX), r"Expected boxes \(n, 4\)"), ((BOX * 0, BOX), "with an area"), ((BOX * NAN, BOX), "Expected finite boxes"),
            ((BOX[:, ::-1], BOX), "with an area"),
        )
    ]
    + [
        (lambda bad=bad: ssd.decode(*bad), says)
        for bad, says in (
            ((np.zeros((2, 3)), BOX), "Expected offsets"),
            ((None, BOX), "Expected offsets"),
            ((BOX * NAN, BOX), "Check the network"),
        )
    ]
    + [(lambda bad=bad: ssd.make_target(bad, ssd.make_anchors()), "Expected supervision Detections") for bad in (None, BOX)],
    "tracking.IouTracker.update": [
        (lambda bad=bad: tracking.IouTracker().update(bad), "Expected supervision Detections") for bad in (None, BOX, [[0, 0, 1, 1]])
    ],
    "zoo.model_file": [(lambda bad=bad: zoo.model_file(bad), "Expected a name of the catalog") for bad in (None, 3, ["centernet"])],
    "detector.as_detections": [
        (lambda given=given: detector.as_detections(BOX, given[0], {}, given[1]), "whole class numbers and finite scores")
        for given in (([1.5], [1]), ([NAN], [1]), ([INF], None), ([1], [NAN]), ([1], [INF]))
    ],
    "ssd.match_anchors": [
        (lambda threshold=threshold: ssd.match_anchors(BOX, BOX, threshold), "iou_threshold is .*; expected 0 ... 1")
        for threshold in (NAN, INF, -1, 1.5)
    ]
    + [(lambda bad=bad: ssd.match_anchors(BOX, np.full((1, 4), bad)), "boxes must be finite numbers") for bad in (NAN, INF)],
    "drawing.gallery": [
        (lambda given=given: drawing.gallery(*given), "one picture and one column")
        for given in (({},), ({"a": PICTURE}, 0), ({"a": PICTURE}, -1))
    ],
    "metrics": [(lambda: metrics.supervisions_maps([], []), "No image holds a true box")],
    "scenes.as_rgb": [
        (lambda bad=bad: scenes.as_rgb(bad), "Expected one grey scene")
        for bad in (PICTURE, np.zeros((2, 2)), np.array([[NAN]]), np.zeros((0, 2, 2), np.uint8))
    ],
    "scenes": [
        (lambda labels=labels: scenes.make_masked_scenes(INKED, labels, 1, 0), "Expected labels 0 ... 9, whole numbers")
        for labels in ([10], [-1], [300], [1.7], [NAN], ["1"])
    ]
    + [
        (lambda: scenes.make_masked_scenes(np.zeros((1, 28, 28), np.uint8), [1], 1, 0, clutter=0), "Expected digits with ink"),
        (lambda: scenes.make_scenes([[1, 2]], [1], 1, 0), "Expected digits as uint8"),
    ],
    "ssd": [
        (lambda bad=bad: ssd.SsdDetector(None).detect_all(bad), "Expected grey scenes, uint8 n × 96 × 96")
        for bad in (np.zeros((1, 96, 96)), np.zeros((1, 50, 50), np.uint8), np.zeros((96, 96), np.uint8))
    ],
    "tracking": [(lambda: tracking.IouTracker(0.3, NAN), "patience at least 0"), (lambda: tracking.IouTracker(NAN), "must be in 0 ... 1")],
    # notebook
    "diagrams.Sketch": [
        (lambda width=width: diagrams.Sketch(SHEET, width, 1), says)
        for width, says in ((0, "above 0"), (-1, "above 0"), (NAN, "Expected finite numbers"), ("x", "Expected finite numbers"))
    ]
    + [
        (lambda draw=draw, x=x: draw(SKETCH, x), "Expected finite numbers, in the units of the axes")
        for x in (NAN, INF, "x", None)
        for draw in (lambda s, x: s.box(x, 1, "a", "red"), lambda s, x: s.circle(1, x, "a", "red"), lambda s, x: s.text(x, 1, "a"),
                     lambda s, x: s.arrow((x, 1), (1, 1)))
    ]
    + [(lambda points=points: SKETCH.arrow(*points), "from a point to another") for points in ((), ((0, 0),))],
    "display.table": [
        (lambda rows=rows: display.table(rows), r"table\(\) needs rows") for rows in (None, 3, "ab", [1], ["ab"], [[1], 2])
    ]
    + [(lambda: display.table([[1.5]], digits=-1), "digits of at least 0")],
    "label_layout.place_labels": [
        (lambda bad=bad: label_layout.place_labels(*bad), r"Expected finite dots \(n, 2\)")
        for bad in (([[NAN, 1]], [[1, 1]], (0, 0, 9, 9)), ([[0, 1]], [[1, 1], [2, 2]], (0, 0, 9, 9)), ([[0, 1]], [[1, 1]], (0, 0)),
                    ([[0, 1]], [[-1, 1]], (0, 0, 9, 9)), ([[0, 1]], [[INF, 1]], (0, 0, 9, 9)))
    ],
    "profile.measured": [
        (lambda lesson=lesson: profile.measured(lesson, "x"), "Nothing is measured of the lesson") for lesson in ("x", None, "../x")
    ],
    "plots.confusion": [
        (lambda cell=cell: plots.confusion([[cell, 1], [1, 1]], "ab"), "holds counts, finite numbers of at least 0")
        for cell in (NAN, INF, -1, "a", 1j)
    ],
    "profile": [(lambda seed=seed: profile.chosen_seed(seed), "A seed is an integer") for seed in ("x", -1, 1.5, None, NAN, 2**32)],
    # text
    "chinese": [
        (lambda bad=bad, ask=ask: ask(bad), "Expected one character")
        for bad in ("ab", "", None, 3)
        for ask in (chinese.is_simplified, chinese.is_traditional)
    ],
    "english": [(lambda n=n: english.Vocabulary([["a"]], min_count=n), "min_count is at least 1, not") for n in (0, -1, NAN, INF)],
    "letters": [
        (lambda text=text, name=name: getattr(letters, name)(text), rf"{name}\(\) needs")
        for text in NO_TEXT
        for name in ("encode", "alphabet_of")
    ]
    + [(lambda ids=ids: COUNTED.bits_per_character(ids), "at least two letters") for ids in ([], [0])]
    + [(lambda n=n: COUNTED.size(n), "order is 1 ... 1 for this model") for n in (0, -1, 2, 1.5, NAN, "1")],
    "markup": [(lambda text=text: markup.visible_wikitext(text), r"visible_wikitext\(\) needs") for text in NO_TEXT]
    + [(lambda text=text: markup.strip_html(text), r"strip_html\(\) needs") for text in NO_TEXT],
    "wiki_dump.iter_texts": [
        (lambda bad=bad: list(wiki_dump.iter_texts(bad)), "needs a list of paths") for bad in (None, 3, "x", [3], Path("x"))
    ],
    "letters.as_ids": [(lambda bad=bad: letters.as_ids(bad), "whole numbers|ids") for bad in (["a"], [1.5], [NAN], [27], [-1])],
    "markup.check_text": [(lambda text=text: markup.check_text(text, "it"), r"it\(\) needs") for text in NO_TEXT],
    "wordpiece": [(lambda text=text: wordpiece.split_words(text), r"split_words\(\) needs") for text in NO_TEXT]
    + [(lambda: PIECES.ids("ab"), r"ids\(\) needs a list of pieces")],
}
CASES = [pytest.param(*case, id=f"{name} {number}") for name, cases in TABLE.items() for number, case in enumerate(cases)]


@pytest.mark.parametrize(("call", "says"), CASES)
def test_bad_input_is_told_in_a_sentence(call, says):
    with pytest.raises((ValueError, TypeError), match=says):
        call()


@pytest.mark.parametrize(("call", "name"), [
    (lambda: video.FileSource("/nothing.mp4"), "/nothing.mp4"), (lambda: video.CameraSource(99), "camera 99"),
    (lambda: graphs.read_frozen("/nothing"), "/nothing"), (lambda: zoo.model_file("zebra"), "zebra"), (lambda: WORDS.id("zebra"), "zebra"),
    (lambda: keras_files.load("/nothing", save_with="save()"), "/nothing"),
])  # fmt: skip
def test_what_is_not_there_is_named(call, name):
    with pytest.raises((OSError, KeyError, RuntimeError, ValueError, video.VideoError), match=name):
        call()


# Functions to which no student hands anything that could be wrong.
OF_OTHERS = {
    # Keras or TensorFlow calls them, within a graph
    "Autoencoder.build", "Autoencoder.call", "Positions.build", "ssd.losses", "ssd.ssd_loss", "ssd.hardest_negatives",
    "word2vec_training.negative_sampling_loss", "word2vec_training.gradients", "word2vec_training.skip_gram_batch",
    "word2vec_training.cbow_batch", "word2vec_training.update", "efficientnet.inverted_residual",
    "devices.SharedStreams", "SharedStreams.fit",
    # each step of a loop, which looks at its input before it begins
    *(f"{cell}.{step}" for cell in ("Cell", "RNN", "LSTM", "GRU") for step in ("step", "step_back")), "recurrent_bptt.sigmoid",
    # parts of files that have the catalog's hash
    "tfjs.read_weights", "tfjs.build_graph_def", "centernet.resized",
    # what other functions here return or decorate, what `make` calls, what is true or false
    "autoencoder.Autoencoder", "display.Source", "display.WebPage", "display.Table", "checks.beside_your_code", "kernel.install",
    "drawing.true_boxes", "files.atomic_write", "Vocabulary.save",
}  # fmt: skip
MACHINERY = re.compile(r"utils\.data\.(?!datasets$)|utils\.notebook\.checkpoint$|.*__main__$")  # files and settings; tests/data tries those


def public_functions():
    """Yield module and name of each public function, class and method of utils that is handed something."""
    names = [module.name for module in pkgutil.walk_packages(utils.__path__, "utils.") if not MACHINERY.match(module.name)]
    for module in map(importlib.import_module, names):
        for name, thing in inspect.getmembers(module, lambda thing: getattr(thing, "__module__", "") == module.__name__):  # noqa: B023
            short = module.__name__.rpartition(".")[2]
            record = inspect.isclass(thing) and (issubclass(thing, tuple | Exception) or dataclasses.is_dataclass(thing))
            if name.startswith("_") or record:
                continue
            if inspect.isfunction(thing) and inspect.signature(thing).parameters or "__init__" in getattr(thing, "__dict__", ()):
                yield f"{short}.{name}"
            for method, value in vars(thing).items() if inspect.isclass(thing) else ():
                value = getattr(value, "__func__", value)
                if inspect.isfunction(value) and method[0] != "_" and len(inspect.signature(value).parameters) > 1:
                    yield f"{name}.{method}"


def test_every_public_function_is_tried_with_bad_input():
    """A test that awaits an error names it: `module.function`, the imported function, or `.method`."""
    tried = [Path(__file__).read_text(encoding="utf-8").partition("OF_OTHERS = {")[0]]
    for path in Path(__file__).parent.glob("*/test_*.py"):
        source = path.read_text(encoding="utf-8")
        imports = dict(re.findall(r"^from utils\.[\w.]*\.(\w+) import ([^(\n]*|\([^)]*\))", source, re.M))
        awaiting = [ast.unparse(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
        tried += [f"{module}.{name}" for module, names in imports.items() for name in re.findall(r"\w+", names)
                  if any("raises" in test and re.search(rf"\b{name}\(", test) for test in awaiting)]
        tried += [test for test in awaiting if "raises" in test]
    tried = "\n".join(tried)
    missing = [name for name in public_functions() if name not in OF_OTHERS
               and not re.search(rf"\b{name}\b" if name[0].islower() else rf"\.{name.partition('.')[2]}\b", tried)]
    assert missing == []


@pytest.mark.parametrize("text", ["\ud800", "a\udfff b", "\x00", "👩‍🔬 ok", "أَبْجَد", "𠮷野家"])
def test_text_of_any_script_and_half_a_character_pass_through(text):
    assert letters.decode(letters.encode(text, letters.alphabet_of(text)), letters.alphabet_of(text)) == text
    assert "".join(attention.tokens(text)) == "".join(text.split())
    assert english.tokenise(text) == [word for word in english.tokenise(text) if word]
    assert markup.strip_html(text) and "".join(chinese.segment_plainly(text)).split() == text.split()


def test_arrays_that_are_for_reading_or_in_strides_give_what_copies_give():
    whole = np.random.default_rng(0).random((8, 6))
    whole.setflags(write=False)
    part = whole[::2, ::-1]
    for function in (lambda a: export.resized(a, 3, 3), lambda a: attention.attend(a, a, a)[0], lambda a: autoencoder.check_images(a[None]),
                     lambda a: diffusion.frechet_distance(a.T, a.T * 2), lambda a: recurrent.sigmoid(a)):  # fmt: skip
        np.testing.assert_array_equal(function(part), function(part.copy()))
