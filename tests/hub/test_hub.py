"""The classroom hub as an instructor starts it for a trial: real servers, kernels and users, on loopback.

Run by `make test-hub`, which makes the environment that this needs; elsewhere these tests are skipped.
"""

import asyncio
import contextlib
import importlib
import json
from types import SimpleNamespace

import pytest

from benchmarks import hub_load
from tests.hub import trial as hub
from tools.lessons import notebooks
from utils.data import datasets, fetch

if reason := hub.why_not():
    pytest.skip(reason, allow_module_level=True)


@pytest.fixture(scope="module")
def trial():
    names = ["amy", "ben", "carl", "dora"]
    with hub.running(names, {"COURSE_HUB_DATA": str(fetch.cache_folder())}) as trial:
        yield trial


@pytest.fixture(scope="module")
def log_in(trial):
    """Log a student in, and close the connections at the end."""
    with contextlib.ExitStack() as connections:

        def log_in(name, password=None):
            person = connections.enter_context(hub.Person(trial.address, name))
            person.log_in(trial.passwords[name] if password is None else password)
            return person

        yield log_in


def at_work(person):
    person.start_server()
    person.start_kernel()
    return person


@pytest.fixture(scope="module")
def amy(log_in):
    return at_work(log_in("amy"))


@pytest.fixture(scope="module")
def ben(log_in):
    return at_work(log_in("ben"))


# Who may come in


@pytest.fixture
def authenticators(monkeypatch):
    """The folder is no package: `docker` is the name of a library."""
    monkeypatch.syspath_prepend(notebooks.ROOT / "docker" / "hub")
    return importlib.import_module("class_authenticator")


@pytest.mark.parametrize("name, password", [("amy", "guessed"), ("amy", ""), ("nobody", "guessed"), ("", "")])
def test_a_wrong_name_or_password_does_not_let_in(log_in, name, password):
    with pytest.raises(hub.HubError, match=f"{name} was not let in: the hub answered 403"):
        log_in(name, password)


def test_one_students_password_does_not_open_anothers_account(trial, log_in):
    with pytest.raises(hub.HubError, match="ben was not let in"):
        log_in("ben", trial.passwords["amy"])


def test_after_five_wrong_guesses_even_the_right_password_has_to_wait(trial, log_in):
    for guess in ("1", "2", "3", "4", "5", trial.passwords["carl"]):
        with pytest.raises(hub.HubError, match="carl was not let in"):
            log_in("carl", guess)


def test_who_is_taken_out_of_the_file_loses_the_session_and_starts_no_server(trial, log_in):
    dora = log_in("dora")
    file = trial.folder / "class.passwords"
    file.write_text("\n".join(line for line in file.read_text().split() if not line.startswith("dora:")))
    with pytest.raises(hub.HubError):
        dora.start_server()
    home = f"{trial.address}/hub/home"
    hub.wait_for("the end of the session", lambda: "/hub/login" in dora.browser.get(home).url)
    with pytest.raises(hub.HubError, match="dora was not let in"):
        log_in("dora")


def test_a_student_is_no_administrator(amy):
    with pytest.raises(hub.HubError, match="403"):
        amy.call("GET", "/hub/api/users")


def test_signing_up_opens_nothing_until_the_instructor_lets_the_student_in():
    settings = {"COURSE_HUB_AUTH": "native", "COURSE_HUB_ADMINS": "teacher"}
    with hub.running(["nobody"], settings) as trial, hub.Person(trial.address, "amy") as student, \
            hub.Person(trial.address, "teacher") as teacher:  # fmt: skip
        password = "violet-otter-lamp"
        form = {"signup_password": password, "signup_password_confirmation": password}
        assert "Your information has been sent to the admin" in student.fill_in("signup", username="amy", **form).text
        with pytest.raises(hub.HubError, match="amy was not let in"):
            student.log_in(password)
        teacher.fill_in("signup", username="teacher", **form)
        teacher.log_in(password)
        teacher.browser.get(f"{trial.address}/hub/authorize/amy").raise_for_status()
        student.log_in(password)
        teacher.browser.get(f"{trial.address}/hub/authorize/amy").raise_for_status()  # and thrown out again
        with pytest.raises(hub.HubError):
            student.start_server()


@pytest.mark.parametrize("settings, complaint", [
    ({}, "a hub is never open. Set COURSE_HUB_AUTH"),
    ({"COURSE_HUB_AUTH": "native", "COURSE_HUB_ADMINS": "teacher", "COURSE_HUB_ADDRESS": "0.0.0.0",
      "COURSE_HUB_PLAIN_HTTP": "1"}, "Nobody has signed up as teacher yet, so anybody in the room could"),
])  # fmt: skip
def test_a_hub_that_would_be_open_does_not_start(settings, complaint, tmp_path):
    settings = {"COURSE_HUB_AUTH": "", "COURSE_HUB_DATA": str(tmp_path)} | settings
    with pytest.raises(hub.HubError, match=complaint), hub.running(["nobody"], settings):
        pass


def test_the_hub_sends_students_to_the_schools_own_log_in():
    settings = {
        "COURSE_HUB_AUTH": "oauth", "COURSE_HUB_USERS": "amy", "COURSE_HUB_OAUTH": "github", "OAUTH_CLIENT_ID": "1",
        "OAUTH_CLIENT_SECRET": "1", "OAUTH_CALLBACK_URL": "http://127.0.0.1/hub/oauth_callback",
    }  # fmt: skip
    with hub.running(["nobody"], settings) as trial, hub.Person(trial.address, "amy") as amy:
        page = amy.browser.get(f"{trial.address}/hub/oauth_login", allow_redirects=False)
        assert page.headers["Location"].startswith("https://github.com/login/oauth/authorize")


def test_of_the_schools_accounts_only_those_on_the_list_come_in_and_stay(authenticators):
    school = authenticators.school_accounts("github")(allowed_users={"amy"}, admin_users={"teacher"})
    for name, stays in (("amy", True), ("teacher", True), ("ben", False), ("load-01", False)):
        model = {"name": name, "admin": name == "teacher"}
        assert asyncio.run(school.check_allowed(name, model)) == stays
        assert asyncio.run(school.refresh_user(SimpleNamespace(name=name))) == stays
    with pytest.raises(SystemExit, match="COURSE_HUB_OAUTH='dummy' is none of .*github"):
        authenticators.school_accounts("dummy")


# A lesson


def test_two_students_run_the_first_cells_of_notebook_04(amy, ben):
    cells = [cell for cell in notebooks.read_built(notebooks.find("04")[0].built).cells if cell.cell_type == "code"][:3]
    for student in (amy, ben):
        printed = [student.run(cell.source) for cell in cells]
        assert printed[-1] == cells[-1].outputs[0].text  # parameters and the prediction before training


def test_lesson_data_is_shared_and_for_reading_only(ben):
    datasets.load_mnist()  # so that it is there, as after `make data`
    read = "from utils.data import datasets, fetch; print(datasets.load_mnist()[0][0].shape, fetch.cache_folder())"
    assert ben.run(read) == f"(60000, 28, 28) {fetch.cache_folder()}\n"
    with pytest.raises(hub.HubError, match="PermissionError"):
        ben.run("(fetch.cache_folder() / 'ben').touch()")


def test_lessons_are_in_the_students_own_folder(amy, trial):
    amy.run("open('../models/mine', 'w').close()")
    folder, *found = amy.run("import os; print(os.getcwd(), *os.listdir())").split()
    assert folder == str(trial.folder / "state/homes/amy/course/notebooks")
    assert {"00_welcome.ipynb", "04_hello_tensorflow.ipynb"} <= set(found) and "source" not in found


def test_menus_are_in_traditional_chinese(amy):
    setting = amy.call("GET", "/user/amy/lab/api/settings/@jupyterlab/translation-extension:plugin").json()
    assert setting["schema"]["properties"]["locale"]["default"] == "zh_TW"


# One student and another


def test_a_students_browser_reaches_the_own_server_and_no_other(amy, ben, trial):
    assert amy.browser.get(f"{trial.address}/user/amy/lab").status_code == 200
    assert ben.browser.get(f"{trial.address}/user/amy/lab").status_code == 403
    with pytest.raises(hub.HubError, match="403"):
        ben.call("GET", "/user/amy/api/contents")


@pytest.mark.parametrize("attempt", [
    "open('{state}/homes/amy/course/notebooks/00_welcome.ipynb')",
    "os.listdir('{state}/homes/amy')",
    "os.listdir('{state}/homes')",
    "os.listdir('{state}/run/{amys_uid}')",
    "os.listdir('{state}/hub')",
    "os.kill({amys_pid}, 9)",
    "open('/proc/{amys_pid}/environ')",
    "os.setuid(0)",
    "os.setuid({amys_uid})",
    "open('{folder}/class.passwords')",
])  # fmt: skip
def test_a_student_cannot_reach_what_is_anothers_or_the_hubs(trial, amy, ben, attempt):
    pid, uid = amy.run("import os; print(os.getpid(), os.getuid())").split()
    code = attempt.format(state=trial.folder / "state", folder=trial.folder, amys_pid=pid, amys_uid=uid)
    with pytest.raises(hub.HubError, match="^PermissionError"):
        ben.run("import os\n" + code)


def test_a_kernel_and_its_server_meet_at_sockets_that_no_other_student_may_open(amy, ben):
    where = json.loads(amy.run("from ipykernel import connect; print(connect.get_connection_info())"))
    assert where["transport"] == "ipc"
    attempt = f"import socket; socket.socket(socket.AF_UNIX).connect('{where['ip']}-{{port}}')"
    amy.run(attempt.format(port=where["shell_port"]))
    for port in ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"):
        with pytest.raises(hub.HubError, match="^PermissionError"):
            ben.run(attempt.format(port=where[port]))
    ports = amy.run("import psutil; print([one.status for one in psutil.Process().net_connections()].count('LISTEN'))")
    assert ports == "1\n"  # ipykernel's own, at which what child processes print arrives, under a secret


def test_every_student_has_a_user_id_of_their_own(amy, ben):
    look = "import os; print(*{*os.getresuid(), *os.getresgid(), *os.getgroups()})"
    assert len({"0", *amy.run(look).split(), *ben.run(look).split()}) == 3


def test_two_who_start_at_once_are_not_given_one_port(monkeypatch):
    monkeypatch.syspath_prepend(notebooks.ROOT / "docker" / "hub")
    spawners = importlib.import_module("class_spawners")
    monkeypatch.setattr(spawners, "random_port", iter([50_001, 50_001, 50_002, 50_001]).__next__)
    amy, ben = spawners.OwnUserSpawner(), spawners.OwnUserSpawner()
    amy.port, ben.port = amy.own_port(), ben.own_port()
    assert (amy.port, ben.port) == (50_001, 50_002)
    assert amy.own_port() == 50_001  # her own is free again when she starts anew


def test_secrets_of_the_hub_do_not_reach_students(ben):
    names = ben.run("import os; print(*os.environ)").split()
    assert not {"CONFIGPROXY_AUTH_TOKEN", "COURSE_HUB_PASSWORDS", "COURSE_HUB_LOAD_TOKEN"} & set(names)


# Over time


def test_a_students_own_changes_outlive_the_server(ben):
    write = "from pathlib import Path; Path('00_welcome.ipynb').write_text('mine'); Path('01_numpy.ipynb').unlink()"
    ben.run(write)
    ben.stop_server()
    ben.start_server()
    assert ben.call("GET", "/user/ben/files/notebooks/00_welcome.ipynb").text == "mine"  # kept as the student left it
    names = {entry["name"] for entry in ben.call("GET", "/user/ben/api/contents/notebooks").json()["content"]}
    assert "01_numpy.ipynb" in names  # and what is missing is there again


def test_a_server_that_nobody_uses_is_stopped():
    with hub.running(["amy"], {"COURSE_HUB_IDLE_SECONDS": "4"}) as trial, hub.Person(trial.address, "amy") as amy:
        amy.log_in(trial.passwords["amy"])
        amy.start_server()
        hub.wait_for("the end of the idle server", lambda: not amy.servers())
        hub.wait_for("the culler's word in the log", lambda: "Culling server amy" in trial.log.read_text())


def test_the_load_trial_starts_servers_for_students_who_are_not_in_the_file(capsys):
    assert hub_load.main(["--users", "2"]) == 0
    assert "For 40 students:" in capsys.readouterr().out
