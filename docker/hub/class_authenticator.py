"""Log-in by the file of passwords that class_passwords.py makes."""

import asyncio
from pathlib import Path

import class_passwords
from jupyterhub.auth import Authenticator
from traitlets import Unicode


class ClassPasswordAuthenticator(Authenticator):
    """Lets in the names of the file, each with its own password. The file is read again when it changes."""

    password_file = Unicode(help="the file that class_passwords.py made").tag(config=True)

    _read_at, _students = None, {}

    def students(self) -> dict[str, tuple[bytes, bytes]]:
        """Return salt and hash for each name, from the file as it is now."""
        changed = Path(self.password_file).stat().st_mtime_ns
        if changed != self._read_at:
            self._students = class_passwords.read(Path(self.password_file))
            self._read_at = changed
        return self._students

    async def authenticate(self, handler, data) -> str | None:
        """Return the name if the password is right, else None."""
        name = data["username"].strip().lower()
        try:
            students = self.students()
        except (OSError, class_passwords.PasswordFileError) as error:
            self.log.error("%s", error)
            return None
        # In a thread, so that forty students who log in at once do not hold up the hub.
        right = await asyncio.to_thread(class_passwords.is_right, students, name, data["password"])
        return name if right else None

    def check_allowed(self, username, authentication=None) -> bool:
        """Whoever is in the file may come in; who was taken out may not, though the hub still knows the name."""
        return username in self.students()
