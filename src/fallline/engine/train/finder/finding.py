"""What a finder found: sweeps, the band over seeds, what each rule suggests, and a sentence; plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from fallline.core.ending import Ending


@dataclass(frozen=True)
class SweepTrace:
    """One sweep.

    Attributes:
        rates: those at which a step was taken and the loss was a number, rising.
        losses: of the batch before the step at that rate.
        smooth: their running mean.
        looks: pairs of a rate and the largest stable rate by the curvature there.
        blew_up: whether it ended before the highest rate.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    smooth: tuple[float, ...]
    looks: tuple[tuple[float, float], ...]
    blew_up: bool


@dataclass(frozen=True)
class Band:
    """Median and quartiles over seeds.

    Attributes:
        median: of the values.
        low: lower quartile.
        high: upper quartile.
        n: how many values there are.
    """

    median: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Suggestion:
    """What one rule says.

    Attributes:
        rule: its name.
        rate: the median over the seeds in which it said anything; None where it did in none.
        low: lower quartile.
        high: upper quartile.
        n: in how many seeds it said something.
        note: why it says nothing, or with what reserve; may be empty.
    """

    rule: str
    rate: float | None
    low: float | None
    high: float | None
    n: int
    note: str = ""


@dataclass(frozen=True)
class RateFinding:
    """The result of a finder.

    Attributes:
        rates: of the whole sweep, rising.
        loss: band of the smoothed loss at each rate that at least half of the sweeps reached.
        limit: band of the largest stable rate by curvature at the rates where it was looked at.
        looked: the rates of `limit`.
        sweeps: one for each seed.
        suggestions: one for each rule, in the order of `RULES`.
        middle: the median of the rules, which is what is recommended.
        sure: ``high``, ``fair`` or ``low``.
        ending: why it stopped, with the recommendation in a sentence.
    """

    rates: tuple[float, ...]
    loss: tuple[Band, ...]
    looked: tuple[float, ...]
    limit: tuple[Band, ...]
    sweeps: tuple[SweepTrace, ...]
    suggestions: tuple[Suggestion, ...]
    middle: Suggestion
    sure: str
    ending: Ending

    @property
    def rate(self) -> float | None:
        """The rate that is recommended; None where no rule says anything."""
        return self.middle.rate

    @property
    def seeds(self) -> int:
        """How many sweeps there are."""
        return len(self.sweeps)

    def suggestion(self, rule: str) -> Suggestion:
        """Returns what a rule says."""
        return next(each for each in self.suggestions if each.rule == rule)

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data, as a Record keeps it and a Figure draws it."""
        found = asdict(self)
        found["ending"] = self.ending.to_dict()
        found |= {"seeds": self.seeds, "rate": self.rate}
        return found


def band(values: Sequence[float]) -> Band:
    """Returns the median and the quartiles.

    >>> band([3.0, 1.0, 2.0])
    Band(median=2.0, low=1.5, high=2.5, n=3)
    """
    low, median, high = np.quantile(np.asarray(values, dtype=np.float64), [0.25, 0.5, 0.75])
    return Band(float(median), float(low), float(high), len(values))
