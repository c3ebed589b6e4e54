"""Linear regression: numbers that are a weighted sum of others, and noise."""

from __future__ import annotations

import numpy as np

from fallline.engine.data.sets.data import Data, set_apart

COLUMNS, CONDITION = 8, 30.0


def line(rows: int, noise: float, rng: np.random.Generator) -> Data:
    """Returns eight columns of standard deviations from 1 down to 1/√30, and y = x·w + noise with w about 1 in size.

    Gradient descent on the mean squared error meets a bowl whose curvatures are the squares of those deviations, so its
    condition is about 30.

    Args:
        rows: how many.
        noise: standard deviation of what is added to y; no straight line has a mean squared error far below its square.
        rng: where everything comes from.
    """
    spread = np.geomspace(1.0, CONDITION**-0.5, COLUMNS)
    x = rng.standard_normal((rows, COLUMNS)) * spread
    w = rng.standard_normal(COLUMNS)
    y = (x @ w + noise * rng.standard_normal(rows))[:, None].astype(np.float32)
    return Data("line", "regression", x.astype(np.float32), y, *set_apart(y, "regression", 0.2, 0.0, rng))
