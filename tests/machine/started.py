"""A JupyterLab that runs as `BROWSER=none make start` starts it."""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import free_port

from tools.machine import present


@contextlib.contextmanager
def jupyterlab(course: Path, **environment: str) -> Iterator[tuple[str, str]]:
    """Start JupyterLab in a copy of the course; give its address and token, and stop it afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.machine.start", "--port", str(free_port())], cwd=course, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ | {"BROWSER": "none"} | environment,
    )  # fmt: skip
    seen = []
    try:
        for line in process.stderr:
            seen.append(line)
            if match := re.search(r"(http://127\.0\.0\.1:\d+)/lab.*\?token=(\w+)", line):
                break
        else:
            pytest.fail(f"JupyterLab did not start:\n{''.join(seen)}")
        present.wait_for(match[1], match[2], process)  # it prints its address a moment before it accepts connections
        yield match[1], match[2]
    finally:
        process.terminate()
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:  # told to end in the midst of a request, it waits for that request's thread for ever
            process.kill()
            process.communicate()
