"""L-BFGS, Newton-CG and SAM: against SciPy, linear algebra and the definition."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import scipy.optimize

from fallline.core.errors import SpecError
from fallline.engine.optim import LBFGS, SAM, Adam, Momentum, NewtonCG, Optimizer, Sophia
from fallline.engine.surfaces import SURFACES, Surface
from tests.engine.optim.landscape import Bowl, bowl, walk


@dataclass(frozen=True)
class Asked:
    """A surface that an optimizer may ask, and how often it asked for the loss."""

    surface: Surface
    values: list[float]

    def value(self, w: Any) -> float:
        """The loss, which is noted."""
        self.values.append(float(self.surface.value(w)))
        return self.values[-1]

    def gradient_at(self, w: Any) -> Any:
        """The gradient."""
        return np.asarray(self.surface.gradient(w))

    def hvp(self, w: Any, v: Any) -> Any:
        """The Hessian times a vector, by differences of gradients."""
        h = 1e-6
        return (self.gradient_at(w + h * v) - self.gradient_at(w - h * v)) / (2.0 * h)


def lowest(optimizer: Optimizer, name: str, steps: int) -> tuple[np.ndarray, list[float]]:
    """Where an optimizer ends on a surface at the rate 1, and the losses on its way."""
    asked = Asked(SURFACES[name], [])
    w, losses = np.array(asked.surface.start, dtype=float), []
    state = optimizer.init(w)
    for _ in range(steps):
        losses.append(float(asked.surface.value(w)))
        w, state = optimizer.step(w, asked.gradient_at(w), state, 1.0, asked)
    return w, [*losses, float(asked.surface.value(w))]


@pytest.mark.parametrize(("optimizer", "steps"), [(LBFGS(), 60), (NewtonCG(), 80)], ids=["lbfgs", "newton_cg"])
@pytest.mark.parametrize("name", ["rosenbrock", "ravine", "beale", "himmelblau"])
def test_it_walks_down_into_a_minimum(optimizer: Optimizer, steps: int, name: str) -> None:
    """At the rate 1 no step rises, and the end is a known minimum to nine digits."""
    w, losses = lowest(optimizer, name, steps)
    assert all(after <= before for before, after in pairwise(losses))
    assert min(np.linalg.norm(w - minimum.at) for minimum in SURFACES[name].minima) < 1e-6


def test_lbfgs_ends_where_scipys_does() -> None:
    """On a quadratic of 40 dimensions and condition 1000 both end at the solution, in as many steps within a factor."""
    loss, start = bowl(40, 1000.0), np.zeros(40)
    theirs = scipy.optimize.minimize(
        loss.value, start, jac=loss.gradient_at, method="L-BFGS-B", options={"maxcor": 10, "gtol": 1e-8, "ftol": 0.0}
    )
    w, optimizer = start, LBFGS()
    state, steps = optimizer.init(w), 0
    while np.abs(loss.gradient_at(w)).max() > 1e-8:
        w, state = optimizer.step(w, loss.gradient_at(w), state, 1.0, loss)
        steps += 1
        assert steps < 1000
    assert np.abs(w - theirs.x).max() < 1e-7
    assert np.abs(w - loss.bottom).max() < 1e-7
    assert 0.5 < steps / theirs.nit < 2.0


def test_lbfgs_remembers_so_many_and_no_more() -> None:
    """The memory holds the last h pairs, and fits the curvature along them."""
    loss = bowl(8)
    _, state = walk(LBFGS(history=3.0), loss, np.zeros(8), 1.0, 7)
    steps, changes = state.memories[2:]
    assert steps.shape == changes.shape == (3, 8)
    assert np.allclose(changes, steps @ loss.hessian, rtol=1e-9, atol=1e-12)


def test_lbfgs_stays_and_forgets_where_nothing_falls() -> None:
    """At a minimum it stays; against a wrong gradient it stays too, and forgets what it knew."""
    loss = bowl(5)
    w, state = walk(LBFGS(), loss, np.zeros(5), 1.0, 4)
    stays, forgotten = LBFGS().step(w, -loss.gradient_at(w), state, 1.0, loss)
    assert np.array_equal(stays, w)
    assert len(forgotten.memories[2]) == 0
    rests, _ = LBFGS().step(loss.bottom, np.zeros(5), LBFGS().init(w), 1.0, loss)
    assert np.array_equal(rests, loss.bottom)


def test_newtons_step_on_a_quadratic_is_the_last() -> None:
    """Solved as far as numbers go, one step at the rate 1 is at the bottom; at a half, half-way."""
    loss, start = bowl(12, 100.0), (np.zeros((2, 4)), np.zeros(4))
    optimizer = NewtonCG(tolerance=0.0)
    whole, _ = walk(optimizer, loss, start, 1.0, 1)
    half, _ = walk(optimizer, loss, start, 0.5, 1)
    assert np.abs(np.concatenate([layer.reshape(-1) for layer in whole]) - loss.bottom).max() < 1e-10
    assert np.abs(np.concatenate([layer.reshape(-1) for layer in half]) - 0.5 * loss.bottom).max() < 1e-10


def test_newton_cg_leaves_a_saddle() -> None:
    """Near a saddle negative curvature turns it down the slope, not into the saddle."""
    asked = Asked(SURFACES["saddle"], [])
    w = np.array([0.5, 1e-3])
    new, _ = NewtonCG().step(w, asked.gradient_at(w), NewtonCG().init(w), 1.0, asked)
    assert asked.surface.value(new) < asked.surface.value(w)
    assert abs(new[1]) > abs(w[1])


def test_sam_steps_by_the_slope_uphill() -> None:
    """It moves as Adam does by the gradient at w + ρ·g/|g|, over all layers; with ρ = 0 as Adam alone."""
    loss, w = bowl(6), (np.array([1.0, -2.0]), np.array([[0.5, 0.1], [2.0, -1.0]]))
    g = loss.gradient_at(w)
    length = float(np.sqrt(sum((layer**2).sum() for layer in g)))
    uphill = tuple(layer + 0.3 * slope / length for layer, slope in zip(w, g, strict=True))
    expected, _ = Adam().step(w, loss.gradient_at(uphill), Adam().init(w), 0.01)
    found, _ = SAM(Adam(), 0.3).step(w, g, SAM(Adam(), 0.3).init(w), 0.01, loss)
    plain, _ = SAM(Adam(), 0.0).step(w, g, SAM(Adam(), 0.0).init(w), 0.01)
    alone, _ = Adam().step(w, g, Adam().init(w), 0.01)
    for one, other in zip((*found, *plain), (*expected, *alone), strict=True):
        assert np.allclose(one, other, rtol=1e-14)


@pytest.mark.parametrize("curvature", [1.0, 5.0, 20.0])
def test_sam_does_not_rest_in_a_sharp_minimum(curvature: float) -> None:
    """On ½·h·w² it ends up hopping to and fro by η·h·ρ/(2 − η·h): the sharper the minimum, the farther."""
    loss, rate, rho = Bowl(np.array([[curvature]]), np.zeros(1)), 0.05, 0.1
    w, _ = walk(SAM(Momentum(0.0), rho), loss, np.array([1.0]), rate, 2001)
    assert abs(float(w[0])) == pytest.approx(rate * curvature * rho / (2.0 - rate * curvature), rel=1e-9)


@pytest.mark.parametrize("optimizer", [LBFGS(), NewtonCG(), Sophia(), SAM()], ids=lambda one: one.name)
def test_who_needs_a_probe_says_so(optimizer: Optimizer) -> None:
    """Without one the error names who asks, and for what."""
    w = np.ones(3)
    with pytest.raises(SpecError, match="asks more than a gradient can tell") as caught:
        optimizer.step(w, w, optimizer.init(w), 0.1)
    assert all(need in str(caught.value) for need in optimizer.needs)


def test_lbfgs_without_a_search_needs_nothing() -> None:
    """Steps of the rate alone ask for no loss."""
    assert not LBFGS(search=0.0).needs
    assert LBFGS().needs == {"value"}
