"""Markers: the shape of each role's points, as SVG paths."""

from __future__ import annotations

import math
from collections.abc import Sequence

from fallline.figures.element import clean
from fallline.figures.roles import Marker

OPEN = ("cross", "plus")
"""Shapes that are strokes only."""


def marker(shape: Marker, x: float, y: float, radius: float) -> str:
    """Returns the path of one mark; shapes are sized to look alike.

    >>> marker("plus", 0.0, 0.0, 4.0)
    'M-4.4 0H4.4M0 -4.4V4.4'
    """
    if shape == "circle":
        arc = f"a{p(radius)} {p(radius)} 0 1 0 "
        return f"M{p(x - radius)} {p(y)}{arc}{p(2 * radius)} 0{arc}{p(-2 * radius)} 0Z"
    if shape == "square":
        half = radius * 0.9
        return f"M{p(x - half)} {p(y - half)}H{p(x + half)}V{p(y + half)}H{p(x - half)}Z"
    if shape == "plus":
        arm = radius * 1.1
        return f"M{p(x - arm)} {p(y)}H{p(x + arm)}M{p(x)} {p(y - arm)}V{p(y + arm)}"
    if shape == "cross":
        arm = radius * 0.85
        return (
            f"M{p(x - arm)} {p(y - arm)}L{p(x + arm)} {p(y + arm)}M{p(x + arm)} {p(y - arm)}L{p(x - arm)} {p(y + arm)}"
        )
    corners = {"triangle": (3, 1.2, 1.2), "diamond": (4, 1.2, 1.2), "star": (10, 1.35, 0.6)}[shape]
    return polygon(x, y, radius, *corners)


def polygon(x: float, y: float, radius: float, corners: int, outer: float, inner: float) -> str:
    """A ring of corners from the top, at two distances in turn."""
    places = []
    for index in range(corners):
        turn = 2 * math.pi * index / corners - math.pi / 2
        reach = radius * (outer if index % 2 == 0 else inner)
        places.append(f"{p(x + reach * math.cos(turn))} {p(y + reach * math.sin(turn))}")
    return f"M{'L'.join(places)}Z"


def p(value: float) -> str:
    """A coordinate, to a hundredth of a pixel."""
    return clean(float(value))


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """The path of a line through points.

    >>> polyline([(0.0, 1.0), (2.0, 3.5)])
    'M0 1L2 3.5'
    """
    return "M" + "L".join(f"{p(x)} {p(y)}" for x, y in points)
