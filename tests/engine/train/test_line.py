"""The line against NumPy: closed form, curvature, and a walk written out row by row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.engine.train.line import LineFit

RNG = np.random.default_rng(3)
X = RNG.normal(26.0, 4.0, 60)
FIT = LineFit(X, 10.0 * X - 100.0 + RNG.normal(0.0, 60.0, 60))
CENTRED = LineFit(X - X.mean(), FIT.y)


def test_the_closed_form_is_that_of_numpy() -> None:
    """Intercept, slope, loss and curvatures agree with polyfit and the eigenvalues of the Hessian."""
    slope, intercept = np.polyfit(FIT.x, FIT.y, 1)
    assert FIT.best == pytest.approx((intercept, slope))
    assert FIT.lowest == pytest.approx(np.mean((FIT.y - intercept - slope * FIT.x) ** 2))
    design = np.column_stack([np.ones(60), FIT.x])
    assert FIT.curvature == pytest.approx(np.linalg.eigvalsh(2.0 * design.T @ design / 60), rel=1e-7)


@given(st.floats(-200, 200), st.floats(-20, 20))
def test_the_loss_is_the_mean_squared_error(intercept: float, slope: float) -> None:
    """For any line, straight from the rows."""
    expected = np.mean((FIT.y - intercept - slope * FIT.x) ** 2)
    assert float(FIT.loss(intercept, slope)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("batch", [1, 7, 60])
def test_the_walk_is_that_of_the_rows(batch: int) -> None:
    """Gradients of the mean squared error over the same rows, one step after the other."""
    rng = np.random.default_rng(5)
    deck = np.concatenate([rng.permutation(60) for _ in range(-(-40 * batch // 60))])
    b = m = 0.0
    path = FIT.walk(1e-4, 40, batch, np.random.default_rng(5))
    for step in range(40):
        rows = np.arange(60) if batch == 60 else deck[step * batch : (step + 1) * batch]
        error = b + m * FIT.x[rows] - FIT.y[rows]
        b, m = b - 2e-4 * error.mean(), m - 2e-4 * (error * FIT.x[rows]).mean()
        assert path[step + 1] == pytest.approx((b, m))


def test_every_row_is_read_once_before_any_is_read_twice() -> None:
    """At a rate too small to matter, an epoch of single rows sums to one step on all of them."""
    path = FIT.walk(1e-12, 60, 1, np.random.default_rng(1))
    whole = FIT.walk(60e-12, 1, 60, np.random.default_rng(1))
    assert path[-1] == pytest.approx(whole[-1], rel=1e-6)


def test_above_the_limit_it_runs_away_and_below_it_arrives() -> None:
    """2/λmax divides the rates, as theory says of a quadratic."""
    rng = np.random.default_rng(0)
    below = CENTRED.walk(0.98 * CENTRED.limit, 1_000, 60, rng)
    above = CENTRED.walk(1.02 * CENTRED.limit, 1_000, 60, rng)
    assert below[-1] == pytest.approx(CENTRED.best)
    assert abs(above[-1, 1]) > 1e6


def test_the_derived_rate_shrinks_the_worst_direction_most() -> None:
    """Of many rates none contracts the slower direction faster, and a sweep finds its best near it."""
    low, high = CENTRED.curvature
    rates = np.linspace(0.01, 1.0, 500) * CENTRED.limit
    worst = np.maximum(np.abs(1.0 - rates * low), np.abs(1.0 - rates * high))
    own = max(abs(1.0 - CENTRED.goldilocks * low), abs(1.0 - CENTRED.goldilocks * high))
    assert own <= worst.min() + 1e-12
    assert own == pytest.approx((high - low) / (high + low))
    steps = CENTRED.steps_to(rates, 0.01, 3_000)
    best = rates[np.argmin(np.where(steps < 0, 9_999, steps))]
    assert best == pytest.approx(CENTRED.goldilocks, rel=0.1)
    assert CENTRED.steps_to(np.array([1.05 * CENTRED.limit]), 0.01, 500)[0] == -1


def test_steps_are_counted_as_walked() -> None:
    """The sweep's count is the first step of a walk whose loss is within the share."""
    rate = 0.5 * CENTRED.limit
    path = CENTRED.walk(rate, 400, 60, np.random.default_rng(0))
    losses = CENTRED.loss(path[:, 0], path[:, 1])
    first = int(np.flatnonzero(losses <= 1.01 * CENTRED.lowest)[0])
    assert CENTRED.steps_to(np.array([rate]), 0.01, 1_000)[0] == first


def test_a_standardised_column_takes_one_step() -> None:
    """Both curvatures are 2, so the rate 1/2 leads to the best line at once."""
    fit = LineFit((X - X.mean()) / X.std(), FIT.y)
    assert fit.curvature == pytest.approx((2.0, 2.0))
    assert fit.walk(0.5, 1, 60, np.random.default_rng(0))[1] == pytest.approx(fit.best)
