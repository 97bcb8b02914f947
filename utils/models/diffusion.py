"""Diffusion: how much of data and noise at each time, data whose best guess is known, and how far samples are from data.

Time runs from 0, data alone, to 1, noise alone. At time t data x become a·x + s·noise, with a, s = `rates(t)`.
"""

import numpy as np
from scipy import special


def rates(t) -> tuple[np.ndarray, np.ndarray]:
    """Return the shares of data and of noise, cos(πt/2) and sin(πt/2): their squares add up to 1.

    Args:
        t: times 0 ... 1, a number or an array.

    Raises:
        ValueError: if a time is outside 0 ... 1.

    Source: Nichol, Dhariwal, Improved denoising diffusion probabilistic models, 2021, section 3.2; a cosine without its offset.
    """
    t = np.asarray(t, dtype=float)
    if not ((t >= 0) & (t <= 1)).all():
        raise ValueError(f"Expected times from 0 to 1, found {t.min():g} to {t.max():g}. Divide the step by the number of steps.")
    return np.cos(np.pi / 2 * t), np.sin(np.pi / 2 * t)


class Mixture:
    """Numbers drawn from a few normal distributions: what noise makes of them is known exactly.

    Args:
        weights: how often each is drawn, (k,), above 0, adding up to 1.
        means, deviations: of each, (k,); a deviation of 0 is a point.

    Raises:
        ValueError: if the lengths differ, the weights do not add up to 1, a deviation is negative, or a number is not finite.
    """

    def __init__(self, weights, means, deviations):
        self.weights, self.means, self.deviations = (np.asarray(v, dtype=float) for v in (weights, means, deviations))
        if not self.weights.ndim == 1 or not self.weights.shape == self.means.shape == self.deviations.shape:
            raise ValueError(f"Expected as many weights, means and deviations, found shapes {self.weights.shape}, "
                             f"{self.means.shape}, {self.deviations.shape}. Give one of each for every part.")  # fmt: skip
        if not (self.weights > 0).all() or not np.isclose(self.weights.sum(), 1):
            raise ValueError(f"Expected weights above 0 that add up to 1, found {weights}. Divide them by their sum.")
        if not np.isfinite(self.means).all() or not ((self.deviations >= 0) & (self.deviations < np.inf)).all():
            raise ValueError(f"Expected finite means, and finite deviations of at least 0, found {means} and {deviations}.")

    def draw(self, count: int, seed) -> np.ndarray:
        """Return numbers (count,); the seed is a number or a `numpy.random.Generator`."""
        if not isinstance(count, int | np.integer) or count < 0:
            raise ValueError(f"count is a whole number, 0 or more, not {count!r}.")
        random = np.random.default_rng(seed)
        part = random.choice(len(self.weights), count, p=self.weights)
        return random.normal(self.means[part], self.deviations[part])

    def density(self, x, t: float = 0.0) -> np.ndarray:
        """Return the density at x, of any shape, of what the data have become at time t.

        Raises:
            ValueError: if the time is not one of 0 ... 1, or is 0 and a part is a point, which has no density.
        """
        return np.exp(special.logsumexp(self._parts(x, t)[0], axis=-1))

    def guess(self, x, t: float) -> np.ndarray:
        """Return the mean of the data that may have become x at time t above 0: for squared error the best guess.

        Each part is normal and shrinks x towards its mean; the parts count by how likely they make x.

        Raises:
            ValueError: if the time is not one above 0, up to 1.
        """
        if not (np.asarray(t) > 0).all():
            raise ValueError(f"Expected times above 0, found {t}. At time 0 there is no noise, and x is itself what it became of.")
        logs, a, variance = self._parts(x, t)
        shrunk = self.means + a * self.deviations**2 / variance * (np.asarray(x)[..., None] - a * self.means)
        return (special.softmax(logs, axis=-1) * shrunk).sum(axis=-1)  # far from all parts, the shares themselves would be 0

    def _parts(self, x, t: float):
        """Return log of what each part adds to the density at x (..., k), the share of data, and the parts' variances (k,)."""
        a, s = rates(t)
        variance = a**2 * self.deviations**2 + s**2
        if np.ndim(t) or not variance.all():
            raise ValueError(f"Expected one time, and above 0 where a part is a point, which has no density; found {t}.")
        squares = (np.asarray(x, dtype=float)[..., None] - a * self.means) ** 2
        return np.log(self.weights) - squares / (2 * variance) - np.log(2 * np.pi * variance) / 2, a, variance


def frechet_distance(first, second) -> float:
    """Return how far apart two clouds of points are by their means and covariances: 0 if these agree.

    |m₁ - m₂|² + trace(C₁ + C₂ - 2 (C₁C₂)^½), the squared Wasserstein distance of two normal distributions.

    Args:
        first, second: points (n, d) and (m, d), more than d of each; in practice what a classifier's last hidden layer says.

    Raises:
        ValueError: if the shapes do not fit, there are too few points, or a number is not finite.

    Source: Heusel et al., GANs trained by a two time-scale update rule, 2017 (there of an Inception network's features).
    """
    first, second = np.asarray(first), np.asarray(second)
    if first.dtype.kind not in "biuf" or second.dtype.kind not in "biuf":
        raise ValueError(f"Expected points of real numbers, found {first.dtype} and {second.dtype}.")
    first, second = first.astype(float), second.astype(float)
    if first.ndim != 2 or second.ndim != 2 or first.shape[1] != second.shape[1] or not first.shape[1]:
        raise ValueError(f"Expected points (n, d) and (m, d), found shapes {first.shape} and {second.shape}.")
    if min(len(first), len(second)) <= first.shape[1]:
        raise ValueError(f"Expected more points than their {first.shape[1]} numbers, found {len(first)} and {len(second)}. Draw more.")
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("Expected finite numbers, found NaN or infinite ones. Look for the step that made them.")
    one, other = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    one, other = np.atleast_2d(one), np.atleast_2d(other)
    root = np.sqrt(np.linalg.eigvals(one @ other).real.clip(0)).sum()  # C₁C₂ has no negative eigenvalue but for rounding
    distance = np.square(first.mean(axis=0) - second.mean(axis=0)).sum() + np.trace(one) + np.trace(other) - 2 * root
    return float(max(0.0, distance))
