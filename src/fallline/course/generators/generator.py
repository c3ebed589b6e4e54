"""What a generator is: a name, the ranges that it draws from, and a draw that may refuse what it drew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from fallline.core.choice import nearest
from fallline.core.errors import SpecError

Params = dict[str, float | int | str | bool]
"""The numbers of one variant by name, each rounded to what is shown: what is shown is what is graded."""

Settings = Mapping[str, tuple[float, float]]
"""Name → low and high."""


@dataclass(frozen=True)
class Generator:
    """A builtin generator.

    Attributes:
        name: as items name it.
        about: one sentence for authors: what it draws, and which parameters it gives.
        ranges: what an item may set, with the defaults.
        draw: ``(rng, ranges) → parameters``, or None when the draw came out ambiguous and another is wanted.
    """

    name: str
    about: str
    ranges: Settings
    draw: Callable[[np.random.Generator, Settings], Params | None]

    def settings(self, given: Mapping[str, tuple[float, float]]) -> Settings:
        """Returns the defaults with an item's own ranges.

        Raises:
            SpecError: a range that the generator does not have, or low above high.
        """
        for key, (low, high) in given.items():
            if key not in self.ranges:
                close = nearest(key, self.ranges)
                hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(self.ranges)}."
                raise SpecError(f"generate.settings.{key}", key, f"a range of {self.name}", hint)
            if not low <= high:
                raise SpecError(f"generate.settings.{key}", [low, high], "a range from low to high")
        return {**self.ranges, **given}


def shown(value: float, figures: int = 3) -> float:
    """Rounds to so many significant figures: what the student reads is what the answer is computed from.

    >>> shown(0.123456), shown(12345.6, 2)
    (0.123, 12000.0)
    """
    return float(f"{value:.{figures}g}")


def uniform(rng: np.random.Generator, limits: tuple[float, float], figures: int = 3) -> float:
    """Draws evenly from a range, rounded to what is shown."""
    return shown(float(rng.uniform(*limits)), figures)


def log_uniform(rng: np.random.Generator, limits: tuple[float, float], figures: int = 2) -> float:
    """Draws evenly in the logarithm, rounded to what is shown."""
    low, high = np.log(limits)
    return shown(float(np.exp(rng.uniform(low, high))), figures)


def whole(rng: np.random.Generator, limits: tuple[float, float]) -> int:
    """Draws a whole number, both ends included."""
    return int(rng.integers(int(limits[0]), int(limits[1]) + 1))


def apart(first: float, second: float, gap: float) -> bool:
    """Says whether two values differ by more than a share of the larger.

    >>> apart(1.0, 1.05, 0.08), apart(1.0, 1.2, 0.08)
    (False, True)
    """
    return abs(first - second) > gap * max(abs(first), abs(second))
