"""A descent by a plan, or by what the loss does: against the same steps taken by hand."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.descent import MiniBatch, Runner, descend, race
from fallline.engine.optim import OPTIMIZERS, Adam, AdamW, GradientDescent, Momentum
from fallline.engine.optim.options import with_options
from fallline.engine.schedules import Constant, Cosine, Exponential, OneCycleMomentum, Plan, ReduceOnPlateau
from fallline.engine.surfaces import SURFACES, empirical_surface
from fallline.engine.surfaces.empirical import over_rows

RAVINE = SURFACES["ravine"]
ROWS = empirical_surface(np.random.default_rng(0).standard_normal((40, 2)), np.arange(40.0) / 10)


def test_a_plan_drives_momentum_and_decay_at_every_step() -> None:
    """AdamW by hand, in three lines of NumPy, with β₁ and λ from their own curves."""
    plan = Plan(Cosine(), OneCycleMomentum(0.5), Exponential(0.9))
    trace = descend(RAVINE, AdamW(decay=0.2), plan, rate=0.05, start=(-2.0, 1.5), steps=30)
    w, m, v = np.array([-2.0, 1.5]), np.zeros(2), np.zeros(2)
    beta, decay = plan.values("momentum", 0.9, 30), plan.values("decay", 0.2, 30)
    rates = plan.values("rate", 0.05, 30)
    for t in range(30):
        g = RAVINE.gradient(w)
        m, v = beta[t] * m + (1 - beta[t]) * g, 0.999 * v + 0.001 * g * g
        step = m / (1 - beta[t] ** (t + 1)) / (np.sqrt(v / (1 - 0.999 ** (t + 1))) + 1e-8)
        w = w * (1 - rates[t] * decay[t]) - rates[t] * step
        np.testing.assert_allclose(trace.points[t + 1], w, rtol=1e-12)
    np.testing.assert_array_equal(trace.rates, rates)


@pytest.mark.parametrize("name", ["gd", "adam", "sam", "lamb"])
def test_a_plan_of_the_rate_alone_is_its_schedule(name: str) -> None:
    """Bit for bit, compiled or plain."""
    runners = [Runner(OPTIMIZERS[name](), 1e-3, each) for each in (Cosine(), Plan(rate=Cosine()))]
    schedule, plan = race(RAVINE, runners, (-2.0, 1.5), 40)
    np.testing.assert_array_equal(schedule.points, plan.points)


def test_the_rate_falls_once_the_loss_stops_falling() -> None:
    """The factors are those of the schedule, told the losses of the path."""
    plateau = ReduceOnPlateau(gamma=0.5, patience=3, threshold=0.01, cooldown=2)
    trace = descend(RAVINE, "momentum", plateau, rate=0.02, start=(-2.0, 1.5), steps=200, noise=3.0, seed=1)
    state, expected = plateau.init(), []
    for loss in trace.losses[1:]:
        expected.append(0.02 * state.factor)
        state = plateau.update(state, float(loss))
    np.testing.assert_allclose(trace.rates, expected, rtol=0)
    assert trace.rates[0] == 0.02
    assert trace.rates[-1] < 0.001


def test_batches_of_a_growing_size_are_the_means_that_are_met() -> None:
    """Gradient descent by hand over the rows that were drawn; a size that does not change draws as it always did."""
    noise, plan = MiniBatch(4), Plan(batch=Exponential(1.0))
    runners = [Runner(GradientDescent(), 0.1, each) for each in (Constant(), Constant())]
    grown = Plan(batch=Exponential(0.9))
    trace = race(ROWS, [Runner(GradientDescent(), 0.1, grown)], ROWS.start, 12, noise=noise, rng=generator(3))[0]
    drawn = noise.draw_sized(ROWS, generator(3), Exponential(0.9).factors(12)).rows
    assert [int((row >= 0).sum()) for row in drawn] == [4, 4, 3, 3, 3, 2, 2, 2, 2, 2, 1, 1]
    w = np.array(ROWS.start)
    for step, row in enumerate(drawn):
        w = w - 0.1 * over_rows(ROWS, row[row >= 0].astype(int)).gradient(w)
        np.testing.assert_allclose(trace.points[step + 1], w, rtol=1e-12)
    for kind in (noise, MiniBatch(4, replacement=True), MiniBatch(4, epochs=False)):
        same = kind.draw_sized(ROWS, generator(3), np.ones(25)).rows
        np.testing.assert_array_equal(np.sort(same), np.sort(kind.draw(ROWS, generator(3), 25).rows))
    plain = race(ROWS, runners, ROWS.start, 12, noise=noise, rng=generator(3))[0]
    even = race(ROWS, [Runner(GradientDescent(), 0.1, plan)], ROWS.start, 12, noise=noise, rng=generator(3))[0]
    np.testing.assert_allclose(even.points, plain.points, rtol=1e-12)


def test_what_cannot_be_driven_is_said() -> None:
    """A momentum that is not there, batches that are not there, and batches that differ between those who race."""
    with pytest.raises(SpecError, match="something that Gradient descent has"):
        descend(RAVINE, "gd", Plan(momentum=Cosine()), steps=5)
    with pytest.raises(SpecError, match="there are none"):
        descend(RAVINE, "gd", Plan(batch=Cosine()), steps=5)
    runners = [Runner(Momentum(), 0.01, Plan(batch=Cosine())), Runner(Momentum(), 0.01)]
    with pytest.raises(SpecError, match="alike for all"):
        race(ROWS, runners, ROWS.start, 5, noise=MiniBatch(4), rng=generator(0))


def test_options_are_driven_inside() -> None:
    """Of a wrapped optimizer the momentum inside is driven; the option stays what it is."""
    plan = Plan(momentum=Exponential(0.9))
    around = with_options(Adam(), clip_norm=1e9, ema=0.5)
    bare, mean = (descend(RAVINE, each, plan, rate=0.05, steps=20).points for each in (Adam(), around))
    expected = bare[1]
    for step in range(2, 21):
        expected = 0.5 * expected + 0.5 * bare[step]
        np.testing.assert_allclose(mean[step], expected, rtol=1e-10)
