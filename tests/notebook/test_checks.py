import copy

import numpy as np
import pandas as pd
import pytest

from utils.notebook import checks

HINT = "底價加了嗎？ Is the base price in it?"


@pytest.mark.parametrize("holds, not_so", [(True, False), (np.True_, np.False_), (np.array([1, 2]).sum() == 3, False)])
def test_that_prints_what_holds_and_stops_with_the_hint(capsys, holds, not_so):
    checks.that(holds, "對了。 Right.", HINT)
    assert capsys.readouterr().out == "[PASS] 對了。 Right.\n"
    with pytest.raises(AssertionError) as caught:
        checks.that(not_so, "對了。 Right.", HINT)
    assert (str(caught.value), capsys.readouterr().out) == (HINT, "")
    assert checks.beside_your_code(len) is len  # in a notebook a marked function is an ordinary one


@pytest.mark.parametrize("got, expected", [
    (3, 3.0), (2.9999999, 3), ([1, 2], np.array([1.0, 2.0])), (np.float32(0.5), 0.5), ((1, 2), [1, 2]),
    (pd.Series([1, 2]), [1, 2]), (np.zeros((0, 4)), np.zeros((0, 4))), ([True, False], [True, False]), (1 + 2j, 1 + 2j),
    (np.uint8([1]), [1]),
])
def test_close_passes_what_is_near(capsys, got, expected):
    checks.close(got, expected, "很近。 Near.", HINT)
    assert capsys.readouterr().out == "[PASS] 很近。 Near.\n"


@pytest.mark.parametrize("got, expected, tolerance", [
    (1000.6, 1000, 0.5), (np.uint8([255]), np.uint8([0]), 1), ([1.0, 2.0], [1.0, 777.0], 1e-6),
])
def test_close_measures_the_absolute_difference_and_keeps_the_expected_numbers_to_itself(got, expected, tolerance):
    checks.close(1000.4, 1000, "很近。 Near.", HINT, tolerance=0.5)
    with pytest.raises(AssertionError) as caught:
        checks.close(got, expected, "很近。 Near.", HINT, tolerance=tolerance)
    assert str(caught.value) == HINT


class Symbolic:
    def __array__(self, *_, **__):
        raise RuntimeError("no value yet")


@pytest.mark.parametrize("got, found", [
    (Symbolic(), "Numbers are wanted; this is Symbolic"),
    (None, "Got None: is a `return` missing"),
    ("7", "Numbers are wanted; this is str"),
    ({1: 2}, "Numbers are wanted; this is dict"),
    ([[1, 2], [3]], "Numbers are wanted; this is list"),
    (print, "Numbers are wanted; this is builtin_function_or_method"),
    ([1, None], "Numbers are wanted; this is list"),
    ([True, False], "these are True or False"),
    (1.0, r"The shape should be \(2,\); it is \(\)"),
    ([[1.0, 2.0]], r"The shape should be \(2,\); it is \(1, 2\)"),
    ([1.0, float("nan")], "1 of 2 numbers are NaN or infinite"),
    ([float("inf"), float("-inf")], "2 of 2 numbers are NaN or infinite"),
])
def test_close_says_what_was_found_and_gives_the_hint(capsys, got, found):
    with pytest.raises(AssertionError, match=found) as caught:
        checks.close(got, [1.0, 2.0], "很近。 Near.", HINT)
    assert str(caught.value).endswith(HINT)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("got, kind", [
    (None, checks.GotNone), ("7", checks.WrongType), ([True, False], checks.WrongType), (1.0, checks.WrongShape),
    ([1.0, float("nan")], checks.NotFinite), ([1.0, 3.0], checks.CheckFailed),
])  # fmt: skip
def test_a_failed_check_shows_as_a_card_of_what_was_found_and_the_hint(got, kind):
    with pytest.raises(AssertionError) as caught:
        checks.close(got, [1.0, 2.0], "很近。 Near.", HINT)
    assert type(caught.value) is kind
    title, *lines = caught.value._render_traceback_()
    assert "還沒過 · Not yet" in title
    assert " ".join(lines) == str(caught.value)
    assert lines[-1] == HINT and len(lines) == (1 if kind is checks.CheckFailed else 2)


@pytest.mark.parametrize("value", [np.arange(3.0), [np.zeros(2), np.ones(3)], ["a", "b"], pd.DataFrame({"x": [1.0, np.nan]})], ids=type)
def test_unchanged_passes_what_is_as_it_was_and_stops_at_a_change(value, capsys):
    before = copy.deepcopy(value)
    checks.unchanged(value, before, "as before", "mind `+=`")
    assert capsys.readouterr().out == "[PASS] as before\n"
    if isinstance(value, pd.DataFrame):
        value["new"] = 1
    else:
        value[0] = value[-1] + value[-1]
    with pytest.raises(AssertionError, match="mind"):
        checks.unchanged(value, before, "as before", "mind `+=`")


@pytest.mark.parametrize("call, error, message", [
    *((lambda condition=condition: checks.that(condition, "對了。", HINT), TypeError,
       f"needs True or False, not {named}. Compare single values")
      for condition, named in ((1, "int"), (None, "NoneType"), ("True", "str"), ([], "list"), (np.array([True, True]), r"ndarray \(2,\)"))),
    *((lambda expected=expected: checks.close(1.0, expected, "很近。", HINT), ValueError, "needs finite expected numbers")
      for expected in (None, "1", [float("nan")], float("inf"))),
    *((lambda tolerance=tolerance: checks.close(1.0, 1.0, "很近。", HINT, tolerance), ValueError, "A tolerance is 0 or more")
      for tolerance in (-1e-6, float("nan"))),
    *((lambda check=check, passed=passed, hint=hint: check(passed, hint), ValueError, f"needs a sentence as its '{missing}'")
      for check in (lambda *texts: checks.that(True, *texts), lambda *texts: checks.close(1, 1, *texts))
      for passed, hint, missing in (("", HINT, "passed"), (" ", HINT, "passed"), ("對。", None, "hint"))),
])  # fmt: skip
def test_a_check_that_is_written_wrongly_says_so(call, error, message):
    with pytest.raises(error, match=message):
        call()
