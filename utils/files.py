"""A file appears under its name only when it is whole."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_write(path: str | os.PathLike) -> Iterator[Path]:
    """Give a path to write to, of the same name in a folder of its own; after the block, the file moves to `path`.

    If the block fails, or the process is killed in it, what was at `path` before stays. Missing folders are made.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.", ignore_cleanup_errors=True) as folder:
        unfinished = Path(folder, path.name)
        yield unfinished
        os.replace(unfinished, path)
