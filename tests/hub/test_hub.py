"""The classroom hub as an instructor starts it for a trial: real servers, kernels and users, on loopback.

Run by `make test-hub`, which makes the environment that this needs; elsewhere these tests are skipped.
"""

import contextlib
import os
import subprocess
import sys

import pytest

from tools.lessons import notebooks
from tools.machine import hub_client, hub_trial
from utils.data import datasets, fetch

if reason := hub_trial.why_not():
    pytest.skip(reason, allow_module_level=True)

PATIENCE = 300.0  # seconds after which a test that waits for the hub gives up


@pytest.fixture(scope="module")
def trial():
    with hub_trial.running(["amy", "ben"], {"COURSE_HUB_DATA": str(fetch.cache_folder())}, PATIENCE) as trial:
        yield trial


@pytest.fixture(scope="module")
def log_in(trial):
    """Log a student in, and close the connections at the end."""
    with contextlib.ExitStack() as connections:

        def log_in(name, password=None):
            hub = connections.enter_context(hub_client.Hub(trial.address))
            hub.log_in(name, trial.passwords[name] if password is None else password)
            return hub

        yield log_in


@pytest.fixture(scope="module")
def amy(log_in):
    return log_in("amy").start_server("amy")


@pytest.fixture(scope="module")
def ben(log_in):
    return log_in("ben").start_server("ben")


@pytest.fixture(scope="module")
def amys_kernel(amy):
    return amy.start_kernel()


@pytest.fixture(scope="module")
def bens_kernel(ben):
    return ben.start_kernel()


# Who may come in


@pytest.mark.parametrize("name, password", [("amy", "guessed"), ("amy", ""), ("nobody", "guessed"), ("", "")])
def test_a_wrong_name_or_password_does_not_let_in(log_in, name, password):
    with pytest.raises(hub_client.HubError, match=f"{name} was not let in: the hub answered 403"):
        log_in(name, password)


def test_one_students_password_does_not_open_anothers_account(trial, log_in):
    with pytest.raises(hub_client.HubError, match="ben was not let in"):
        log_in("ben", trial.passwords["amy"])


def test_a_student_is_no_administrator(log_in):
    with pytest.raises(hub_client.HubError, match="403"):
        log_in("amy").call("GET", "/hub/api/users")


@pytest.mark.parametrize("settings, complaint", [
    ({}, "a hub is never open. Set COURSE_HUB_AUTH"),
    ({"COURSE_HUB_AUTH": "native", "COURSE_HUB_ADMINS": "teacher", "COURSE_HUB_ADDRESS": "0.0.0.0", "COURSE_HUB_PLAIN_HTTP": "1"},
     "Nobody has signed up as teacher yet, so anybody in the room could"),
])  # fmt: skip
def test_a_hub_that_would_be_open_does_not_start(tmp_path, settings, complaint):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COURSE_HUB_")}
    settings = settings | {"COURSE_HUB_STATE": str(tmp_path / "state"), "COURSE_HUB_DATA": str(tmp_path)}
    config = notebooks.ROOT / "docker/hub/jupyterhub_config.py"
    ended = subprocess.run([sys.executable, "-m", "jupyterhub", "--config", config], cwd=tmp_path, text=True, timeout=PATIENCE,
                           capture_output=True, env=environment | settings)  # fmt: skip
    assert ended.returncode != 0
    assert complaint in ended.stderr


# A lesson


def test_two_students_run_the_first_cells_of_notebook_04(amys_kernel, bens_kernel):
    cells = [cell for cell in notebooks.read_built(notebooks.find("04")[0].built).cells if cell.cell_type == "code"][:3]
    for kernel in (amys_kernel, bens_kernel):
        results = [kernel.run(cell.source) for cell in cells]
        assert [result.error for result in results] == ["", "", ""]
        assert results[-1].printed == cells[-1].outputs[0].text  # parameters and the prediction before training


def test_lesson_data_is_shared_and_for_reading_only(bens_kernel):
    datasets.load_mnist()  # so that it is there, as after `make data`
    folder = fetch.cache_folder()
    read = bens_kernel.run("from utils.data import datasets, fetch; datasets.load_mnist()[0][0].shape")
    assert (read.value, read.error) == ("(60000, 28, 28)", "")
    assert bens_kernel.run("str(fetch.cache_folder())").value == repr(str(folder))
    assert bens_kernel.run("(fetch.cache_folder() / 'ben').touch()").error.startswith("PermissionError")


def test_lessons_are_in_the_students_own_folder(amys_kernel, trial):
    assert amys_kernel.run("import os; os.getcwd()").value == repr(str(trial.folder / "state/homes/amy/course/notebooks"))
    found = set(amys_kernel.run("print(*sorted(os.listdir()))").printed.split())
    assert {"00_welcome.ipynb", "04_hello_tensorflow.ipynb"} <= found
    assert "source" not in found
    assert amys_kernel.run("open('../models/mine', 'w').close()").error == ""


def test_menus_are_in_traditional_chinese(amy):
    setting = amy.hub.call("GET", f"{amy.base}lab/api/settings/@jupyterlab/translation-extension:plugin").json()
    assert setting["settings"]["locale"] == "zh_TW"


# One student and another


def test_a_students_browser_cannot_reach_anothers_server(amy, log_in, trial):
    assert log_in("ben").session.get(f"{trial.address}{amy.base}api/contents").status_code == 403


@pytest.mark.parametrize("attempt", [
    "open('{homes}/amy/course/notebooks/00_welcome.ipynb')",
    "os.listdir('{homes}/amy')",
    "os.listdir('{homes}')",
    "os.kill({amys_pid}, 9)",
    "open('/proc/{amys_pid}/environ')",
    "os.setuid(0)",
    "os.setuid({amys_uid})",
    "os.listdir('{state}/hub')",
    "open('{folder}/class.passwords')",
])  # fmt: skip
def test_a_student_cannot_reach_what_is_anothers_or_the_hubs(trial, amys_kernel, bens_kernel, attempt):
    pid = amys_kernel.run("import os; os.getpid()").value
    uid = amys_kernel.run("os.getuid()").value
    state = trial.folder / "state"
    code = attempt.format(homes=state / "homes", state=state, folder=trial.folder, amys_pid=pid, amys_uid=uid)
    assert bens_kernel.run("import os\n" + code).error.startswith("PermissionError")


def test_every_student_has_a_user_id_of_their_own(trial, amys_kernel, bens_kernel):
    ids = [kernel.run("import os; print(*{*os.getresuid(), *os.getresgid(), *os.getgroups()})").printed.split()
           for kernel in (amys_kernel, bens_kernel)]  # fmt: skip
    assert [len(own) for own in ids] == [1, 1]
    assert ids[0] != ids[1]
    assert "0" not in ids[0] + ids[1]


def test_secrets_of_the_hub_do_not_reach_students(bens_kernel):
    names = bens_kernel.run("import os; print(*os.environ)").printed.split()
    assert not {"CONFIGPROXY_AUTH_TOKEN", "COURSE_HUB_PASSWORDS", "COURSE_HUB_LOAD_TOKEN"} & set(names)


# Over time


def test_a_students_own_changes_outlive_the_server(ben, bens_kernel):
    write = "from pathlib import Path; Path('00_welcome.ipynb').write_text('mine'); Path('01_numpy.ipynb').unlink()"
    assert bens_kernel.run(write).error == ""
    ben.hub.stop_server("ben")
    again = ben.hub.start_server("ben")
    contents = again.hub.call("GET", f"{again.base}files/notebooks/00_welcome.ipynb").text
    assert contents == "mine"  # kept as the student left it
    names = {entry["name"] for entry in again.hub.call("GET", f"{again.base}api/contents/notebooks").json()["content"]}
    assert "01_numpy.ipynb" in names  # and what is missing is there again


def test_a_server_that_nobody_uses_is_stopped():
    with hub_trial.running(["amy"], {"COURSE_HUB_IDLE_SECONDS": "4"}, PATIENCE) as trial, \
            hub_client.Hub(trial.address) as amy:  # fmt: skip
        amy.log_in("amy", trial.passwords["amy"])
        amy.start_server("amy")
        hub_client.wait_for("the end of the idle server", lambda: not amy.model("amy")["servers"], PATIENCE)
        hub_client.wait_for("the culler's word in the log", lambda: "Culling server amy" in trial.log.read_text(), PATIENCE)


def test_signing_up_opens_nothing_until_the_instructor_lets_the_student_in():
    settings = {"COURSE_HUB_AUTH": "native", "COURSE_HUB_ADMINS": "teacher"}
    with hub_trial.running(["nobody"], settings, PATIENCE) as trial, hub_client.Hub(trial.address) as student:
        page = f"{trial.address}/hub/signup"
        student.session.get(page).raise_for_status()
        form = {"username": "amy", "signup_password": "violet-otter-lamp", "signup_password_confirmation": "violet-otter-lamp",
                "_xsrf": student.session.cookies.get("_xsrf", path="/hub/")}  # fmt: skip
        answer = student.session.post(page, data=form)
        assert answer.status_code == 200
        assert "Your information has been sent to the admin" in answer.text
        with pytest.raises(hub_client.HubError, match="amy was not let in"):
            student.log_in("amy", "violet-otter-lamp")
