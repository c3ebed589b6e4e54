"""Walks over rows and the theory of their spread: against plain NumPy, another solution, and many draws."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.engine.descent import MiniBatch, noise_floor
from fallline.engine.descent.row_moments import RowMoments
from fallline.engine.descent.row_walks import draw_order, walk_rows
from fallline.engine.optim import GradientDescent
from fallline.engine.surfaces import empirical_surface

RNG = np.random.default_rng(3)
X = RNG.standard_normal((60, 2)) @ np.array([[1.0, 0.6], [0.0, 0.5]])
Y = X @ np.array([0.8, -0.4]) + 0.5 * RNG.standard_normal(60)
MOMENTS = RowMoments(X, Y)


def excess(weights: np.ndarray) -> np.ndarray:
    """The loss above the lowest, by the losses themselves."""
    losses = 0.5 * ((X @ weights[..., None])[..., 0] - Y) ** 2
    lowest = 0.5 * ((X @ MOMENTS.lowest - Y) ** 2).mean()
    return np.asarray(losses.mean(axis=-1) - lowest)


@pytest.mark.parametrize("size", [1, 7, 60])
def test_a_walk_is_the_plain_loop(size: int) -> None:
    """Every kept step is what NumPy computes row by row, and so is the step of arriving."""
    order = draw_order(60, 240, 3, np.random.default_rng(1), replacement=True)
    steps = np.arange(240 // size + 1)
    walks = walk_rows(X, Y, order, rate=0.1, size=size, steps=steps, within=0.05)
    for number, rows in enumerate(order):
        w = np.zeros(2)
        path = [w]
        for step in range(len(steps) - 1):
            batch = rows[step * size : (step + 1) * size] if size < 60 else slice(None)
            w = w - 0.1 * X[batch].T @ (X[batch] @ w - Y[batch]) / size
            path.append(w)
        np.testing.assert_allclose(walks.weights[number], path, rtol=1e-10, atol=1e-12)
        there = np.flatnonzero(excess(np.array(path)) <= 0.05)
        assert walks.arrived[number] == (there[0] if there.size else -1)


def test_without_replacement_each_row_is_read_once_before_any_is_read_again() -> None:
    """Every deal of the deck holds every row, and no two deals are in the same order."""
    order = draw_order(60, 150, 2, np.random.default_rng(0), replacement=False)
    assert order.shape == (2, 150)
    for rows in order:
        assert sorted(rows[:60]) == sorted(rows[60:120]) == list(range(60))
        assert len(set(rows[120:])) == 30
        assert list(rows[:60]) != list(rows[60:120])


def test_a_walk_that_runs_away_says_where() -> None:
    """Beyond every limit weights grow without end: the step is noted, and what follows is no number."""
    order = draw_order(60, 600, 2, np.random.default_rng(0), replacement=True)
    walks = walk_rows(X, Y, order, rate=9.0, size=1, steps=np.array([0, 5, 600]), within=1e-9)
    assert (walks.lost > 0).all()
    assert (walks.lost < 600).all()
    assert np.isnan(walks.weights[:, -1]).all()
    assert np.isfinite(walks.weights[:, 0]).all()


def test_more_rows_than_there_are_orders_for_are_refused() -> None:
    """The mistake is named, with what would fit."""
    order = draw_order(60, 120, 1, np.random.default_rng(0), replacement=True)
    with pytest.raises(SpecError, match="at most 12 batches of 10 rows"):
        walk_rows(X, Y, order, rate=0.1, size=10, steps=np.array([0, 13]), within=0.0)


@pytest.mark.parametrize("size", [1, 4, 20])
@pytest.mark.parametrize("rate", [0.02, 0.2])
def test_the_floor_is_that_of_the_surface(rate: float, size: int) -> None:
    """The stationary equation, solved by another room of the engine, has the same trace."""
    surface = empirical_surface(X, Y, "squared", intercept=False)
    theirs = noise_floor(surface, GradientDescent(), rate, MiniBatch(size, replacement=True))
    assert MOMENTS.floor(rate, size) == pytest.approx(theirs, rel=1e-8)
    far = MOMENTS.excess(rate, size, np.array([0, 20_000]))
    assert far[-1] == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize(("size", "rate"), [(1, 0.15), (5, 0.4)])
def test_the_expected_loss_is_the_mean_of_many_walks(size: int, rate: float) -> None:
    """On the way down and at the end, within five standard errors of 4,000 walks."""
    steps = np.array([0, 1, 2, 5, 12, 40])
    order = draw_order(60, 40 * size, 4_000, np.random.default_rng(5), replacement=True)
    walks = walk_rows(X, Y, order, rate=rate, size=size, steps=steps, within=0.0)
    found = np.stack([excess(walks.weights[:, k]) for k in range(len(steps))])
    error = found.std(axis=1) / np.sqrt(4_000)
    assert (np.abs(found.mean(axis=1) - MOMENTS.excess(rate, size, steps)) <= 5 * error + 1e-12).all()


def test_all_rows_follow_the_closed_form() -> None:
    """A batch of all rows draws nothing: (I − ηH)^t from the start, exactly, and its limit is 2/λmax."""
    steps = np.array([0, 1, 7, 30])
    a = np.eye(2) - 0.3 * MOMENTS.hessian
    weights = [MOMENTS.lowest - np.linalg.matrix_power(a, step) @ MOMENTS.lowest for step in steps]
    np.testing.assert_allclose(MOMENTS.excess(0.3, 60, steps), excess(np.array(weights)), rtol=1e-9, atol=1e-15)
    assert MOMENTS.largest_rate(60) == pytest.approx(MOMENTS.limit, rel=1e-9)


@pytest.mark.parametrize("size", [1, 6])
def test_the_largest_rate_parts_what_settles_from_what_does_not(size: int) -> None:
    """Just below it the expected loss settles, just above it grows, and smaller batches bear less."""
    limit = MOMENTS.largest_rate(size)
    assert MOMENTS.settled(0.999 * limit, size) is not None
    assert MOMENTS.settled(1.001 * limit, size) is None
    late = MOMENTS.excess(1.02 * limit, size, np.array([2_000, 4_000]))
    assert late[1] > 1.5 * late[0]
    assert limit < MOMENTS.largest_rate(size + 1) < MOMENTS.limit


def test_several_rates_at_once_are_each_alone() -> None:
    """The rows of the answer are the answers."""
    rates, steps = np.array([0.01, 0.1, 0.3]), np.array([3, 9])
    together = MOMENTS.excess(rates, 4, steps)
    for rate, row in zip(rates, together, strict=True):
        np.testing.assert_allclose(row, MOMENTS.excess(float(rate), 4, steps), rtol=1e-12)


def test_rows_that_agree_have_no_floor() -> None:
    """Where one plane goes through all rows, one row at a time settles on it."""
    exact = RowMoments(X, X @ np.array([0.8, -0.4]))
    assert exact.floor(0.1, 1) == pytest.approx(0.0, abs=1e-20)
    assert exact.excess(0.1, 1, np.array([4_000]))[0] == pytest.approx(0.0, abs=1e-20)
