"""WordPiece, as BERT cuts English: small letters without accents, then the longest pieces that the vocabulary has.

Source: J. Devlin et al., "BERT", 2018, section 3 and the tokenisation.py of its authors; M. Schuster and K. Nakajima,
"Japanese and Korean voice search", 2012.
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from utils.text.markup import check_text

PAD, UNKNOWN, BEGIN, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
INSIDE = "##"  # in front of a piece that does not begin a word
LONGEST_WORD = 100  # characters; a longer one is UNKNOWN
CHINESE = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
           (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))  # fmt: skip


def split_words(text: str) -> list[str]:
    """Return small words without accents, in order; each sign of punctuation and each Chinese character is one.

    Control characters go; tabs and ends of lines separate as blanks do. `tokenizers` has Unicode tables of its own age:
    of characters that are newer than these, or have changed since, it may think otherwise.

    Raises:
        TypeError: if `text` is not a string.
    """
    spaced = "".join(map(_spaced, check_text(text, "split_words")))
    letters = (c for c in unicodedata.normalize("NFD", spaced) if unicodedata.category(c) != "Mn")
    return "".join(f" {c} " if _is_punctuation(c) else c for c in "".join(letters).lower()).split()


@lru_cache(maxsize=20_000)
def _spaced(character: str) -> str:
    if character not in "\t\n\r" and unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs"):
        return ""
    if character == "\N{REPLACEMENT CHARACTER}":
        return ""
    if character.isspace():
        return " "
    code = ord(character)
    return f" {character} " if any(low <= code <= high for low, high in CHINESE) else character


@lru_cache(maxsize=20_000)
def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character).startswith("P") or character in "$+<=>^`|~"


class WordPiece:
    """A vocabulary of pieces and their ids, and the way to cut any text into them."""

    def __init__(self, ids: Mapping[str, int]):
        """Take the id of every piece: 0, 1, 2 ..., with the four signs among them.

        Raises:
            ValueError: if a sign is missing, or the ids are not 0 ... number - 1.
        """
        missing = [sign for sign in (PAD, UNKNOWN, BEGIN, END) if sign not in ids]
        if missing:
            raise ValueError(f"The vocabulary lacks {', '.join(missing)}. Give one that was made for BERT.")
        self._ids = dict(ids)
        self.pieces = sorted(self._ids, key=self._ids.get)
        if sorted(self._ids.values()) != list(range(len(self._ids))):
            raise ValueError(f"Expected ids from 0 to {len(self._ids) - 1}, each once. The vocabulary is damaged; fetch it again.")
        self._pieces_of = lru_cache(maxsize=100_000)(self._cut)

    @classmethod
    def from_json(cls, content: str | bytes) -> "WordPiece":
        """Read the tokenizer.json of a published model.

        Raises:
            ValueError: if it is no such file, or describes another way of cutting.
        """
        try:
            settings = json.loads(content)
            model, normaliser = settings["model"], settings["normalizer"]
            found = (model["type"], model["continuing_subword_prefix"], normaliser["type"], normaliser["lowercase"])
            ids = model["vocab"]
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"This is no tokenizer.json of a WordPiece model: {error!r}. Fetch the file again.") from None
        if found != ("WordPiece", INSIDE, "BertNormalizer", True):
            raise ValueError(f"Expected WordPiece for small letters, found {found}. Read this file with `tokenizers`.")
        return cls(ids)

    def __len__(self) -> int:
        return len(self.pieces)

    def __contains__(self, piece: str) -> bool:
        return piece in self._ids

    def _cut(self, word: str) -> tuple[str, ...]:
        found, start = [], 0
        while start < len(word) <= LONGEST_WORD:
            for end in range(len(word), start, -1):
                piece = (INSIDE if start else "") + word[start:end]
                if piece in self._ids:
                    break
            else:
                return (UNKNOWN,)
            found.append(piece)
            start = end
        return tuple(found) or (UNKNOWN,)

    def tokens(self, text: str) -> list[str]:
        """Return the pieces of a text in order, without BEGIN and END.

        A word of which some part fits no piece is one UNKNOWN as a whole, as is one of more than 100 characters.

        Raises:
            TypeError: if `text` is not a string.
        """
        return [piece for word in split_words(text) for piece in self._pieces_of(word)]

    def encode(self, text: str, most: int) -> list[int]:
        """Return the ids of BEGIN, the first pieces and END, at most `most` in all.

        Raises:
            TypeError: if `text` is not a string.
            ValueError: if `most` is below 2.
        """
        if most < 2:
            raise ValueError(f"BEGIN and END alone are 2 ids, so most is at least 2, not {most}.")
        return self.ids([BEGIN, *self.tokens(text)[: most - 2], END])

    def ids(self, pieces: Iterable[str]) -> list[int]:
        """Return the id of each piece; one that is not in the vocabulary has that of UNKNOWN."""
        return [self._ids.get(piece, self._ids[UNKNOWN]) for piece in pieces]
