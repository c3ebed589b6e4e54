"""The same name in several lanes: the same formula gives the same curve, another formula another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fallline.runs.bench.short import short
from fallline.runs.race.block import Block

EQUAL = 1e-6
"""Curves whose losses differ by less, relative to the loss, are the same: that is rounding, not a formula."""

FLOOR = 1e-3
"""Of the first loss: below it, differences are measured against it, not against a loss that has almost vanished."""


def same_name(blocks: Sequence[Block], results: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Returns, per optimizer, its curve in each lane from the same start at the same rate, and how far they part.

    The rate is the one that the first lane chose; the start is that of the first tuning seed.
    """
    found: dict[str, Any] = {}
    for name in dict.fromkeys(block.optimizer for block in blocks):
        mine = [block for block in blocks if block.optimizer == name]
        if len(mine) < 2:
            continue
        rate = results[mine[0].name]["chosen"]
        curves = {block.lane: results[block.name]["trials"][rate * block.tuning]["losses"] for block in mine}
        first = mine[0].lane
        parts = {lane: _apart(curves[first], losses) for lane, losses in curves.items()}
        found[name] = {
            "rate": mine[0].rates[rate],
            "against": first,
            "curves": {lane: _drawn(losses) for lane, losses in curves.items()},
            "apart": parts,
            "equal": [lane for lane, part in parts.items() if part is not None and part < EQUAL],
        }
    return found


def _apart(first: Sequence[float | None], second: Sequence[float | None]) -> float | None:
    """The largest difference relative to the first's loss, as long as both run; None where only one broke off."""
    a = np.array([np.nan if value is None else value for value in first])
    b = np.array([np.nan if value is None else value for value in second])
    if bool((np.isnan(a) != np.isnan(b)).any()):
        return None
    both = ~np.isnan(a)
    floor = FLOOR * abs(a[0])
    return float(f"{np.max(np.abs(a[both] - b[both]) / np.maximum(np.abs(a[both]), floor)):.3g}")


def _drawn(losses: Sequence[float | None]) -> list[float | None]:
    drawn = short(np.array([np.inf if value is None else value for value in losses]))
    return [value if np.isfinite(value) else None for value in drawn]
