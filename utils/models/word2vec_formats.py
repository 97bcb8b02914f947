"""The file formats of word2vec.c: a first line "words dimensions", then for each word its name and its numbers.

In the binary format the numbers are little-endian float32, in the text format decimal fractions, in both a space ends
the name. gensim, fastText and many others read and write the same formats.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

LONGEST_WORD = 10_000  # bytes; more means that the file is something else


def save(path, words: Sequence[str], vectors, binary: bool | None = None) -> None:
    """Write words and vectors; the file appears under its name only when it is whole.

    Args:
        path: where to. words: n strings in UTF-8 without white space. vectors: (n, dim), float32 and finite.
        binary: which format; None: binary if the name ends in `.bin`, else text. The text format keeps nine
            significant digits, so float32 comes back exactly.

    Raises:
        ValueError: if words and vectors are not as many, a word cannot be written, or a number is not finite.
    """
    path, vectors = Path(path), np.ascontiguousarray(vectors, dtype="<f4")
    if vectors.ndim != 2 or len(vectors) != len(words):
        raise ValueError(f"There are {len(words)} words, and vectors of shape {vectors.shape}; expected one row each.")
    if not np.isfinite(vectors).all():
        raise ValueError("Some vectors hold NaN or infinite numbers. Train again with a lower learning rate.")
    for word in words:
        if not word or len(word.split()) != 1 or word.split()[0] != word:
            raise ValueError(f"The word {word!r} is empty or holds white space, which ends a word in this format. "
                             "Join its parts, for example by '_'.")
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(f"{len(words)} {vectors.shape[1]}\n".encode())
            for word, vector in zip(words, vectors, strict=True):
                if _is_binary(path, binary):
                    file.write(word.encode() + b" " + vector.tobytes() + b"\n")
                else:
                    file.write((" ".join([word, *(f"{number:.9g}" for number in vector.tolist())]) + "\n").encode())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def load(path, binary: bool | None = None) -> tuple[list[str], np.ndarray]:
    """Return (words, vectors): n strings and float32 (n, dim).

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file is not in this format, or holds fewer words than its first line says.
    """
    path = Path(path)
    with open(path, "rb") as file:
        try:
            n, dim = (int(number) for number in file.readline(100).split())
        except ValueError:
            n = dim = 0
        if n < 1 or dim < 1:
            raise ValueError(f"{path} does not begin with a line such as '30000 100' (words, dimensions), so it is "
                             "not in word2vec's format. Choose another file, or save the vectors again.")
        read = _read_binary if _is_binary(path, binary) else _read_text
        words, vectors = [], []
        for number in range(n):
            try:
                word, vector = read(file, dim)
            except ValueError as error:
                raise ValueError(f"{path} is damaged or in the other format (binary={_is_binary(path, binary)} was "
                                 f"tried): word {number + 1} of {n}: {error}. Download or save it again.") from None
            words.append(word)
            vectors.append(vector)
    return words, np.array(vectors, dtype=np.float32)


def _is_binary(path: Path, binary: bool | None) -> bool:
    return path.suffix == ".bin" if binary is None else binary


def _read_binary(file, dim: int) -> tuple[str, np.ndarray]:
    name = bytearray()
    while (byte := file.read(1)) != b" ":
        if not byte or len(name) > LONGEST_WORD:
            raise ValueError("its name does not end")
        name += byte
    numbers = file.read(4 * dim)
    if len(numbers) < 4 * dim:
        raise ValueError(f"expected {4 * dim} bytes, found {len(numbers)}")
    return name.lstrip(b"\n").decode(), np.frombuffer(numbers, dtype="<f4")


def _read_text(file, dim: int) -> tuple[str, np.ndarray]:
    line = file.readline().decode()
    if not line.endswith("\n"):
        raise ValueError("its line does not end")
    name, *numbers = line.rstrip("\n ").split(" ")
    if len(numbers) != dim:
        raise ValueError(f"expected {dim} numbers, found {len(numbers)}")
    return name, np.array(numbers, dtype=np.float32)
