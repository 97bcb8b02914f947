"""The course of 2018–2019 against this one: seconds until the quality that its notebooks ended with.

The original's networks, optimisers, rates, batches and Python loops stand here in today's Keras, one batch fed at a time as there.
Both sides get the same data and seeds. First ours runs until it is as good; then the original's runs for as many seconds, which
tells its speed and how good it is by then. Its whole time is its steps divided by that speed; where that is short it runs whole.
"""

import itertools
import time
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from benchmarks.report import Found, Ratio, Table, alternate, spread
from utils.data import datasets
from utils.models import autoencoder, charlm, evaluation, sentiment, word2vec, word2vec_training
from utils.text import english


class Run(NamedTuple):
    """What one side of a race took: seconds, and the quality that it had by then."""

    seconds: float
    quality: float


class Race(NamedTuple):
    """One round. theirs: the original's whole time and its quality at the end; equal: its quality after as many seconds as ours."""

    ours: Run
    theirs: Run
    equal: float


def train_until(step, measure, good_enough, look_every: int, most: int) -> Run:
    """Call step() until measure() is good enough, looking after every so many steps, outside the clock.

    Raises:
        RuntimeError: if it is not after `most` steps; then the two sides cannot be compared.
    """
    seconds = 0.0
    for _ in range(0, most, look_every):
        start = time.perf_counter()
        for _ in range(look_every):
            step()
        seconds += time.perf_counter() - start
        if good_enough(quality := measure()):
            return Run(seconds, quality)
    raise RuntimeError(f"expected the original's quality within {most} steps, found {quality:.4g} after them")


def pace(step, seconds: float, warm_up: int = 20) -> float:
    """Return the seconds that one step takes, from running it for so many seconds; the first steps, which compile, do not count."""
    for _ in range(warm_up):
        step()
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        step()
        done += 1
    return (time.perf_counter() - start) / done


def random_batches(size: int, inputs, answers, rng):
    """Yield batches drawn at random, for ever, as the original's feed does."""
    while True:
        chosen = rng.integers(0, len(inputs), size)
        yield inputs[chosen], answers[chosen]


def rows_of_digits(seed: int, quick: bool) -> Race:
    """Lesson 10's network reads MNIST by rows. Original: SGD 0.001, 10,000 steps of 128, accuracy 0.867."""
    (x, y), (x_test, y_test) = datasets.load_mnist()
    x, x_test = (pixels.reshape(-1, 28, 28).astype("float32") / 255 for pixels in (x, x_test))
    x_fit, y_fit, x_val, y_val = x[:55_000], y[:55_000], x[55_000:], y[55_000:]

    def build(optimizer):
        keras.utils.set_random_seed(seed)
        model = keras.Sequential(
            [keras.Input((28, 28)), keras.layers.LSTM(128), keras.layers.Dense(10, activation="softmax")]
        )
        model.compile(optimizer, "sparse_categorical_crossentropy")
        batches = random_batches(128, x_fit, y_fit, np.random.default_rng(seed))
        return model, lambda: model.train_on_batch(*next(batches))

    def accuracy(model, images, labels):
        return float(np.mean(model.predict(images, batch_size=1000, verbose=0).argmax(axis=1) == labels))

    goal = 0.3 if quick else 0.867
    ours, step = build(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.005, 1720)))
    reached = train_until(step, lambda: accuracy(ours, x_val, y_val), lambda a: a >= goal, 20, 1720)
    theirs, step = build(keras.optimizers.SGD(0.001))
    each = pace(step, reached.seconds)
    return Race(
        Run(reached.seconds, accuracy(ours, x_test, y_test)),
        Run(10_000 * each, 0.867),
        accuracy(theirs, x_test, y_test),
    )


def reviews(network: str):
    """Return a race of lesson 15: the slides' network trained as on the slides, 10 epochs, against one of ours."""

    def race(seed: int, quick: bool) -> Race:
        parts = datasets.load_imdb_with_validation()
        texts, labels = zip(
            *((part[0][: 600 if quick else None], part[1][: 600 if quick else None]) for part in parts), strict=True
        )
        tokens = [[sentiment.words(review) for review in part] for part in texts]
        words = english.Vocabulary(tokens[0], max_size=3_800)

        def slides(optimizer, mask):
            keras.utils.set_random_seed(seed)
            model = keras.Sequential([
                keras.Input((None,) if mask else (380,), dtype="int32"), keras.layers.Embedding(3_800, 32, mask_zero=mask),
                keras.layers.Dropout(0.2), keras.layers.LSTM(32), keras.layers.Dense(256, activation="relu"),
                keras.layers.Dropout(0.2), keras.layers.Dense(1, activation="sigmoid"),
            ])  # fmt: skip
            model.compile(optimizer, "binary_crossentropy", metrics=["accuracy"])
            return model

        # As there: shorter reviews are filled up in front, and the network reads the filling.
        rows = [keras.utils.pad_sequences([words.encode(review) for review in part], 380) for part in tokens]
        theirs = slides(keras.optimizers.Adam(), mask=False)
        curve, seconds = [], []
        for _ in range(1 if quick else 10):
            start = time.perf_counter()
            theirs.fit(rows[0], labels[0], batch_size=100, verbose=0)
            seconds.append(time.perf_counter() - start)
            curve.append(theirs.evaluate(rows[2], labels[2], batch_size=500, verbose=0)[1])

        if network == "LSTM":
            model = slides(keras.optimizers.Adam(4e-3, clipnorm=1.0), mask=True)
            classifier = sentiment.Classifier(model, words, 380)
        else:
            pairs = english.Vocabulary(
                (sentiment.with_bigrams(review) for review in tokens[0]), max_size=150_000, min_count=2
            )
            keras.utils.set_random_seed(seed)
            model = keras.Sequential([
                keras.Input((None,), dtype="int32"), keras.layers.Embedding(len(pairs), 16, mask_zero=True),
                keras.layers.GlobalAveragePooling1D(), keras.layers.Dropout(0.3), keras.layers.Dense(1, activation="sigmoid"),
            ])  # fmt: skip
            model.compile(keras.optimizers.Adam(0.01, clipnorm=1.0), "binary_crossentropy", metrics=["accuracy"])
            classifier = sentiment.Classifier(model, pairs, 1_000, bigrams=True)
        fit, val, test = (classifier.vectorise_tokens(part) for part in tokens)
        batches = sentiment.ByLength(fit, labels[0], 256, seed)
        reached = train_until(
            lambda: model.fit(batches, verbose=0),
            lambda: model.evaluate(sentiment.ByLength(val, labels[1], 500), verbose=0)[1],
            lambda accuracy: quick or accuracy >= curve[-1], 1, 20,
        )  # fmt: skip
        by_then = int(np.searchsorted(np.cumsum(seconds), reached.seconds))
        exam = model.evaluate(sentiment.ByLength(test, labels[2], 500), verbose=0)[1]
        return Race(Run(reached.seconds, exam), Run(sum(seconds), curve[-1]), curve[min(by_then, len(curve) - 1)])

    return race


def lesson_16(rounds: int, seed: int):
    """Return lesson 16's network, compiled to train so many rounds."""
    keras.utils.set_random_seed(seed)
    model, warm_up = charlm.build_model(192, 64), max(1, rounds // 20)
    rate = keras.optimizers.schedules.CosineDecay(
        3e-4, rounds - warm_up, alpha=0.02, warmup_target=6e-3, warmup_steps=warm_up
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate, beta_2=0.99, global_clipnorm=1.0), loss)
    return model


def letters(seed: int, quick: bool) -> Race:
    """Lesson 16's network reads letters. Original: LSTM 128, 64 streams of 10, Adagrad 0.9, 150,000 rounds, loss of 1.96 bits a letter."""
    ids = charlm.encode(datasets.load_letters())
    val_ids, train_ids = ids[-200_000:-150_000], ids[:-200_000]
    # Our own schedule ends when it ends: it trains whole, and what it has then is compared.
    rounds, unroll = (100, 32) if quick else (5_200_000 // (64 * 32), 32)
    model = lesson_16(rounds, seed)
    (done,) = charlm.train(model, train_ids, unroll=unroll, steps=rounds, report_every=rounds)
    ours = Run(done.seconds, charlm.bits_per_character(model, val_ids))

    keras.utils.set_random_seed(seed)
    model = charlm.build_model(128, 64)
    model.compile(
        keras.optimizers.Adagrad(0.9, global_clipnorm=1.25),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    inputs, answers = charlm.stream_batches(train_ids, 64, 10)
    batches = itertools.cycle(zip(inputs, answers, strict=True))
    each = pace(lambda: model.train_on_batch(*next(batches)), ours.seconds)
    return Race(ours, Run(150_000 * each, 1.96), charlm.bits_per_character(model, val_ids))


def four_numbers(seed: int, quick: bool) -> Race:
    """Lesson 20's network squeezes digits into four numbers. Original: ReLU, Adam 0.0005, batches of 8, 20 epochs, error 0.0257."""
    (x, _), (x_test, _) = datasets.load_mnist()
    x, x_test = (pixels.astype("float32").reshape(-1, 28, 28) / 255 for pixels in (x, x_test))
    x_fit, x_val, goal = x[:55_000], x[55_000:], 0.09 if quick else 0.0257
    keras.utils.set_random_seed(seed)
    ours = autoencoder.build()
    steps = 7 * 430
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - steps // 20, warmup_target=0.003, warmup_steps=steps // 20
    )
    ours.compile(keras.optimizers.Adam(rate, beta_2=0.99), "mse", jit_compile="auto")
    feed = random_batches(128, x_fit, x_fit, np.random.default_rng(seed))

    def error(model, images):
        return float(np.mean((model.predict(images, batch_size=1000, verbose=0).reshape(images.shape) - images) ** 2))

    reached = train_until(
        lambda: ours.train_on_batch(*next(feed)), lambda: error(ours, x_val), lambda e: e <= goal, 86, steps
    )

    keras.utils.set_random_seed(seed)
    shape = {"kernel_initializer": keras.initializers.TruncatedNormal(stddev=0.1, seed=seed)}
    wide = [
        keras.layers.Dense(size, activation=activation, **shape)
        for size, activation in zip(
            (512, 32, 4, 32, 512, 784), ("relu", "relu", None, "relu", "relu", "sigmoid"), strict=True
        )
    ]
    theirs = keras.Sequential([keras.Input((784,)), *wide])
    theirs.compile(keras.optimizers.Adam(0.0005), "mse")
    flat = x_fit.reshape(-1, 784)
    batches = random_batches(8, flat, flat, np.random.default_rng(seed))
    each = pace(lambda: theirs.train_on_batch(*next(batches)), reached.seconds)
    whole = 20 * -(-len(flat) // 8) * each
    return Race(Run(reached.seconds, error(ours, x_test)), Run(whole, 0.0257), error(theirs, x_test.reshape(-1, 784)))


def words(seed: int, quick: bool) -> Race:
    """Lesson 12's word vectors. Original: window 1, NCE with 64 noise words, SGD 1.0, 10,001 steps of 128; scored here by WordSim-353."""
    text = [sentiment.words(review) for review in datasets.load_reviews()[: 1500 if quick else None]]
    known = english.Vocabulary(text, max_size=50_000, min_count=5)
    ids = word2vec.encode(text, known.words)
    pairs = [
        (a.lower(), b.lower(), people)
        for a, b, people in datasets.load_word_similarity()["wordsim353"].itertuples(index=False)
    ]
    size = len(known.words)

    def rank(table):
        vectors = word2vec.WordVectors(known.words, table)
        known_pairs = [pair for pair in pairs if pair[0] in vectors and pair[1] in vectors]
        return evaluation.rank_correlation(
            [vectors.similarity(a, b) for a, b, _ in known_pairs], [p for *_, p in known_pairs]
        ).value

    rng = np.random.default_rng(seed)
    inputs = tf.Variable(rng.uniform(-1, 1, (size, 128)).astype("float32"))
    outputs = tf.Variable((rng.standard_normal((size, 128)) / np.sqrt(128)).astype("float32"))
    bias, flat = tf.Variable(tf.zeros(size)), np.concatenate(ids)

    @tf.function
    def descend(centres, contexts):
        with tf.GradientTape() as tape:
            seen = tf.nn.embedding_lookup(inputs, centres)
            loss = tf.reduce_mean(tf.nn.nce_loss(outputs, bias, contexts[:, None], seen, 64, size))
        for variable, slope in zip((inputs, outputs, bias), tape.gradient(loss, (inputs, outputs, bias)), strict=True):
            variable.scatter_sub(tf.IndexedSlices(slope.values, slope.indices))

    def step(
        number,
    ):  # the centres are neighbours in the text, each with one word to either side, as in its generate_batch
        centre = (1 + 64 * number + np.repeat(np.arange(64), 2)) % (len(flat) - 2) + 1
        descend(tf.constant(flat[centre], tf.int64), tf.constant(flat[centre + np.tile([-1, 1], 64)], tf.int64))

    step(0)
    start = time.perf_counter()
    for number in range(100 if quick else 10_001):
        step(number)
    theirs = Run(time.perf_counter() - start, rank(inputs.numpy()))
    looks = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.0]
    ours = word2vec_training.train(ids, size, epochs=1, snapshots=looks, seed=seed, progress=False)
    ranks = {share: rank(table) for share, table in ours.snapshots.items()}
    enough = next((share for share in looks if share in ranks and ranks[share] >= theirs.quality), 1.0)
    equal = [share for share in ranks if share * ours.seconds <= theirs.seconds]
    # Here `equal` is the other way round: ours after the original's whole time.
    return Race(
        Run(enough * ours.seconds, ranks.get(enough, float("nan"))),
        theirs,
        ranks[max(equal)] if equal else float("nan"),
    )


RACES = {  # name: (race, target, what is measured)
    "digits by rows, LSTM": (rows_of_digits, 50, "test accuracy"),
    "reviews, the same LSTM": (reviews("LSTM"), 5, "test accuracy"),
    "reviews, bag of bigrams": (reviews("bag"), 5, "test accuracy"),
    "letters, LSTM": (letters, 5, "bits a letter, validation"),
    "autoencoder, four numbers": (four_numbers, 5, "test MSE"),
    "word vectors": (words, 5, "WordSim-353 Spearman"),
}


def measure(quick: bool) -> Found:
    """Run every race, three rounds in turn (one when quick); the seed is the number of the round."""
    names = list(RACES)
    runs = [lambda seed, race=RACES[name][0]: race(seed, quick) for name in names]
    found = dict(zip(names, alternate(1 if quick else 3, *runs), strict=True))
    rows = [
        (name, RACES[name][2], spread([race.theirs.seconds for race in races], "{:.0f}"), spread([race.theirs.quality for race in races]),
         spread([race.ours.seconds for race in races], "{:.1f}"), spread([race.ours.quality for race in races]),
         spread([race.equal for race in races]))
        for name, races in found.items()
    ]  # fmt: skip
    columns = ("", "quality", "original, s", "its quality", "ours, s", "our quality", "original after our seconds")
    note = (
        "原課程的時間：字母、數字、自編碼器是「步數 × 這裡量到的每步秒數」，品質是它的筆記本自己寫的；影評和詞向量則整個跑完。"
        "詞向量的最後一欄反過來：我們的方法用掉原課程的時間之後的分數。我們的影評網路用驗證資料決定何時停。不含讀檔和前處理。"
        "最後一欄要和「快幾倍」一起看：影評和字母，原課程用掉我們的秒數時已經差不多一樣好，後面的時間是多花的；數字那時還沒學會，自編碼器的誤差還大三分之一以上。"
        "詞向量兩邊的等級相關都只有 0.1 上下，單是詞對的抽樣誤差就有 0.06：這麼小的語料、這麼短的時間，分不出高下。<br>"
        "The original's time: for letters, digits and the autoencoder its steps times the seconds a step takes here, its quality what its "
        "notebook says; reviews and word vectors run whole. For word vectors the last column is the other way round: ours after the "
        "original's time. Our review networks stop by validation accuracy. Reading and preparing data are not counted. "
        "Read the last column beside the ratio: on reviews and letters the original is about as good after our seconds, and the rest of "
        "its time is spent for nothing; on digits it has not learned yet, and the autoencoder's error is larger by more than a third. "
        "The correlations of word vectors are about 0.1 on both sides, with an error of 0.06 from the word pairs alone: so small a text "
        "and so short a time tell nobody apart."
    )
    ratios = [
        Ratio(name, [race.theirs.seconds / race.ours.seconds for race in races], RACES[name][1])
        for name, races in found.items()
    ]
    return Found([Table("到原課程的品質要幾秒 · Seconds until the original's quality", columns, rows, note)], ratios)
