"""What a tiny net computes, as pictures of the plane at every moment: its answer, and the value of every unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.data.plane import SIDE
from fallline.engine.train.population.signal import passes
from fallline.engine.train.tiny import FEATURES, Walk, read
from fallline.runs.bench.shades import shaded
from fallline.runs.bench.tiny_data import Ground

Array = NDArray[np.float64]
FINE = 31
"""Points along a side of the net's answer."""
COARSE = ((16, 11), (32, 9), (48, 7))
"""Points along a side of a unit's picture, by how many units there are at most."""
LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz.", dtype=np.uint8)


def net_pictures(walk: Walk, ground: Ground, features: tuple[str, ...]) -> dict[str, Any]:
    """Returns the answer, the units and the weights at every moment, as the figures read them."""
    side = next(side for most, side in COARSE if sum(walk.net.sizes[1:-1]) <= most)
    fine, coarse = read(_grid(FINE), features), read(_grid(side), features)
    problem = ground.problem
    answers, units, weights = [], [], []
    for moment, layers in enumerate(walk.kept):
        said = problem.said(walk.outputs(moment, fine), walk.loss)
        answers.append(_lettered(said) if problem.classes > 2 else shaded(said))
        with np.errstate(all="ignore"):  # a net that ran away is told by its infinities
            hidden = [values for _, values in passes(walk.net, layers, coarse.astype(np.float32))][:-1]
        units.append([shaded(_within(column)) for values in hidden for column in values.T])
        weights.append([_weight(weight) for matrix, _ in layers for weight in matrix.ravel()])
    return {
        "side": FINE,
        "unit_side": side,
        "answers": answers,
        "units": units,
        "weights": weights,
        "inputs": [{"symbol": FEATURES[name].symbol, "picture": shaded(_within(read(_grid(side), (name,))[:, 0]))}
                   for name in features],
        "outputs": walk.net.sizes[-1],
    }  # fmt: skip


def _grid(side: int) -> Array:
    """Points of the plane, row by row from the lowest x₂."""
    places = np.linspace(-SIDE, SIDE, side)
    across, up = np.meshgrid(places, places)
    return np.column_stack([across.ravel(), up.ravel()])


def _within(values: NDArray[Any]) -> Array:
    """Values brought into ±1, where they leave it."""
    sizes = np.abs(values[np.isfinite(values)])
    return np.asarray(values / max(1.0, float(sizes.max(initial=0.0))), dtype=np.float64)


def _lettered(classes: Array) -> str:
    """A letter for the class of every point; a dot where there is none."""
    places = np.where(np.isfinite(classes), classes, len(LETTERS) - 1).astype(np.int64)
    return LETTERS[places].tobytes().decode("ascii")


def _weight(value: float) -> float:
    return float(f"{value:.3g}") if np.isfinite(value) and abs(value) < 1e30 else 0.0
