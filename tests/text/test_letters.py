"""utils.text.letters: ids, streams and counts, each against a plain reference."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.text import letters

SENTENCE = "the quick brown fox jumps over the lazy dog and runs away from the dog again "

# Letters


@given(st.text(alphabet=letters.ALPHABET))
def test_decode_undoes_encode_and_space_is_0_and_z_is_26(text):
    assert letters.decode(letters.encode(text)) == text
    assert letters.encode(" az").tolist() == [0, 1, 26]


@given(st.text(alphabet="玄德曰，張飛😀 aZ\n", min_size=1))
def test_any_script_can_be_an_alphabet(text):
    alphabet = letters.alphabet_of(text)
    assert sorted(set(text)) == list(alphabet)
    ids = letters.encode(text, alphabet)
    assert ids.tolist() == [alphabet.index(character) for character in text]
    assert letters.decode(ids, alphabet) == text


# Streams


def brute_force_rounds(text, batch_size, unroll):
    """Read the text with one finger for each stream, one letter at a time."""
    length = (len(text) - 1) // batch_size
    fingers = [stream * length for stream in range(batch_size)]
    ends = [finger + length for finger in fingers]
    while fingers[0] + unroll <= ends[0]:
        reading, answering = [], []
        for stream, finger in enumerate(fingers):
            reading.append(text[finger:finger + unroll])
            answering.append(text[finger + 1:finger + unroll + 1])
            fingers[stream] += unroll
        yield reading, answering


@given(length=st.integers(2, 200), batch_size=st.integers(1, 7), unroll=st.integers(1, 9))
def test_batches_are_those_of_the_brute_force_reference(length, batch_size, unroll):
    text = "".join(letters.ALPHABET[i * i % 27] for i in range(length))
    expected = list(brute_force_rounds(text, batch_size, unroll))
    if not expected:
        with pytest.raises(ValueError, match=f"{length} letters are too few"):
            letters.stream_batches(letters.encode(text), batch_size, unroll)
        return
    inputs, answers = letters.stream_batches(letters.encode(text), batch_size, unroll)
    assert inputs.shape == answers.shape == (len(expected), batch_size, unroll)
    found = [([letters.decode(row) for row in x], [letters.decode(row) for row in y])
             for x, y in zip(inputs, answers, strict=True)]
    assert found == expected


# Counts


def witten_bell(text, context, letter, number=27):
    """The formula word for word, in fractions, by searching the text."""
    shorter = witten_bell(text, context[1:], letter, number) if context else Fraction(1, number)
    places = range(len(text) - len(context))
    following = [text[i + len(context)] for i in places if text.startswith(context, i)]
    if not following:
        return shorter
    different = len(set(following))
    return (following.count(letter) + different * shorter) / Fraction(len(following) + different)


@pytest.mark.parametrize("text, unseen, order", [
    *((SENTENCE, "the dog quits zzz", order) for order in (1, 2, 3, 5, 8, 13)),
    *(("玄德曰不可。雲長曰可。翼德曰不可不可。", "玄德曰可不可", order) for order in (1, 2, 4)),
])
def test_counts_give_the_probabilities_of_the_formula_in_any_alphabet(text, unseen, order):
    alphabet = letters.ALPHABET if text == SENTENCE else letters.alphabet_of(text)
    expected = [float(witten_bell(text, unseen[max(0, i - order + 1):i], unseen[i], len(alphabet))) for i in range(len(unseen))]
    model, asked = letters.NgramModel(order, letters.encode(text, alphabet), len(alphabet)), letters.encode(unseen, alphabet)
    np.testing.assert_allclose(model.probabilities(asked), expected)
    assert model.bits_per_character(asked) == pytest.approx(-np.log2(expected[1:]).mean())


def test_longest_runs_of_the_last_letter_are_counted_right_and_different_runs_once():
    assert letters.NgramModel(13, letters.encode("z" * 30)).probabilities(letters.encode("z" * 20))[-1] > 0.9
    assert letters.NgramModel(5, [2999] * 9, 3000).probabilities([2999] * 9)[-1] > 0.9
    model = letters.NgramModel(3, letters.encode("ababc"))  # a b c; ab ba bc; aba bab abc
    assert [model.size(1), model.size(2), model.size()] == [3, 6, 9]


def test_probabilities_after_a_context_sum_to_one():
    model = letters.NgramModel(3, letters.encode(SENTENCE))
    for context in ("th", "zq", "  "):
        last = [model.probabilities(letters.encode(context + letter))[-1] for letter in letters.ALPHABET]
        assert sum(last) == pytest.approx(1)


def test_an_n_gram_model_without_text_is_uniform():
    model = letters.NgramModel(2, letters.encode(""))
    assert 2 ** (model.bits_per_character(letters.encode("any text"))) == pytest.approx(27)


def test_a_model_asked_for_a_shorter_order_answers_as_one_that_counted_no_more():
    text, unseen = letters.encode(SENTENCE), letters.encode("the dog quits zzz")
    longest = letters.NgramModel(8, text)
    for order in range(1, 9):
        shorter = letters.NgramModel(order, text)
        np.testing.assert_array_equal(longest.probabilities(unseen, order), shorter.probabilities(unseen))
        assert longest.bits_per_character(unseen, order) == shorter.bits_per_character(unseen)


@pytest.mark.parametrize("call, complaint", [
    (lambda: letters.encode("abC"), "'C' at position 2 is none of the 27.*normalise_letters"),
    (lambda: letters.encode("a 中"), "'中' at position 2"), (lambda: letters.encode("7"), "'7'"),
    (lambda: letters.encode("天地人", "天地"), "'人' at position 2 is none of the 2 of this alphabet.*alphabet_of"),
    (lambda: letters.encode("天", "天地天"), "3 characters, 2 different"), (lambda: letters.encode("天", ""), "0 characters, 0 different"),
    (lambda: letters.decode([27]), "0 to 26; found 27 to 27"), (lambda: letters.decode([-1]), "found -1"),
    (lambda: letters.decode([0.5]), "whole numbers"), (lambda: letters.decode([[1]]), r"shape \(1, 1\)"),
    (lambda: letters.alphabet_of(""), "this one is empty. Was the file read"),
    *((lambda sizes=sizes: letters.stream_batches(letters.encode(SENTENCE), *sizes), "is at least 1, not 0") for sizes in ((0, 3), (2, 0))),
    *((lambda order=order: letters.NgramModel(order, letters.encode("a")), f"order is 1 ... 13, not {order}") for order in (0, 14)),
    (lambda: letters.NgramModel(6, [2999], 3000), "order is 1 ... 5, not 6: longer runs of 3000 letters"),
    *((lambda order=order: letters.NgramModel(3, letters.encode(SENTENCE)).probabilities(letters.encode("the"), order),
       f"order is 1 ... 3 for this model, not {order}") for order in (0, 4)),
])  # fmt: skip
def test_what_is_no_letter_alphabet_size_or_order_is_refused(call, complaint):
    with pytest.raises(ValueError, match=complaint):
        call()
