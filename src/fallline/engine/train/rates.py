"""The learning rate of every step of a fit: a base rate times a named schedule stretched over the whole fit."""

from __future__ import annotations

import math

from fallline.core.choice import lookup
from fallline.engine.schedules import SCHEDULES, Exponential, Schedule, Step

DROPS = 3
"""Stretches of equal length that step decay cuts a fit into."""
LAST = 0.01
"""What exponential decay has left of the base rate at the end of a fit."""


def stretched(name: str, steps: int) -> Schedule:
    """Returns a schedule whose settings suit the length of a fit; those without a length keep their own.

    Step decay divides the rate by 5 after each third, exponential decay ends at a hundredth.

    Raises:
        SpecError: no such schedule.
    """
    if name == "step":
        return Step(every=max(1, math.ceil(steps / DROPS)), gamma=0.2)
    if name == "exponential":
        return Exponential(gamma=LAST ** (1.0 / max(1, steps)))
    return lookup(name, SCHEDULES, "params.schedule")()


def rates(name: str, base: float, steps: int) -> list[float]:
    """Returns the rate of every step.

    >>> [round(rate, 3) for rate in rates("step", 1.0, 6)]
    [1.0, 1.0, 0.2, 0.2, 0.04, 0.04]
    """
    return [float(each) for each in base * stretched(name, steps).factors(steps)]
