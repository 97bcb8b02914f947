"""The container's entrypoint and health check, without a container: what is said, what is refused."""

import importlib.util
import json
import os
import re
from pathlib import Path

import pytest

from tools.lessons.notebooks import ROOT


def load(name: str):
    """Import a file of docker/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docker" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


entrypoint, health = load("entrypoint"), load("health")


def test_home_that_cannot_be_written_is_replaced_and_another_stays(tmp_path):
    found = entrypoint.settle({"HOME": str(tmp_path / "missing"), "LANG": "C.UTF-8"}, 987654)
    assert Path(found["HOME"]).is_dir()
    Path(found["HOME"]).rmdir()
    assert found["USER"] == found["LOGNAME"] == "user987654"
    assert found["LANG"] == "C.UTF-8"
    assert entrypoint.settle({"HOME": str(tmp_path)}, os.getuid())["HOME"] == str(tmp_path)


# What the entrypoint does and says

def test_empty_folder_is_filled_and_another_left_alone(tmp_path):
    built, empty, used = (tmp_path / name for name in ("built", "empty", "used"))
    for path in (built / "notebooks", empty, used):
        path.mkdir(parents=True)
    (built / "notebooks" / "a.ipynb").write_text("{}")
    (used / "mine.txt").write_text("mine")
    assert entrypoint.fill(empty, built)
    assert (empty / "notebooks" / "a.ipynb").read_text() == "{}"
    assert not entrypoint.fill(used, built)
    assert [path.name for path in used.iterdir()] == ["mine.txt"]


def test_folder_that_cannot_be_filled_and_a_file_in_its_place_are_named_with_a_way_out(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(entrypoint.EntrypointError, match=r"is empty and the course cannot be copied.*--user "):
        entrypoint.fill(tmp_path / "empty", tmp_path / "no-such-folder")
    (tmp_path / "course").touch()
    with pytest.raises(entrypoint.EntrypointError, match="is not a folder; mount a folder there, or nothing"):
        entrypoint.fill(tmp_path / "course", tmp_path)


def test_address_has_the_published_port_and_a_new_token_or_the_given_one_which_is_not_shown():
    url, token = entrypoint.address({"PUBLISHED_PORT": "8890", "PORT": "8888"})
    assert url == f"http://127.0.0.1:8890/lab?token={token}"
    assert re.fullmatch(r"[0-9a-f]{48}", token)
    assert entrypoint.address({})[1] != token
    url, token = entrypoint.address({"JUPYTER_TOKEN": "our-secret", "PORT": "9000"})
    assert (token, "our-secret" in url, ":9000/" in url) == ("our-secret", False, True)


@pytest.mark.parametrize(("gpu", "others", "said"), [
    ("none: this TensorFlow is built for the CPU", [], "none: this TensorFlow is built for the CPU"),
    ("NVIDIA H100", ["keras", "numpy"], "another requirements.txt than the one on /course (keras, numpy). Run: make image"),
])  # fmt: skip
def test_report_names_versions_why_there_is_no_gpu_and_an_older_image(monkeypatch, gpu, others, said):
    """It finds what is given here, without loading TensorFlow; tests/container reads a real one."""
    answer = json.dumps({"report": {name: f"<{name}>" for name in entrypoint.SHOWN} | {"GPU": gpu}, "others": others})
    monkeypatch.setattr(entrypoint, "REPORT", f"print('a library says hello')\nprint({answer!r})")
    monkeypatch.setattr(entrypoint, "COURSE", ROOT)
    report = entrypoint.report({})
    first = [line.split()[0] for line in report.splitlines()][:7]
    assert first == ["Python", "TensorFlow", "Keras", "GPU", "CPU", "memory", "network"]
    assert said in report and gpu in report.splitlines()[3]


def test_report_that_fails_does_not_stop_the_start(monkeypatch, tmp_path):
    monkeypatch.setattr(entrypoint, "COURSE", tmp_path)
    monkeypatch.setattr(entrypoint, "REPORT", "raise SystemExit('no environment here')")
    assert "no environment here" in entrypoint.report(dict(os.environ))


@pytest.mark.parametrize(("environment", "address"), [
    ({}, "http://127.0.0.1:8888/api"),
    ({"PORT": "9000"}, "http://127.0.0.1:9000/api"),
    ({"JUPYTERHUB_SERVICE_PREFIX": "/user/mei/"}, "http://127.0.0.1:8888/user/mei/api"),
])  # fmt: skip
def test_health_is_asked_where_the_server_is(environment, address):
    assert health.address(environment) == address


def test_health_is_well_where_a_server_answers_and_not_elsewhere(server, monkeypatch, capsys):
    port = server.put("/api", b'{"version": "2"}').split(":")[2].split("/")[0]
    monkeypatch.setenv("PORT", port)
    monkeypatch.delenv("JUPYTERHUB_SERVICE_PREFIX", raising=False)
    assert health.main() == 0
    server.pages.clear()
    assert health.main() == 1
    assert "JupyterLab does not answer" in capsys.readouterr().err
