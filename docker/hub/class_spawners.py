"""A student's server as a process of its own, under a user of its own: one machine without containers."""

import contextlib
import os
from pathlib import Path

from escapism import escape
from jupyterhub.spawner import LocalProcessSpawner
from jupyterhub.utils import random_port
from traitlets import Integer, Unicode

SAFE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")  # everything else in a name is escaped in its folder's name


class OwnUserSpawner(LocalProcessSpawner):
    """Gives each student a home folder that nobody else may enter, and a user id that belongs to it alone.

    The users need not exist on the machine: an id is the owner of a home folder, so it stays the student's own for as
    long as the folder is there. The hub must run as root.
    """

    state = Unicode(help="the folder that holds the students' folders").tag(config=True)
    ports: set[int] = set()  # that servers have been given, of all students
    first_uid = Integer(61_184, help="the first id, above those of people (systemd.io/UIDS-GIDS)").tag(config=True)

    def home(self) -> Path:
        """Return the student's home folder; make it at first use."""
        homes = Path(self.state, "homes")
        home = homes / escape(self.user.name, safe=SAFE, escape_char=".")
        if not home.exists():
            homes.mkdir(parents=True, exist_ok=True)
            self.own(home, max([self.first_uid - 1, *(other.stat().st_uid for other in homes.iterdir())]) + 1)
        return home

    def own(self, folder: Path, uid: int) -> Path:
        """Make a folder which only a student may enter, in one that nobody may list, and return it."""
        folder.parent.mkdir(exist_ok=True)
        folder.parent.chmod(0o711)
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, uid, uid)
        return folder

    def make_preexec_fn(self, name):
        """Leave nothing to do between fork and exec: Popen itself changes the user."""

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Return the environment with what is the student's: name, home, folders for temporary files and sockets."""
        home, uid = str(self.home()), self.home().stat().st_uid
        # Not in the home, as a socket's path has 107 bytes at most, and a student's name may be long.
        sockets = str(self.own(Path(self.state, "run", str(uid)), uid))
        return env | {
            "HOME": home, "USER": self.user.name, "LOGNAME": self.user.name, "SHELL": "/bin/sh", "TMPDIR": home,
            "JUPYTER_RUNTIME_DIR": sockets,
        }  # fmt: skip

    def own_port(self) -> int:
        """Return a free port that no other student has been given: it is bound only later, so two who start at once could get one."""
        self.ports.discard(self.port)
        while (port := random_port()) in self.ports:
            pass
        self.ports.add(port)
        return port

    async def start(self):
        """Start the server as the student."""
        self.port = self.own_port()
        home = self.home()
        uid = home.stat().st_uid
        self.popen_kwargs = {"user": uid, "group": uid, "extra_groups": [], "umask": 0o077, "cwd": str(home)}
        where = await super().start()
        with contextlib.suppress(OSError):  # if memory runs out, a student's kernel ends, not the hub
            Path(f"/proc/{self.pid}/oom_score_adj").write_text("500")
        return where
