"""The image, from inside: who runs it, what it can reach, that the course works in it, and that JupyterLab is safe."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import uuid
from collections.abc import Iterator

import pytest
from container.running import OWNER, Volume, seconds_since
from support import ask, free_port

from tools.lessons.notebooks import ROOT
from tools.machine import container

NOTEBOOKS = ("02_pandas", "04_hello_tensorflow", "23_object_detection")
HELPERS = ("notebook", "data", "text", "models", "detection")  # what notebooks import; the rest is tested outside
UNIT_TESTS = 1000  # passed at least; a collection that broke would pass with fewer
QUICK_HEALTH = ("--health-interval", "1s")  # all else of the health check as the image has it


def test_the_image_runs_as_its_own_user_when_nothing_is_mounted(image):
    done = image.run("id")
    assert done.stdout.split()[:2] == ["uid=1000(student)", "gid=1000(student)"]
    assert "root" not in done.stdout


def test_no_user_of_the_image_has_a_right_of_roots(image):
    assert image.inspect()["Config"]["User"] == "1000:1000"
    status = image.run("cat", "/proc/self/status").stdout
    assert re.search(r"^Uid:\s1000\s1000\s1000\s1000$", status, re.M)
    assert re.search(r"^CapEff:\s0+$", status, re.M)


def test_the_image_is_smaller_than_3_gb(image):
    assert image.inspect()["Size"] < 3e9


def test_what_any_user_saves_is_that_users(image, clone):
    image.run("touch", "/course/notebooks/mine.ipynb", volumes=[Volume(clone, "/course")], user=OWNER)
    saved = (clone / "notebooks" / "mine.ipynb").stat()
    assert (saved.st_uid, saved.st_gid) == OWNER


def test_an_unknown_uid_has_a_name_and_a_home_to_write_to(image, clone):
    script = 'echo "$USER"; touch "$HOME/x" && python -c "import getpass; print(getpass.getuser())"'
    done = image.run("sh", "-c", script, volumes=[Volume(clone, "/course")], user=OWNER)
    assert done.stdout.split() in (["student"] * 2, [f"user{OWNER[0]}"] * 2)  # 1000 has a name in the image


def test_any_user_may_write_to_a_new_volume_of_data_or_home(image):
    written = image.answer("run", "--rm", "--user", "2345:2345", "--volume", "/data", "--volume", "/home/student", image.name,
                           "sh", "-c", "touch /data/x /home/student/x && echo both")  # fmt: skip
    assert written.splitlines()[-1] == "both"


def test_an_empty_folder_is_filled_with_the_course(image, tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    os.chown(folder, *OWNER)
    image.run("true", volumes=[Volume(folder, "/course")], user=OWNER)
    assert (folder / "notebooks" / "00_welcome.ipynb").stat().st_uid == OWNER[0]
    assert (folder / "utils" / "data" / "fetch.py").read_bytes() == (ROOT / "utils" / "data" / "fetch.py").read_bytes()


def test_a_folder_of_somebody_else_is_reported_with_the_way_out(image, clone):
    done = image.run("id", "-u", volumes=[Volume(clone, "/course")], user=(2345, 2345))
    assert done.stdout.strip() == "2345"
    assert "/course cannot be written by user 2345:2345" in done.stderr
    assert "--user $(id -u):$(id -g)" in done.stderr


def test_the_root_file_system_is_read_only_where_that_is_asked_for(image):
    done = image.run("sh", "-c", "touch /opt/x /course/x; touch /tmp/x && echo in /tmp", check=False)
    assert done.stdout == "in /tmp\n"
    assert done.stderr.count("Read-only file system") == 2


def test_there_is_no_network_where_none_is_given(image):
    script = "from socket import *; print([n for _, n in if_nameindex()]); create_connection(('192.0.2.1', 80), 5)"
    done = image.run("python", "-c", script, check=False)
    assert done.stdout == "['lo']\n"
    assert "Network is unreachable" in done.stderr


def test_no_capability_is_needed(image, clone):
    done = image.run("touch", "/course/x", volumes=[Volume(clone, "/course")], user=OWNER, capabilities=())
    assert done.stderr == f"容器 · Container: user {OWNER[0]}:{OWNER[1]}\n"


def test_an_unknown_command_is_named(image):
    done = image.run("no-such-command", check=False)
    assert done.returncode == 127
    assert "there is no command 'no-such-command'" in done.stderr


def test_packages_are_those_of_requirements_txt(image):
    script = "from utils.data import environment; print(environment.packages_that_differ())"
    assert image.run("python", "-c", script).stdout == "[]\n"


def test_packages_fit_together(image):
    assert "No broken requirements found" in image.run("python", "-m", "pip", "check").stdout


def test_make_finds_its_environment_in_the_image(image):
    done = image.run("make", "environment")
    assert done.stdout == ""


def test_a_hub_can_start_its_server_in_the_image(image):
    pinned = re.search(r"^jupyterhub==(\S+)", (ROOT / "docker/hub/requirements.txt").read_text(), re.M)[1]
    assert image.run("jupyterhub-singleuser", "--version").stdout.strip() == pinned


def test_there_is_a_font_with_traditional_chinese(image):
    families = image.run("fc-list", ":lang=zh-tw", "family").stdout
    assert "Noto Sans CJK TC" in families


def test_what_is_private_or_built_stays_out_of_the_image(image):
    found = image.run("sh", "-c", "ls -A /course /course/data /opt/course").stdout.split()
    assert "notebooks" in found
    assert not {".git", ".venv", "cache", "reports"} & set(found)


@pytest.mark.parametrize("secret", ["pip.conf", "certificates", "pip_config", "npm_config"])
def test_how_the_builder_reaches_registries_stays_out_of_the_image(image, secret):
    done = image.run("find", "/etc", "/root", "/run", "/home", "-name", secret, check=False)
    assert done.stdout == ""


def test_notebooks_replay_as_another_user_without_network_on_a_read_only_root(image, clone, data, note):
    start = time.monotonic()
    done = image.run(
        "python", "-m", "pytest", "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=600",
        "-p", "no:cacheprovider", "-q", *(f"notebooks/{name}.ipynb" for name in NOTEBOOKS),
        volumes=[Volume(clone, "/course"), data], environment={"COURSE_PROFILE": "smoke"}, user=OWNER,
    )  # fmt: skip
    assert "failed" not in done.stdout
    last = done.stdout.splitlines()[-1]
    note(f"{len(NOTEBOOKS)} notebooks in the smoke profile, in the image: {seconds_since(start)}; {last}")


def test_helpers_pass_their_tests_in_the_image(image, clone, data, note):
    """Tests that take away settings look for data in the course's own folder; some run programs that they write."""
    start = time.monotonic()
    done = image.run(
        "python", "-m", "pytest", "-p", "no:cacheprovider", "-q", "-n", "2", "--dist", "loadscope",
        "--basetemp=/course/.temporary", *(f"tests/{room}" for room in HELPERS),
        volumes=[Volume(clone, "/course"), data, Volume(data.source, "/course/data/cache", read_only=True)], user=OWNER,
    )  # fmt: skip
    last = done.stdout.splitlines()[-1]
    assert int(re.search(r"(\d+) passed", last)[1]) >= UNIT_TESTS
    note(f"unit tests of the helpers, in the image: {seconds_since(start)}; {last}")


@contextlib.contextmanager
def started(image, line: list[str]) -> Iterator[str]:
    """Start what `engine run` would in the background, its health asked often; give its name, remove it at the end."""
    name = f"course-test-{uuid.uuid4().hex[:8]}"
    command = [*line[:2], "--detach", "--name", name, *QUICK_HEALTH, *line[2:]]
    try:
        subprocess.run([part for part in command if part != "--rm"], check=True, stdout=subprocess.DEVNULL)
        yield name
    finally:
        subprocess.run([image.engine, "rm", "--force", "--volumes", name], stdout=subprocess.DEVNULL)


def assert_guarded(port: int, token: str) -> None:
    """JupyterLab answers on this machine's port, lists the course for the token, nothing without or with another."""
    address = f"http://127.0.0.1:{port}/api/contents/notebooks"
    for wrong in ("", "?token=guess"):
        with pytest.raises(urllib.error.HTTPError, match="403") as refused:
            ask(address + wrong)
        refused.value.close()
    assert "00_welcome.ipynb" in {entry["name"] for entry in json.loads(ask(f"{address}?token={token}"))["content"]}


def test_jupyterlab_starts_says_where_and_wants_its_token(image, clone, tmp_path, note):
    """Started with the command line of `make start-container`."""
    port = free_port()
    data = tmp_path / "data"
    data.mkdir()
    line = container.run_command(image.engine, container.Image(tag=image.name), port, clone, data, {}, terminal=False)
    start = time.monotonic()
    with started(image, line) as name:
        assert image.health(name) == "healthy"
        note(f"start of JupyterLab in the image: {seconds_since(start)}")
        command = [image.engine, "logs", name]
        logs = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
        assert re.search(r"Python\s+3\.1[1-3]\.\d", logs)
        assert re.search(r"TensorFlow\s+2\.", logs)
        assert re.search(r"GPU\s+none: this TensorFlow is built for the CPU", logs)
        assert_guarded(port, re.search(rf"http://127\.0\.0\.1:{port}/lab\?token=(\w+)", logs)[1])
        assert not [text for text in logs.splitlines() if "Traceback" in text or text.lstrip().startswith("[E ")], logs


def test_container_in_which_nothing_answers_is_unhealthy(image):
    line = [image.engine, "run", "--network", "none", "--health-start-period", "1s", image.name, "sleep", "300"]
    with started(image, line) as name:
        assert image.health(name) == "unhealthy"
        last = json.loads(image.answer("container", "inspect", name))[0]["State"]["Health"]["Log"][-1]["Output"]
        assert "JupyterLab does not answer at http://127.0.0.1:8888/api" in last


@pytest.fixture(scope="module")
def compose(engine, note) -> list[str]:
    """The command of Compose: the plugin, or the older docker-compose; skips where there is neither."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if engine == "docker" and shutil.which(command[0]):
            asked = subprocess.run([*command, "version", "--short"], capture_output=True, text=True)
            if not asked.returncode:
                note(f"Compose: {' '.join(command)} {asked.stdout.strip()}")
                return command
    pytest.skip("neither Docker's plugin compose nor docker-compose is here")


def test_compose_brings_the_course_up_and_down(image, clone, compose, tmp_path):
    """The compose file as it is, but with the image of these tests, volumes of its own, and its health asked often."""
    port, project, file = free_port(), f"course-test-{uuid.uuid4().hex[:8]}", clone / "docker" / "compose.yaml"
    if compose == ["docker-compose"]:  # 1.29 does not know this line, and is given the name otherwise
        file.write_text(re.sub(r"^name:.*\n", "", file.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8")
    ours = {"image": image.name, "healthcheck": {"interval": "1s"}}
    (tmp_path / "ours.yaml").write_text(json.dumps({"services": {"cpu": ours}}))
    (tmp_path / "data").mkdir()
    line = [*compose, "--project-name", project, "--file", str(file), "--file", str(tmp_path / "ours.yaml")]
    settings = {"PORT": str(port), "COURSE_DATA": str(tmp_path / "data"), "JUPYTER_TOKEN": "of-this-test",
                "COURSE_USER": f"{OWNER[0]}:{OWNER[1]}"}  # fmt: skip

    def run(*words: str) -> str:
        done = subprocess.run([*line, *words], env=os.environ | settings, capture_output=True, text=True)
        assert not done.returncode, done.stderr
        return done.stdout.strip()

    try:
        run("up", "--detach", "--no-build", "cpu")
        name = run("ps", "--quiet", "cpu")
        assert image.health(name) == "healthy"
        assert_guarded(port, "of-this-test")
    finally:
        run("down", "--volumes")
    assert image.answer("ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={project}") == ""
