"""A sequence: one schedule after another, by shares of the run or by milestones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import SpecError
from fallline.engine.schedules.anneal_linear import AnnealLinear
from fallline.engine.schedules.composite import Composite
from fallline.engine.schedules.constant import Constant
from fallline.engine.schedules.cosine import Cosine
from fallline.engine.schedules.schedule import Schedule, Shape

CLOSE = 1e-9
"""How far the shares may be from 1 together: what is written as 0.1 + 0.2 + 0.7 is a whole."""


@dataclass(frozen=True)
class Sequence(Composite):
    """Lets each part run over its own stretch, with its own step counted from 0 and its own length.

    By `shares`, a border is the nearest whole step to the sum of the shares before it, so that each step belongs to one
    part; the shares may miss 1 by 1e-9 and are scaled to 1. By `until`, a part ends before that step and is stretched
    over its stretch even where the run ends sooner; the last part has the rest. Torch's SequentialLR is the latter, its
    milestones our `until`; fast.ai's combine_scheds is the former, but lets a border fall between two steps.

    Attributes:
        shares: of each part, as many as there are parts; empty where `until` says it. With neither, all are equal.
        until: the first step of the next part, for all but the last part, rising.

    >>> Sequence(parts=(AnnealLinear(0.0, 1.0), Constant()), shares=(0.5, 0.5)).factors(4)
    array([0. , 0.5, 1. , 1. ])
    >>> Sequence(parts=(Constant(), Cosine()), until=(3,)).factors(5)
    array([1. , 1. , 1. , 1. , 0.5])
    """

    parts: tuple[Schedule, ...] = (AnnealLinear(0.0, 1.0), Constant(), Cosine())
    shares: tuple[float, ...] = ()
    until: tuple[int, ...] = ()

    name: ClassVar[str] = "sequence"
    title: ClassVar[str] = "Sequence"
    formula: ClassVar[str] = r"f_i(t - t_i),\quad t_i \le t < t_{i+1}"
    source: ClassVar[tuple[str, int]] = ("Howard and Gugger", 2020)
    shape: ClassVar[Shape] = "free"
    inner: ClassVar[tuple[int, int]] = (1, 8)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.shares and self.until:
            raise SpecError("until", self.until, "left out where shares are given", "Give one of the two.")
        if self.shares:
            self._check_shares()
        if self.until:
            rising = all(before < after for before, after in zip((0, *self.until), self.until, strict=False))
            whole = all(isinstance(step, int) and step <= 10_000_000 for step in self.until)
            if len(self.until) != len(self.parts) - 1 or not (whole and rising):
                expected = f"a rising list of {len(self.parts) - 1} steps from 1 to 10,000,000, one for each border"
                raise SpecError("until", self.until, expected)

    def _check_shares(self) -> None:
        if len(self.shares) != len(self.parts) or not all(0.0 <= share <= 1.0 + CLOSE for share in self.shares):
            raise SpecError("shares", self.shares, f"a list of {len(self.parts)} numbers from 0 to 1, one a part")
        total = math.fsum(self.shares)
        if abs(total - 1.0) > CLOSE * (1.0 + 1e-6):  # 1 + 1e-9 itself is off by a rounding
            raise SpecError("shares", self.shares, f"a list that sums to 1; it sums to {total:.12g}")

    def borders(self, steps: int) -> tuple[int, ...]:
        """Returns the first step of every part, and the end of the last.

        Args:
            steps: how many steps there are.

        Returns:
            one number more than there are parts, from 0, never falling. By shares the last is `steps`; by milestones it
            is at least `steps`.
        """
        if self.until:
            return (0, *self.until, max(steps, self.until[-1] + 1))
        shares = self.shares or (1.0 / len(self.parts),) * len(self.parts)
        total = math.fsum(shares)
        sums = [math.fsum(shares[:place]) / total for place in range(1, len(shares))]
        # a border that rounding brought a hair below the half step goes up with those on it
        return (0, *(min(math.floor(steps * part + 0.5 + 1e-9 * max(steps, 1)), steps) for part in sums), steps)

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns each part over its stretch."""
        found = np.empty_like(t)
        borders = self.borders(steps)
        for part, start, end in zip(self.parts, borders, borders[1:], strict=False):
            inside = (t >= start) & (t < end)
            if inside.any():
                found[inside] = part.curve(t[inside] - start, end - start)
        return found
