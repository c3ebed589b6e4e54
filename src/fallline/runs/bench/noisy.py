"""Stage ``noisy``: which optimizer at which batch size, each at its best rate, over repeats that all share."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.descent.crowd import Crowd, Slopes, crowd
from fallline.engine.optim import OPTIMIZERS, Elementwise
from fallline.runs.bench.repeats import beyond_luck
from fallline.runs.sources.diabetes import diabetes_table
from fallline.runs.spec.noisy import NoisySpec
from fallline.runs.stage import Context, Output

Array = NDArray[np.float64]
WHO = ("gd", "momentum", "adagrad", "rmsprop", "adam", "lion")
FOLLOW = ("gd", "momentum")
BATCHES = (1, 4, 16, 64)
REPEATS = 15
WEIGHTS = 4
"""Of the quadratic."""
RATES = 6
ROWS_A_STEP = 4
"""With a budget of rows, batches of so many take as many steps as under a budget of steps."""
ADAGRAD = 10.0
"""AdaGrad's steps only get shorter, so its rates are higher than those of others that divide by a size."""
TITLES = {"normal": "normal noise", "heavy": "heavy-tailed noise", "rows": "real rows"}


def noisy(context: Context) -> Output:
    """Fills the grid, names who wins each column, and says by how much the noise outweighs the slope."""
    spec = context.spec
    assert isinstance(spec, NoisySpec)  # noqa: S101 - only this kind has this stage
    key = key_of(spec)
    grid, ground = grid_of(*key), ground_of(spec.problem, spec.condition)
    place = BATCHES.index(spec.batch)
    column = grid["columns"][place]
    part: dict[str, Any] = {
        "problem": spec.problem,
        "title": TITLES[spec.problem],
        "labels": {name: OPTIMIZERS[name].title for name in WHO},
        "who": list(WHO),
        "batches": list(BATCHES),
        "repeats": REPEATS,
        "start": float(ground.loss(ground.start)),
        **grid,
        "batch": spec.batch,
        "here": column,
        **_noise(spec, ground),
    }
    return Output(part)


def key_of(spec: NoisySpec) -> tuple[Any, ...]:
    """Returns what the grid depends on: all but the batch size that is looked at."""
    return spec.seed, spec.problem, spec.condition, spec.noise, spec.degrees, spec.budget, spec.steps


class Ground:
    """The loss without noise, its start, and what a single row's slope varies by.

    Args:
        hessian: shape (d, d).
        start: counted from the minimum, shape (d,).
        rows: features and errors at the minimum of every row, where there are rows.
    """

    def __init__(self, hessian: Array, start: Array, rows: tuple[Array, Array] | None = None) -> None:
        self.hessian, self.start, self.rows = hessian, start, rows

    def loss(self, v: Array) -> float:
        """Returns the height above the minimum."""
        return float(0.5 * v @ self.hessian @ v)

    @property
    def slope(self) -> Array:
        """The slope at the start."""
        return np.asarray(self.hessian @ self.start)


@lru_cache(maxsize=32)
def ground_of(problem: str, condition: float) -> Ground:
    """Returns the loss of a problem."""
    if problem != "rows":
        curvatures: Array = np.asarray(np.geomspace(1.0, condition, WEIGHTS), dtype=np.float64)
        return Ground(np.asarray(np.diag(curvatures), dtype=np.float64), np.ones(WEIGHTS))
    x, y = diabetes_table()
    best = np.linalg.lstsq(x, y, rcond=None)[0]
    return Ground(x.T @ x / len(x), -np.asarray(best, dtype=np.float64), (x, y - x @ best))


def _slopes(ground: Ground, spec: tuple[Any, ...], batch: int) -> Slopes:
    """What a batch size meets: the same draws for every optimizer and rate."""
    seed, problem, _, noise, degrees, budget, steps = spec
    taken = steps if budget == "steps" else max(4, round(ROWS_A_STEP * steps / batch))
    rng = generator(seed, "noisy", "draws", str(batch))
    shape = (taken, REPEATS)
    if ground.rows is not None:
        x, error = ground.rows
        some = rng.integers(len(x), size=(*shape, batch))
        seen = x[some]
        curvature = seen.transpose(0, 1, 3, 2) @ seen / batch
        added = -(seen * error[some][..., None]).mean(axis=2)
        return Slopes(curvature, added, ground.hessian, ground.start)
    scale = noise * float(np.linalg.norm(ground.slope)) / WEIGHTS**0.5
    if problem == "normal":
        added = scale / batch**0.5 * rng.standard_normal((*shape, WEIGHTS))
    else:
        added = scale * rng.standard_t(degrees, (*shape, batch, WEIGHTS)).mean(axis=2)
    return Slopes(ground.hessian, added, ground.hessian, ground.start)


def rates_of(name: str, ground: Ground) -> Array:
    """Returns the grid of an optimizer: factors of its stable limit, or lengths as a share of the way to go."""
    kind = OPTIMIZERS[name]
    steepest = float(np.linalg.eigvalsh(ground.hessian)[-1])
    if kind.unit == "slope":
        top = 1.8 / steepest * (0.1 if name == "momentum" else 1.0)
        return np.asarray(top * 4.0 ** -np.arange(RATES, dtype=np.float64))
    way = float(np.linalg.norm(ground.start)) / len(ground.start) ** 0.5
    return np.asarray(
        way * (ADAGRAD if name == "adagrad" else 1.0) * 10.0 ** (-np.arange(RATES) / 2.0), dtype=np.float64
    )


@lru_cache(maxsize=64)
def grid_of(*spec: Any) -> dict[str, Any]:
    """Returns every cell and every column's winner for a key; which batch size is looked at changes nothing here."""
    ground = ground_of(spec[1], spec[2])
    each = [_slopes(ground, spec, batch) for batch in BATCHES]
    together = [_joined(each)] if len({slopes.steps for slopes in each}) == 1 else each
    found: dict[str, list[tuple[dict[str, Any], Array]]] = {}
    for name in WHO:
        optimizer = OPTIMIZERS[name]()
        assert isinstance(optimizer, Elementwise)  # noqa: S101 - WHO names no other
        rates = rates_of(name, ground)
        walked = [crowd(slopes, optimizer, rates) for slopes in together]
        found[name] = [_cell(part, rates) for whole in walked for part in _apart(whole)]
    columns = [
        {
            "batch": batch,
            "steps": each[place].steps,
            "cells": {name: cells[place][0] for name, cells in found.items()},
            **_standing({name: cells[place][1] for name, cells in found.items()}),
        }
        for place, batch in enumerate(BATCHES)
    ]
    return {"columns": columns, "winners": len({column["first"] for column in columns})}


def _joined(each: list[Slopes]) -> Slopes:
    """Batch sizes with as many steps walk as one crowd: half the time."""
    first = each[0]
    added = np.concatenate([slopes.added for slopes in each], axis=1)
    shared = first.curvature.ndim == 2
    curvature = first.curvature if shared else np.concatenate([slopes.curvature for slopes in each], axis=1)
    return Slopes(curvature, added, first.hessian, first.start)


def _apart(whole: Crowd) -> list[Crowd]:
    """A crowd by batch sizes again."""
    parts = whole.late.shape[0] // REPEATS
    return [
        Crowd(late, lengths)
        for late, lengths in zip(np.split(whole.late, parts), np.split(whole.lengths, parts, axis=1), strict=True)
    ]


def _cell(found: Crowd, rates: Array) -> tuple[dict[str, Any], Array]:
    """The best rate of a grid by the median over the repeats, and what it gives."""
    medians = np.median(found.late, axis=0)
    best = int(medians.argmin())
    late = np.sort(found.late[:, best])
    lengths = found.lengths[:, :, best]
    with np.errstate(all="ignore"):
        longest = float(np.median(lengths.max(axis=0) / np.median(lengths, axis=0)))
    cell = {
        "median": _finite(late[REPEATS // 2]),
        "low": _finite(late[REPEATS // 4]),
        "high": _finite(late[-1 - REPEATS // 4]),
        "rate": float(rates[best]),
        "edge": best in {0, len(rates) - 1},
        "longest": _finite(longest),
        "left": int(np.sum(~np.isfinite(late))),
    }
    return cell, found.late[:, best]


def _standing(lates: dict[str, Array]) -> dict[str, Any]:
    """Who is first and second by the median, whether that is more than luck, and the same of the two families.

    Those who follow the slope, gradient descent and momentum, take steps in proportion to it; the others divide by its
    size. The best of each are compared.
    """
    order = sorted(lates, key=lambda name: float(np.median(lates[name])))
    first, second = order[:2]
    follow = next(name for name in order if name in FOLLOW)
    divide = next(name for name in order if name not in FOLLOW)
    before = int(np.sum(lates[divide] < lates[follow]))
    better = "divide" if before > REPEATS - before else "follow"
    won = max(before, REPEATS - before)
    ahead = int(np.sum(lates[first] < lates[second]))
    ratio = float(np.median(lates[second]) / np.median(lates[first])) if np.median(lates[first]) > 0 else None
    return {
        "first": first,
        "second": second,
        "last": order[-1],
        "ahead": ahead,
        "told_apart": beyond_luck(ahead, REPEATS),
        "follow": follow,
        "divide": divide,
        "better": better,
        "better_by": won,
        "real": beyond_luck(won, REPEATS),
        "ratio": ratio if ratio is not None and ratio < 1e9 else None,
    }


def _noise(spec: NoisySpec, ground: Ground) -> dict[str, Any]:
    """The noise of one row's slope at the start, beside the slope: tr Σ/‖g‖², and each coordinate's signal."""
    slope = ground.slope
    if ground.rows is not None:
        x, error = ground.rows
        each = x * (x @ ground.start - error)[:, None]
        variance: Array | None = each.var(axis=0)
    elif spec.problem == "heavy" and spec.degrees <= 2.0:
        variance = None
    else:
        scale = spec.noise * float(np.linalg.norm(slope)) / WEIGHTS**0.5
        spread = spec.degrees / (spec.degrees - 2.0) if spec.problem == "heavy" else 1.0
        variance = np.full(len(slope), scale**2 * spread)
    if variance is None or not variance.any():
        scale = None if variance is None else 0.0
        return {"noise_scale": scale, "signals": None, "infinite": variance is None, "mostly_noise": variance is None}
    signals = np.abs(slope) / np.sqrt(variance / spec.batch)
    return {
        "noise_scale": float(variance.sum() / (slope @ slope)),
        "signals": [float(f"{each:.4g}") for each in signals],
        "weakest": float(signals.min()),
        "mostly_noise": float(variance.sum() / (slope @ slope)) > spec.batch,
        "infinite": False,
    }


def _finite(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
