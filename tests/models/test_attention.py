import itertools
from collections import Counter

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.models import attention, recurrent, transformer
from utils.models.attention import BEGIN, END, PAD, UNKNOWN, Vocabulary, tokens

PAIRS = [("Open the door", "開門"), ("Close the door", "關門"), ("Open the window", "開窗"), ("Close the window", "關窗"),
         ("Connect to {host}", "連接 {host}"), ("Connect to Hue", "連接 Hue"), ("Connect to Hue now", "立即連接 Hue")]  # fmt: skip


def vocabularies(pairs=PAIRS, at_least=1):
    english, chinese = zip(*pairs, strict=True)
    return (Vocabulary((tokens(text.lower()) for text in english), at_least),
            Vocabulary(map(tokens, chinese), at_least))  # fmt: skip


@pytest.fixture(scope="module")
def untrained():
    keras.utils.set_random_seed(0)
    source, target = vocabularies()
    return attention.Translator(attention.build(len(source), len(target), units=8), source, target)


# ------------------------------------------------------------------------------------------------ words, ids, batches


@pytest.mark.parametrize("text, expected", [
    ("Couldn't reach 192.168.0.1!", ["Couldn't", "reach", "192.168.0.1", "!"]),
    ("連接 Hue 時發生錯誤", ["連", "接", "Hue", "時", "發", "生", "錯", "誤"]),
    ("{entity_name}已開啟", ["{entity_name}", "已", "開", "啟"]),
    ("ça va 😀 Привет { x", ["ça", "va", "😀", *"Привет", "{", "x"]),
    (" \n\t", []),
])  # fmt: skip
def test_latin_words_and_placeholders_are_whole_and_all_else_is_single(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize("text", ["連接 Hue 時發生錯誤", "IPv4 位址無效。", "CPU（總計）", "將 {name} 設為 3", "Open the door"])
def test_tokens_are_joined_as_people_write_them(text):
    assert attention.join(tokens(text)) == text


@given(st.text(max_size=40))
def test_no_character_but_spaces_is_lost(text):
    assert "".join(attention.join(tokens(text)).split()) == "".join(text.split())


def test_vocabulary_has_the_commonest_first_and_the_rest_is_unknown():
    vocabulary = Vocabulary([["b", "a", "b"], ["a", "b", "rare"]], at_least=2)
    assert vocabulary.words[4:] == ["b", "a"]
    assert vocabulary.encode(["a", "b", "rare", "😀", ""]) == [5, 4, UNKNOWN, UNKNOWN, UNKNOWN]
    assert ("a" in vocabulary, "rare" in vocabulary, attention.SPECIAL[BEGIN] in vocabulary) == (True, False, False)


def test_every_pair_is_in_one_batch_an_epoch_with_its_answer_one_step_ahead():
    random = np.random.default_rng(0)
    targets = [random.integers(4, 99, length).tolist() for length in random.integers(1, 9, 53)]
    sources = [[number + 4] * (number % 5 + 1) for number in range(53)]
    batches, epochs = attention.Batches(sources, targets, batch_size=8, seed=1), []
    for _ in range(2):
        found = {}
        for (source, reads), answers, weights in (batches[number] for number in range(len(batches))):
            np.testing.assert_array_equal(weights, answers != PAD)
            for row, read, answer in zip(source, reads, answers, strict=True):
                found[tuple(row[row > 0])] = [*read[(read != PAD) & (read != END)]], [*answer[answer != PAD]]
        assert found == {tuple(one): ([BEGIN, *other], [*other, END]) for one, other in zip(sources, targets, strict=True)}
        epochs.append([batches[number][0][0].tolist() for number in range(len(batches))])
        batches.on_epoch_end()
    assert epochs[0] != epochs[1]


def test_batches_hold_sentences_of_about_one_length():
    targets = [[4] * (1 + number % 20) for number in range(400)]
    batches = attention.Batches(targets, targets, batch_size=20)
    wasted = [(weights == 0).mean() for _, _, weights in (batches[number] for number in range(len(batches)))]
    assert max(wasted) < 0.1


# ------------------------------------------------------------------------------------------------------- one head


def some(seed=0, targets=3, sources=5, width=6):
    random = np.random.default_rng(seed)
    return random.normal(size=(2, targets, width)), random.normal(size=(2, sources, width))


@pytest.mark.parametrize("heads", [1, 3])
def test_attention_is_that_of_keras_with_its_weights(heads):
    keras.utils.set_random_seed(1)
    x, others = some()
    mask = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], bool)[:, None]
    layer = keras.layers.MultiHeadAttention(heads, 4, bias_initializer="random_normal")
    expected, expected_weights = layer(x, others, attention_mask=mask, return_attention_scores=True)
    Wq, bq, Wk, bk, Wv, bv, Wo, bo = map(np.asarray, layer.get_weights())  # (6, heads, 4), (heads, 4), …; (heads, 4, 6), (6,)
    result = bo
    for head in range(heads):
        q, k, v = (inputs @ W[:, head] + b[head] for inputs, W, b in ((x, Wq, bq), (others, Wk, bk), (others, Wv, bv)))
        seen, weights = attention.attend(q, k, v, mask)
        result = result + seen @ Wo[head]
        np.testing.assert_allclose(weights, np.asarray(expected_weights)[:, head], atol=1e-6)
    np.testing.assert_allclose(result, np.asarray(expected), atol=1e-5)


@pytest.mark.parametrize("masked", [False, True])
def test_gradients_of_a_head_agree_with_finite_differences(masked):
    random = np.random.default_rng(2)
    parts = {"queries": random.normal(size=(3, 4)), "keys": random.normal(size=(5, 4)), "values": random.normal(size=(5, 2))}
    d_seen, mask = random.normal(size=(3, 2)), np.tril(np.ones((3, 5), bool)) if masked else None
    found = attention.attend_backward(d_seen, **parts, mask=mask)
    for name, array in parts.items():
        by_moving = recurrent.numerical_gradient(lambda: (attention.attend(**parts, mask=mask)[0] * d_seen).sum(), array)
        np.testing.assert_allclose(getattr(found, name), by_moving, atol=1e-7, err_msg=name)


def test_masked_keys_get_no_weight_and_huge_scores_no_overflow():
    queries, keys = some()
    mask = np.array([True, False, True, False, True])
    _, weights = attention.attend(1e4 * queries, 1e4 * keys, keys, mask)
    assert (weights[..., ~mask] == 0).all()
    np.testing.assert_allclose(weights.sum(axis=-1), 1)


# -------------------------------------------------------------------------------------------------------- networks

BUILDERS = [attention.build, lambda *sizes, **options: attention.build(*sizes, attention=False, **options),
            lambda *sizes, **options: attention.build(*sizes, heads=2, **options),
            lambda *sizes, **options: attention.build_transformer(*sizes, heads=2, **options)]  # fmt: skip


@pytest.mark.parametrize("build", BUILDERS, ids=["one head", "no attention", "two heads", "transformer"])
def test_scores_depend_on_the_source_and_on_nothing_that_comes_later_or_is_padding(build):
    keras.utils.set_random_seed(0)
    model = build(9, 11, units=8)
    source, target = np.array([[4, 5, 6]]), np.array([[BEGIN, 5, 6, 7]])
    before = np.asarray(model([source, target]))
    assert before.shape == (1, 4, 11)
    later = np.asarray(model([source, np.array([[BEGIN, 5, 6, 9]])]))
    np.testing.assert_allclose(later[:, :3], before[:, :3], atol=1e-6)
    assert np.abs(later[:, 3] - before[:, 3]).max() > 1e-4
    padded = np.asarray(model([np.pad(source, ((0, 0), (0, 4))), np.pad(target, ((0, 0), (0, 2)))]))
    np.testing.assert_allclose(padded[:, :4], before, atol=1e-5)
    assert np.abs(np.asarray(model([np.array([[4, 8, 6]]), target])) - before).max() > 1e-4


@pytest.mark.parametrize("build", BUILDERS, ids=["one head", "no attention", "two heads", "transformer"])
def test_each_network_translates_and_refuses_the_vocabularies_swapped(build):
    source, target = vocabularies([*PAIRS, ("more words here", "門")])
    model = build(len(source), len(target), units=8)
    assert len(attention.Translator(model, source, target).translate(["Open the door", "😀"])) == 2
    with pytest.raises(ValueError, match="Give those it was trained with"):
        attention.Translator(model, target, source)


def test_without_attention_the_decoder_is_the_same_and_nothing_is_looked_at():
    with_it, without = (Counter(layer.__class__.__name__ for layer in attention.build(9, 11, units=8, attention=on).layers)
                        for on in (True, False))  # fmt: skip
    assert with_it["MultiHeadAttention"] == 1
    assert without["MultiHeadAttention"] == 0
    for kind in ("Embedding", "Bidirectional", "GRU", "Dense"):
        assert with_it[kind] == without[kind] > 0


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(3)
    source, target = vocabularies(at_least=2)  # {host} and "now" occur once
    model = attention.build(len(source), len(target), units=32, dropout=0.0)
    data = attention.Batches([source.encode(tokens(english.lower())) for english, _ in PAIRS],
                             [target.encode(tokens(chinese)) for _, chinese in PAIRS], batch_size=7)  # fmt: skip
    attention.compile_for(model, updates=60, rate=0.02).fit(data, epochs=60, verbose=0)
    return attention.Translator(model, source, target)


def test_network_learns_to_translate_and_capitals_do_not_matter(trained):
    english, chinese = zip(*PAIRS[:4], PAIRS[5], strict=True)
    for beam in (1, 3):
        assert trained.translate(list(english), beam=beam) == list(chinese)
    assert trained.translate(["OPEN THE DOOR"]) == ["開門"]


def test_translation_does_not_depend_on_what_is_translated_beside_it(trained):
    english = [text for text, _ in PAIRS] + ["Open 😀", "the the the the the the the the the"]
    together = trained.translate(english, beam=2)
    assert [trained.translate([text], beam=2)[0] for text in english] == together


def test_alignment_has_a_row_of_weights_for_each_token_and_the_end(trained):
    for one in trained.explain(["Connect to {host}", "Open the door"], beam=2):
        assert one.weights.shape == (len(one.target) + 1, len(one.source))
        np.testing.assert_allclose(one.weights.sum(axis=1), 1, atol=1e-5)
    assert one.source == ["Open", "the", "door"]


def test_unknown_word_is_copied_from_where_the_network_looks_or_left_out(trained):
    assert UNKNOWN in trained.target.encode(["{host}"])
    one = trained.explain(["Connect to {host}"])[0]
    assert one.target[:2] == ["連", "接"]
    assert one.target[2] == one.source[one.weights[2].argmax()]
    assert trained.translate(["Connect to {host}"], copy=False) == ["連接"]


def test_wide_beam_finds_what_trying_everything_finds(monkeypatch):
    monkeypatch.setattr(attention, "LONGEST_TARGET", 3)
    keras.utils.set_random_seed(0)
    source, target = vocabularies([("a b", "天"), ("b c", "地")])
    model = attention.build(len(source), len(target), units=8)
    model.set_weights([4 * weight for weight in model.get_weights()])  # so that it has preferences
    translator = attention.Translator(model, source, target)
    texts = ["a", "c b", "b a c"]
    for text, one in zip(texts, translator.explain(texts, beam=200, copy=False), strict=True):
        best = (-np.inf, None)
        for length in (1, 2, 3):
            ends = [END] if length < 3 else [END, UNKNOWN, 4, 5]
            written = np.array([[*first, last] for first in itertools.product((UNKNOWN, 4, 5), repeat=length - 1) for last in ends])
            reads = np.column_stack([np.full(len(written), BEGIN), written[:, :-1]])
            scores = np.asarray(model([np.tile([*source.encode(text.split()), PAD], (len(written), 1)), reads]), float)
            log_p = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
            means = np.take_along_axis(log_p, written[..., None], axis=-1).mean(axis=(1, 2))
            best = max(best, (means.max(), written[means.argmax()].tolist()))
        assert one.target == [("" if number == UNKNOWN else target.words[number]) for number in best[1] if number != END]


# --------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize("text", ["😀🎉", "Привет мир", "مرحبا", "한국어", "\x00\x07", "{", "é" * 50, "開門"])
def test_other_scripts_emoji_and_unknown_characters_are_unknown_words(untrained, text):
    one = untrained.explain([text])[0]
    assert one.source == tokens(text)
    assert len(one.target) <= attention.LONGEST_TARGET
    assert isinstance(one.text, str)


def test_network_without_attention_translates_and_has_nothing_to_copy_from():
    keras.utils.set_random_seed(0)
    source, target = vocabularies()
    model = attention.build(len(source), len(target), units=8, attention=False)
    scores = model.get_layer("scores")
    scores.set_weights([scores.get_weights()[0], 9.0 * (np.arange(len(target)) == UNKNOWN)])  # it writes UNKNOWN only
    one = attention.Translator(model, source, target).explain(["Open the door"], beam=2)[0]
    assert (one.text, set(one.target), one.weights) == ("", {""}, None)


def test_longest_sentence_and_no_sentence_are_fine(untrained):
    assert len(untrained.translate(["word " * attention.LONGEST_SOURCE])) == 1
    assert untrained.translate([]) == []


QUERIES, KEYS = some()


@pytest.mark.parametrize("call, message", [
    (lambda _: attention.Batches([[4], [5]], [[4]]), "one target for each source, at least one; found 2 and 1"),
    (lambda _: attention.pad([]), "There are no sentences to pad"),
    (lambda _: Vocabulary([["a"]], at_least=9), "No token occurs 9 times. Give more sentences, or a smaller at_least"),
    (lambda _: attention.attend(QUERIES, KEYS[..., :4], KEYS),
     r"queries and keys of one width.*found queries \(2, 3, 6\), keys \(2, 5, 4\)"),
    (lambda _: attention.attend(QUERIES, KEYS, KEYS[:, :4]), "a value for each key"),
    (lambda _: attention.attend(QUERIES, KEYS, KEYS, np.zeros((3, 5), bool)), "The mask lets a query look nowhere"),
    (lambda it: it.translate(["Open", ""]), "Sentence 1 has 0 words and signs; expected 1 to 64"),
    (lambda it: it.translate([" \n"]), "Sentence 0 has 0 words and signs"),
    (lambda it: it.translate(["word " * 10_000]),
     "Sentence 0 has 10,000 words and signs; expected 1 to 64.*cut a long text into sentences"),
    (lambda it: it.translate("Open the door"), r"Expected a list of sentences, found one text. Write \[text\]"),
    (lambda it: it.explain(["Open"], beam=0), "A beam is 1 or more, not 0"),
    (lambda it: attention.Translator(attention.build(9, 7, units=8), it.source, Vocabulary([["a"]], 1)),
     r"built for 9 and 7 tokens, the vocabularies have \d+ and 5. Give those it was trained with"),
    (lambda it: attention.Translator(attention.build(9, len(it.target), units=8), it.source, it.target), r"built for 9 and \d+ tokens"),
    (lambda it: attention.Translator(transformer.build(5, context=4, width=8), it.source, it.target), "built for 5 tokens"),
    (lambda it: attention.Translator(keras.Sequential([keras.Input((3,))]), it.source, it.target), "built for no tokens"),
    (lambda _: attention.chrf("門", " "), "The reference is empty"),
])  # fmt: skip
def test_what_does_not_fit_or_cannot_be_translated_is_refused(untrained, call, message):
    with pytest.raises(ValueError, match=message):
        call(untrained)


# -------------------------------------------------------------------------------------------------------------- chrF

SACREBLEU = [  # sacrebleu 2.5.1: sentence_chrf(translation, [reference]).score / 100
    ("the cat sat on the mat", "the cat is on the mat", 0.645779),
    ("連接裝置時發生未知錯誤", "連線至裝置時發生錯誤", 0.355471),
    ("無法連線", "無法連線至 Home Assistant", 0.177922),
    ("裝置裝置裝置裝置裝置", "裝置已經設定完成", 0.062207),
    ("Hue 主機", "Philips Hue Bridge", 0.091786),
]


@pytest.mark.parametrize("translation, reference, score", [*SACREBLEU, ("開 門", "開門", 1), ("", "開門", 0), ("窗", "開門", 0)])
def test_chrf_is_that_of_sacrebleu(translation, reference, score):
    assert attention.chrf(translation, reference) == pytest.approx(score, abs=1e-6)


@pytest.mark.parametrize("translation, reference, exact", [
    ("連接Hue", "連接 Hue", True), ("Open", "open", False), ("", "門", False), ("開門。", "開門", False)])
def test_exact_means_the_same_but_for_spaces(translation, reference, exact):
    assert attention.is_exact(translation, reference) is exact
