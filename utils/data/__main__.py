"""Brings data and models: `python -m utils.data list | get NAME... | all | mirror FOLDER`, see `--help`."""

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from utils import files
from utils.data import catalog, checkpoints, download, fetch, verify
from utils.data.catalog import Asset
from utils.data.download import SourceError, human_size
from utils.data.settings import is_offline, setting


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0, or 1 if something could not be had."""
    options = _parser().parse_args(arguments)
    try:
        assets = catalog.load()
        if options.command == "list":
            return _list(assets)
        if options.command == "get":
            return _for_each(catalog.choose(assets, options.names), _get)
        chosen = [asset for asset in assets.values() if asset.edition in ("lesson", options.edition)]
        if options.command == "mirror":
            result = _for_each([asset for asset in chosen if asset.republish], lambda asset: _copy(asset, options.folder))
            if kept_back := [asset.name for asset in chosen if not asset.republish]:
                print(f"Left out, as its licence forbids copies: {', '.join(kept_back)}. Whoever needs it: make data EDITION=full")
            _tell(_share(Path(os.path.expanduser(options.folder))))
            return result
        if options.lesson:
            chosen = catalog.needed_by(chosen, options.lesson)
            _tell(_needs(options.lesson, chosen))
        with _remembered() as is_right:
            result = _for_each(chosen, lambda asset: None if fetch.is_here(asset, is_right) else _get(asset))
        _tell(checkpoints.fetch())
        return result
    except KeyError as error:
        fetch.say(error.args[0])
    except (catalog.CatalogError, fetch.FetchError) as error:
        fetch.say(str(error))
    except KeyboardInterrupt:
        fetch.say("Interrupted. Complete files are kept; run this again to go on.")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m utils.data", description="Brings data and models.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("list", help="what there is and where it is now")
    get = commands.add_parser("get", help="fetch some assets or collections")
    get.add_argument("names", nargs="+", metavar="NAME")
    everything = commands.add_parser("all", help="fetch everything that is not here yet")
    everything.add_argument("--lesson", default="", metavar="NN", help="what this lesson needs, such as 17, and no more")
    mirror = commands.add_parser("mirror", help="fill a folder that others can use as COURSE_MIRROR")
    mirror.add_argument("folder", type=Path, metavar="FOLDER")
    for command in (everything, mirror):
        command.add_argument("--edition", choices=catalog.EDITIONS, default="lesson",
                             help="lesson (the default), or full: the originals, too")  # fmt: skip
    return parser


def _list(assets: dict[str, Asset]) -> int:
    rows = [("asset", "edition", "size", "licence", "where", "lessons")]
    mirror = setting("COURSE_MIRROR")
    if is_offline() and download.is_address(mirror):
        mirror = ""
    for asset in assets.values():
        where = "not here"
        if verify.looks_right(fetch.cached_path(asset), asset) or fetch.is_here(asset):
            where = "cache" if asset.members or os.path.exists(fetch.cached_path(asset)) else "installed"
        elif mirror:
            try:
                where = "mirror" if download.mirror_has(mirror, asset) else where
            except SourceError as error:
                fetch.say(f"The mirror {mirror} cannot be reached: {error}")
                mirror = ""
        rows.append((asset.name, asset.edition, human_size(asset.size), asset.licence, where, " ".join(asset.lessons)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in (rows[0], ["-" * width for width in widths], *rows[1:]):
        cells = [*map(str.ljust, row[:2], widths), row[2].rjust(widths[2]), row[3].ljust(widths[3]), row[4].ljust(widths[4]), row[5]]
        print("  ".join(cells).rstrip())
    if unhashed := [asset.name for asset in assets.values() if asset.digest is None]:
        print(f"\nNo hash is published for {', '.join(unhashed)}: the first copy is trusted and recorded.")
    print(f"Cache: {fetch.cache_folder()}")
    return 0


def _for_each(chosen: list[Asset], work: Callable[[Asset], None]) -> int:
    failed = []
    for asset in chosen:
        try:
            work(asset)
        except fetch.FetchError as error:
            failed.append(asset.name)
            fetch.say(f"FAILED {error}")
    print(f"{len(chosen) - len(failed)} of {len(chosen)} assets are here"
          + (f"; not here: {', '.join(failed)}" if failed else ""))  # fmt: skip
    return 1 if failed else 0


def _share(folder: Path) -> str:
    try:
        return checkpoints.share(folder)
    except OSError as error:
        problem = download.storage_problem(error, folder, "name with DIR=")
        raise fetch.FetchError(f"Cannot store the checkpoints: {problem}.") from error


def _needs(lesson: str, chosen: list[Asset]) -> str:
    """Say what a lesson needs, a line for each asset or collection."""
    groups: dict[str, list[Asset]] = {}
    for asset in chosen:
        groups.setdefault(asset.collection or asset.name, []).append(asset)
    lines = []
    for name, group in groups.items():
        sizes = [asset.size for asset in group]
        size, what = human_size(None if None in sizes else sum(sizes)), group[0].title if len(group) == 1 else f"{len(group)} files"
        lines.append(f"Lesson {lesson} needs {name}, {size}: {what}")
    return "\n".join(lines) or f"Lesson {lesson} needs no data."


def _tell(line: str) -> None:
    if line:
        print(line, flush=True)


def _get(asset: Asset) -> None:
    for member in list(asset.members) or [None]:
        fetch.fetch(asset.name, member)
    print(f"{asset.name}: here", flush=True)


def _copy(asset: Asset, folder: Path) -> None:
    """Put a verified copy into the folder; a right one that is there already is left alone."""
    target = Path(os.path.expanduser(folder)).resolve() / asset.filename
    if target.exists() and not verify.problem_with(target, asset):
        return
    original = fetch.fetch(asset.name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unfinished-") as work:
            copy = shutil.copyfile(original, Path(work) / asset.filename)
            problem = verify.put_in_place(copy, target, asset)
    except OSError as error:
        raise fetch.storage_error(asset, error, target.parent) from error
    if problem:
        raise fetch.FetchError(f"Cannot copy {asset.name} to {target}: {problem}.")
    print(f"{asset.name}: {target}", flush=True)


@contextlib.contextmanager
def _remembered() -> Iterator[Callable[[Path, catalog.Content], bool]]:
    """Yield a function that hashes a file unless its size and time are those of the last time it was right."""
    notebook = fetch.cache_folder() / ".verified.json"
    try:
        before = {path: tuple(identity) for path, identity in json.loads(notebook.read_text()).items()}
    except (OSError, ValueError, AttributeError, TypeError):  # not there, or damaged: everything is hashed
        before = {}
    now = dict(before)

    def is_right(path: Path, content: catalog.Content) -> bool:
        if not verify.looks_right(path, content):
            return False
        identity = verify.identity_of(path, content)
        if before.get(str(path)) != identity and verify.problem_with(path, content):
            return False
        now[str(path)] = identity
        return True

    yield is_right
    if now != before:
        # A folder that cannot be written to is hashed every time.
        with contextlib.suppress(OSError), files.atomic_write(notebook) as unfinished:
            unfinished.write_text(json.dumps(now), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
