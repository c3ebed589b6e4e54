"""Repeats: the same race with other noise, again and again; one path shows luck, many show the method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from fallline.engine.descent import Trace
from fallline.runs.bench.short import short

Floats = NDArray[np.float64]

LATE = 0.2
"""The share of the steps, at the end, over which a loss is averaged: one noisy step says little."""
BROKEN = ("diverged", "undefined")


def late_loss(trace: Trace, steps: int) -> float | None:
    """Returns the mean loss of the last fifth of the steps; None where the run broke off before."""
    if trace.ending.kind.value in BROKEN or trace.steps < steps:
        return None
    return float(trace.losses[-max(1, round(LATE * steps)) :].mean())


def repeated(races: Sequence[Sequence[Trace]], keys: Sequence[str], steps: int) -> dict[str, dict[str, Any]]:
    """Returns, per runner, where it ended over the repeats, how often it was lowest, and its losses as a band.

    Args:
        races: one per repeat, each with a trace per runner.
        keys: of the runners.
        steps: of each.
    """
    lates = _lates(races, steps)
    lowest = lates.argmin(axis=1)
    ended = np.isfinite(lates.min(axis=1))
    found = {}
    for place, key in enumerate(keys):
        low, middle, high = np.quantile(lates[:, place], (0.25, 0.5, 0.75), method="nearest")
        found[key] = {
            "late": {"low": _or_none(low), "median": _or_none(middle), "high": _or_none(high)},
            "best_in": int(np.sum(ended & (lowest == place))),
            "broke_off": int(np.sum(~np.isfinite(lates[:, place]))),
            "band": _band([race[place] for race in races], steps),
        }
    return found


def standing(races: Sequence[Sequence[Trace]], keys: Sequence[str], steps: int) -> dict[str, Any]:
    """Returns who usually ends lowest, who is second, and whether the two can be told apart.

    All runners of a repeat meet the same noise, so the two are compared draw by draw: they are told apart when the
    first is ahead more often than a fair coin would explain (sign test, two-sided, 5 %).

    Args:
        races: one per repeat, each with a trace per runner.
        keys: of the runners.
        steps: of each.
    """
    lates = _lates(races, steps)
    medians = {key: float(np.median(lates[:, place])) for place, key in enumerate(keys)}
    order = sorted((key for key in keys if np.isfinite(medians[key])), key=lambda key: medians[key])
    first, second = [*order, None, None][:2]
    here = keys[int(lates[0].argmin())] if len(keys) and np.isfinite(lates[0].min()) else None
    found: dict[str, Any] = {"usual": first, "second": second, "lowest_here": here, "ahead": None, "told_apart": None}
    if first is None or second is None:
        return found
    ahead = int(np.sum(lates[:, keys.index(first)] < lates[:, keys.index(second)]))
    return found | {"ahead": ahead, "told_apart": beyond_luck(ahead, len(races))}


def beyond_luck(ahead: int, draws: int) -> bool:
    """Tells whether a fair coin comes up so often on one side in at most 5 % of all tries; one draw alone is no luck.

    Args:
        ahead: how often the first was ahead.
        draws: of how many.
    """
    return draws == 1 or 2 * float(binom.sf(ahead - 1, draws, 0.5)) < 0.05


def _lates(races: Sequence[Sequence[Trace]], steps: int) -> Floats:
    return np.array([[_or_infinite(late_loss(trace, steps)) for trace in race] for race in races])


def _band(traces: Sequence[Trace], steps: int) -> dict[str, list[float]]:
    """Quartiles of the loss at each step, up to the first at which one of them is infinite."""
    losses = np.full((len(traces), steps + 1), np.inf)
    for row, trace in zip(losses, traces, strict=True):
        row[: len(trace.losses)] = trace.losses
    ordered = np.sort(losses, axis=0)
    places = [round(share * (len(traces) - 1)) for share in (0.25, 0.5, 0.75)]
    finite = np.isfinite(ordered[places[2]])
    until = int(np.argmin(finite)) if not finite.all() else steps + 1
    return {name: short(ordered[place, :until]) for name, place in zip(("low", "median", "high"), places, strict=True)}


def _or_infinite(value: float | None) -> float:
    return np.inf if value is None else value


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
