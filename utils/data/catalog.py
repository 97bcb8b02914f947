"""The data catalog, `data/catalog.toml`, as typed records.

One record is one file: a data set, a pretrained model, a photo or a font, with where to get it, how to verify
it, and whose it is. `utils.data.fetch` brings the file, `utils.data.datasets` reads it.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt, ValidationError, model_validator

ROOT = Path(__file__).resolve().parents[2]
PATH = ROOT / "data" / "catalog.toml"
EDITIONS = ("lesson", "full", "author")  # author: what decks and site are made with
SOURCE_FIELDS = {
    "pypi": ("package", "version"), "npm": ("package", "version"), "url": ("url",), "installed": ("package", "path"),
}  # fmt: skip
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # devices of Windows, in any folder


class CatalogError(ValueError):
    """The catalog is malformed; the message names the entry, the field, what was expected and what was found."""


def is_plain_name(name: str) -> bool:
    """Tell whether `name` is a file name that every system takes and no program takes for an option."""
    return bool(re.fullmatch(r"\w([\w.+-]{0,199}[\w+-])?", name, re.ASCII)) and not RESERVED.fullmatch(name)


def is_safe_path(path: str) -> bool:
    """Tell whether `path` is relative, uses '/', and stays inside the folder it is joined to."""
    parts = path.split("/")
    return bool(path) and not re.search(r"[\\:\x00-\x1f\x7f]", path) and not {"", ".", ".."} & set(parts)


def _text(expected: str, fits) -> type[str]:
    """Return the type of a text for which `fits`, a function or a regular expression, holds."""

    def check(text: str) -> str:
        if not (fits(text) if callable(fits) else re.fullmatch(fits, text, re.ASCII)):
            raise ValueError(f"expected {expected}")
        return text

    return Annotated[str, AfterValidator(check)]


Text = _text("a text that is not blank", str.strip)
Name = _text("a plain file name: letters, digits and . _ + -", is_plain_name)
AssetName = _text("lower-case letters, digits and underscores",
                  lambda name: re.fullmatch("[a-z][a-z0-9_]*", name) and is_plain_name(name))  # fmt: skip
Package = _text("the name of a package", r"(@[a-z0-9][\w.-]*/)?[A-Za-z0-9][\w.-]*")
Version = _text("a version", r"[A-Za-z0-9][\w.+!-]*")
Lesson = _text("the two digits of a lesson", r"\d\d")
Url = _text("an address with http:// or https://", r"https?://[^/\s]+/\S+")
InnerPath = _text("a path inside the package or archive",
                  lambda path: is_safe_path(path) and is_plain_name(Path(path).name))  # fmt: skip


def _digest(length: int):
    return _text(f"{length} lower-case hexadecimal digits", f"[0-9a-f]{{{length}}}") | None


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Content(_Record):
    """What a file must contain: `size` in bytes, or `max_size` where the origin publishes no size; a digest.

    The strongest published digest counts. Without one, the first download is trusted and recorded.
    """

    size: PositiveInt | None = None
    max_size: PositiveInt | None = None
    sha256: _digest(64) = None
    sha1: _digest(40) = None
    md5: _digest(32) = None

    @model_validator(mode="after")
    def _has_a_size(self):
        if self.limit is None:
            raise ValueError("expected size, the exact number of bytes, or max_size where none is published")
        return self

    @property
    def limit(self) -> int:
        """The largest number of bytes that is still acceptable."""
        return self.size if self.size is not None else self.max_size

    @property
    def digest(self) -> tuple[str, str] | None:
        """The strongest known digest as (algorithm, hexadecimal), or None."""
        return next(((kind, getattr(self, kind)) for kind in ("sha256", "sha1", "md5") if getattr(self, kind)), None)


class Source(_Record):
    """One place to get a file; `kind` says which of the other fields are set (see `SOURCE_FIELDS`)."""

    kind: Literal[tuple(SOURCE_FIELDS)]
    package: Package | None = None
    version: Version | None = None
    url: Url | None = None
    path: InnerPath | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self):
        found = tuple(name for name in type(self).model_fields if getattr(self, name) is not None)
        if found != ("kind", *SOURCE_FIELDS[self.kind]):
            expected = ", ".join(SOURCE_FIELDS[self.kind])
            raise ValueError(f"expected {expected} for kind {self.kind!r}, found {', '.join(found[1:]) or 'nothing'}")
        return self

    def __str__(self) -> str:
        return {
            "pypi": f"pip {self.package}=={self.version}",
            "npm": f"npm {self.package}@{self.version}",
            "url": self.url,
            "installed": f"{self.path} of the installed package {self.package}",
        }[self.kind]


class Asset(Content):
    """One file of the catalog and, if it is an archive, the members that the course reads from it."""

    name: AssetName
    title: Text
    edition: Literal[EDITIONS]
    lessons: list[Lesson] = []  # that read it, or whose labs do
    filename: Name
    licence: Text
    republish: bool = True  # whether the licence lets a mirror hand out copies
    citation: Text
    homepage: Text
    collection: str = ""  # several assets that belong together, such as the photos
    other_edition: str = ""  # the asset that holds the same data in the other edition
    sources: list[Source] = Field(min_length=1)
    members: dict[InnerPath, Content] = {}

    @model_validator(mode="after")
    def _is_consistent(self):
        names = [Path(member).name.lower() for member in self.members]
        if len(set(names)) < len(names):
            raise ValueError(f"expected members with different file names, found {', '.join(sorted(names))}")
        if self.sha256 is None and any(source.kind == "pypi" for source in self.sources):
            raise ValueError("expected a sha256, which pip must be given, found none")
        return self


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
    assets = {}
    for name, table in entries.items():
        try:
            assets[name] = Asset.model_validate(table | {"name": name} if isinstance(table, dict) else table)
        except ValidationError as error:
            raise CatalogError(f"{path.name}: entry [{name}]{_first_problem(error)}.") from None
    for name, asset in assets.items():
        if problem := _problem_among(assets, asset):
            raise CatalogError(f"{path.name}: entry [{name}], field {problem}.")
    return assets


def choose(assets: dict[str, Asset], names: list[str]) -> list[Asset]:
    """Return the assets called `names`; the name of a collection stands for all assets in it.

    Raises:
        KeyError: if a name is unknown; the message lists what is known.
    """
    known = {*assets, *(asset.collection for asset in assets.values())} - {""}
    chosen = {}
    for name in names:
        if name not in known:
            raise KeyError(f"{name!r} is not in the data catalog.{_suggestion(name, known)} "
                           f"It has: {', '.join(sorted(known))}.")  # fmt: skip
        chosen.update((key, asset) for key, asset in assets.items() if name in (key, asset.collection))
    return list(chosen.values())


def needed_by(assets: Iterable[Asset], lesson: str) -> list[Asset]:
    """Return what a lesson such as "17", and its labs, read of these.

    Raises:
        KeyError: if there is no such lesson.
    """
    there = sorted(path.name[:2] for path in ROOT.glob("notebooks/[0-9][0-9]_*.ipynb"))
    if (number := lesson.zfill(2)) not in there:
        raise KeyError(f"There is no lesson {lesson!r}. There are {there[0]} to {there[-1]}.")
    return [asset for asset in assets if number in asset.lessons]


def _suggestion(name: str, known) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def _first_problem(error: ValidationError) -> str:
    """Return where the first problem is and what it is, such as ', field size: expected ..., found ...'."""
    problem = error.errors()[0]
    kind, place = problem["type"], [part for part in problem["loc"] if part != "[key]"]
    message = problem["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    if kind == "extra_forbidden":
        message = f"is not a known field.{_suggestion(str(place[-1]), Asset.model_fields)}".strip("?.")
    elif kind == "missing":
        message = "is missing"
    elif not isinstance(problem["input"], dict):
        message += f", found {problem['input']!r}"
    return (f", field {'.'.join(map(str, place))}" if place else "") + f": {message}"


def _problem_among(assets: dict[str, Asset], asset: Asset) -> str:
    """Return what is wrong with an asset next to the others, or ''."""
    others = [other for other in assets.values() if other.name != asset.name]
    if any(asset.filename.lower() == other.filename.lower() for other in others) or asset.filename in assets:
        return f"filename: {asset.filename!r} is also the file or the name of another asset"
    if asset.other_edition and asset.other_edition not in {o.name for o in others if o.edition != asset.edition}:
        return f"other_edition: {asset.other_edition!r} is no asset of the other edition"
    return f"collection: {asset.collection!r} is also the name of an asset" if asset.collection in assets else ""
