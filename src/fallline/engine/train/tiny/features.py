"""Features: what a tiny net may read of a point of the plane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Feature:
    """One input.

    Attributes:
        name: key in `FEATURES`.
        symbol: as it is written beside the net.
        rule: ``(x₁, x₂) → value``.
        source: the same in Python.
    """

    name: str
    symbol: str
    rule: Callable[[Array, Array], Array]
    source: str


FEATURES: dict[str, Feature] = {
    feature.name: feature
    for feature in (
        Feature("x1", "x₁", lambda x, _: x, "x1"),
        Feature("x2", "x₂", lambda _, y: y, "x2"),
        Feature("x1_squared", "x₁²", lambda x, _: x * x, "x1**2"),
        Feature("x2_squared", "x₂²", lambda _, y: y * y, "x2**2"),
        Feature("x1_x2", "x₁x₂", lambda x, y: x * y, "x1 * x2"),
        Feature("sin_x1", "sin x₁", lambda x, _: np.asarray(np.sin(x)), "np.sin(x1)"),
        Feature("sin_x2", "sin x₂", lambda _, y: np.asarray(np.sin(y)), "np.sin(x2)"),
    )
}
"""Name → feature, in the order in which a net reads them."""


def read(points: Array, names: tuple[str, ...]) -> Array:
    """Returns the inputs of a net, shape (n, features).

    >>> read(np.array([[2.0, 3.0]]), ("x1", "x1_x2"))
    array([[2., 6.]])
    """
    return np.column_stack([FEATURES[name].rule(points[:, 0], points[:, 1]) for name in names])
