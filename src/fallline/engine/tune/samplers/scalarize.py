"""One loss out of several, anew for each suggestion (ParEGO; Knowles 2006)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
AUGMENT = 0.05


def one_loss(losses: Floats, rng: np.random.Generator) -> Floats:
    """Returns the augmented Chebyshev distance under random weights; a single loss as it is.

    Args:
        losses: shape (n, objectives), all lower is better.
        rng: stream of the weights; not drawn from with one objective.
    """
    if losses.shape[1] == 1:
        return losses[:, 0]
    low, high = losses.min(axis=0), losses.max(axis=0)
    scaled = (losses - low) / np.where(high > low, high - low, 1.0)
    weights = rng.dirichlet(np.ones(losses.shape[1]))
    weighted: Floats = weights * scaled
    distance: Floats = weighted.max(axis=1) + AUGMENT * weighted.sum(axis=1)
    return distance
