"""What a lab's tests are written with: each line passes with a sentence, or stops with a hint.

A hint says what is wrong without giving the answer away. Both sentences are shown to students, so both are written in
Traditional Chinese first, then English.
"""

import numpy as np

NUMERIC = "biufc"  # NumPy's kinds: truth values, integers, unsigned integers, floats, complex numbers
RED, PLAIN = "\x1b[1;31m", "\x1b[0m"


class CheckFailed(AssertionError):
    """A check that does not pass. In a notebook it shows as a card: what was found, if that is worth saying, and the hint.

    Args:
        hint: what to look at, in both languages.
        found: a sentence on what the student's code gave, in both languages; the subclasses have one.
    """

    def __init__(self, hint: str, found: str = ""):
        super().__init__(f"{found} {hint}".lstrip())
        self.hint, self.found = hint, found

    def _render_traceback_(self) -> list[str]:  # IPython shows this in place of a traceback
        return [f"{RED}✗ 還沒過 · Not yet{PLAIN}", *filter(None, (self.found, self.hint))]


class GotNone(CheckFailed):
    """The student's code gave nothing."""


class WrongType(CheckFailed):
    """The student's code gave something that is no number."""


class WrongShape(CheckFailed):
    """The student's code gave numbers in another shape."""


class NotFinite(CheckFailed):
    """The student's code gave NaN or infinity."""


def that(condition: bool, passed: str, hint: str) -> None:
    """Print `[PASS] passed` if a condition holds, else stop with the hint.

    Args:
        condition: True or False, of Python or of NumPy.
        passed: what holds, in both languages.
        hint: what to look at when it does not hold, in both languages.

    Raises:
        CheckFailed: if the condition does not hold; its message is the hint.
        TypeError: if the condition is neither True nor False.
        ValueError: if a sentence is missing.
    """
    _sentences(passed, hint)
    if not isinstance(condition, bool | np.bool_):
        raise TypeError(
            f"checks.that() needs True or False, not {_described(condition)}. Compare single values, or compare arrays "
            "with checks.close() or np.array_equal()."
        )
    if not condition:
        raise CheckFailed(hint)
    print(f"[PASS] {passed}")


def close(got, expected, passed: str, hint: str, tolerance: float = 1e-6) -> None:
    """Print `[PASS] passed` if numbers are as expected, else stop with a sentence on what was found, and the hint.

    Args:
        got: what the student's code gave: a number, or numbers in a list, an array, a tensor or a column of a table.
        expected: finite numbers of the right shape.
        passed: what holds, in both languages.
        hint: what to look at when it does not hold, in both languages.
        tolerance: largest absolute difference that passes, 0 or more.

    Raises:
        CheckFailed: if `got` differs by more than the tolerance; as GotNone, WrongType, WrongShape or NotFinite if it is None, is
            not made of numbers, has another shape, or holds NaN or infinity. Its message names what was found, then the hint; it
            never names the expected numbers.
        ValueError: if a sentence is missing, the expected numbers are not finite numbers, or the tolerance is negative.
    """
    _sentences(passed, hint)
    wanted = np.asarray(expected)
    if wanted.dtype.kind not in NUMERIC or not np.isfinite(wanted).all():
        raise ValueError(f"checks.close() needs finite expected numbers, not {_described(expected)}.")
    if not tolerance >= 0:
        raise ValueError(f"A tolerance is 0 or more, not {tolerance!r}.")
    found = _numbers(got, hint)
    if found.dtype.kind == "b" and wanted.dtype.kind != "b":
        raise WrongType(hint, "要的是數字，得到的是 True 或 False。 Numbers are wanted; these are True or False.")
    if found.shape != wanted.shape:
        raise WrongShape(
            hint, f"形狀應該是 {wanted.shape}，得到 {found.shape}。 The shape should be {wanted.shape}; it is {found.shape}."
        )
    if not np.isfinite(found).all():
        bad = np.count_nonzero(~np.isfinite(found))
        raise NotFinite(
            hint, f"{found.size} 個數字裡有 {bad} 個是 NaN 或無限大。 {bad} of {found.size} numbers are NaN or infinite."
        )
    if found.size and _largest_difference(found, wanted) > tolerance:
        raise CheckFailed(hint)
    print(f"[PASS] {passed}")


def unchanged(given, before, passed: str, hint: str) -> None:
    """Print `[PASS] passed` if what was handed to the student's code is still as it was, else stop with the hint.

    Args:
        given: what was handed over: an array, a table, or a list of them; the very object.
        before: a copy made before that.
        passed: what holds, in both languages.
        hint: what to look at when it does not hold, in both languages.

    Raises:
        CheckFailed: if something was changed; its message is the hint.
        ValueError: if a sentence is missing.
    """
    that(_same(given, before), passed, hint)


def beside_your_code(function):
    """Mark a function of a check that has to run beside the student's code, because it uses a model or a class that stays there.

    In a notebook this changes nothing. `make grade` runs checks in a process of their own, and such a function in the student's:
    it uses what the notebook's cells define, gets plain data (numbers, texts, lists, arrays, tables) and things that the student's
    code returned, and returns plain data, which the check judges.
    """
    return function


def _same(given, before) -> bool:
    if isinstance(before, list | tuple):
        return isinstance(given, list | tuple) and len(given) == len(before) and all(map(_same, given, before))
    return bool(before.equals(given)) if hasattr(before, "equals") else np.array_equal(given, before)


def _numbers(got, hint: str) -> np.ndarray:
    if got is None:
        raise GotNone(
            hint, "得到 None：是不是忘了 return，或忘了指定結果？ Got None: is a `return` missing, or was nothing assigned?"
        )
    try:
        found = np.asarray(got)
    except Exception:  # a list of unequal lists, a symbolic tensor, an object with an __array__ of its own that fails
        found = None
    if found is None or found.dtype.kind not in NUMERIC:
        raise WrongType(hint, f"要的是數字，得到的是 {_described(got)}。 Numbers are wanted; this is {_described(got)}.")
    return found


def _largest_difference(found: np.ndarray, wanted: np.ndarray) -> float:
    kind = complex if "c" in (found.dtype.kind, wanted.dtype.kind) else float
    return float(np.abs(found.astype(kind) - wanted.astype(kind)).max())


def _described(value) -> str:
    """Name the type of a value, with its shape if it has one, and what it holds if that is not numbers."""
    shape = getattr(value, "shape", None)
    name = type(value).__name__
    return f"{name} {tuple(shape)}" if isinstance(shape, tuple) else name


def _sentences(passed: str, hint: str) -> None:
    for name, sentence in (("passed", passed), ("hint", hint)):
        if not isinstance(sentence, str) or not sentence.strip():
            raise ValueError(f"A check needs a sentence as its {name!r}, not {sentence!r}.")
