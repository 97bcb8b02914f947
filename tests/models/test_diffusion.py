"""Diffusion against what is known in closed form, by quadrature and by simulation."""

import numpy as np
import pytest
from scipy import integrate, linalg

from utils.models import diffusion

TWO = diffusion.Mixture([0.5, 0.5], [-1, 1], [0, 0])
THREE = diffusion.Mixture([0.5, 0.3, 0.2], [-1.2, 0.2, 1.3], [0.2, 0.1, 0.3])


def test_the_squares_of_the_rates_add_up_to_one():
    a, s = diffusion.rates(np.linspace(0, 1, 11))
    np.testing.assert_allclose(a**2 + s**2, 1)
    assert (a[0], s[0]) == (1, 0) and s[-1] == 1 and a[-1] == pytest.approx(0)
    assert (np.diff(a) < 0).all() and (np.diff(s) > 0).all()


@pytest.mark.parametrize("t", [-0.1, 1.1, np.nan, [0.5, 2]])
def test_a_time_outside_is_refused(t):
    with pytest.raises(ValueError, match="times from 0 to 1"):
        diffusion.rates(t)


def test_the_guess_of_two_points_is_a_hyperbolic_tangent():
    x = np.linspace(-2, 2, 9)
    a, s = diffusion.rates(0.6)
    np.testing.assert_allclose(TWO.guess(x, 0.6), np.tanh(a * x / s**2))


@pytest.mark.parametrize("x", [-1.5, 0.1, 0.9])
def test_the_guess_of_a_mixture_is_what_quadrature_finds(x):
    a, s = diffusion.rates(0.5)

    def joint(clean):
        return THREE.density(clean) * np.exp(-((x - a * clean) ** 2) / (2 * s**2))

    top, bottom = (integrate.quad(f, -4, 4, points=[-1.2, 0.2, 1.3], limit=200)[0] for f in (lambda c: c * joint(c), joint))
    assert THREE.guess(x, 0.5) == pytest.approx(top / bottom, rel=1e-6)


def test_far_from_all_data_the_guess_is_finite_and_the_nearest_part():
    assert TWO.guess(np.array([1e4, -1e4]), 0.1).tolist() == [1, -1]
    assert THREE.density(1e4, 0.5) == 0


@pytest.mark.parametrize("t", [0.0, 0.3, 0.9])
def test_a_density_adds_up_to_one(t):
    x = np.linspace(-8, 8, 20_001)
    assert integrate.trapezoid(THREE.density(x, t), x) == pytest.approx(1, abs=1e-6)


def test_the_guess_gives_the_slope_of_the_log_density():
    x, t, small = np.linspace(-2, 2, 9), 0.4, 1e-5
    a, s = diffusion.rates(t)
    slope = (np.log(THREE.density(x + small, t)) - np.log(THREE.density(x - small, t))) / (2 * small)
    np.testing.assert_allclose((a * THREE.guess(x, t) - x) / s**2, slope, atol=1e-6)


def test_what_is_drawn_has_the_weights_and_depends_on_the_seed_alone():
    drawn = THREE.draw(20_000, seed=3)
    assert drawn.mean() == pytest.approx(THREE.weights @ THREE.means, abs=0.03)
    assert np.mean(drawn < -0.5) == pytest.approx(0.5, abs=0.02)
    np.testing.assert_array_equal(drawn, THREE.draw(20_000, seed=3))


@pytest.mark.parametrize(("arguments", "says"), [
    (([1], [0, 1], [1]), "as many weights"),
    (([0.5, 0.6], [0, 1], [1, 1]), "add up to 1"),
    (([1.5, -0.5], [0, 1], [1, 1]), "above 0"),
    (([1], [0], [-1]), "at least 0"),
])  # fmt: skip
def test_a_bad_mixture_is_refused(arguments, says):
    with pytest.raises(ValueError, match=says):
        diffusion.Mixture(*arguments)


def test_frechet_is_the_formula_with_a_matrix_root():
    random = np.random.default_rng(5)
    first = random.normal(size=(500, 4)) @ random.normal(size=(4, 4)) + 1
    second = random.normal(size=(300, 4)) @ random.normal(size=(4, 4))
    c1, c2 = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    expected = np.sum((first.mean(0) - second.mean(0)) ** 2) + np.trace(c1 + c2 - 2 * linalg.sqrtm(c1 @ c2).real)
    assert diffusion.frechet_distance(first, second) == pytest.approx(expected)
    assert diffusion.frechet_distance(second, first) == pytest.approx(expected)
    assert diffusion.frechet_distance(first, first) == pytest.approx(0, abs=1e-9)


def test_frechet_of_numbers_is_the_difference_of_means_and_deviations():
    first, second = np.array([[0.0], [2.0], [4.0]]), np.array([[1.0], [5.0], [9.0]])
    assert diffusion.frechet_distance(first, second) == pytest.approx((2 - 5) ** 2 + (2 - 4) ** 2)


@pytest.mark.parametrize(("first", "second", "says"), [
    (np.zeros((5, 2)), np.zeros((5, 3)), "found shapes"),
    (np.zeros(5), np.zeros(5), "found shapes"),
    (np.zeros((3, 3)), np.zeros((9, 3)), "Draw more"),
])  # fmt: skip
def test_frechet_refuses_what_does_not_fit(first, second, says):
    with pytest.raises(ValueError, match=says):
        diffusion.frechet_distance(first, second)
