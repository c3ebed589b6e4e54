"""Terrain: the mountainside under the path, as shaded relief and as lines that follow the ground.

A skyline falls from the upper left to a basin at the lower right. Below it the ground comes towards the reader. Its
folds are ridged noise (Musgrave, Kolb and Mace 1989) from a fixed seed; the shadow is Lambert's law with the light at
the upper left, as on a hill-shaded map. All in pixels of the picture, y downwards.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fallline.core.rng import generator
from fallline.figures.png import data_uri

Array = npt.NDArray[np.float64]
Height = Callable[[float], float]
DEPTH = 260
OCTAVES = 5


@dataclass(frozen=True)
class Ground:
    """A mountainside, sampled.

    Attributes:
        x: columns, shape (n,).
        y: where each row of ground is seen, shape (DEPTH, n); row 0 is the skyline, the last is nearest.
        dark: how far each place lies in shadow, from 0 to 1, shape (DEPTH, n).
    """

    x: Array
    y: Array
    dark: Array


def ground(skyline: Height, width: int, floor: float, folds: float, wave: float) -> Ground:
    """Raises the ground.

    Args:
        skyline: y over x.
        width: of the picture.
        floor: y of the row nearest to the reader.
        folds: height of the spurs.
        wave: distance between them.
    """
    x = np.linspace(0, width, width // 2 + 1)
    depth = np.linspace(0, 1, DEPTH)[:, None]
    top = np.array([skyline(float(at)) for at in x])[None, :]
    room = floor - top
    rise = ridges((x[None, :] - 0.55 * room * depth) / wave, depth * room / wave * 0.9)
    size = folds * np.minimum(1, 5 * depth) * np.clip(room / (5 * folds), 0.25, 1)
    y = top + room * depth**1.2 - size * (rise - 0.5)
    return Ground(x, y, shadow(size * rise, x, depth * room))


def ridges(across: Array, along: Array) -> Array:
    """Returns ridged noise in about 0…1: octaves of folded value noise, each weighted by the one before."""
    draws = generator(14, "slope", "ridges")
    total, weight, gain = np.zeros(np.broadcast(across, along).shape), np.ones(()), 0.56
    for octave in range(OCTAVES):
        lattice = draws.random((64, 64))
        wave = 1 - np.abs(2 * value_noise(lattice, across * 2.0**octave, along * 2.0**octave) - 1)
        signal = wave**2 * weight
        total = total + signal * gain**octave
        weight = np.clip(signal * 2, 0, 1)
    return total / 1.7


def value_noise(lattice: Array, across: Array, along: Array) -> Array:
    """Interpolates a lattice of draws smoothly; it repeats after its size."""
    column, row = np.floor(across).astype(int), np.floor(along).astype(int)
    u, v = smooth(across - column), smooth(along - row)
    size = lattice.shape[0]
    left, right, up, down = column % size, (column + 1) % size, row % size, (row + 1) % size
    upper = lattice[up, left] * (1 - u) + lattice[up, right] * u
    lower = lattice[down, left] * (1 - u) + lattice[down, right] * u
    return np.asarray(upper * (1 - v) + lower * v)


def smooth(t: Array) -> Array:
    """Eases from 0 to 1 with a flat start and end."""
    return t * t * t * (t * (t * 6 - 15) + 10)


def shadow(height: Array, x: Array, depth: Array) -> Array:
    """Returns the darkness of each place by Lambert's law, flat ground being a little dark."""
    east = np.gradient(height, axis=1) / np.gradient(x)[None, :]
    south = np.gradient(height, axis=0) / np.maximum(np.gradient(depth, axis=0), 0.2)
    steep = 1.5
    normal = np.sqrt(1 + (steep * east) ** 2 + (steep * south) ** 2)
    light = (-0.62 * -steep * east * -1 + 0.25 * steep * south + 0.74) / normal
    return np.clip((0.9 - light) * 1.15, 0, 1)


def raster(scene: Ground, width: int, height: int, scale: float) -> bytes:
    """Draws the shadow as a grey PNG, ``scale`` pixels to one of the picture; black where there is no ground."""
    columns, rows = round(width * scale), round(height * scale)
    picture = np.zeros((rows, columns), np.uint8)
    at = (np.arange(rows) + 0.5) / scale
    for column in range(columns):
        place = min(len(scene.x) - 1, round(column / scale / (scene.x[1] - scene.x[0])))
        seen = np.maximum.accumulate(scene.y[:, place])
        tone = np.interp(at, seen, scene.dark[:, place], left=0.0)
        picture[:, column] = np.round(tone * 63) * 4
    return base64.b64decode(data_uri(picture).partition(",")[2])


def lines(scene: Ground, count: int, stride: int = 6) -> list[str]:
    """Returns one SVG path per line that follows the ground, from just below the skyline to the reader."""
    rows = [round((DEPTH - 1) * number / count) for number in range(1, count)]
    return [relative(list(zip(scene.x[::stride], scene.y[row][::stride], strict=True))) for row in rows]


def relative(points: Sequence[tuple[float, float]]) -> str:
    """Writes points as an SVG path in relative steps, which compress well.

    >>> relative([(0, 1), (2, 1.5), (4, 1.5)])
    'M0 1l2 .5 2 0'
    """
    x, y = round(points[0][0], 1), round(points[0][1], 1)
    start = f"M{short(x)} {short(y)}l"
    steps = []
    for next_x, next_y in points[1:]:
        dx, dy = round(next_x - x, 1), round(next_y - y, 1)
        steps.append(f"{short(dx)} {short(dy)}")
        x, y = x + dx, y + dy
    return start + " ".join(steps)


def short(value: float) -> str:
    """Writes a coordinate with one decimal and nothing that could be left out.

    >>> short(-0.04), short(0.5), short(-12.0)
    ('0', '.5', '-12')
    """
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def span(low: float, high: float, stride: float) -> list[float]:
    """Returns places from low to high, both included, about a stride apart.

    >>> span(0, 10, 3)
    [0.0, 3.3, 6.7, 10.0]
    """
    count = max(1, round((high - low) / stride))
    return [round(low + (high - low) * step / count, 1) for step in range(count + 1)]
