"""A plan: four schedules, one for each thing that a loop can change from step to step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.engine.schedules import AnnealExponential, Constant, OneCycle, Plan, Schedule
from tests.engine.schedules.drawn import schedules

FOUR = ("rate", "momentum", "decay", "batch")


def test_a_plan_that_says_nothing_changes_nothing() -> None:
    """Every value is the base value, and nothing is driven."""
    plan = Plan()
    assert plan.drives == ()
    assert [plan.values(what, 7.0, 3).tolist() for what in FOUR] == [[7.0] * 3] * 4


@given(schedules(), st.sampled_from(FOUR), st.floats(1e-3, 1e3), st.integers(1, 100), st.data())
def test_one_value_is_that_of_all(schedule: Schedule, what: str, base: float, steps: int, data: st.DataObject) -> None:
    """Asked alone, a step has the very bits it has among all."""
    plan, step = Plan(**{what: schedule}), data.draw(st.integers(0, steps - 1))
    assert plan.value(what, base, step, steps) == plan.values(what, base, steps)[step]
    assert plan.drives == (() if isinstance(schedule, Constant) else (what,))


@given(schedules(), st.integers(1, 4096), st.integers(1, 100))
def test_batches_are_whole_rows(schedule: Schedule, base: int, steps: int) -> None:
    """The nearest whole number, and never an empty batch."""
    sizes = Plan(batch=schedule).values("batch", base, steps)
    assert (sizes == np.floor(sizes)).all()
    assert (sizes >= 1).all()
    assert (np.abs(sizes - base * schedule.factors(steps))[sizes > 1] <= 0.5).all()


def test_a_batch_may_grow() -> None:
    """Instead of a falling rate, a batch that doubles each quarter (Smith and others, 2018)."""
    sizes = Plan(batch=AnnealExponential(1.0, 16.0)).values("batch", 32, 8)
    assert sizes.tolist() == [32, 45, 64, 91, 128, 181, 256, 362]


def test_one_cycle_drives_rate_and_momentum_against_each_other() -> None:
    """The momentum is lowest where the rate is highest, and back at its base at the end."""
    plan = Plan.one_cycle(rise=0.4, low=0.9, phases=3)
    rates, momenta = plan.values("rate", 1.0, 50), plan.values("momentum", 0.95, 50)
    assert rates.tolist() == OneCycle(rise=0.4, phases=3).factors(50).tolist()
    assert int(np.argmax(rates)) == int(np.argmin(momenta))
    assert momenta.min() == pytest.approx(0.9 * 0.95)
    assert momenta[0] == momenta[-1] == 0.95


def test_a_plan_knows_four_things() -> None:
    """Anything else is refused by name."""
    with pytest.raises(SpecError, match="one of rate, momentum, decay, batch"):
        Plan().values("dropout", 0.5, 3)
