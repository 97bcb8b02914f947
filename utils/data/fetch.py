"""One verified file on disk: from the cache, a mirror, or the sources that the catalog names.

`fetch("mnist")` returns the path of a file whose hash has been checked. Where it comes from, in this order:
what is on this machine already (the cache, or an installed package), the mirror of `COURSE_MIRROR` (a folder
or a base address), the sources of `data/catalog.toml`.

- `COURSE_DATA` moves the cache (by default data/cache in the project).
- `COURSE_OFFLINE=1` forbids the network; a mirror that is a folder stays allowed.
- `COURSE_TIMEOUT` sets the seconds to wait for a connection and for the next bytes.

On the command line: `python -m utils.data list | get NAME... | all | mirror FOLDER`, see `--help`.
"""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from utils.data import archives, catalog, download, sources
from utils.data.catalog import Asset
from utils.data.download import SourceError, StorageError
from utils.data.verify import problem_with, put_in_place


class FetchError(RuntimeError):
    """A file could not be had; the message names it, every source tried with its reason, and the ways out."""


def fetch(name: str, member: str | None = None) -> Path:
    """Return the path of an asset's file, or of one member of it, fetched if need be and verified.

    Args:
        name: a name of the catalog, such as "mnist".
        member: the path inside the archive of a member that the catalog lists. It is unpacked into the folder
            `name` of the cache, beside the other members.

    Raises:
        FetchError: if the name is unknown or the file cannot be had.
        catalog.CatalogError: if the catalog is malformed.
    """
    try:
        asset = catalog.choose(catalog.load(), [name])[0]
    except KeyError as error:
        raise FetchError(error.args[0]) from None
    if asset.name != name:
        raise FetchError(f"{name!r} is a collection of files. Fetch one of them, for example {asset.name!r}.")
    if member is None:
        return _file_of(asset)
    if member not in asset.members:
        raise FetchError(f"{name!r} has no member {member!r}. It has: {', '.join(asset.members) or 'none'}.")
    return _member(asset, member)


def cache_folder() -> Path:
    """Return the folder that holds fetched files: `COURSE_DATA`, or data/cache in the project."""
    chosen = os.environ.get("COURSE_DATA")
    return Path(chosen).expanduser().resolve() if chosen else catalog.PATH.parent / "cache"


def cached_path(asset: Asset, member: str | None = None) -> Path:
    """Return where an asset's file, or one member of it, lies in the cache once it has been fetched."""
    if member is None:
        return cache_folder() / asset.filename
    return cache_folder() / asset.name / member.rpartition("/")[2]


def is_offline() -> bool:
    """Tell whether `COURSE_OFFLINE` forbids the network."""
    return os.environ.get("COURSE_OFFLINE", "").strip().lower() not in ("", "0", "false", "no", "off")


def _file_of(asset: Asset) -> Path:
    path, _ = _on_this_machine(asset)
    if path is None:
        with _lock_of(asset) as folder:
            path = _obtain(asset, folder)
    return path


def _member(asset: Asset, member: str) -> Path:
    path, content = cached_path(asset, member), asset.members[member]
    if os.path.exists(path) and not problem_with(path, content):
        return path
    with _lock_of(asset) as folder:
        if os.path.exists(path):
            problem = problem_with(path, content)
            if not problem:  # another process has unpacked it meanwhile
                return path
            _say(f"{asset.name}: {problem}; unpacking it again")
        archive = _obtain(asset, folder)
        try:
            problem = _unpack(archive, member, asset, folder)
        except archives.ArchiveError as error:
            problem = str(error)
        except OSError as error:
            raise _storage_error(asset, error) from error
    if problem:
        raise FetchError(
            f"Cannot read {member} of {asset.name} ({archive}): {problem}. Delete that and run this again."
        )
    return path


def _unpack(archive: Path, member: str, asset: Asset, folder: Path) -> str:
    path, content = cached_path(asset, member), asset.members[member]
    unpacked = folder / path.name
    with archives.open_member(archive, member, content.limit) as packed, open(unpacked, "wb") as file:
        shutil.copyfileobj(packed, file, archives.CHUNK)
    path.parent.mkdir(exist_ok=True)
    return put_in_place(unpacked, path, content)


def _on_this_machine(asset: Asset) -> tuple[Path | None, list[str]]:
    """Return the verified file in the cache or an installed package, or None; and what is wrong there."""
    tried = []
    path = cached_path(asset)
    if os.path.exists(path):
        problem = problem_with(path, asset)
        if not problem:
            return path, tried
        tried.append(f"cache: {problem}")
    for source in asset.sources:
        if not sources.needs_network(source):
            try:
                path = sources.installed(source)
                problem = problem_with(path, asset)
            except SourceError as error:
                problem = str(error)
            if not problem:
                return path, tried
            tried.append(f"{source}: {problem}")
    return None, tried


def _obtain(asset: Asset, folder: Path) -> Path:
    """Return the asset's verified file, bringing it into the cache if need be; the caller holds its lock."""
    path, tried = _on_this_machine(asset)
    if path is not None:
        return path
    for label, networked, deliver in _ways(asset):
        if networked and is_offline():
            tried.append(f"{label}: not tried, COURSE_OFFLINE forbids the network")
            continue
        if tried:
            _say(f"{asset.name}: {tried[-1]}")
        _say(f"Fetching {asset.name} ({download.human_size(asset)}) from {label} ...")
        try:
            reason = _fetch_into_cache(asset, deliver, folder)
        except SourceError as error:
            reason = str(error)
        except StorageError as error:
            raise FetchError(f"Cannot store {asset.name} ({download.human_size(asset)}): {error}.") from error
        except OSError as error:
            raise _storage_error(asset, error) from error
        if not reason:
            return cached_path(asset)
        tried.append(f"{label}: {reason}")
    raise FetchError(_hopeless(asset, tried))


def _fetch_into_cache(asset: Asset, deliver: Callable[[Path], Path], folder: Path) -> str:
    for leftover in folder.iterdir():  # of the source before
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    if asset.size and shutil.disk_usage(folder).free < asset.size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    delivered = deliver(folder)
    with open(delivered, "rb") as file:
        start = file.read(64)
    problem = put_in_place(delivered, cached_path(asset), asset)
    guess = download.other_kind(asset, start) if problem and start else ""
    return f"{guess} ({problem})" if guess else problem


def _ways(asset: Asset) -> list[tuple[str, bool, Callable[[Path], Path]]]:
    """Return for every way to bring the file: its name, whether it needs the network, and how to do it."""
    ways = []
    mirror = os.environ.get("COURSE_MIRROR")
    if mirror:
        networked = download.is_address(mirror)
        ways.append((f"mirror {mirror}", networked, lambda room: download.from_mirror(mirror, asset, room)))
    for source in filter(sources.needs_network, asset.sources):
        ways.append((str(source), True, lambda room, source=source: sources.deliver(source, asset, room)))
    return ways


def _hopeless(asset: Asset, tried: list[str]) -> str:
    ways_out = [f"set COURSE_MIRROR to a folder or address that holds {asset.filename}"]
    if is_offline():
        ways_out.append("unset COURSE_OFFLINE")
    else:
        if any(map(sources.needs_network, asset.sources)):
            ways_out.append("set HTTPS_PROXY if your network needs a proxy")
        if asset.other_edition:
            ways_out.append(f"use the other edition ({asset.other_edition})")
    return (f"Cannot get {asset.name} ({asset.edition} edition, {download.human_size(asset)}). "
            f"Tried: {'; '.join(tried)}. Ways out: {'; '.join(ways_out)}; then run this again.")


def _storage_error(asset: Asset, error: OSError) -> FetchError:
    reason = download.explained(error, cache_folder())
    return FetchError(f"Cannot store {asset.name} ({download.human_size(asset)}): {reason}.")


@contextmanager
def _lock_of(asset: Asset) -> Iterator[Path]:
    """Keep other processes from working on the same asset; yield an empty folder for unfinished files.

    The lock belongs to the open file, so it ends with the process, however that ends. What a killed process
    left behind is swept by the next one.
    """
    work = cache_folder() / ".unfinished"
    try:
        work.mkdir(parents=True, exist_ok=True)
        lock = open(work / f"{asset.name}.lock", "ab")  # noqa: SIM115 - closed by the next `with`
    except OSError as error:
        raise _storage_error(asset, error) from error
    with lock:
        _lock_or_wait(lock, asset)
        try:
            for left_behind in work.glob(f"{asset.name}.*.d"):
                shutil.rmtree(left_behind, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(dir=work, prefix=f"{asset.name}.", suffix=".d"))
        except OSError as error:
            raise _storage_error(asset, error) from error
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _lock_or_wait(lock, asset: Asset) -> None:
    try:
        _lock(lock, wait=False)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            _say(f"{asset.name}: this disk has no locks ({error.strerror}); do not fetch it twice at a time")
            return
        _say(f"{asset.name}: waiting for another process that is fetching it ...")
        _lock(lock, wait=True)


if os.name == "nt":

    def _lock(file, wait: bool) -> None:
        import msvcrt

        while True:
            try:
                file.seek(0)
                return msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:  # LK_LOCK gives up after ten seconds
                if not wait:
                    raise

else:

    def _lock(file, wait: bool) -> None:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
