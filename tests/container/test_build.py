"""Building: the Dockerfile is clean, an edited notebook rebuilds little, and the other variants resolve."""

import json
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jsonschema
import pytest
import requests
import yaml
from container.running import BUILD_SECONDS, TAG, Built, report_size, seconds_since

from tools.lessons.notebooks import ROOT
from tools.machine import container, engines

GPU_SECONDS = 900
SCHEMA = ("dclint@3.1.0", "package/schemas/compose.schema.json")


def test_dockerfile_is_clean(side_tools):
    done = subprocess.run([side_tools / "bin" / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_hadolint_would_see_a_fault(side_tools, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM debian\nRUN sudo apt-get install x\n")
    done = subprocess.run([side_tools / "bin" / "hadolint", tmp_path / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "DL3004" in done.stdout  # no sudo


def test_compose_file_follows_the_schema_of_compose(tmp_path):
    name, member = SCHEMA
    packed = subprocess.run(["npm", "pack", "--silent", name], cwd=tmp_path, capture_output=True, text=True) if has_npm() else None
    if packed is None or packed.returncode:
        pytest.skip(f"the schema of Compose files comes with the npm package {name}, which cannot be had here")
    text = subprocess.run(["tar", "-xzOf", packed.stdout.strip(), member], cwd=tmp_path, capture_output=True, check=True).stdout
    validator = jsonschema.Draft7Validator(json.loads(text))
    compose = yaml.safe_load((ROOT / "docker/compose.yaml").read_text(encoding="utf-8"))
    assert [error.message for error in validator.iter_errors(compose)] == []
    compose["services"]["cpu"]["volumes"] = "not a list"
    assert not validator.is_valid(compose)


def has_npm() -> bool:
    return subprocess.run(["sh", "-c", "command -v npm"], capture_output=True).returncode == 0


def rebuild(engine, context, image) -> tuple[str, float]:
    """Build again and return what was printed and the seconds it took."""
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", REBUILD, engine, context, json.dumps(image._asdict())], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=BUILD_SECONDS)  # fmt: skip
    assert not done.returncode, done.stdout[-4000:]
    return done.stdout, time.monotonic() - start


REBUILD = """
import json, sys, pathlib
from tools.machine import container
container.build(sys.argv[1], container.Image(**json.loads(sys.argv[3])), pathlib.Path(sys.argv[2]))
"""


@pytest.fixture
def with_layers(engine):
    if engine == "buildah" and engines.storage_driver() == "vfs":
        pytest.skip("this machine has no overlay mounts; buildah then copies every layer whole, so the build keeps none")


def installs(output: str) -> list[str]:
    """Return the signs in a build's output that a package was installed or fetched."""
    return re.findall(r"^(?:Setting up .*|Making the environment.*|Installing the pinned.*|.* assets are here.*)$", output, re.M)


def test_an_edited_notebook_installs_nothing_again(engine, context, built_image, with_layers, note):
    notebook = context / "notebooks" / "02_pandas.ipynb"
    before = notebook.read_bytes()
    tag = TAG + "-edited"
    try:
        notebook.write_bytes(before.replace(b'"nbformat_minor"', b' "nbformat_minor"', 1))
        assert notebook.read_bytes() != before
        output, seconds = rebuild(engine, context, container.Image(tag=tag, base=base_of(engine)))
        assert installs(output) == []
        edited = Built(engine, tag)
        try:
            assert edited.run("cat", "/course/notebooks/02_pandas.ipynb").stdout.encode() == notebook.read_bytes()
        finally:
            edited.close()
        note(f"build after an edited notebook: {seconds:.0f} s")
    finally:
        notebook.write_bytes(before)


def base_of(engine: str) -> str:
    return engines.base_for_buildah() if engine == "buildah" else ""


def test_data_put_into_the_image_is_complete_and_needs_no_network(
    engine, context, built_image, lesson_data, with_layers, note, monkeypatch
):
    if engine == "docker":
        pytest.skip("Docker's builds do not see folders of this machine, and the data is taken from one")
    tag = TAG + "-data"
    settings = container.registries.settings

    def with_the_mirror(folder: Path):
        found = settings(folder)
        return found._replace(folders=[*found.folders, lesson_data])

    monkeypatch.setattr(container.registries, "settings", with_the_mirror)
    start = time.monotonic()
    container.build(engine, container.Image(tag=tag, base=base_of(engine), data="lesson", mirror=str(lesson_data)), context,
                    stdout=subprocess.DEVNULL, timeout=BUILD_SECONDS)  # fmt: skip
    seconds = seconds_since(start)
    built = Built(engine, tag)
    try:
        done = built.run("python", "-m", "utils.data", "all")
        total, here = re.search(r"(\d+) of (\d+) assets are here", done.stdout).groups()
        assert total == here
        script = "from utils.data import datasets; print(datasets.load_mnist()[1][0].shape, len(datasets.load_imdb()[0][0]) > 10_000)"
        assert built.run("python", "-c", script).stdout == "(10000, 28, 28) True\n"
        owners = built.run("sh", "-c", "stat -c %U /data /data/* | sort -u").stdout.split()
        assert owners == ["student"]
    finally:
        built.close()
    note(f"build with the lesson data inside: {seconds}, {report_size(engine, tag)}")


@pytest.fixture(scope="module")
def gpu_packages(gpu_resolution):
    """What pip would install into the GPU image, from its report; skips where the registry is not reached."""
    process, path = gpu_resolution
    _, errors = process.communicate(timeout=GPU_SECONDS)
    if process.returncode and re.search("NewConnectionError|Name or service not known|Temporary failure|timed out", errors):
        pytest.skip(f"the package registry is not reached: {errors.strip()[-300:]}")
    assert not process.returncode, errors[-4000:]
    return {entry["metadata"]["name"].lower(): entry for entry in json.loads(path.read_text())["install"]}


def test_gpu_variant_resolves_with_every_cuda_library_pinned(gpu_packages):
    pinned = dict(re.findall(r"^(nvidia-[\w-]+)==(\S+)", (ROOT / "requirements-gpu.txt").read_text(), re.M))
    resolved = {name: entry["metadata"]["version"] for name, entry in gpu_packages.items() if name.startswith("nvidia-")}
    assert resolved == pinned
    assert "tensorflow" in gpu_packages
    assert "tensorflow-cpu" not in gpu_packages


def size_of(address: str) -> int:
    """Return the size of a package's file in bytes, without downloading it."""
    parsed = urllib.parse.urlparse(address)
    if parsed.scheme == "file":
        return Path(urllib.request.url2pathname(parsed.path)).stat().st_size
    answer = requests.head(address, allow_redirects=True, timeout=60)
    answer.raise_for_status()
    return int(answer.headers["Content-Length"])


def test_size_of_the_gpu_variant_is_known(gpu_packages, note):
    with ThreadPoolExecutor(8) as pool:
        sizes = dict(zip(gpu_packages, pool.map(lambda entry: size_of(entry["download_info"]["url"]), gpu_packages.values()),
                         strict=True))  # fmt: skip
    cuda = sum(size for name, size in sizes.items() if name.startswith("nvidia-"))
    note(f"GPU variant: {len(sizes)} packages, {sum(sizes.values()) / 1e9:.2f} GB to download, of it CUDA {cuda / 1e9:.2f} GB and "
         f"TensorFlow {sizes['tensorflow'] / 1e9:.2f} GB")  # fmt: skip
    assert 1e9 < cuda < 6e9
