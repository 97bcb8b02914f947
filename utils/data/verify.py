"""Is a file what the catalog promises? Size and hash; where no hash is published, the one of its first use.

The hash of a first use is recorded beside the file, in `name.sha256`, as `sha256sum --check` reads it.
"""

import hashlib
import os
import sys
from pathlib import Path

from utils import files
from utils.data.catalog import Content

_verified: dict[Path, tuple] = {}  # what this process has hashed, with the file's identity at that time


def problem_with(path: Path, content: Content) -> str:
    """Return what is wrong with a file, or '' if size and hash are right. Hashes a file once in a process.

    A file of which no hash is published or recorded is trusted, and its hash recorded.
    """
    try:
        identity, problem = identity_of(path, content), size_problem(path, content)
        if problem or _verified.get(path) == identity:
            return problem and f"{path} {problem}"
        kind, expected = digest_to_expect(path, content) or ("sha256", "")
        with open(path, "rb") as file:
            found = hashlib.file_digest(file, lambda: hashlib.new(kind, usedforsecurity=False)).hexdigest()
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    if expected and found != expected:
        return f"{path} {wrong_hash(kind, expected, found)}"
    if not expected:
        print(f"{path.name}: no hash is published; this first copy is trusted, sha256 {found}", file=sys.stderr)
        try:
            with files.atomic_write(record_path(path)) as unfinished:
                unfinished.write_text(f"{found}  {path.name}\n", encoding="utf-8")
        except OSError as error:
            print(f"{path.name}: its hash could not be recorded beside it: {error.strerror}", file=sys.stderr)
    _verified[path] = identity
    return ""


def put_in_place(arrived: Path, target: Path, content: Content) -> str:
    """Rename a file to `target` at one stroke if it is right, or return what is wrong with it.

    Raises:
        OSError: if the file cannot be renamed.
    """
    problem = problem_with(arrived, content).removeprefix(f"{arrived} ") if content.digest else ""
    problem = problem or size_problem(arrived, content)
    if problem:
        return f"it {problem}"
    os.replace(arrived, target)
    return problem_with(target, content)


def looks_right(path: Path, content: Content) -> bool:
    """Tell from the size alone, without reading it, whether a file is probably right."""
    try:
        return not size_problem(path, content)
    except OSError:
        return False


def size_problem(path: Path, content: Content) -> str:
    """Return what is wrong with the size of a file, or ''.

    Raises:
        OSError: if there is no such file.
    """
    size = path.stat().st_size
    if content.size is not None and size != content.size:
        return f"has {size:,} bytes instead of {content.size:,}"
    return "" if 0 < size <= content.limit else f"has {size:,} bytes; expected are 1 to {content.limit:,}"


def wrong_hash(kind: str, expected: str, found: str) -> str:
    """Return the words for a hash that is not the one expected."""
    return f"has the wrong hash (expected {kind} {expected[:12]}…, found {found[:12]}…)"


def digest_to_expect(path: Path, content: Content) -> tuple[str, str] | None:
    """Return (algorithm, hexadecimal) that the file at `path` must have, published or recorded, or None."""
    try:
        return content.digest or ("sha256", record_path(path).read_text(encoding="utf-8").split()[0])
    except (FileNotFoundError, IndexError):
        return None


def identity_of(path: Path, content: Content) -> tuple[int, int, str]:
    """Return (size, time of the last change in nanoseconds, digest): while it is the same, so is the file.

    Raises:
        OSError: if there is no such file.
    """
    status = path.stat()
    return status.st_size, status.st_mtime_ns, "".join(content.digest or ())


def record_path(path: Path) -> Path:
    """Return where the hash of a file is recorded if none is published."""
    return path.with_name(path.name + ".sha256")
