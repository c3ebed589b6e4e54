"""Points of a plane in two classes: the shapes on which one sees what a net can bend to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fallline.engine.data.sets.data import Data, set_apart

Points = NDArray[np.float64]
Shape = Callable[[NDArray[np.int64], np.random.Generator], Points]
"""``(classes, rng) → points without noise``, shape (n, 2)."""


def moons(y: NDArray[np.int64], rng: np.random.Generator) -> Points:
    """Two half circles, each with an end inside the other."""
    angle = np.pi * rng.random(len(y))
    turn = 1 - 2 * y
    x1, x2 = np.cos(angle) * turn + y, np.sin(angle) * turn + 0.5 * y
    return np.column_stack([x1, x2]) - (0.5, 0.25)


def spirals(y: NDArray[np.int64], rng: np.random.Generator) -> Points:
    """Two arms that turn around each other one and a half times (Lang and Witbrock, 1988)."""
    angle = 3 * np.pi * np.sqrt(rng.random(len(y)))
    radius = angle / (3 * np.pi)
    turned = angle + np.pi * y
    return np.column_stack([radius * np.cos(turned), radius * np.sin(turned)])


def circles(y: NDArray[np.int64], rng: np.random.Generator) -> Points:
    """One circle inside the other."""
    angle = 2 * np.pi * rng.random(len(y))
    radius = np.where(y == 1, 0.5, 1.0)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def xor(y: NDArray[np.int64], rng: np.random.Generator) -> Points:
    """Opposite quarters are of one class (Minsky and Papert, 1969)."""
    points = rng.uniform(0.1, 1.0, (len(y), 2))
    side = np.where(rng.random(len(y)) < 0.5, -1.0, 1.0)
    other = side * np.where(y == 1, -1.0, 1.0)
    return np.asarray(points * np.column_stack([side, other]))


def gauss(y: NDArray[np.int64], rng: np.random.Generator) -> Points:
    """Two round heaps."""
    return np.where(y[:, None] == 1, 0.8, -0.8) + 0.35 * rng.standard_normal((len(y), 2))


def planar(name: str, shape: Shape, rows: int, noise: float, rng: np.random.Generator) -> Data:
    """Draws points of two classes, as many of each.

    Args:
        name: of the set.
        shape: where the points of each class lie.
        rows: how many.
        noise: standard deviation of what is added to both coordinates.
        rng: where points, noise and split come from.
    """
    y = np.arange(rows, dtype=np.int64) % 2
    x = shape(y, rng) + noise * rng.standard_normal((rows, 2))
    return Data(name, "binary", x.astype(np.float32), y, *set_apart(y, "binary", 0.25, 0.0, rng), classes=2)


PLANAR = {shape.__name__: partial(planar, shape.__name__, shape) for shape in (moons, spirals, circles, xor, gauss)}
"""Name → ``(rows, noise, rng) → Data``."""
