"""Problems, curves and counted work of a race."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fallline.engine.data.sets import Data
from fallline.engine.nets import Net
from fallline.engine.optim import OPTIMIZERS, optimizers_of
from fallline.engine.train.race import Curve, Member, Problem
from fallline.engine.train.race.follow import follow
from fallline.engine.train.race.lane import FAR, curve
from fallline.engine.train.race.work import optimizer_work, step_work


def problem(*, batch: int = 0, noise: float = 0.0, steps: int = 20, rows: int = 40) -> Problem:
    """A least-squares problem of three columns, judged on its own rows."""
    x = np.random.default_rng(5).standard_normal((rows, 3))
    every = np.arange(rows)
    data = Data("plane", "regression", x, (x @ [1.0, -2.0, 0.5])[:, None], every, every)
    return Problem(Net("linear", {"initialiser": "xavier"}), data, None, batch, noise, steps)


@pytest.mark.parametrize("steps", [5, 40, 41, 200, 1234])
def test_the_loss_is_looked_at_from_the_start_to_the_end(steps: int) -> None:
    """Some forty points, strictly rising, as many as there are losses."""
    of = problem(steps=steps)
    assert of.points[0] == 0
    assert of.points[-1] == steps
    assert min(steps, 40) <= len(of.points) - 1 <= 80
    assert np.diff(of.points).min() >= 1
    assert len(follow(of, OPTIMIZERS["gd"](), Member(0.05, 1)).losses) == len(of.points)


def test_plain_descent_on_a_least_squares_problem_follows_its_closed_form() -> None:
    """Each step multiplies the error by I − ηH, with H the Hessian of the mean squared error."""
    of, member = problem(steps=12), Member(0.05, 3)
    found = follow(of, OPTIMIZERS["gd"](), member).losses
    x = np.column_stack([of.data.x, np.ones(len(of.data.x))])
    hessian = 2.0 * x.T @ x / len(x)
    net = of.net
    assert isinstance(net, Net)
    from fallline.engine.train.loop.training import architecture_of, first_weights

    first = first_weights(architecture_of(net, of.data), member.seed)
    error = np.concatenate([first["output.weight"][0], first["output.bias"]]) - [1.0, -2.0, 0.5, 0.0]
    for loss in found:
        assert loss == pytest.approx(0.5 * error @ hessian @ error, rel=1e-10)
        error = error - member.rate * hessian @ error


def test_the_seed_decides_start_order_and_noise() -> None:
    """The same member twice is the same curve; another seed starts elsewhere; noise changes the way, not the start."""
    plain, noisy = problem(batch=8), problem(batch=8, noise=0.5)
    adam = OPTIMIZERS["adam"]()
    one = follow(plain, adam, Member(0.05, 1)).losses
    assert np.array_equal(one, follow(plain, adam, Member(0.05, 1)).losses)
    assert one[0] != follow(plain, adam, Member(0.05, 2)).losses[0]
    other = follow(noisy, adam, Member(0.05, 1)).losses
    assert other[0] == one[0]
    assert (other[1:] != one[1:]).all()


def test_a_run_that_left_has_no_best() -> None:
    """From the first loss that is missing, not finite, or a thousand times the first, all are infinite."""
    gone = curve([2.0, 1.0, FAR * 2.0 + 1.0, 0.1], 4)
    assert gone.losses.tolist() == [2.0, 1.0, math.inf, math.inf]
    assert gone.best == math.inf
    assert curve([2.0, 1.0, math.nan], 4).losses.tolist() == [2.0, 1.0, math.inf, math.inf]
    assert Curve(np.array([2.0, 0.5, 1.0])).best == 0.5
    assert Curve(np.array([2.0, 0.5, 1.0])).last == 1.0


def test_the_work_of_a_gradient_is_that_of_its_products() -> None:
    """A linear net of n rows and p columns: 2np forward, and as much again for the gradient of its weights."""
    assert step_work(problem()) == (2 * (2 * 40 * 3), 4)
    assert step_work(problem(batch=8)) == (2 * (2 * 8 * 3), 4)


@pytest.mark.parametrize("dialect", ["torch", "keras"])
def test_the_work_of_an_optimizer_is_counted_on_its_formula(dialect: str) -> None:
    """Plain descent does least; every formula of one element does a whole number of operations."""
    known = optimizers_of(dialect)  # type: ignore[arg-type]
    names = [name for name, kind in known.items() if kind.scope == "element" and not kind.needs]
    found = {name: optimizer_work(dialect, name) for name in names}  # type: ignore[arg-type]
    assert len(found) > 10
    assert all(value is not None and value == int(value) > 0 for value in found.values())
    assert found["gd"] == min(value for value in found.values() if value is not None)
    assert optimizer_work("torch", "no such") is None


def test_a_rule_that_looks_at_whole_layers_is_not_counted_by_elements() -> None:
    """LAMB, Muon and Adafactor divide by norms of layers: nothing is claimed of them."""
    assert optimizer_work("keras", "lamb") is None
