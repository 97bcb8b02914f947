"""The course's settings, which are variables of the environment. The standard library alone, for `make doctor`."""

import os


def setting(name: str) -> str:
    """Return a variable of the environment, '' if it is unset or blank."""
    return os.environ.get(name, "").strip()


def is_offline() -> bool:
    """Tell whether `COURSE_OFFLINE` forbids the network."""
    return setting("COURSE_OFFLINE").lower() not in ("", "0", "false", "no", "off")
