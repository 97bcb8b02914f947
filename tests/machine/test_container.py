"""The container without an engine: the Dockerfile, the compose file, and the command lines that build and start it.

The entrypoint is tested in test_entrypoint, the image itself in tests/container.
"""

import ast
import fnmatch
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from tools.lessons.notebooks import ROOT
from tools.machine import container

# The Dockerfile

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STEPS = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.M).replace("\\\n", " ").splitlines()


def step(pattern: str) -> int:
    """Return the position of the one step of the Dockerfile that matches."""
    found = [position for position, line in enumerate(STEPS) if re.search(pattern, line)]
    assert len(found) == 1, (pattern, found)
    return found[0]


def copied(before: int) -> list[str]:
    """Return what the steps before a position copy from the course's folder."""
    words = [line.split()[1:-1] for line in STEPS[:before] if line.startswith("COPY ")]
    return [word for line in words for word in line if not word.startswith("--")]


def test_layers_stand_in_the_order_in_which_they_change_and_nothing_is_run_after_the_copy_of_the_course():
    order = [r"apt-get install", r"bootstrap\.py --venv", r"pip install .*singleuser", r"utils\.data all",
             r"^COPY \. /opt/course", r"^COPY .*\. /course$"]  # fmt: skip
    positions = [step(pattern) for pattern in order]
    assert positions == sorted(positions)
    assert not [line for line in STEPS[step(r"^COPY \. /opt/course"):] if line.startswith("RUN ")]


def test_packages_come_from_requirements_txt_by_the_same_tool_as_without_a_container():
    text = " ".join(STEPS)
    assert {"tools/machine/bootstrap.py", "pyproject.toml", "requirements.txt", "requirements-gpu.txt",
            "utils/__init__.py"} <= set(copied(step(r"bootstrap\.py --venv")))  # fmt: skip
    assert re.findall(r"install\b[^&]*tensorflow", text) == []
    assert re.findall(r"\w==\d", text) == []
    assert "${GPU:+--gpu}" in text


def test_data_layer_has_every_room_that_fetching_imports():
    there = set(copied(step(r"utils\.data all")))
    fetching = ("__main__", "archives", "catalog", "download", "fetch", "packages", "settings", "verify")
    rooms = {node.module for name in fetching
             for node in ast.walk(ast.parse((ROOT / f"utils/data/{name}.py").read_text(encoding="utf-8")))
             if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("utils.")}  # fmt: skip
    assert {".".join(room.split(".")[:2]) for room in rooms} == {"utils.data"}
    assert {"utils/data", "utils/files.py"} <= there  # verify has `from utils import files`


def test_gpu_lock_pins_every_cuda_library_and_one_tensorflow():
    names = re.findall(r"^([\w.-]+)==", (ROOT / "requirements-gpu.txt").read_text(), re.M)
    assert sum(name.startswith("nvidia-") for name in names) >= 10
    assert [name for name in names if name.startswith("tensorflow")] == ["tensorflow"]


def test_no_step_holds_a_password_or_an_address_and_the_base_is_the_default_of_the_tool():
    assert not re.search(r"https?://|token=|password", " ".join(STEPS), re.I)
    assert f"ARG BASE={container.BASE}" in STEPS


def leaves_out(pattern: str, path: str) -> bool:
    """Whether a pattern of .dockerignore leaves a path out, itself or with a folder that it is in."""
    parts = Path(path).parts
    above = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
    if pattern.startswith("**/"):
        return any(fnmatch.fnmatch(Path(place).name, pattern[3:]) for place in above)
    return any(fnmatch.fnmatch(place, pattern) for place in above)


IGNORED = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] not in "#!"]


@pytest.mark.parametrize(("path", "is_left_out"), [
    *((path, True) for path in (
        ".git", ".venv", ".hub-venv", ".ci/venv", "data/cache", "models/weights.keras", "reports", "utils/__pycache__",
        "deep_learning_course.egg-info", "notebooks/.ipynb_checkpoints", ".env", "docker/.env")),
    *((path, False) for path in (
        "notebooks/00_welcome.ipynb", "data/catalog.toml", "docker/entrypoint.py", "tests/data/test_fetch.py",
        "labs/README.md", "requirements.txt", "utils/data/fetch.py")),
])  # fmt: skip
def test_what_is_private_or_built_is_kept_out_of_the_image_and_nothing_else(path, is_left_out):
    assert any(leaves_out(pattern, path) for pattern in IGNORED) is is_left_out


# The compose file

@pytest.fixture
def compose():
    return yaml.safe_load((ROOT / "docker/compose.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("service", ["cpu", "gpu"])
def test_compose_publishes_on_this_machine_alone_and_gives_no_power_of_roots(compose, service):
    settings = compose["services"][service]
    assert [port.startswith("127.0.0.1:") for port in settings["ports"]] == [True]
    assert (settings["read_only"], settings["cap_drop"]) == (True, ["ALL"])
    assert settings["user"] == "${COURSE_USER:-1000:1000}"
    assert not {"privileged", "cap_add"} & set(settings)


@pytest.mark.parametrize("service", ["cpu", "gpu"])
def test_compose_mounts_the_course_and_its_data(compose, service):
    volumes = compose["services"][service]["volumes"]
    mounts = dict(re.match(r"(\$\{.+?\}|[^:]+):(/[^:]+)", line).group(1, 2) for line in volumes)
    assert [(ROOT / "docker" / source).resolve() for source, target in mounts.items() if target == "/course"] == [ROOT]
    assert set(mounts.values()) == {"/course", "/data", "/home/student"}


def test_compose_services_are_the_images_that_make_image_builds(compose):
    for service, image in (("cpu", container.Image()), ("gpu", container.Image(gpu=True))):
        assert compose["services"][service]["image"] == image.name
        assert (ROOT / "docker" / compose["services"][service]["build"]["context"]).resolve() == ROOT
    assert compose["services"]["gpu"]["build"]["args"] == {"GPU": "1"}


def test_compose_reserves_the_gpu_for_the_gpu_service_alone(compose):
    devices = compose["services"]["gpu"]["deploy"]["resources"]["reservations"]["devices"]
    assert devices == [{"driver": "nvidia", "count": "all", "capabilities": ["gpu"]}]
    assert "deploy" not in compose["services"]["cpu"]


def test_the_development_container_is_compose_s_service_with_the_course_and_the_image_s_python(compose):
    place = ROOT / ".devcontainer"
    settings = json.loads((place / "devcontainer.json").read_text(encoding="utf-8"))
    assert (place / settings["dockerComposeFile"]).resolve() == ROOT / "docker" / "compose.yaml"
    assert f"..:{settings['workspaceFolder']}:z" in compose["services"][settings["service"]]["volumes"]
    python = settings["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert python.removesuffix("/bin/python") == re.search(r"VENV=(\S+)", DOCKERFILE)[1]


# Building and starting

@pytest.fixture
def pretended(tmp_path, monkeypatch):
    """Put shell scripts in the place of all engines: what each does for a command, such as "info) exit 1;;"."""
    def pretend(**engines):
        for name, cases in engines.items():
            script = tmp_path / name
            script.write_text(f'#!/bin/sh\ncase "$*" in {cases} esac\n')
            script.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
    return pretend


BROKEN = "info) echo 'the daemon sleeps' >&2; exit 1;;"


def test_first_engine_that_works_is_taken(pretended):
    pretended(docker=BROKEN, podman="")
    assert container.find_engine() == "podman"


@pytest.mark.parametrize(("engines", "wanted", "said"), [
    ({"docker": "", "podman": BROKEN}, "podman", r"podman does not work \(the daemon sleeps\)"),
    ({"docker": BROKEN}, "", r"docker .* \(the daemon sleeps\); podman is not installed"),
    ({}, "lxc", "ENGINE=lxc is not known. Name one of docker, podman"),
])  # fmt: skip
def test_without_the_wanted_or_any_engine_each_reason_is_given(pretended, engines, wanted, said):
    pretended(**engines)
    with pytest.raises(container.ContainerError, match=said):
        container.find_engine(wanted)


@pytest.mark.parametrize("engine", container.ENGINES)
def test_build_passes_the_variant_and_the_machine_s_settings(engine, tmp_path):
    (tmp_path / "pip.conf").touch()
    environment = {"COURSE_PIP_CONFIG": str(tmp_path / "pip.conf"), "HTTPS_PROXY": "http://proxy"}
    environment |= {"COURSE_NPM_CONFIG": "", "COURSE_CERTIFICATES": ""}
    image = container.Image(gpu=True, data="lesson", base="debian")
    line = container.build_command(engine, image, tmp_path, environment)
    text = " ".join(line)
    assert line[:2] == [engine, "build"]
    assert "--build-arg BASE=debian --build-arg GPU=1 --build-arg DATA=lesson --build-arg HTTPS_PROXY --secret" in text
    assert f"--secret id=pip_config,src={tmp_path}/pip.conf --file {tmp_path}/Dockerfile" in text
    assert line[-3:] == ["--tag", "deep-learning-course:gpu", str(tmp_path)]
    assert ("--format docker" in text) == (engine == "podman")  # its own format loses the health check


def test_settings_are_found_where_pip_and_npm_have_them_and_missing_ones_named(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    names = (".config/pip/pip.conf", ".pip/pip.conf", ".npmrc", "campus.pem")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    environment = {"SSL_CERT_FILE": str(tmp_path / "campus.pem")}
    paths = {name: tmp_path / path for name, path in zip(container.SETTINGS, (names[0], *names[2:]), strict=True)}
    assert container.find_secrets(environment) == paths
    other = container.find_secrets(environment | {"COURSE_PIP_CONFIG": str(tmp_path / ".npmrc")})
    assert other["pip_config"] == tmp_path / ".npmrc"
    nothing = dict.fromkeys(("COURSE_PIP_CONFIG", "COURSE_NPM_CONFIG", "COURSE_CERTIFICATES"), "")
    assert container.find_secrets(environment | nothing) == {}
    with pytest.raises(container.ContainerError, match="COURSE_CERTIFICATES=/not/there.pem is not a file"):
        container.find_secrets({"COURSE_CERTIFICATES": "/not/there.pem"})


@pytest.mark.parametrize("name", container.SETTINGS)
def test_dockerfile_mounts_every_secret_and_certificates_count_wherever_packages_are_fetched(name):
    fetching = [line for line in STEPS if "pip_config" in line]
    assert len(fetching) == 3
    for line in fetching:
        assert "type=secret,id=certificates" in line
        assert "export PIP_CERT=/run/secrets/certificates" in line
    assert f"type=secret,id={name}" in " ".join(fetching)


def test_docker_that_cannot_pass_secrets_is_named_before_it_builds(pretended, tmp_path):
    pretended(docker=f"*--help) echo 'unknown flag: --secret' >&2; exit 125;; *) : > {tmp_path}/built;;")
    with pytest.raises(container.ContainerError, match=r"\(unknown flag: --secret\).* install docker-buildx .*-plugin"):
        container.build("docker", container.Image())
    assert not (tmp_path / "built").exists()


def test_older_docker_is_told_to_build_the_new_way(pretended, tmp_path):
    pretended(docker=f'*) echo "$DOCKER_BUILDKIT" >> {tmp_path}/told;;')
    container.build("docker", container.Image())
    assert (tmp_path / "told").read_text() == "1\n1\n"


def test_failed_build_is_named_with_its_status(pretended):
    pretended(podman="*--help) ;; *) exit 3;;")
    with pytest.raises(container.ContainerError, match="podman build of deep-learning-course:cpu ended with status 3"):
        container.build("podman", container.Image())


@pytest.mark.parametrize(("engine", "device"), [
    ("docker", ["--gpus", "all"]), ("podman", ["--device", "nvidia.com/gpu=all"])
])  # fmt: skip
def test_start_publishes_on_loopback_and_passes_the_gpu(engine, device, tmp_path):
    environment = {"COURSE_PROFILE": "smoke", "SECRET": "x"}
    line = container.run_command(engine, container.Image(gpu=True), 8890, ROOT, tmp_path, environment, terminal=False)
    text = " ".join(line)
    assert "--publish 127.0.0.1:8890:8888 --env PUBLISHED_PORT=8890" in text
    assert " ".join(device) in text
    assert f"--volume {ROOT}:/course:z --volume {tmp_path}:/data:z" in text
    assert "--env COURSE_PROFILE" in text
    assert "SECRET" not in text
    assert "--tty" not in line


@pytest.mark.parametrize(("uid", "engine", "options"), [
    (1234, "docker", ["--user", "1234:5"]),
    (1234, "podman", ["--userns", "keep-id", "--user", "1234:5"]),
    (0, "docker", ["--user", "77:88"]),  # sudo: the folder's owner
])  # fmt: skip
def test_what_is_saved_belongs_to_who_starts_it_or_to_the_folders_owner(monkeypatch, uid, engine, options):
    monkeypatch.setattr(os, "getuid", lambda: uid)
    monkeypatch.setattr(os, "getgid", lambda: 5)
    assert container.user_of(engine, SimpleNamespace(stat=lambda: SimpleNamespace(st_uid=77, st_gid=88))) == options
    monkeypatch.delattr(os, "getuid")
    assert container.user_of(engine, ROOT) == []


def test_data_of_this_machine_is_used_where_there_is_some(tmp_path, monkeypatch):
    monkeypatch.setattr(container, "ROOT", tmp_path)
    assert container.data_folder({}) is None
    (tmp_path / "data" / "cache").mkdir(parents=True)
    assert container.data_folder({}) is None  # an empty folder would hide what is in the image
    (tmp_path / "data" / "cache" / "mnist").mkdir()
    assert container.data_folder({}) == tmp_path / "data" / "cache"
    assert container.data_folder({"COURSE_DATA": str(tmp_path / "big")}) == tmp_path / "big"


def test_bad_port_is_refused_before_anything_starts(monkeypatch, capsys):
    monkeypatch.setattr(container, "find_engine", lambda wanted: "docker")
    assert container.main(["start", "--port", "abc"]) == 1
    assert "container: PORT=abc is not a port" in capsys.readouterr().err


def test_start_without_an_image_says_how_to_build_it(pretended, monkeypatch, tmp_path, capsys):
    pretended(docker="image*) exit 1;;")
    monkeypatch.setattr(container, "ROOT", tmp_path)
    monkeypatch.delenv("COURSE_DATA", raising=False)
    assert container.main(["start", "--gpu"]) == 1
    assert "There is no image deep-learning-course:gpu yet. Build it: make image GPU=1" in capsys.readouterr().err


@pytest.mark.skipif(not shutil.which("bash"), reason=".ci/docker is a script of bash")
def test_ci_s_script_takes_an_engine_that_answers_and_leaves_what_is_given(pretended, tmp_path):
    """Nothing is started, pulled or made: the engine here only answers."""
    pretended(docker="")
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "BASE": "mine", "COURSE_PIP_CONFIG": "own.conf"}
    line = [ROOT / ".ci" / "docker", "sh", "-c", "echo $BASE $COURSE_PIP_CONFIG; exit 5"]
    done = subprocess.run(line, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (5, "mine own.conf\n")
