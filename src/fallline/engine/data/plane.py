"""Points of a plane with labels: the shapes on which one sees what a tiny net can bend to.

After the data sets of TensorFlow Playground (Smilkov and others, 2017), which has two classes of each; here circles,
heaps, arms and wedges come in as many classes as are asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
SIDE = 6.0
"""The plane reaches from −6 to 6 in both directions."""
RADIUS = 5.0
HEAPS = ((-4.0, 2.5, 1.0), (0.0, 2.5, -1.0), (4.0, 2.5, 1.0), (-4.0, -2.5, -1.0), (0.0, -2.5, 1.0), (4.0, -2.5, -1.0))
"""Centres of the heaps of a regression, and what is to be said there."""


@dataclass(frozen=True)
class Plane:
    """A way to draw points.

    Attributes:
        name: key in `PLANES`.
        title: as a person reads it.
        draw: ``(rows, noise, classes, rng) → points (rows, 2), labels (rows,)``; noise from 0 to 0.5.
        regression: whether labels are numbers from −1 to 1 and not classes.
    """

    name: str
    title: str
    draw: Callable[[int, float, int, np.random.Generator], tuple[Array, Array | Labels]]
    regression: bool = False


def circle(rows: int, noise: float, classes: int, rng: np.random.Generator) -> tuple[Array, Labels]:
    """Rings around each other with a gap between them; for two classes a disc in a ring.

    Noise moves a point before its ring is looked up, so that labels are wrong near the borders.
    """
    ring = np.arange(rows) % classes
    low = (ring + 0.2 * (ring > 0)) / classes
    high = (ring + 0.8 + 0.2 * (ring == classes - 1)) / classes
    radius = RADIUS * rng.uniform(low, high)
    angle = rng.uniform(0.0, 2.0 * np.pi, rows)
    points = radius[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
    moved = points + noise * rng.uniform(-RADIUS, RADIUS, (rows, 2))
    seen = np.linalg.norm(moved, axis=1) * classes / RADIUS
    return points, np.minimum(seen.astype(np.int64), classes - 1)


def xor(rows: int, noise: float, classes: int, rng: np.random.Generator) -> tuple[Array, Labels]:
    """Quarters whose opposites are of one class (Minsky and Papert, 1969), or narrower wedges."""
    if classes == 2:
        points = rng.uniform(-RADIUS, RADIUS, (rows, 2))
        points += 0.3 * np.sign(points)
    else:
        angle = rng.uniform(0.0, 2.0 * np.pi, rows)
        radius = RADIUS * np.sqrt(rng.uniform(0.02, 1.0, rows))
        points = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    moved = points + noise * rng.uniform(-RADIUS, RADIUS, (rows, 2))
    turn = np.arctan2(moved[:, 1], moved[:, 0]) % (2.0 * np.pi)
    wedge = np.minimum((turn * classes / np.pi).astype(np.int64), 2 * classes - 1)
    return points, wedge % classes


def gauss(rows: int, noise: float, classes: int, rng: np.random.Generator) -> tuple[Array, Labels]:
    """Round heaps, as many as classes; noise makes them wide."""
    label = np.arange(rows) % classes
    turn = np.pi / 4.0 + 2.0 * np.pi * label / classes
    centre = 2.0 * np.sqrt(2.0) * np.column_stack([np.cos(turn), np.sin(turn)])
    return centre + (0.5 + 7.0 * noise) ** 0.5 * rng.standard_normal((rows, 2)), label


def spiral(rows: int, noise: float, classes: int, rng: np.random.Generator) -> tuple[Array, Labels]:
    """Arms that turn around each other (Lang and Witbrock, 1988)."""
    label = np.arange(rows) % classes
    along = np.arange(rows) // classes / max(1, -(-rows // classes) - 1)
    turn = 3.5 * np.pi * along + 2.0 * np.pi * label / classes
    points = RADIUS * along[:, None] * np.column_stack([np.sin(turn), np.cos(turn)])
    return points + 2.0 * noise * rng.uniform(-1.0, 1.0, (rows, 2)), label


def slope(rows: int, noise: float, classes: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """A slope from corner to corner."""
    del classes
    points = rng.uniform(-SIDE, SIDE, (rows, 2))
    moved = points + noise * rng.uniform(-SIDE, SIDE, (rows, 2))
    return points, np.clip(moved.sum(axis=1) / (2.0 * RADIUS), -1.0, 1.0)


def hills(rows: int, noise: float, classes: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Six heaps, up and down in turn, each sloping away to nothing."""
    del classes
    points = rng.uniform(-SIDE, SIDE, (rows, 2))
    moved = points + noise * rng.uniform(-SIDE, SIDE, (rows, 2))
    heaps = np.array(HEAPS)
    away = np.linalg.norm(moved[:, None] - heaps[:, :2], axis=2)
    height = np.clip(1.0 - away / 2.0, 0.0, 1.0) * heaps[:, 2]
    return points, height[np.arange(rows), np.abs(height).argmax(axis=1)]


PLANES: dict[str, Plane] = {
    plane.name: plane
    for plane in (
        Plane("circle", "Circle", circle),
        Plane("xor", "Exclusive or", xor),
        Plane("gauss", "Gauss", gauss),
        Plane("spiral", "Spiral", spiral),
        Plane("slope", "Plane", slope, regression=True),
        Plane("hills", "Multi-Gauss", hills, regression=True),
    )
}
"""Name → way to draw."""
