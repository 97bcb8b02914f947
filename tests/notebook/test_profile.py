import random

import numpy as np
import pytest

from utils.notebook import profile


@pytest.fixture(autouse=True)
def no_profile(monkeypatch):
    for name in ("COURSE_PROFILE", "COURSE_SEED", "COURSE_RECORD"):
        monkeypatch.delenv(name, raising=False)


def test_profile_is_lesson_unless_told_otherwise(monkeypatch):
    assert profile.name() == "lesson"
    monkeypatch.setenv("COURSE_PROFILE", "")
    assert profile.name() == "lesson"


@pytest.mark.parametrize("chosen", profile.PROFILES)
def test_choose_returns_the_value_of_the_profile(monkeypatch, chosen):
    monkeypatch.setenv("COURSE_PROFILE", chosen)
    assert profile.choose(smoke="smoke", lesson="lesson", full="full") == chosen


@pytest.mark.parametrize("unknown", ["fast", "Lesson", " full"])
def test_unknown_profile_is_named_with_the_known_ones_and_each_wants_its_value(monkeypatch, unknown):
    monkeypatch.setenv("COURSE_PROFILE", unknown)
    with pytest.raises(ValueError, match="is not a profile. Set it to one of smoke, lesson, full") as caught:
        profile.choose(smoke=1, lesson=2, full=3)
    assert repr(unknown) in str(caught.value)
    with pytest.raises(TypeError, match="full"):
        profile.choose(smoke=1, lesson=2)


def test_same_seed_gives_the_same_numbers():
    def draw(number):
        profile.seed(number)
        return random.random(), np.random.random()  # noqa: NPY002 - what libraries use that know no generator

    assert draw(7) == draw(7)
    assert draw(7) != draw(8)


def test_seed_reaches_keras_where_it_is_imported():
    keras = pytest.importorskip("keras")

    def draw(number):
        profile.seed(number)
        return float(keras.random.uniform(())), random.random()

    assert draw(7) == draw(7)
    assert draw(7) != draw(8)


@pytest.mark.parametrize("wrong", [-1, 2**32, 1.0, "7", None, True])
def test_seed_refuses_what_is_no_seed(wrong):
    with pytest.raises(ValueError, match="A seed is an integer from 0 to 4294967295"):
        profile.seed(wrong)


def test_course_seed_takes_the_place_of_the_lessons_own(monkeypatch):
    def draw(number):
        profile.seed(number)
        return profile.chosen_seed(number), random.random()

    three = draw(3)
    monkeypatch.setenv("COURSE_SEED", "3")
    assert draw(7) == draw(8) == three
    monkeypatch.setenv("COURSE_SEED", "")
    assert draw(7)[0] == 7


@pytest.mark.parametrize("wrong", ["-1", "1.0", "seven", "4294967296", "²", " 3"])
def test_course_seed_that_is_no_seed_is_refused(monkeypatch, wrong):
    monkeypatch.setenv("COURSE_SEED", wrong)
    with pytest.raises(ValueError, match="is not an integer from 0 to 4294967295. Set it to one, or unset it"):
        profile.seed(7)


def test_record_keeps_nothing_outside_make_seeds_and_refuses_what_is_no_number(capsys):
    profile.record("accuracy", 0.5)
    assert not profile.measuring() and capsys.readouterr().out == ""
    with pytest.raises(ValueError, match="loss: expected a finite number to record, found nan"):
        profile.record("loss", float("nan"))


@pytest.mark.parametrize("bounds, shown", [
    ({"at_least": 0.9}, "≥ 0.9"), ({"at_most": 0.95}, "≤ 0.95"),
    ({"at_least": 0.95}, "≥ 0.95"), ({"at_least": 0, "at_most": 1}, "≥ 0 and ≤ 1"), ({"at_most": np.float32(1)}, "≤ 1"),
])
def test_expect_prints_a_pass_within_the_bounds(capsys, bounds, shown):
    for value in (0.95, np.float64(0.95)):
        profile.expect("test accuracy", value, **bounds)
        assert capsys.readouterr().out == f"[PASS] test accuracy: 0.95 ({shown})\n"


@pytest.mark.parametrize("bounds", [{"at_least": 0.96}, {"at_most": 0.94}, {"at_least": 0.96, "at_most": 1}])
def test_expect_stops_outside_the_bounds_and_says_what_to_try(capsys, bounds):
    with pytest.raises(AssertionError, match="test accuracy: expected .*measured 0.95.*Try: train longer"):
        profile.expect("test accuracy", 0.95, hint="train longer", **bounds)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float32("nan")])
def test_expect_never_passes_what_is_no_finite_number_and_asks_for_a_bound(value):
    with pytest.raises(AssertionError, match="loss: expected .* measured (nan|inf) .*Try: Restart the kernel"):
        profile.expect("loss", value, at_least=0)
    with pytest.raises(ValueError, match="needs at_least"):
        profile.expect("accuracy", 1.0)
