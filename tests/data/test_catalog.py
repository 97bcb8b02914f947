import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import toml

from utils.data import catalog, datasets

ROOT = catalog.PATH.parents[1]
GOOD = {
    "title": "Numbers", "edition": "lesson", "filename": "numbers.zip", "size": 3, "sha256": "0" * 64,
    "licence": "CC0", "citation": "nobody", "homepage": "http://127.0.0.1/",
    "sources": [{"kind": "url", "url": "http://127.0.0.1/numbers.zip"}],
    "members": {"folder/one.txt": {"size": 1}},
}  # fmt: skip


def load(tmp_path: Path, text: str) -> dict[str, catalog.Asset]:
    path = tmp_path / "catalog.toml"
    path.write_text(text, encoding="utf-8")
    return catalog.load(path)


def load_changed(tmp_path: Path, **changes) -> dict[str, catalog.Asset]:
    entry = {key: value for key, value in (GOOD | changes).items() if value is not None}
    return load(tmp_path, f"[numbers]\n{toml(entry)}")


def test_an_entry_becomes_a_record(tmp_path):
    asset = load_changed(tmp_path)["numbers"]
    assert (asset.name, asset.size, asset.limit, asset.digest) == ("numbers", 3, 3, ("sha256", "0" * 64))
    assert asset.sources == [catalog.Source(kind="url", url="http://127.0.0.1/numbers.zip")]
    assert asset.members["folder/one.txt"] == catalog.Content(size=1)


def test_strongest_digest_counts():
    digests = {"md5": "a" * 32, "sha1": "b" * 40, "sha256": "c" * 64}
    assert catalog.Content(size=1, **digests).digest == ("sha256", "c" * 64)
    assert catalog.Content(size=1, md5="a" * 32, sha1="b" * 40).digest == ("sha1", "b" * 40)
    assert (catalog.Content(max_size=9).digest, catalog.Content(max_size=9).limit) == (None, 9)


@pytest.mark.parametrize("changes, complaint", [
    ({"title": None}, "field title: is missing"),
    ({"title": "  "}, "field title: expected a text that is not blank, found '  '"),
    ({"licence": 3}, "field licence: expected a valid string, found 3"),
    ({"lessons": ["7"]}, "field lessons.0: expected the two digits of a lesson, found '7'"),
    ({"lessons": "07"}, "field lessons: expected a valid list, found '07'"),
    ({"edition": "medium"}, "field edition: expected 'lesson', 'full' or 'author', found 'medium'"),
    ({"size": "big"}, "field size: expected a valid integer, found 'big'"),
    ({"size": True}, "field size: expected a valid integer, found True"),
    ({"size": 0}, "field size: expected greater than 0, found 0"),
    ({"size": None}, ": expected size, the exact number of bytes, or max_size"),
    *[({"sha256": digest}, f"field sha256: expected 64 lower-case hexadecimal digits, found {digest!r}")
      for digest in ("0" * 63, "G" * 64, "0" * 64 + "\n", "")],
    ({"md5": "0" * 64}, "field md5: expected 32 lower-case hexadecimal digits"),
    *[({"filename": name}, f"field filename: expected a plain file name: letters, digits and . _ + -, found {name!r}")
      for name in ("../a.zip", "in/a.zip", ".hidden", "CON", "nul.txt", "com1.zip", "-rf", "a\nb", "a.", "a b", "")],
    ({"sources": None}, "field sources: is missing"),
    ({"sources": []}, "field sources: List should have at least 1 item"),
    ({"sources": "pip"}, "field sources: expected a valid list, found 'pip'"),
    ({"sources": ["pip"]}, "field sources.0: expected a valid dictionary"),
    ({"sources": [{"kind": "ftp"}]},
     "field sources.0.kind: expected 'pypi', 'npm', 'url' or 'installed', found 'ftp'"),
    ({"sources": [{"kind": "pypi", "package": "x"}]},
     "field sources.0: expected package, version for kind 'pypi', found package"),
    ({"sources": [{"kind": "url", "url": "file:///etc"}]}, "field sources.0.url: expected an address with http://"),
    ({"sources": [{"kind": "pypi", "package": "--pre", "version": "1"}]},
     "package: expected the name of a package, found '--"),
    ({"sources": [{"kind": "installed", "package": "x", "path": "../y"}]}, "sources.0.path: expected a path inside"),
    ({"sources": [{"kind": "npm", "package": "x", "version": "1", "url": "http://a/b"}]},
     "for kind 'npm', found package, version, url"),
    ({"sources": [{"kind": "pypi", "package": "x", "version": "1"}], "sha256": None},
     ": expected a sha256, which pip must"),
    *[({"members": {path: {"size": 1}}},
       f"field members.{path}: expected a path inside the package or archive, found {path!r}")
      for path in ("../one.txt", "/one.txt", "a/CON", "a/-rf")],
    ({"members": {"a/x": {"size": 1}, "b/X": {"size": 1}}}, "expected members with different file names, found x, x"),
    ({"members": {"one.txt": {}}}, "field members.one.txt: expected size"),
    ({"members": {"one.txt": 7}}, "field members.one.txt: expected a valid dictionary .*, found 7"),
    ({"licens": "CC0"}, "field licens: is not a known field. Did you mean 'licence'"),
    ({"other_edition": "none"}, "field other_edition: 'none' is no asset of the other edition"),
    ({"other_edition": "numbers"}, "field other_edition: 'numbers' is no asset of the other edition"),
    ({"collection": "numbers"}, "field collection: 'numbers' is also the name of an asset"),
    ({"filename": "numbers"}, "field filename: 'numbers' is also the file or the name of another asset"),
])  # fmt: skip
def test_malformed_entry_is_named_with_its_field(tmp_path, changes, complaint):
    with pytest.raises(catalog.CatalogError) as caught:
        load_changed(tmp_path, **changes)
    assert str(caught.value).startswith("catalog.toml: entry [numbers]")
    assert complaint in str(caught.value) or re.search(complaint, str(caught.value))


@pytest.mark.parametrize("text, complaint", [
    ("[numbers", r"is not valid TOML: .*at end of document"),
    ("[a]\nx = 1\n[a]\ny = 2", r"is not valid TOML"),
    ("loose = 1", r"entry \[loose\]: expected a valid dictionary .*, found 1"),
    *[(f"[{name}]\n{toml(GOOD)}", "field name: expected") for name in ("Numbers", '"two words"', "7up", '"../up"', "con")],
    (f"[numbers]\n{toml(GOOD)}[more]\n{toml(GOOD | {'filename': 'NUMBERS.zip'})}",
     "field filename: .* also the file or the name of another asset"),
])  # fmt: skip
def test_what_is_no_catalog_or_has_unplain_names_or_a_shared_file_is_named(tmp_path, text, complaint):
    with pytest.raises(catalog.CatalogError, match=complaint):
        load(tmp_path, text)


def test_missing_catalog_is_named(tmp_path):
    with pytest.raises(catalog.CatalogError, match=r"Cannot read the data catalog .*nowhere.toml: No such file"):
        catalog.load(tmp_path / "nowhere.toml")


def test_a_collection_stands_for_its_assets():
    chosen = catalog.choose(catalog.load(), ["word_similarity", "wordsim353", "titanic"])
    assert [asset.name for asset in chosen] == ["wordsim353", "simlex999", "titanic"]


@given(st.text(st.sampled_from("ab./\\: \0\né"), max_size=12))
def test_a_safe_path_never_leaves_its_folder(path):
    folder = Path("/some/folder")
    if catalog.is_safe_path(path):
        assert not Path(path).is_absolute()
        assert ".." not in Path(path).parts
        assert (folder / path).is_relative_to(folder)
        assert (folder / path) != folder


# ------------------------------------------------------------------------------------------ the catalog of the course

KNOWN = {
    "mnist": ("lesson", "sha256", "0e3e0a0880224f2df0ef27dd705a87dd347dbe797933e707916c9c7acf29b49d"),
    "mnist_full": ("full", "sha256", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),
    "movie_reviews": ("lesson", "sha256", "0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97"),
    "aclimdb": ("full", "md5", "7c2ac02c03563afcf9b574c7e56c153a"),
    "fashion_train_images": ("full", "sha256", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
    "horses_or_humans_training": ("full", "sha256", "e2e6f70d3d549c5dd10a57165e55af253ee66ad750403f95c0fb76bb943633a9"),
    "cats_and_dogs": ("full", "sha256", "b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9"),
    "three_kingdoms": ("lesson", "sha256", "0a5ceff5b53cd5f14753754dcfdfa95e154779153bb316e5589ad1e77af09473"),
    "minilm": ("lesson", "sha256", "040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e"),
    "titanic": ("lesson", "sha256", "ebe0941a851d7106bfb0336578cd5111cc1d521b77312543a4c9fed7a4953674"),
    "centernet": ("lesson", "sha256", "425e9c51dbbca0c8934362b170cb0d54c2529c11c654b3c03092b16e9d6ad3f7"),
    "nanodet": ("lesson", "sha256", "adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935"),
}


def test_course_catalog_has_the_agreed_hashes():
    assets = catalog.load()
    for name, (edition, kind, digest) in KNOWN.items():
        assert (assets[name].edition, getattr(assets[name], kind)) == (edition, digest)


def test_course_catalog_has_everything_the_course_uses():
    assets = catalog.load()
    lesson = {name for name, asset in assets.items() if asset.edition == "lesson"}
    assert lesson >= {*("mnist", "movie_reviews", "wikipedia_sample", "wordsim353", "simlex999", "analogies"),
                      *("emoji_google", "emoji_twitter", "efficientnet_lite0"),
                      *("three_kingdoms", "home_assistant", "minilm", "titanic", "centernet", "nanodet", "font")}  # fmt: skip
    assert set(assets) - lesson == {"mnist_full", "aclimdb", "text8", "zhwiki", "ssd_mobilenet_v1", "faster_rcnn_nas",
                                     *(f"fashion_{half}_{what}" for half in ("train", "test") for what in ("images", "labels")),
                                     "horses_or_humans_training", "horses_or_humans_validation", "cats_and_dogs",
                                     "reveal", "mathjax", "axe"}  # fmt: skip
    assert {name for name, asset in assets.items() if asset.edition == "author"} == {"reveal", "mathjax", "axe"}
    assert assets["text8"].size == 31_344_016
    assert len(catalog.choose(assets, ["photos"])) == 10
    assert {asset.name for asset in assets.values() if asset.digest is None} == {"zhwiki", "faster_rcnn_nas"}
    pairs = {name: asset.other_edition for name, asset in assets.items() if asset.other_edition}
    assert all(pairs[other] == name for name, other in pairs.items())


def read_by(code: str) -> set[str]:
    """Return the assets and collections that code names where it fetches, or reads through a loader."""
    names = {re.sub("_with_validation$", "", name) for name in re.findall(r"datasets\.load_(\w+)\(", code)}
    found = {datasets.ASSETS[name] for name in names} | set(re.findall(r'fetch\("(\w+)"', code))
    if "zoo.load(" in code:
        found |= set(re.findall(r'"(centernet|nanodet)"', code))
    return found | {name for module, name in MODULES.items() if re.search(rf"\b{module}\.(load|features)\b", code)}


MODULES = {"matting": "nanodet", "efficientnet": "efficientnet_lite0", "text_encoder": "minilm"}
SOURCES = sorted(path for room in ("notebooks", "labs") for path in (ROOT / room / "source").glob("*.py") if ".wrong." not in path.name)


def test_course_catalog_names_the_lessons_that_read_an_asset():
    reading = {}
    for path in SOURCES:
        reading.setdefault(re.search(r"\d\d", path.name)[0], set()).update(read_by(path.read_text(encoding="utf-8")))
    for name, asset in catalog.load().items():
        expected = sorted(lesson for lesson, read in reading.items() if asset.collection in read or name in read)
        if asset.edition == "lesson":
            assert asset.lessons == (expected if name != "font" else []), name
        elif asset.other_edition:
            assert set(asset.lessons) <= set(catalog.load()[asset.other_edition].lessons), name
        elif asset.edition == "full":
            assert asset.lessons == expected, name


def test_full_editions_come_from_their_origin():
    sources = [source for asset in catalog.load().values() for source in asset.sources if source.kind == "url"]
    assert {source.url.split("/")[2] for source in sources} == {
        *("storage.googleapis.com", "ai.stanford.edu", "mattmahoney.net"),
        *("dumps.wikimedia.org", "download.tensorflow.org", "download.microsoft.com"),
        "fashion-mnist.s3-website.eu-central-1.amazonaws.com",
    }


def test_no_registry_address_is_written_anywhere():
    files = [path for pattern in ("utils/**/*.py", "data/*.*", "models/*.md", "*.txt") for path in ROOT.glob(pattern)]
    for file in files:
        assert not re.search(r"pypi\.org|pythonhosted|npmjs|registry\.", file.read_text(encoding="utf-8")), file


def test_readme_names_every_asset():
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert [name for name, asset in catalog.load().items() if f"`{asset.collection or name}`" not in readme] == []
