"""A lesson on stage: one language, a kernel that is ready, and sentences where that cannot be."""

import contextlib
import os
import re
import signal
import subprocess
import sys

import pytest
import requests
from nbformat import v4

from tools.lessons import notebooks
from tools.machine import present
from utils.data import fetch


def code(source, kind):
    return v4.new_code_cell(source, metadata={"slideshow": {"slide_type": kind}})


def test_what_no_slide_shows_before_the_first_step_is_run_beforehand():
    nb = v4.new_notebook(cells=[v4.new_markdown_cell("# t"), code("import math", "skip"), code("N = 3", "skip"), code("N * 2", "fragment"),
                                code("late = 1", "skip")])  # fmt: skip
    assert present.preparation(nb) == ["import math", "N = 3"]


def test_every_lesson_has_something_to_prepare():
    for lesson in notebooks.find():
        prepared = present.preparation(notebooks.read_source(lesson.source))
        assert prepared and "import" in prepared[0] and any("profile." in cell for cell in prepared), lesson.name


def test_the_live_notebook_speaks_one_language_and_has_gaps_filled_and_no_results(tmp_path, monkeypatch):
    monkeypatch.setattr(present, "ROOT", tmp_path)
    nb = notebooks.read_built(present.live_notebook(notebooks.find("05")[0], "en"))
    text = "\n".join(cell.source for cell in nb.cells)
    assert "Step 1: One number" in text and "步驟 1" not in text and "SOLUTION" not in text and "NotImplementedError" not in text
    assert not any(cell.get("outputs") for cell in nb.cells)
    both = present.live_notebook(notebooks.find("05")[0], "both").read_text(encoding="utf-8")
    assert "Step 1: One number" in both and "步驟 1" in both


@pytest.mark.parametrize(("arguments", "language", "said"), [
    (["05"], "fr", "COURSE_LANGUAGE='fr': expected zh, en or both"),
    ([""], "zh", "Say which: make present NB=05 COURSE_LANGUAGE=zh"), (["77"], "zh", "There is no notebook '77'"),
    (["05", "--port", "80"], "zh", "PORT=80 is not a port"),
])  # fmt: skip
def test_what_cannot_be_presented_is_one_sentence(arguments, language, said, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_LANGUAGE", language)
    assert present.main(arguments) == 1
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_the_kernel_beside_the_deck_knows_the_imports(tmp_path):
    try:
        fetch.fetch("reveal", "package/dist/reveal.js")
    except fetch.FetchError as error:
        pytest.skip(str(error))
    nobody = dict.fromkeys(("http_proxy", "HTTP_PROXY"), "http://127.0.0.1:9")  # not the way to this machine itself
    env = os.environ | {"BROWSER": "none", "COURSE_LANGUAGE": "both", "COURSE_PROFILE": "smoke"} | nobody
    with subprocess.Popen([sys.executable, "-m", "tools.machine.present", "05"], cwd=notebooks.ROOT, env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True) as shown:  # fmt: skip
        try:
            told = [line for _, line in zip(range(3), (line for line in shown.stdout if "·" in line), strict=False)]
            for line, language in zip(told, ("zh", "en"), strict=False):
                assert re.match(rf"投影片 · slides: file:///.*/build/slides/{language}/05_backpropagation\.html", line)
            address, path, token = re.search(r"(http://[^/]+)/lab/tree/(\S+)\?token=(\w+)", told[2]).groups()
            sessions = requests.get(f"{address}/api/sessions", params={"token": token}, timeout=30, proxies=present.NO_PROXY).json()
            assert [session["path"] for session in sessions] == [path]
            present.run_on_kernel(address, token, path, ["assert STEPS and np.mean([1]) == 1"])
            with pytest.raises(notebooks.NotebookError, match="NameError: name 'nobody' is not defined"):
                present.run_on_kernel(address, token, path, ["nobody"])
            shown.terminate()
            shown.wait(timeout=60)
            with pytest.raises(requests.ConnectionError):  # the server has stopped with it
                requests.get(f"{address}/api/status", params={"token": token}, timeout=10, proxies=present.NO_PROXY)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shown.pid, signal.SIGKILL)
