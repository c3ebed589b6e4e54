"""Schedules: laws that hold for all of them at any settings and any length."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.engine.schedules import SCHEDULES, Composite, Cosine, MultiStep, Schedule, Step, WarmupCosine
from fallline.engine.schedules.schedule import BLOCK
from tests.engine.schedules.drawn import schedules

ALL = pytest.mark.parametrize("kind", SCHEDULES.values(), ids=SCHEDULES.keys())
ULP = 4e-16


@given(schedules(), st.integers(0, 400))
def test_factors_are_finite_and_between_nothing_and_the_ceiling(schedule: Schedule, steps: int) -> None:
    """No schedule ever turns the rate around or raises it above what it says."""
    factors = schedule.factors(steps)
    assert factors.shape == (steps,)
    assert factors.dtype == np.float64
    assert np.isfinite(factors).all()
    assert ((factors >= 0) & (factors <= schedule.ceiling)).all()


@given(schedules(), st.integers(1, 2 * BLOCK + 3), st.data())
def test_a_step_asked_alone_has_the_same_bits(schedule: Schedule, steps: int, data: st.DataObject) -> None:
    """A run that resumes at any step goes on with exactly the factors it would have had."""
    step = data.draw(st.integers(0, steps - 1))
    assert schedule.factor(step, steps) == schedule.factors(steps)[step]


@given(schedules(), st.integers(1, 400), st.data())
def test_a_schedule_is_a_pure_function_of_the_step(schedule: Schedule, steps: int, data: st.DataObject) -> None:
    """In whatever company a step is computed, its factor is the same up to rounding."""
    some = data.draw(st.lists(st.integers(0, steps - 1), min_size=1, max_size=7))
    alone = schedule.curve(np.array(some, dtype=np.float64), steps)
    assert np.allclose(alone, schedule.factors(steps)[some], rtol=1e-13, atol=1e-16)


@given(schedules(), st.integers(2, 400))
def test_each_kind_keeps_the_shape_that_it_declares(schedule: Schedule, steps: int) -> None:
    """Constant, falling, monotone, one peak, one valley, or tops that never rise."""
    factors = schedule.factors(steps)
    moves, tiny = np.diff(factors), ULP * schedule.ceiling
    if schedule.shape == "constant":
        assert (factors == 1.0).all()
    elif schedule.shape == "falling":
        assert (moves <= tiny).all()
    elif schedule.shape == "monotone":
        assert (moves <= tiny).all() or (moves >= -tiny).all()
    elif schedule.shape in {"peak", "valley"}:
        way = 1.0 if schedule.shape == "peak" else -1.0
        top = int(np.argmax(way * factors))
        assert (way * moves[:top] >= -tiny).all()
        assert (way * moves[top:] <= tiny).all()
    elif schedule.shape == "cyclic":
        tops = factors[1:-1][(factors[1:-1] > factors[:-2]) & (factors[1:-1] >= factors[2:])]
        assert (np.diff(tops) <= tiny).all()
    else:
        assert isinstance(schedule, Composite)


@given(schedules(), st.integers(1, 50), st.sampled_from([-1, 0, 1]))
def test_a_step_that_does_not_exist_is_refused(schedule: Schedule, steps: int, beyond: int) -> None:
    """Before the first and after the last step there is no factor."""
    step = -1 if beyond < 0 else steps + beyond
    with pytest.raises(SpecError, match="step"):
        schedule.factor(step, steps)


@ALL
@given(steps=st.integers(0, 10_000))
def test_one_suited_to_a_length_is_one_that_can_be_made(kind: type[Schedule], steps: int) -> None:
    """Any length has settings inside the ranges, and at least one step that moves."""
    schedule = kind.suited(steps)
    assert type(schedule) is kind
    assert steps == 0 or schedule.factors(steps).max() > 0


@ALL
def test_what_it_declares_is_what_it_is(kind: type[Schedule]) -> None:
    """Parameters name the fields in order, with their defaults inside the range; the other fields are its parts."""
    schedule = kind()
    assert SCHEDULES[kind.name] is kind
    own = [field.name for field in fields(kind) if field.name not in {"parts", "shares", "until"}]
    assert [parameter.name for parameter in kind.parameters] == own
    assert issubclass(kind, Composite) == (kind.inner != (0, 0))
    for parameter in kind.parameters:
        assert getattr(schedule, parameter.name) == parameter.default
        parameter.check(parameter.default)


@ALL
def test_hostile_settings_are_refused_by_name(kind: type[Schedule]) -> None:
    """Not a number, infinity, negative numbers, text and lists never make a schedule."""
    for parameter in kind.parameters:
        for value in (math.nan, math.inf, -1.0, "1", None, (), (2.0, 1.0), (math.nan,)):
            with pytest.raises(SpecError, match=rf"^{parameter.name}: "):
                kind(**{parameter.name: value})


def test_half_a_step_between_drops_is_refused() -> None:
    """A count of steps is a whole number."""
    with pytest.raises(SpecError, match="whole number"):
        Step(every=2.5)  # type: ignore[arg-type]
    with pytest.raises(SpecError, match="whole number"):
        MultiStep(milestones=(2.5,))


def test_warm_up_reaches_the_base_rate_and_then_follows_the_cosine() -> None:
    """The rise ends at 1 and what follows is the cosine of the remaining steps."""
    factors = WarmupCosine(0.25, 0.1).factors(40)
    assert np.allclose(factors[:10], np.arange(1, 11) / 10)
    assert np.allclose(factors[10:], Cosine(0.1).factors(30))
