"""How much work a notebook does, how it is seeded, and what it must reach.

The environment variable COURSE_PROFILE picks one of three profiles: `smoke` (seconds, for tests), `lesson`
(at most about two and a half minutes on two CPU cores, the default) and `full` (the scale of the original experiments).
"""

import math
import operator
import os
import random

PROFILES = ("smoke", "lesson", "full")


def name() -> str:
    """Return the active profile: `COURSE_PROFILE`, or `lesson` when it is unset or empty.

    Raises:
        ValueError: if `COURSE_PROFILE` names no profile.
    """
    chosen = os.environ.get("COURSE_PROFILE") or "lesson"
    if chosen not in PROFILES:
        raise ValueError(
            f"COURSE_PROFILE={chosen!r} is not a profile. Set it to one of {', '.join(PROFILES)}, "
            "or unset it for 'lesson'."
        )
    return chosen


def choose(*, smoke, lesson, full):
    """Return the value for the active profile.

    Raises:
        ValueError: if `COURSE_PROFILE` names no profile.
    """
    return {"smoke": smoke, "lesson": lesson, "full": full}[name()]


def seed(number: int) -> None:
    """Seed Python, NumPy and, where it is installed, Keras with its backend.

    Keras is imported only where something else has done so before, so that notebooks without networks start fast.

    Args:
        number: 0 ... 2**32 - 1.

    Raises:
        ValueError: if `number` is not an integer in that range.
    """
    import sys

    import numpy as np

    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < 2**32:
        raise ValueError(f"A seed is an integer from 0 to 4294967295, not {number!r}.")
    if "keras" in sys.modules:
        import keras

        keras.utils.set_random_seed(number)  # Python, NumPy and the backend
    else:
        random.seed(number)
        np.random.seed(number)  # noqa: NPY002 (libraries draw from it)


def expect(what: str, value: float, *, at_least: float | None = None, at_most: float | None = None,
           hint: str = "") -> None:
    """Print `[PASS] ...` if `value` is within the bounds, else stop the notebook.

    Args:
        what: what was measured, for example "test accuracy".
        value: the measured number.
        at_least: lowest value that passes, inclusive.
        at_most: highest value that passes, inclusive.
        hint: what to try when it fails; a general hint is given when empty.

    Raises:
        AssertionError: if the value is outside the bounds or is not a finite number; it says what was expected,
            what was measured and what to try.
        ValueError: if neither bound is given.
    """
    if at_least is None and at_most is None:
        raise ValueError("expect() needs at_least=..., at_most=... or both.")
    value = float(value)
    bounds = [(sign, float(bound)) for sign, bound in (("≥", at_least), ("≤", at_most)) if bound is not None]
    wanted = " and ".join(f"{sign} {bound:g}" for sign, bound in bounds)
    compare = {"≥": operator.ge, "≤": operator.le}
    if math.isfinite(value) and all(compare[sign](value, bound) for sign, bound in bounds):
        print(f"[PASS] {what}: {value:.6g} ({wanted})")
        return
    hint = hint or "Restart the kernel and run all cells from the top; if it still fails, undo your last change."
    raise AssertionError(f"{what}: expected {wanted}, measured {value:.6g} (profile {name()}). Try: {hint}")
