"""Stage ``batches``: the same rows read in batches of every size, measured over many walks and said by theory."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.descent.row_moments import RowMoments
from fallline.engine.descent.row_walks import draw_order, walk_rows
from fallline.runs.bench.batch_size import BatchSize
from fallline.runs.bench.repeats import beyond_luck
from fallline.runs.bench.short import short
from fallline.runs.sources.diabetes import COLUMNS, diabetes_column
from fallline.runs.spec.batches import BatchesSpec
from fallline.runs.stage import Context, Output

Array = NDArray[np.float64]
ROWS = 442
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, ROWS)
"""Batches of the sweep."""
FRAMES, LATE = 120, 0.8
"""Moments at which walks are looked at, closer together at first, and the share of the budget where it gets late."""
ARRIVED = 0.1
"""A walk has arrived at this share of the loss above the lowest that it started with."""
RATES = 33
"""Tried for the best one of each size."""
SIDE = 41


def batches(context: Context) -> Output:
    """Walks with every batch size on the same rows."""
    spec = context.spec
    assert isinstance(spec, BatchesSpec)  # noqa: S101 - only this kind has this stage
    moments = rows_of(spec.columns, spec.disagreement)
    shown = {"full": ROWS, "mini": spec.batch, "one": 1}
    found = _walked(context, spec, moments)
    runs = {key: found[size].summary() | found[size].curves() for key, size in shown.items()}
    sweep = [found[size].summary() for size in sorted(found)]
    part: dict[str, Any] = {
        "columns": [COLUMNS[name][0] for name in spec.columns.split("-")],
        "rows": ROWS,
        "rate": spec.rate,
        "batch": spec.batch,
        "epochs": spec.epochs,
        "reads": spec.epochs * ROWS,
        "replacement": spec.replacement,
        "disagreement": spec.disagreement,
        "walks": spec.walks,
        "start": _start(moments),
        "condition": float(np.linalg.cond(moments.hessian)),
        "limit": moments.limit,
        "limits": {key: _limit(spec.columns, size) for key, size in shown.items()},
        "lowest": short(moments.lowest),
        "read": short(_reads(spec)),
        "field": _field(spec.columns),
        "runs": runs,
        "sweep": sweep,
        "wins": _wins(runs, {key: found[size].ends for key, size in shown.items()}),
        "best": _lowest(sweep),
        "tuned": _tuned(spec.columns, spec.disagreement, spec.epochs),
    }
    return Output(part)


@lru_cache(maxsize=32)
def rows_of(columns: str, disagreement: float) -> RowMoments:
    """Returns the standardised table, its residuals scaled.

    Args:
        columns: two, as ``bmi-s5``.
        disagreement: share of the residuals that is left.
    """
    pairs = [diabetes_column(name) for name in columns.split("-")]
    x = np.stack([(values - values.mean()) / values.std() for values, _ in pairs], axis=1)
    target = pairs[0][1]
    y = (target - target.mean()) / target.std()
    fitted = x @ RowMoments(x, y).lowest
    return RowMoments(x, fitted + disagreement * (y - fitted))


def _start(moments: RowMoments) -> float:
    """The loss above the lowest at weights of 0."""
    return 0.5 * float(moments.lowest @ moments.hessian @ moments.lowest)


def _reads(spec: BatchesSpec) -> Array:
    """How many rows have been read at each moment."""
    return np.asarray(ROWS * spec.epochs * (np.arange(FRAMES + 1) / FRAMES) ** 2)


def _walked(context: Context, spec: BatchesSpec, moments: RowMoments) -> dict[int, BatchSize]:
    order = draw_order(ROWS, ROWS * spec.epochs, spec.walks, context.rng("rows"), replacement=spec.replacement)
    reads = _reads(spec)
    late = reads >= LATE * reads[-1]
    found = {}
    for size in sorted({*SIZES, spec.batch}):
        walks = walk_rows(
            moments.features,
            moments.labels,
            order,
            rate=spec.rate,
            size=size,
            steps=(reads / size).astype(np.int64),
            within=ARRIVED * _start(moments),
        )
        stable = spec.rate < _limit(spec.columns, size)
        found[size] = BatchSize(size, spec.rate, moments, walks, late, stable)
    return found


@lru_cache(maxsize=2_048)
def _limit(columns: str, size: int) -> float:
    """The labels have no part in it: they move the floor, not the curvature."""
    return rows_of(columns, 1.0).largest_rate(size)


def _wins(runs: Mapping[str, dict[str, Any]], ends: Mapping[str, Array]) -> dict[str, Any]:
    """Who needs the fewest steps and the fewest rows to arrive, and who is lowest late; None where two are alike."""
    medians = {key: run["late"]["median"] for key, run in runs.items() if run["late"]["median"] is not None}
    ranks = sorted(medians, key=lambda key: medians[key])
    told = None
    if len(ranks) > 1:
        ahead = int(np.sum(ends[ranks[0]] < ends[ranks[1]]))
        told = beyond_luck(ahead, len(ends[ranks[0]]))
    return {
        "step": _fewest(runs, "arrived"),
        "row": _fewest(runs, "arrived_reads"),
        "late": ranks[0] if ranks else None,
        "second": ranks[1] if len(ranks) > 1 else None,
        "told_apart": told,
    }


def _fewest(runs: Mapping[str, dict[str, Any]], key: str) -> str | None:
    there = {name: run[key] for name, run in runs.items() if run[key] is not None}
    first = min(there, key=lambda name: there[name], default=None)
    return first if first is not None and list(there.values()).count(there[first]) == 1 else None


def _lowest(sweep: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The batch that is lowest late, of all that were tried at this rate."""
    there = [each for each in sweep if each["late"]["median"] is not None]
    best = min(there, key=lambda each: each["late"]["median"], default=None)
    return None if best is None else {"size": best["size"], "steps": best["steps"], "late": best["late"]["median"]}


@lru_cache(maxsize=128)
def _tuned(columns: str, disagreement: float, epochs: int) -> dict[str, Any]:
    """The best rate of each batch size for the budget, by theory, and the lowest of all."""
    moments = rows_of(columns, disagreement)
    rates = moments.limit * np.geomspace(0.002, 0.98, RATES)
    by_size = []
    for size in SIZES:
        last = ROWS * epochs // size
        steps = np.unique(np.linspace(LATE * last, last, 5).astype(np.int64))
        late = moments.excess(rates, size, steps).mean(axis=-1)
        best = int(np.argmin(np.where(np.isfinite(late), late, np.inf)))
        by_size.append({"size": size, "rate": float(rates[best]), "late": float(max(late[best], 1e-16))})
    return {"sizes": by_size, "best": min(by_size, key=lambda each: float(each["late"]))}


@lru_cache(maxsize=32)
def _field(columns: str) -> dict[str, Any]:
    """The loss above the lowest around the start and the minimum, for the map; residuals leave it as it is."""
    moments = rows_of(columns, 1.0)
    ends = np.stack([np.zeros(2), moments.lowest])
    wide = max(float(np.ptp(ends, axis=0).max()), 0.1)
    low, high = ends.min(axis=0) - 0.8 * wide, ends.max(axis=0) + 0.8 * wide
    grid = np.stack(np.meshgrid(*(np.linspace(low[i], high[i], SIDE) for i in (0, 1))), axis=-1) - moments.lowest
    values = 0.5 * np.einsum("yxi,ij,yxj->yx", grid, moments.hessian, grid)
    told = [float(f"{value:.4g}") for value in values.ravel()]
    return {"x": [float(low[0]), float(high[0])], "y": [float(low[1]), float(high[1])], "side": SIDE, "values": told}
