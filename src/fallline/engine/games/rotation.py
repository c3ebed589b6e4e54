"""Rotation: how much of a game's field turns instead of pulling.

The Jacobian J of the field falls into a symmetric part S, which pulls as a valley does, and an antisymmetric part A,
which turns (Balduzzi and others, 2018). The share |A|²/(|S|² + |A|²), Frobenius norms, is 0 for one loss shared by both
players, and 1 for the game xy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Rotation:
    """An estimate of the share.

    Attributes:
        share: from 0 to 1.
        error: its standard error.
    """

    share: float
    error: float


def rotation(jacobian: Array) -> float:
    """Returns the share of a Jacobian that is known; 0 for one that vanishes.

    >>> rotation(np.array([[0.0, 1.0], [-1.0, 0.0]])), rotation(np.eye(2))
    (1.0, 0.0)
    """
    pull, turn = 0.5 * (jacobian + jacobian.T), 0.5 * (jacobian - jacobian.T)
    whole = float((pull * pull).sum() + (turn * turn).sum())
    return float((turn * turn).sum()) / whole if whole > 0.0 else 0.0


def turning(along: Callable[[Array], Array], size: int, rng: np.random.Generator, probes: int = 12) -> Rotation:
    """Estimates the share from products of the Jacobian with random directions.

    For independent standard normal u and v, (uᵀJv − vᵀJu)²/4 has the mean |A|², and (uᵀJv + vᵀJu)²/4 the mean |S|²
    (their cross terms have mean 0), so all pairs of a few directions give both without bias; the error of the ratio is
    the jackknife's over directions.

    Args:
        along: v → J·v.
        size: of v.
        rng: where the directions come from.
        probes: how many, at least 4.
    """
    directions = rng.standard_normal((probes, size))
    products = np.stack([along(each) for each in directions])
    pairs = directions @ products.T
    turn, pull = 0.25 * (pairs - pairs.T) ** 2, 0.25 * (pairs + pairs.T) ** 2
    np.fill_diagonal(pull, 0.0)
    whole = np.array([turn.sum(), pull.sum()])
    if not np.isfinite(whole).all() or whole.sum() == 0.0:
        return Rotation(0.0, 0.0)
    each = np.stack([2.0 * turn.sum(axis=1), 2.0 * pull.sum(axis=1)], axis=1)
    left = whole - each
    shares = left[:, 0] / np.maximum(left.sum(axis=1), 1e-300)
    error = np.sqrt((probes - 1) / probes * ((shares - shares.mean()) ** 2).sum())
    return Rotation(float(whole[0] / whole.sum()), float(error))
