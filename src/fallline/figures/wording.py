"""Numbers as words: the one way in which figures, captions and reports write a number."""

from __future__ import annotations

import math


def number(value: float | None, digits: int = 3) -> str:
    """Writes a number with so many significant digits, a true minus, and no exponent where a person needs none.

    >>> number(0.66667), number(-1234.5), number(3e-7), number(None), number(120.0, 2)
    ('0.667', '−1,234', '3e-07', '–', '120')
    """
    if value is None or not math.isfinite(value):
        return "–" if value is None else "∞" if value > 0 else "−∞" if value < 0 else "undefined"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1e7 or size < 1e-4:
        text = f"{size:.{digits}g}"
    else:
        decimals = max(0, digits - 1 - math.floor(math.log10(size)))
        text = f"{size:,.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"−{text}" if value < 0 else text


def money(value: float | None, currency: str) -> str:
    """Writes an amount of money.

    >>> money(-1234.5, "$"), money(0.456, "€"), money(80, "EUR")
    ('−$1,234', '€0.46', '80 EUR')
    """
    if value is None:
        return "–"
    size = abs(value)
    text = f"{size:,.0f}" if size >= 100 or size == int(size) else f"{size:,.2f}"
    sign = "−" if value < 0 and text.strip("0.,") else ""
    return f"{sign}{currency}{text}" if len(currency) == 1 else f"{sign}{text} {currency}"


def share(value: float | None, digits: int = 1) -> str:
    """Writes a share as per cent.

    >>> share(0.2654), share(None)
    ('26.5 %', '–')
    """
    return "–" if value is None else f"{100 * value:.{digits}f} %".replace("-", "−")


def listed(names: list[str]) -> str:
    """Joins names as a sentence does.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "none"
