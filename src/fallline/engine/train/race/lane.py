"""A lane: one tool that trains a problem with its own optimizer of a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fallline.engine.train.race.member import Member
from fallline.engine.train.race.problem import Problem

FAR = 1e3
"""A run whose loss is so many times its first has left: it counts as broken off."""


@dataclass(frozen=True, eq=False)
class Curve:
    """How one run went.

    Attributes:
        losses: at the problem's points; infinite from where the run broke off.
    """

    losses: NDArray[np.float64]

    @property
    def best(self) -> float:
        """The lowest loss seen; infinite where the run broke off, since nobody keeps a net from before a blow-up."""
        return float(self.losses.min()) if np.isfinite(self.losses[-1]) else float("inf")

    @property
    def last(self) -> float:
        """The loss at the end."""
        return float(self.losses[-1])


class Lane(Protocol):
    """One tool, with its optimizers."""

    name: str
    title: str

    def optimizers(self) -> tuple[str, ...]:
        """The optimizers that the tool has, by our names."""
        ...

    def trains(self, problem: Problem) -> bool:
        """Whether the tool can train this net."""
        ...

    def run(self, problem: Problem, optimizer: str, members: Sequence[Member]) -> list[Curve]:
        """Trains each member from its own start, with the tool's own defaults but for the rate."""
        ...

    def remembers(self, problem: Problem, optimizer: str) -> float:
        """Returns how many numbers its optimizer keeps per weight between two steps, counted on the real one."""
        ...


def curve(losses: Sequence[float], points: int) -> Curve:
    """Closes a run: from the first loss that is missing, not finite, or too far up, all are infinite.

    Args:
        losses: from the start on, as far as the run got.
        points: how many there would be.

    >>> curve([1.0, 0.5, float("nan"), 0.1], 5).losses.tolist()
    [1.0, 0.5, inf, inf, inf]
    """
    values = np.full(points, np.inf)
    values[: len(losses)] = losses
    with np.errstate(invalid="ignore"):
        broken = ~(np.abs(values) <= FAR * max(abs(float(values[0])), 1e-12))
    if broken.any():
        values[int(np.argmax(broken)) :] = np.inf
    return Curve(values)
