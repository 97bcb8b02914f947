"""A classroom hub for a trial: real processes under users of their own, passwords of its own, gone when it ends.

It starts docker/hub/jupyterhub_config.py as an instructor does, on free ports of this machine's loopback address. It needs
root, and JupyterHub and its proxy: run it with the environment that `make test-hub` makes.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib import util
from pathlib import Path
from typing import NamedTuple

import psutil
import requests

from tools.lessons.notebooks import ROOT
from tools.machine.hub_client import HubError, wait_for
from tools.machine.hub_environment import others_may, proxy_of

CONFIG = """
load_subconfig({config!r})
c = get_config()
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
"""


class Trial(NamedTuple):
    """A running hub: its address, the class's passwords by name, its folder, and the file of its log."""

    address: str
    passwords: dict[str, str]
    folder: Path
    log: Path


def why_not() -> str:
    """Return why a trial cannot be had on this machine, as a sentence, or ''."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "A hub with a user for each student must be started by root."
    missing = [name for name in ("jupyterhub", "jupyterhub_idle_culler", "escapism") if util.find_spec(name) is None]
    if missing:
        return f"Not installed here: {', '.join(missing)}. `make test-hub` makes an environment that has them."
    if not proxy_of(Path(sys.prefix)).exists() and not shutil.which("configurable-http-proxy"):
        return "configurable-http-proxy is not installed here. `make test-hub` installs it."
    for what, path, permission in (("Python", Path(sys.executable), os.X_OK), ("the course", ROOT / "utils" / "__init__.py", os.R_OK)):
        if not others_may(path, permission):
            return f"Students, who are users of their own, may not use {what} in {path}. Move it to a folder open to all, such as /opt."
    return ""


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback address on which nothing listens."""
    with contextlib.ExitStack() as probes:
        ports = []
        for _ in range(count):
            probe = probes.enter_context(socket.socket())
            probe.bind(("127.0.0.1", 0))
            ports.append(probe.getsockname()[1])
        return ports


@contextlib.contextmanager
def running(names: list[str], environment: Mapping[str, str] | None = None, patience: float = 120.0) -> Iterator[Trial]:
    """Start a hub for a class, and stop it with everything that it started.

    Args:
        names: the students; each gets a password.
        environment: settings to add or change, as docker/hub/class_settings.py lists them.
        patience: seconds to wait for the hub.

    Raises:
        HubError: if a trial is not possible here, or the hub does not start; the message ends with its log.
    """
    if reason := why_not():
        raise HubError(reason)
    folder = Path(tempfile.mkdtemp(prefix="course-hub-"))
    folder.chmod(0o711)  # students pass through it to their homes
    port, hub_port, proxy_port = free_ports(3)
    config, log = folder / "trial_config.py", folder / "hub.log"
    config.write_text(CONFIG.format(config=str(ROOT / "docker/hub/jupyterhub_config.py"), hub_port=hub_port, proxy_port=proxy_port))
    made = subprocess.run([sys.executable, ROOT / "docker/hub/class_passwords.py", folder / "class.passwords", *names],
                          text=True, capture_output=True, check=True)  # fmt: skip
    passwords = dict(line.split() for line in made.stdout.splitlines())
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COURSE_HUB_", "JUPYTERHUB_"))}
    settings = {
        "COURSE_HUB_AUTH": "passwords", "COURSE_HUB_PASSWORDS": str(folder / "class.passwords"), "COURSE_HUB_SPAWNER": "local",
        "COURSE_HUB_PORT": str(port), "COURSE_HUB_STATE": str(folder / "state"),
    }  # fmt: skip
    with open(log, "wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "jupyterhub", "--config", str(config)], cwd=folder, stdout=output,
                                   stderr=output, env=kept | settings | dict(environment or {}), start_new_session=True)  # fmt: skip
    address = f"http://127.0.0.1:{port}"

    def is_up() -> bool:
        if process.poll() is not None:
            raise HubError("it ended")
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{address}/hub/health", timeout=5, proxies={"http": ""}).ok
        return False

    try:
        try:
            wait_for("the hub", is_up, patience)
        except HubError as error:
            raise HubError(f"The hub did not start ({error}):\n{log.read_text(errors='replace')[-3000:]}") from None
        yield Trial(address, passwords, folder, log)
    finally:
        _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def _stop(process: subprocess.Popen) -> None:
    """End the hub, and whatever it started and has not ended itself."""
    try:
        started = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        started = []
    process.terminate()
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for left in started:
        with contextlib.suppress(psutil.NoSuchProcess):
            left.kill()
    psutil.wait_procs(started, timeout=30)
