"""The numbers that a finder takes, and what it refuses."""

from __future__ import annotations

import math

from fallline.core.errors import SpecError

MOST_STEPS, MOST_SEEDS = 10_000, 100


def check(low: float, high: float, steps: int, seeds: int, smoothing: float, blow_up: float) -> None:
    """Refuses a sweep that is none, or that would take for ever.

    Raises:
        SpecError: names the number and its range.
    """
    if not 0.0 < low < math.inf:
        raise SpecError("low", low, "a finite rate above 0")
    if not low < high < math.inf:
        raise SpecError("high", high, f"a finite rate above the lowest, {low:g}")
    if not 20 <= steps <= MOST_STEPS:
        raise SpecError("steps", steps, f"a number of steps from 20 to {MOST_STEPS:,}")
    if not 1 <= seeds <= MOST_SEEDS:
        raise SpecError("seeds", seeds, f"a number of sweeps from 1 to {MOST_SEEDS}")
    if not 0.0 <= smoothing < 1.0:
        raise SpecError("smoothing", smoothing, "a share from 0 to below 1")
    if not blow_up > 1.0:
        raise SpecError("blow_up", blow_up, "a factor above 1")
