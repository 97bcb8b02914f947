"""A student's server as a process of its own, under a user of its own: the classroom on one machine without containers."""

import contextlib
import os
from pathlib import Path

from escapism import escape
from jupyterhub.spawner import LocalProcessSpawner
from traitlets import Integer, Unicode

SAFE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")  # everything else in a name is escaped in its folder's name


class OwnUserSpawner(LocalProcessSpawner):
    """Gives each student a home folder that nobody else may enter, and a user id that belongs to it alone.

    The users need not exist on the machine: an id is the owner of a home folder, so it stays the student's own for as long
    as the folder is there. The hub must run as root.
    """

    homes = Unicode(help="the folder that holds the students' home folders").tag(config=True)
    first_uid = Integer(61_184, help="the first of the ids, above those of people and services (systemd.io/UIDS-GIDS)").tag(config=True)

    def home(self) -> Path:
        """Return the student's home folder."""
        return Path(self.homes) / escape(self.user.name, safe=SAFE, escape_char=".")

    def uid(self) -> int:
        """Return the student's user id, which is the group id as well; make the home folder at first use."""
        home = self.home()
        if not home.exists():
            home.parent.mkdir(parents=True, exist_ok=True)
            os.chmod(home.parent, 0o711)  # to be passed through, not listed
            taken = [other.stat().st_uid for other in home.parent.iterdir()]
            uid = max([self.first_uid - 1, *taken]) + 1
            home.mkdir(mode=0o700)
            os.chown(home, uid, uid)
        return home.stat().st_uid

    def make_preexec_fn(self, name):
        """Leave nothing to do between fork and exec: Popen itself changes the user."""

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Return the environment with what belongs to the student: home, name and a folder for temporary files."""
        home = str(self.home())
        return env | {"HOME": home, "USER": self.user.name, "LOGNAME": self.user.name, "SHELL": "/bin/sh", "TMPDIR": home}

    async def start(self):
        """Start the server as the student."""
        uid = self.uid()
        self.popen_kwargs = {"user": uid, "group": uid, "extra_groups": [], "umask": 0o077, "cwd": str(self.home())}
        where = await super().start()
        with contextlib.suppress(OSError):  # if memory runs out, a student's kernel ends, not the hub
            Path(f"/proc/{self.pid}/oom_score_adj").write_text("500")
        return where
