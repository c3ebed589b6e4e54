"""Numbers as a verdict says them: three digits, and never more than the eye can use."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite, log10


def number(value: float) -> str:
    """Writes three significant digits.

    >>> number(0.66666), number(-1234567.0), number(3e-9), number(200.0)
    ('0.667', '−1.23e6', '3e-9', '200')
    """
    if not isfinite(value):
        return "infinity"
    if value == 0.0:
        return "0"
    size = abs(value)
    text = f"{value:.3g}" if 1e-4 <= size < 1e3 else f"{value:.0f}" if 1e3 <= size < 1e5 else f"{value:.2e}"
    if "e" in text:
        digits, power = text.split("e")
        text = f"{digits.rstrip('0').rstrip('.') if '.' in digits else digits}e{int(power)}"
    return text.replace("-", "−", 1) if value < 0.0 else text


def place(w: Sequence[float]) -> str:
    """Writes a point; of many weights the first three.

    >>> place((1.0, -0.25)), place((1.0,)), place((1.0,) * 10)
    ('(1, −0.25)', '1', '(1, 1, 1, …)')
    """
    told = [number(_snap(each)) for each in w[:4]]
    if len(w) == 1:
        return told[0]
    if len(w) > 4:
        told[3] = "…"
    return f"({', '.join(told)})"


def below(value: float) -> str:
    """Writes a round number safely below a limit: nine tenths of it, rounded down to two digits.

    >>> below(2 / 3), below(0.04), below(130.0)
    ('0.6', '0.036', '110')
    """
    aim = 0.9 * value * (1.0 + 1e-12)
    unit = 10.0 ** (floor(log10(aim)) - 1)
    return f"{floor(aim / unit) * unit:.2g}" if 1e-4 <= aim < 10 else number(floor(aim / unit) * unit)


def _snap(value: float) -> float:
    """Three decimals are enough for a place on a map, and a rounding error beside zero is zero."""
    return round(value, 3)
