"""The container without an engine: the Dockerfile, the compose file, and the command lines that build and start it.

The entrypoint is tested in test_entrypoint, the image itself in tests/container.
"""

import ast
import fnmatch
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools.lessons.notebooks import ROOT
from tools.machine import bootstrap, container, engines, image_sandbox, registries

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


def test_layers_stand_in_the_order_in_which_they_change():
    order = [r"apt-get install", r"bootstrap\.py --venv", r"pip install .*hub", r"utils\.data all", r"^COPY \. /opt/course",
             r"^COPY .*\. /course$"]  # fmt: skip
    positions = [step(pattern) for pattern in order]
    assert positions == sorted(positions)


def test_no_step_after_the_copy_of_the_course_runs_anything():
    assert not [line for line in STEPS[step(r"^COPY \. /opt/course"):] if line.startswith("RUN ")]


def test_packages_come_from_requirements_txt_by_the_same_tool_as_without_a_container():
    text = " ".join(STEPS)
    assert "requirements.txt" in copied(step(r"bootstrap\.py --venv"))
    assert "tensorflow" not in text
    assert re.findall(r"\w==\d", text) == []
    assert "${GPU:+--gpu}" in text


def test_base_is_the_default_of_the_tool():
    assert f"ARG BASE={engines.BASE}" in STEPS


def test_data_layer_has_every_room_that_fetching_imports():
    there = set(copied(step(r"utils\.data all")))
    fetching = ("__main__", "archives", "catalog", "download", "fetch", "sources", "verify")
    rooms = {node.module for name in fetching
             for node in ast.walk(ast.parse((ROOT / f"utils/data/{name}.py").read_text(encoding="utf-8")))
             if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("utils.")}  # fmt: skip
    assert {".".join(room.split(".")[:2]) for room in rooms} == {"utils.data"}
    assert {"utils/data", "utils/files.py"} <= there  # verify has `from utils import files`


def test_environment_layer_has_what_bootstrap_needs():
    there = copied(step(r"bootstrap\.py --venv"))
    assert {"tools/machine/bootstrap.py", "pyproject.toml", "requirements.txt", "utils/__init__.py"} <= set(there)


def test_only_cuda_libraries_are_constrained_and_each_to_one_version():
    lines = [line for line in (ROOT / "docker/constraints-gpu.txt").read_text().splitlines() if not line.startswith("#")]
    assert len(lines) >= 10
    assert all(re.fullmatch(r"nvidia-[\w-]+==[\d.]+", line) for line in lines)
    assert "tensorflow[and-cuda]==" in bootstrap.requirements(gpu=True)


def test_no_step_holds_a_password_or_an_address():
    assert not re.search(r"https?://|token=|password", " ".join(STEPS), re.I)


def leaves_out(pattern: str, path: str) -> bool:
    """Whether a pattern of .dockerignore leaves a path out, itself or with a folder that it is in."""
    parts = Path(path).parts
    above = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
    if pattern.startswith("**/"):
        return any(fnmatch.fnmatch(Path(place).name, pattern[3:]) for place in above)
    return any(fnmatch.fnmatch(place, pattern) for place in above)


IGNORED = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] not in "#!"]


@pytest.mark.parametrize("path", [
    ".git", ".venv", ".hub-venv", ".ci/venv", "data/cache", "models/weights.keras", "reports", "utils/__pycache__",
    "deep_learning_course.egg-info", "notebooks/.ipynb_checkpoints", ".env", "docker/.env",
])  # fmt: skip
def test_what_is_private_or_built_is_kept_out_of_the_image(path):
    assert [pattern for pattern in IGNORED if leaves_out(pattern, path)]


@pytest.mark.parametrize("path", ["notebooks/00_welcome.ipynb", "data/catalog.toml", "docker/entrypoint.py", "tests/data/test_fetch.py",
                                  "labs/README.md", "requirements.txt", "utils/data/fetch.py"])  # fmt: skip
def test_what_the_course_needs_gets_into_the_image(path):
    assert not [pattern for pattern in IGNORED if leaves_out(pattern, path)]


# The compose file

@pytest.fixture
def compose():
    return yaml.safe_load((ROOT / "docker/compose.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("service", ["cpu", "gpu"])
def test_compose_publishes_on_this_machine_alone(compose, service):
    assert [port.startswith("127.0.0.1:") for port in compose["services"][service]["ports"]] == [True]


@pytest.mark.parametrize("service", ["cpu", "gpu"])
def test_compose_mounts_the_course_and_its_data(compose, service):
    mounts = dict(re.match(r"(\$\{.+?\}|[^:]+):(/[^:]+)", line).group(1, 2) for line in compose["services"][service]["volumes"])
    assert (ROOT / "docker" / next(source for source, target in mounts.items() if target == "/course")).resolve() == ROOT
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


@pytest.mark.parametrize("service", ["cpu", "gpu"])
def test_compose_gives_no_more_power_than_the_entrypoint_needs(compose, service):
    settings = compose["services"][service]
    assert settings["read_only"] is True
    assert settings["cap_drop"] == ["ALL"]
    assert set(settings["cap_add"]) == {"CHOWN", "SETGID", "SETUID"}
    assert "privileged" not in settings


# Building and starting

@pytest.fixture
def pretended(tmp_path, monkeypatch):
    """Put shell scripts in the place of all engines; give the exit status of each."""
    def pretend(**statuses):
        for name, status in statuses.items():
            script = tmp_path / name
            script.write_text(f"#!/bin/sh\necho '{name} says no' >&2\nexit {status}\n")
            script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/nowhere")
    monkeypatch.setattr(engines.subprocess, "run", run_with(sys.modules["subprocess"].run))
    return pretend


def run_with(real):
    """Run scripts by the shell's own path, as PATH here has nothing else."""
    return lambda command, **options: real([engines.shutil.which(command[0]) or command[0], *command[1:]], **options)


def test_first_engine_that_works_is_taken(pretended):
    pretended(docker=1, podman=0, buildah=0)
    assert engines.find_engine() == "podman"


def test_wanted_engine_is_taken_and_no_other(pretended):
    pretended(docker=0, buildah=1)
    with pytest.raises(engines.ContainerError, match=r"buildah does not work \(buildah says no\)"):
        engines.find_engine("buildah")


def test_without_an_engine_each_reason_is_given(pretended):
    pretended(docker=1)
    with pytest.raises(engines.ContainerError, match=r"docker does not work \(docker says no\); podman is not installed; buildah"):
        engines.find_engine()


def test_unknown_engine_is_refused():
    with pytest.raises(engines.ContainerError, match="ENGINE=lxc is not known. Name one of docker, podman, buildah"):
        engines.find_engine("lxc")


def test_build_passes_the_variant_and_the_machine_s_settings(tmp_path):
    settings = registries.Settings({"pip_config": tmp_path / "pip.conf"}, [tmp_path], ["HTTPS_PROXY"])
    line = container.build_command("podman", container.Image(gpu=True, data="lesson"), settings=settings)
    text = " ".join(line)
    assert "--build-arg GPU=1 --build-arg DATA=lesson --build-arg HTTPS_PROXY" in text
    assert f"--secret id=pip_config,src={tmp_path}/pip.conf --volume {tmp_path}:{tmp_path}:ro" in text
    assert line[-3:] == ["--tag", "deep-learning-course:gpu", str(ROOT)]


def test_docker_gets_no_mounts_at_build_time(tmp_path):
    settings = registries.Settings(folders=[tmp_path])
    assert "--volume" not in container.build_command("docker", container.Image(), settings=settings)


def test_health_check_survives_the_build_of_every_engine():
    for engine in ("podman", "buildah"):  # their own format has none
        line = container.build_command(engine, container.Image())
        assert line[line.index("--format") + 1] == "docker"


@pytest.mark.parametrize(("engine", "device"), [("docker", ["--gpus", "all"]), ("podman", ["--device", "nvidia.com/gpu=all"])])
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


def test_data_of_this_machine_is_used_where_there_is_some(tmp_path, monkeypatch):
    monkeypatch.setattr(container, "ROOT", tmp_path)
    assert container.data_folder({}) is None
    (tmp_path / "data" / "cache").mkdir(parents=True)
    assert container.data_folder({}) is None  # an empty folder would hide what is in the image
    (tmp_path / "data" / "cache" / "mnist").mkdir()
    assert container.data_folder({}) == tmp_path / "data" / "cache"
    assert container.data_folder({"COURSE_DATA": str(tmp_path / "big")}) == tmp_path / "big"


def test_failed_command_is_named_with_what_it_said():
    with pytest.raises(engines.ContainerError, match=r"sh -c .* ended with status 3: out of luck"):
        engines.answer("sh", "-c", "echo out of luck >&2; exit 3")


def test_bad_port_is_refused_before_anything_starts(monkeypatch, capsys):
    monkeypatch.setattr(engines, "find_engine", lambda wanted: "docker")
    assert container.main(["lab", "--port", "abc"]) == 1
    assert "container: PORT=abc is not a port" in capsys.readouterr().err


# How the machine reaches package registries

def test_pip_settings_are_read_and_variables_win():
    listing = "global.cert='/a.pem'\nglobal.user='true'\n:env:.cert='/b.pem'\ninstall.find-links='/wheels /more'\nnonsense\n"
    assert registries.parse_pip(listing) == {"cert": "/b.pem", "find-links": "/wheels /more"}


def test_folders_that_pip_reads_are_found(tmp_path):
    simple, wheels = tmp_path / "index" / "simple", tmp_path / "wheels"
    for path in (simple, wheels):
        path.mkdir(parents=True)
    pip = {"extra-index-url": f"{simple.as_uri()} https://mirror.example.org/simple", "find-links": f"{wheels} /not/there"}
    assert registries.local_folders(pip) == [tmp_path / "index", wheels]


def test_settings_become_secrets_that_only_the_builder_reads(tmp_path, monkeypatch):
    (tmp_path / "campus.pem").write_text("certificate")
    (tmp_path / "new").mkdir()
    monkeypatch.setattr(registries, "pip_settings", lambda: {"cert": str(tmp_path / "campus.pem"), "timeout": "9"})
    monkeypatch.setattr(registries, "npm_settings", lambda: {"cafile": "/elsewhere.pem"})
    found = registries.settings(tmp_path / "new")
    assert found.secrets["certificates"] == tmp_path / "campus.pem"
    assert "cert = /run/secrets/certificates\ntimeout = 9\n" in found.secrets["pip_config"].read_text()
    assert found.secrets["npm_config"].read_text() == "cafile=/run/secrets/certificates\n"
    assert found.secrets["pip_config"].stat().st_mode & 0o077 == 0


def test_machine_without_settings_passes_none(tmp_path, monkeypatch, clean_environment):
    for name in ("SSL_CERT_FILE", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(registries, "pip_settings", dict)
    monkeypatch.setattr(registries, "npm_settings", dict)
    assert registries.settings(tmp_path) == ({}, [], [])


# The sandbox that stands in for an engine

def test_sandbox_has_no_network_namespace_of_its_own_unless_asked():
    arguments = (Path("/image"), ["id"], {"A": "1"})
    assert "--net" not in image_sandbox.command_line(*arguments)
    assert "--net" in image_sandbox.command_line(*arguments, network=False)


@pytest.mark.skipif(not image_sandbox.is_possible(), reason="making namespaces needs root on Linux (unshare --mount --pid --net)")
def test_sandbox_shows_the_image_alone(tmp_path):
    """The image here is this machine's own programs, read-only, and nothing else of it."""
    image = tmp_path / "image"
    programs = [Path(path) for path in ("/usr", "/lib", "/lib64", "/bin") if Path(path).is_dir()]
    for path in programs:
        (image / path.relative_to("/")).mkdir(parents=True)
    (image / "etc").mkdir()
    volumes = [image_sandbox.Volume(path.resolve(), str(path), read_only=True) for path in programs]
    script = "id -u; ls /; touch /x; touch /usr/x; touch /tmp/x && echo scratch; echo $GREETING; tail -n +3 /proc/net/dev | wc -l"
    done = subprocess.run(
        image_sandbox.command_line(image, ["/bin/sh", "-c", script], {"PATH": "/usr/bin:/bin", "GREETING": "hello"},
                             volumes=volumes, network=False, read_only=True, user=(1234, 1234)),
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    lines = done.stdout.split()
    assert lines[0] == "1234"
    assert set(lines[1:-3]) == {path.name for path in programs} | {"etc", "dev", "proc", "sys", "tmp"}
    assert lines[-3:] == ["scratch", "hello", "1"]
    assert done.stderr.count("Read-only file system") + done.stderr.count("Permission denied") == 2


def test_sandbox_order_is_json_that_says_everything():
    volumes = [image_sandbox.Volume(Path("/a"), "/b", True)]
    line = image_sandbox.command_line(Path("/image"), ["id"], {"A": "1"}, volumes=volumes, user=(1, 2))
    order = json.loads(line[-1])
    assert order["volumes"] == [["/a", "/b", True]]
    assert order["user"] == [1, 2]
    assert order["environment"] == {"A": "1"}
