"""A file with a name and a password for each student, for a class that has no accounts of its own.

    python docker/hub/class_passwords.py class.passwords amy ben chen      # prints the passwords once, to cut into slips
    python docker/hub/class_passwords.py class.passwords dora              # one more; the others keep theirs

The file holds `name:salt:hash`, the hash by scrypt (RFC 7914, parameters as OWASP's Password Storage Cheat Sheet lists them),
so who reads it still knows no password. A name that is given again gets a new password.
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
COST = {"n": 2**15, "r": 8, "p": 3, "maxmem": 2**26}


class PasswordFileError(ValueError):
    """The file of passwords cannot be used; the message says why and what to do."""


def new_password() -> str:
    """Return a random password of three groups of four characters: 59 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def digest(password: str, salt: bytes) -> bytes:
    """Return the hash of a password, 32 bytes. Takes about 0.1 s and 32 MB, which is what makes guessing slow."""
    return hashlib.scrypt(password.encode(), salt=salt, dklen=32, **COST)


def read(path: Path) -> dict[str, tuple[bytes, bytes]]:
    """Return salt and hash for each name.

    Raises:
        PasswordFileError: if the file cannot be read, a line is malformed, a name occurs twice or nobody is in it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise PasswordFileError(
            f"The file of passwords {path} cannot be read ({error.strerror}). Make it: python docker/hub/class_passwords.py {path} NAME..."
        ) from None
    students = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        parts = line.split(":")
        try:
            name, salt, hashed = parts[0], *(base64.b64decode(part, validate=True) for part in parts[1:])
        except ValueError:
            name, salt, hashed = "", b"", b""
        if not NAME.fullmatch(name) or len(hashed) != 32 or not salt:
            raise PasswordFileError(
                f"Line {number} of {path} is not name:salt:hash. Remove it and give that student a new password: "
                f"python docker/hub/class_passwords.py {path} NAME"
            )
        if name in students:
            raise PasswordFileError(f"{name} is twice in {path}, the second time in line {number}. Remove one of the lines.")
        students[name] = salt, hashed
    if not students:
        raise PasswordFileError(f"Nobody is in {path}. Add the class: python docker/hub/class_passwords.py {path} NAME...")
    return students


def is_right(students: dict[str, tuple[bytes, bytes]], name: str, password: str) -> bool:
    """Whether a password is that student's. An unknown name takes as long, so that nobody learns who is in the class."""
    salt, expected = students.get(name, (bytes(16), bytes(32)))
    return hmac.compare_digest(digest(password, salt), expected) and name in students


def add(path: Path, names: list[str]) -> dict[str, str]:
    """Give each name a new password, write the file so that only its owner can read it, and return the passwords.

    Raises:
        PasswordFileError: if a name is not usable, or the file that is there is malformed.
    """
    for name in names:
        if not NAME.fullmatch(name):
            raise PasswordFileError(
                f"{name!r} is no name for an account: it begins with a letter a to z and goes on with letters, digits, dots, "
                "hyphens or underscores, 32 at most."
            )
    students = read(path) if path.exists() else {}
    passwords = {name: new_password() for name in names}
    for name, password in passwords.items():
        salt = secrets.token_bytes(16)
        students[name] = salt, digest(password, salt)
    lines = (":".join([name, *(base64.b64encode(part).decode() for part in pair)]) for name, pair in students.items())
    handle, temporary = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.", suffix=".tmp")  # mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    os.replace(temporary, path)
    return passwords


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="class_passwords.py", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("names", nargs="+", metavar="NAME")
    options = parser.parse_args(arguments)
    try:
        passwords = add(options.file, options.names)
    except (PasswordFileError, OSError) as error:
        print(f"class_passwords: {error}", file=sys.stderr)
        return 1
    width = max(map(len, passwords))
    for name, password in passwords.items():
        print(f"{name:{width}}  {password}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
