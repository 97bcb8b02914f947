import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from utils.data import datasets
from utils.text.wordpiece import WordPiece, split_words

SMALL = {piece: number for number, piece in enumerate(
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##believ", "##able", "##a", "film", "##s", "!", "the"])}  # fmt: skip


@pytest.fixture(scope="module")
def published():
    content = datasets.load_minilm().tokenizer
    reference = Tokenizer.from_str(content.decode())
    reference.no_truncation()
    reference.no_padding()
    reference.encode_special_tokens = True  # a sign that a text spells, such as [PAD], is text
    return WordPiece.from_json(content), reference


# ------------------------------------------------------------------------------------------------------------ words


@pytest.mark.parametrize("text, expected", [
    ("An UNFORGETTABLE film!", ["an", "unforgettable", "film", "!"]),
    ("Café\tZürich\n3.14", ["cafe", "zurich", "3", ".", "14"]),
    ("太好看了", ["太", "好", "看", "了"]),
    ("a\u200bb\x00c\ufffdd", ["abcd"]),
    ("half \ud83d", ["half"]),
    ("$5 + don't", ["$", "5", "+", "don", "'", "t"]),
    (" \u3000\n", []),
])  # fmt: skip
def test_words_are_small_bare_and_apart_from_punctuation(text, expected):
    assert split_words(text) == expected


# ----------------------------------------------------------------------------------------------------------- pieces


@pytest.mark.parametrize("text, expected", [
    ("unbelievable films!", ["un", "##believ", "##able", "film", "##s", "!"]),
    ("unbelievablex the", ["[UNK]", "the"]),
    ("the" * 34, ["[UNK]"]),
    ("", []),
])  # fmt: skip
def test_the_longest_piece_is_taken_first_and_a_strange_part_makes_the_word_unknown(text, expected):
    assert WordPiece(SMALL).tokens(text) == expected


def test_ids_stand_between_begin_and_end_and_are_cut_to_the_most():
    wordpiece = WordPiece(SMALL)
    assert wordpiece.encode("the films", 10) == [2, 11, 8, 9, 3]
    assert wordpiece.encode("the films", 4) == [2, 11, 8, 3]
    assert wordpiece.encode("", 2) == [2, 3]
    assert wordpiece.ids(["film", "nothing"]) == [8, 1]
    assert (len(wordpiece), "film" in wordpiece, "cinema" in wordpiece) == (12, True, False)


CAPITALS = {"model": {"type": "WordPiece", "continuing_subword_prefix": "##", "vocab": SMALL},
            "normalizer": {"type": "BertNormalizer", "lowercase": False}}  # fmt: skip


@pytest.mark.parametrize("call, error, message", [
    (lambda: WordPiece(SMALL).encode("the", 1), ValueError, "most is at least 2, not 1"),
    (lambda: WordPiece({piece: number for piece, number in SMALL.items() if piece != "[SEP]"}), ValueError,
     r"lacks \[SEP\]. Give one that was made for BERT"),
    (lambda: WordPiece(SMALL | {"the": 99}), ValueError, "Expected ids from 0 to 11, each once. The vocabulary is damaged"),
    *((lambda content=content: WordPiece.from_json(content), ValueError, "no tokenizer.json of a WordPiece model")
      for content in (b"", b"\xff", b"[]", b"{}", b'{"model": {}, "normalizer": null}')),
    (lambda: WordPiece.from_json(json.dumps(CAPITALS)), ValueError, "Expected WordPiece for small letters, found"),
])  # fmt: skip
def test_what_is_no_text_or_no_vocabulary_of_small_letters_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


# --------------------------------------------------------------------------------------- against tokenizers


@given(text=st.text(max_size=40))
def test_any_text_is_cut_as_tokenizers_cuts_it(published, text):
    wordpiece, reference = published
    assert wordpiece.tokens(text) == reference.encode(text, add_special_tokens=False).tokens


def test_real_reviews_are_cut_as_tokenizers_cuts_them(published):
    wordpiece, reference = published
    (texts, _), _ = datasets.load_imdb("lesson")
    for text in [*texts[:300], "word " * 10_000, "x" * 10_000]:
        assert wordpiece.encode(text, 10_500) == [*reference.encode(text).ids[:-1][:10_499], 102]
    assert len(wordpiece) == 30_522
