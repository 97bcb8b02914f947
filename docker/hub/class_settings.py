"""What the instructor decides about the classroom hub: read from environment variables, checked before anything starts.

| variable | what it says | when it is not set |
|---|---|---|
| COURSE_HUB_AUTH | how students log in: `passwords`, `native` or `oauth` | the hub does not start |
| COURSE_HUB_PASSWORDS | for `passwords`: the file that class_passwords.py made | |
| COURSE_HUB_USERS | for `oauth`: who may come in, names with commas between | |
| COURSE_HUB_OAUTH | for `oauth`: the provider, as oauthenticator calls it | |
| OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, OAUTH_CALLBACK_URL | for `oauth`: what the provider gave you | |
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
| COURSE_HUB_LOAD_TOKEN | lets benchmarks/hub_load.py in, under this secret of 32 characters or more | no load trial |
"""

import contextlib
import math
import os
import sqlite3
import stat
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

COURSE = Path(__file__).resolve().parents[2]
LOOPBACK = ("127.0.0.1", "::1", "localhost")

# Measured: a student's server takes about 155 MB, its kernel with TensorFlow about 650 MB, a lesson less than 3 GB at
# its peak. The guarantee is what everybody needs at once; the limit is such a lesson, a server and a spare kernel.
MEMORY_GUARANTEE_GB, MEMORY_LIMIT_GB = 1.0, 4.0
CPU_GUARANTEE, CPU_LIMIT = 0.5, 2.0


class SettingsError(SystemExit):
    """The hub cannot start like this, and ends; the message names what is wrong, and the way out."""


def read(environment: Mapping[str, str] = os.environ, *, is_root: bool | None = None) -> SimpleNamespace:
    """Return the settings, one attribute for each; names are lower-case sets, files and folders absolute paths or None.

    Args:
        environment: where the variables are.
        is_root: whether this process may start others under other users; asked of the system when None.

    Raises:
        SettingsError: if any is missing or makes no sense.
    """
    wrong = []

    def text(name: str, otherwise: str = "") -> str:
        return environment.get(name, "").strip() or otherwise

    def yes(name: str) -> bool:
        return text(name, "0").lower() not in ("0", "false", "no", "off")

    def names(name: str) -> frozenset[str]:
        return frozenset(text(name).lower().replace(",", " ").split())

    def path(name: str, otherwise: str = "") -> Path | None:
        chosen = text(name, otherwise)
        return Path(chosen).expanduser().absolute() if chosen else None

    def number(name: str, otherwise: float, lowest: float, unit: str) -> float:
        with contextlib.suppress(ValueError):
            if lowest <= (value := float(text(name, str(otherwise)))) < math.inf:
                return value
        wrong.append(f"{name}={text(name)!r} is not a number of {unit} from {lowest:g} on.")
        return otherwise

    if is_root is None:
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    settings = SimpleNamespace(
        authentication=text("COURSE_HUB_AUTH"), passwords=path("COURSE_HUB_PASSWORDS"),
        oauth_provider=text("COURSE_HUB_OAUTH"), users=names("COURSE_HUB_USERS"), admins=names("COURSE_HUB_ADMINS"),
        spawner=text("COURSE_HUB_SPAWNER", "docker"), load_token=text("COURSE_HUB_LOAD_TOKEN"),
        image=text("COURSE_HUB_IMAGE", "deep-learning-course:cpu"), gpu=yes("COURSE_HUB_GPU"),
        address=text("COURSE_HUB_ADDRESS", "127.0.0.1"), port=int(number("COURSE_HUB_PORT", 8000, 1, "a port")),
        certificate=path("COURSE_HUB_CERTIFICATE"), key=path("COURSE_HUB_KEY"),
        state=path("COURSE_HUB_STATE", "/srv/course-hub" if is_root else "~/.course-hub"),
        data=path("COURSE_HUB_DATA", text("COURSE_DATA", str(COURSE / "data" / "cache"))),
        memory_limit_gb=number("COURSE_HUB_MEMORY", MEMORY_LIMIT_GB, MEMORY_GUARANTEE_GB, "GB"),
        cpu_limit=number("COURSE_HUB_CPU", CPU_LIMIT, CPU_GUARANTEE, "cores"),
        idle_seconds=int(number("COURSE_HUB_IDLE_SECONDS", 3600, 1, "seconds")),
    )  # fmt: skip
    needed = ("COURSE_HUB_OAUTH", "OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET", "OAUTH_CALLBACK_URL")
    missing = ", ".join(name for name in needed if not text(name))
    encrypted = settings.certificate or yes("COURSE_HUB_PLAIN_HTTP")
    wrong += [sentence for is_wrong, sentence in (
        (settings.authentication not in ("passwords", "native", "oauth"),
         "Nobody has decided how students log in, and a hub is never open. Set COURSE_HUB_AUTH, now "
         f"{settings.authentication!r}. passwords: a file with a name and a password for each student, made by "
         "docker/hub/class_passwords.py; native: students sign up on the hub's page and the instructor lets each of "
         "them in; oauth: the school's own accounts."),
        (settings.authentication == "passwords" and not settings.passwords,
         "COURSE_HUB_AUTH=passwords needs COURSE_HUB_PASSWORDS, the file that class_passwords.py made."),
        (settings.authentication == "native" and not settings.admins,
         "COURSE_HUB_AUTH=native needs COURSE_HUB_ADMINS: somebody must let the students in."),
        (settings.authentication == "oauth" and missing,
         f"COURSE_HUB_AUTH=oauth needs {missing} too. COURSE_HUB_OAUTH is a provider that oauthenticator knows: "
         "google, github, azuread or generic-oauth."),
        (settings.authentication == "oauth" and not settings.users,
         "COURSE_HUB_AUTH=oauth without COURSE_HUB_USERS would let in everybody who has an account there."),
        (settings.spawner not in ("docker", "local"),
         f"COURSE_HUB_SPAWNER={settings.spawner!r} is unknown; there are docker and local."),
        (settings.spawner == "local" and not is_root,
         "COURSE_HUB_SPAWNER=local must be started by root (sudo): only then does each student get a user of their "
         "own, and students cannot read each other's files."),
        (bool(settings.certificate) != bool(settings.key),
         "COURSE_HUB_CERTIFICATE and COURSE_HUB_KEY belong together; only one is set."),
        (settings.address not in LOOPBACK and not encrypted,
         f"On {settings.address} passwords would cross the network unencrypted. Give COURSE_HUB_CERTIFICATE and "
         "COURSE_HUB_KEY, or accept it with COURSE_HUB_PLAIN_HTTP=1: behind a proxy that encrypts, or in a room whose "
         "network is yours."),
        (not settings.data.is_dir(),
         f"There is no folder {settings.data} with the lesson data. Run make data, or name it: COURSE_HUB_DATA."),
        (0 < len(settings.load_token) < 32,
         "COURSE_HUB_LOAD_TOKEN is shorter than 32 characters. Make one: openssl rand -hex 32"),
        *((file and not file.is_file(), f"COURSE_HUB_{name}={file} is not a file.") for name, file in
          (("PASSWORDS", settings.passwords), ("CERTIFICATE", settings.certificate), ("KEY", settings.key))),
    ) if is_wrong]  # fmt: skip
    if wrong:
        raise SettingsError("The classroom hub does not start:\n" + "\n".join(f"- {sentence}" for sentence in wrong))
    return settings


def check_that_students_can_start(*paths: Path) -> None:
    """Look whether a user who owns nothing here reaches the Python, the course and the data that every student uses.

    Raises:
        SettingsError: if one of these paths is closed to others.
    """
    for path in paths:
        real = path.resolve()
        closed = [folder for folder in (real, *real.parents) if not folder.stat().st_mode & stat.S_IXOTH]
        if closed:
            raise SettingsError(
                f"Students, who are users of their own, cannot reach {path}: {closed[-1]} is closed to others. Put the "
                "course into a folder that is open to all, such as /opt/course, and make its environment there (make start)."
            )


def check_that_instructors_have_signed_up(database: Path, settings: SimpleNamespace) -> None:
    """Look whether a name with an instructor's rights is still free, on a hub that others can reach.

    Args:
        database: the hub's SQLite file, which need not exist yet.
        settings: of a hub on which students sign up.

    Raises:
        SettingsError: if anybody in the room could sign up as an instructor.
    """
    signed_up = set()
    if database.exists():
        # The table is NativeAuthenticator's; it is not there before somebody has signed up.
        with (contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection,
              contextlib.suppress(sqlite3.OperationalError)):  # fmt: skip
            signed_up = {name for (name,) in connection.execute("SELECT username FROM users_info")}
    unclaimed = ", ".join(sorted(settings.admins - signed_up))
    if unclaimed and settings.address not in LOOPBACK:
        raise SettingsError(
            f"Nobody has signed up as {unclaimed} yet, so anybody in the room could, with an instructor's rights. "
            "Start once with COURSE_HUB_ADDRESS=127.0.0.1, sign up under that name at /hub/signup, and start again."
        )
