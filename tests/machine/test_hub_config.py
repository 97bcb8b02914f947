"""docker/hub: what the hub asks for before it starts, passwords, containers, a student's folder, and the values for Kubernetes.

A real hub is started by tests/hub.
"""

import base64
import contextlib
import json
import re
import sqlite3
import stat
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
import yaml
from traitlets.config import Config

from tools.lessons.languages import HAN, language_findings, link_findings, simplified_findings
from tools.lessons.notebooks import ROOT
from tools.machine import hub_environment, hub_load, hub_trial

HUB = ROOT / "docker" / "hub"


@pytest.fixture(autouse=True)
def hub_modules(monkeypatch):
    """The folder is no package: `docker` is the name of a library."""
    monkeypatch.syspath_prepend(str(HUB))


@pytest.fixture
def settings():
    import class_settings

    return class_settings


@pytest.fixture
def passwords(monkeypatch):
    import class_passwords

    monkeypatch.setitem(class_passwords.COST, "n", 2**4)  # so that a test does not take as long as a guess should
    return class_passwords


@pytest.fixture
def right(tmp_path):
    """Settings that a hub starts with."""
    (tmp_path / "class.passwords").write_text("amy::")
    return {"COURSE_HUB_AUTH": "passwords", "COURSE_HUB_PASSWORDS": str(tmp_path / "class.passwords"), "COURSE_HUB_DATA": str(tmp_path)}


# Settings


def test_settings_that_are_whole_are_taken(settings, right, tmp_path):
    chosen = settings.read(right, is_root=False)
    assert (chosen.authentication, chosen.spawner, chosen.address, chosen.port) == ("passwords", "docker", "127.0.0.1", 8000)
    assert (chosen.memory_limit_gb, chosen.cpu_limit, chosen.threads, chosen.idle_seconds) == (4.0, 2.0, 2, 3600)
    assert chosen.data == tmp_path


def test_state_of_root_lies_where_students_can_pass_through(settings, right):
    assert str(settings.read(right, is_root=True).state) == "/srv/course-hub"
    assert settings.read(right, is_root=False).state.name == ".course-hub"


@pytest.mark.parametrize("changes, complaint", [
    ({"COURSE_HUB_AUTH": ""}, "a hub is never open. Set COURSE_HUB_AUTH. passwords: "),
    ({"COURSE_HUB_AUTH": "dummy"}, "COURSE_HUB_AUTH=dummy would let anybody in under any name"),
    ({"COURSE_HUB_AUTH": "guest"}, "COURSE_HUB_AUTH='guest' is unknown"),
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
def test_what_is_wrong_with_the_settings_is_said_before_anything_starts(settings, right, changes, complaint):
    with pytest.raises(settings.SettingsError) as caught:
        settings.read(right | changes, is_root=False)
    assert complaint in str(caught.value)


def test_all_mistakes_are_told_at_once(settings):
    with pytest.raises(settings.SettingsError) as caught:
        settings.read({"COURSE_HUB_PORT": "x", "COURSE_HUB_SPAWNER": "x", "COURSE_HUB_DATA": "/none"}, is_root=False)
    assert str(caught.value).count("\n- ") == 4


def test_an_open_network_is_accepted_where_the_instructor_says_so(settings, right):
    open_room = right | {"COURSE_HUB_ADDRESS": "0.0.0.0", "COURSE_HUB_PLAIN_HTTP": "1"}
    assert settings.read(open_room, is_root=False).address == "0.0.0.0"


def test_names_of_instructors_that_nobody_has_taken_are_found(settings, tmp_path):
    database = tmp_path / "hub.sqlite"
    admins = frozenset({"teacher", "assistant"})
    assert settings.instructors_without_account(database, admins) == {"teacher", "assistant"}
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        assert settings.instructors_without_account(database, admins) == {"teacher", "assistant"}
        connection.execute("CREATE TABLE users_info (username TEXT)")
        connection.execute("INSERT INTO users_info VALUES ('teacher'), ('amy')")
    assert settings.instructors_without_account(database, admins) == {"assistant"}


def test_every_setting_is_in_the_table_of_the_module(settings):
    text = (HUB / "class_settings.py").read_text(encoding="utf-8")
    names = {word.strip("\"'(),.:;=`{}[]") for word in text.split() if "COURSE_HUB_" in word}
    names = {name.split("=")[0] for name in names if name.startswith("COURSE_HUB_")}
    assert {name for name in names if name not in settings.__doc__} <= {"COURSE_HUB_OAUTH"}


def test_limits_hold_what_was_measured(settings):
    assert settings.MEMORY_LIMIT_GB >= 3 + 0.155 + 0.65
    assert settings.MEMORY_GUARANTEE_GB >= 0.155 + 0.65


# Passwords


def test_a_new_password_opens_its_own_account_alone(passwords, tmp_path):
    path = tmp_path / "class.passwords"
    given = passwords.add(path, ["amy", "ben"])
    students = passwords.read(path)
    assert passwords.is_right(students, "amy", given["amy"])
    assert not passwords.is_right(students, "amy", given["ben"])
    assert not passwords.is_right(students, "carl", given["amy"])
    assert not passwords.is_right(students, "amy", "")


def test_nobody_else_can_read_the_file_and_no_password_is_in_it(passwords, tmp_path):
    path = tmp_path / "class.passwords"
    given = passwords.add(path, ["amy"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert given["amy"] not in path.read_text()


def test_adding_one_student_leaves_the_others_alone(passwords, tmp_path):
    path = tmp_path / "class.passwords"
    first = passwords.add(path, ["amy", "ben"])
    second = passwords.add(path, ["ben", "carl"])
    students = passwords.read(path)
    assert passwords.is_right(students, "amy", first["amy"])
    assert passwords.is_right(students, "ben", second["ben"]) and not passwords.is_right(students, "ben", first["ben"])
    assert passwords.is_right(students, "carl", second["carl"])


def test_passwords_are_random_and_easy_to_type(passwords):
    made = {passwords.new_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) == 14 and not set(one) & set("ilo01") for one in made)


def test_hashing_costs_what_the_recommendation_says():
    import class_passwords

    assert 128 * class_passwords.COST["r"] * class_passwords.COST["n"] == 32 * 2**20  # bytes that a guess takes


@pytest.mark.parametrize("name", ["", "Amy", "1amy", "a b", "../amy", "a" * 33, "amy:x"])
def test_names_that_make_no_account_are_refused(passwords, tmp_path, name):
    with pytest.raises(passwords.PasswordFileError, match="is no name for an account"):
        passwords.add(tmp_path / "class.passwords", [name])


SALT, HASH = (base64.b64encode(bytes(size)).decode() for size in (16, 32))


@pytest.mark.parametrize("text, complaint", [
    ("", "Nobody is in"), ("amy", "Line 1 of .* is not name:salt:hash"), (f"amy:{SALT}", "Line 1 of"), (f"amy:{SALT}:x", "Line 1 of"),
    (f"amy:{SALT}:{HASH}\namy:{SALT}:{HASH}", "amy is twice in .* the second time in line 2"), (f"\nAmy:{SALT}:{HASH}", "Line 2 of"),
])  # fmt: skip
def test_a_malformed_file_of_passwords_is_refused(passwords, tmp_path, text, complaint):
    (tmp_path / "class.passwords").write_text(text)
    with pytest.raises(passwords.PasswordFileError, match=complaint):
        passwords.read(tmp_path / "class.passwords")


def test_a_missing_file_of_passwords_is_named_with_what_makes_it(passwords, tmp_path):
    with pytest.raises(passwords.PasswordFileError, match="cannot be read .*Make it: python docker/hub/class_passwords.py"):
        passwords.read(tmp_path / "none")


def test_the_command_prints_the_passwords_once(tmp_path):
    command = [sys.executable, HUB / "class_passwords.py", tmp_path / "class.passwords", "amy"]
    done = subprocess.run(command, text=True, capture_output=True)
    assert done.returncode == 0
    name, password = done.stdout.split()
    assert name == "amy" and len(password) == 14
    refused = subprocess.run([*command[:-1], "Amy"], text=True, capture_output=True)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "'Amy' is no name for an account" in refused.stderr


# Containers, with a Docker that is pretended


@pytest.fixture
def docker(monkeypatch):
    """Put a Docker in place that has one image and no network yet."""

    class NotFound(Exception):
        pass

    class Networks:
        there = {}

        def get(self, name):
            if name not in self.there:
                raise NotFound(name)
            return self.there[name]

        def create(self, name, driver, options):
            self.there[name] = network(options)
            return self.there[name]

    def network(options):
        return SimpleNamespace(attrs={"Options": options, "IPAM": {"Config": [{"Gateway": "172.30.0.1"}]}}, reload=lambda: None)

    def image(name):
        if name != "deep-learning-course:cpu":
            raise NotFound(name)

    library = SimpleNamespace(
        errors=SimpleNamespace(NotFound=NotFound, ImageNotFound=NotFound),
        types=SimpleNamespace(DeviceRequest=lambda **request: request),
    )
    monkeypatch.setitem(sys.modules, "docker", library)
    networks = Networks()
    networks.there = {}
    return SimpleNamespace(networks=networks, images=SimpleNamespace(get=image), network=network)


class Configuration:
    """Collects what a configuration file sets, as Jupyter's own object does."""

    def __getattr__(self, name):
        self.__dict__[name] = section = SimpleNamespace()
        return section


@pytest.fixture
def containers(docker):
    import class_containers

    return class_containers


def test_a_students_container_gets_its_volume_and_the_data_for_reading(settings, containers, docker, right, tmp_path):
    c = Configuration()
    containers.configure(c, settings.read(right, is_root=False), docker)
    assert c.DockerSpawner.volumes == {"course-work-{username}": "/home/student"}
    assert c.DockerSpawner.read_only_volumes == {str(tmp_path): "/data"}
    assert c.JupyterHub.hub_ip == "172.30.0.1"  # not 0.0.0.0
    host = c.DockerSpawner.extra_host_config
    assert host["cap_drop"] == ["ALL"] and host["read_only"] and host["security_opt"] == ["no-new-privileges"]
    assert "device_requests" not in host
    assert c.DockerSpawner.cmd[0] == "jupyterhub-singleuser"


def test_containers_get_the_gpu_where_the_instructor_says_so(settings, containers, docker, right):
    c = Configuration()
    containers.configure(c, settings.read(right | {"COURSE_HUB_GPU": "1"}, is_root=False), docker)
    assert c.DockerSpawner.extra_host_config["device_requests"] == [{"count": -1, "capabilities": [["gpu"]]}]


def test_an_image_that_is_not_there_is_said_before_the_class_comes(settings, containers, docker, right):
    chosen = settings.read(right | {"COURSE_HUB_IMAGE": "course:none"}, is_root=False)
    with pytest.raises(containers.DockerError, match="The image course:none is not on this machine.*make image"):
        containers.configure(Configuration(), chosen, docker)


def test_the_network_is_made_so_that_students_cannot_reach_each_other(containers, docker):
    assert containers.network_gateway(docker) == "172.30.0.1"
    assert docker.networks.there["course-hub"].attrs["Options"] == {"com.docker.network.bridge.enable_icc": "false"}


def test_a_network_on_which_students_reach_each_other_is_refused(containers, docker):
    docker.networks.there["course-hub"] = docker.network({})
    with pytest.raises(containers.DockerError, match="containers can reach each other.*docker network rm course-hub"):
        containers.network_gateway(docker)


def test_the_image_has_what_the_containers_are_told():
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for part in ("COPY . /opt/course", "COURSE_DATA=/data", "HOME=/home/student", "--uid 1000 student"):
        assert part in dockerfile


# A student's folder


@pytest.fixture
def singleuser():
    import singleuser_config

    return singleuser_config


@pytest.fixture
def course(tmp_path):
    course = tmp_path / "built"
    for name in ("notebooks/04_hello.ipynb", "notebooks/source/04_hello.py", "labs/lab01.ipynb", "labs/solutions/lab01.ipynb",
                 "models/README.md"):  # fmt: skip
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(nbformat.writes(nbformat.v4.new_notebook()) if name.endswith("ipynb") else "text")
    return course


def files_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_student_gets_lessons_and_labs_but_no_solutions(singleuser, course, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    folder = singleuser.prepare(tmp_path / "home", course)
    assert files_below(folder) == ["labs/lab01.ipynb", "models/README.md", "notebooks/04_hello.ipynb"]
    assert json.loads((tmp_path / "home" / singleuser.LANGUAGE).read_text()) == {"locale": "zh_TW"}


def test_what_a_student_has_changed_stays(singleuser, course, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    folder = singleuser.prepare(tmp_path / "home", course)
    (folder / "notebooks/04_hello.ipynb").write_text("mine")
    (tmp_path / "home" / singleuser.LANGUAGE).write_text('{"locale": "en"}')
    (folder / "labs/lab01.ipynb").unlink()
    singleuser.prepare(tmp_path / "home", course)
    assert (folder / "notebooks/04_hello.ipynb").read_text() == "mine"
    assert "en" in (tmp_path / "home" / singleuser.LANGUAGE).read_text()
    assert (folder / "labs/lab01.ipynb").exists()


def test_a_forgotten_kernel_gives_its_memory_back_but_not_one_that_computes(singleuser, course, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(singleuser, "prepare", lambda home: home / "course")
    c = Config()
    singleuser.configure(c)
    assert c.ServerApp.root_dir == str(tmp_path / "course")
    assert 0 < c.MappingKernelManager.cull_idle_timeout <= 3600
    assert c.MappingKernelManager.kernel_info_timeout > 60  # Jupyter's default, too short when forty begin at once
    assert not c.MappingKernelManager.cull_busy and not c.MappingKernelManager.cull_connected


def test_a_cell_that_is_silent_for_long_keeps_its_connection(singleuser, tmp_path, monkeypatch):
    monkeypatch.setattr(singleuser, "prepare", lambda home: home / "course")
    c = Config()
    c.ServerApp.tornado_settings = {"ws_ping_interval": 30_000, "ws_ping_timeout": 30_000, "page_config_hook": "kept"}
    singleuser.configure(c)
    pings = c.ServerApp.tornado_settings
    assert pings["ws_ping_timeout"] >= 2 * pings["ws_ping_interval"] > 0
    assert pings["page_config_hook"] == "kept"


# Kubernetes: the settings that the chart's schema knows, of those that a values file for a class may touch

POLICY = {"enabled": bool, "egressAllowRules": {"cloudMetadataServer": bool, "privateIPs": bool}}
KNOWN = {
    "hub": {"config": dict, "concurrentSpawnLimit": int, "networkPolicy": POLICY},
    "proxy": {"service": {"type": str}, "chp": {"networkPolicy": POLICY}},
    "ingress": {"enabled": bool},
    "singleuser": {
        "image": {"name": str, "tag": str, "pullPolicy": str}, "cmd": list, "defaultUrl": str, "startTimeout": int,
        "memory": {"guarantee": str, "limit": str}, "cpu": {"guarantee": (int, float), "limit": (int, float)}, "extraEnv": dict,
        "uid": int, "fsGid": int, "allowPrivilegeEscalation": bool, "cloudMetadata": {"blockWithIptables": bool},
        "networkPolicy": POLICY, "profileList": list,
        "storage": {"type": str, "capacity": str, "homeMountPath": str, "extraVolumes": list, "extraVolumeMounts": list},
    },
    "prePuller": {"hook": {"enabled": bool}, "continuous": {"enabled": bool}, "pullProfileListImages": bool},
    "scheduling": {
        "userScheduler": {"enabled": bool}, "podPriority": {"enabled": bool}, "userPlaceholder": {"enabled": bool, "replicas": int},
    },
    "cull": {"enabled": bool, "timeout": int, "every": int, "maxAge": int, "users": bool},
}  # fmt: skip


@pytest.fixture(scope="module")
def values():
    return yaml.safe_load((HUB / "values.yaml").read_text(encoding="utf-8"))


def unknown(values, known, where=""):
    """Yield settings that the chart does not know, or whose value is of another kind."""
    for name, value in values.items():
        kind = known.get(name)
        if kind is None:
            yield f"{where}{name} is unknown"
        elif isinstance(kind, dict):
            yield from unknown(value, kind, f"{where}{name}.")
        elif not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
            yield f"{where}{name} is {value!r}"


def test_the_chart_knows_every_setting(values):
    assert list(unknown(values, KNOWN)) == []
    mistakes = {"singleuser": {"memmory": {}, "uid": "1000"}}
    assert list(unknown(mistakes, KNOWN)) == ["singleuser.memmory is unknown", "singleuser.uid is '1000'"]


def test_nobody_gets_in_before_the_instructor_has_chosen(values):
    config = values["hub"]["config"]
    assert config["JupyterHub"]["authenticator_class"] == "null"
    assert config["Authenticator"] == {"allow_all": False, "allowed_users": [], "admin_users": []}
    assert values["ingress"]["enabled"] is False
    assert values["proxy"]["service"]["type"] == "ClusterIP"


def test_limits_on_kubernetes_are_those_of_one_machine(values, settings):
    memory, cpu = values["singleuser"]["memory"], values["singleuser"]["cpu"]
    assert memory == {"guarantee": f"{settings.MEMORY_GUARANTEE_GB:g}G", "limit": f"{settings.MEMORY_LIMIT_GB:g}G"}
    assert cpu == {"guarantee": settings.CPU_GUARANTEE, "limit": settings.CPU_LIMIT}
    assert values["singleuser"]["extraEnv"]["TF_NUM_INTRAOP_THREADS"] == str(int(settings.CPU_LIMIT))


def test_data_is_shared_for_reading_only(values):
    storage = values["singleuser"]["storage"]
    (volume,), (mount,) = storage["extraVolumes"], storage["extraVolumeMounts"]
    assert volume["persistentVolumeClaim"]["readOnly"] and mount["readOnly"]
    assert volume["name"] == mount["name"]
    assert mount["mountPath"] == values["singleuser"]["extraEnv"]["COURSE_DATA"] == "/data"


def test_one_profile_asks_for_a_gpu_and_the_default_does_not(values):
    profiles = {profile["slug"]: profile for profile in values["singleuser"]["profileList"]}
    assert profiles["cpu"].get("default") and "kubespawner_override" not in profiles["cpu"]
    assert profiles["gpu"]["kubespawner_override"]["extra_resource_limits"] == {"nvidia.com/gpu": "1"}
    assert all(HAN.search(profile["display_name"]) for profile in profiles.values())


def test_students_are_fenced_in_and_idle_servers_stopped(values):
    assert values["singleuser"]["networkPolicy"] == {
        "enabled": True, "egressAllowRules": {"cloudMetadataServer": False, "privateIPs": False}}  # fmt: skip
    assert values["cull"]["enabled"] and values["cull"]["timeout"] > 0
    assert values["prePuller"]["continuous"]["enabled"] and values["prePuller"]["hook"]["enabled"]


def test_the_students_server_is_told_the_same_as_on_one_machine(values, containers):
    assert values["singleuser"]["cmd"] == ["jupyterhub-singleuser", f"--config={containers.COURSE_INSIDE}/docker/hub/singleuser_config.py"]
    assert values["singleuser"]["storage"]["homeMountPath"] == containers.HOME_INSIDE
    assert f"{values['singleuser']['uid']}:{values['singleuser']['fsGid']}" == containers.STUDENT


# The environment and the load test


def test_every_package_of_the_hub_is_pinned():
    lines = (HUB / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert all(line.split(" ;")[0].count("==") == 1 for line in lines if line[0] not in " #")
    assert any(line.startswith("jupyterhub==") for line in lines)
    assert hub_environment.PROXY.rpartition("@")[2].count(".") == 2


def test_a_python_that_students_may_not_execute_is_not_taken(tmp_path):
    python = tmp_path / "python"
    python.write_text("")
    python.chmod(0o700)
    with pytest.raises(hub_environment.HubEnvironmentError, match="No python3.* was found that other users may execute"):
        hub_environment.choose_python([python, tmp_path / "none"])


def test_a_closed_folder_above_closes_what_is_in_it(tmp_path):
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "file").touch(mode=0o644)
    (tmp_path / "closed").chmod(0o700)
    assert not hub_environment.others_may(tmp_path / "closed" / "file", hub_environment.os.R_OK)
    assert hub_environment.others_may(hub_environment.Path("/bin/sh"), hub_environment.os.X_OK)


def test_why_no_trial_is_possible_is_a_sentence():
    reason = hub_trial.why_not()
    assert reason == "" or reason.endswith((".", "it."))


ROWS = [
    hub_load.Row("load-01", 4.0, 2.0, 8.0, 4.0, 30.0, 150_000_000, 700_000_000, 1_200_000_000),
    hub_load.Row("load-02", 6.0, 3.0, 6.0, 3.0, 34.0, 140_000_000, 720_000_000, 1_250_000_000),
    hub_load.Row("load-03", failure="its server did not start"),
]


def test_a_class_is_computed_from_those_who_got_through():
    sentence = hub_load.for_a_class(ROWS, students=40, minutes=2)
    assert sentence.startswith("For 40 students: 56 GB of memory")  # 40 times 0.14 + 1.25
    assert "240 processor seconds" in sentence and "2 cores to have it within 2 minutes" in sentence


def test_nothing_is_computed_from_failures_alone():
    with pytest.raises(ValueError, match="every student failed"):
        hub_load.for_a_class(ROWS[2:])


def test_the_table_shows_each_student_the_mean_and_the_failures():
    lines = hub_load.table(ROWS).splitlines()
    assert lines[0].split()[:2] == ["student", "server"]
    assert lines[1].split() == ["load-01", "4.0", "2.0", "8.0", "4.0", "30.0", "150", "700", "1200", "-"]
    assert lines[3].endswith("its server did not start")
    assert lines[4].split() == ["mean", "5.0", "2.5", "7.0", "3.5", "32.0", "145", "710", "1225", "1", "of", "3"]


def test_a_load_test_of_a_running_hub_needs_its_token(monkeypatch, capsys):
    monkeypatch.delenv("COURSE_HUB_LOAD_TOKEN", raising=False)
    assert hub_load.main(["--hub", "http://127.0.0.1:9"]) == 1
    assert "Set COURSE_HUB_LOAD_TOKEN" in capsys.readouterr().err


def test_the_lesson_of_the_load_test_is_notebook_04():
    cells = hub_load.lesson_cells()
    assert "import keras" in cells[0] and any("model.fit(" in cell for cell in cells)


def test_the_data_volume_is_the_one_that_students_read(values):
    claim, job = yaml.safe_load_all((HUB / "course-data.yaml").read_text(encoding="utf-8"))
    assert claim["metadata"]["name"] == values["singleuser"]["storage"]["extraVolumes"][0]["persistentVolumeClaim"]["claimName"]
    pod = job["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    image = values["singleuser"]["image"]
    assert container["image"] == f"{image['name']}:{image['tag']}"
    assert container["volumeMounts"][0]["mountPath"] == "/data"
    assert container["args"][:3] == ["python", "-m", "utils.data.fetch"]
    assert pod["securityContext"]["runAsUser"] == values["singleuser"]["uid"]


def test_a_course_in_a_closed_folder_is_said_before_students_log_in(settings, tmp_path):
    closed = tmp_path / "home" / "course"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    python = hub_environment.Path("/bin/sh")
    reason = settings.why_students_cannot_start(python, closed, closed)
    assert f"cannot reach {closed}" in reason and "Put the course into a folder that is open to all" in reason
    assert settings.why_students_cannot_start(python, python, python) == ""


# The guide


def test_the_guide_speaks_both_languages_as_in_taiwan_and_its_links_lead_somewhere():
    text = (ROOT / "docker" / "README.md").read_text(encoding="utf-8")
    assert [*language_findings(text), *simplified_findings(text), *link_findings(text, ROOT / "docker")] == []


def test_every_make_target_of_the_guide_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", (ROOT / "docker" / "README.md").read_text(encoding="utf-8")))
    assert {"doctor", "hub", "serve-mirror", "test-hub"} <= named <= targets
