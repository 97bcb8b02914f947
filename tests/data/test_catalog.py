import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import toml

from utils.data import catalog

ROOT = catalog.PATH.parents[1]
GOOD = {
    "title": "Numbers", "edition": "lesson", "filename": "numbers.zip", "size": 3, "sha256": "0" * 64,
    "licence": "CC0", "citation": "nobody", "homepage": "http://127.0.0.1/",
    "sources": [{"kind": "url", "url": "http://127.0.0.1/numbers.zip"}],
    "members": {"folder/one.txt": {"size": 1}},
}


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
    assert asset.sources == (catalog.Source(kind="url", url="http://127.0.0.1/numbers.zip"),)
    assert asset.members["folder/one.txt"] == catalog.Content(size=1)


def test_strongest_digest_counts():
    digests = {"md5": "a" * 32, "sha1": "b" * 40, "sha256": "c" * 64}
    assert catalog.Content(size=1, **digests).digest == ("sha256", "c" * 64)
    assert catalog.Content(size=1, md5="a" * 32, sha1="b" * 40).digest == ("sha1", "b" * 40)
    assert catalog.Content(max_size=9).digest is None
    assert catalog.Content(max_size=9).limit == 9


@pytest.mark.parametrize("changes, complaint", [
    ({"title": None}, r"field title: is missing"),
    ({"title": "  "}, r"field title: expected a title, found nothing"),
    ({"licence": 3}, r"field licence: expected whose it is and under which terms, found 3"),
    ({"edition": "medium"}, r"field edition: expected lesson or full, found 'medium'"),
    ({"size": "big"}, r"field size: expected a number of bytes, found 'big'"),
    ({"size": True}, r"field size: expected a number of bytes, found True"),
    ({"size": 0}, r"field size: expected a number of bytes above 0, found 0"),
    ({"size": -1}, r"field size: expected a number of bytes above 0, found -1"),
    ({"size": None}, r"field size: is missing; give the exact number of bytes, or max_size"),
    ({"sha256": "0" * 63}, r"field sha256: expected 64 lower-case hexadecimal digits"),
    ({"sha256": "G" * 64}, r"field sha256: expected 64 lower-case hexadecimal digits"),
    ({"sha256": ""}, r"field sha256: expected 64 lower-case hexadecimal digits"),
    ({"md5": "0" * 64}, r"field md5: expected 32 lower-case hexadecimal digits"),
    ({"filename": "../numbers.zip"}, r"field filename: expected a plain file name"),
    ({"filename": "folder/numbers.zip"}, r"field filename: expected a plain file name"),
    ({"filename": ".hidden"}, r"field filename: expected a plain file name"),
    ({"sources": None}, r"field sources: is missing"),
    ({"sources": []}, r"field sources: is empty"),
    ({"sources": "pip"}, r"field sources: expected a list of sources"),
    ({"sources": ["pip"]}, r"entry \[numbers.sources\[0\]\]: expected a table"),
    ({"sources": [{"kind": "ftp"}]}, r"sources\[0\]\], field kind: expected one of pypi, npm, url, installed"),
    ({"sources": [{"kind": "pypi", "package": "x"}]}, r"sources\[0\]\], field version: is missing"),
    ({"sources": [{"kind": "url", "url": "file:///etc/passwd"}]}, r"field url: expected an address"),
    ({"sources": [{"kind": "pypi", "package": "--pre", "version": "1"}]}, r"must not begin with '-'"),
    ({"sources": [{"kind": "installed", "package": "x", "path": "../y"}]}, r"field path: expected a path inside"),
    ({"sources": [{"kind": "npm", "package": "x", "version": "1", "url": "y"}]}, r"field url: is not a known"),
    ({"members": {"../one.txt": {"size": 1}}}, r"field members: expected a path inside the archive"),
    ({"members": {"/one.txt": {"size": 1}}}, r"field members: expected a path inside the archive"),
    ({"members": {"a/x": {"size": 1}, "b/x": {"size": 1}}}, r"two members have the same file name"),
    ({"members": {"one.txt": {}}}, r"numbers.members.'one.txt'\], field size: is missing"),
    ({"members": {"one.txt": 7}}, r"numbers.members.'one.txt'\]: expected a table"),
    ({"licens": "CC0"}, r"field licens: is not a known field; did you mean licence"),
    ({"other_edition": "none"}, r"field other_edition: 'none' is no asset of the other edition"),
    ({"other_edition": "numbers"}, r"field other_edition: 'numbers' is no asset of the other edition"),
    ({"collection": "numbers"}, r"field collection: 'numbers' is also the name of an asset"),
])
def test_malformed_entry_is_named_with_its_field(tmp_path, changes, complaint):
    with pytest.raises(catalog.CatalogError, match=complaint) as caught:
        load_changed(tmp_path, **changes)
    assert str(caught.value).startswith("catalog.toml: entry [numbers")


@pytest.mark.parametrize("name", ["Numbers", '"two words"', "7up", '"../up"'])
def test_asset_names_are_plain(tmp_path, name):
    with pytest.raises(catalog.CatalogError, match="an asset's name consists of lower-case letters"):
        load(tmp_path, f"[{name}]\n{toml(GOOD)}")


def test_two_assets_cannot_share_a_file(tmp_path):
    with pytest.raises(catalog.CatalogError, match=r"entry \[more\], field filename: .* also the file of \[numbers\]"):
        load(tmp_path, f"[numbers]\n{toml(GOOD)}[more]\n{toml(GOOD | {'filename': 'NUMBERS.zip'})}")


@pytest.mark.parametrize("text, complaint", [
    ("[numbers", r"is not valid TOML: .*at end of document"),
    ("[a]\nx = 1\n[a]\ny = 2", r"is not valid TOML"),
    ("loose = 1", r"entry \[loose\]: expected a table"),
])
def test_what_is_no_catalog_is_named(tmp_path, text, complaint):
    with pytest.raises(catalog.CatalogError, match=complaint):
        load(tmp_path, text)


def test_missing_catalog_is_named(tmp_path):
    with pytest.raises(catalog.CatalogError, match=r"Cannot read the data catalog .*nowhere.toml: No such file"):
        catalog.load(tmp_path / "nowhere.toml")


def test_unknown_name_gets_a_suggestion_and_the_list():
    with pytest.raises(KeyError, match=r"'mnits' is not in the data catalog. Did you mean 'mnist'\?.*titanic"):
        catalog.choose(catalog.load(), ["mnits"])


def test_a_collection_stands_for_its_assets():
    assets = catalog.load()
    chosen = catalog.choose(assets, ["word_similarity", "wordsim353", "titanic"])
    assert [asset.name for asset in chosen] == ["wordsim353", "simlex999", "titanic"]


@given(st.text(st.sampled_from("ab./\\: \0é"), max_size=12))
def test_a_safe_path_never_leaves_its_folder(path):
    folder = Path("/some/folder")
    if catalog.is_safe_path(path):
        assert not Path(path).is_absolute()
        assert ".." not in Path(path).parts
        assert (folder / path).is_relative_to(folder)
        assert (folder / path) != folder


# The catalog of the course. Archive hashes as the design of the course gives them.
KNOWN = {
    "mnist": ("lesson", "sha256", "0e3e0a0880224f2df0ef27dd705a87dd347dbe797933e707916c9c7acf29b49d"),
    "mnist_full": ("full", "sha256", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),
    "movie_reviews": ("lesson", "sha256", "0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97"),
    "aclimdb": ("full", "md5", "7c2ac02c03563afcf9b574c7e56c153a"),
    "three_kingdoms": ("lesson", "sha256", "0a5ceff5b53cd5f14753754dcfdfa95e154779153bb316e5589ad1e77af09473"),
    "titanic": ("lesson", "sha256", "ebe0941a851d7106bfb0336578cd5111cc1d521b77312543a4c9fed7a4953674"),
    "centernet": ("lesson", "sha256", "425e9c51dbbca0c8934362b170cb0d54c2529c11c654b3c03092b16e9d6ad3f7"),
    "nanodet": ("lesson", "sha256", "adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_course_catalog_has_the_agreed_hashes(name):
    edition, kind, digest = KNOWN[name]
    asset = catalog.load()[name]
    assert (asset.edition, getattr(asset, kind)) == (edition, digest)


def test_course_catalog_has_everything_the_course_uses():
    assets = catalog.load()
    lesson = {name for name, asset in assets.items() if asset.edition == "lesson"}
    full = {name for name, asset in assets.items() if asset.edition == "full"}
    assert lesson >= {*("mnist", "movie_reviews", "wikipedia_sample", "wordsim353", "simlex999", "analogies"),
                      *("three_kingdoms", "titanic", "centernet", "nanodet", "font")}
    assert full == {"mnist_full", "aclimdb", "text8", "zhwiki", "ssd_mobilenet_v1", "faster_rcnn_nas"}
    assert assets["text8"].size == 31_344_016
    assert len(catalog.choose(assets, ["photos"])) == 10
    assert {asset.name for asset in assets.values() if asset.digest is None} == {"zhwiki", "faster_rcnn_nas"}
    for asset in assets.values():
        if asset.other_edition:
            assert assets[asset.other_edition].other_edition == asset.name


def test_full_editions_come_from_their_origin():
    hosts = {source.url.split("/")[2] for asset in catalog.load().values() for source in asset.sources if source.url}
    assert hosts == {*("storage.googleapis.com", "ai.stanford.edu", "mattmahoney.net"),
                     *("dumps.wikimedia.org", "download.tensorflow.org")}


def test_no_registry_address_is_written_anywhere():
    files = [*ROOT.glob("utils/*.py"), *ROOT.glob("data/*.*"), *ROOT.glob("models/*.md"), ROOT / "requirements.txt"]
    for file in files:
        assert not re.search(r"pypi\.org|pythonhosted|npmjs|registry\.", file.read_text(encoding="utf-8")), file


def test_readme_names_every_asset():
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    missing = [name for name, asset in catalog.load().items() if f"`{asset.collection or name}`" not in readme]
    assert not missing
