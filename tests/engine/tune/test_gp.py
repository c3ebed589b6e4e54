"""The Gaussian process against scikit-learn's, its gradient against differences, acquisitions against quadrature."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import check_grad
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

from fallline.core.errors import DataError
from fallline.engine.tune import (
    ACQUISITIONS,
    Hyper,
    expected_improvement,
    fit_gp,
    log_expected_improvement,
    lower_confidence_bound,
    probability_of_improvement,
)
from fallline.engine.tune.acquisition import log_h
from fallline.engine.tune.gp import negative_log_posterior


def evaluations(seed: int, n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws points of the unit cube and a wavy loss."""
    rng = np.random.default_rng(seed)
    x = rng.random((n, d))
    return x, 5 + 3 * np.sin(4 * x).sum(axis=1) + rng.normal(0, 0.1, n)


@pytest.mark.parametrize(("n", "d"), [(1, 1), (5, 1), (20, 3), (60, 8)])
def test_posterior_and_likelihood_equal_scikit_learn(n: int, d: int) -> None:
    """With the same kernel, mean, standard deviation and marginal likelihood agree to 1e-6."""
    x, y = evaluations(n, n, d)
    hyper = Hyper(tuple(np.linspace(0.2, 0.9, d)), 1.7, 0.02)
    gp = fit_gp(x, y, hyper=hyper)
    matern = ConstantKernel(1.7) * Matern(hyper.lengths, nu=2.5)
    theirs = GaussianProcessRegressor(matern + WhiteKernel(0.02), optimizer=None, normalize_y=True, alpha=1e-10).fit(
        x, y
    )
    points = np.random.default_rng(1).random((50, d))
    mean, sd = theirs.predict(points, return_std=True)
    ours, spread = gp.posterior(points)
    assert ours == pytest.approx(mean, abs=1e-6)
    # Theirs includes the noise of a new evaluation.
    assert spread**2 + gp.scale**2 * 0.02 == pytest.approx(sd**2, abs=1e-6)
    z = (y - gp.offset) / gp.scale
    squares = (x.T[:, :, None] - x.T[:, None, :]) ** 2
    theta = np.log(np.r_[hyper.lengths, 1.7, 0.02])
    value, _ = negative_log_posterior(theta, squares, z, None)
    prior = np.r_[(theta[:d] - np.log(0.5) - 0.25 * np.log(d)) / 0.5, theta[d], (theta[d + 1] - np.log(1e-3)) / 2]
    likelihood = theirs.log_marginal_likelihood_value_ + n / 2 * np.log(2 * np.pi)
    assert value == pytest.approx(-likelihood + 0.5 * prior @ prior, abs=1e-5)


@pytest.mark.parametrize("known", [None, 0.01])
@pytest.mark.parametrize("seed", range(4))
def test_gradient_is_that_of_the_value(known: float | None, seed: int) -> None:
    """Finite differences agree at random parameters."""
    x, y = evaluations(seed, 12, 3)
    z = (y - y.mean()) / y.std()
    squares = (x.T[:, :, None] - x.T[:, None, :]) ** 2
    theta = np.random.default_rng(seed).normal(-0.5, 0.7, 5 if known is None else 4)
    gap = check_grad(
        lambda t: negative_log_posterior(t, squares, z, known)[0],
        lambda t: negative_log_posterior(t, squares, z, known)[1],
        theta,
        epsilon=1e-6,
    )
    assert gap < 1e-3 * max(1.0, np.abs(negative_log_posterior(theta, squares, z, known)[1]).max())


def test_fitted_process_predicts_better_than_its_start_and_finds_the_noise() -> None:
    """On 80 noisy points new values lie within the bands as often as they should, and noise is right within a third."""
    x, y = evaluations(0, 80, 2)
    gp = fit_gp(x, y)
    points = np.random.default_rng(9).random((400, 2))
    truth = 5 + 3 * np.sin(4 * points).sum(axis=1)
    mean, sd = gp.posterior(points)
    assert np.sqrt(np.mean((mean - truth) ** 2)) < 0.15
    assert np.mean(np.abs(mean - truth) < 2 * sd) > 0.85
    assert np.sqrt(gp.hyper.noise) * gp.scale == pytest.approx(0.1, rel=0.33)


def test_an_irrelevant_dimension_gets_a_longer_scale() -> None:
    """The length scale of a dimension without effect is several times that of one with."""
    rng = np.random.default_rng(0)
    x = rng.random((60, 2))
    gp = fit_gp(x, np.sin(8 * x[:, 0]))
    assert gp.hyper.lengths[1] > 3 * gp.hyper.lengths[0]


def test_without_noise_it_passes_through_the_points() -> None:
    """At the points mean is loss and deviation nearly nil, between them more; repeated points are fine."""
    x = np.array([0.1, 0.4, 0.4, 0.9])
    gp = fit_gp(x, [1.0, -1.0, -1.0, 2.0], noise=0.0)
    mean, sd = gp.posterior(x)
    assert mean == pytest.approx([1.0, -1.0, -1.0, 2.0], abs=1e-4)
    assert sd.max() < 1e-3
    assert gp.posterior([0.65])[1][0] > 0.05
    assert gp.best == pytest.approx(-1.0, abs=1e-4)


def test_units_of_the_loss_do_not_matter() -> None:
    """Losses times a thousand plus five give the same kernel and the mean scaled alike."""
    x, y = evaluations(3, 15, 1)
    one, other = fit_gp(x, y), fit_gp(x, 1000 * y + 5)
    assert other.hyper.lengths == pytest.approx(one.hyper.lengths, rel=1e-3)
    assert other.posterior([0.3])[0] == pytest.approx(1000 * one.posterior([0.3])[0] + 5, rel=1e-4)


def test_equal_losses_and_a_single_point_are_fine() -> None:
    """A flat or lone history gives that loss as the mean everywhere, with doubt away from it."""
    for x, y in (([0.5], [3.0]), ([0.1, 0.9], [3.0, 3.0])):
        mean, sd = fit_gp(x, y).posterior([0.0, 0.5, 1.0])
        assert mean == pytest.approx([3.0] * 3, abs=1e-6)
        assert np.all(sd >= 0)
        assert sd.max() > 0.01


@settings(deadline=None, max_examples=60)
@given(st.floats(-3, 3), st.floats(0.01, 3), st.floats(-3, 3), st.floats(0, 1))
def test_improvements_are_the_integrals(mean: float, sd: float, best: float, margin: float) -> None:
    """EI and PI equal numerical integration over the normal belief."""
    belief = stats.norm(mean, sd)
    target = best - margin
    low = mean - 12 * sd
    ei = (
        quad(lambda f: (target - f) * belief.pdf(f), low, target, points=[mean] if low < mean < target else None)[0]
        if target > low
        else 0.0
    )
    m, s = np.array([mean]), np.array([sd])
    assert expected_improvement(m, s, best, margin)[0] == pytest.approx(ei, abs=1e-7)
    assert probability_of_improvement(m, s, best, margin)[0] == pytest.approx(belief.cdf(target), abs=1e-12)
    assert lower_confidence_bound(m, s, best, margin)[0] == pytest.approx(-(mean - margin * sd))


@pytest.mark.parametrize("z", [5.0, 0.0, -0.99, -1.0, -1.01, -5.0, -40.0, -900.0, -1001.0, -1e5])
def test_log_h_has_no_gap_and_no_cancellation(z: float) -> None:
    """log(φ + zΦ) equals a scaled integral: h(z) = φ(z) ∫ u exp(zu − u²/2) du for u > 0."""
    # The integrand's mass lies within a few units of 1 / |z| (or of z, above zero).
    width = 40 / max(1.0, abs(z)) + max(0.0, 2 * z)
    inside = quad(lambda u: u * np.exp(z * u - u * u / 2), 0, width, epsabs=0, epsrel=1e-11, limit=200)[0]
    expected = -0.5 * z * z - 0.5 * np.log(2 * np.pi) + np.log(inside)
    assert log_h(np.array([z]))[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(st.floats(-30, 8), st.floats(1e-3, 10))
def test_log_ei_is_the_log_of_ei(z: float, sd: float) -> None:
    """Where EI can be represented, log EI is its logarithm; where it cannot, log EI still orders points."""
    m, s = np.array([-z * sd]), np.array([sd])
    ei = expected_improvement(m, s, 0.0)[0]
    log_ei = log_expected_improvement(m, s, 0.0)[0]
    if z > -20:
        assert log_ei == pytest.approx(np.log(ei), rel=1e-5, abs=1e-5)
    assert np.isfinite(log_ei)
    assert log_expected_improvement(m + 0.1 * sd, s, 0.0)[0] < log_ei


def test_certain_points() -> None:
    """Without doubt, improvement is what it is: max(gain, 0), 0 or 1, and the log of it."""
    mean, sd = np.array([-1.0, 0.0, 1.0]), np.zeros(3)
    assert expected_improvement(mean, sd, 0.0).tolist() == [1.0, 0.0, 0.0]
    assert probability_of_improvement(mean, sd, 0.0).tolist() == [1.0, 0.0, 0.0]
    assert log_expected_improvement(mean, sd, 0.0).tolist() == [0.0, -np.inf, -np.inf]


@pytest.mark.parametrize("name", sorted(ACQUISITIONS))
def test_every_acquisition_finds_the_lower_valley(name: str) -> None:
    """Fifteen evaluations, each where the worth is highest, end within 0.03 of the lowest point of two valleys."""

    def hidden(x: np.ndarray) -> np.ndarray:
        return 0.6 - 0.8 * np.exp(-(((x - 0.22) / 0.09) ** 2)) - np.exp(-(((x - 0.74) / 0.07) ** 2))

    explore = {"lcb": 2.0, "pi": 0.05}.get(name, 0.0)
    grid = np.linspace(0, 1, 201)
    x = np.array([0.08, 0.45, 0.92])
    for _ in range(12):
        gp = fit_gp(x, hidden(x), noise=0.0)
        mean, sd = gp.posterior(grid)
        x = np.r_[x, grid[ACQUISITIONS[name](mean, sd, gp.best, explore).argmax()]]
    assert hidden(x).min() < hidden(grid).min() + 0.03


def test_refusals() -> None:
    """Losses that do not fit or are not finite, and points of three axes, get a sentence."""
    with pytest.raises(DataError, match="one finite loss per point"):
        fit_gp([0.1, 0.2], [1.0])
    with pytest.raises(DataError, match="one finite loss per point"):
        fit_gp([0.1], [np.nan])
    with pytest.raises(DataError, match="one finite loss per point"):
        fit_gp([], [])
    with pytest.raises(DataError, match="points, dimensions"):
        fit_gp(np.zeros((2, 2, 2)), [1.0, 2.0])
