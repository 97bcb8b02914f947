"""The data catalog, `data/catalog.toml`, as typed records.

One record is one file: a data set, a pretrained model, a photo or a font, with where to get it, how to verify
it, and whose it is. `utils.data.fetch` brings the file, `utils.data.datasets` reads it.
"""

import difflib
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

PATH = Path(__file__).resolve().parents[2] / "data" / "catalog.toml"
EDITIONS = ("lesson", "full")
DIGEST_LENGTHS = {"sha256": 64, "sha1": 40, "md5": 32}  # strongest first
SOURCE_FIELDS = {
    "pypi": ("package", "version"),
    "npm": ("package", "version"),
    "url": ("url",),
    "installed": ("package", "path"),
}


class CatalogError(ValueError):
    """The catalog is malformed; the message names the entry and the field."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a file must contain: `size` in bytes, or `max_size` where the origin publishes no size; a digest.

    The strongest published digest counts. Without one, the first download is trusted and recorded.
    """

    size: int | None = None
    max_size: int | None = None
    sha256: str | None = None
    sha1: str | None = None
    md5: str | None = None

    @property
    def limit(self) -> int:
        """The largest number of bytes that is still acceptable."""
        return self.size if self.size is not None else self.max_size

    @property
    def digest(self) -> tuple[str, str] | None:
        """The strongest known digest as (algorithm, hexadecimal), or None."""
        return next(((kind, getattr(self, kind)) for kind in DIGEST_LENGTHS if getattr(self, kind)), None)


@dataclass(frozen=True, kw_only=True)
class Source:
    """One place to get a file. `kind` says which of the other fields are set (see `SOURCE_FIELDS`)."""

    kind: str
    package: str = ""
    version: str = ""
    url: str = ""
    path: str = ""

    def __str__(self) -> str:
        return {
            "pypi": f"pip {self.package}=={self.version}",
            "npm": f"npm {self.package}@{self.version}",
            "url": self.url,
            "installed": f"{self.path} of the installed package {self.package}",
        }[self.kind]


@dataclass(frozen=True, kw_only=True)
class Asset(Content):
    """One file of the catalog and, if it is an archive, the members that the course reads from it."""

    name: str
    title: str
    edition: str
    filename: str
    licence: str
    citation: str
    homepage: str
    collection: str = ""  # several assets that belong together, such as the photos
    other_edition: str = ""  # the asset that holds the same data in the other edition
    sources: tuple[Source, ...]
    members: dict[str, Content] = field(default_factory=dict)


def load(path: Path | None = None) -> dict[str, Asset]:
    """Return every asset of the catalog by name, in the order of the file.

    Raises:
        CatalogError: if the file cannot be read or an entry is malformed; it names the entry and the field.
    """
    path = PATH if path is None else Path(path)
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogError(f"Cannot read the data catalog {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(f"The data catalog {path} is not valid TOML: {error}.") from error
    assets = {name: _asset(_Entry(path, name, entry)) for name, entry in entries.items()}
    _check_together(path, assets)
    return assets


def choose(assets: dict[str, Asset], names: list[str]) -> list[Asset]:
    """Return the assets called `names`; the name of a collection stands for all assets in it.

    Raises:
        KeyError: if a name is unknown; the message lists what is known.
    """
    collections = {asset.collection for asset in assets.values() if asset.collection}
    chosen = {}
    for name in names:
        if name in assets:
            chosen[name] = assets[name]
        elif name in collections:
            chosen.update((key, asset) for key, asset in assets.items() if asset.collection == name)
        else:
            known = sorted({*assets, *collections})
            close = difflib.get_close_matches(name, known, n=1)
            raise KeyError(
                f"{name!r} is not in the data catalog."
                + (f" Did you mean {close[0]!r}?" if close else "")
                + f" It has: {', '.join(known)}."
            )
    return list(chosen.values())


class _Entry:
    """Reads the fields of one table and says exactly what is wrong with one."""

    def __init__(self, path: Path, name: str, table):
        self.path, self.name, self.table, self.used = path, name, table, set()
        if not isinstance(table, dict):
            self.fail("", f"expected a table such as [{name}], found {table!r}")

    def fail(self, key: str, problem: str):
        place = f"entry [{self.name}]" + (f", field {key}" if key else "")
        raise CatalogError(f"{self.path.name}: {place}: {problem}.")

    def take(self, key: str, kind: type, what: str, default=None):
        self.used.add(key)
        if key not in self.table:
            if default is None:
                self.fail(key, f"is missing; it holds {what}")
            return default
        value = self.table[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            self.fail(key, f"expected {what}, found {value!r}")
        return value

    def text(self, key: str, what: str, default: str | None = None) -> str:
        value = self.take(key, str, what, default)
        if not value.strip() and default is None:
            self.fail(key, f"expected {what}, found nothing")
        return value

    def bytes(self, key: str) -> int | None:
        value = self.take(key, int, "a number of bytes", default=-1)
        if value == -1 and key not in self.table:
            return None
        if value <= 0:
            self.fail(key, f"expected a number of bytes above 0, found {value}")
        return value

    def finish(self):
        for key in self.table:
            if key not in self.used:
                close = difflib.get_close_matches(key, self.used, n=1)
                self.fail(key, "is not a known field" + (f"; did you mean {close[0]}" if close else ""))


def _content(entry: _Entry) -> dict:
    values = {"size": entry.bytes("size"), "max_size": entry.bytes("max_size")}
    if values["size"] is None and values["max_size"] is None:
        entry.fail("size", "is missing; give the exact number of bytes, or max_size where none is published")
    for kind, length in DIGEST_LENGTHS.items():
        digest = entry.text(kind, f"{length} hexadecimal digits", default="")
        if kind in entry.table and not re.fullmatch(rf"[0-9a-f]{{{length}}}", digest):
            entry.fail(kind, f"expected {length} lower-case hexadecimal digits, found {digest!r}")
        values[kind] = digest or None
    return values


def _asset(entry: _Entry) -> Asset:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", entry.name):
        entry.fail("", "an asset's name consists of lower-case letters, digits and underscores")
    edition = entry.text("edition", "lesson or full")
    if edition not in EDITIONS:
        entry.fail("edition", f"expected lesson or full, found {edition!r}")
    filename = entry.text("filename", "a file name")
    if not is_safe_path(filename) or "/" in filename or filename.startswith("."):
        entry.fail("filename", f"expected a plain file name without folders, found {filename!r}")
    asset = Asset(
        name=entry.name,
        title=entry.text("title", "a title"),
        edition=edition,
        filename=filename,
        licence=entry.text("licence", "whose it is and under which terms"),
        citation=entry.text("citation", "whom to cite"),
        homepage=entry.text("homepage", "the address of its home page"),
        collection=entry.text("collection", "the name of a collection", default=""),
        other_edition=entry.text("other_edition", "the name of an asset", default=""),
        sources=_sources(entry),
        members=_members(entry),
        **_content(entry),
    )
    entry.finish()
    return asset


def _sources(entry: _Entry) -> tuple[Source, ...]:
    tables = entry.take("sources", list, "a list of sources such as {kind = \"url\", url = \"https://…\"}")
    if not tables:
        entry.fail("sources", "is empty; at least one source is needed")
    sources = []
    for number, table in enumerate(tables):
        source = _Entry(entry.path, f"{entry.name}.sources[{number}]", table)
        kind = source.text("kind", f"one of {', '.join(SOURCE_FIELDS)}")
        if kind not in SOURCE_FIELDS:
            source.fail("kind", f"expected one of {', '.join(SOURCE_FIELDS)}, found {kind!r}")
        values = {key: source.text(key, f"a text, needed by kind {kind!r}") for key in SOURCE_FIELDS[kind]}
        if kind == "url" and not re.match(r"https?://[^/]+/.", values["url"]):
            source.fail("url", f"expected an address with http:// or https://, found {values['url']!r}")
        if kind == "installed" and not is_safe_path(values["path"]):
            source.fail("path", f"expected a path inside the package, found {values['path']!r}")
        if any(value.startswith("-") for value in values.values()):
            source.fail("package", f"must not begin with '-', found {values!r}")
        source.finish()
        sources.append(Source(kind=kind, **values))
    return tuple(sources)


def _members(entry: _Entry) -> dict[str, Content]:
    members = {}
    for member, table in entry.take("members", dict, "a table of archive members", default={}).items():
        if not is_safe_path(member):
            entry.fail("members", f"expected a path inside the archive, found {member!r}")
        description = _Entry(entry.path, f"{entry.name}.members.{member!r}", table)
        members[member] = Content(**_content(description))
        description.finish()
    basenames = [member.rpartition("/")[2] for member in members]
    if len(set(basenames)) < len(basenames):
        entry.fail("members", f"two members have the same file name: {', '.join(sorted(basenames))}")
    return members


def is_safe_path(path: str) -> bool:
    """Tell whether `path` is relative, uses '/', and stays inside the folder it is joined to."""
    parts = path.split("/")
    return bool(path) and not re.search(r"[\\:\0]", path) and not {"", ".", ".."} & set(parts)


def _check_together(path: Path, assets: dict[str, Asset]) -> None:
    owner = {}
    for asset in assets.values():
        entry = _Entry(path, asset.name, {})
        first = owner.setdefault(asset.filename.lower(), asset.name)
        if first != asset.name:
            entry.fail("filename", f"{asset.filename!r} is also the file of [{first}]")
        if asset.other_edition:
            other = assets.get(asset.other_edition)
            if other is None or other.edition == asset.edition:
                entry.fail("other_edition", f"{asset.other_edition!r} is no asset of the other edition")
        if asset.collection in assets:
            entry.fail("collection", f"{asset.collection!r} is also the name of an asset")
