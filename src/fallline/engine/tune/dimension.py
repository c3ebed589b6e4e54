"""Dimensions: what one hyperparameter may be, and on what it depends.

Every dimension maps its values to and from the unit interval, so that drawing, modelling and measuring importance need
to know nothing else about it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fallline.core.errors import SpecError

Value = bool | int | float | str | None
"""What a hyperparameter may be."""
When = tuple[str, tuple[Value, ...]] | None
"""Another parameter and its values under which this one exists; None for always."""
UNIT_END = math.nextafter(1.0, 0.0)


def same(one: object, other: object) -> bool:
    """Compares values and types, so that True is not 1 and 1 is not 1.0."""
    return type(one) is type(other) and one == other


@dataclass(frozen=True)
class Float:
    """A number between two bounds, both possible.

    Attributes:
        low: the lower bound.
        high: the upper bound, above `low`.
        log: whether equal ratios rather than equal differences are equally likely.
        when: what it depends on.

    Raises:
        SpecError: bounds that are not finite and ascending, or not positive with `log`.

    >>> Float(1e-4, 1.0, log=True).from_unit(0.5)
    0.01
    """

    low: float
    high: float
    log: bool = False
    when: When = None

    def __post_init__(self) -> None:
        bounds(self.low, self.high, log=self.log, least=0.0)

    def to_unit(self, value: Value) -> float:
        """Maps a value to [0, 1]."""
        low, high, x = (math.log(v) if self.log else float(v) for v in (self.low, self.high, value))  # type: ignore[arg-type]
        return (x - low) / (high - low)

    def from_unit(self, unit: float) -> float:
        """Maps [0, 1] to a value, the ends to the bounds exactly."""
        if unit in {0.0, 1.0}:
            return float(self.high if unit else self.low)
        if self.log:
            value = math.exp(math.log(self.low) + unit * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + unit * (self.high - self.low)
        return min(max(value, float(self.low)), float(self.high))

    def read(self, value: object, path: str) -> float:
        """Returns an allowed value.

        Raises:
            SpecError: not a number between the bounds.
        """
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            raise SpecError(path, value, f"a number from {self.low:g} to {self.high:g}")
        return float(value)

    def grid(self, points: int) -> tuple[float, ...]:
        """Returns evenly spread values, both bounds among them."""
        return tuple(self.from_unit(unit) for unit in np.linspace(0.0, 1.0, max(2, points)).tolist())


@dataclass(frozen=True)
class Int:
    """A whole number between two bounds, both possible.

    Attributes:
        low: the lower bound.
        high: the upper bound, above `low`.
        log: whether equal ratios rather than equal differences are equally likely.
        when: what it depends on.

    Raises:
        SpecError: bounds that are not whole and ascending, or below 1 with `log`.

    >>> [Int(1, 3).from_unit(unit) for unit in (0.0, 0.34, 0.99)]
    [1, 2, 3]
    """

    low: int
    high: int
    log: bool = False
    when: When = None

    def __post_init__(self) -> None:
        for name, value in (("low", self.low), ("high", self.high)):
            if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**53:
                raise SpecError(name, value, "a whole number within ±2**53")
        bounds(self.low, self.high, log=self.log, least=0.5)

    def to_unit(self, value: Value) -> float:
        """Maps a value to the middle of its share of (0, 1)."""
        low, high, x = self._scaled(self.low - 0.5), self._scaled(self.high + 0.5), self._scaled(float(value))  # type: ignore[arg-type]
        return (x - low) / (high - low)

    def from_unit(self, unit: float) -> int:
        """Maps [0, 1] to a value."""
        low, high = self._scaled(self.low - 0.5), self._scaled(self.high + 0.5)
        x = low + unit * (high - low)
        value = math.floor((math.exp(x) if self.log else x) + 0.5)
        return min(max(value, self.low), self.high)

    def read(self, value: object, path: str) -> int:
        """Returns an allowed value.

        Raises:
            SpecError: not a whole number between the bounds.
        """
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise SpecError(path, value, f"a whole number from {self.low} to {self.high}")
        return value

    def grid(self, points: int) -> tuple[int, ...]:
        """Returns up to `points` spread values, both bounds among them."""
        spread = np.linspace(self._scaled(self.low), self._scaled(self.high), max(2, points))
        return tuple(sorted({round(math.exp(x) if self.log else x) for x in spread.tolist()}))

    def _scaled(self, value: float) -> float:
        return math.log(value) if self.log else float(value)


@dataclass(frozen=True)
class Categorical:
    """One of several choices, all equally likely, in no order.

    Attributes:
        choices: two or more different words, numbers, truth values or None.
        when: what it depends on.

    Raises:
        SpecError: fewer than two choices, two that are equal, or one that is not plain.

    >>> Categorical(("relu", "tanh")).from_unit(0.7)
    'tanh'
    """

    choices: tuple[Value, ...]
    when: When = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "choices", tuple(self.choices))
        for choice in self.choices:
            if not plain(choice):
                raise SpecError("choices", choice, "a word, a finite number, true, false or none")
        # 1 and True are equal in Python, and 1 and 1.0 are one number in JSON.
        if len(set(self.choices)) != len(self.choices) or len(self.choices) < 2:
            raise SpecError("choices", self.choices, "two or more different choices", "For one choice use Fixed.")

    def to_unit(self, value: Value) -> float:
        """Maps a choice to the middle of its share of (0, 1)."""
        return (self.place(value) + 0.5) / len(self.choices)

    def from_unit(self, unit: float) -> Value:
        """Maps [0, 1] to a choice."""
        return self.choices[min(int(unit * len(self.choices)), len(self.choices) - 1)]

    def place(self, value: object) -> int:
        """Returns the choice's place; −1 if it is none."""
        return next((place for place, choice in enumerate(self.choices) if same(choice, value)), -1)

    def read(self, value: object, path: str) -> Value:
        """Returns an allowed choice.

        Raises:
            SpecError: none of the choices.
        """
        if self.place(value) < 0:
            raise SpecError(path, value, f"one of {', '.join(map(str, self.choices))}")
        return self.choices[self.place(value)]

    def grid(self, points: int) -> tuple[Value, ...]:
        """Returns every choice, whatever the number of points."""
        del points
        return self.choices


@dataclass(frozen=True)
class Fixed:
    """A value that is not searched.

    Attributes:
        value: the value.
        when: what it depends on.

    Raises:
        SpecError: a value that is not plain.
    """

    value: Value
    when: When = None

    def __post_init__(self) -> None:
        if not plain(self.value):
            raise SpecError("value", self.value, "a word, a finite number, true, false or none")

    def to_unit(self, value: Value) -> float:
        """Returns one half: there is nothing to tell apart."""
        del value
        return 0.5

    def from_unit(self, unit: float) -> Value:
        """Returns the value."""
        del unit
        return self.value

    def read(self, value: object, path: str) -> Value:
        """Returns the value.

        Raises:
            SpecError: another one.
        """
        if not same(value, self.value):
            raise SpecError(path, value, f"{self.value!r}, which is fixed")
        return self.value

    def grid(self, points: int) -> tuple[Value, ...]:
        """Returns the value alone."""
        del points
        return (self.value,)


Dimension = Float | Int | Categorical | Fixed
KINDS: dict[str, type[Float | Int | Categorical | Fixed]] = {
    "float": Float,
    "int": Int,
    "categorical": Categorical,
    "fixed": Fixed,
}
"""Every kind of dimension, by the word for it in plain data."""


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


def plain(value: object) -> bool:
    """Says whether a value can be a choice."""
    return value is None or isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value))
