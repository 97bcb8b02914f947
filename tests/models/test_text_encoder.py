import json
from pathlib import Path

import keras
import numpy as np
import pytest

from utils.data import datasets
from utils.models import text_encoder
from utils.text.wordpiece import WordPiece

PUBLISHED = json.loads(Path(__file__).with_name("minilm_reference.json").read_text(encoding="utf-8"))["rows"]
TEXTS = [row["text"] for row in PUBLISHED]
SIZES = {"pieces": 12, "positions": 16, "width": 8, "hidden": 16, "layers": 2, "heads": 2}
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c", "d", "e", "f", "g", "h"]


@pytest.fixture(scope="module")
def minilm():
    return text_encoder.load()


@pytest.fixture(scope="module")
def small():
    keras.utils.set_random_seed(0)
    return text_encoder.TextEncoder(text_encoder.build(**SIZES), WordPiece({piece: i for i, piece in enumerate(PIECES)}))


def published_of(model):
    """Return a network's weights by their published names, as PyTorch would keep them."""
    found = {}
    for layer in model.layers:
        for (name, shape), weight in zip(text_encoder._names(layer) if layer.weights else (), layer.get_weights(), strict=True):
            matrix = name.endswith(".weight") and len(shape) == 2 and "embeddings" not in name
            found[name] = weight.reshape(shape[::-1]).T if matrix else weight.reshape(shape)
    return found


# ------------------------------------------------------------------------------------------- the published network


def test_vectors_are_the_published_ones(minilm):
    """`minilm_reference.json` says how they were made: by transformers and PyTorch, from the same weights."""
    assert [minilm.wordpiece.encode(row["text"], text_encoder.MOST) for row in PUBLISHED] == [row["ids"] for row in PUBLISHED]
    np.testing.assert_allclose(minilm.vectors(TEXTS), [row["vector"] for row in PUBLISHED], atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_among_others(minilm):
    alone = np.concatenate([minilm.vectors([text]) for text in TEXTS[:6]])
    np.testing.assert_allclose(minilm.vectors(TEXTS, batch_size=5)[:6], alone, atol=1e-5)


def test_states_name_their_pieces_and_average_to_the_vector(minilm):
    pieces, states = minilm.states("Unforgettable films")
    assert pieces == ["[CLS]", "un", "##for", "##get", "##table", "films", "[SEP]"]
    mean = states.mean(axis=0)
    np.testing.assert_allclose(mean / np.linalg.norm(mean), minilm.vectors(["unforgettable FILMS"])[0], atol=1e-5)


def test_ten_thousand_words_are_cut_and_strange_scripts_have_a_vector(minilm):
    vectors = minilm.vectors(["word " * 10_000, "word " * 400, "", "😀👍", "Привет", "\x00"])
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)
    np.testing.assert_allclose(vectors[2], vectors[5], atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_files_hold_the_weights_by_name():
    weights, tokenizer = datasets.load_minilm()
    assert (len(weights), weights["embeddings.word_embeddings.weight"].shape) == (104, (30_522, 384))
    assert json.loads(tokenizer)["model"]["type"] == "WordPiece"


# --------------------------------------------------------------------------------------------- any such network


def test_weights_go_where_their_names_say(small):
    other = text_encoder.build(**SIZES)
    text_encoder.set_weights(other, published_of(small.model))
    for ours, theirs in zip(other.get_weights(), small.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_order_and_what_surrounds_a_word_count_but_filling_does_not(small):
    first, second, alone = small.vectors(["a b c", "c b a", "a"], most=16)
    assert np.abs(first - second).max() > 1e-4
    np.testing.assert_allclose(small.vectors(["a"], most=16)[0], alone, atol=1e-6)
    assert small.vectors([]).shape == (0, 8)


def test_weights_of_another_network_are_refused_and_change_nothing(small):
    before, weights = small.model.get_weights(), published_of(small.model)
    with pytest.raises(ValueError, match=r"Expected 'encoder.layer.1.output.dense.bias' of shape \(8,\), found none: these "
                       "are the weights of another network"):
        text_encoder.set_weights(small.model, {name: array + 1 for name, array in weights.items() if "1.output.dense.b" not in name})
    with pytest.raises(ValueError, match="'embeddings.LayerNorm.bias' holds numbers that are not finite. The file is damaged"):
        text_encoder.set_weights(small.model, weights | {"embeddings.LayerNorm.bias": np.full(8, np.nan)})
    wrong = weights | {"embeddings.word_embeddings.weight": np.zeros((99, 8))}
    with pytest.raises(ValueError, match=r"of shape \(12, 8\), found \(99, 8\): these are the weights of another network"):
        text_encoder.set_weights(small.model, wrong)
    for ours, theirs in zip(small.model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_vocabulary_of_another_network_is_refused(small):
    wordpiece = WordPiece({piece: i for i, piece in enumerate(PIECES[:6])})
    with pytest.raises(ValueError, match="The network knows 12 pieces, the vocabulary has 6: they do not belong together"):
        text_encoder.TextEncoder(small.model, wordpiece)
    with pytest.raises(ValueError, match="Expected a network of text_encoder.build, found 'gpt'. Build one and set its weights"):
        text_encoder.TextEncoder(keras.Model(name="gpt"), small.wordpiece)


@pytest.mark.parametrize("texts, most, error, message", [
    ("a b", 16, ValueError, r"Expected a list of texts, found one text. Write \[text\]"),
    ([None], 16, TypeError, "needs one str, not NoneType"),
    (["a"], 17, ValueError, "The network has 16 positions, so it cannot read 17 pieces"),
    (["a"], 1, ValueError, "most is at least 2"),
])  # fmt: skip
def test_what_cannot_be_read_is_said(small, texts, most, error, message):
    with pytest.raises(error, match=message):
        small.vectors(texts, most=most)


@pytest.mark.parametrize("batch_size", [0, -1])
def test_a_batch_holds_a_text_at_least(small, batch_size):
    with pytest.raises(ValueError, match=f"batch_size is at least 1, not {batch_size}"):
        small.vectors(["a"], most=16, batch_size=batch_size)
