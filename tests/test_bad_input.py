"""Bad input to public functions of utils, where the tests of a module leave it out: a sentence, never a silent wrong answer."""

import numpy as np
import pytest

from utils.data import datasets
from utils.detection import detector, drawing, metrics, scenes, ssd, tracking
from utils.models import (
    attention,
    autoencoder,
    charlm,
    devices,
    diffusion,
    evaluation,
    export,
    recurrent,
    recurrent_bptt,
    sentiment,
    text_encoder,
    transformer,
    word2vec,
    word2vec_pairs,
)  # fmt: skip
from utils.notebook import plots, profile
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
    # detection
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
        (lambda bad=bad: ssd.match_anchors(ssd.make_anchors(), np.array([[1, 1, 9, 9]]), bad), "expected 0 ... 1") for bad in (NAN, 50, -1)
    ]
    + [
        (lambda bad=bad: ssd.SsdDetector(None).detect_all(bad), "Expected grey scenes, uint8 n × 96 × 96")
        for bad in (np.zeros((1, 96, 96)), np.zeros((1, 50, 50), np.uint8), np.zeros((96, 96), np.uint8))
    ],
    "tracking": [(lambda: tracking.IouTracker(0.3, NAN), "patience at least 0"), (lambda: tracking.IouTracker(NAN), "must be in 0 ... 1")],
    # notebook
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
    ]
    + [(lambda text=text: chinese.segment(text), r"segment\(\) needs") for text in NO_TEXT[:3]],
    "english": [(lambda text=text: english.normalise_letters(text), r"normalise_letters\(\) needs") for text in NO_TEXT]
    + [(lambda n=n: english.Vocabulary([["a"]], min_count=n), "min_count is at least 1, not") for n in (0, -1, NAN, INF)],
    "letters": [
        (lambda text=text, name=name: getattr(letters, name)(text), rf"{name}\(\) needs")
        for text in NO_TEXT
        for name in ("encode", "alphabet_of")
    ]
    + [(lambda ids=ids: COUNTED.bits_per_character(ids), "at least two letters") for ids in ([], [0])]
    + [(lambda n=n: COUNTED.size(n), "order is 1 ... 1 for this model") for n in (0, -1, 2, 1.5, NAN, "1")],
    "markup": [(lambda text=text: markup.visible_wikitext(text), r"visible_wikitext\(\) needs") for text in NO_TEXT]
    + [(lambda text=text: markup.strip_html(text), r"strip_html\(\) needs") for text in NO_TEXT],
    "wiki_dump": [(lambda text=text: wiki_dump.plain_text(text), r"plain_text\(\) needs") for text in NO_TEXT],
    "wordpiece": [(lambda text=text: wordpiece.split_words(text), r"split_words\(\) needs") for text in NO_TEXT]
    + [(lambda: PIECES.ids("ab"), r"ids\(\) needs a list of pieces")],
    # data
    "datasets": [(lambda bad=bad: datasets.load_imdb(bad), "There is no edition") for bad in ("x", 3, NAN, "FULL")]
    + [(lambda bad=bad: datasets.describe(bad), "There is no data set") for bad in (None, 3, "", "mnist ")],
}
CASES = [pytest.param(*case, id=f"{name} {number}") for name, cases in TABLE.items() for number, case in enumerate(cases)]


@pytest.mark.parametrize(("call", "says"), CASES)
def test_bad_input_is_told_in_a_sentence(call, says):
    with pytest.raises((ValueError, TypeError), match=says):
        call()


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
