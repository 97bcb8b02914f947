"""Container engines: which works on this machine, a base image for buildah, and an image as a folder. Standard library only."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tools.machine import image_sandbox

ENGINES = ("docker", "podman", "buildah")
NAME = "deep-learning-course"
BASE = "python:3.11-slim-bookworm"  # as in the Dockerfile
HOME_MADE_BASE = f"localhost/{NAME}-base"
SUITE = "bookworm"
DEBIAN_PACKAGES = ("ca-certificates", "python3", "python3-venv")


class ContainerError(Exception):
    """The image cannot be built or started; the message says what to do."""


def run(command: Sequence[str | Path], **options) -> subprocess.CompletedProcess:
    """Run a command, show what it prints, and raise if it fails.

    Raises:
        ContainerError: naming the command, with its exit status.
    """
    done = subprocess.run([str(part) for part in command], **options)
    if done.returncode:
        words = " ".join(str(part) for part in command[:4])
        reason = f": {done.stderr.strip()[-2000:]}" if done.stderr else "; the lines above say why."
        raise ContainerError(f"{words} ... ended with status {done.returncode}{reason}")
    return done


def answer(*command: str | Path) -> str:
    """Return what a command prints, without spaces around it.

    Raises:
        ContainerError: if it fails, with what it says.
    """
    return run(command, capture_output=True, text=True).stdout.strip()


def why_unusable(engine: str) -> str:
    """Return why an engine cannot be used on this machine, or an empty text."""
    if not shutil.which(engine):
        return "is not installed"
    asked = subprocess.run([engine, "info"], capture_output=True, text=True)
    if asked.returncode:
        said = (asked.stderr or asked.stdout).strip().splitlines()
        return f"does not work ({said[-1].strip() if said else f'exit status {asked.returncode}'})"
    return ""


def find_engine(wanted: str = "") -> str:
    """Return the engine to use: the wanted one, or the first of docker, podman and buildah that works.

    Raises:
        ContainerError: if there is none, with the reason for each.
    """
    if wanted and wanted not in ENGINES:
        raise ContainerError(f"ENGINE={wanted} is not known. Name one of {', '.join(ENGINES)}, or leave it out.")
    reasons = {}
    for engine in [wanted] if wanted else ENGINES:
        reasons[engine] = why_unusable(engine)
        if not reasons[engine]:
            return engine
    found = "; ".join(f"{engine} {reason}" for engine, reason in reasons.items())
    raise ContainerError(
        f"No container engine can be used: {found}. Install Docker or Podman (or buildah: apt install buildah debootstrap), "
        "start it, and run this again."
    )


def storage_driver() -> str:
    """Return how buildah keeps layers: "overlay", which shares them, or "vfs", which copies each of them."""
    return json.loads(answer("buildah", "info"))["store"]["GraphDriverName"]


def debian_mirror() -> list[str]:
    """Return the address from which this machine's own apt takes the suite, in a list; empty to use debootstrap's default."""
    if not shutil.which("apt-get"):
        return []
    asked = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", f"Codename: {SUITE}", "Component: main"],
        capture_output=True, text=True,
    )  # fmt: skip
    return asked.stdout.split()[:1]


def make_base(name: str = HOME_MADE_BASE) -> str:
    """Make a base image with debootstrap and return its name.

    Raises:
        ContainerError: if debootstrap is not there, this is not root, or it fails.
    """
    if not shutil.which("debootstrap") or os.geteuid() != 0:
        raise ContainerError(
            f"The base image {BASE} cannot be pulled, and to make one debootstrap (apt install debootstrap) and root are needed. "
            "Reach an image registry, name a base you have (BASE=...), or install it and run this as root."
        )
    faster = ["eatmydata"] if shutil.which("eatmydata") else []  # dpkg waits for the disk after every file; here it need not
    with tempfile.TemporaryDirectory(prefix="course-base-") as folder:
        root = Path(folder) / "root"
        print(f"Making a base image with debootstrap ({SUITE}) ...", flush=True)
        run(
            [*faster, "debootstrap", "--variant=minbase", f"--include={','.join(DEBIAN_PACKAGES)}", SUITE, root, *debian_mirror()],
            stdout=subprocess.DEVNULL,
        )
        # Nothing in an image's build needs to survive a power cut; the usual base images set this, too.
        (root / "etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n")
        for leftover in [*root.glob("var/cache/apt/archives/*.deb"), *root.glob("var/lib/apt/lists/*_*")]:
            leftover.unlink()
        container = answer("buildah", "from", "scratch")
        try:
            answer("buildah", "add", "--quiet", container, root, "/")
            answer("buildah", "config", "--cmd", "python3", container)
            answer("buildah", "commit", "--quiet", "--format", "docker", container, name)
        finally:
            answer("buildah", "rm", container)
    return name


def base_for_buildah(wanted: str = "") -> str:
    """Return a base that buildah can use: the wanted one, the usual one if a registry is reached, or one of our own making.

    Raises:
        ContainerError: if there is none.
    """
    if wanted:
        return wanted
    for name in (BASE, HOME_MADE_BASE):
        if not subprocess.run(["buildah", "inspect", "--type", "image", name], capture_output=True).returncode:
            return name
    pulled = subprocess.run(["buildah", "pull", "--quiet", BASE], capture_output=True, text=True)
    if not pulled.returncode:
        return BASE
    print(f"No image registry gives {BASE} here.", flush=True)
    return make_base()


class Unpacked:
    """An image as a folder, for running it without an engine: a container of buildah, removed at the end."""

    def __init__(self, name: str):
        self.container = answer("buildah", "from", "--pull-never", name)
        self.root = Path(answer("buildah", "mount", self.container))
        self.config = json.loads(answer("buildah", "inspect", "--type", "image", name))["Docker"]["config"]

    def __enter__(self) -> "Unpacked":
        return self

    def __exit__(self, *_) -> None:
        subprocess.run(["buildah", "umount", self.container], capture_output=True)
        subprocess.run(["buildah", "rm", self.container], capture_output=True)

    def command_line(self, command: Iterable[str] | None = None, environment: Mapping[str, str] | None = None, *,
                     entrypoint: bool = True, **options) -> list[str]:  # fmt: skip
        """Return the command line that runs the image's entrypoint with `command`, or `command` alone.

        Args:
            command: the image's own when None.
            environment: variables beside the image's.
            entrypoint: False to run `command` itself, as root unless told otherwise.
            options: as in `image_sandbox.command_line`.
        """
        variables = dict(line.split("=", 1) for line in self.config["Env"])
        words = list(self.config["Cmd"] if command is None else command)
        return image_sandbox.command_line(
            self.root, [*(self.config["Entrypoint"] if entrypoint else []), *words], variables | (environment or {}),
            folder=self.config["WorkingDir"], **options,
        )  # fmt: skip
