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
        status = path.stat()
        problem = _problem_with_size(path, status.st_size, content)
        identity = (status.st_size, status.st_mtime_ns, status.st_ino, content.digest)
        if problem or _verified.get(path) == identity:
            return problem
        kind, expected = content.digest or ("sha256", recorded(path))
        found = _hash(path, kind)
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    if expected and found != expected:
        return f"{path} has the wrong hash (expected {kind} {expected[:12]}…, found {found[:12]}…)"
    if not expected:
        _record(path, found)
    _verified[path] = identity
    return ""


def put_in_place(arrived: Path, target: Path, content: Content) -> str:
    """Verify a new file and rename it to `target` at one stroke, or return what is wrong with it.

    What is recorded for `target` counts for the new file as well.

    Raises:
        OSError: if the file cannot be renamed.
    """
    expected = "" if content.digest else recorded(target)
    if expected:
        content = Content(size=content.size, max_size=content.max_size, sha256=expected)
    problem = _problem_with_size(arrived, arrived.stat().st_size, content)
    if content.digest and not problem:
        problem = problem_with(arrived, content)
    if problem and expected:
        problem += f"; if a new version has been published and you want it, delete {record_path(target)}"
    if problem:
        return problem.replace(f"{arrived} ", "what arrived ")
    os.replace(arrived, target)
    if arrived in _verified:
        _verified[target] = _verified.pop(arrived)
    return problem_with(target, content)  # which records the hash if there is none to compare with


def looks_right(path: Path, content: Content) -> bool:
    """Tell from the size alone, without reading it, whether a file is probably right."""
    try:
        return not _problem_with_size(path, path.stat().st_size, content)
    except OSError:
        return False


def record_path(path: Path) -> Path:
    """Return where the hash of a file is recorded if none is published."""
    return path.with_name(path.name + ".sha256")


def recorded(path: Path) -> str:
    """Return the recorded SHA-256 of a file, or ''."""
    try:
        return record_path(path).read_text(encoding="utf-8").split()[0]
    except (FileNotFoundError, IndexError):
        return ""


def _problem_with_size(path: Path, size: int, content: Content) -> str:
    if content.size is not None and size != content.size:
        return f"{path} has {size:,} bytes instead of {content.size:,}"
    if not 0 < size <= content.limit:
        return f"{path} has {size:,} bytes; expected are 1 to {content.limit:,}"
    return ""


def _hash(path: Path, kind: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(kind, usedforsecurity=False)).hexdigest()


def _record(path: Path, digest: str) -> None:
    print(f"{path.name}: no hash is published; this first copy is trusted, sha256 {digest}", file=sys.stderr)
    try:
        with files.atomic_write(record_path(path)) as unfinished:
            unfinished.write_text(f"{digest}  {path.name}\n", encoding="utf-8")
    except OSError as error:
        print(f"{path.name}: its hash could not be recorded beside it: {error.strerror}", file=sys.stderr)
