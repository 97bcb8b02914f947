"""The image, built once for all tests, and ways to run it. `make test-container` runs these; `make test` leaves them out.

With Docker or Podman the engine runs the image. With buildah, which builds without a daemon, `tools.machine.image_sandbox` does.

- `COURSE_CONTAINER_ENGINE` names the engine.
- `COURSE_CONTAINER_STORE` names a folder in which buildah's layers stay from one run to the next; a temporary one otherwise.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from container.running import BUILD_SECONDS, TAG, Built, report_size, seconds_since

from tools.lessons.notebooks import ROOT
from tools.machine import container, engines, image_sandbox

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


def use_store(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let buildah keep its layers in `folder`; layers are shared where the system has overlay mounts, copied elsewhere."""
    for name in ("lower", "upper", "work", "merged"):
        (folder / "try" / name).mkdir(parents=True, exist_ok=True)
    options = ",".join(f"{name}dir={folder}/try/{name}" for name in ("lower", "upper", "work"))
    merged = folder / "try" / "merged"
    tried = subprocess.run(["unshare", "--mount", "mount", "-t", "overlay", "-o", options, "overlay", merged], capture_output=True)
    driver = "vfs" if tried.returncode else "overlay"
    config = folder / "storage.conf"
    config.write_text(f'[storage]\ndriver = "{driver}"\ngraphroot = "{folder}/layers"\nrunroot = "{folder}/run"\n')
    monkeypatch.setenv("CONTAINERS_STORAGE_CONF", str(config))
    monkeypatch.setenv("STORAGE_DRIVER", driver)
    (folder / "tmp").mkdir(exist_ok=True)
    monkeypatch.setenv("TMPDIR", str(folder / "tmp"))  # what is mounted as a cache lies there, too


@pytest.fixture(scope="session")
def engine() -> Iterator[str]:
    """The engine to test with; skips where there is none, or where it may not run anything."""
    wanted = os.environ.get("COURSE_CONTAINER_ENGINE", "")
    try:
        found = engines.find_engine(wanted)
    except engines.ContainerError as error:
        if wanted:
            raise
        _not_run.append(str(error))
        pytest.skip(str(error))
    if found == "podman" and os.geteuid() != 0:
        _not_run.append("podman without root maps users, so who owns a mounted folder cannot be tested; run this as root")
        pytest.skip(_not_run[-1])
    if found != "buildah":
        yield found
        return
    if not image_sandbox.is_possible():
        _not_run.append("buildah is here, but running its image for the tests needs root on Linux (unshare --mount --pid --net)")
        pytest.skip(_not_run[-1])
    with contextlib.ExitStack() as stack:
        kept = os.environ.get("COURSE_CONTAINER_STORE", "")
        folder = Path(kept or tempfile.mkdtemp(prefix="course-container-")).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        use_store(folder, stack.enter_context(pytest.MonkeyPatch.context()))
        if not kept:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            stack.callback(subprocess.run, ["buildah", "rmi", "--all", "--force"], capture_output=True)
        yield found


@pytest.fixture(scope="session")
def context(tmp_path_factory) -> Path:
    """A copy of the course's files as git knows them, to build from and to change."""
    folder = tmp_path_factory.mktemp("context") / "course"
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            capture_output=True, check=True).stdout  # fmt: skip
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).exists():  # a deleted file stays listed until the next commit
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def built_image(engine, context, note, gpu_resolution) -> str:
    """The name of the image, built from the course as it is."""
    start = time.monotonic()
    base = ""
    if engine == "buildah":
        base = engines.base_for_buildah()
        note(f"base image {base}: {seconds_since(start)}")
        start = time.monotonic()
    container.build(engine, container.Image(tag=TAG, base=base), context, timeout=BUILD_SECONDS)
    note(f"build of the CPU image with {engine}: {seconds_since(start)}, {report_size(engine, TAG)}")
    return TAG


@pytest.fixture(scope="session")
def image(engine, built_image) -> Iterator[Built]:
    built = Built(engine, built_image)
    yield built
    built.close()


@pytest.fixture(scope="session")
def lesson_data() -> Path:
    """The folder of the lesson edition, complete."""
    fetched = subprocess.run([sys.executable, "-m", "utils.data", "all", "--edition", "lesson"], cwd=ROOT,
                             capture_output=True, text=True)
    if fetched.returncode:
        pytest.skip(f"the lesson data is not all here: {fetched.stderr.strip()[-400:]}")
    return Path(os.environ.get("COURSE_DATA") or ROOT / "data" / "cache").expanduser().resolve()


@pytest.fixture(scope="session")
def side_tools(tmp_path_factory) -> Path:
    """A folder with what tests/container/requirements.txt names; skips where the package registry is not reached."""
    folder = tmp_path_factory.mktemp("tools")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target", folder,
         "--requirement", HERE / "requirements.txt"], capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"the tools of tests/container/requirements.txt cannot be installed: {done.stderr.strip()[-400:]}")
    return folder


@pytest.fixture(scope="session")
def gpu_resolution(side_tools, tmp_path_factory) -> Iterator[tuple[subprocess.Popen, Path]]:
    """pip, working out what the GPU image would install while the CPU image is built; the process and its report."""
    report = tmp_path_factory.mktemp("gpu") / "report.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--require-hashes", "--report", report, "--requirement", ROOT / "requirements-gpu.txt"],
        env=os.environ | {"PYTHONPATH": str(side_tools)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield process, report
    process.kill()
    process.communicate()
