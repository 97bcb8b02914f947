"""Training of word vectors: gradients against the tape and against brute force, and what is learnt."""

import numpy as np
import pytest
import tensorflow as tf

from utils.models import word2vec, word2vec_pairs, word2vec_training

VOCABULARY, DIM, WINDOW, NEGATIVE = 40, 6, 3, 5


def tables(seed=0):
    rng = np.random.default_rng(seed)
    return [tf.Variable(rng.normal(size=(VOCABULARY, DIM)).astype(np.float32)) for _ in range(2)]


def one_batch(model, sentences, seed=0):
    """Return the whole text as one batch, with the arrays that it was made from."""
    rng = np.random.default_rng(seed)
    text = word2vec_pairs.flatten(sentences, VOCABULARY)
    table = word2vec_pairs.noise_table(np.ones(VOCABULARY), size=VOCABULARY)
    reader = word2vec_training._Reader(text, np.ones(VOCABULARY), table, WINDOW, 4, rng)
    [(_, _, _, (*whole, starts, noise))] = reader.read()
    trainer = word2vec_training._Trainer(rng, model, VOCABULARY, DIM, WINDOW, NEGATIVE)
    return trainer.batch(*whole, starts[0], noise[0]), [array.numpy() for array in (*whole, starts[0], noise[0])]


@pytest.fixture
def sentences():
    rng = np.random.default_rng(1)
    return [rng.integers(0, VOCABULARY, size) for size in (50, 1, 7, 20, 2)]  # 80 words: three blocks of four


def loss_of(inputs, outputs, batch):
    rows = tf.gather(inputs, batch.input_ids)
    hidden = rows if batch.mix is None else batch.mix @ rows
    scores = tf.matmul(hidden, tf.gather(outputs, batch.output_ids), transpose_b=True)
    noise_scores = tf.einsum("bpd,pnd->pbn", hidden, tf.gather(outputs, batch.noise_ids))
    return (word2vec_training.negative_sampling_loss(scores, 1, batch.weights)
            + word2vec_training.negative_sampling_loss(noise_scores, 0, batch.noise_weights))


def loss_by_brute_force(model, inputs, outputs, arrays):
    """Sum the loss over single pairs in float64, straight from the definition."""
    tokens, sentence, reach, starts, noise = arrays
    inputs, outputs = inputs.numpy().astype(float), outputs.numpy().astype(float)

    def cost(score):
        return np.log1p(np.exp(-score))

    total = 0.0
    for start in starts:
        for i, noise_words in enumerate(noise, start + WINDOW):
            context = [tokens[j] for j in range(i - reach[i], i + reach[i] + 1) if j != i and sentence[j] == sentence[i]]
            if sentence[i] < 0 or not context:
                continue
            if model == "skip_gram":
                examples = [(inputs[tokens[i]], word) for word in context]
            else:
                examples = [(inputs[context].mean(axis=0), tokens[i])]
            for hidden, word in examples:
                total += cost(hidden @ outputs[word])
                total += NEGATIVE * np.mean([cost(-hidden @ outputs[other]) for other in noise_words])
    return total


@pytest.mark.parametrize("model", ["skip_gram", "cbow"])
def test_loss_is_that_of_brute_force(model, sentences):
    batch, arrays = one_batch(model, sentences)
    inputs, outputs = tables()
    assert float(loss_of(inputs, outputs, batch)) == pytest.approx(
        loss_by_brute_force(model, inputs, outputs, arrays), rel=1e-5)


@pytest.mark.parametrize("model", ["skip_gram", "cbow"])
def test_one_step_is_the_gradient_of_the_tape(model, sentences):
    batch, _ = one_batch(model, sentences)
    inputs, outputs = tables()
    with tf.GradientTape() as tape:
        loss = loss_of(inputs, outputs, batch)
    by_tape = [tf.convert_to_tensor(gradient).numpy() for gradient in tape.gradient(loss, [inputs, outputs])]
    before = inputs.numpy(), outputs.numpy()
    word2vec_training.update(inputs, outputs, batch, 0.1)
    for gradient, old, new in zip(by_tape, before, (inputs.numpy(), outputs.numpy()), strict=True):
        assert abs(gradient).max() > 1
        assert (old - new) / 0.1 == pytest.approx(gradient, abs=1e-3)


@pytest.mark.parametrize("model", ["skip_gram", "cbow"])
def test_pairs_are_all_pairs_of_the_text(model, sentences):
    batch, arrays = one_batch(model, sentences)
    reach = arrays[2][WINDOW : WINDOW + 80]
    together = [sum(1 for j in range(len(s)) if i != j and abs(i - j) <= reach[place])
                for place, (s, i) in enumerate((s, i) for s in sentences for i in range(len(s)))]
    assert float(batch.pairs) == (sum(together) if model == "skip_gram" else np.count_nonzero(together))


def two_topics(sentences=300, words=8):
    rng = np.random.default_rng(5)
    return [rng.integers(0, words, 12) + words * (number % 2) for number in range(sentences)]


@pytest.mark.parametrize("model", ["skip_gram", "cbow"])
def test_two_topics_are_separated(model):
    trained = word2vec_training.train(two_topics(), 16, model=model, dim=10, epochs=20, threshold=0, progress=False)
    assert trained.vectors.dtype == np.float32 and trained.vectors.shape == (16, 10)
    vectors = word2vec.WordVectors([str(number) for number in range(16)], trained.vectors)
    cosines = vectors.unit_vectors @ vectors.unit_vectors.T
    same = np.add.outer(np.arange(16) // 8, np.arange(16) // 8) != 1
    assert cosines[same].min() > cosines[~same].max() + 0.3
    assert trained.losses[-1] < trained.losses[0]


def test_same_seed_gives_same_vectors_and_another_gives_others():
    runs = [word2vec_training.train(two_topics(40), 16, dim=4, epochs=2, seed=seed, progress=False)
            for seed in (1, 1, 2)]
    assert np.array_equal(runs[0].vectors, runs[1].vectors)
    assert not np.array_equal(runs[0].vectors, runs[2].vectors)


def test_it_counts_what_it_trained_on():
    trained = word2vec_training.train([[0, 1, 2], [3, 4], [5]], 6, dim=2, window=1, epochs=3, threshold=0, progress=False)
    assert trained.pairs == 3 * (4 + 2) and trained.words == 3 * 6
    assert len(trained.losses) == 3


def test_snapshots_are_taken_on_the_way():
    trained = word2vec_training.train(two_topics(40), 16, dim=4, epochs=4, snapshots=[0, 0.5, 1], progress=False)
    assert sorted(trained.snapshots) == [0, 0.5, 1]
    start, half, end = (trained.snapshots[share] for share in (0, 0.5, 1))
    assert np.array_equal(end, trained.vectors)
    assert abs(start).max() <= 0.5 / 4
    assert not np.array_equal(half, start) and not np.array_equal(half, end)


def test_the_bar_stays_readable(capsys):
    word2vec_training.train(two_topics(40), 16, dim=4, epochs=2)
    shown = capsys.readouterr()
    assert not shown.err
    assert shown.out.split("\r")[-1].startswith("skip_gram: 100% |") and "epoch 2, loss" in shown.out


def test_words_that_never_occur_are_left_as_they_began():
    trained = word2vec_training.train([[0, 1] * 9], 4, dim=3, epochs=2, threshold=0, snapshots=[0], progress=False)
    assert np.array_equal(trained.vectors[2:], trained.snapshots[0][2:])
    assert not np.array_equal(trained.vectors[:2], trained.snapshots[0][:2])


@pytest.mark.parametrize(("change", "message"), [
    ({"sentences": []}, "The corpus is empty"),
    ({"sentences": [[1], [2], [3]]}, r"No sentence has two words \(3 sentences of one word\)"),
    ({"sentences": [[1, 99]]}, "Sentence 0 holds the id 99; a vocabulary of 16 words"),
    ({"model": "glove"}, "There is no model 'glove'. Choose from: skip_gram, cbow"),
    ({"dim": 0}, "dim is a whole number from 1 on, not 0"),
    ({"negative_samples": 0}, "negative_samples is a whole number from 1 on"),
    ({"epochs": 1.5}, "epochs is a whole number from 1 on, not 1.5"),
    ({"learning_rate": -1}, "learning_rate is above 0 and finite, not -1"),
    ({"learning_rate": float("inf")}, "learning_rate is above 0 and finite, not inf"),
    ({"window": 0}, "window is a whole number from 1 on"),
    ({"threshold": 5}, "threshold is a share of the text"),
    ({"snapshots": [50]}, "snapshots are shares of the training"),
    ({"sentences": [[0, 1]], "threshold": 1e-12}, "Subsampling left no pair in epoch 1: the text is too short"),
])
def test_what_cannot_be_trained_is_an_error(change, message):
    settings = {"sentences": two_topics(4), "vocabulary_size": 16, "dim": 4, "epochs": 1, "progress": False} | change
    with pytest.raises(ValueError, match=message):
        word2vec_training.train(**settings)


def test_divergence_is_an_error_at_once():
    with pytest.raises(FloatingPointError, match="Training diverged in epoch 1: .* Lower learning_rate, now 1e"):
        word2vec_training.train(two_topics(), 16, dim=4, epochs=5, learning_rate=1e30, threshold=0, progress=False)
