import copy

import numpy as np
import pandas as pd
import pytest

from utils.notebook import checks

HINT = "底價加了嗎？ Is the base price in it?"


@pytest.mark.parametrize("condition", [True, np.True_, np.array([1, 2]).sum() == 3])
def test_that_prints_what_holds(capsys, condition):
    checks.that(condition, "對了。 Right.", HINT)
    assert capsys.readouterr().out == "[PASS] 對了。 Right.\n"


@pytest.mark.parametrize("condition", [False, np.False_])
def test_that_stops_with_the_hint(capsys, condition):
    with pytest.raises(AssertionError) as caught:
        checks.that(condition, "對了。 Right.", HINT)
    assert str(caught.value) == HINT
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("condition, named", [
    (1, "int"), (None, "NoneType"), ("True", "str"), ([], "list"), (np.array([True, True]), r"ndarray \(2,\)"),
])
def test_that_takes_nothing_but_true_and_false(condition, named):
    with pytest.raises(TypeError, match=f"needs True or False, not {named}. Compare single values"):
        checks.that(condition, "對了。 Right.", HINT)


@pytest.mark.parametrize("got, expected", [
    (3, 3.0), (2.9999999, 3), ([1, 2], np.array([1.0, 2.0])), (np.float32(0.5), 0.5), ((1, 2), [1, 2]),
    (pd.Series([1, 2]), [1, 2]), (np.zeros((0, 4)), np.zeros((0, 4))), ([True, False], [True, False]), (1 + 2j, 1 + 2j),
    (np.uint8([1]), [1]),
])
def test_close_passes_what_is_near(capsys, got, expected):
    checks.close(got, expected, "很近。 Near.", HINT)
    assert capsys.readouterr().out == "[PASS] 很近。 Near.\n"


def test_close_measures_the_absolute_difference():
    checks.close(1000.4, 1000, "很近。 Near.", HINT, tolerance=0.5)
    with pytest.raises(AssertionError):
        checks.close(1000.6, 1000, "很近。 Near.", HINT, tolerance=0.5)


def test_close_does_not_wrap_round_in_unsigned_arithmetic():
    with pytest.raises(AssertionError):
        checks.close(np.uint8([255]), np.uint8([0]), "很近。 Near.", HINT, tolerance=1)


def test_close_keeps_the_expected_numbers_to_itself():
    with pytest.raises(AssertionError) as caught:
        checks.close([1.0, 2.0], [1.0, 777.0], "很近。 Near.", HINT)
    assert str(caught.value) == HINT


@pytest.mark.parametrize("got, found", [
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


def test_close_survives_an_object_that_refuses_to_be_an_array():
    class Symbolic:
        def __array__(self, *_, **__):
            raise RuntimeError("no value yet")

    with pytest.raises(AssertionError, match="Numbers are wanted; this is Symbolic"):
        checks.close(Symbolic(), 1.0, "很近。 Near.", HINT)


@pytest.mark.parametrize("expected", [None, "1", [float("nan")], float("inf")])
def test_close_refuses_an_expectation_that_nothing_can_meet(expected):
    with pytest.raises(ValueError, match="needs finite expected numbers"):
        checks.close(1.0, expected, "很近。 Near.", HINT)


@pytest.mark.parametrize("tolerance", [-1e-6, float("nan")])
def test_close_refuses_a_tolerance_below_zero(tolerance):
    with pytest.raises(ValueError, match="A tolerance is 0 or more"):
        checks.close(1.0, 1.0, "很近。 Near.", HINT, tolerance)


@pytest.mark.parametrize("passed, hint, missing", [("", HINT, "passed"), (" ", HINT, "passed"), ("對。", None, "hint")])
def test_every_check_has_both_sentences(passed, hint, missing):
    with pytest.raises(ValueError, match=f"needs a sentence as its '{missing}'"):
        checks.that(True, passed, hint)
    with pytest.raises(ValueError, match=f"needs a sentence as its '{missing}'"):
        checks.close(1, 1, passed, hint)


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


def test_in_a_notebook_a_marked_function_is_an_ordinary_one():
    assert checks.beside_your_code(len) is len
