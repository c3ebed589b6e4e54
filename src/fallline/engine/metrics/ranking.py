"""How well scores put positives before negatives: the areas under the ROC and the precision-recall curve."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fallline.engine.metrics.binary import Floats, labels, scores
from fallline.engine.metrics.weighted import ratio, row_weights


def roc_auc(y: ArrayLike, p: ArrayLike, *, weights: ArrayLike | None = None) -> Any:
    """Returns the chance that a positive scores above a negative, a tie counting one half (Hanley and McNeil 1982).

    Args:
        y: labels 0 or 1, shape (n,).
        p: scores of any scale, shape (n,).
        weights: row weights, shape (n,) or (b, n).

    Returns:
        A float, or shape (b,); NaN where only one class is there.

    >>> roc_auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    positives, negatives = _by_score(y, p, weights)
    below = np.cumsum(negatives, axis=-1) - negatives
    concordant = np.sum(positives * (below + negatives / 2), axis=-1)
    return ratio(concordant, positives.sum(axis=-1) * negatives.sum(axis=-1))


def pr_auc(y: ArrayLike, p: ArrayLike, *, weights: ArrayLike | None = None) -> Any:
    """Returns average precision, Σ (Rₖ − Rₖ₋₁) Pₖ: the area under the precision-recall steps, not interpolated.

    Linear interpolation between its points is too hopeful (Davis and Goadrich 2006).

    Args:
        y: labels 0 or 1, shape (n,).
        p: scores of any scale, shape (n,).
        weights: row weights, shape (n,) or (b, n).

    Returns:
        A float, or shape (b,); NaN where there is no positive. A random score gets the base rate.

    >>> pr_auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.8333
    """
    positives, negatives = (mass[..., ::-1] for mass in _by_score(y, p, weights))
    caught = np.cumsum(positives, axis=-1)
    acted = caught + np.cumsum(negatives, axis=-1)
    precision = np.divide(caught, acted, out=np.zeros_like(acted), where=acted > 0)
    return ratio(np.sum(positives * precision, axis=-1), positives.sum(axis=-1))


def _by_score(y: ArrayLike, p: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    """Returns the mass of positives and of negatives at each distinct score, ascending: shape (k,) or (b, k)."""
    positive = labels(y)
    values, mass = scores(p, positive.size), row_weights(weights, positive.size)
    order = np.argsort(values, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(values[order]) > 0])
    ordered, positive = mass[..., order], positive[order]
    return (
        np.add.reduceat(np.where(positive, ordered, 0.0), starts, axis=-1),
        np.add.reduceat(np.where(positive, 0.0, ordered), starts, axis=-1),
    )
