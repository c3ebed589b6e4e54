"""Brier score: the mean squared error of probabilities (Brier 1950, in its binary form)."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from fallline.engine.metrics.binary import labels, probabilities
from fallline.engine.metrics.weighted import mean, row_weights


def brier(y: ArrayLike, p: ArrayLike, *, weights: ArrayLike | None = None) -> Any:
    """Averages (p − y)².

    Args:
        y: labels 0 or 1, shape (n,).
        p: probabilities of the positive class, shape (n,).
        weights: row weights, shape (n,) or (b, n).

    Returns:
        A float, or shape (b,); 0 is perfect, 0.25 is always saying one half.

    >>> brier([0, 1], [0.1, 0.8])
    0.025
    """
    positive = labels(y)
    return mean((probabilities(p, positive.size) - positive) ** 2, row_weights(weights, positive.size))
