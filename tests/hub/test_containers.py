"""The classroom hub with a container for each student, as an instructor starts it: real Docker, real servers and kernels.

Run by `make test-hub`; skipped where Docker does not answer or has not the image, COURSE_HUB_IMAGE.
"""

import contextlib
import os
import uuid

import pytest

from tests.hub import trial as hub
from utils.data import fetch

if reason := hub.why_not():
    pytest.skip(reason, allow_module_level=True)

docker = pytest.importorskip("docker")  # with `make hub-environment`
IMAGE = os.environ.get("COURSE_HUB_IMAGE", "deep-learning-course:cpu")
CLASS = f"trial{uuid.uuid4().hex[:6]}"  # no volume of a real student bears such a name; without signs that volumes spell otherwise
AMY, BEN, CARL = (CLASS + name for name in ("amy", "ben", "carl"))


@pytest.fixture(scope="module")
def engine():
    """Docker, with the image; what students of these tests leave behind goes at the end."""
    try:
        client = docker.from_env()
        client.images.get(IMAGE)
    except docker.errors.DockerException as error:
        pytest.skip(f"Docker does not answer, or has no image {IMAGE} ({error}). Build it, or name it: COURSE_HUB_IMAGE")
    yield client
    for volume in client.volumes.list(filters={"name": CLASS}):
        volume.remove()
    client.close()


@contextlib.contextmanager
def running(**settings):
    spawned = {"COURSE_HUB_SPAWNER": "docker", "COURSE_HUB_IMAGE": IMAGE, "COURSE_HUB_DATA": str(fetch.cache_folder())}
    with hub.running([AMY, BEN, CARL], spawned | settings) as trial:
        yield trial


@pytest.fixture(scope="module")
def students(engine):
    """Amy and Ben, each with a kernel in a container of their own, held to 1.5 GB."""
    with contextlib.ExitStack() as at_the_end:
        trial = at_the_end.enter_context(running(COURSE_HUB_MEMORY="1.5", COURSE_HUB_CPU="1"))
        people = [at_the_end.enter_context(hub.Person(trial.address, name)) for name in (AMY, BEN)]
        for person in people:
            person.log_in(trial.passwords[person.name])
            person.start_server()
            at_the_end.callback(person.stop_server)
            person.start_kernel()
        yield people


def test_each_student_has_a_container_without_rights_and_a_home_of_their_own(students):
    amy, ben = students
    amy.run("from pathlib import Path; Path.home().joinpath('secret').write_text('of amy')")
    look = "import os; from pathlib import Path; print(os.getuid(), Path.home().joinpath('secret').exists())"
    assert amy.run(look) == "1000 True\n"
    assert ben.run(look) == "1000 False\n"
    for attempt, refusal in (
        ("os.setuid(0)", "PermissionError"), ("open('/opt/course/mine', 'w')", "OSError.*Read-only|PermissionError"),
        ("open('/data/mine', 'w')", "OSError.*Read-only|PermissionError"), ("open('/var/run/docker.sock')", "FileNotFoundError"),
    ):  # fmt: skip
        with pytest.raises(hub.HubError, match=f"^{refusal}"):
            ben.run(f"import os\n{attempt}")


def test_the_lesson_data_is_there_to_read(students):
    read = "from utils.data import datasets; print(datasets.load_mnist()[0][0].shape)"
    assert students[1].run(read) == "(60000, 28, 28)\n"


def test_one_container_does_not_reach_the_ports_of_another(students):
    amy, ben = students
    listen = ("import socket; door = socket.create_server(('0.0.0.0', 5555)); own = socket.gethostbyname(socket.gethostname()); "
              "socket.create_connection((own, 5555), 5).close(); print(own)")  # fmt: skip
    address = amy.run(listen).strip()
    for port in (5555, 8888):  # what a student opened, and the student's server
        with pytest.raises(hub.HubError, match="^(TimeoutError|OSError|ConnectionRefusedError)"):
            ben.run(f"import socket; socket.create_connection(({address!r}, {port}), 3)")
    page = ben.browser.get(f"{ben.address}/user/{AMY}/lab")
    assert page.status_code == 403


def test_more_processes_than_allowed_are_refused_and_the_rest_goes_on(students):
    amy, ben = students
    many = ("import subprocess\nstarted = []\ntry:\n    for _ in range(600): started.append(subprocess.Popen(['sleep', '600']))\n"
            "except OSError as error: print(type(error).__name__)\nprint(len(started) < 512)\n"
            "for one in started: one.kill(); one.wait()")  # fmt: skip
    assert amy.run(many) == "BlockingIOError\nTrue\n"
    assert ben.run("print(1 + 1)") == "2\n"


def test_more_memory_than_allowed_ends_that_kernel_and_nobody_elses(students):
    amy, ben = students
    with pytest.raises(hub.HubError, match="the kernel died|no answer to the cell"):
        amy.run("hoard = bytearray(b'1') * (3 << 30)")
    assert ben.run("print(1 + 1)") == "2\n"
    amy.start_kernel()
    assert amy.run("print(1 + 1)") == "2\n"


def test_who_comes_back_after_an_idle_server_was_stopped_finds_their_work(engine):
    with running(COURSE_HUB_IDLE_SECONDS="5") as trial, hub.Person(trial.address, CARL) as carl:
        carl.log_in(trial.passwords[CARL])
        carl.start_server()
        note = {"type": "file", "format": "text", "content": "mine"}
        carl.call("PUT", f"/user/{CARL}/api/contents/notebooks/mine.txt", json=note)
        hub.wait_for("the end of the idle server", lambda: not carl.servers())
        assert not engine.containers.list(all=True, filters={"name": f"course-{CARL}"})
        carl.start_server()
        assert carl.call("GET", f"/user/{CARL}/files/notebooks/mine.txt").text == "mine"
        carl.stop_server()
