"""One verified file on disk: from the cache, a mirror, or the sources that the catalog names.

`fetch("mnist")` returns the path of a file whose hash has been checked. Where it comes from, in this order:
what is on this machine already (the cache, or an installed package), the mirror of `COURSE_MIRROR` (a folder
or a base address), the sources of `data/catalog.toml`.

- `COURSE_DATA` moves the cache (by default data/cache in the project; a relative folder starts at the project).
- `COURSE_OFFLINE=1` forbids the network; a mirror that is a folder stays allowed.
- `COURSE_TIMEOUT` sets the seconds to wait for a connection and for the next bytes.

On the command line: `python -m utils.data list | get NAME... | all | mirror FOLDER`, see `--help`.
"""

import contextlib
import errno
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from utils.data import archives, catalog, download, packages, verify
from utils.data.catalog import Asset
from utils.data.download import RetryableError, SourceError, human_size
from utils.data.settings import is_offline, setting

RETRIES = 1  # after a transfer that broke off or brought wrong bytes


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
    if not isinstance(name, str):
        raise TypeError(f"Expected a name of the catalog, such as 'mnist', found {type(name).__name__}.")
    try:
        asset = catalog.choose(catalog.load(), [name])[0]
    except KeyError as error:
        raise FetchError(error.args[0]) from None
    if asset.name != name:
        raise FetchError(f"{name!r} is a collection of files. Fetch one of them, for example {asset.name!r}.")
    if member is not None and member not in asset.members:
        raise FetchError(f"{name!r} has no member {member!r}. It has: {', '.join(asset.members) or 'none'}.")
    path, _ = _on_this_machine(asset, member)
    if path is None:
        with _lock_of(asset) as folder:
            path, problems = _on_this_machine(asset, member)  # another process may have brought it meanwhile
            if path is None:
                path = _obtain(asset, problems, folder) if member is None else _unpack(asset, member, folder)
    return path


def cache_folder() -> Path:
    """Return the folder that holds fetched files: `COURSE_DATA`, or data/cache in the project.

    Raises:
        FetchError: if COURSE_DATA names the home folder of a user who does not exist.
    """
    chosen = setting("COURSE_DATA")
    try:
        return download.folder_of(chosen) if chosen else catalog.PATH.parent / "cache"
    except SourceError as error:
        raise FetchError(f"There is no folder COURSE_DATA={chosen}: {error}.") from None


def cached_path(asset: Asset, member: str | None = None) -> Path:
    """Return where an asset's file, or one member of it, lies in the cache once it has been fetched."""
    if member is None:
        return cache_folder() / asset.filename
    return cache_folder() / asset.name / member.rpartition("/")[2]


def is_here(asset: Asset, is_right: Callable[[Path, catalog.Content], bool] = verify.looks_right) -> bool:
    """Tell whether all that the course reads of an asset is on this machine, by default from names and sizes alone."""
    if asset.members:
        return all(is_right(cached_path(asset, member), content) for member, content in asset.members.items())
    return any(is_right(path, asset) for _, path, problem in _places(asset) if not problem)


def _places(asset: Asset, member: str | None = None) -> Iterator[tuple[str, Path, str]]:
    """Yield where a file could be on this machine: the label, the path, what keeps it from being there or ''."""
    path = cached_path(asset, member)
    if os.path.exists(path):
        yield "cache", path, ""
    for source in asset.sources if member is None else ():
        if source.kind == "installed":
            try:
                yield str(source), packages.installed(source), ""
            except SourceError as error:
                yield str(source), path, str(error)


def _on_this_machine(asset: Asset, member: str | None = None) -> tuple[Path | None, list[str]]:
    """Return the verified file in the cache or an installed package, or None; and what is wrong there."""
    problems = []
    for label, path, problem in _places(asset, member):
        problem = problem or verify.problem_with(path, asset.members[member] if member else asset)
        if not problem:
            return path, []
        problems.append(f"{label}: {problem}")
    return None, problems


def _obtain(asset: Asset, problems: list[str], folder: Path) -> Path:
    """Bring the asset's file into the cache and return its path; the caller holds the lock."""
    tried = list(problems)
    for label, networked, deliver in _ways(asset):
        if networked and is_offline():
            tried.append(f"{label}: not tried, COURSE_OFFLINE forbids the network")
            continue
        if tried:
            say(f"{asset.name}: {tried[-1]}")
        say(f"Fetching {asset.name} ({human_size(asset.size)}) from {label} ...")
        try:
            return _fetch_into_cache(asset, label, deliver, folder)
        except SourceError as error:
            tried.append(f"{label}: {error}")
        except OSError as error:
            if error.errno in download.DISK_FULL | download.NOT_WRITABLE:  # which no other source could change
                raise storage_error(asset, error) from error
            tried.append(f"{label}: {error.strerror or error}")
    ways_out = [f"set COURSE_MIRROR to a folder or address that holds {asset.filename}"]
    if is_offline():
        ways_out.append("unset COURSE_OFFLINE")
    elif any(source.kind != "installed" for source in asset.sources):
        ways_out.append("set HTTPS_PROXY if your network needs a proxy")
    if asset.other_edition and not is_offline():
        ways_out.append(f"use the other edition ({asset.other_edition})")
    raise FetchError(f"Cannot get {asset.name} ({asset.edition} edition, {human_size(asset.size)}). "
                     f"Tried: {'; '.join(tried)}. Ways out: {'; '.join(ways_out)}; then run this again.")  # fmt: skip


def _ways(asset: Asset) -> list[tuple[str, bool, Callable[[Path], None]]]:
    """Return for every way to bring the file: its name, whether it needs the network, how to write it to a path."""
    mirror, ways = setting("COURSE_MIRROR"), []
    if mirror:
        ways.append((f"mirror {mirror}", download.is_address(mirror), partial(download.from_mirror, mirror, asset)))
    for source in asset.sources:
        if source.kind == "url":
            ways.append((str(source), True, partial(download.from_address, source.url, asset)))
        elif source.kind != "installed":
            ways.append((str(source), True, partial(packages.deliver, source, asset)))
    return ways


def _fetch_into_cache(asset: Asset, label: str, deliver: Callable[[Path], None], folder: Path) -> Path:
    """Let pooch deliver the file to the folder, verify it and try again; move what is right into the cache."""
    import pooch

    if asset.size and shutil.disk_usage(folder).free < asset.size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    target = cached_path(asset)
    expected = verify.digest_to_expect(target, asset)
    guess = ""

    def downloader(_url: str, output: str, _pooch) -> None:
        nonlocal guess
        os.remove(output)  # which only its owner may read; a new file has the usual permissions
        deliver(Path(output))
        with open(output, "rb") as file:
            guess = download.guess_kind(asset, file.read(64))
        problem = verify.size_problem(Path(output), asset)
        if problem or (guess and not expected):
            raise RetryableError("; ".join(filter(None, (problem and f"what arrived {problem}", guess))))

    pooch.get_logger().setLevel("ERROR")
    known = {asset.filename: expected and ":".join(expected)}
    keeper = pooch.Pooch(folder, base_url="", registry=known, urls={asset.filename: label}, retry_if_failed=RETRIES)
    try:
        arrived = keeper.fetch(asset.filename, downloader=downloader)
    except SourceError:
        raise
    except ValueError as error:
        found = re.search(r"but got (\w+)", str(error))  # which is how pooch says that the hash does not match
        words = [f"what arrived {verify.wrong_hash(*expected, found[1])}" if found else str(error), guess]
        if found and not asset.digest:
            words.append("if a new version has been published and you want it, "
                         f"delete {verify.record_path(target)}")  # fmt: skip
        raise SourceError("; ".join(filter(None, words))) from None
    os.replace(arrived, target)
    if problem := verify.problem_with(target, asset):
        raise SourceError(problem)
    return target


def _unpack(asset: Asset, member: str, folder: Path) -> Path:
    """Take a member out of the asset's archive, which is fetched if need be, into the cache and return its path."""
    path, content = cached_path(asset, member), asset.members[member]
    if os.path.exists(path):
        say(f"{asset.name}: {verify.problem_with(path, content)}; unpacking it again")
    archive, problems = _on_this_machine(asset)
    if archive is None:
        archive = _obtain(asset, problems, folder)
    unpacked = folder / "member"
    try:
        archives.unpack(archive, member, content.limit, unpacked)
        path.parent.mkdir(exist_ok=True)
        problem = verify.put_in_place(unpacked, path, content)
    except archives.ArchiveError as error:
        problem = str(error)
    except OSError as error:
        raise storage_error(asset, error) from error
    if problem:
        raise FetchError(f"Cannot read {member} of {asset.name} ({archive}): {problem}. "
                         "Delete that file and run this again.")  # fmt: skip
    return path


def storage_error(asset: Asset, error: OSError, mirror: Path | None = None) -> FetchError:
    problem = download.storage_problem(error, mirror, "name with DIR=") if mirror else download.storage_problem(error, cache_folder())
    return FetchError(f"Cannot store {asset.name} ({human_size(asset.size)}): {problem}.")


@contextlib.contextmanager
def _lock_of(asset: Asset) -> Iterator[Path]:
    """Keep other processes from working on the same asset; yield an empty folder for unfinished files.

    The lock belongs to the open file, so it ends with the process, however that ends. What a killed process
    left behind is swept by the next one.
    """
    import filelock

    work = cache_folder() / ".unfinished"
    lock = filelock.FileLock(work / f"{asset.name}.lock", fallback_to_soft=False)
    try:
        work.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            say(f"{asset.name}: waiting for another process that is fetching it ...")
            lock.acquire()
        except (OSError, NotImplementedError) as error:
            if getattr(error, "errno", None) in download.NOT_WRITABLE | download.DISK_FULL:
                raise
            say(f"{asset.name}: this disk has no locks ({error}); do not fetch it twice at a time")
        for left_behind in work.glob(f"{asset.name}.*.d"):
            shutil.rmtree(left_behind, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=work, prefix=f"{asset.name}.", suffix=".d"))
    except OSError as error:
        lock.release()
        raise storage_error(asset, error) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def say(text: str) -> None:
    """Tell on the standard error what goes on."""
    print(text, file=sys.stderr, flush=True)
