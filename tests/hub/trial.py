"""A classroom hub for a trial, and what a browser does with it: log in, start a server, run cells.

The hub is docker/hub/jupyterhub_config.py as an instructor starts it: real processes under users of their own, on free
ports of this machine's loopback address, with passwords of its own. It is gone when the trial ends.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from importlib import util
from pathlib import Path
from typing import NamedTuple

import requests
import websocket

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300.0  # seconds to wait for a hub, a server, a kernel or a cell
CONFIG = """
load_subconfig({config!r})
c = get_config()
c.JupyterHub.hub_port = {ports[1]}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.Authenticator.auth_refresh_age = 1
"""


class HubError(RuntimeError):
    """The hub did not do what was asked; the message says what came instead."""


class Trial(NamedTuple):
    """A running hub: its address, the class's passwords by name, its folder, and the file of its log."""

    address: str
    passwords: dict[str, str]
    folder: Path
    log: Path


def wait_for(what: str, look: Callable[[], object], patience: float = PATIENCE):
    """Return the first true answer of `look`; raise HubError if there is none within `patience` seconds."""
    deadline = time.monotonic() + patience
    while not (answer := look()):
        if time.monotonic() > deadline:
            raise HubError(f"{what}: not within {patience:g} seconds")
        time.sleep(0.2)
    return answer


class Person(contextlib.AbstractContextManager):
    """Somebody's browser, or a program with a token; and the one server and kernel that it starts."""

    def __init__(self, address: str, name: str, token: str = ""):
        """Args: the hub's address, such as http://127.0.0.1:8000; whose server it is; a token, if not a person."""
        self.address, self.name, self.browser = address.rstrip("/"), name, requests.Session()
        self.browser.trust_env = False  # a hub in the room is not behind a proxy
        self.use(token)

    def __exit__(self, *_) -> None:
        self.browser.close()

    def use(self, token: str) -> None:
        """Say to the hub and to servers by a token who it is."""
        self.header = {"Authorization": f"token {token}"}

    def fill_in(self, page: str, **fields: str) -> requests.Response:
        """Open a page of the hub, fill in its form, and return what comes."""
        self.browser.get(f"{self.address}/hub/{page}", headers={"Sec-Fetch-Mode": "navigate"}, timeout=PATIENCE)
        fields["_xsrf"] = self.browser.cookies.get("_xsrf", path="/hub/")
        return self.browser.post(f"{self.address}/hub/{page}", data=fields, timeout=PATIENCE, allow_redirects=False)

    def log_in(self, password: str) -> None:
        """Log in on the hub's page, and get a token with the same password. Raises HubError if not let in."""
        answer = self.fill_in("login", username=self.name, password=password)
        if answer.status_code != 302:
            raise HubError(f"{self.name} was not let in: the hub answered {answer.status_code}")
        given = {"auth": {"username": self.name, "password": password}}
        self.use(self.call("POST", f"/hub/api/users/{self.name}/tokens", json=given).json()["token"])

    def call(self, method: str, path: str, **options) -> requests.Response:
        """Return the answer of the hub or a server, `path` from the address on. Raises HubError if it is a refusal."""
        options |= {"headers": self.header, "timeout": PATIENCE, "proxies": {"http": ""}}
        answer = requests.request(method, self.address + path, **options)
        if not answer.ok:
            raise HubError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    def servers(self) -> dict:
        """Return what the hub knows of the servers that run."""
        return self.call("GET", f"/hub/api/users/{self.name}").json()["servers"]

    def start_server(self) -> None:
        """Start the server and return when it answers: the hub pushes every step, so waiting costs it nothing."""
        self.call("POST", f"/hub/api/users/{self.name}/server")
        with self.call("GET", f"/hub/api/users/{self.name}/server/progress", stream=True) as steps:
            for line in steps.iter_lines(decode_unicode=True):
                step = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if step.get("ready"):
                    return
        raise HubError(f"the server of {self.name} did not start: {step.get('message', 'the log says why')}")

    def stop_server(self) -> None:
        """Stop the server and return when it has stopped."""
        path = f"/hub/api/users/{self.name}/server"
        wait_for("the end of a server", lambda: self.call("DELETE", path).status_code == 204)

    def start_kernel(self) -> None:
        """Start a kernel in the folder of the notebooks; the first cell waits until it is ready."""
        made = self.call("POST", f"/user/{self.name}/api/kernels", json={"name": "python3", "path": "notebooks"})
        self.channels = f"/user/{self.name}/api/kernels/{made.json()['id']}/channels"

    def _connect(self) -> websocket.WebSocket | None:
        """Return a connection on which the kernel has answered; while it starts, the server may close it, so None."""
        with contextlib.suppress(websocket.WebSocketException, OSError):
            connection = websocket.create_connection(
                self.address.replace("http", "ws", 1) + self.channels,
                timeout=PATIENCE, header=self.header, http_no_proxy=["*"],
            )  # fmt: skip
            list(_answers(connection, "kernel_info", {}))
            return connection

    def run(self, code: str) -> str:
        """Run a cell and return what it printed. Raises HubError, 'Name: message', if it fails, or the kernel does."""
        with contextlib.closing(wait_for("the kernel", self._connect)) as connection:
            try:
                answers = list(_answers(connection, "execute", {"code": code}))
            except (websocket.WebSocketException, OSError, ValueError) as error:
                raise HubError(f"no answer to the cell {code[:80]!r} ({error})") from None
        for kind, content in answers:
            if kind == "error":
                raise HubError(f"{content['ename']}: {content['evalue']} in the cell {code[:80]!r}")
        return "".join(content["text"] for kind, content in answers if kind == "stream")


def _answers(connection: websocket.WebSocket, kind: str, content: dict) -> Iterator[tuple[str, dict]]:
    """Send a request (Jupyter's messaging protocol) and yield what is said of it, up to the reply and to being idle."""
    header = {"msg_id": uuid.uuid4().hex, "username": "", "session": "trial", "msg_type": f"{kind}_request"}
    request = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
    connection.send(json.dumps(request))
    missing = {f"{kind}_reply", "idle"}
    while missing:
        message = json.loads(connection.recv())
        state = message["content"].get("execution_state")
        if state in ("dead", "restarting"):
            raise HubError("the kernel died")
        if message["parent_header"].get("msg_id") == header["msg_id"]:
            yield message["msg_type"], message["content"]
            missing -= {message["msg_type"], state}


def why_not() -> str:
    """Return why a trial cannot be had here, as a sentence, or ''."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "A hub with a user for each student must be started by root."
    return "" if util.find_spec("jupyterhub") else "JupyterHub is not installed here; `make test-hub` installs it."


@contextlib.contextmanager
def running(names: list[str], environment: Mapping[str, str] | None = None) -> Iterator[Trial]:
    """Start a hub for a class, and stop it with everything that it started.

    Args:
        names: the students; each gets a password.
        environment: settings to add or change, as docker/hub/class_settings.py lists them.

    Raises:
        HubError: if a trial is not possible here, or the hub does not start; the message ends with its log.
    """
    if reason := why_not():
        raise HubError(reason)
    with contextlib.ExitStack() as at_the_end:
        temporary = tempfile.TemporaryDirectory(prefix="course-hub-", ignore_cleanup_errors=True)
        folder = Path(at_the_end.enter_context(temporary))
        folder.chmod(0o711)  # students pass through it to their homes
        slips, config, log = folder / "class.passwords", folder / "trial_config.py", folder / "hub.log"
        make = [sys.executable, ROOT / "docker/hub/class_passwords.py", slips, *names]
        printed = subprocess.run(make, text=True, capture_output=True, check=True).stdout
        with contextlib.ExitStack() as probes:
            free = [probes.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(3)]
        address = f"http://127.0.0.1:{free[0]}"
        config.write_text(CONFIG.format(config=str(ROOT / "docker/hub/jupyterhub_config.py"), ports=free))
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("COURSE_HUB_", "JUPYTERHUB_"))}
        settings = kept | {
            "COURSE_HUB_AUTH": "passwords", "COURSE_HUB_PASSWORDS": str(slips), "COURSE_HUB_SPAWNER": "local",
            "COURSE_HUB_PORT": str(free[0]), "COURSE_HUB_STATE": str(folder / "state"), **(environment or {}),
        }  # fmt: skip
        output = at_the_end.enter_context(open(log, "wb"))
        command = [sys.executable, "-m", "jupyterhub", "--config", config]
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, env=settings)
        at_the_end.callback(process.wait, timeout=PATIENCE)
        at_the_end.callback(process.terminate)  # it ends what it has started

        def is_up() -> bool:
            if process.poll() is not None:
                raise HubError(f"The hub did not start:\n{log.read_text(errors='replace')[-3000:]}")
            with contextlib.suppress(requests.RequestException):
                return requests.get(f"{address}/hub/health", timeout=5, proxies={"http": ""}).ok

        wait_for("the hub", is_up)
        yield Trial(address, dict(line.split() for line in printed.splitlines()), folder, log)
