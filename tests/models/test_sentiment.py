"""utils.models.sentiment: texts of every kind become a probability, and a saved classifier answers the same."""

import zipfile

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import keras_saves

from utils.models import keras_files, sentiment
from utils.text.english import Vocabulary

pytestmark = keras_saves

LENGTH = 6
GOOD, BAD = "a great film , truly great", "a bad film , truly bad"
ODD_TEXTS = {
    "empty": "", "blanks": " \n\t ", "10,000 words": "a great film " * 3333 + "truly", "Chinese": "這部電影很好看，我很喜歡。",
    "emoji": "😀👍🏽👨‍👩‍👧", "HTML": "<br /><b>great</b> film<script>bad()</script>", "broken HTML": "great <b film <!-- bad",
    "one letter": "a", "nul": "\0great\0", "lone surrogate": "\ud800 great",
}


def network(kind, size):
    layers = {
        "bag": [keras.layers.Embedding(size, 4, mask_zero=True), keras.layers.GlobalAveragePooling1D()],
        "lstm": [keras.layers.Embedding(size, 4, mask_zero=True), keras.layers.LSTM(3)],
    }[kind]
    model = keras.Sequential([keras.Input((LENGTH,), dtype="int32"), *layers, keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.1), "binary_crossentropy", run_eagerly=True)
    return model


def new_classifier(kind):
    keras.utils.set_random_seed(5)
    bigrams = kind == "bag"
    tokens = [sentiment.words(review) for review in (GOOD, BAD)]
    vocabulary = Vocabulary([sentiment.with_bigrams(t) for t in tokens] if bigrams else tokens)
    return sentiment.Classifier(network(kind, len(vocabulary)), vocabulary, LENGTH, bigrams)


@pytest.fixture(scope="module", params=["bag", "lstm"])
def classifier(request):
    """A trained classifier, for tests that leave it as it is."""
    classifier = new_classifier(request.param)
    classifier.model.fit(classifier.vectorise([GOOD, BAD]), np.array([1, 0]), epochs=12, verbose=0)
    return classifier


# Words


def test_words_are_clean_and_small():
    assert sentiment.words("It's <br /><b>NOT</b> bad!") == ["it's", "not", "bad"]


def test_bigrams_follow_the_words():
    assert sentiment.with_bigrams(["not", "so", "bad"]) == ["not", "so", "bad", "not so", "so bad"]
    assert sentiment.with_bigrams(["bad"]) == ["bad"] and sentiment.with_bigrams([]) == []


def test_a_bag_holds_each_known_item_once_from_frequent_to_rare():
    vocabulary = Vocabulary([["b", "b", "a"]])
    assert sentiment.distinct_ids(vocabulary, ["a", "b", "x", "b"]).tolist() == [2, 3]


# Ids


def test_sequences_keep_the_order_and_are_filled_up_at_the_end():
    classifier = new_classifier("lstm")
    a, great = classifier.vocabulary.encode(["a", "great"])
    assert classifier.vectorise(["great a nonsense"]).tolist() == [[great, a, 1, 0, 0, 0]]


def test_of_a_long_review_the_end_is_kept():
    classifier = new_classifier("lstm")
    ids = classifier.vocabulary.encode(["a", "great", "film", "truly", "great", "a", "bad"])
    assert classifier.vectorise(["a great film truly great a bad"])[0].tolist() == ids[-LENGTH:]


def test_vectorising_tokens_and_texts_is_the_same(classifier):
    texts = [GOOD, BAD, ""]
    by_tokens = classifier.vectorise_tokens([sentiment.words(text) for text in texts])
    np.testing.assert_array_equal(classifier.vectorise(texts), by_tokens)


@pytest.mark.parametrize("reviews, complaint", [
    ("one text", "needs a list of reviews, not a str"), ([b"bytes"], "decode it first"), ([None], "NoneType"),
])
def test_what_is_no_list_of_texts_is_refused(reviews, complaint):
    with pytest.raises(TypeError, match=complaint):
        new_classifier("bag").vectorise(reviews)


# Probabilities


def test_it_has_learned_good_from_bad(classifier):
    assert classifier.probability(GOOD) > 0.7 > 0.3 > classifier.probability(BAD)


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_no_text_becomes_padding_alone_and_every_text_has_a_probability(classifier, text):
    ids = classifier.vectorise([text])
    assert ids.shape == (1, LENGTH) and ids.dtype == np.int32 and ids[0, 0] != 0
    p = classifier.probability(text)
    assert isinstance(p, float) and 0 <= p <= 1


@given(text=st.text())
@settings(max_examples=20)
def test_any_string_has_a_probability(classifier, text):
    assert 0 <= classifier.probability(text) <= 1


def test_html_says_nothing(classifier):
    assert classifier.probability(f"<br /><i>{GOOD}</i><!-- bad bad -->") == pytest.approx(classifier.probability(GOOD))


def test_of_a_long_bag_the_frequent_items_are_kept():
    classifier = new_classifier("bag")
    assert len(classifier.vocabulary) > 2 + LENGTH
    assert classifier.vectorise([f"{GOOD} {BAD}"])[0].tolist() == [2, 3, 4, 5, 6, 7]


def test_only_what_fits_counts_in_10_000_words():
    classifier = new_classifier("lstm")
    assert classifier.probability("a great " * 5000) == pytest.approx(classifier.probability("a great " * 3))


FILLER = ["a", "great", "bad", "film", "truly", ",", "unheard-of"]


@pytest.fixture(scope="module", params=["convolution", "lstm", "bag", "fixed length"])
def reader(request):
    """A classifier for up to 40 words: of any length without a mask and with one, and of one length."""
    keras.utils.set_random_seed(3)
    vocabulary = Vocabulary([sentiment.words(review) for review in (GOOD, BAD)])
    masked = request.param in ("lstm", "bag")
    middle = {"convolution": [keras.layers.Conv1D(8, 3, padding="same", activation="relu"), keras.layers.GlobalMaxPooling1D()],
              "lstm": [keras.layers.LSTM(8)], "bag": [keras.layers.GlobalAveragePooling1D()],
              "fixed length": [keras.layers.GlobalAveragePooling1D()]}[request.param]
    model = keras.Sequential([
        keras.Input((40 if request.param == "fixed length" else None,), dtype="int32"),
        keras.layers.Embedding(len(vocabulary), 8, mask_zero=masked, embeddings_initializer="random_normal"),
        *middle, keras.layers.Dense(1, "sigmoid", kernel_initializer=keras.initializers.RandomNormal(stddev=9)),
    ])  # fmt: skip
    return sentiment.Classifier(model, vocabulary, 40)


@given(reviews=st.lists(st.lists(st.sampled_from(FILLER), max_size=60).map(" ".join), min_size=1, max_size=8),
       randomness=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_a_review_has_one_answer_alone_in_any_batch_and_in_any_order(reader, reviews, randomness):
    assert reader.probabilities([]).shape == (0,)
    alone = [reader.probability(review) for review in reviews]
    np.testing.assert_allclose(reader.probabilities(reviews), alone, rtol=0, atol=1e-6)
    order = randomness.sample(range(len(reviews)), len(reviews))
    chosen = order[:randomness.randint(1, len(order))]
    np.testing.assert_allclose(reader.probabilities([reviews[i] for i in chosen]), [alone[i] for i in chosen], rtol=0, atol=1e-6)


@pytest.mark.parametrize("text, known", [("", (0, 0)), ("電影", (0, 1)), ("great nonsense film", (2, 3)), ("😀", (0, 0))])
def test_known_words_are_counted(classifier, text, known):
    assert classifier.known_words(text) == known


# Batches by length


@given(lengths=st.lists(st.integers(1, 9), min_size=1, max_size=40), batch_size=st.integers(1, 7), epochs=st.integers(1, 3))
def test_an_epoch_by_length_holds_every_review_once_and_whole(lengths, batch_size, epochs):
    ids = np.array([[row + 1] * length + [0] * (9 - length) for row, length in enumerate(lengths)])
    labels = np.arange(len(lengths)) + 1
    batches = sentiment.ByLength(ids, labels, batch_size)
    for _ in range(epochs):
        seen = []
        for number, (x, y) in enumerate(batches[i] for i in range(len(batches))):
            spare = int(number == 1 and batches[0][0].shape[1] == x.shape[1] - 1 and not x[:, -1].any())
            assert len(x) <= batch_size and (x[:, -1 - spare] != 0).any()
            for row, label in zip(x, y, strict=True):
                assert row[row != 0].tolist() == [label] * lengths[label - 1]
            seen += y.tolist()
        assert sorted(seen) == labels.tolist()
        batches.on_epoch_end()


def test_reviews_of_a_batch_are_about_equally_long_and_batches_change():
    lengths = np.random.default_rng(0).integers(1, 400, 2000)
    ids = (np.arange(400) < lengths[:, None]).astype(np.int32)
    batches = sentiment.ByLength(ids, np.arange(2000), 50)
    first = [batches[i] for i in range(len(batches))]
    batches.on_epoch_end()
    assert sum(x.size for x, _ in first) < 1.25 * lengths.sum()
    assert {frozenset(y) for _, y in first} != {frozenset(batches[i][1]) for i in range(len(batches))}


@pytest.mark.parametrize("lengths", [
    [3], [3, 3], [2, 9, 9, 9], [1, 2, 3, 4, 5, 6, 7], [9] * 6 + [8] * 3,
], ids=str)  # fmt: skip
def test_keras_trains_on_any_number_of_reviews_of_any_length(lengths):
    """Whichever batches come first: with an unlucky seed they are equally wide and a later one is not."""
    ids = np.array([[2] * length + [0] * (9 - length) for length in lengths])
    labels = np.arange(len(lengths)) % 2
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((None,), dtype="int32"), keras.layers.Embedding(3, 2, mask_zero=True),
                              keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    for seed in range(3):
        data, held_out = (sentiment.ByLength(ids, labels, batch_size=3, seed=seed) for _ in range(2))
        history = model.fit(data, validation_data=held_out, epochs=2, verbose=0)
        assert np.isfinite(history.history["loss"]).all() and np.isfinite(history.history["val_loss"]).all()


def test_a_network_of_any_length_answers_as_one_of_fixed_length(classifier):
    flexible = keras.Sequential([keras.Input((None,), dtype="int32"), *(
        layer.__class__.from_config(layer.get_config()) for layer in classifier.model.layers)])
    flexible.set_weights(classifier.model.get_weights())
    other = sentiment.Classifier(flexible, classifier.vocabulary, LENGTH, classifier.bigrams)
    texts = [GOOD, BAD, "", "great", "a bad film"]
    np.testing.assert_allclose(other.probabilities(texts), classifier.probabilities(texts), rtol=1e-5)


# Parts that do not fit


@pytest.mark.parametrize("call, message", [
    (lambda: sentiment.ByLength(np.ones((2, 4)), np.ones(3)), "There are 2 reviews but 3 labels"),
    (lambda: sentiment.ByLength(np.ones((0, 4)), np.ones(0)), "There are no reviews to make batches of. Give at least one"),
    (lambda: sentiment.ByLength(np.ones((2, 4)), np.ones(2), batch_size=0), "batch_size is at least 1, not 0"),
    (lambda: sentiment.Classifier(new_classifier("bag").model, Vocabulary([["a", "b"]]), LENGTH),
     "The dictionary has 4 ids, the embedding .*do not belong together"),
    *[(lambda size=size, units=units: sentiment.Classifier(
        keras.Sequential([keras.Input((size,)), keras.layers.Dense(units)]), Vocabulary([]), LENGTH),
       r"The network maps .* expected \(None, 6\) to \(None, 1\)") for size, units in ((LENGTH + 1, 1), (LENGTH, 2))],
])  # fmt: skip
def test_parts_that_do_not_fit_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()

# Files


def test_a_loaded_classifier_answers_the_same_and_its_file_is_an_ordinary_one_of_keras(classifier, tmp_path):
    path = tmp_path / "models" / "sentiment.keras"
    classifier.save(path)
    loaded = sentiment.Classifier.load(path)
    texts = [GOOD, BAD, *(text for text in ODD_TEXTS.values())]
    np.testing.assert_allclose(loaded.probabilities(texts), classifier.probabilities(texts), rtol=1e-6)
    assert loaded.vocabulary.words == classifier.vocabulary.words
    assert (loaded.length, loaded.bigrams) == (classifier.length, classifier.bigrams)
    assert [found.name for found in path.parent.iterdir()] == ["sentiment.keras"]
    assert keras.saving.load_model(path).count_params() == classifier.model.count_params()
    loaded.save(path)  # over itself
    assert sentiment.Classifier.load(path).probability(GOOD) == pytest.approx(classifier.probability(GOOD))


def test_an_untrained_classifier_is_neither_saved_nor_read(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="This network has never been trained.*Call fit first"):
        new_classifier("bag").save(tmp_path / "s.keras")
    assert list(tmp_path.iterdir()) == []
    with monkeypatch.context() as without_check:
        without_check.setattr(keras_files, "check_trained", lambda *_: None)
        new_classifier("bag").save(tmp_path / "s.keras")
    with pytest.raises(ValueError, match="s.keras has never been trained"):
        sentiment.Classifier.load(tmp_path / "s.keras")


def test_a_file_without_dictionary_or_with_that_of_another_is_refused(classifier, tmp_path):
    classifier.model.save(tmp_path / "s.keras")
    with pytest.raises(ValueError, match="s.keras holds no dictionary.*Classifier.save, not with model.save"):
        sentiment.Classifier.load(tmp_path / "s.keras")
    classifier.save(tmp_path / "s.keras")
    Vocabulary([["another"]]).save(tmp_path / "other.json")
    with zipfile.ZipFile(tmp_path / "s.keras") as old, zipfile.ZipFile(tmp_path / "mixed.keras", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) if name != sentiment.DICTIONARY else (tmp_path / "other.json").read_bytes())
    with pytest.raises(ValueError, match="they do not belong together"):
        sentiment.Classifier.load(tmp_path / "mixed.keras")


@pytest.mark.parametrize("content", [b"", b"hello"])
def test_a_file_that_is_no_model_is_refused(tmp_path, content):
    (tmp_path / "s.keras").write_bytes(content)
    with pytest.raises(ValueError, match="s.keras is not a whole .keras file"):
        sentiment.Classifier.load(tmp_path / "s.keras")


def test_a_missing_file_and_a_wrong_name_are_refused(classifier, tmp_path):
    with pytest.raises(FileNotFoundError, match="There is no model .*Classifier.save"):
        sentiment.Classifier.load(tmp_path / "none.keras")
    with pytest.raises(ValueError, match="must end in .keras: s.h5"):
        classifier.save(tmp_path / "s.h5")
