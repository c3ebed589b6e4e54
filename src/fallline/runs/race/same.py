"""The same name in several lanes: the same formula draws the same curve, another formula or default another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fallline.runs.bench.short import short
from fallline.runs.race.block import Block

EQUAL = 1e-4
"""Curves are the same when their losses differ by less, relative to the loss: rounding grows, but not to that."""
FLOOR = 1e-3
"""Of the first loss: below it, differences are measured against it, not against a loss that has almost vanished."""

Losses = Sequence[float | None]


def same_name(blocks: Sequence[Block], results: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Returns, per optimizer, its curve in each lane from one start at one rate, and which lanes draw the same.

    The rate is the one that the first lane chose; the start is that of the first tuning seed.
    """
    found: dict[str, Any] = {}
    for name in dict.fromkeys(block.optimizer for block in blocks):
        mine = [block for block in blocks if block.optimizer == name]
        if len(mine) < 2:
            continue
        rate = results[mine[0].name]["chosen"]
        curves = {block.lane: results[block.name]["trials"][rate * block.tuning]["losses"] for block in mine}
        groups = _groups(curves)
        firsts = [group[0] for group in groups]
        found[name] = {
            "rate": mine[0].rates[rate],
            "curves": {group[0]: _drawn(curves[group[0]]) for group in groups},
            "groups": groups,
            "apart": [apart(curves[firsts[0]], curves[first]) for first in firsts],
        }
    return found


def _groups(curves: Mapping[str, Losses]) -> list[list[str]]:
    """Lanes that draw the same curve, in the order of the lanes."""
    groups: list[list[str]] = []
    for lane, losses in curves.items():
        for group in groups:
            distance = apart(curves[group[0]], losses)
            if distance is not None and distance < EQUAL:
                group.append(lane)
                break
        else:
            groups.append([lane])
    return groups


def apart(first: Losses, second: Losses) -> float | None:
    """Returns the largest difference relative to the first's loss; None where only one of them broke off.

    >>> apart([2.0, 1.0, None], [2.0, 1.5, None])
    0.5
    """
    a = np.array([np.nan if value is None else value for value in first])
    b = np.array([np.nan if value is None else value for value in second])
    if bool((np.isnan(a) != np.isnan(b)).any()):
        return None
    both = ~np.isnan(a)
    against = np.maximum(np.abs(a[both]), FLOOR * abs(a[0]))
    return float(f"{np.max(np.abs(a[both] - b[both]) / against):.3g}")


def _drawn(losses: Losses) -> list[float | None]:
    drawn = short(np.array([np.inf if value is None else value for value in losses]))
    return [value if np.isfinite(value) else None for value in drawn]
