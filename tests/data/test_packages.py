import hashlib
import json
import os
import shutil
import sys
import venv
from pathlib import Path
from unittest import mock

import pytest
from support import body, complaint, status, tarred, zipped

from utils.data import download, fetch, packages
from utils.data.fetch import fetch as get

MEMBER = b"a table of numbers"
PIP = {"kind": "pypi", "package": "course-numbers", "version": "1.0"}
NPM = {"kind": "npm", "package": "@course/numbers", "version": "1.0.0"}
WHEEL = "course_numbers-1.0-py3-none-any.whl"
needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed on this machine")


def wheel(member=MEMBER, python=">=3.0") -> bytes:
    return zipped({
        "numbers/table.txt": member,
        "numbers/__init__.py": "raise SystemExit('the package was imported')",
        "course_numbers-1.0.dist-info/METADATA":
            "Metadata-Version: 2.1\nName: course-numbers\nVersion: 1.0\nRequires-Dist: no-such-thing\n"
            f"Requires-Python: {python}\n",
        "course_numbers-1.0.dist-info/WHEEL":
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "course_numbers-1.0.dist-info/RECORD": "",
    })  # fmt: skip


# ---------------------------------------------------------------------------- the real pip, with an index on loopback


@pytest.fixture
def package_index(shelf, server, monkeypatch, tmp_path):
    """Offer a file as the package course-numbers to pip, configured in the ordinary way; describe it or another."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", f"{server.address}/simple/")
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "pip-cache"))

    def offer(served: bytes, described: bytes | None = None, filename=WHEEL):
        page = f'<!DOCTYPE html><a href="/files/{filename}">{filename}</a>'.encode()
        server.put("/simple/course-numbers/", body(page, "text/html"))
        server.put(f"/files/{filename}", served)
        shelf.add("numbers", described or served, filename=WHEEL, sources=[PIP],
                  members={"numbers/table.txt": {"size": len(MEMBER)}})  # fmt: skip

    return offer


def test_pip_brings_a_wheel_and_its_members_and_nothing_it_requires(package_index, shelf, server):
    package_index(wheel())
    assert get("numbers", "numbers/table.txt").read_bytes() == MEMBER
    assert (shelf.cache / WHEEL).read_bytes() == wheel()
    assert shelf.unfinished() == []
    assert server.requests == ["/simple/course-numbers/", f"/files/{WHEEL}"]


def test_wheel_for_a_newer_python_is_brought_since_nothing_of_it_is_run(package_index):
    package_index(wheel(python=">=99.0"))
    assert get("numbers", "numbers/table.txt").read_bytes() == MEMBER


def test_pip_itself_refuses_a_wheel_with_another_hash(package_index, shelf):
    package_index(wheel(MEMBER[::-1]), described=wheel())
    found, expected = (hashlib.sha256(wheel(member)).hexdigest()[:12] for member in (MEMBER[::-1], MEMBER))
    assert f"what arrived has the wrong hash (expected sha256 {expected}…, found {found}…)" in complaint("numbers")
    assert not (shelf.cache / WHEEL).exists()


def test_pip_never_builds_a_source_package(package_index, tmp_path):
    trap = tmp_path / "setup_was_run"
    setup = f"open({str(trap)!r}, 'w'); from setuptools import setup; setup(name='course-numbers', version='1.0')"
    package_index(tarred({"course-numbers-1.0/setup.py": setup, "course-numbers-1.0/PKG-INFO": "Name: x"}),
                  filename="course-numbers-1.0.tar.gz")  # fmt: skip
    assert "No matching distribution found for course-numbers==1.0" in complaint("numbers")
    assert not trap.exists()


def test_package_index_out_of_reach_is_named(package_index, monkeypatch):
    package_index(wheel())
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
    monkeypatch.setenv("COURSE_TIMEOUT", "1")
    message = complaint("numbers")
    assert "pip course-numbers==1.0: pip cannot connect to its package index" in message
    assert f"set COURSE_MIRROR to a folder or address that holds {WHEEL}" in message


def test_pip_missing_is_named_and_the_mirror_still_works(shelf, tmp_path, monkeypatch):
    venv.create(tmp_path / "bare", with_pip=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bare" / "bin" / "python"))
    shelf.add("numbers", wheel(), filename=WHEEL, sources=[PIP])
    message = complaint("numbers")
    assert "pip course-numbers==1.0: pip is missing in this Python (python -m ensurepip brings it back)" in message
    (tmp_path / WHEEL).write_bytes(wheel())
    monkeypatch.setenv("COURSE_MIRROR", str(tmp_path))
    assert get("numbers").read_bytes() == wheel()


# -------------------------------------------------------------------------- the real npm, with a registry on loopback


@pytest.fixture
def npm_registry(shelf, server, monkeypatch, tmp_path):
    """Offer files as the package @course/numbers to npm, configured in the ordinary way; describe them or another."""
    monkeypatch.setenv("NPM_CONFIG_USERCONFIG", str(tmp_path / "npmrc"))
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"{server.address}/npm/")
    monkeypatch.setenv("NPM_CONFIG_CACHE", str(tmp_path / "npm-cache"))

    def offer(files: dict[str, str], described: bytes | None = None):
        data = tarred({f"package/{name}": content for name, content in files.items()})
        digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        version = {"name": "@course/numbers", "version": "1.0.0",
                   "dist": {"tarball": f"{server.address}/npm/numbers.tgz", "shasum": digest}}  # fmt: skip
        document = {"name": "@course/numbers", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
        server.put("/npm/@course%2fnumbers", json.dumps(document).encode())
        server.put("/npm/numbers.tgz", data)
        shelf.add("numbers", described or data, filename="numbers-1.0.0.tgz", sources=[NPM],
                  members={"package/table.txt": {"size": len(MEMBER)}})  # fmt: skip

    return offer


@needs_npm
def test_npm_brings_a_package_and_runs_none_of_its_scripts(npm_registry, shelf, tmp_path):
    trap = tmp_path / "script_was_run"
    scripts = dict.fromkeys(("prepare", "prepack", "postpack", "install", "postinstall"), f"touch {trap}")
    package = {"name": "@course/numbers", "version": "1.0.0", "scripts": scripts, "dependencies": {"none": "1"}}
    npm_registry({"package.json": json.dumps(package), "table.txt": MEMBER.decode()})
    assert get("numbers", "package/table.txt").read_bytes() == MEMBER
    assert shelf.unfinished() == []
    assert not trap.exists()


@needs_npm
def test_npm_with_another_package_of_that_name_is_refused(npm_registry):
    package = json.dumps({"name": "@course/numbers", "version": "1.0.0"})
    npm_registry({"package.json": package}, described=b"what we know")
    assert "npm @course/numbers@1.0.0: what arrived has" in complaint("numbers")


@needs_npm
def test_registry_out_of_reach_or_without_the_package_is_named(npm_registry, server, monkeypatch):
    npm_registry({})
    server.put("/npm/@course%2fnumbers", status(404))
    assert "npm @course/numbers@1.0.0: npm says: 404 Not Found" in complaint("numbers")
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9/")
    assert "npm @course/numbers@1.0.0: npm cannot connect to its package index" in complaint("numbers")


# ------------------------------------------------------------------------------------------ clients that misbehave


@pytest.fixture
def npm_that(shelf, tmp_path, monkeypatch):
    """Put a shell script in npm's place."""
    shelf.add("numbers", b"data", filename="numbers-1.0.0.tgz", sources=[NPM])

    def behave(script: str) -> None:
        program = tmp_path / "bin" / "npm"
        program.parent.mkdir()
        program.write_text(script if script.startswith("#!") else f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)

    return behave


@pytest.mark.parametrize("script, reason", [
    ("exit 3", "npm failed with exit status 3"),
    ("kill -9 $$", "npm failed with exit status -9"),
    ("exit 0", "expected one .tgz file, got 0"),
    ("touch a.tgz b.tgz", "expected one .tgz file, got 2"),
    ("ln -s /etc/passwd a.tgz", "expected one .tgz file, got 0"),
    ("printf dat > a.tgz; exit 1", "npm failed with exit status 1"),
    ("printf dat > a.tgz", "what arrived has 3 bytes instead of 4"),
    ("echo 'npm error code EWHATEVER' >&2; echo 'npm error it rained' >&2; exit 1", "npm says: it rained"),
    ("#!/no/such/interpreter\n", "npm cannot be started: No such file or directory"),
])  # fmt: skip
def test_client_that_fails_is_never_believed(npm_that, shelf, script, reason):
    npm_that(script)
    assert f"npm @course/numbers@1.0.0: {reason}" in complaint("numbers")
    assert not (shelf.cache / "numbers-1.0.0.tgz").exists()
    assert shelf.unfinished() == []


def test_progress_of_a_client_is_what_has_arrived_in_its_folder(npm_that, monkeypatch, tmp_path):
    npm_that(f"printf dat > part; until test -e {tmp_path}/seen; do :; done; printf data > a.tgz")
    bar = mock.MagicMock(n=0)
    bar.__enter__.return_value = bar
    bar.update.side_effect = lambda more: more and (tmp_path / "seen").touch()
    monkeypatch.setattr(download, "progress", lambda _: bar)
    assert get("numbers").read_bytes() == b"data"
    assert mock.call(3) in bar.update.call_args_list


def test_client_that_does_not_end_is_given_up(npm_that, monkeypatch):
    npm_that("exec tail -f /dev/null")
    monkeypatch.setattr(packages, "CLIENT_SECONDS", 0.0)
    assert "npm @course/numbers@1.0.0: npm did not end within 0 seconds" in complaint("numbers")


def test_client_that_finds_the_disk_full_is_understood(npm_that):
    npm_that("echo 'npm error nospc ENOSPC: no space left on device, write' >&2; exit 228")
    assert complaint("numbers").startswith("Cannot store numbers (0.0 kB): the disk of ")


def test_client_gets_a_scratch_folder_that_is_swept(npm_that, shelf):
    npm_that('test "$TMPDIR" = "$PWD" && touch $TMPDIR/scratch && printf data > a.tgz')
    assert get("numbers").read_bytes() == b"data"
    assert shelf.unfinished() == []


# -------------------------------------------------------------------------------------------------- installed packages


@pytest.fixture
def installed(shelf, tmp_path, monkeypatch):
    """Install a package with one data file; importing it would be noticed."""
    site = tmp_path / "site"
    (site / "course_numbers-1.0.dist-info").mkdir(parents=True)
    (site / "course_numbers-1.0.dist-info" / "METADATA").write_text("Name: course-numbers\nVersion: 1.0\n")
    (site / "numbers").mkdir()
    (site / "numbers" / "__init__.py").write_text("raise RuntimeError('imported')")
    (site / "numbers" / "table.txt").write_bytes(MEMBER)
    monkeypatch.syspath_prepend(site)
    source = {"kind": "installed", "package": "course-numbers", "path": "numbers/table.txt"}
    shelf.add("numbers", MEMBER, filename="table.txt", sources=[source])
    return site / "numbers" / "table.txt"


def test_installed_file_is_used_where_it_is(installed, shelf, monkeypatch):
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert get("numbers") == installed
    assert not shelf.cache.exists()


def test_installed_file_that_was_changed_or_is_gone_is_named(installed):
    installed.write_bytes(MEMBER[::-1])
    assert "numbers/table.txt of the installed package course-numbers: " in complaint("numbers")
    assert f"{installed} has the wrong hash" in complaint("numbers")
    installed.unlink()
    assert "this course-numbers does not have it (pip install -r requirements.txt)" in complaint("numbers")


def test_package_that_is_not_installed_is_named_and_a_mirror_helps(installed, tmp_path, monkeypatch):
    shutil.rmtree(installed.parents[1] / "course_numbers-1.0.dist-info")
    assert "course-numbers is not installed (pip install -r requirements.txt)" in complaint("numbers")
    (tmp_path / "table.txt").write_bytes(MEMBER)
    monkeypatch.setenv("COURSE_MIRROR", str(tmp_path))
    assert get("numbers") == fetch.cache_folder() / "table.txt"


@pytest.mark.parametrize("name", [name for name, asset in fetch.catalog.load().items()
                                  if any(source.kind == "installed" for source in asset.sources)])  # fmt: skip
def test_requirements_install_what_the_catalog_expects(name, clean_environment, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    assert Path(sys.prefix) in get(name).parents
