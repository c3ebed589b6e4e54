"""Squash: losses as a model should see them, so that a few terrible ones do not hide the differences among the good."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def squash(losses: ArrayLike) -> Floats:
    """Returns losses with mean 0 and standard deviation 1, the tail above the median on a logarithmic scale.

    The unit is the root mean square distance of the better half from the median; what is worse than the median by
    that unit or more counts as log(1 + distance). The order stays as it is.

    Args:
        losses: shape (n,), finite.

    >>> squash([1.0, 2.0, 3.0, 1e9]).round(2).tolist()
    [-0.67, -0.57, -0.48, 1.73]
    """
    y = np.asarray(losses, dtype=np.float64)
    middle = float(np.median(y))
    better = y[y <= middle]
    unit = float(np.sqrt(np.mean((better - middle) ** 2))) or float(y.std()) or 1.0
    z = (y - middle) / unit
    z = np.where(z > 0, np.log1p(np.maximum(z, 0.0)), z)
    spread = float(z.std()) or 1.0
    standard: Floats = (z - z.mean()) / spread
    return standard
