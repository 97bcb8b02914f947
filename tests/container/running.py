"""The image of these tests and how to run it; and what is measured of it."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

BASE = os.environ.get("COURSE_CONTAINER_BASE", "")
OWNER = (4321, 4322) if os.geteuid() == 0 else (os.getuid(), os.getgid())  # of a student's folder; unknown inside
TAG = "localhost/deep-learning-course-test:cpu"
BUILD_SECONDS, RUN_SECONDS, HEALTH_SECONDS = 1800, 900, 180  # after which it is given up
SCRATCH = ("/tmp", "/home/student")  # in memory, where the image's folder is read-only


class Volume(NamedTuple):
    """A folder of this machine as a container sees it."""

    source: Path
    target: str
    read_only: bool = False


def seconds_since(start: float) -> str:
    """Return the time since a reading of `time.monotonic`, in words."""
    return f"{time.monotonic() - start:.0f} s"


class Built:
    """The image of these tests, and how to run it."""

    def __init__(self, engine: str, name: str):
        self.engine, self.name = engine, name

    def answer(self, *command: str) -> str:
        """Return what a command of the engine prints; fail the test if it fails."""
        done = subprocess.run([self.engine, *command], capture_output=True, text=True)
        assert not done.returncode, done.stderr
        return done.stdout.strip()

    def inspect(self) -> dict:
        """Return what the engine knows of the image."""
        return json.loads(self.answer("image", "inspect", self.name))[0]

    def run(
        self, *command: str, check: bool = True, volumes: Sequence[Volume] = (), user: tuple[int, int] | None = None,
        environment: Mapping[str, str] | None = None, capabilities: Sequence[str] | None = None,
    ) -> subprocess.CompletedProcess:  # fmt: skip
        """Run a command in a new container with a read-only root and no network; fail the test if the command fails.

        Args:
            capabilities: all that root keeps, such as "setuid"; the engine's usual ones when None.
        """
        line = [self.engine, "run", "--rm", "--interactive", "--network", "none", "--read-only"]
        line += [part for path in SCRATCH for part in ("--tmpfs", path)]
        line += ["--user", f"{user[0]}:{user[1]}"] if user else []
        if capabilities is not None:
            line += ["--security-opt", "no-new-privileges", "--cap-drop", "ALL"]
            line += [part for name in capabilities for part in ("--cap-add", name.upper())]
        for volume in volumes:
            line += ["--volume", f"{volume.source}:{volume.target}{':ro' if volume.read_only else ''}"]
        for name, value in ({"COURSE_OFFLINE": "1"} | dict(environment or {})).items():
            line += ["--env", f"{name}={value}"]
        line += [self.name, *command]
        done = subprocess.run(line, capture_output=True, text=True, timeout=RUN_SECONDS, stdin=subprocess.DEVNULL)
        if check and done.returncode:
            said = f"{done.stdout[-6000:]}\n{done.stderr[-4000:]}"
            pytest.fail(f"{' '.join(command)[:200]} ended with status {done.returncode}\n{said}")
        return done

    def health(self, container: str) -> str:
        """Wait until the engine knows the health of a container: return "healthy" or "unhealthy"."""
        deadline = time.monotonic() + HEALTH_SECONDS
        while time.monotonic() < deadline:
            state = json.loads(self.answer("container", "inspect", container))[0]["State"]
            assert state["Running"], self.answer("logs", container)
            if state["Health"]["Status"] != "starting":
                return state["Health"]["Status"]
            threading.Event().wait(0.5)
        pytest.fail(f"no health after {HEALTH_SECONDS} s: {state['Health']}\n{self.answer('logs', container)}")
