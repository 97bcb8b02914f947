"""docker/hub: what the hub asks for before it starts, passwords, containers, a student's folder, Kubernetes.

A real hub is started by tests/hub.
"""

import base64
import contextlib
import importlib
import re
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import nbformat
import pytest
import yaml
from traitlets.config import Config

from benchmarks import hub_load
from tools.lessons.languages import HAN, language_findings, link_findings, simplified_findings
from tools.lessons.notebooks import ROOT
from tools.machine import hub_environment

HUB = ROOT / "docker" / "hub"
sys.path.append(str(HUB))  # the folder is no package: `docker` is the name of a library

import class_passwords  # noqa: E402
import class_settings  # noqa: E402
import singleuser_config  # noqa: E402


@pytest.fixture
def right(tmp_path):
    """Settings that a hub starts with."""
    file = tmp_path / "class.passwords"
    file.touch()
    return {"COURSE_HUB_AUTH": "passwords", "COURSE_HUB_PASSWORDS": str(file), "COURSE_HUB_DATA": str(tmp_path)}


@pytest.fixture
def quick(monkeypatch):
    """So that a test does not take as long as a guess should."""
    monkeypatch.setitem(class_passwords.COST, "n", 2**4)


# Settings


def test_settings_that_are_whole_are_taken(right, tmp_path):
    chosen = class_settings.read(right, is_root=False)
    assert (chosen.authentication, chosen.spawner) == ("passwords", "docker")
    assert (chosen.address, chosen.port) == ("127.0.0.1", 8000)
    assert (chosen.memory_limit_gb, chosen.cpu_limit, chosen.idle_seconds, chosen.data) == (4.0, 2.0, 3600, tmp_path)
    assert class_settings.MEMORY_LIMIT_GB >= 3 + 0.155 + 0.65  # what was measured
    assert class_settings.MEMORY_GUARANTEE_GB >= 0.155 + 0.65


def test_state_of_root_lies_where_students_can_pass_through_and_an_open_network_is_taken_where_that_is_said(right):
    assert str(class_settings.read(right, is_root=True).state) == "/srv/course-hub"
    assert class_settings.read(right, is_root=False).state.name == ".course-hub"
    open_room = right | {"COURSE_HUB_ADDRESS": "0.0.0.0", "COURSE_HUB_PLAIN_HTTP": "1"}
    assert class_settings.read(open_room, is_root=False).address == "0.0.0.0"


@pytest.mark.parametrize("changes, complaint", [
    ({"COURSE_HUB_AUTH": ""}, "a hub is never open. Set COURSE_HUB_AUTH, now ''. passwords: "),
    ({"COURSE_HUB_AUTH": "dummy"}, "a hub is never open. Set COURSE_HUB_AUTH, now 'dummy'"),
    ({"COURSE_HUB_PASSWORDS": ""}, "needs COURSE_HUB_PASSWORDS"),
    ({"COURSE_HUB_PASSWORDS": "/none"}, "COURSE_HUB_PASSWORDS=/none is not a file"),
    ({"COURSE_HUB_AUTH": "native"}, "needs COURSE_HUB_ADMINS: somebody must let the students in"),
    ({"COURSE_HUB_AUTH": "oauth", "COURSE_HUB_USERS": "amy"},
     "needs COURSE_HUB_OAUTH, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, OAUTH_CALLBACK_URL too"),
    ({"COURSE_HUB_AUTH": "oauth"}, "would let in everybody who has an account there"),
    ({"COURSE_HUB_ADDRESS": "0.0.0.0"}, "On 0.0.0.0 passwords would cross the network unencrypted"),
    ({"COURSE_HUB_CERTIFICATE": "/none"}, "belong together; only one is set"),
    ({"COURSE_HUB_SPAWNER": "ssh"}, "COURSE_HUB_SPAWNER='ssh' is unknown; there are docker and local"),
    ({"COURSE_HUB_SPAWNER": "local"}, "must be started by root"),
    ({"COURSE_HUB_PORT": "eight"}, "COURSE_HUB_PORT='eight' is not a number of a port"),
    ({"COURSE_HUB_MEMORY": "0.5"}, "COURSE_HUB_MEMORY='0.5' is not a number of GB from 1 on"),
    ({"COURSE_HUB_MEMORY": "inf"}, "COURSE_HUB_MEMORY='inf'"),
    ({"COURSE_HUB_CPU": "nan"}, "COURSE_HUB_CPU='nan'"),
    ({"COURSE_HUB_IDLE_SECONDS": "0"}, "COURSE_HUB_IDLE_SECONDS='0' is not a number of seconds from 1 on"),
    ({"COURSE_HUB_DATA": "/none"}, "There is no folder /none with the lesson data"),
    ({"COURSE_HUB_LOAD_TOKEN": "short"}, "COURSE_HUB_LOAD_TOKEN is shorter than 32 characters"),
])  # fmt: skip
def test_what_is_wrong_with_the_settings_is_said_before_anything_starts(right, changes, complaint):
    with pytest.raises(class_settings.SettingsError, match=re.escape(complaint)):
        class_settings.read(right | changes, is_root=False)


def test_all_mistakes_are_told_at_once():
    wrong = {"COURSE_HUB_PORT": "x", "COURSE_HUB_SPAWNER": "x", "COURSE_HUB_DATA": "/none"}
    with pytest.raises(class_settings.SettingsError, match=r"(?s)(\n- .*){4}"):
        class_settings.read(wrong, is_root=False)


@pytest.mark.parametrize("signed_up, address, unclaimed", [
    (None, "127.0.0.1", ""), (None, "0.0.0.0", "assistant, teacher"), ("('amy'), ('teacher')", "0.0.0.0", "assistant"),
    ("('assistant'), ('teacher')", "0.0.0.0", ""),
])  # fmt: skip
def test_sign_up_is_open_to_the_room_only_when_every_instructor_has_an_account(tmp_path, signed_up, address, unclaimed):
    settings = SimpleNamespace(admins={"teacher", "assistant"}, address=address)
    if signed_up:
        with contextlib.closing(sqlite3.connect(tmp_path / "hub.sqlite")) as hub, hub:
            hub.execute("CREATE TABLE users_info (username TEXT)")
            hub.execute(f"INSERT INTO users_info VALUES {signed_up}")
    refused = pytest.raises(class_settings.SettingsError, match=f"signed up as {unclaimed} yet")
    with refused if unclaimed else contextlib.nullcontext():
        class_settings.check_that_instructors_have_signed_up(tmp_path / "hub.sqlite", settings)


def test_a_course_in_a_closed_folder_is_said_before_students_log_in(tmp_path):
    closed = tmp_path / "home" / "course"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    with pytest.raises(class_settings.SettingsError, match=f"cannot reach {closed}.*Put the course into a folder"):
        class_settings.check_that_students_can_start(Path("/bin/sh"), closed)
    class_settings.check_that_students_can_start(Path("/bin/sh"))


def test_every_setting_is_in_the_table_of_the_module():
    read = re.findall(r'"(COURSE_HUB_\w+|OAUTH_\w+)"', (HUB / "class_settings.py").read_text(encoding="utf-8"))
    assert len(set(read)) > 15 and all(name in class_settings.__doc__ for name in read)


# Passwords


def test_a_new_password_opens_its_own_account_alone(quick, tmp_path):
    given = class_passwords.add(tmp_path / "class.passwords", ["amy", "ben"])
    students = class_passwords.read(tmp_path / "class.passwords")
    assert class_passwords.is_right(students, "amy", given["amy"])
    for name, guess in (("amy", given["ben"]), ("carl", given["amy"]), ("carl", ""), ("amy", ""), ("", "")):
        assert not class_passwords.is_right(students, name, guess)


def test_nobody_else_can_read_the_file_and_no_password_is_in_it(quick, tmp_path):
    path = tmp_path / "class.passwords"
    given = class_passwords.add(path, ["amy"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert given["amy"] not in path.read_text()


def test_adding_one_student_leaves_the_others_alone(quick, tmp_path):
    path = tmp_path / "class.passwords"
    first, second = class_passwords.add(path, ["amy", "ben"]), class_passwords.add(path, ["ben", "carl"])
    students = class_passwords.read(path)
    assert all(class_passwords.is_right(students, name, password) for name, password in (first | second).items())
    assert not class_passwords.is_right(students, "ben", first["ben"])


def test_passwords_are_random_and_easy_to_type_and_hashing_costs_what_the_recommendation_says():
    made = {class_passwords.new_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) == 14 and not set(one) & set("ilo01") for one in made)
    assert 128 * class_passwords.COST["r"] * class_passwords.COST["n"] == 32 * 2**20  # bytes that a guess takes


@pytest.mark.parametrize("name", ["", "Amy", "1amy", "a b", "../amy", "a" * 33, "amy:x", "amy\n"])
def test_names_that_make_no_account_are_refused(tmp_path, name):
    with pytest.raises(class_passwords.PasswordFileError, match="is no name for an account"):
        class_passwords.add(tmp_path / "class.passwords", [name])


SALT, HASH = (base64.b64encode(bytes(size)).decode() for size in (16, 32))


@pytest.mark.parametrize("text, complaint", [
    (None, "cannot be read .No such file"), ("", "Nobody is in"), (f"amy:{SALT}:x", "Entry 1 of"),
    ("amy", "Entry 1 of .* is not name:salt:hash"),
    (f"amy:{SALT}:{HASH}\namy:{SALT}:{HASH}", "A name is twice in"),
    (f"amy:{SALT}:{HASH}\nAmy:{SALT}:{HASH}", "Entry 2 of"),
])  # fmt: skip
def test_a_missing_or_malformed_file_of_passwords_is_refused_with_what_makes_it_right(tmp_path, text, complaint):
    if text is not None:
        (tmp_path / "class.passwords").write_text(text)
    with pytest.raises(class_passwords.PasswordFileError, match=complaint + ".*Make it right: python docker/hub/"):
        class_passwords.read(tmp_path / "class.passwords")


def test_the_command_prints_the_passwords_once(tmp_path):
    command = [sys.executable, HUB / "class_passwords.py", tmp_path / "class.passwords", "amy"]
    name, password = subprocess.run(command, text=True, capture_output=True, check=True).stdout.split()
    assert name == "amy" and len(password) == 14
    refused = subprocess.run([*command[:-1], "Amy"], text=True, capture_output=True)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "'Amy' is no name for an account" in refused.stderr


# Containers, with a Docker that is pretended


class DockerError(Exception):
    """Docker does not answer."""


class NotFound(DockerError):
    """Docker has no such image or network."""


ALONE = {"com.docker.network.bridge.enable_icc": "false"}


def network(options):
    return mock.Mock(attrs={"Options": options, "IPAM": {"Config": [{"Gateway": "172.30.0.1"}]}})


@pytest.fixture
def client(monkeypatch):
    """Put a Docker in place that has every image and the hub's network."""
    names = {"NotFound": NotFound, "ImageNotFound": NotFound, "DockerException": DockerError}
    library = mock.Mock(errors=mock.Mock(**names), types=mock.Mock(DeviceRequest=dict))
    monkeypatch.setitem(sys.modules, "docker", library)
    monkeypatch.delitem(sys.modules, "class_containers", raising=False)
    library.from_env.return_value.networks.get.return_value = network(ALONE)
    return library.from_env.return_value


@pytest.fixture
def configured(client, right):
    """Return what the hub's configuration says of containers, by the settings that are changed."""

    def configured(**changes):
        c = Config(Spawner={"environment": {}})
        importlib.import_module("class_containers").configure(c, class_settings.read(right | changes, is_root=False))
        return c

    return configured


def test_a_students_container_gets_its_volume_and_the_data_for_reading_where_the_image_has_them(configured, tmp_path):
    c = configured()
    assert c.DockerSpawner.volumes == {"course-work-{username}": "/home/student"}
    assert c.DockerSpawner.read_only_volumes == {str(tmp_path): "/data"}
    assert c.DockerSpawner.cmd[0] == "jupyterhub-singleuser"
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for part in ("COPY . /opt/course", "COURSE_DATA=/data", "HOME=/home/student", "--uid 1000 student"):
        assert part in dockerfile


def test_a_students_container_can_do_little_and_gets_the_gpu_where_the_instructor_says_so(configured):
    host = configured().DockerSpawner.extra_host_config
    assert host["cap_drop"] == ["ALL"] and host["read_only"] and host["security_opt"] == ["no-new-privileges"]
    assert host["pids_limit"] == 512 and "device_requests" not in host
    host = configured(COURSE_HUB_GPU="1").DockerSpawner.extra_host_config
    assert host["device_requests"] == [{"count": -1, "capabilities": [["gpu"]]}]


@pytest.mark.parametrize("error, complaint", [
    (NotFound(), "The image course:none is not on this machine.*make image"),
    (DockerError("no socket"), r"Docker does not answer \(no socket\). Start it"),
])  # fmt: skip
def test_an_image_that_is_not_there_or_docker_is_said_before_the_class_comes(client, configured, error, complaint):
    client.images.get.side_effect = error
    with pytest.raises(class_settings.SettingsError, match=complaint):
        configured(COURSE_HUB_IMAGE="course:none")


def test_the_network_is_made_so_that_students_cannot_reach_each_other_and_another_is_refused(client, configured):
    client.networks.get.side_effect = NotFound
    client.networks.create.return_value = network(ALONE)
    assert configured().JupyterHub.hub_ip == "172.30.0.1"  # not 0.0.0.0
    client.networks.create.assert_called_once_with("course-hub", driver="bridge", options=ALONE)
    client.networks.get = mock.Mock(return_value=network({}))
    with pytest.raises(class_settings.SettingsError, match="can reach each other.*docker network rm course-hub"):
        configured()


# A student's folder


@pytest.fixture
def prepare(tmp_path, monkeypatch):
    """Prepare a student's home from a small course, as a server's start does, and return the course's folder there."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    for name in ("notebooks/04_hello.ipynb", "notebooks/workbook/04_hello.ipynb", "notebooks/source/04_hello.py", "labs/lab01.ipynb",
                 "labs/solutions/lab01.ipynb", "models/README.md"):  # fmt: skip
        original = tmp_path / "built" / name
        original.parent.mkdir(parents=True, exist_ok=True)
        original.write_text(nbformat.writes(nbformat.v4.new_notebook()) if name.endswith("ipynb") else "text")
    return lambda: singleuser_config.prepare(tmp_path / "home", tmp_path / "built")


def test_a_student_gets_lessons_and_labs_but_no_solutions(prepare):
    folder = prepare()
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert files == ["labs/lab01.ipynb", "models/README.md", "notebooks/04_hello.ipynb", "work/.given.json",
                     "work/labs/lab01.ipynb", "work/lessons/04_hello.ipynb"]


def test_what_a_student_has_changed_stays(prepare):
    folder = prepare()
    (folder / "notebooks/04_hello.ipynb").write_text("mine")
    (folder / "work/lessons/04_hello.ipynb").write_text("my answer")
    (folder / "labs/lab01.ipynb").unlink()
    prepare()
    assert (folder / "work/lessons/04_hello.ipynb").read_text() == "my answer"
    assert (folder / "notebooks/04_hello.ipynb").read_text() == "mine"
    assert (folder / "labs/lab01.ipynb").exists()


def test_kernels_meet_at_no_port_and_a_forgotten_one_gives_its_memory_back_but_not_one_that_computes(monkeypatch):
    monkeypatch.setattr(singleuser_config, "prepare", lambda home: home / "course")
    c = Config()
    singleuser_config.configure(c)
    assert c.KernelManager.transport == "ipc"
    assert 0 < c.MappingKernelManager.cull_idle_timeout <= 3600
    assert c.MappingKernelManager.kernel_info_timeout > 60  # Jupyter's default, too short when forty begin at once
    assert not c.MappingKernelManager.cull_busy and not c.MappingKernelManager.cull_connected


def test_a_cell_that_is_silent_for_long_keeps_its_connection(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTERLAB_WORKSPACES_DIR", str(tmp_path))
    c = Config()
    path = ROOT / "docker" / "jupyter_server_config.py"
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), {"get_config": lambda: c, "__file__": str(path)})
    pings = c.ServerApp.tornado_settings
    assert pings["ws_ping_timeout"] >= 2 * pings["ws_ping_interval"] > 0


# Kubernetes


@pytest.fixture(scope="module")
def values():
    return yaml.safe_load((HUB / "values.yaml").read_text(encoding="utf-8"))


def test_nobody_gets_in_before_the_instructor_has_chosen(values):
    config = values["hub"]["config"]
    assert config["JupyterHub"]["authenticator_class"] == "null"
    assert not any(config["Authenticator"].values())
    assert config["Authenticator"].keys() >= {"allow_all", "allow_existing_users"}
    assert values["ingress"]["enabled"] is False
    assert values["proxy"]["service"]["type"] == "ClusterIP"


def test_limits_on_kubernetes_are_those_of_one_machine(values):
    memory, cpu = values["singleuser"]["memory"], values["singleuser"]["cpu"]
    assert memory["guarantee"] == f"{class_settings.MEMORY_GUARANTEE_GB:g}G"
    assert memory["limit"] == f"{class_settings.MEMORY_LIMIT_GB:g}G"
    assert cpu == {"guarantee": class_settings.CPU_GUARANTEE, "limit": class_settings.CPU_LIMIT}
    assert values["singleuser"]["extraEnv"]["TF_NUM_INTRAOP_THREADS"] == str(int(class_settings.CPU_LIMIT))


def test_data_is_shared_for_reading_only_and_filled_where_it_is_read(values):
    storage = values["singleuser"]["storage"]
    (volume,), (mount,) = storage["extraVolumes"], storage["extraVolumeMounts"]
    assert volume["persistentVolumeClaim"]["readOnly"] and mount["readOnly"]
    assert volume["name"] == mount["name"]
    claim, job = yaml.safe_load_all((HUB / "course-data.yaml").read_text(encoding="utf-8"))
    assert claim["metadata"]["name"] == volume["persistentVolumeClaim"]["claimName"]
    pod = job["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["image"] == "{name}:{tag}".format(**values["singleuser"]["image"])
    assert container["volumeMounts"][0]["mountPath"] == mount["mountPath"] == "/data"
    assert values["singleuser"]["extraEnv"]["COURSE_DATA"] == "/data"
    assert container["args"][:3] == ["python", "-m", "utils.data"]
    assert pod["securityContext"]["runAsUser"] == values["singleuser"]["uid"]


def test_students_are_fenced_in_idle_servers_stopped_and_one_profile_alone_asks_for_a_gpu(values):
    outward = {"cloudMetadataServer": False, "privateIPs": False}
    assert values["singleuser"]["networkPolicy"] == {"enabled": True, "egressAllowRules": outward}
    assert values["cull"]["enabled"] and values["cull"]["timeout"] > 0
    assert values["prePuller"]["continuous"]["enabled"] and values["prePuller"]["hook"]["enabled"]
    profiles = {profile["slug"]: profile for profile in values["singleuser"]["profileList"]}
    assert profiles["cpu"].get("default") and "kubespawner_override" not in profiles["cpu"]
    assert profiles["gpu"]["kubespawner_override"]["extra_resource_limits"] == {"nvidia.com/gpu": "1"}
    assert all(HAN.search(profile["display_name"]) for profile in profiles.values())


def test_the_students_server_is_told_the_same_as_in_a_container_on_one_machine(values, configured):
    c, pod = configured(), values["singleuser"]
    assert pod["cmd"] == c.DockerSpawner.cmd
    assert pod["extraEnv"].items() >= c.Spawner.environment.items()
    assert [pod["storage"]["homeMountPath"]] == list(c.DockerSpawner.volumes.values())
    assert f"{pod['uid']}:{pod['fsGid']}" == c.DockerSpawner.extra_create_kwargs["user"]


# The environment and the load trial


def test_the_proxy_of_the_hub_is_pinned():
    assert hub_environment.PROXY.rpartition("@")[2].count(".") == 2


def test_a_python_that_students_may_not_execute_is_not_taken(tmp_path):
    (tmp_path / "closed").mkdir()
    python, in_a_closed_folder = tmp_path / "python", tmp_path / "closed" / "python"
    python.touch(0o700)
    in_a_closed_folder.touch(0o755)
    (tmp_path / "closed").chmod(0o700)
    with pytest.raises(SystemExit, match="No python3.* was found that other users may execute"):
        hub_environment.python_for_all([python, in_a_closed_folder, tmp_path / "none"])
    assert hub_environment.python_for_all([python, Path("/bin/sh")]) == Path("/bin/sh")


ROWS = {
    "load-01": [4.0, 2.0, 8.0, 4.0, 30.0, 150.0, 700.0, 1200.0],
    "load-02": [6.0, 3.0, 6.0, 3.0, 34.0, 140.0, 720.0, 1250.0],
    "load-03": "its server did not start",
}


def test_a_class_is_computed_from_those_who_got_through():
    report = hub_load.report(ROWS, students=40, minutes=2)
    assert "For 40 students: 56 GB of memory" in report  # 40 times 0.14 + 1.25
    assert "240 processor seconds" in report and "2 cores to have it within 2 minutes" in report
    assert "load-03 failed: its server did not start" in report
    assert ["memory", "of", "the", "kernel,", "MB", "710.0", "720.0"] in [line.split() for line in report.splitlines()]
    assert hub_load.report({"load-03": "no"}) == "load-03 failed: no\nEvery student failed."


def test_a_load_trial_of_a_running_hub_needs_its_token(monkeypatch, capsys):
    monkeypatch.delenv("COURSE_HUB_LOAD_TOKEN", raising=False)
    with pytest.raises(SystemExit):
        hub_load.main(["--hub", "http://127.0.0.1:9"])
    assert "Set COURSE_HUB_LOAD_TOKEN" in capsys.readouterr().err


# The guide


def test_the_guide_speaks_both_languages_as_in_taiwan_and_its_links_lead_somewhere():
    text = (ROOT / "docker" / "README.md").read_text(encoding="utf-8")
    assert [*language_findings(text), *simplified_findings(text), *link_findings(text, ROOT / "docker")] == []


def test_every_make_target_of_the_guide_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", (ROOT / "docker" / "README.md").read_text(encoding="utf-8")))
    assert {"doctor", "hub", "serve-mirror", "test-hub"} <= named <= targets
