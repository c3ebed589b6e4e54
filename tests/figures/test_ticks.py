"""Laws of ticks and scales."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fallline.figures.scale import Scale
from fallline.figures.ticks import labels, log_labels, log_ticks, number, ticks

values = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)
spans = st.floats(min_value=1e-6, max_value=1e12)
counts = st.integers(min_value=2, max_value=10)


@settings(deadline=None)
@given(low=values, span=spans, count=counts)
def test_ticks_are_few_even_and_inside(low: float, span: float, count: int) -> None:
    """Ticks lie inside the range, evenly apart, at least two of them."""
    high = low + span
    assume(high - low > 1e-9 * max(abs(low), abs(high)))
    places = ticks(low, high, count)
    slack = 1e-9 * span + 1e-11 * max(abs(low), abs(high))
    assert 2 <= len(places) <= 2 * count + 3
    assert all(low - slack <= place <= high + slack for place in places)
    steps = [b - a for a, b in pairwise(places)]
    assert all(math.isclose(step, steps[0], rel_tol=1e-6, abs_tol=4e-11 * max(abs(low), abs(high))) for step in steps)


@settings(deadline=None)
@given(exponent=st.integers(min_value=-300, max_value=298), low=st.floats(0.0, 1.0), span=st.floats(0.01, 10.0))
def test_ticks_hold_from_the_smallest_to_the_largest_numbers(exponent: int, low: float, span: float) -> None:
    """Ticks at any scale are finite, inside, and written without repeating themselves."""
    factor = float(f"1e{exponent}")
    places = ticks(low * factor, (low + span) * factor)
    assert places
    assert all(math.isfinite(place) for place in places)
    assert len(set(labels(places))) == len(places)


@given(low=st.floats(-300, 298), span=st.floats(0.05, 8.0), count=counts)
def test_log_ticks_are_inside_and_increase(low: float, span: float, count: int) -> None:
    """Log ticks increase, lie inside, and are written apart."""
    places = log_ticks(10.0**low, 10.0 ** (low + span), count)
    assert list(places) == sorted(set(places))
    assert all(10.0**low * (1 - 1e-6) <= place <= 10.0 ** (low + span) * (1 + 1e-6) for place in places)
    assert len(set(log_labels(places))) == len(places)


@given(value=st.floats(-1e9, 1e9), low=values, span=spans, log=st.booleans())
def test_a_scale_is_undone_by_its_inverse(value: float, low: float, span: float, log: bool) -> None:
    """Pixel and value return to each other, within the precision of the axis."""
    if log:
        low, high = 1e-3, 1e3
        value = 10 ** (value / 1e9 * 3)
    else:
        high = low + span
        assume(high - low > 1e-6 * max(abs(low), abs(high)))
        value = low + (value / 2e9 + 0.5) * span
    scale = Scale("log" if log else "linear", low, high, 20.0, 620.0)
    place = scale.place(value)
    assert place is not None
    assert math.isclose(scale.value(place), value, rel_tol=1e-6, abs_tol=1e-6 * (high - low))


@given(first=values, second=values, low=values, span=spans)
def test_a_scale_keeps_order(first: float, second: float, low: float, span: float) -> None:
    """What is larger lies further along."""
    assume(low + span > low)
    scale = Scale("linear", low, low + span, 0.0, 100.0)
    a, b = scale.place(min(first, second)), scale.place(max(first, second))
    assert a is not None
    assert b is not None
    assert a <= b


def test_numbers_are_written_for_reading() -> None:
    """A true minus, thousands apart, powers of ten where needed, a dash for what is missing."""
    assert [number(v) for v in (0, -0.5, 1234.5, 1e-9, None, math.inf, "word")] == [
        "0", "−0.5", "1,234", "10⁻⁹", "–", "∞", "word",
    ]  # fmt: skip
