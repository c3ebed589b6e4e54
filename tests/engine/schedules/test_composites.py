"""Schedules made of schedules: nothing is lost or doubled at a border, and hostile ones are refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.engine.schedules import (
    AnnealCosine,
    AnnealExponential,
    AnnealLinear,
    AnnealPolynomial,
    Constant,
    Cosine,
    FlatCosine,
    InverseTime,
    Schedule,
    Sequence,
    Step,
    Warmup,
    WarmupCosine,
)
from tests.engine.schedules.drawn import schedules

SHARES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8).filter(lambda each: sum(each) > 1e-3)


@given(SHARES, st.floats(-1e-9, 1e-9), st.integers(0, 500))
def test_shares_may_be_off_by_a_billionth(raw: list[float], off: float, steps: int) -> None:
    """Borders rise from 0 to the end, and each step belongs to exactly one part, however the shares are rounded."""
    exact = tuple(value / sum(raw) for value in raw)
    near = tuple(min(share * (1.0 + off), 1.0) for share in exact)
    parts = tuple(AnnealLinear(float(place + 1), float(place + 1)) for place in range(len(raw)))
    whole, rounded = Sequence(parts, exact), Sequence(parts, near)
    assert whole.borders(steps) == rounded.borders(steps)
    borders = whole.borders(steps)
    assert borders[0] == 0
    assert borders[-1] == steps
    lengths = np.diff(borders)
    assert (lengths >= 0).all()
    assert np.allclose(np.cumsum(lengths), np.cumsum(exact) * steps, rtol=0, atol=0.5 + 1e-5)
    who = whole.factors(steps)
    assert [int((who == place + 1).sum()) for place in range(len(raw))] == lengths.tolist()


@given(st.lists(schedules(1), min_size=1, max_size=4), st.integers(1, 60), st.data())
def test_each_part_runs_over_its_own_stretch(parts: list[Schedule], steps: int, data: st.DataObject) -> None:
    """By milestones: the factors are those of the parts, one after the other, each counted from its own first step."""
    until = sorted(data.draw(st.sets(st.integers(1, 90), min_size=len(parts) - 1, max_size=len(parts) - 1)))
    sequence = Sequence(tuple(parts), until=tuple(until))
    borders = [0, *until, max(steps, until[-1] + 1) if until else steps]
    pieces = [part.factors(end - start) for part, start, end in zip(parts, borders, borders[1:], strict=False)]
    assert np.allclose(sequence.factors(steps), np.concatenate(pieces)[:steps], rtol=1e-13, atol=0)


def test_a_border_between_two_steps_goes_to_the_nearer() -> None:
    """Thirds of ten steps are three, four and three; tenths written in binary still fall on whole steps."""
    three = (Constant(), Constant(), Constant())
    assert Sequence(three).borders(10) == (0, 3, 7, 10)
    assert Sequence(three, (0.1, 0.2, 0.7)).borders(10) == (0, 1, 3, 10)


def test_shares_that_are_no_whole_are_refused() -> None:
    """A sum that misses 1 by more than a billionth, a share below 0, one too few, or shares beside milestones."""
    two = (Constant(), Cosine())
    for shares in ((0.5, 0.4), (0.5, 0.5 + 3e-9), (1.5, -0.5), (1.0,), (float("nan"), 1.0)):
        with pytest.raises(SpecError, match=r"^shares: "):
            Sequence(two, shares)
    for until in ((0,), (3, 4), (2.5,), (10**9,)):
        with pytest.raises(SpecError, match=r"^until: "):
            Sequence(two, until=until)  # type: ignore[arg-type]
    with pytest.raises(SpecError, match="Give one of the two"):
        Sequence(two, (0.5, 0.5), (3,))


def test_a_composite_is_bounded() -> None:
    """No more parts than its kind takes, none that is no schedule, and no deeper than four levels."""
    with pytest.raises(SpecError, match=r"^parts: .*1 schedule"):
        Warmup(parts=())
    with pytest.raises(SpecError, match=r"^parts: .*1 to 8 schedules"):
        Sequence((Constant(),) * 9)
    with pytest.raises(SpecError, match=r"^parts: "):
        Warmup(parts=("cosine",))  # type: ignore[arg-type]
    nested: Schedule = Constant()
    for _ in range(3):
        nested = Warmup(parts=(nested,))
    with pytest.raises(SpecError, match="levels deep"):
        Warmup(parts=(nested,))


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.integers(1, 300))
def test_warm_up_to_a_cosine_is_the_schedule_of_that_name(share: float, floor: float, steps: int) -> None:
    """The combination and the schedule in one piece have the same factors."""
    ours = Warmup((Cosine(floor),), share).factors(steps)
    assert np.allclose(ours, WarmupCosine(share, floor).factors(steps), rtol=0, atol=1e-15)


@given(st.floats(0.0, 1.0), st.integers(2, 200))
def test_a_warm_up_rises_to_where_the_next_schedule_begins(start: float, steps: int) -> None:
    """From just above the start, never falling, to the first factor of the next schedule."""
    factors = Warmup((InverseTime(),), 0.5, start).factors(steps)
    rise = -(-steps // 2)
    assert (np.diff(factors[:rise]) >= -1e-15).all()
    assert factors[0] >= start
    assert factors[rise - 1] == 1.0


def sched(shape: str, start: float, end: float, position: float, power: float = 2.0) -> float:
    """The annealers as fast.ai's documentation defines them."""
    if shape == "lin":
        return start + position * (end - start)
    if shape == "cos":
        return start + (1 + float(np.cos(np.pi * (1 - position)))) * (end - start) / 2
    if shape == "exp":
        return float(start * (end / start) ** position)
    return start + (end - start) * position**power


@pytest.mark.parametrize(
    ("shape", "make"),
    [("lin", AnnealLinear), ("cos", AnnealCosine), ("exp", AnnealExponential), ("poly", AnnealPolynomial)],
)
def test_annealers_combined_by_shares_are_fast_ais(shape: str, make: type) -> None:
    """Where the shares fall on whole steps, a sequence has the values of combine_scheds."""
    steps, share = 200, 0.25
    ours = Sequence((make(0.1, 1.0), make(1.0, 0.01)), (share, 1.0 - share)).factors(steps)
    for step in range(steps):
        position = step / steps
        low = sched(shape, 0.1, 1.0, position / share)
        high = sched(shape, 1.0, 0.01, (position - share) / (1.0 - share))
        assert ours[step] == pytest.approx(low if position < share else high, abs=1e-12)


def test_flat_cosine_is_a_sequence() -> None:
    """Three quarters flat and a cosine over the rest."""
    ours = Sequence((Constant(), Cosine(0.1)), (0.75, 0.25)).factors(80)
    assert np.allclose(FlatCosine(0.75, 0.1).factors(80), ours, rtol=0, atol=1e-15)


def test_a_sequence_may_be_part_of_a_sequence() -> None:
    """Steps are counted anew at each level."""
    inner = Sequence((Constant(), Step(2, 0.5)), (0.5, 0.5))
    assert Sequence((inner, Constant()), (0.5, 0.5)).factors(16).tolist() == [1] * 6 + [0.5] * 2 + [1] * 8
