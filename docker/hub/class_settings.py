"""What the instructor decides about the classroom hub: read from environment variables, checked before anything starts.

| variable | what it says | when it is not set |
|---|---|---|
| COURSE_HUB_AUTH | how students log in: `passwords`, `native` or `oauth` | the hub does not start |
| COURSE_HUB_PASSWORDS | for `passwords`: the file that class_passwords.py made | |
| COURSE_HUB_USERS | for `oauth`: who may come in, names with commas between | |
| COURSE_HUB_OAUTH, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, OAUTH_CALLBACK_URL | for `oauth`: the provider, and what it gave you | |
| COURSE_HUB_ADMINS | who may start and stop other people's servers | nobody (needed for `native`) |
| COURSE_HUB_SPAWNER | `docker`: a container for each student; `local`: processes, for a trial | docker |
| COURSE_HUB_IMAGE | the image of the containers | deep-learning-course:cpu |
| COURSE_HUB_GPU | 1: containers get the machine's NVIDIA GPUs, which they share | no GPU |
| COURSE_HUB_ADDRESS, COURSE_HUB_PORT | where the hub listens | 127.0.0.1, 8000 |
| COURSE_HUB_CERTIFICATE, COURSE_HUB_KEY | files for HTTPS | |
| COURSE_HUB_PLAIN_HTTP | 1: passwords may cross the network unencrypted (a TLS proxy in front, or a closed room) | no |
| COURSE_HUB_STATE | folder for accounts and, with `local`, the students' files | /srv/course-hub for root |
| COURSE_HUB_DATA | the folder with the lesson data, which all students read | COURSE_DATA, or data/cache |
| COURSE_HUB_MEMORY, COURSE_HUB_CPU | the most that one student gets, in GB and cores | 4, 2 |
| COURSE_HUB_IDLE_SECONDS | after so long without use a server is stopped; its files stay | 3600 |
| COURSE_HUB_LOAD_TOKEN | lets tools/machine/hub_load.py in, under this secret of 32 characters or more | no load test |
"""

import contextlib
import math
import os
import sqlite3
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

COURSE = Path(__file__).resolve().parents[2]
SPAWNERS = ("docker", "local")
AUTHENTICATIONS = {
    "passwords": "a file with a name and a password for each student, made by docker/hub/class_passwords.py",
    "native": "students sign up on the hub's page and the instructor lets each of them in",
    "oauth": "the school's own accounts",
}
LOOPBACK = ("127.0.0.1", "::1", "localhost")

# Measured: a student's server takes about 155 MB, its kernel with TensorFlow about 650 MB, a lesson less than 3 GB at
# its peak. The guarantee is what everybody needs at once; the limit is one lesson at its peak, a server and a spare kernel.
MEMORY_GUARANTEE_GB, MEMORY_LIMIT_GB = 1.0, 4.0
CPU_GUARANTEE, CPU_LIMIT = 0.5, 2.0


class SettingsError(ValueError):
    """The hub cannot start with these settings; the message names every one that is wrong, and the way out."""


@dataclass(frozen=True)
class Settings:
    """The checked settings; units are in the names. `certificate` and `key` are both given or both None."""

    authentication: str
    spawner: str
    address: str
    port: int
    certificate: Path | None
    key: Path | None
    state: Path
    data: Path
    image: str
    gpu: bool
    memory_limit_gb: float
    cpu_limit: float
    idle_seconds: int
    passwords: Path | None
    users: frozenset[str]
    admins: frozenset[str]
    load_token: str

    @property
    def threads(self) -> int:
        """How many threads a computation should use: TensorFlow counts the machine's cores, not a container's share."""
        return max(1, math.floor(self.cpu_limit))


def read(environment: Mapping[str, str] = os.environ, *, is_root: bool | None = None) -> Settings:
    """Return the settings.

    Args:
        environment: where the variables are.
        is_root: whether this process may start others under other users; asked of the system when None.

    Raises:
        SettingsError: if any is missing or makes no sense.
    """
    if is_root is None:
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return _Reader(environment, is_root).settings()


def why_students_cannot_start(python: Path, course: Path, data: Path) -> str:
    """Return why a user who owns nothing here could not run a server, as a sentence, or ''.

    Args:
        python, course, data: what every student executes and reads.
    """
    for path in (python, course, data):
        real = path.resolve()
        closed = [folder for folder in (real, *real.parents) if not folder.stat().st_mode & stat.S_IXOTH]
        if closed:
            return (
                f"Students, who are users of their own, cannot reach {path}: {closed[-1]} is closed to others. Put the course into a "
                "folder that is open to all, such as /opt/course, and make its environment there (make start)."
            )
    return ""


def instructors_without_account(database: Path, admins: frozenset[str]) -> set[str]:
    """Return the administrators who have not signed up yet. Whoever signs up first under such a name has its rights.

    Args:
        database: the hub's SQLite file, which need not exist yet.
        admins: their names.
    """
    if not database.exists():
        return set(admins)
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            signed_up = {name for (name,) in connection.execute("SELECT username FROM users_info")}  # NativeAuthenticator's
        except sqlite3.OperationalError:
            signed_up = set()
    return set(admins) - signed_up


class _Reader:
    def __init__(self, environment: Mapping[str, str], is_root: bool):
        self.environment, self.is_root, self.wrong = environment, is_root, []

    def text(self, name: str, otherwise: str = "") -> str:
        return self.environment.get(name, "").strip() or otherwise

    def yes(self, name: str) -> bool:
        return self.text(name, "0").lower() not in ("0", "false", "no", "off")

    def names(self, name: str) -> frozenset[str]:
        return frozenset(word.strip().lower() for word in self.text(name).split(",") if word.strip())

    def number(self, name: str, otherwise: float, lowest: float, unit: str) -> float:
        text = self.text(name)
        try:
            value = float(text) if text else otherwise
        except ValueError:
            value = math.nan
        if not lowest <= value < math.inf:
            self.wrong.append(f"{name}={text!r} is not a number of {unit} from {lowest:g} on.")
            return otherwise
        return value

    def file(self, name: str) -> Path | None:
        text = self.text(name)
        if not text:
            return None
        path = Path(text).expanduser().absolute()
        if not path.is_file():
            self.wrong.append(f"{name}={text} is not a file.")
        return path

    def settings(self) -> Settings:
        authentication, users, admins = self.authentication()
        certificate, key = self.encryption()
        state = Path(self.text("COURSE_HUB_STATE", "/srv/course-hub" if self.is_root else "~/.course-hub"))
        data = Path(self.text("COURSE_HUB_DATA") or self.text("COURSE_DATA") or COURSE / "data" / "cache")
        if not data.expanduser().is_dir():
            self.wrong.append(f"There is no folder {data} with the lesson data. Fetch it first (make data), or name it: COURSE_HUB_DATA.")
        token = self.text("COURSE_HUB_LOAD_TOKEN")
        if token and len(token) < 32:
            self.wrong.append("COURSE_HUB_LOAD_TOKEN is shorter than 32 characters. Make one: openssl rand -hex 32")
        result = Settings(
            authentication=authentication, spawner=self.spawner(), address=self.text("COURSE_HUB_ADDRESS", "127.0.0.1"),
            port=int(self.number("COURSE_HUB_PORT", 8000, 1, "a port")), certificate=certificate, key=key,
            state=state.expanduser().absolute(), data=data.expanduser().absolute(),
            image=self.text("COURSE_HUB_IMAGE", "deep-learning-course:cpu"), gpu=self.yes("COURSE_HUB_GPU"),
            memory_limit_gb=self.number("COURSE_HUB_MEMORY", MEMORY_LIMIT_GB, MEMORY_GUARANTEE_GB, "GB"),
            cpu_limit=self.number("COURSE_HUB_CPU", CPU_LIMIT, CPU_GUARANTEE, "cores"),
            idle_seconds=int(self.number("COURSE_HUB_IDLE_SECONDS", 3600, 1, "seconds")),
            passwords=self.file("COURSE_HUB_PASSWORDS"), users=users, admins=admins, load_token=token,
        )  # fmt: skip
        if self.wrong:
            raise SettingsError("The classroom hub does not start:\n" + "\n".join(f"- {sentence}" for sentence in self.wrong))
        return result

    def authentication(self) -> tuple[str, frozenset[str], frozenset[str]]:
        chosen, users, admins = self.text("COURSE_HUB_AUTH"), self.names("COURSE_HUB_USERS"), self.names("COURSE_HUB_ADMINS")
        choices = "; ".join(f"{name}: {what}" for name, what in AUTHENTICATIONS.items())
        if not chosen:
            self.wrong.append(f"Nobody has decided how students log in, and a hub is never open. Set COURSE_HUB_AUTH. {choices}.")
        elif chosen == "dummy":
            self.wrong.append(f"COURSE_HUB_AUTH=dummy would let anybody in under any name. Take another: {choices}.")
        elif chosen not in AUTHENTICATIONS:
            self.wrong.append(f"COURSE_HUB_AUTH={chosen!r} is unknown. {choices}.")
        if chosen == "passwords" and not self.text("COURSE_HUB_PASSWORDS"):
            self.wrong.append("COURSE_HUB_AUTH=passwords needs COURSE_HUB_PASSWORDS, the file that class_passwords.py made.")
        if chosen == "native" and not admins:
            self.wrong.append("COURSE_HUB_AUTH=native needs COURSE_HUB_ADMINS: somebody must let the students in.")
        if chosen == "oauth":
            needed = ("COURSE_HUB_OAUTH", "OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET", "OAUTH_CALLBACK_URL")
            missing = [name for name in needed if not self.text(name)]
            if missing:
                self.wrong.append(
                    f"COURSE_HUB_AUTH=oauth needs {', '.join(missing)} too. COURSE_HUB_OAUTH is a provider that oauthenticator "
                    "knows, such as google, github, azuread or generic-oauth."
                )
            if not users:
                self.wrong.append("COURSE_HUB_AUTH=oauth without COURSE_HUB_USERS would let in everybody who has an account there.")
        return chosen, users, admins

    def encryption(self) -> tuple[Path | None, Path | None]:
        certificate, key = self.file("COURSE_HUB_CERTIFICATE"), self.file("COURSE_HUB_KEY")
        if (certificate is None) != (key is None):
            self.wrong.append("COURSE_HUB_CERTIFICATE and COURSE_HUB_KEY belong together; only one is set.")
        address = self.text("COURSE_HUB_ADDRESS", "127.0.0.1")
        if address not in LOOPBACK and certificate is None and not self.yes("COURSE_HUB_PLAIN_HTTP"):
            self.wrong.append(
                f"On {address} passwords would cross the network unencrypted. Give COURSE_HUB_CERTIFICATE and COURSE_HUB_KEY, "
                "or accept it with COURSE_HUB_PLAIN_HTTP=1: behind a proxy that encrypts, or in a room whose network is yours."
            )
        return certificate, key

    def spawner(self) -> str:
        chosen = self.text("COURSE_HUB_SPAWNER", "docker")
        if chosen not in SPAWNERS:
            self.wrong.append(f"COURSE_HUB_SPAWNER={chosen!r} is unknown; there are {' and '.join(SPAWNERS)}.")
        if chosen == "local" and not self.is_root:
            self.wrong.append(
                "COURSE_HUB_SPAWNER=local must be started by root (sudo): only then does each student get a user of their own, "
                "and students cannot read each other's files."
            )
        return chosen
