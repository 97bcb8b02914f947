"""Who may come in, and stay: asked again while a student is at work, so that a name taken out takes effect."""

import asyncio
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace

import class_passwords
from class_settings import SettingsError
from jupyterhub.auth import Authenticator
from nativeauthenticator import NativeAuthenticator
from traitlets import Bool, Unicode

LOAD = "load-"  # how the names begin under which benchmarks/hub_load.py starts servers


class AllowListAuthenticator(Authenticator):
    """Ends the session of whoever is no longer on the list; to be mixed with a way to log in."""

    load_trial = Bool(help="whether servers may be started for the load trial").tag(config=True)

    def is_listed(self, name: str) -> bool:
        """Whether the class has a student or an instructor of this name."""
        return name in self.allowed_users | self.admin_users

    async def refresh_user(self, user, handler=None, **options):
        """Return False for somebody who must log in again, which those taken out of the list cannot."""
        if self.load_trial and user.name.startswith(LOAD):
            return True
        return self.is_listed(user.name) and await super().refresh_user(user, handler, **options)


def school_accounts(provider: str) -> type[AllowListAuthenticator]:
    """Return the way to log in by a school's accounts, `provider` as oauthenticator calls it.

    Raises:
        SettingsError: if oauthenticator has no such provider.
    """
    known = {entry.name: entry for entry in entry_points(group="jupyterhub.authenticators")
             if entry.value.startswith("oauthenticator.")}  # fmt: skip
    if provider not in known:
        raise SettingsError(f"COURSE_HUB_OAUTH={provider!r} is none of {', '.join(sorted(known))}.")
    return type("SchoolAuthenticator", (AllowListAuthenticator, known[provider].load()), {})


class SignUpAuthenticator(AllowListAuthenticator, NativeAuthenticator):
    """Students sign up and the instructor lets each of them in."""

    def is_listed(self, name: str) -> bool:
        """Whether the instructor has let this student in, and not thrown out since."""
        found = self.get_user(name)
        return bool(found and found.is_authorized)

    def check_allowed(self, username, authentication=None) -> bool:
        """Whether who has logged in may come in: nobody the hub knows from before who is no longer listed."""
        return self.is_listed(username)


class ClassPasswordAuthenticator(SignUpAuthenticator):
    """Lets in the names of the file that class_passwords.py makes, each with its own password."""

    password_file = Unicode(help="the file that class_passwords.py made").tag(config=True)

    _students = {}

    def students(self) -> dict[str, tuple[str, str]]:
        """Return who is in the file now; while it is malformed, who was in it before."""
        try:
            self._students = class_passwords.read(Path(self.password_file))
        except class_passwords.PasswordFileError as error:
            self.log.error("%s", error)
        return self._students

    def get_user(self, username: str) -> SimpleNamespace:
        """Return what the file says of a name, known or not, in the form in which the accounts of sign-up are kept."""
        students = self.students()
        return SimpleNamespace(
            is_authorized=username in students, has_2fa=False,
            is_valid_password=lambda password: class_passwords.is_right(students, username, password),
        )  # fmt: skip

    async def authenticate(self, handler, data) -> str | None:
        """Return the name if the password is right, else None; in a thread, so that a whole class holds up nobody."""
        data = {"username": data["username"].strip(), "password": data["password"]}
        return await asyncio.to_thread(asyncio.run, super().authenticate(handler, data))

    def get_handlers(self, app):
        """Return the page for log-in alone, without sign-up."""
        return Authenticator.get_handlers(self, app)

    def delete_user(self, user) -> None:
        """Forget a user of the hub; the file is the instructor's."""
        Authenticator.delete_user(self, user)
