"""Shared fixtures."""

import os
import shutil
import subprocess
import sys
import types

import hypothesis
import pooch.core
import pytest
from support import PATIENCE, Server, Shelf

from tools.lessons import notebooks, slides_check
from utils.data import catalog, fetch

# The same examples on every run, and no example fails because the machine was busy.
hypothesis.settings.register_profile("course", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("course")


@pytest.fixture(scope="module")
def browser():
    """Chromium, driven by Playwright; where one of them is missing, the test says so and is skipped."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make author-environment")
    try:
        path = slides_check.browser()
    except notebooks.NotebookError as error:
        pytest.skip(str(error))
    with sync_api.sync_playwright() as playwright, playwright.chromium.launch(executable_path=path, args=["--no-sandbox"]) as chromium:
        yield chromium


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


# The course's Makefile reads the last two; with them a copy of the course would use the environment of the one under test.
MAKE_VARIABLES = {"MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL", "VENV", "PYTHON"}


@pytest.fixture
def clean_environment(monkeypatch):
    """Take away what the machine, or the `make` around the tests, sets for the course, make, pip, npm and proxies."""
    for name in list(os.environ):
        if name in MAKE_VARIABLES or name.upper().startswith(("COURSE_", "PIP_", "NPM_CONFIG_")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture
def usual_umask():
    """New files may be read by others, whatever the machine's own setting."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def shelf(tmp_path, monkeypatch, clean_environment):
    shelf = Shelf(tmp_path)
    monkeypatch.setattr(catalog, "PATH", shelf.path)
    monkeypatch.setattr(pooch.core, "time", types.SimpleNamespace(sleep=lambda _: None))  # between two tries
    monkeypatch.setenv("COURSE_DATA", str(shelf.cache))
    return shelf


@pytest.fixture
def in_another_process(shelf):
    """Start `fetch(name)` in a process of its own; it prints the path or the error's class and message."""
    processes = []

    def start(name: str, **popen) -> subprocess.Popen:
        script = (
            "import pathlib, signal, sys; from utils.data import catalog, fetch\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's background jobs ignore it
            "catalog.PATH = pathlib.Path(sys.argv[1])\n"
            "try: print(fetch.fetch(sys.argv[2]))\n"
            "except fetch.FetchError as error: sys.exit(f'FetchError: {error}')\n"
        )
        process = subprocess.Popen([sys.executable, "-c", script, str(shelf.path), name], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, **popen)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def on_small_disk(shelf, tmp_path):
    """Run a shell script in which $DISK is a disk of 256 kB of its own; skip where that is not allowed."""
    unshare = shutil.which("unshare")
    prefix = [unshare, "--mount"] if os.geteuid() == 0 else [unshare, "--user", "--map-root-user", "--mount"]
    if not unshare or subprocess.run([*prefix, "mount", "-t", "tmpfs", "tmpfs", tmp_path],
                                     capture_output=True).returncode:
        pytest.skip("this machine does not let the test mount a disk of its own (unshare --mount)")
    disk = tmp_path / "disk"
    disk.mkdir()
    get = "import sys, pathlib; from utils.data import __main__ as command_line, catalog; " \
          f"catalog.PATH = pathlib.Path({str(shelf.path)!r}); sys.exit(command_line.main(['get', *sys.argv[1:]]))"

    def run(script: str) -> subprocess.CompletedProcess:
        preparation = f'get() {{ "{sys.executable}" -c "$GET" "$@"; }}; mount -t tmpfs -o size=256k tmpfs "$DISK"\n'
        environment = os.environ | {"DISK": str(disk), "GET": get, "COURSE_DATA": str(disk / "cache")}
        return subprocess.run([*prefix, "bash", "-c", preparation + script], env=environment, text=True,
                              capture_output=True, timeout=PATIENCE)

    return run


@pytest.fixture
def lesson_data(clean_environment):
    """The real lesson edition, where the course keeps it; fetched at first use."""
    return fetch.cache_folder()
