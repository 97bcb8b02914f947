"""The file formats of word2vec.c: a first line "words dimensions", then for each word its name and its numbers.

In the binary format the numbers are little-endian float32, in the text format decimal fractions, in both a space ends
the name. gensim reads and writes them; here stand the questions that it does not ask.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from utils import files


def save(path, words: Sequence[str], vectors, binary: bool | None = None) -> None:
    """Write words and vectors; the file appears under its name only when it is whole.

    Args:
        path: where to. words: n different strings in UTF-8 without white space. vectors: (n, dim), float32 and finite.
        binary: which format; None: binary if the name ends in `.bin`, else text. Either keeps float32 exactly.

    Raises:
        ValueError: if words and vectors are not as many, a word cannot be written, or a number is not finite.
    """
    from gensim.models import KeyedVectors

    path, vectors = Path(path), np.asarray(vectors, dtype=np.float32)
    if vectors.ndim != 2 or not len(vectors) == len(words) == len(set(words)):
        raise ValueError(f"There are {len(words)} words, {len(set(words))} different ones, and vectors of shape "
                         f"{vectors.shape}; expected one row for each word, and each word once.")
    if not np.isfinite(vectors).all():
        raise ValueError("Some vectors hold NaN or infinite numbers. Train again with a lower learning rate.")
    for word in words:
        if word.split() != [word]:
            raise ValueError(f"The word {word!r} is empty or holds white space, which ends a word in this format. "
                             "Join its parts, for example by '_'.")
    table = KeyedVectors(vectors.shape[1])
    table.add_vectors(list(words), vectors)
    with files.atomic_write(path) as unfinished:
        table.save_word2vec_format(unfinished, binary=_is_binary(path, binary))


def load(path, binary: bool | None = None) -> tuple[list[str], np.ndarray]:
    """Return (words, vectors): n strings and float32 (n, dim).

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is not in this format, or holds other words and numbers than its first line says.
    """
    from gensim.models import KeyedVectors

    path, binary = Path(path), _is_binary(Path(path), binary)
    try:
        with open(path, "rb") as file:
            n, dim = (int(number) for number in file.readline(100).split())
            first_line = file.tell()
            are_rows = [_is_row(line, dim) for line in islice(file, 1 if binary else None)]
    except ValueError:
        n = dim = 0
    if n < 1 or dim < 1:
        raise ValueError(f"{path} does not begin with a line such as '30000 100' (words, dimensions), so it is "
                         "not in word2vec's format. Choose another file, or save the vectors again.")
    try:
        if binary and are_rows == [True]:
            raise ValueError("its numbers are text")
        if not binary and are_rows != [True] * n:
            raise ValueError(f"expected are {n} lines of a word and {dim} numbers")
        table = KeyedVectors.load_word2vec_format(path, binary=binary)
        words, vectors = table.index_to_key, table.vectors
        if None in words:
            raise ValueError("a word occurs twice")  # gensim leaves its place empty
        size = first_line + 4 * dim * n + sum(len(word.encode()) + 1 for word in words)
        if binary and path.stat().st_size not in (size, size + n):  # word2vec.c ends each vector with a line feed
            raise ValueError(f"expected are {size} bytes")
        if not np.isfinite(vectors).all():
            raise ValueError("it holds NaN or infinite numbers")
    except (ValueError, EOFError) as error:
        raise ValueError(f"{path} is damaged or in the other format (binary={binary} was tried): {error}. "
                         "Download or save it again.") from None
    return words, vectors


def _is_row(line: bytes, dim: int) -> bool:
    """Whether a line is a word and its numbers in the text format, whole to the line feed."""
    try:
        return line.endswith(b"\n") and len([float(number) for number in line.split()[1:]]) == dim
    except ValueError:
        return False


def _is_binary(path: Path, binary: bool | None) -> bool:
    return path.suffix == ".bin" if binary is None else binary
