"""tools.machine.start: JupyterLab opens on the notebooks, for this machine only, with a token."""

import json
import re
import sys
import urllib.error

import psutil
import pytest
from machine import started
from support import ask

from tools.lessons import notebooks
from tools.machine import start


@pytest.fixture(scope="module")
def server():
    """A running JupyterLab: its address and token."""
    with started.jupyterlab(notebooks.ROOT) as address:
        yield address


def test_server_wants_its_token(server):
    with pytest.raises(urllib.error.HTTPError, match="403") as refused:
        ask(f"{server[0]}/api/contents/notebooks")
    refused.value.close()


def test_server_shows_the_notebooks(server):
    listing = json.loads(ask(f"{server[0]}/api/contents/notebooks?token={server[1]}"))
    assert {nb.built.name for nb in notebooks.find()} <= {entry["name"] for entry in listing["content"]}


def test_sources_and_solutions_are_not_in_the_list_of_files(server):
    for folder in ("labs", "notebooks"):
        listing = json.loads(ask(f"{server[0]}/api/contents/{folder}?token={server[1]}"))
        assert not {"source", "solutions", "thumbnails"} & {entry["name"] for entry in listing["content"]}


@pytest.mark.parametrize(("plugin", "setting", "value"), [
    ("translation-extension:plugin", "locale", "zh_TW"), ("completer-extension:manager", "showDocumentationPanel", True),
    ("notebook-extension:tracker", "codeCellConfig", {"lineNumbers": True, "lineWrap": False}),
])
def test_jupyterlab_begins_with_the_courses_settings(server, plugin, setting, value):
    found = json.loads(ask(f"{server[0]}/lab/api/settings/@jupyterlab/{plugin}?token={server[1]}"))
    assert found["schema"]["properties"][setting]["default"] == value


def test_nbgraders_panels_and_the_question_about_news_are_left_out(server):
    page = ask(f"{server[0]}/lab?token={server[1]}").decode()
    assert "@jupyter/nbgrader" not in page
    assert "@jupyterlab/apputils-extension:announcements" in re.search(r'"disabledExtensions": \[([^]]*)\]', page)[1]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only root sees all sockets")
def test_server_answers_on_this_machine_alone(server):
    listening = [one.laddr for one in psutil.net_connections("inet") if one.status == psutil.CONN_LISTEN]
    assert [address for address, port in listening if server[0].endswith(f":{port}")] == ["127.0.0.1"]


def test_interface_is_there_in_traditional_chinese(server):
    languages = json.loads(ask(f"{server[0]}/lab/api/translations/?token={server[1]}"))["data"]
    assert "zh_TW" in languages
    translation = json.loads(ask(f"{server[0]}/lab/api/translations/zh_TW?token={server[1]}"))
    assert "檔案" in json.dumps(translation, ensure_ascii=False)


def test_course_kernel_is_the_one_that_notebooks_get(server):
    specs = json.loads(ask(f"{server[0]}/api/kernelspecs?token={server[1]}"))
    assert "utils.notebook.kernel" in specs["kernelspecs"]["python3"]["spec"]["argv"]


def test_browser_and_address_are_as_asked_for():
    assert "--no-browser" in start.command(8888, browser=False)
    assert "--no-browser" not in start.command(8888, browser=True)
    assert "--ServerApp.ip=127.0.0.1" in start.command(8888, browser=True)
    assert "--ServerApp.ip=0.0.0.0" in start.command(8888, browser=True, address="0.0.0.0")


def test_a_lab_is_opened_by_its_number():
    name = start.lab_name("8")
    opened = notebooks.ROOT / "work" / "labs" / name
    assert name.startswith("lab08_")
    assert f"--LabApp.default_url=/lab/tree/work/labs/{name}" in start.command(8888, browser=False, opened=opened)


def test_a_lab_that_does_not_exist_is_named(capsys):
    assert start.main(["--lab", "99"]) == 1
    assert "start: There is no lab '99'" in capsys.readouterr().err
