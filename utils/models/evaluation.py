"""How sure a measured number is: intervals and paired tests, by SciPy and statsmodels."""

from typing import NamedTuple

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as mcnemar_of_table
from statsmodels.stats.proportion import proportion_confint

CONFIDENCE = 0.95  # of every interval here
RESAMPLES = 9999
NUMBERS_AT_ONCE = 2_000_000  # of all resamples that are held in memory together


class Interval(NamedTuple):
    """An estimate and its confidence interval; `f"{interval:.3f}"` shows all three."""

    value: float
    low: float
    high: float

    def __format__(self, spec: str) -> str:
        return f"{self.value:{spec}} ({self.low:{spec}} to {self.high:{spec}})"


class Spread(NamedTuple):
    """Mean and standard deviation (of n - 1) of `n` runs, and the t-interval of the mean."""

    mean: float
    deviation: float
    n: int
    low: float
    high: float


class McNemar(NamedTuple):
    """Cases that the first alone, and the second alone, had right; the probability of so unequal a split by chance."""

    only_first: int
    only_second: int
    p_value: float


def paired_difference(first, second) -> Interval:
    """Return mean(first) - mean(second) of two measures on the same cases, with a percentile bootstrap interval.

    Args:
        first, second: shape (cases,), finite numbers, case by case; at least 2.

    Raises:
        ValueError: if the lengths differ, there are fewer than 2 cases, or a number is not finite.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    first, second = _pairs(first, second, at_least=2)
    return _bootstrap(lambda a, b, axis: a.mean(axis) - b.mean(axis), first, second)


def rank_correlation(first, second) -> Interval:
    """Return Spearman's correlation of pairs, with a percentile bootstrap interval over the pairs.

    A resample in which all values of one side are equal has no order; it counts as 0.

    Args:
        first, second: shape (pairs,), finite numbers, pair by pair; at least 10, not all equal.

    Raises:
        ValueError: if the lengths differ, there are fewer than 10 pairs, a number is not finite, or one side is constant.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    first, second = _pairs(first, second, at_least=10)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        raise ValueError("Expected numbers that differ on both sides; one side is constant and has no order. Drop it.")
    return _bootstrap(_spearman, first, second)


def mcnemar(first_right, second_right) -> McNemar:
    """Test whether two classifiers that answered the same cases differ: exact, on the cases where one alone is right.

    Args:
        first_right, second_right: shape (cases,), True where the answer was right.

    Raises:
        ValueError: if the lengths differ, there are no cases, or there is something else than True and False.

    Source: McNemar, Note on the sampling error of the difference between correlated proportions, 1947; the exact
    (binomial) form.
    """
    first, second = np.asarray(first_right), np.asarray(second_right)
    for right in (first, second):
        if right.dtype != bool:
            raise ValueError(f"Expected True or False for each case, found {right.dtype}. Give predictions == labels.")
    first, second = _pairs(first, second, at_least=1)
    first, second = first.astype(bool), second.astype(bool)
    table = [[np.sum(first & second), np.sum(first & ~second)], [np.sum(~first & second), np.sum(~first & ~second)]]
    return McNemar(int(table[0][1]), int(table[1][0]), float(mcnemar_of_table(table, exact=True).pvalue))


def mean_and_spread(values) -> Spread:
    """Return mean, standard deviation and t-interval of a quantity that was measured once for each seed.

    Args:
        values: shape (seeds,), finite numbers; at least 2.

    Raises:
        ValueError: if there are fewer than 2 values or one is not finite.

    Source: Student, The probable error of a mean, 1908.
    """
    values = _numbers(values, at_least=2)
    mean, deviation = float(values.mean()), float(values.std(ddof=1))
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(values) - 1)) * deviation / len(values) ** 0.5
    return Spread(mean, deviation, len(values), mean - half, mean + half)


def share(count: int, total: int) -> Interval:
    """Return count / total with Wilson's interval.

    Args:
        count: 0 ... total.
        total: 1 or more.

    Raises:
        ValueError: if the counts are no such integers.

    Source: Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    if not (isinstance(count, int | np.integer) and isinstance(total, int | np.integer) and 0 <= count <= total and total):
        raise ValueError(f"Expected integers with 0 ≤ count ≤ total and total ≥ 1, found {count!r} of {total!r}. Count again.")
    low, high = proportion_confint(int(count), int(total), alpha=1 - CONFIDENCE, method="wilson")
    return Interval(int(count) / int(total), float(low), float(high))


def _bootstrap(statistic, first: np.ndarray, second: np.ndarray) -> Interval:
    result = stats.bootstrap(
        (first, second), statistic, paired=True, vectorized=True, method="percentile", n_resamples=RESAMPLES,
        batch=max(1, NUMBERS_AT_ONCE // len(first)), confidence_level=CONFIDENCE, rng=np.random.default_rng(0),
    )  # fmt: skip
    return Interval(float(statistic(first, second, -1)), *map(float, result.confidence_interval))


def _spearman(first: np.ndarray, second: np.ndarray, axis: int) -> np.ndarray:
    first, second = (ranks - ranks.mean(axis, keepdims=True) for ranks in
                     (stats.rankdata(side, axis=axis) for side in (first, second)))  # fmt: skip
    scale = np.sqrt((first**2).sum(axis) * (second**2).sum(axis))
    return (first * second).sum(axis) / np.where(scale == 0, 1, scale)


def _pairs(first, second, at_least: int) -> tuple[np.ndarray, np.ndarray]:
    first, second = _numbers(first, at_least), _numbers(second, at_least)
    if len(first) != len(second):
        raise ValueError(f"Expected both for the same cases, found {len(first)} and {len(second)}. Pair them case by case.")
    return first, second


def _numbers(values, at_least: int) -> np.ndarray:
    values = np.asarray(values)
    if values.size and values.dtype.kind not in "biuf":
        raise ValueError(f"Expected a list of numbers, found {values.dtype}. Turn texts into numbers first.")
    values = values.astype(float)
    if values.ndim != 1 or len(values) < at_least:
        raise ValueError(f"Expected a list of at least {at_least} numbers, found shape {values.shape}. Measure more.")
    if bad := int(np.sum(~np.isfinite(values))):
        raise ValueError(f"Expected finite numbers, found {bad} of {len(values)} NaN or infinite. Find the run that broke.")
    return values
