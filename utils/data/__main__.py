"""Brings data and models: `python -m utils.data list | get NAME... | all | mirror FOLDER`, see `--help`."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from utils.data import catalog, download, fetch, sources
from utils.data.catalog import Asset
from utils.data.verify import looks_right, problem_with, put_in_place


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
            return _for_each(chosen, lambda asset: _copy(asset, options.folder))
        return _for_each(chosen, lambda asset: None if _is_here(asset) else _get(asset))
    except KeyError as error:
        _say(error.args[0])
    except catalog.CatalogError as error:
        _say(str(error))
    except KeyboardInterrupt:
        _say("Interrupted. Complete files are kept; run this again to go on.")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m utils.data", description="Brings data and models.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("list", help="what there is and where it is now")
    get = commands.add_parser("get", help="fetch some assets or collections")
    get.add_argument("names", nargs="+", metavar="NAME")
    everything = commands.add_parser("all", help="fetch everything that is not here yet")
    mirror = commands.add_parser("mirror", help="fill a folder that others can use as COURSE_MIRROR")
    mirror.add_argument("folder", type=Path, metavar="FOLDER")
    for command in (everything, mirror):
        command.add_argument("--edition", choices=catalog.EDITIONS, default="lesson",
                             help="lesson (the default), or full: the originals, too")
    return parser


def _list(assets: dict[str, Asset]) -> int:
    rows = [("asset", "edition", "size", "licence", "where")]
    on_mirror = _mirror_look_up()
    for asset in assets.values():
        size, where = download.human_size(asset), _where(asset, on_mirror)
        rows.append((asset.name, asset.edition, size, asset.licence, where))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, tuple("-" * width for width in widths))
    for row in rows:
        cells = [cell.rjust(width) if column == 2 else cell.ljust(width)
                 for column, (cell, width) in enumerate(zip(row, widths, strict=True))]
        print("  ".join(cells).rstrip())
    unhashed = [asset.name for asset in assets.values() if asset.digest is None]
    if unhashed:
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
            _say(f"FAILED {error}")
    print(f"{len(chosen) - len(failed)} of {len(chosen)} assets are here"
          + (f"; not here: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


def _get(asset: Asset) -> None:
    for member in list(asset.members) or [None]:
        fetch.fetch(asset.name, member)
    print(f"{asset.name}: here", flush=True)


def _copy(asset: Asset, folder: Path) -> None:
    """Put a verified copy into the folder; a right one that is there already is left alone."""
    target = folder.expanduser().resolve() / asset.filename
    if target.exists() and not problem_with(target, asset):
        return
    original = fetch.fetch(asset.name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unfinished-") as folder:
            copy = Path(folder) / asset.filename
            shutil.copyfile(original, copy)
            problem = put_in_place(copy, target, asset)
        if problem:
            raise fetch.FetchError(f"Cannot copy {asset.name} to {target}: {problem}.")
    except OSError as error:
        reason = download.explained(error, target.parent)
        raise fetch.FetchError(f"Cannot store {asset.name}: {reason}.") from error
    print(f"{asset.name}: {target}", flush=True)


def _is_here(asset: Asset) -> bool:
    """Tell from names and sizes, without hashing, whether everything the course uses of an asset is here."""
    if asset.members:
        return all(looks_right(fetch.cached_path(asset, member), content)
                   for member, content in asset.members.items())
    return looks_right(fetch.cached_path(asset), asset) or _is_installed(asset)


def _is_installed(asset: Asset) -> bool:
    for source in asset.sources:
        if source.kind == "installed":
            try:
                return looks_right(sources.installed(source), asset)
            except download.SourceError:
                continue
    return False


def _where(asset: Asset, on_mirror: Callable[[Asset], bool]) -> str:
    if looks_right(fetch.cached_path(asset), asset) or (asset.members and _is_here(asset)):
        return "cache"
    if _is_installed(asset):
        return "installed"
    return "mirror" if on_mirror(asset) else "not here"


def _mirror_look_up() -> Callable[[Asset], bool]:
    """Return a function that asks COURSE_MIRROR for an asset, and stops asking once it cannot be reached."""
    mirror = os.environ.get("COURSE_MIRROR", "")
    usable = bool(mirror) and not (fetch.is_offline() and download.is_address(mirror))

    def look_up(asset: Asset) -> bool:
        nonlocal usable
        try:
            return usable and download.mirror_has(mirror, asset)
        except download.SourceError as error:
            _say(f"The mirror {mirror} cannot be reached: {error}")
            usable = False
            return False

    return look_up


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
