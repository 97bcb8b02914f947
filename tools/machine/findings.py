"""What a check of `make doctor` says: a finding, worded in both languages."""

from typing import NamedTuple

OK, NOTE, PROBLEM = "ok", "note", "problem"


class Text(NamedTuple):
    """A sentence in both languages."""

    zh: str
    en: str


class Finding(NamedTuple):
    """What a check found: what it looked at, how that is, what is the case, and the command or act that mends it."""

    about: Text
    state: str
    what: Text
    fix: str = ""
