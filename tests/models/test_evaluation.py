import tracemalloc

import numpy as np
import pytest
from scipy import stats

from utils.models import evaluation

RNG = np.random.default_rng(5)
NAN = float("nan")


def test_paired_interval_is_that_of_the_differences_alone():
    common = RNG.normal(0, 10, 400)  # shared by both: an unpaired interval would be 14 times as wide
    first, second = common + RNG.normal(0.5, 1, 400), common
    found = evaluation.paired_difference(first, second)
    differences = first - second
    half = 1.96 * differences.std(ddof=1) / 20  # the normal approximation, by hand
    assert found.value == pytest.approx(differences.mean())
    assert found.low == pytest.approx(differences.mean() - half, abs=0.01)
    assert found.high == pytest.approx(differences.mean() + half, abs=0.01)


def test_resampling_is_seeded():
    first, second = RNG.random((2, 30))
    assert evaluation.paired_difference(first, second) == evaluation.paired_difference(first, second)


def test_equal_sides_differ_by_exactly_nothing():
    assert evaluation.paired_difference([1, 2, 3], [1, 2, 3]) == (0, 0, 0)


def test_resamples_do_not_fill_the_memory():
    right = RNG.random(25_000) < 0.9  # 25,000 × 9,999 numbers would take 2 GB
    tracemalloc.start()
    found = evaluation.paired_difference(right, np.roll(right, 1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000_000
    assert found.value == 0 and found.low < 0 < found.high


@pytest.mark.parametrize("only_first, only_second", [(0, 0), (1, 0), (3, 9), (12, 12), (40, 75), (700, 500)])
def test_mcnemar_is_the_binomial_test_of_the_discordant_cases(only_first, only_second):
    first = np.repeat([True, False, True, False], [only_first, only_second, 50, 5])
    second = np.repeat([False, True, True, False], [only_first, only_second, 50, 5])
    found = evaluation.mcnemar(first, second)
    discordant = only_first + only_second
    expected = stats.binomtest(only_first, discordant).pvalue if discordant else 1
    assert found[:2] == (only_first, only_second)
    assert found.p_value == pytest.approx(expected, rel=1e-9)


def test_mean_and_spread_by_hand():
    # Mean 3, squared deviations 4 + 1 + 0 + 1 + 4 = 10, so √(10 / 4); Student's t for 4 degrees of freedom is 2.776.
    found = evaluation.mean_and_spread([1, 2, 3, 4, 5])
    assert found == pytest.approx((3, 2.5**0.5, 5, 3 - 2.7764451 * 0.5**0.5, 3 + 2.7764451 * 0.5**0.5))


def test_rank_correlation_agrees_with_scipy_and_with_the_closed_form():
    first = RNG.normal(size=300)
    second = np.exp(first + RNG.normal(size=300)).round(1)  # with ties
    found = evaluation.rank_correlation(first, second)
    assert found.value == pytest.approx(stats.spearmanr(first, second).statistic)
    half = 1.96 * np.sqrt((1 + found.value**2 / 2) / 297)  # Bonett and Wright, 2000
    assert found.low == pytest.approx(np.tanh(np.arctanh(found.value) - half), abs=0.02)
    assert found.high == pytest.approx(np.tanh(np.arctanh(found.value) + half), abs=0.02)


def test_rank_correlation_survives_resamples_without_order():
    found = evaluation.rank_correlation([0] * 9 + [1], range(10))  # a third of the resamples lack the 1
    assert np.isfinite(found).all() and found.low == 0


def test_wilson_interval_by_hand():
    # (p + z²/2n ± z√(p(1 - p)/n + z²/4n²)) / (1 + z²/n) with p = 0.9, n = 10, z = 1.96
    assert evaluation.share(9, 10) == pytest.approx((0.9, 0.5958, 0.9821), abs=1e-4)
    assert evaluation.share(0, 10).low == 0


def test_interval_shows_itself():
    assert f"{evaluation.Interval(0.25, 0.125, 0.5):.2f}" == "0.25 (0.12 to 0.50)"


@pytest.mark.parametrize("wrong, message", [
    (lambda: evaluation.paired_difference([1, 2], [1, 2, 3]), "for the same cases, found 2 and 3. Pair them"),
    (lambda: evaluation.paired_difference([1, NAN], [1, 2]), "finite numbers, found 1 of 2 NaN or infinite. Find the run"),
    (lambda: evaluation.paired_difference([], []), r"at least 2 numbers, found shape \(0,\). Measure more"),
    (lambda: evaluation.mean_and_spread([0.9]), r"at least 2 numbers, found shape \(1,\). Measure more"),
    (lambda: evaluation.mean_and_spread([0.9, float("inf")]), "found 1 of 2 NaN or infinite"),
    (lambda: evaluation.rank_correlation(range(9), range(9)), r"at least 10 numbers, found shape \(9,\)"),
    (lambda: evaluation.rank_correlation([1] * 10, range(10)), "one side is constant"),
    (lambda: evaluation.mcnemar([1, 0], [1, 1]), "True or False for each case, found int64. Give predictions == labels"),
    (lambda: evaluation.mcnemar(np.zeros(0, bool), np.zeros(0, bool)), r"at least 1 numbers, found shape \(0,\)"),
    (lambda: evaluation.mcnemar([True], [True, False]), "found 1 and 2"),
    (lambda: evaluation.share(11, 10), "0 ≤ count ≤ total and total ≥ 1, found 11 of 10"),
    (lambda: evaluation.share(0, 0), "found 0 of 0"),
    (lambda: evaluation.share(0.5, 10), "found 0.5 of 10"),
])
def test_bad_input_says_what_was_expected_and_found(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()
