"""The image of these tests, run by an engine or, if buildah built it, by `tools.machine.image_sandbox`; and what is measured of it."""

import subprocess
import time
from collections.abc import Mapping, Sequence

import pytest

from tools.machine import engines, image_sandbox

TAG = "localhost/deep-learning-course-test:cpu"
BUILD_SECONDS, RUN_SECONDS = 1800, 900  # after which a build or a command is given up
SCRATCH = ("/tmp", "/home/student")  # in memory, where the image's folder is read-only


def seconds_since(start: float) -> str:
    """Return the time since a reading of `time.monotonic`, in words."""
    return f"{time.monotonic() - start:.0f} s"


class Built:
    """The image of these tests, and how to run it."""

    def __init__(self, engine: str, name: str):
        self.engine, self.name = engine, name
        self._unpacked = engines.Unpacked(name) if engine == "buildah" else None

    def close(self) -> None:
        if self._unpacked:
            self._unpacked.__exit__()

    def command_line(
        self, *command: str, volumes: Sequence[image_sandbox.Volume] = (), network: bool = False, read_only: bool = True,
        user: tuple[int, int] | None = None, environment: Mapping[str, str] | None = None, capabilities: Sequence[str] | None = None,
    ) -> list[str]:  # fmt: skip
        """Return the command line that runs `command` through the image's entrypoint.

        Args:
            capabilities: all that root keeps, such as "setuid"; the engine's usual ones when None.
        """
        environment = {"COURSE_OFFLINE": "1"} | dict(environment or {})
        if self._unpacked:
            words = [*self._unpacked.config["Entrypoint"], *command]
            if capabilities is not None:
                kept = "".join(f",+{name}" for name in capabilities)
                words = ["setpriv", "--no-new-privs", "--bounding-set", f"-all{kept}", *words]
            return self._unpacked.command_line(
                words, environment, entrypoint=False, volumes=volumes, network=network, read_only=read_only, user=user,
                scratch=SCRATCH if read_only else ("/tmp",),
            )  # fmt: skip
        line = [self.engine, "run", "--rm", "--interactive"]
        line += [] if network else ["--network", "none"]
        line += ["--read-only", *(part for path in SCRATCH for part in ("--tmpfs", path))] if read_only else []
        line += ["--user", f"{user[0]}:{user[1]}"] if user else []
        if capabilities is not None:
            line += ["--security-opt", "no-new-privileges", "--cap-drop", "ALL"]
            line += [part for name in capabilities for part in ("--cap-add", name.upper())]
        for volume in volumes:
            line += ["--volume", f"{volume.source}:{volume.target}{':ro' if volume.read_only else ''}"]
        for name, value in environment.items():
            line += ["--env", f"{name}={value}"]
        return [*line, self.name, *command]

    def run(self, *command: str, check: bool = True, **options) -> subprocess.CompletedProcess:
        """Run a command in a new container and return what it printed; fail the test if it fails."""
        done = subprocess.run(
            self.command_line(*command, **options), capture_output=True, text=True, timeout=RUN_SECONDS, stdin=subprocess.DEVNULL
        )
        if check and done.returncode:
            pytest.fail(f"{' '.join(command)[:200]} ended with status {done.returncode}\n{done.stdout[-6000:]}\n{done.stderr[-4000:]}")
        return done


def report_size(engine: str, name: str) -> str:
    """Return the size of an image in words."""
    if engine == "buildah":
        listed = engines.answer("buildah", "images", "--format", "{{.Size}}", name)
        return listed.splitlines()[0]
    return f"{int(engines.answer(engine, 'image', 'inspect', '--format', '{{.Size}}', name)) / 1e9:.2f} GB"
