"""WordPiece, as BERT cuts English: small letters without accents, then the longest pieces that the vocabulary has.

The cutting is that of `tokenizers`. Source: J. Devlin et al., "BERT", 2018, section 3; M. Schuster and K. Nakajima,
"Japanese and Korean voice search", 2012.
"""

import json
from collections.abc import Iterable, Mapping

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from utils.text.markup import check_text

PAD, UNKNOWN, BEGIN, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
INSIDE = "##"  # in front of a piece that does not begin a word
NORMALISER, PRE_TOKENIZER = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()


def split_words(text: str) -> list[str]:
    """Return small words without accents, in order; each sign of punctuation and each Chinese character is one.

    Control characters go; tabs and ends of lines separate as blanks do.

    Raises:
        TypeError: if `text` is not a string.
    """
    return [word for word, _ in PRE_TOKENIZER.pre_tokenize_str(NORMALISER.normalize_str(_without_surrogates(text)))]


def _without_surrogates(text: str) -> str:
    """Return a text without halves of surrogate pairs, which are no characters."""
    return check_text(text, "split_words").encode("utf-8", "ignore").decode()


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
        self._tokenizer = Tokenizer(models.WordPiece(self._ids, unk_token=UNKNOWN, max_input_chars_per_word=100))
        self._tokenizer.normalizer, self._tokenizer.pre_tokenizer = NORMALISER, PRE_TOKENIZER

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

    def tokens(self, text: str) -> list[str]:
        """Return the pieces of a text in order, without BEGIN and END.

        A word of which some part fits no piece is one UNKNOWN as a whole, as is one of more than 100 characters.

        Raises:
            TypeError: if `text` is not a string.
        """
        return self._tokenizer.encode(_without_surrogates(text)).tokens

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
        """Return the id of each piece; one that is not in the vocabulary has that of UNKNOWN.

        Raises:
            TypeError: if `pieces` is one string.
        """
        if isinstance(pieces, str):
            raise TypeError("ids() needs a list of pieces, not a str: ids(tokens(text)).")
        return [self._ids.get(piece, self._ids[UNKNOWN]) for piece in pieces]
