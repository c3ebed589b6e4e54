"""Log loss: the mean negative log-likelihood of the labels, in nats (Good 1952)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fallline.engine.metrics.binary import Floats, labels, probabilities
from fallline.engine.metrics.weighted import mean, row_weights


def log_loss(y: ArrayLike, p: ArrayLike, *, weights: ArrayLike | None = None) -> Any:
    """Averages −y log p − (1 − y) log(1 − p).

    Probabilities of exactly 0 or 1 are moved inside by the machine epsilon, so one certain mistake costs 36 nats.

    Args:
        y: labels 0 or 1, shape (n,).
        p: probabilities of the positive class, shape (n,).
        weights: row weights, shape (n,) or (b, n).

    Returns:
        A float, or shape (b,).

    >>> log_loss([0, 1], [0.5, 0.5])
    0.6931
    """
    positive = labels(y)
    return mean(log_loss_rows(positive, probabilities(p, positive.size)), row_weights(weights, positive.size))


def log_loss_rows(y: ArrayLike, p: ArrayLike) -> Floats:
    """Returns each row's own loss, shape (n,): what paired comparisons are made of."""
    positive = labels(y)
    tiny = np.finfo(np.float64).eps
    inside = np.clip(probabilities(p, positive.size), tiny, 1.0 - tiny)
    rows: Floats = -np.log(np.where(positive, inside, 1.0 - inside))
    return rows
