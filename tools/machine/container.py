"""Build the course's image and start it, with Docker, Podman or buildah. Standard library only: see `make image`.

    python tools/machine/container.py image [--gpu] [--data lesson]
    python tools/machine/container.py lab [--gpu] [--port 8890]

buildah needs no daemon, so it is what a CI has. Where no image registry is reached it gets a base from debootstrap.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tools.machine import engines, image_sandbox, ports, registries  # noqa: E402

PASSED_ON = ("COURSE_PROFILE", "COURSE_OFFLINE", "COURSE_MIRROR", "COURSE_USER", "JUPYTER_TOKEN")


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
        return self.tag or f"{engines.NAME}:{'gpu' if self.gpu else 'cpu'}"


def build_command(
    engine: str, image: Image, context: Path = ROOT, *, settings: registries.Settings | None = None, layers: bool = True
) -> list[str]:
    """Return the command line that builds the image.

    Args:
        engine: docker, podman or buildah.
        image: what to build.
        context: the course's folder.
        settings: how this machine reaches package registries; secrets of the build, none of it stays in the image.
        layers: whether an unchanged step is taken from the build before (buildah alone asks).
    """
    settings = settings or registries.Settings()
    line = {
        "docker": ["docker", "build"],
        "podman": ["podman", "build", "--format", "docker"],  # the other format has no health check
        "buildah": ["buildah", "bud", "--format", "docker", "--isolation", "chroot", f"--layers={str(layers).lower()}"],
    }[engine]
    arguments = {"BASE": image.base, "GPU": "1" if image.gpu else "", "DATA": image.data, "COURSE_MIRROR": image.mirror}
    for name, value in arguments.items():
        if value:
            line += ["--build-arg", f"{name}={value}"]
    for name in settings.proxies:
        line += ["--build-arg", name]
    for name, path in settings.secrets.items():
        line += ["--secret", f"id={name},src={path}"]
    if engine != "docker":  # Docker mounts nothing into a build
        for folder in settings.folders:
            line += ["--volume", f"{folder}:{folder}:ro"]
    return [*line, "--file", str(context / "Dockerfile"), "--tag", image.name, str(context)]


def build(engine: str, image: Image, context: Path = ROOT, **options) -> None:
    """Build the image, reaching package registries as this machine does.

    Args:
        engine: docker, podman or buildah.
        image: what to build.
        context: the course's folder.
        options: for `subprocess.run`.

    Raises:
        ContainerError: if a step fails.
    """
    layers = True
    if engine == "buildah":
        image = image._replace(base=engines.base_for_buildah(image.base))
        layers = engines.storage_driver() != "vfs"  # vfs would copy gigabytes for every step
    with tempfile.TemporaryDirectory(prefix="course-build-") as folder:
        settings = registries.settings(Path(folder))
        if engine == "docker" and settings.folders:
            print(f"Docker's builds do not see folders of this machine; pip is set to use {settings.folders[0]}.", file=sys.stderr)
        engines.run(build_command(engine, image, context, settings=settings, layers=layers), **options)


def run_command(
    engine: str, image: Image, port: int, folder: Path, data: Path | str, environment: Mapping[str, str], terminal: bool
) -> list[str]:
    """Return the command line with which Docker or Podman starts JupyterLab.

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
        ContainerError: if the image is not there or cannot be run.
    """
    data = data_folder(os.environ)
    if data:
        data.mkdir(parents=True, exist_ok=True)
    look = ["buildah", "inspect", "--type", "image"] if engine == "buildah" else [engine, "image", "inspect"]
    if subprocess.run([*look, image.name], capture_output=True).returncode:
        raise engines.ContainerError(f"There is no image {image.name} yet. Build it: make image{' GPU=1' if image.gpu else ''}")
    if engine != "buildah":
        place = data or f"{engines.NAME}-data"
        return subprocess.run(run_command(engine, image, port, ROOT, place, os.environ, sys.stdin.isatty())).returncode
    if not image_sandbox.is_possible():
        raise engines.ContainerError("buildah builds images, and starting one here needs root on Linux. Use docker or podman instead.")
    environment = {name: os.environ[name] for name in PASSED_ON if os.environ.get(name)}
    environment |= {"PUBLISHED_PORT": str(port), "PORT": str(port), "BIND": "127.0.0.1"}  # it shares this machine's network
    with engines.Unpacked(image.name) as unpacked:
        volumes = [image_sandbox.Volume(ROOT, "/course"), *([image_sandbox.Volume(data, "/data")] if data else [])]
        return subprocess.run(unpacked.command_line(None, environment, volumes=volumes)).returncode


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="container.py", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    image = commands.add_parser("image", help="build the image")
    image.add_argument("--data", default="", choices=("", "lesson", "full"), help="data to put into the image")
    image.add_argument("--base", default="", help=f"another base than {engines.BASE}")
    lab = commands.add_parser("lab", help="start JupyterLab in it")
    lab.add_argument("--port", default="", help="of this machine; the first free one from 8888 on when left out")
    for command in (image, lab):
        command.add_argument("--engine", default="", help=", ".join(engines.ENGINES))
        command.add_argument("--gpu", action="store_true", help="TensorFlow with its CUDA libraries")
        command.add_argument("--tag", default="", help=f"another name than {engines.NAME}:cpu or :gpu")
    options = parser.parse_args(arguments)
    try:
        engine = engines.find_engine(options.engine)
        if options.command == "lab":
            return start(engine, Image(options.gpu, tag=options.tag), ports.choose(options.port, "make start-container"))
        wanted = Image(options.gpu, options.data, options.base, options.tag, os.environ.get("COURSE_MIRROR", ""))
        build(engine, wanted)
    except (engines.ContainerError, ports.PortError) as error:
        print(f"container: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"Built {wanted.name} with {engine}. Start it: make start-container{' GPU=1' if options.gpu else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
