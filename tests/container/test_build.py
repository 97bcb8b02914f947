"""Building: the Dockerfile is clean, an edited notebook rebuilds little, and the other variants build or resolve."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from container.running import BASE, BUILD_SECONDS, TAG, Built, seconds_since

from tools.lessons.notebooks import ROOT
from tools.machine import container

GPU_SECONDS = 900


def test_dockerfile_is_clean_and_a_fault_would_be_seen(side_tools, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM debian\nRUN sudo apt-get install x\n")
    clean, faulty = (
        subprocess.run([side_tools / "bin" / "hadolint", folder / "Dockerfile"], capture_output=True, text=True)
        for folder in (ROOT, tmp_path)
    )
    assert (clean.returncode, clean.stdout) == (0, "")
    assert faulty.returncode == 1
    assert "DL3004" in faulty.stdout  # no sudo


@pytest.fixture
def variant(engine, context, image) -> Iterator[Callable[..., Built]]:
    """Build another image from the same folder, after the usual one; it is removed at the end."""
    names = []

    def build(suffix: str, **options) -> Built:
        names.append(TAG + suffix)
        wanted = container.Image(tag=names[-1], base=BASE, **options)
        container.build(engine, wanted, context, timeout=BUILD_SECONDS)
        return Built(engine, wanted.name)

    yield build
    subprocess.run([engine, "image", "rm", *names], capture_output=True)


def test_an_edited_notebook_installs_nothing_again(context, image, variant, note, capfd):
    notebook = context / "notebooks" / "02_pandas.ipynb"
    before = notebook.read_bytes()
    try:
        notebook.write_bytes(before.replace(b'"nbformat_minor"', b' "nbformat_minor"', 1))
        assert notebook.read_bytes() != before
        start = time.monotonic()
        edited = variant("-edited")
        note(f"build after an edited notebook: {seconds_since(start)}")
        printed = "".join(capfd.readouterr())
        assert "/opt/course" in printed
        assert not re.search(r"Setting up |Making the environment|Installing the pinned|assets are here", printed)
        assert edited.run("cat", "/course/notebooks/02_pandas.ipynb").stdout.encode() == notebook.read_bytes()
        first, second = (built.inspect()["RootFS"]["Layers"] for built in (image, edited))
        assert first[:-2] == second[:-2]  # the last two are the course itself
        assert first[-2:] != second[-2:]
    finally:
        notebook.write_bytes(before)


def test_data_put_into_the_image_is_complete_and_needs_no_network(engine, image, variant, data, note):
    """The build fetches from this machine as a class would, over the network between it and the containers."""
    if engine != "docker":
        pytest.skip("only Docker says by which address its containers reach this machine")
    gateway = image.answer("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}")
    command = [sys.executable, "-m", "tools.machine.serve_mirror", data.source, "--port", "0", "--bind", gateway]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            mirror = next(match[1] for line in server.stdout if (match := re.search(r"COURSE_MIRROR=(\S+)", line)))
            start = time.monotonic()
            built = variant("-data", data="lesson", mirror=mirror)
            note(f"build with the lesson data inside: {seconds_since(start)}")
        finally:
            server.terminate()
    printed = built.run("python", "-m", "utils.data", "all").stdout
    total, here = re.search(r"(\d+) of (\d+) assets are here", printed).groups()
    assert total == here
    script = "from utils.data.datasets import *; print(load_mnist()[1][0].shape, len(load_imdb()[0][0]) > 10_000)"
    assert built.run("python", "-c", script).stdout == "(10000, 28, 28) True\n"
    assert built.run("sh", "-c", "stat -c %U /data /data/* | sort -u").stdout.split() == ["student"]


def test_gpu_variant_resolves_with_every_cuda_library_pinned(gpu_resolution):
    process, report = gpu_resolution
    _, errors = process.communicate(timeout=GPU_SECONDS)
    unreached = "NewConnectionError|Name or service not known|Temporary failure|timed out"
    if process.returncode and re.search(unreached, errors):
        pytest.skip(f"the package registry is not reached: {errors.strip()[-300:]}")
    assert not process.returncode, errors[-4000:]
    packages = [entry["metadata"] for entry in json.loads(report.read_text())["install"]]
    resolved = {package["name"].lower(): package["version"] for package in packages}
    pinned = dict(re.findall(r"^(nvidia-[\w-]+)==(\S+)", (ROOT / "requirements-gpu.txt").read_text(), re.M))
    assert {name: version for name, version in resolved.items() if name.startswith("nvidia-")} == pinned
    assert "tensorflow" in resolved
    assert "tensorflow-cpu" not in resolved
