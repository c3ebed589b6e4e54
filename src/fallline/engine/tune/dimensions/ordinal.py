"""Ordinal: one of several levels, in order."""

from __future__ import annotations

from dataclasses import dataclass

from fallline.core.errors import SpecError
from fallline.engine.tune.clause import When
from fallline.engine.tune.dimensions.checks import condition, distinct, place_of
from fallline.engine.tune.value import Value


@dataclass(frozen=True)
class Ordinal:
    """One of several levels, all equally likely, whose order counts and whose distances do not.

    Attributes:
        levels: two or more different values, the lowest first.
        when: what it depends on.

    Raises:
        SpecError: fewer than two levels, two that are equal, or one that is not plain.

    >>> Ordinal(("small", "medium", "large")).from_unit(0.5)
    'medium'
    """

    levels: tuple[Value, ...]
    when: When = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "levels", tuple(self.levels))
        object.__setattr__(self, "when", condition(self.when))
        distinct("levels", self.levels, "For one level use Fixed.")

    @property
    def options(self) -> tuple[Value, ...]:
        """The levels."""
        return self.levels

    def to_unit(self, value: Value) -> float:
        """Maps a level to the middle of its share of (0, 1)."""
        return (self.place(value) + 0.5) / len(self.levels)

    def from_unit(self, unit: float) -> Value:
        """Maps [0, 1] to a level."""
        return self.levels[min(int(unit * len(self.levels)), len(self.levels) - 1)]

    def place(self, value: object) -> int:
        """Returns the level's place from below; −1 if it is none."""
        return place_of(self.levels, value)

    def read(self, value: object, path: str) -> Value:
        """Returns an allowed level.

        Raises:
            SpecError: none of the levels.
        """
        if self.place(value) < 0:
            raise SpecError(path, value, f"one of {', '.join(map(str, self.levels))}")
        return self.levels[self.place(value)]

    def grid(self, points: int) -> tuple[Value, ...]:
        """Returns up to `points` spread levels, both ends among them."""
        last, count = len(self.levels) - 1, max(2, points)
        return tuple(self.levels[place] for place in sorted({round(k * last / (count - 1)) for k in range(count)}))
