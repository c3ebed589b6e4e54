"""Exact numbers and the one rounding."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.course.exact import exact, half_up


@pytest.mark.parametrize("value", [33.3, True, "1e3", "-1", "1/0", "", "1.", "abc", None, 10**7, "0x10"])
def test_what_is_not_exact_is_refused(value: object) -> None:
    """Floats, booleans and odd spellings do not become weights."""
    with pytest.raises(ValueError, match="whole number"):
        exact(value)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 4))
def test_half_up_is_decimals_half_up(thousandths: int, places: int) -> None:
    """Rounding a decimal fraction agrees with the decimal module."""
    value = Fraction(thousandths, 10**4)
    expected = (Decimal(thousandths) / 10**4).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert half_up(value, places) == expected
    assert half_up(-value, places) == -expected
