"""Build the course's image and start it, with Docker or Podman. Standard library only: see `make image`.

    python tools/machine/container.py image [--gpu] [--data lesson]
    python tools/machine/container.py start [--gpu] [--port 8890]

Settings by which this machine reaches the package registries are secrets of the build: no layer keeps them. `SETTINGS`
says where they are looked for; `COURSE_PIP_CONFIG=file` names another file, `COURSE_PIP_CONFIG=` passes none.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tools.machine import ports  # noqa: E402

ENGINES = ("docker", "podman")
NAME = "deep-learning-course"
BASE = "python:3.11-slim-bookworm"  # as in the Dockerfile
PASSED_ON = ("COURSE_PROFILE", "COURSE_OFFLINE", "COURSE_MIRROR", "COURSE_CHECKPOINTS", "JUPYTER_TOKEN")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
SETTINGS = {  # by the Dockerfile's name of the secret: the variable that names a file, and where else one may be
    "pip_config": ("COURSE_PIP_CONFIG", (
        "$PIP_CONFIG_FILE", "~/.config/pip/pip.conf", "~/.pip/pip.conf", "~/Library/Application Support/pip/pip.conf",
        "~/AppData/Roaming/pip/pip.ini", "/etc/pip.conf",
    )),
    "npm_config": ("COURSE_NPM_CONFIG", ("$NPM_CONFIG_USERCONFIG", "~/.npmrc")),
    "certificates": ("COURSE_CERTIFICATES", ("$PIP_CERT", "$SSL_CERT_FILE")),
}  # fmt: skip


class ContainerError(Exception):
    """The image cannot be built or started; the message says what to do."""


class Image(NamedTuple):
    """What to build."""

    gpu: bool = False
    data: str = ""
    base: str = ""
    tag: str = ""
    mirror: str = ""

    @property
    def name(self) -> str:
        """The image's name: deep-learning-course:cpu or :gpu unless another was given."""
        return self.tag or f"{NAME}:{'gpu' if self.gpu else 'cpu'}"


def find_engine(wanted: str = "") -> str:
    """Return the engine to use: the wanted one, or the first of docker and podman that works.

    Raises:
        ContainerError: if there is none, with the reason for each.
    """
    if wanted and wanted not in ENGINES:
        raise ContainerError(f"ENGINE={wanted} is not known. Name one of {', '.join(ENGINES)}, or leave it out.")
    reasons = {}
    for engine in [wanted] if wanted else ENGINES:
        if not shutil.which(engine):
            reasons[engine] = "is not installed"
            continue
        asked = subprocess.run([engine, "info"], capture_output=True, text=True)
        if not asked.returncode:
            return engine
        said = (asked.stderr or asked.stdout).strip().splitlines() or [f"exit status {asked.returncode}"]
        reasons[engine] = f"does not work ({said[-1].strip()})"
    found = "; ".join(f"{engine} {reason}" for engine, reason in reasons.items())
    raise ContainerError(f"No container engine can be used: {found}. Install Docker or Podman, and start it.")


def find_secrets(environment: Mapping[str, str]) -> dict[str, Path]:
    """Return the files with which this machine reaches package registries, by the Dockerfile's name of the secret.

    Raises:
        ContainerError: if a variable names a file that is not there.
    """
    found = {}
    for name, (variable, places) in SETTINGS.items():
        if environment.get(variable):
            found[name] = Path(environment[variable]).expanduser().resolve()
            if not found[name].is_file():
                raise ContainerError(f"{variable}={found[name]} is not a file. Name one, or pass none: {variable}=")
        elif variable not in environment:
            paths = (environment.get(path[1:], "") if path[0] == "$" else os.path.expanduser(path) for path in places)
            if path := next(filter(os.path.isfile, paths), None):
                found[name] = Path(path).resolve()
    return found


def build_command(
    engine: str, image: Image, context: Path = ROOT, environment: Mapping[str, str] = os.environ
) -> list[str]:
    """Return the command line that builds the image from the course's folder.

    Raises:
        ContainerError: if a variable names settings that are not there.
    """
    line = [engine, "build", *(["--format", "docker"] if engine == "podman" else [])]  # its own has no health check
    arguments = {"BASE": image.base, "GPU": "1" if image.gpu else "", "DATA": image.data, "COURSE_MIRROR": image.mirror}
    line += [part for name, value in arguments.items() if value for part in ("--build-arg", f"{name}={value}")]
    line += [part for name in PROXIES if environment.get(name) for part in ("--build-arg", name)]
    line += [part for name, path in find_secrets(environment).items() for part in ("--secret", f"id={name},src={path}")]
    return [*line, "--file", str(context / "Dockerfile"), "--tag", image.name, str(context)]


def build(engine: str, image: Image, context: Path = ROOT, **options) -> None:
    """Build the image, reaching package registries as this machine does.

    Args:
        options: for `subprocess.run`.

    Raises:
        ContainerError: if this Docker cannot read the Dockerfile, or a step fails.
    """
    environment = os.environ | {"DOCKER_BUILDKIT": "1"}  # an older Docker builds the old way unless told
    line = build_command(engine, image, context)
    question = [engine, "build", "--secret", "id=none", "--help"]
    asked = subprocess.run(question, env=environment, capture_output=True, text=True)
    if asked.returncode:
        said = (asked.stderr.strip().splitlines() or [f"exit status {asked.returncode}"])[0]
        raise ContainerError(
            f"This {engine} cannot pass secrets to a build ({said}). Docker needs its part buildx: install "
            "docker-buildx (Debian, Ubuntu) or docker-buildx-plugin (Docker's own packages)."
        )
    done = subprocess.run(line, env=environment, **options)
    if done.returncode:
        raise ContainerError(f"{engine} build of {image.name} ended with status {done.returncode}; see above.")


def user_of(engine: str, folder: Path) -> list[str]:
    """Return the options that make what is saved in a folder its user's: this user's, or its owner's where root asks.

    Empty on Windows, where Docker Desktop sees to it.
    """
    if not hasattr(os, "getuid"):
        return []
    user = (os.getuid(), os.getgid()) if os.getuid() else (folder.stat().st_uid, folder.stat().st_gid)
    rootless = ["--userns", "keep-id"] if engine == "podman" and os.getuid() else []  # or user ids would be others outside
    return [*rootless, "--user", f"{user[0]}:{user[1]}"]


def run_command(
    engine: str, image: Image, port: int, folder: Path, data: Path | str, environment: Mapping[str, str], terminal: bool
) -> list[str]:
    """Return the command line that starts JupyterLab.

    Args:
        engine: docker or podman.
        image: what to start.
        port: of this machine's loopback address.
        folder: the course's folder, for /course.
        data: the folder of the data, for /data, or the name of a volume.
        environment: this process's; the course's own settings are passed on.
        terminal: whether a person sits there.
    """
    line = [engine, "run", "--rm", "--interactive", *(["--tty"] if terminal else [])]
    line += ["--publish", f"127.0.0.1:{port}:8888", "--env", f"PUBLISHED_PORT={port}", "--shm-size", "1g"]
    line += user_of(engine, folder)
    line += ["--volume", f"{folder}:/course:z", "--volume", f"{data}:/data:z"]
    line += [part for name in PASSED_ON if environment.get(name) for part in ("--env", name)]
    if image.gpu:
        line += ["--gpus", "all"] if engine == "docker" else ["--device", "nvidia.com/gpu=all"]
    return [*line, image.name]


def data_folder(environment: Mapping[str, str]) -> Path | None:
    """Return where this machine has the data: `COURSE_DATA`, or data/cache if anything is in it; None otherwise.

    Then a volume takes its place, which an engine fills from the image if that was built with the data inside.
    """
    if environment.get("COURSE_DATA"):
        return Path(environment["COURSE_DATA"]).expanduser().resolve()
    usual = ROOT / "data" / "cache"
    return usual if usual.is_dir() and any(usual.iterdir()) else None


def start(engine: str, image: Image, port: int) -> int:
    """Start JupyterLab in a container on the course's folder, and return its exit status when it ends.

    Raises:
        ContainerError: if the image is not there.
    """
    data = data_folder(os.environ)
    if data:
        data.mkdir(parents=True, exist_ok=True)
    if subprocess.run([engine, "image", "inspect", image.name], capture_output=True).returncode:
        raise ContainerError(f"There is no image {image.name} yet. Build it: make image{' GPU=1' if image.gpu else ''}")
    line = run_command(engine, image, port, ROOT, data or f"{NAME}-data", os.environ, sys.stdin.isatty())
    return subprocess.run(line).returncode


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="container.py", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    image = commands.add_parser("image", help="build the image")
    image.add_argument("--data", default="", choices=("", "lesson", "full"), help="data to put into the image")
    image.add_argument("--base", default="", help=f"another base than {BASE}")
    opener = commands.add_parser("start", help="start JupyterLab in it")
    opener.add_argument("--port", default="", help="of this machine; the first free one from 8888 on when left out")
    for command in (image, opener):
        command.add_argument("--engine", default="", help=", ".join(ENGINES))
        command.add_argument("--gpu", action="store_true", help="TensorFlow with its CUDA libraries")
        command.add_argument("--tag", default="", help=f"another name than {NAME}:cpu or :gpu")
    options = parser.parse_args(arguments)
    try:
        engine = find_engine(options.engine)
        if options.command == "start":
            return start(engine, Image(options.gpu, tag=options.tag), ports.choose(options.port, "make start-container"))
        wanted = Image(options.gpu, options.data, options.base, options.tag, os.environ.get("COURSE_MIRROR", ""))
        build(engine, wanted)
    except (ContainerError, ports.PortError) as error:
        print(f"container: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"Built {wanted.name} with {engine}. Start it: make start-container{' GPU=1' if options.gpu else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
