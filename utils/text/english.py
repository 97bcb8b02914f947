"""English text: from markup to words, from words to numbers."""

import json
import operator
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from utils.text.markup import check_text, strip_html, visible_wikitext

__all__ = ["Vocabulary", "normalise_letters", "pad", "stop_words", "strip_html", "tokenise"]

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPELLED = {ord("0") + digit: f" {name} " for digit, name in enumerate(_DIGITS)}


def normalise_letters(text: str) -> str:
    """Return MediaWiki markup as text8 has it: only a-z and single spaces, digits spelled out.

    What a reader of the page sees is kept: text, headings, link texts, image captions, category names.
    Templates, tables, references, formulas, comments, tags, addresses, links to other languages and the page
    of a redirect are dropped, nested ones included. Then capitals become small, `7` becomes ` seven `, and
    any other character a space: `Encyclopædia` is `encyclop dia`, as in text8. Markup that is never closed
    stays as text (a comment is dropped to the end). Plain text is fine too; without letters and digits the
    result is empty.

    Source: M. Mahoney, "About the Test Data" (mattmahoney.net/dc/textdata.html), which describes text8 and
    the filter that made it. That filter sees no nesting; this one matches brackets, so less markup stays in
    the text.

    Raises:
        TypeError: if `text` is not a string.
    """
    letters = re.sub("[^a-z0-9]+", " ", visible_wikitext(check_text(text, "normalise_letters")).lower())
    return " ".join(letters.translate(_SPELLED).split())


_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def tokenise(text: str) -> list[str]:
    """Return the words of `text` in order, in lower case.

    A word is a longest run of letters and digits of any script; single apostrophes inside it are kept
    (`don't`, `rock'n'roll`), the typographic ones as `'`. Everything else separates words and is dropped:
    `state-of-the-art` is four words, `3.5` two, `'quoted'` is `quoted`. Accents written as separate code
    points are joined to their letter first (Unicode NFC). Chinese has no spaces between words, so a Chinese
    sentence comes out as one word: use `chinese.segment`. A text without words gives an empty list.

    Raises:
        TypeError: if `text` is not a string.
    """
    text = unicodedata.normalize("NFC", check_text(text, "tokenise").lower())
    return _TOKEN.findall(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


@cache
def stop_words() -> frozenset[str]:
    """Return English stop words: scikit-learn's list, and contractions as `tokenise` writes them.

    The list holds `not`, `no` and `never`, so it does harm where meaning hangs on them, as in sentiment.
    Source: J. Nothman, H. Qin, R. Yurchak, "Stop Word Lists in Free Open-source Software Packages" (2018).
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    verbs = ("are", "could", "did", "do", "does", "had", "has", "have", "is", "might", "must", "need",
             "should", "was", "were", "would")
    negated = {f"{verb}n't" for verb in verbs} | {"can't", "won't", "ain't"}
    plural = {f"{word}'{end}" for word in ("you", "we", "they") for end in ("re", "ve", "d", "ll")}
    singular = {f"{word}'{end}" for word in ("he", "she", "it", "that", "there", "what", "who")
                for end in ("s", "d", "ll")}
    others = {"i'm", "i've", "i'd", "i'll", "let's", "here's", "where's", "how's"}
    return frozenset(ENGLISH_STOP_WORDS | negated | plural | singular | others)


class Vocabulary:
    """Words and their numbers: 0 is padding, 1 any unknown word, then the words from frequent to rare.

    Words that occur equally often stand in alphabetical order: the same texts always give the same numbers.

    Attributes:
        words: the word of every id; the first two are `<pad>` and `<unk>`.
        counts: how often the word of every id occurred in the texts; for unknown, all words left out.
    """

    PADDING, UNKNOWN = 0, 1
    SPECIAL = ("<pad>", "<unk>")

    def __init__(self, token_lists: Iterable[Sequence[str]], max_size: int | None = None, min_count: int = 1):
        """Count the words of all texts.

        Args:
            token_lists: one list of tokens for each text, for example from `tokenise` or `chinese.segment`.
            max_size: at most so many ids in all, padding and unknown included: an embedding's `input_dim`.
            min_count: a word must occur so often, at least.

        Raises:
            TypeError: if a text is a string instead of a list of tokens, or a token is no string.
            ValueError: if `max_size` is below 2 or `min_count` below 1.
        """
        if max_size is not None and max_size < len(self.SPECIAL):
            raise ValueError(f"max_size counts padding and unknown too, so it is at least 2, not {max_size}.")
        if not 1 <= min_count < np.inf:
            raise ValueError(f"min_count is at least 1, not {min_count}.")
        if isinstance(token_lists, str):
            raise TypeError("Vocabulary() needs a list of token lists, not a str: [tokenise(text)].")
        seen = Counter()
        for number, tokens in enumerate(token_lists):
            if isinstance(tokens, str):
                raise TypeError(f"Text {number} is a str where a list of tokens was expected: "
                                "split it first, for example with tokenise(text).")
            seen.update(tokens)
        for word in seen:
            if not isinstance(word, str):
                raise TypeError(f"A token is a str, not {type(word).__name__}: {word!r}.")
        frequent = [word for word, count in seen.items() if count >= min_count and word not in self.SPECIAL]
        frequent.sort(key=lambda word: (-seen[word], word))
        room = None if max_size is None else max_size - len(self.SPECIAL)
        self._fill(frequent[:room], [seen[word] for word in frequent[:room]], total=seen.total())

    def _fill(self, words: list[str], counts: list[int], total: int) -> None:
        self.words = [*self.SPECIAL, *words]
        self.counts = [0, total - sum(counts), *counts]
        self._ids = {word: number for number, word in enumerate(words, len(self.SPECIAL))}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word) -> bool:
        return word in self._ids

    def __repr__(self) -> str:
        return f"<Vocabulary of {len(self):,} ids: {', '.join(self.words[2:7])} ...>"

    def encode(self, tokens: Sequence[str]) -> list[int]:
        """Return the id of every token, 1 for a token that is not in the vocabulary.

        Raises:
            TypeError: if `tokens` is one string instead of a list of them.
        """
        if isinstance(tokens, str):
            raise TypeError("encode() needs a list of tokens, not a str: encode(tokenise(text)).")
        return [self._ids.get(token, self.UNKNOWN) for token in tokens]

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Return the word of every id, with `<unk>` for unknown words and without padding.

        Raises:
            ValueError: if an id is not in the vocabulary.
        """
        ids = [operator.index(number) for number in ids]
        for number in ids:
            if not 0 <= number < len(self):
                raise ValueError(f"Id {number} is not in this vocabulary: ids go from 0 to {len(self) - 1}.")
        return [self.words[number] for number in ids if number != self.PADDING]

    def save(self, path) -> None:
        """Write the vocabulary as JSON, one word a line."""
        lines = (json.dumps(pair, ensure_ascii=False) for pair in zip(self.words, self.counts, strict=True))
        Path(path).write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8", errors="surrogatepass")

    @classmethod
    def load(cls, path) -> "Vocabulary":
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if the file holds no vocabulary.
        """
        try:
            rows = json.loads(Path(path).read_text(encoding="utf-8", errors="surrogatepass"))
            words, counts = ([row[column] for row in rows] for column in (0, 1))
            sound = (tuple(words[:2]) == cls.SPECIAL and len(set(words)) == len(words)
                     and all(isinstance(word, str) for word in words)
                     and all(isinstance(count, int) and count >= 0 for count in counts))
        except (UnicodeDecodeError, json.JSONDecodeError, TypeError, LookupError):
            sound = False
        if not sound:
            raise ValueError(f"{path} holds no vocabulary as save() writes it. Build it again and save it.")
        vocabulary = cls([])
        vocabulary._fill(words[2:], counts[2:], total=sum(counts))
        return vocabulary


def pad(sequences: Sequence[Sequence[int]], length: int, keep: str = "first") -> np.ndarray:
    """Return the sequences as an int32 array of shape (number, length): short ones filled up with 0, long ones cut.

    The filling stands at the end (post-padding): cuDNN's LSTM refuses masks that begin with padding.
    `keep="first"` cuts the end of a long sequence, so that every row starts where its text starts;
    `keep="last"` cuts the beginning, for reviews that come to their point in the last sentence. (Keras's
    `pad_sequences` pads and cuts at the beginning unless told otherwise.)

    Raises:
        ValueError: if `length` is below 1, `keep` is neither word, or a sequence is no flat sequence of whole
            numbers that fit int32.
    """
    if isinstance(length, bool) or not isinstance(length, int | np.integer) or length < 1:
        raise ValueError(f"length is a whole number from 1 on, not {length!r}.")
    if keep not in ("first", "last"):
        raise ValueError(f"keep is 'first' or 'last', not {keep!r}.")
    sequences = list(sequences)
    padded = np.zeros((len(sequences), length), dtype=np.int32)
    for row, sequence in enumerate(sequences):
        numbers = _as_int32(sequence, f"Sequence {row}")
        numbers = numbers[:length] if keep == "first" else numbers[-length:]
        padded[row, : len(numbers)] = numbers
    return padded


def _as_int32(sequence, what: str) -> np.ndarray:
    try:
        numbers = np.asarray(sequence)
    except ValueError:  # rows of unequal length
        numbers = None
    if numbers is not None and numbers.ndim == 1:
        if not len(numbers):
            return numbers.astype(np.int32)
        limits = np.iinfo(np.int32)
        if numbers.dtype.kind in "iu" and limits.min <= numbers.min() <= numbers.max() <= limits.max:
            return numbers.astype(np.int32)
    raise ValueError(f"{what} must be flat and of whole numbers that fit int32, not {sequence!r:.60}. "
                     "Words go through Vocabulary.encode first.")
