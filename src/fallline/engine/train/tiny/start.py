"""First weights of a tiny net, by the law of any initialisation; biases are zero."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fallline.core.choice import lookup
from fallline.core.rng import generator
from fallline.engine.nets.initialisations import INITIALISERS, Initialisation
from fallline.engine.train.population.perceptron import Layers, Perceptron

Array = NDArray[np.float64]


def first_weights(net: Perceptron, initialisation: str, seed: int) -> Layers:
    """Draws the weights of every layer.

    Args:
        net: whose.
        initialisation: a name in `INITIALISERS`.
        seed: where the draws come from.

    Raises:
        SpecError: no such initialisation.

    >>> first_weights(Perceptron((2, 3, 1)), "zero", 0)[0][0].any()
    np.False_
    """
    chosen, rng = lookup(initialisation, INITIALISERS, "initialisation"), generator(seed, "tiny", "weights")
    return tuple(
        (_drawn(chosen, rows, columns, rng), np.zeros(columns))
        for rows, columns in zip(net.sizes, net.sizes[1:], strict=False)
    )


def _drawn(chosen: Initialisation, rows: int, columns: int, rng: np.random.Generator) -> Array:
    size = chosen.deviation(rows, columns)
    if chosen.law == "uniform":
        return np.asarray(rng.uniform(-1.0, 1.0, (rows, columns)) * (3.0**0.5 * size))
    if chosen.law == "orthogonal":
        wide, narrow = max(rows, columns), min(rows, columns)
        turned, sizes = np.linalg.qr(rng.standard_normal((wide, narrow)))
        turned = turned * np.where(np.diag(sizes) < 0, -1.0, 1.0)  # else the turns are not evenly spread
        return np.asarray(size * (turned if rows >= columns else turned.T))
    return np.asarray(size * rng.standard_normal((rows, columns)))
