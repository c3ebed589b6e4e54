"""Numerals: numbers as people read them, with a true minus and without noise."""

from __future__ import annotations

import math


def number(value: object, form: str = "") -> str:
    """Writes a number; anything else is written as it is.

    Args:
        value: what to write; None is a dash.
        form: a format as in Python's ``format``; empty chooses four significant digits.

    >>> number(-0.03), number(1234567.0), number(1e-9), number(None), number(0.6666666)
    ('−0.03', '1,234,567', '1e−9', '–', '0.6667')
    """
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "undefined"
    text = format(value, form) if form else short(value)
    return text.replace("-", "−").replace("e−0", "e−").replace("e+0", "e").replace("e+", "e")


def short(value: float) -> str:
    """Writes four significant digits, thousands apart, very large and small numbers as powers."""
    size = abs(value)
    if isinstance(value, int) or (size >= 1000 and size < 1e9):
        return f"{value:,.0f}"
    return f"{value:.4g}"
