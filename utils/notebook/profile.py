"""How much work a notebook does, how it is seeded, what it must reach, and what other seeds reached.

The environment variable COURSE_PROFILE picks one of three profiles: `smoke` (seconds, for tests), `lesson`
(at most about two and a half minutes on two CPU cores, the default) and `full` (the scale of the original experiments).

COURSE_SEED takes the place of a lesson's own seed. `make seeds` runs a lesson with several; each run appends the values of
`expect` and `record` to the file that COURSE_RECORD names, and notebooks/measured/ keeps them for `measured`.

COURSE_CHECKPOINTS=1 makes a lesson load what `make checkpoints` has trained before; see `checkpoint`.
"""

import json
import math
import operator
import os
import random
from pathlib import Path
from typing import NamedTuple

PROFILES = ("smoke", "lesson", "full")
MEASURED = Path(__file__).resolve().parents[2] / "notebooks" / "measured"


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


def chosen_seed(number: int) -> int:
    """Return the seed of this run: `COURSE_SEED`, or `number`, the lesson's own, when it is unset or empty.

    For generators and splits that have a seed of their own; `seed` applies it to the libraries.

    Args:
        number: 0 ... 2**32 - 1.

    Raises:
        ValueError: if either is not an integer in that range.
    """
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < 2**32:
        raise ValueError(f"A seed is an integer from 0 to 4294967295, not {number!r}.")
    given = os.environ.get("COURSE_SEED") or str(number)
    if not (given.isascii() and given.isdigit() and int(given) < 2**32):
        raise ValueError(f"COURSE_SEED={given!r} is not an integer from 0 to 4294967295. Set it to one, or unset it.")
    return int(given)


def seed(number: int) -> None:
    """Seed Python, NumPy and, where it is installed, Keras with its backend, with `chosen_seed(number)`.

    Keras is imported only where something else has done so before, so that notebooks without networks start fast.

    Args:
        number: 0 ... 2**32 - 1, the lesson's own; `COURSE_SEED` takes its place.

    Raises:
        ValueError: if either is not an integer in that range.
    """
    import sys

    import numpy as np

    number = chosen_seed(number)
    if "keras" in sys.modules:
        import keras

        keras.utils.set_random_seed(number)  # Python, NumPy and the backend
    else:
        random.seed(number)
        np.random.seed(number)  # noqa: NPY002 (libraries draw from it)


def expect(what: str, value: float, *, at_least: float | None = None, at_most: float | None = None,
           hint: str = "") -> None:
    """Print `[PASS] ...` if `value` is within the bounds, else stop the notebook.

    Under `make seeds` the value is recorded, and one outside the bounds prints `[MISS] ...`: bounds are set from the spread.

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
    passed = math.isfinite(value) and all(compare[sign](value, bound) for sign, bound in bounds)
    if measuring() and math.isfinite(value):
        _append(what, value, passed)
    if passed or (measuring() and math.isfinite(value)):
        print(f"[{'PASS' if passed else 'MISS'}] {what}: {value:.6g} ({wanted})")
        return
    hint = hint or "Restart the kernel and run all cells from the top; if it still fails, undo your last change."
    raise AssertionError(f"{what}: expected {wanted}, measured {value:.6g} (profile {name()}). Try: {hint}")


def measuring() -> bool:
    """Return whether this run is one of `make seeds`: the place for rivals and ablations that take too long elsewhere."""
    return bool(os.environ.get("COURSE_RECORD"))


def record(what: str, value: float) -> None:
    """Hand a value over to be kept in notebooks/measured/; a run that is not one of `make seeds` keeps nothing.

    Args:
        what: what was measured; once in a run, `expect` included.
        value: a finite number.

    Raises:
        ValueError: if the value is not a finite number, or the name has been recorded in this run.
    """
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"{what}: expected a finite number to record, found {value}. Find out where it broke.")
    if measuring():
        _append(what, value, None)


def _append(what: str, value: float, passed: bool | None) -> None:
    path = Path(os.environ["COURSE_RECORD"])
    if any(json.loads(line)["what"] == what for line in path.read_text(encoding="utf-8").splitlines()):
        raise ValueError(f"{what!r} was recorded already in this run. Give every quantity a name of its own.")
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"what": what, "value": value, "passed": passed}) + "\n")


class Measured(NamedTuple):
    """A quantity that was measured once for each seed; `str` and `f"{...:.3f}"` show mean ± standard deviation and source."""

    values: tuple[float, ...]
    mean: float
    deviation: float
    source: str

    def __format__(self, spec: str) -> str:
        spec = spec or ".4g"
        return f"{self.mean:{spec}} ± {self.deviation:{spec}} ({self.source})"

    def __str__(self) -> str:
        return format(self)


def measured(lesson: str, what: str) -> Measured:
    """Return what `make seeds` stored of one quantity of a lesson.

    During `make seeds` itself, what is not stored yet comes back with mean and deviation NaN, so that the run goes on.

    Args:
        lesson: the name without its number, such as "imdb_sentiment".
        what: the name given to `expect` or `record`.

    Raises:
        ValueError: if nothing is stored of that lesson, or not this quantity.
    """
    try:
        paths = sorted(MEASURED.glob(f"[0-9][0-9]_{lesson}.json"))
        if not paths:
            raise ValueError(f"Nothing is measured of the lesson {lesson!r}. Run: make seeds NB={lesson}")
        stored = json.loads(paths[0].read_text(encoding="utf-8"))
        if what not in stored["quantities"]:
            raise ValueError(f"{paths[0].name} has no {what!r}; it has: {', '.join(stored['quantities'])}. Take one of "
                             f"these, or run: make seeds NB={lesson}")
    except ValueError:
        if measuring():
            return Measured((), math.nan, math.nan, "not measured yet")
        raise
    found = stored["quantities"][what]
    source = f"mean ± standard deviation of {len(found['values'])} seeds, stored {stored['date']}"
    return Measured(tuple(found["values"]), found["mean"], found["deviation"], source)


checkpoints = None  # what keeps trainings, or loads them, in this run
if os.environ.get("COURSE_CHECKPOINTS", "0") not in ("", "0") and not measuring():
    from utils.notebook import checkpoint

    checkpoints = checkpoint.activate(os.environ["COURSE_CHECKPOINTS"], profile=name(), seed=os.environ.get("COURSE_SEED", ""))
