"""Schedules: laws that hold for all of them, and torch's own schedulers as reference."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from fallline.core.errors import SpecError
from fallline.engine.schedules import (
    SCHEDULES,
    Constant,
    Cosine,
    Exponential,
    OneCycle,
    Schedule,
    Step,
    WarmupCosine,
)

ALL = pytest.mark.parametrize("kind", SCHEDULES.values(), ids=SCHEDULES.keys())


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Any schedule with any settings that it allows."""
    kind = draw(st.sampled_from(list(SCHEDULES.values())))
    settings = {}
    for parameter in kind.parameters:
        if parameter.scale == "integer":
            settings[parameter.name] = draw(st.integers(int(parameter.low), int(parameter.high)))
        else:
            settings[parameter.name] = draw(st.floats(parameter.low, parameter.high))
    return kind(**settings)


@given(schedules(), st.integers(0, 400))
def test_factors_are_finite_and_between_nothing_and_the_base_rate(schedule: Schedule, steps: int) -> None:
    """No schedule ever turns the rate around or raises it above the base rate."""
    factors = schedule.factors(steps)
    assert factors.shape == (steps,)
    assert factors.dtype == np.float64
    assert np.isfinite(factors).all()
    assert ((factors >= 0) & (factors <= 1)).all()


@given(schedules(), st.integers(1, 400), st.data())
def test_a_schedule_is_a_pure_function_of_the_step(schedule: Schedule, steps: int, data: st.DataObject) -> None:
    """One step asked alone, twice, or with all others has the same factor."""
    step = data.draw(st.integers(0, steps - 1))
    assert schedule.factor(step, steps) == schedule.factor(step, steps)
    assert math.isclose(schedule.factor(step, steps), schedule.factors(steps)[step], rel_tol=1e-14, abs_tol=1e-16)


@given(schedules(), st.integers(2, 400))
def test_after_its_peak_no_schedule_rises_again(schedule: Schedule, steps: int) -> None:
    """Each of these has one peak at most: what comes before never falls, what comes after never rises."""
    factors = schedule.factors(steps)
    peak = int(np.argmax(factors))
    assert (np.diff(factors[: peak + 1]) >= -1e-15).all()
    assert (np.diff(factors[peak:]) <= 1e-15).all()


@given(schedules(), st.integers(1, 50), st.sampled_from([-1, 0, 1]))
def test_a_step_that_does_not_exist_is_refused(schedule: Schedule, steps: int, beyond: int) -> None:
    """Before the first and after the last step there is no factor."""
    step = -1 if beyond < 0 else steps + beyond
    with pytest.raises(SpecError, match="step"):
        schedule.factor(step, steps)


@ALL
def test_what_it_declares_is_what_it_is(kind: type[Schedule]) -> None:
    """Parameters name the fields in order, with their defaults inside the range."""
    schedule = kind()
    assert SCHEDULES[kind.name] is kind
    assert [p.name for p in kind.parameters] == [field.name for field in fields(kind)]
    for parameter in kind.parameters:
        assert getattr(schedule, parameter.name) == parameter.default
        assert parameter.low <= parameter.default <= parameter.high


@ALL
def test_hostile_settings_are_refused_by_name(kind: type[Schedule]) -> None:
    """Not a number, infinity and negative numbers never make a schedule."""
    for parameter in kind.parameters:
        for value in (math.nan, math.inf, -1.0):
            with pytest.raises(SpecError, match=rf"^{parameter.name}: "):
                kind(**{parameter.name: value})


def test_half_a_step_between_drops_is_refused() -> None:
    """A count of steps is a whole number."""
    with pytest.raises(SpecError, match="whole number"):
        Step(every=2.5)  # type: ignore[arg-type]


Make = Callable[[torch.optim.Optimizer], lr_scheduler.LRScheduler]


@pytest.mark.parametrize(
    ("ours", "make"),
    [
        (Constant(), lambda o: lr_scheduler.ConstantLR(o, factor=1.0)),
        (Step(30, 0.5), lambda o: lr_scheduler.StepLR(o, 30, 0.5)),
        (Exponential(0.97), lambda o: lr_scheduler.ExponentialLR(o, 0.97)),
        (Cosine(0.1), lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=120, eta_min=0.1 * 0.3)),
        (OneCycle(), lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.3, total_steps=120, cycle_momentum=False)),
        (
            OneCycle(0.5, 10.0, 100.0),
            lambda o: lr_scheduler.OneCycleLR(
                o, max_lr=0.3, total_steps=120, pct_start=0.5, div_factor=10, final_div_factor=100, cycle_momentum=False
            ),
        ),
    ],
    ids=["constant", "step", "exponential", "cosine", "one_cycle", "one_cycle, other settings"],
)
def test_the_rates_are_torchs(ours: Schedule, make: Make) -> None:
    """Over 120 steps every rate agrees with torch's scheduler of the same name to 1e-13 of the base rate."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    scheduler = make(optimizer)
    theirs = []
    for _ in range(120):
        theirs.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    assert np.allclose(0.3 * ours.factors(120), theirs, rtol=0, atol=0.3e-13)


def test_warm_up_reaches_the_base_rate_and_then_follows_the_cosine() -> None:
    """The rise ends at 1 and what follows is the cosine of the remaining steps."""
    factors = WarmupCosine(0.25, 0.1).factors(40)
    assert np.allclose(factors[:10], np.arange(1, 11) / 10)
    assert np.allclose(factors[10:], Cosine(0.1).factors(30))
