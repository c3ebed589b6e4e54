"""What a hyperparameter may be, and what every kind of dimension checks in the same way."""

from __future__ import annotations

import math

from fallline.core.errors import SpecError
from fallline.engine.tune.clause import Clause, When
from fallline.engine.tune.value import Value


def condition(when: object) -> When:
    """Reads a condition as a person writes it: text becomes a clause, a list of values a tuple.

    Raises:
        SpecError: neither a clause nor a name with its values.
    """
    if when is None or isinstance(when, Clause):
        return when
    if isinstance(when, str):
        return Clause(when)
    if isinstance(when, tuple | list) and len(when) == 2 and isinstance(when[0], str):
        values = when[1]
        return when[0], tuple(values) if isinstance(values, tuple | list) else (values,)
    raise SpecError("when", when, 'a clause, or a parameter and its values, as in ("family", ("trees",))')


def same(one: object, other: object) -> bool:
    """Compares values and types, so that True is not 1 and 1 is not 1.0."""
    return type(one) is type(other) and one == other


def plain(value: object) -> bool:
    """Says whether a value can be a choice."""
    return value is None or isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value))


def distinct(name: str, values: tuple[Value, ...], single: str) -> None:
    """Checks separate values.

    Args:
        name: of the attribute, for the error.
        values: what stands there.
        single: what to use for one value.

    Raises:
        SpecError: fewer than two, two that are equal, or one that is not plain.
    """
    for value in values:
        if not plain(value):
            raise SpecError(name, value, "a word, a finite number, true, false or none")
    # 1 and True are equal in Python, and 1 and 1.0 are one number in JSON.
    if len(set(values)) != len(values) or len(values) < 2:
        raise SpecError(name, values, f"two or more different {name}", single)


def place_of(values: tuple[Value, ...], value: object) -> int:
    """Returns a value's place among separate ones; −1 if it is none of them."""
    return next((place for place, known in enumerate(values) if same(known, value)), -1)


def bounds(low: float, high: float, *, log: bool, least: float) -> None:
    """Checks a pair of bounds.

    Raises:
        SpecError: not finite and ascending, or with `log` not above `least`.
    """
    for name, value in (("low", low), ("high", high)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise SpecError(name, value, "a finite number")
    if not low < high or not math.isfinite(high - low):
        raise SpecError("high", high, f"a number above low = {low:g}", "For one value use Fixed.")
    if log and not low > least:
        raise SpecError("low", low, "a number above 0, as a logarithmic scale needs")


def steps_between(low: float, high: float, step: float | None, *, log: bool) -> int | None:
    """Returns how many steps lead from low to high; None without a step.

    Raises:
        SpecError: a step that is not above 0, that does not end at `high`, or beside `log`.
    """
    if step is None:
        return None
    if isinstance(step, bool) or not isinstance(step, int | float) or not 0 < step <= high - low:
        raise SpecError("step", step, f"a number above 0, at most high − low = {high - low:g}")
    if log:
        raise SpecError("step", step, "used with log", "Equal steps and equal ratios are two scales: choose one.")
    count = round((high - low) / step)
    if abs(count * step - (high - low)) > 1e-9 * max(abs(low), abs(high), high - low):
        last = low + math.floor((high - low) / step) * step
        raise SpecError("step", step, f"a step that leads from {low:g} to {high:g}", f"It would end at {last:g}.")
    return count
