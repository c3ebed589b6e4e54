"""Calibration curve, error, line and Platt scaling against scikit-learn and direct maximum likelihood."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.calibration import calibration_curve as reference_curve
from sklearn.linear_model import LogisticRegression

from fallline.core.errors import DataError
from fallline.engine.metrics import (
    calibration_curve,
    calibration_line,
    expected_calibration_error,
    log_loss,
    logit,
    platt,
    wilson,
)


def sample(seed: int, rows: int = 1000, slope: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Draws labels whose true logit is `slope` times the stated one."""
    rng = np.random.default_rng(seed)
    z = rng.normal(-0.7, 1.5, rows)
    return (rng.random(rows) < expit(slope * z)).astype(np.int8), expit(z)


def test_curve_agrees_with_scikit_learn_on_distinct_scores() -> None:
    """Bins of equal mass hold the same rows as scikit-learn's quantile bins."""
    y, p = sample(0)
    observed, predicted = reference_curve(y, p, n_bins=10, strategy="quantile")
    curve = calibration_curve(y, p, 10)
    assert curve.predicted == pytest.approx(predicted, abs=1e-12)
    assert curve.observed == pytest.approx(observed, abs=1e-12)
    assert curve.count.tolist() == [100.0] * 10


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=60), st.integers(1, 12))
def test_curve_keeps_ties_together_and_loses_no_row(rows: list[tuple[bool, int]], bins: int) -> None:
    """Every row is in one bin, no probability is split between bins, and the bins ascend."""
    y, p = np.array([row[0] for row in rows]), np.array([row[1] / 5 for row in rows])
    curve = calibration_curve(y, p, bins)
    assert curve.count.sum() == len(rows)
    assert len(curve.count) <= min(bins, len(set(p)))
    assert curve.predicted @ curve.count == pytest.approx(p.sum())
    assert curve.observed @ curve.count == pytest.approx(y.sum())
    assert np.all(np.diff(curve.predicted) > 0)
    assert np.all((curve.low <= curve.observed + 1e-12) & (curve.observed <= curve.high + 1e-12))
    edges = np.cumsum(curve.count).astype(int)[:-1]
    ordered = np.sort(p)
    assert np.all(ordered[edges - 1] < ordered[edges])


def test_expected_error_is_small_when_right_and_large_when_wrong() -> None:
    """A calibrated model shows only the error of chance; halved logits show more."""
    y, p = sample(1, rows=20_000)
    assert expected_calibration_error(y, p) < 0.012
    assert expected_calibration_error(y, expit(3 * logit(p))) > 0.06


@pytest.mark.parametrize("slope", [0.4, 1.0, 2.5])
def test_line_is_the_unpenalised_logistic_fit(slope: float) -> None:
    """Slope and intercept equal scikit-learn's logistic regression on the logit, and find the true slope."""
    y, p = sample(2, rows=20_000, slope=slope)
    line = calibration_line(y, p)
    fit = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(logit(p)[:, None], y)
    assert line is not None
    assert line.slope == pytest.approx(fit.coef_[0, 0], rel=1e-5)
    assert line.intercept == pytest.approx(fit.intercept_[0], rel=1e-4, abs=1e-5)
    assert line.slope == pytest.approx(slope, rel=0.08)
    assert line.in_the_large == pytest.approx(y.mean() - p.mean())


@pytest.mark.parametrize(
    ("y", "p"),
    [([1, 1], [0.2, 0.7]), ([0, 1, 0], [0.5, 0.5, 0.5]), ([0, 0, 1], [0.1, 0.3, 0.3]), ([1, 0], [0.1, 0.9])],
)
def test_line_is_none_where_no_finite_line_exists(y: list[int], p: list[float]) -> None:
    """One class, one probability and separated classes have no maximum-likelihood line."""
    assert calibration_line(y, p) is None


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(4, 60), st.floats(0.01, 1000))
def test_platt_minimises_its_own_loss(seed: int, rows: int, scale: float) -> None:
    """No other slope and intercept has a lower smoothed log loss, at any scale of the logits."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=rows) * scale
    y = rng.integers(0, 2, rows)
    y[:2] = [0, 1]
    yes, no = y.sum(), (1 - y).sum()
    target = np.where(y == 1, (yes + 1) / (yes + 2), 1 / (no + 2))

    def loss(theta: np.ndarray) -> float:
        line = theta[0] * z / scale + theta[1]
        return float(np.sum(np.logaddexp(0, line) - target * line))

    fit = platt(z, y)
    best = minimize(loss, [1.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 5000})
    assert loss(np.array([fit.a * scale, fit.b])) <= best.fun + 1e-7


def test_platt_mends_miscalibrated_logits() -> None:
    """On rows not used for the fit, scaling by 3 is undone and log loss falls."""
    y, p = sample(5, rows=4000)
    z = 3 * logit(p) + 1
    fit = platt(z[:2000], y[:2000])
    assert fit.a == pytest.approx(1 / 3, rel=0.15)
    assert log_loss(y[2000:], fit.probabilities(z[2000:])) < log_loss(y[2000:], expit(z[2000:])) - 0.1


def test_platt_of_degenerate_logits() -> None:
    """Separated logits stay finite, equal logits give the smoothed base rate, one class is refused."""
    separated = platt([-5.0, -4.0, 4.0, 5.0], [0, 0, 1, 1])
    assert np.isfinite([separated.a, separated.b]).all()
    assert separated.a > 0
    flat = platt([2.0, 2.0, 2.0], [0, 0, 1])
    assert flat.probabilities([2.0])[0] == pytest.approx((2 / 3 + 2 / 4) / 3)
    with pytest.raises(DataError, match="both classes"):
        platt([0.1, 0.2], [1, 1])


def test_bins_below_one_are_refused() -> None:
    """A curve needs a bin."""
    with pytest.raises(DataError, match="1 or more"):
        calibration_curve([0, 1], [0.1, 0.9], bins=0)


def test_wilson_covers_about_as_often_as_it_says() -> None:
    """At a small rate, where ± two standard errors fail, the interval holds the truth 92 to 98 % of the time."""
    rng = np.random.default_rng(0)
    hits = rng.binomial(50, 0.06, 4000)
    low, high = wilson(hits / 50, np.full(4000, 50.0))
    assert 0.92 < np.mean((low <= 0.06) & (high >= 0.06)) < 0.98
