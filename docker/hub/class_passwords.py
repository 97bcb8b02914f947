"""A file with a name and a password for each student, for a class that has no accounts of its own.

    python docker/hub/class_passwords.py class.passwords amy ben chen    # prints the passwords once, to cut into slips
    python docker/hub/class_passwords.py class.passwords dora            # one more; the others keep theirs

A line is `name:salt:hash`, the hash by scrypt (RFC 7914, parameters as OWASP's Password Storage Cheat Sheet lists
them), so who reads it still knows no password. A name that is given again gets a new password; a student whose line is
taken out may no longer come in.
"""

import argparse
import base64
import hashlib
import hmac
import os
import re
import secrets
import sys
import tempfile
from pathlib import Path

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without i, l, o, 0, 1, which look alike on a slip of paper
NAME = re.compile(r"[a-z][a-z0-9._-]{0,31}")
LINE = re.compile(rf"({NAME.pattern}):([A-Za-z0-9+/]{{22}}==):([A-Za-z0-9+/]{{43}}=)")
COST = {"n": 2**15, "r": 8, "p": 3, "maxmem": 2**26}


class PasswordFileError(ValueError):
    """The file of passwords cannot be used; the message says why and what to do."""


def new_password() -> str:
    """Return a random password of three groups of four characters: 59 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def digest(password: str, salt: str) -> str:
    """Return the hash of a password in base64. Takes about 0.1 s and 32 MB, which is what makes guessing slow."""
    hashed = hashlib.scrypt(password.encode(), salt=base64.b64decode(salt), dklen=32, **COST)
    return base64.b64encode(hashed).decode()


def read(path: Path) -> dict[str, tuple[str, str]]:
    """Return salt and hash for each name.

    Raises:
        PasswordFileError: if the file cannot be read, a line is malformed, a name occurs twice or nobody is in it.
    """
    remedy = f"Make it right: python docker/hub/class_passwords.py {path} NAME..."
    try:
        lines = path.read_text(encoding="utf-8").split()
    except OSError as error:
        raise PasswordFileError(f"The file of passwords {path} cannot be read ({error.strerror}). {remedy}") from None
    found = [LINE.fullmatch(line) for line in lines]
    if not all(found):
        raise PasswordFileError(f"Entry {found.index(None) + 1} of {path} is not name:salt:hash. Remove it. {remedy}")
    students = {match[1]: (match[2], match[3]) for match in found}
    if not students or len(students) < len(found):
        raise PasswordFileError(f"{'A name is twice' if students else 'Nobody is'} in {path}. {remedy}")
    return students


def is_right(students: dict[str, tuple[str, str]], name: str, password: str) -> bool:
    """Whether a password is that student's. An unknown name takes as long, so nobody learns who is in the class."""
    salt, expected = students.get(name, ("", ""))
    return hmac.compare_digest(digest(password, salt), expected)


def add(path: Path, names: list[str]) -> dict[str, str]:
    """Give each name a new password, write the file so that only its owner can read it, and return the passwords.

    Raises:
        PasswordFileError: if a name is not usable, or the file that is there is malformed.
    """
    for name in names:
        if not NAME.fullmatch(name):
            raise PasswordFileError(
                f"{name!r} is no name for an account: it begins with a letter a to z and goes on with letters, digits, "
                "dots, hyphens or underscores, 32 at most."
            )
    students = read(path) if path.exists() else {}
    passwords = {name: new_password() for name in names}
    for name, password in passwords.items():
        salt = base64.b64encode(secrets.token_bytes(16)).decode()
        students[name] = salt, digest(password, salt)
    with tempfile.NamedTemporaryFile("w", dir=path.absolute().parent, delete=False) as file:  # of mode 0600
        file.writelines(f"{name}:{salt}:{hashed}\n" for name, (salt, hashed) in students.items())
    os.replace(file.name, path)
    return passwords


def main(arguments: list[str] | None = None) -> int:
    """Add the names of the command line to its file, and print their passwords."""
    parser = argparse.ArgumentParser(prog="class_passwords.py", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("names", nargs="+", metavar="NAME")
    options = parser.parse_args(arguments)
    try:
        passwords = add(options.file, options.names)
    except (PasswordFileError, OSError) as error:
        print(f"class_passwords: {error}", file=sys.stderr)
        return 1
    for name, password in passwords.items():
        print(f"{name:{max(map(len, passwords))}}  {password}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
