"""Ticks: the few round numbers an axis is read by, and how they are written.

Linear axes follow Talbot, Lin and Hanrahan (2010), "An Extension of Wilkinson's Algorithm for Positioning Tick Labels
on Axes": among candidate steps the one with the best simplicity, coverage and density. Log axes use powers of ten,
thinned when there are many and joined by 2 and 5 when there are few.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

STEPS = (1.0, 5.0, 2.0, 2.5, 4.0, 3.0)
SIMPLICITY, COVERAGE, DENSITY, LEGIBILITY = 0.25, 0.2, 0.5, 0.05
MOST_SKIPS = 6
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Returns round numbers within a range, about as many as asked for.

    Args:
        low: lower end; finite.
        high: upper end; finite and greater.
        count: how many are wanted, at least 2.

    >>> ticks(0.0, 10.3)
    (0.0, 2.5, 5.0, 7.5, 10.0)
    >>> ticks(-1.37, 0.4)
    (-1.0, -0.5, 0.0)
    """
    shift = exponent_of(max(abs(low), abs(high)))
    if abs(shift) > 100:  # far from 1 the steps would leave the range of floats: work near 1 and come back
        half, rest = power_of_ten(-(shift // 2)), power_of_ten(shift // 2 - shift)
        near = ticks(low * half * rest, high * half * rest, count)
        return tuple(place for tick in near if low <= (place := tidy(tick / half / rest)) <= high)
    slack = (high - low) * 1e-9
    inside: tuple[float, ...] = ()
    for wanted in range(max(2, count), max(2, count) + 8):  # the best ladder may reach beyond both ends: ask for more
        start, step, number = best(low, high, wanted)
        places = (tidy((start + index) * step) for index in range(number))
        inside = tuple(place + 0.0 for place in places if low - slack <= place <= high + slack)
        if len(inside) >= 2:
            break
    return inside


def best(low: float, high: float, count: int) -> tuple[int, float, int]:
    """Searches the candidates; returns the first tick in steps, the step and the number of ticks."""
    top, found = -2.0, (0, high - low, 2)
    for skip in range(1, MOST_SKIPS):
        for rank, unit in enumerate(STEPS):
            simple = 1.0 - rank / (len(STEPS) - 1) - skip + 1.0
            if SIMPLICITY * simple + COVERAGE + DENSITY + LEGIBILITY < top:
                return found
            for number in range(2, 2 * count + 4):
                dense = 2.0 - max((number - 1) / (count - 1), (count - 1) / (number - 1))
                if SIMPLICITY * simple + COVERAGE + DENSITY * min(dense, 1.0) + LEGIBILITY < top:
                    continue
                for start, step in candidates(low, high, skip * unit, number, skip):
                    first, last = start * step, (start + number * skip - skip) * step
                    zero = 1.0 if start % skip == 0 and first <= 0.0 <= last else 0.0
                    covered = coverage(low, high, first, last)
                    density = 2.0 - max(
                        ratio := (number - 1) / (count - 1) * (high - low) / (last - first), 1.0 / ratio
                    )
                    score = SIMPLICITY * (simple - 1.0 + zero) + COVERAGE * covered + DENSITY * density + LEGIBILITY
                    if score > top + 1e-12:
                        top, found = score, (start // skip, step * skip, number)
    return found


def candidates(low: float, high: float, unit: float, number: int, skip: int) -> Iterator[tuple[int, float]]:
    """Yields starts (in steps) and steps of the ladders of one shape that could cover the range."""
    power = math.ceil(math.log10((high - low) / (number + 1) / unit))
    for exponent in (power, power + 1):
        step = unit * power_of_ten(exponent)
        first, last = math.floor(high / step) - (number - 1), math.ceil(low / step)
        for whole in range(min(first, last), max(first, last) + 1):
            yield whole * skip, step / skip


def coverage(low: float, high: float, first: float, last: float) -> float:
    """How well ticks from first to last cover a range; 1 at best."""
    span = 0.1 * (high - low)
    return 1.0 - 0.5 * (((high - last) / span) ** 2 + ((low - first) / span) ** 2)


def log_ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Returns round numbers within a positive range, evenly spread in logarithm.

    >>> log_ticks(0.0005, 20.0)
    (0.001, 0.01, 0.1, 1.0, 10.0)
    >>> log_ticks(2.0, 60.0)
    (2.0, 5.0, 10.0, 20.0, 50.0)
    """
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    if last - first >= 2 or (last - first == 1 and count <= 3):
        every = max(1, math.ceil((last - first + 1) / max(count, 2)))
        places = [power_of_ten(power) for power in range(first, last + 1) if power % every == 0]
        if len(places) >= 2:
            return tuple(places)
        return tuple(power_of_ten(power) for power in range(first, last + 1, max(1, last - first)))
    mixed = [tidy(unit * power_of_ten(power)) for power in range(first - 1, last + 1) for unit in (1, 2, 5)]
    inside = tuple(place for place in mixed if low * (1 - 1e-9) <= place <= high * (1 + 1e-9))
    return inside if len(inside) >= 2 else tuple(place for place in ticks(low, high, count) if place > 0)


def labels(places: tuple[float, ...]) -> tuple[str, ...]:
    """Writes ticks alike: as many decimals as they need, powers of ten where they are very large or very small.

    >>> labels((0.0, 0.25, 0.5))
    ('0', '0.25', '0.5')
    >>> labels((-2000000.0, 0.0, 2000000.0))
    ('−2×10⁶', '0', '2×10⁶')
    """
    size = max((abs(place) for place in places), default=0.0)
    if size != 0.0 and (size >= 1e6 or size < 1e-3):
        power = exponent_of(size)
        return tuple(scientific(place, power) for place in places)
    return tuple(plain(place) for place in places)


def log_labels(places: tuple[float, ...]) -> tuple[str, ...]:
    """Writes the ticks of a log axis: plainly from a thousandth to ten thousand, else all as powers of ten.

    >>> log_labels((1e-06, 0.0001, 0.01))
    ('10⁻⁶', '10⁻⁴', '10⁻²')
    """
    if all(1e-3 <= place <= 1e4 for place in places):
        return tuple(plain(place) for place in places)
    return tuple(scientific(place, exponent_of(place)) for place in places)


def number(value: float | str | None, digits: int = 4) -> str:
    """Writes one number for reading: a few significant digits, a true minus, thousands set apart.

    >>> number(0.123456), number(-12345.6), number(1.5e-7), number(None)
    ('0.1235', '−12,346', '1.5×10⁻⁷', '–')
    """
    if value is None or isinstance(value, str):
        return "–" if value is None else value
    if not math.isfinite(value):
        return "undefined" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        short = float(f"{value:.{digits - 1}e}")
        return plain(float(round(value)) if abs(value) >= 10**digits else short)
    return scientific(float(f"{value:.{digits - 1}e}"), exponent_of(value))


def plain(value: float) -> str:
    """Writes a number without an exponent.

    >>> plain(-1250.0), plain(0.30000000000000004)
    ('−1,250', '0.3')
    """
    text = f"{abs(value):,.10f}".rstrip("0").rstrip(".")
    return f"−{text}" if value < 0 and text != "0" else text


def scientific(value: float, power: int) -> str:
    """Writes a number as a multiple of a power of ten."""
    if value == 0.0:
        return "0"
    mantissa = plain(tidy(value / power_of_ten(power), 6))
    tail = f"10{str(power).translate(SUPERSCRIPTS)}"
    return tail if mantissa == "1" else f"−{tail}" if mantissa == "−1" else f"{mantissa}×{tail}"


def power_of_ten(power: int) -> float:
    """The float nearest to a power of ten."""
    return float(f"1e{power}")


def exponent_of(value: float) -> int:
    """The power of ten of the first digit; 0 for zero."""
    return int(f"{abs(value):e}".split("e")[1]) if value else 0


def tidy(value: float, digits: int = 12) -> float:
    """Drops the last, noisy digits."""
    return float(f"{value:.{digits}g}")
