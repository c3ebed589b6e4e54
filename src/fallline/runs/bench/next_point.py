"""Stage ``next-point``: a Gaussian process on one dimension chooses where to look next."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRID = np.linspace(0.0, 1.0, 201)
FIRST = (0.08, 0.45, 0.92)
"""Where everyone starts."""

OBJECTIVES: dict[str, Callable[[Floats], Floats]] = {
    "two-valleys": lambda x: 0.6 - 0.8 * np.exp(-(((x - 0.22) / 0.09) ** 2)) - np.exp(-(((x - 0.74) / 0.07) ** 2)),
    "needle": lambda x: 0.5 + 0.3 * np.cos(5 * x) - 1.2 * np.exp(-(((x - 0.63) / 0.025) ** 2)),
    "noisy-slope": lambda x: 0.9 - 1.4 * x + 0.9 * x**2 + 0.12 * np.sin(14 * x),
}
"""Name → hidden function on [0, 1], to be minimised."""
