"""Problems, draws, curves and counted work of a race."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.core.rng import generator
from fallline.engine.nets import Inputs, Net, Outputs
from fallline.engine.train.race import Curve, Problem, draw
from fallline.engine.train.race.lane import FAR, curve
from fallline.engine.train.race.problem import batches
from fallline.engine.train.race.work import optimizer_work, step_work


def problem(*, batch: int = 0, noise: float = 0.0, steps: int = 20, rows: int = 40) -> Problem:
    """A least-squares problem of three columns."""
    rng = np.random.default_rng(5)
    x = rng.standard_normal((rows, 3))
    architecture = Net("linear", {"initialiser": "xavier"}).architecture(Inputs((3,)), Outputs(1))
    return Problem(x, x @ [1.0, -2.0, 0.5], x, x @ [1.0, -2.0, 0.5], "squared", batch, noise, steps, architecture)


@given(st.integers(2, 40), st.integers(1, 40), st.integers(1, 30))
def test_every_epoch_takes_every_row_once(rows: int, batch: int, steps: int) -> None:
    """However batches straddle epochs, each stretch of n rows is a permutation."""
    taken = batches(rows, batch, steps, np.random.default_rng(0)).ravel()
    assert taken.shape == (batch * steps,)
    for start in range(0, len(taken) - rows + 1, rows):
        assert sorted(taken[start : start + rows].tolist()) == list(range(rows))


def test_a_seed_decides_the_draw_and_noise_shifts_nothing_else() -> None:
    """The same streams give the same start, order and noise; asking for noise leaves start and order as they were."""
    stream = partial(generator, 3, "race")
    plain, again = draw(problem(batch=8), stream), draw(problem(batch=8), stream)
    noisy = draw(problem(batch=8, noise=0.5), stream)
    assert plain.rows is not None
    for other in (again, noisy):
        assert other.rows is not None
        assert np.array_equal(plain.rows, other.rows)
        assert all(np.array_equal(plain.weights[name], other.weights[name]) for name in plain.weights)
    assert plain.noise == ()
    assert [each.shape for each in noisy.noise] == [(20, 1, 3), (20, 1)]
    assert float(np.concatenate([each.ravel() for each in noisy.noise]).std()) == pytest.approx(0.5, rel=0.2)


@pytest.mark.parametrize("steps", [5, 60, 61, 300, 1234])
def test_the_loss_is_looked_at_from_the_start_to_the_end(steps: int) -> None:
    """At most 61 points, strictly rising, evenly spread within one step."""
    points = problem(steps=steps).points
    assert points[0] == 0
    assert points[-1] == steps
    assert len(points) == min(steps, 60) + 1
    gaps = np.diff(points)
    assert gaps.min() >= 1
    assert gaps.max() - gaps.min() <= 1


def test_a_run_that_left_has_no_best() -> None:
    """From the first loss that is not finite, or a thousand times the first, all are infinite, and so is the best."""
    gone = curve([2.0, 1.0, FAR * 2.0 + 1.0, 0.1])
    assert gone.losses.tolist() == [2.0, 1.0, math.inf, math.inf]
    assert gone.best == math.inf
    assert curve([2.0, 1.0, math.nan]).losses.tolist() == [2.0, 1.0, math.inf]
    assert Curve(np.array([2.0, 0.5, 1.0])).best == 0.5
    assert Curve(np.array([2.0, 0.5, 1.0])).last == 1.0


def test_the_work_of_a_gradient_is_that_of_its_products() -> None:
    """A linear net of n rows and p columns: 2np forward, and as much again for the gradient of its weights."""
    assert step_work(problem()) == 2 * (2 * 40 * 3)
    assert step_work(problem(batch=8)) == 2 * (2 * 8 * 3)


def test_the_work_of_plain_descent_is_a_product_and_a_difference() -> None:
    """Element by element w − η(g + λw): two products, a sum, a difference; Adam does more, and both are whole."""
    plain, adam = optimizer_work("torch", "gd"), optimizer_work("torch", "adam")
    assert plain == 4.0
    assert adam is not None
    assert adam > 10
    assert adam == int(adam)
    assert optimizer_work("torch", "no such") is None
