"""Armijo's rule (1966): halve a step until the loss falls by a share of what the slope promises."""

from __future__ import annotations

import math
from typing import Any

from fallline.engine.optim.layers import each
from fallline.engine.optim.probe import Probe

SHARE = 1e-4
"""Of the fall that the slope promises, how much is enough."""


def backtrack(probe: Probe, w: Any, along: Any, slope: float, stride: float, halvings: int) -> float:
    """Returns the first of stride, stride/2, stride/4, … that lowers the loss enough; 0 if none does.

    Args:
        probe: tells the loss.
        w: where from.
        along: the direction, in the structure of `w`.
        slope: the derivative of the loss along it, below 0.
        stride: the first length to try.
        halvings: how often it may be halved.
    """
    here = probe.value(w)
    for _ in range(halvings + 1):
        there = probe.value(moved(w, along, stride))
        if math.isfinite(there) and there <= here + SHARE * stride * slope:
            return stride
        stride *= 0.5
    return 0.0


def moved(w: Any, along: Any, stride: float) -> Any:
    """Returns w + stride·along."""
    return each(lambda layer, direction: layer + stride * direction, w, along)
