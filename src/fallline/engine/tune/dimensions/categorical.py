"""Categorical: one of several choices, in no order."""

from __future__ import annotations

from dataclasses import dataclass

from fallline.core.errors import SpecError
from fallline.engine.tune.clause import When
from fallline.engine.tune.dimensions.checks import condition, distinct, place_of
from fallline.engine.tune.value import Value


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
        object.__setattr__(self, "when", condition(self.when))
        distinct("choices", self.choices, "For one choice use Fixed.")

    @property
    def options(self) -> tuple[Value, ...]:
        """The choices."""
        return self.choices

    def to_unit(self, value: Value) -> float:
        """Maps a choice to the middle of its share of (0, 1)."""
        return (self.place(value) + 0.5) / len(self.choices)

    def from_unit(self, unit: float) -> Value:
        """Maps [0, 1] to a choice."""
        return self.choices[min(int(unit * len(self.choices)), len(self.choices) - 1)]

    def place(self, value: object) -> int:
        """Returns the choice's place; −1 if it is none."""
        return place_of(self.choices, value)

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
