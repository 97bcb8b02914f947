"""What a browser does with the classroom hub: log in, start a server, run cells through the kernel's websocket."""

import contextlib
import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote

import requests
import websocket

PAUSE = 0.2  # seconds between two looks at something that is waited for
PATIENCE = 300.0  # seconds to wait for a server, a kernel or a cell


class HubError(RuntimeError):
    """The hub did not do what was asked; the message says what was expected and what came."""


class CellResult(NamedTuple):
    """What a cell printed, its last value as text, and its error as 'Name: message' or ''."""

    printed: str
    value: str
    error: str


def wait_for(what: str, look: Callable[[], object], patience: float = PATIENCE):
    """Return the first true answer of `look`.

    Raises:
        HubError: if there is none within `patience` seconds.
    """
    deadline = time.monotonic() + patience
    while not (answer := look()):
        if time.monotonic() > deadline:
            raise HubError(f"{what}: not within {patience:g} seconds")
        time.sleep(PAUSE)
    return answer


class Hub:
    """One person, or one program, that talks to a hub."""

    def __init__(self, address: str, token: str = ""):
        """Args: the hub's address, such as http://127.0.0.1:8000; an API token, if not a person with a password."""
        self.address, self.session = address.rstrip("/"), requests.Session()
        self.session.trust_env = False  # a hub in the room is not behind a proxy
        self.session.headers["Sec-Fetch-Mode"] = "navigate"  # as a browser says when it opens a page
        if token:
            self.session.headers["Authorization"] = f"token {token}"

    def __enter__(self) -> "Hub":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; servers go on."""
        self.session.close()

    def log_in(self, name: str, password: str) -> None:
        """Log in on the hub's page.

        Raises:
            HubError: if the hub does not take name and password.
        """
        page = f"{self.address}/hub/login"
        self.session.get(page, timeout=PATIENCE)
        form = {"username": name, "password": password, "_xsrf": self.session.cookies.get("_xsrf", path="/hub/")}
        answer = self.session.post(page, data=form, timeout=PATIENCE, allow_redirects=False)
        if answer.status_code != 302:
            raise HubError(f"{name} was not let in: the hub answered {answer.status_code} {answer.reason}")

    def call(self, method: str, path: str, *, expected: tuple[int, ...] = (200, 201, 202, 204), **options) -> requests.Response:
        """Return the hub's or a server's answer to a request, `path` from the address on.

        Raises:
            HubError: if the answer's status is none of the expected.
        """
        cookie = "/hub/" if path.startswith("/hub/") else re.match(r"/user/[^/]+/|", path)[0]
        token = next((one.value for one in self.session.cookies if one.name == "_xsrf" and one.path == cookie), None)
        headers = {"Sec-Fetch-Mode": "same-origin"} | ({"X-XSRFToken": token} if token else {})
        answer = self.session.request(method, self.address + path, headers=headers, timeout=PATIENCE, **options)
        if answer.status_code not in expected:
            raise HubError(f"{method} {path}: expected {expected}, the answer was {answer.status_code} {answer.text[:300]}")
        return answer

    def model(self, name: str) -> dict:
        """Return what the hub knows of a user: the servers that run, when they were used."""
        return self.call("GET", f"/hub/api/users/{quote(name)}").json()

    def is_running(self, name: str) -> bool:
        """Whether the user's server answers."""
        return bool(self.model(name)["servers"].get("", {}).get("ready"))

    def start_server(self, name: str) -> "Server":
        """Start the user's server and return it when it answers.

        Raises:
            HubError: if it does not start in time.
        """
        self.call("POST", f"/hub/api/users/{quote(name)}/server")
        self._follow_the_start(name)
        server = Server(self, name)
        self.session.get(f"{self.address}{server.base}api/status", timeout=PATIENCE)  # trades the hub's cookie for the server's
        self.session.get(f"{self.address}{server.base}lab", timeout=PATIENCE)  # brings the cookie against forged requests
        return server

    def _follow_the_start(self, name: str) -> None:
        """Return when the hub says that the server answers: it pushes every step, so waiting costs it nothing."""
        with self.call("GET", f"/hub/api/users/{quote(name)}/server/progress", stream=True) as steps:
            for line in steps.iter_lines(decode_unicode=True):
                step = json.loads(line[len("data:"):]) if line.startswith("data:") else {}
                if step.get("failed"):
                    raise HubError(f"the server of {name} did not start: {step.get('message', 'the hub gives no reason')}")
                if step.get("ready"):
                    return
        raise HubError(f"the hub stopped telling how the server of {name} starts; its log says why")

    def stop_server(self, name: str) -> None:
        """Stop the user's server and return when it has stopped."""
        self.call("DELETE", f"/hub/api/users/{quote(name)}/server", expected=(202, 204))
        wait_for(f"the end of the server of {name}", lambda: not self.model(name)["servers"])


class Server:
    """One user's Jupyter server, reached through the hub."""

    def __init__(self, hub: Hub, name: str):
        self.hub, self.base = hub, f"/user/{quote(name)}/"

    def start_kernel(self) -> "Kernel":
        """Start a kernel in the folder of the notebooks and return it; its first cell waits until it is ready."""
        made = self.hub.call("POST", f"{self.base}api/kernels", json={"name": "python3", "path": "notebooks"})
        return Kernel(self, made.json()["id"])


class Kernel:
    """A running kernel. Every cell opens a connection of its own: an idle one is closed by the server after a while."""

    def __init__(self, server: Server, kernel_id: str):
        self.path = f"{server.base}api/kernels/{kernel_id}"
        self.hub = server.hub

    def _connect(self) -> websocket.WebSocket:
        page = requests.Request("GET", self.hub.address + self.path)
        token = self.hub.session.headers.get("Authorization")
        return websocket.create_connection(
            re.sub("^http", "ws", self.hub.address) + f"{self.path}/channels", timeout=PATIENCE, http_no_proxy=["*"],
            cookie=requests.cookies.get_cookie_header(self.hub.session.cookies, page), suppress_origin=True,
            header={"Sec-Fetch-Mode": "websocket"} | ({"Authorization": token} if token else {}),
        )  # fmt: skip

    def _connect_when_ready(self, deadline: float, code: str) -> websocket.WebSocket:
        """Return a connection on which the kernel has answered.

        While a kernel starts slowly the server does not listen, and may close the connection; a browser then tries again.
        """
        while True:
            with contextlib.ExitStack() as undone:
                try:
                    connection = undone.enter_context(contextlib.closing(self._connect()))
                    list(_answers(connection, _request("kernel_info_request", {}), deadline, code))
                    undone.pop_all()
                    return connection
                except (HubError, websocket.WebSocketException, OSError) as error:
                    if time.monotonic() > deadline:
                        raise HubError(f"the kernel did not answer: {error}") from None
            time.sleep(PAUSE)

    def run(self, code: str, patience: float = PATIENCE) -> CellResult:
        """Run a cell and return what it gave.

        Raises:
            HubError: if it takes longer than `patience` seconds, or the kernel dies.
        """
        deadline = time.monotonic() + patience
        request = _request("execute_request", {
            "code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False})  # fmt: skip
        printed, value, error = [], "", ""
        with contextlib.closing(self._connect_when_ready(deadline, code)) as connection:
            for message in _answers(connection, request, deadline, code):
                kind, content = message["msg_type"], message["content"]
                if kind == "stream":
                    printed.append(content["text"])
                elif kind == "execute_result":
                    value = content["data"].get("text/plain", "")
                elif kind == "error":
                    error = f"{content['ename']}: {content['evalue']}"
        return CellResult("".join(printed), value, error)


def _request(kind: str, content: dict) -> dict:
    """Return a message to a kernel (Jupyter's messaging protocol, version 5)."""
    identifier = uuid.uuid4().hex
    header = {"msg_id": identifier, "username": "", "session": identifier, "msg_type": kind, "version": "5.3"}
    return {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}


def _answers(connection: websocket.WebSocket, request: dict, deadline: float, code: str) -> Iterator[dict]:
    """Send a request and yield what the kernel says of it, up to its reply and to its being idle again."""
    try:
        connection.send(json.dumps(request))
    except (websocket.WebSocketException, OSError) as error:
        raise HubError(f"the connection broke before the cell {code[:80]!r} ({error})") from None
    missing = {request["header"]["msg_type"].replace("_request", "_reply"), "idle"}
    while missing:
        message = _receive(connection, deadline, code)
        state = message["content"].get("execution_state") if message["msg_type"] == "status" else None
        if state in ("dead", "restarting"):
            raise HubError(f"the kernel died in {code[:80]!r}")
        if message["parent_header"].get("msg_id") == request["header"]["msg_id"]:
            yield message
            missing -= {message["msg_type"], state}


def _receive(connection: websocket.WebSocket, deadline: float, code: str) -> dict:
    connection.settimeout(max(0.01, deadline - time.monotonic()))
    try:
        message = connection.recv()
    except (websocket.WebSocketException, OSError) as error:
        message, reason = "", f"{type(error).__name__}: {error}"
    else:
        reason = "the connection was closed"
    if not message:
        raise HubError(f"no answer to the cell {code[:80]!r} ({reason})")
    return json.loads(message)
