"""A JupyterLab that runs as `BROWSER=none make start` starts it."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.machine import ports


def wait_until_it_listens(port, tries=200):
    """JupyterLab prints its address a moment before it accepts connections."""
    for _ in range(tries):
        with socket.socket() as probe:
            if probe.connect_ex((ports.HOST, port)) == 0:
                return
        threading.Event().wait(0.05)
    pytest.fail(f"nothing listens on port {port}")


@contextlib.contextmanager
def jupyterlab(course: Path, **environment: str) -> Iterator[tuple[str, str]]:
    """Start JupyterLab in a copy of the course; give its address and token, and stop it afterwards."""
    with socket.socket() as probe:
        probe.bind((ports.HOST, 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.machine.start", "--port", str(port)], cwd=course, text=True,
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
        wait_until_it_listens(port)
        yield match[1], match[2]
    finally:
        process.terminate()
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:  # told to end in the midst of a request, it waits for that request's thread for ever
            process.kill()
            process.communicate()
