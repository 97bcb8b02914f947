"""The image, built once for all tests. `make test-container` runs these; `make test` leaves them out.

`COURSE_CONTAINER_ENGINE` names the engine, `COURSE_CONTAINER_BASE` another base image.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from container.running import BASE, BUILD_SECONDS, OWNER, TAG, Built, Volume, seconds_since

from tools.lessons.notebooks import ROOT
from tools.machine import container

HERE = Path(__file__).parent

_facts: list[str] = []
_not_run: list[str] = []


def pytest_ignore_collect(collection_path, config):
    """Leave these tests to those who ask for this folder by name."""
    asked = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(path.is_relative_to(HERE) for path in asked) else True


def pytest_terminal_summary(terminalreporter):
    for reason in _not_run:
        terminalreporter.section("the image was NOT built and NOT tested", sep="!")
        terminalreporter.write_line(reason)
    if _facts:
        terminalreporter.section("container, measured")
        for fact in _facts:
            terminalreporter.write_line(fact)


@pytest.fixture(scope="session")
def note():
    """Take a line for the summary at the end."""
    return _facts.append


@pytest.fixture(scope="session")
def engine() -> str:
    """The engine to test with; skips where there is none, or where it would map users."""
    wanted = os.environ.get("COURSE_CONTAINER_ENGINE", "")
    try:
        found = container.find_engine(wanted)
    except container.ContainerError as error:
        if wanted:
            raise
        _not_run.append(str(error))
        pytest.skip(str(error))
    if found == "podman" and os.geteuid() != 0:
        _not_run.append("podman without root maps users, so whose a saved file is cannot be tested; run this as root")
        pytest.skip(_not_run[-1])
    return found


@pytest.fixture(scope="session")
def context(tmp_path_factory) -> Path:
    """A copy of the course's files as git knows them, to build from and to change."""
    folder = tmp_path_factory.mktemp("context") / "course"
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            capture_output=True, check=True, text=True).stdout  # fmt: skip
    there = "\0".join(name for name in listed.split("\0") if name and (ROOT / name).exists())  # some may be deleted
    folder.mkdir()
    pack = ["tar", "-C", ROOT, "-c", "--null", "-T", "-"]
    packed = subprocess.run(pack, input=there.encode(), capture_output=True, check=True)
    subprocess.run(["tar", "-C", folder, "-x"], input=packed.stdout, check=True)
    return folder


@pytest.fixture(scope="session")
def image(engine, context, note, gpu_resolution) -> Built:
    """The image, built from the course as it is."""
    start = time.monotonic()
    container.build(engine, container.Image(tag=TAG, base=BASE), context, timeout=BUILD_SECONDS)
    built = Built(engine, TAG)
    note(f"build of the CPU image with {engine}: {seconds_since(start)}, {built.inspect()['Size'] / 1e9:.2f} GB")
    return built


@pytest.fixture
def clone(context, tmp_path) -> Path:
    """A student's folder with the course in it."""
    folder = tmp_path / "clone"
    subprocess.run(["cp", "--recursive", "--preserve=timestamps", context, folder], check=True)
    subprocess.run(["chown", "--recursive", f"{OWNER[0]}:{OWNER[1]}", folder], check=True)
    return folder


@pytest.fixture(scope="session")
def data() -> Volume:
    """The folder of the lesson edition, complete."""
    fetched = subprocess.run([sys.executable, "-m", "utils.data", "all", "--edition", "lesson"], cwd=ROOT,
                             capture_output=True, text=True)  # fmt: skip
    if fetched.returncode:
        pytest.skip(f"the lesson data is not all here: {fetched.stderr.strip()[-400:]}")
    folder = Path(os.environ.get("COURSE_DATA") or ROOT / "data" / "cache")
    return Volume(folder.expanduser().resolve(), "/data", read_only=True)


@pytest.fixture(scope="session")
def side_tools(tmp_path_factory) -> Path:
    """A folder with what tests/container/requirements.txt names; skips where the package registry is not reached."""
    folder = tmp_path_factory.mktemp("tools")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--target", folder, "--requirement", HERE / "requirements.txt"], capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"the tools of tests/container/requirements.txt cannot be installed: {done.stderr.strip()[-400:]}")
    return folder


@pytest.fixture(scope="session")
def gpu_resolution(side_tools, tmp_path_factory) -> Iterator[tuple[subprocess.Popen, Path]]:
    """pip, working out what the GPU image would install while the CPU image is built; the process and its report."""
    report = tmp_path_factory.mktemp("gpu") / "report.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet",
         "--disable-pip-version-check", "--no-deps", "--require-hashes", "--report", report,
         "--requirement", ROOT / "requirements-gpu.txt"],
        env=os.environ | {"PYTHONPATH": str(side_tools)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield process, report
    process.kill()
    process.communicate()
