"""Acquire: where an acquisition function is highest in a space, by an evolutionary search at falling scales."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from fallline.engine.tune.coding import Coding
from fallline.engine.tune.moves import near

Floats = NDArray[np.float64]
Worth = Callable[[Floats], Floats]
GLOBAL, LOCAL = 400, 25
SCALES = (0.3, 0.15, 0.08, 0.04, 0.02, 0.01, 0.005, 0.003)
PARENTS, CHILDREN = 12, 8


def best_rows(coding: Coding, worth: Worth, anchors: Floats, rng: np.random.Generator) -> Floats:
    """Returns settled, allowed rows, the most worth having first.

    Args:
        coding: of the space.
        worth: worth of settled rows, higher is better: (m, width) → (m,).
        anchors: rows that are good already, shape (k, width); the search also starts around them.
        rng: stream of the draws.
    """
    around = np.repeat(anchors, LOCAL, axis=0)
    pool = [coding.drawn(GLOBAL, rng), *(_settled(coding, near(coding, around, s, rng)) for s in (0.2, 0.05, 0.01))]
    rows = np.vstack([part for part in pool if len(part)])
    value = worth(rows)
    for scale in SCALES:
        kept = np.argsort(-value, kind="stable")[:PARENTS]
        children = _settled(coding, near(coding, np.repeat(rows[kept], CHILDREN, axis=0), scale, rng))
        rows, value = np.vstack([rows[kept], children]), np.concatenate([value[kept], worth(children)])
    ordered: Floats = rows[np.argsort(-value, kind="stable")]
    return ordered


def _settled(coding: Coding, rows: Floats) -> Floats:
    settled, _ = coding.settle(rows)
    kept: Floats = settled[coding.allowed(settled)]
    return kept
