"""What `make checkpoints` has trained, on its way to a class: into a mirror, and from there to a student's computer.

In a mirror the files lie beside the data; `checkpoints.json` lists them: name -> [bytes, SHA-256].
"""

import hashlib
import json
import shutil
from pathlib import Path

from utils import files
from utils.data import catalog, download
from utils.data.download import SourceError
from utils.data.settings import is_offline, setting

INDEX, LIMIT = "checkpoints.json", 100_000_000  # no file of them is larger


def folder() -> Path:
    """Return data/checkpoints, beside the catalog."""
    return catalog.PATH.parent / "checkpoints"


def share(mirror: Path) -> str:
    """Copy all checkpoints into a mirror's folder, and the list of them last; return a line that says so, empty if there are none.

    Raises:
        OSError: if the folder cannot be written to.
    """
    listed = {}
    for path in sorted(folder().glob("[0-9][0-9]_*.*")):
        with files.atomic_write(mirror / path.name) as unfinished:
            shutil.copyfile(path, unfinished)
            listed[path.name] = [unfinished.stat().st_size, _digest(unfinished)]
    if not listed:
        return ""
    with files.atomic_write(mirror / INDEX) as unfinished:
        unfinished.write_text(json.dumps(listed), encoding="utf-8")
    return f"checkpoints: {len(listed)} files, {sum(size for size, _ in listed.values()) / 1e6:.1f} MB"


def fetch() -> str:
    """Fetch from the mirror of COURSE_MIRROR the checkpoints that are not here yet; return a line on them, empty if there are none.

    Lessons train without them, so what a mirror lacks or sends wrong is said, and nothing fails.
    """
    mirror = setting("COURSE_MIRROR")
    if not mirror or (is_offline() and download.is_address(mirror)):
        return ""
    fetched = 0
    try:
        if not download.mirror_has(mirror, _asset(INDEX)):
            return ""
        with files.atomic_write(folder() / INDEX) as unfinished:
            download.from_mirror(mirror, _asset(INDEX), unfinished)
            listed = json.loads(unfinished.read_text(encoding="utf-8"))
        for name, (size, digest) in listed.items():
            if not catalog.is_plain_name(name):
                raise SourceError(f"{name!r} is no plain file name")
            if (folder() / name).is_file() and _digest(folder() / name) == digest:
                continue
            with files.atomic_write(folder() / name) as unfinished:
                download.from_mirror(mirror, _asset(name, size), unfinished)
                if _digest(unfinished) != digest:
                    raise SourceError(f"what arrived as {name} has another hash than the mirror's list says")
            fetched += 1
    except (SourceError, OSError, ValueError, TypeError, AttributeError) as error:
        return f"checkpoints: {fetched} files fetched, then the mirror failed ({error}); lessons without one train as usual"
    return f"checkpoints: {len(listed)} files are here"


def _asset(name: str, size: int = LIMIT) -> catalog.Asset:
    return catalog.Asset.model_construct(name=name, filename=name, max_size=min(int(size), LIMIT))


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
