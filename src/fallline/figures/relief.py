"""Relief: a field as a topographic map shows it: tint by height, light from the north-west, contour levels.

Hill shading after Horn (1981), "Hill Shading and the Reflectance Map": brightness is the cosine between the light and
the surface's normal. Heights are exaggerated so that the steepest quarter of the map leans at 45° or more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.figures.figure import Field
from fallline.figures.palettes import PALETTES, colours
from fallline.figures.ticks import power_of_ten, ticks

Grid = NDArray[np.float64]
SMALL, GENTLE = 1e-4, 0.02
FAINT = 0.1
"""Slopes as bright as this or brighter stay free of shadow."""
ZERO = frozenset({"diverging", "quiet"})
"""Palettes with zero in their middle, and a line there."""
LIGHT = (-0.5, 0.5, math.sqrt(0.5))


@dataclass(frozen=True)
class Heights:
    """The values of a field and what colour goes by.

    Attributes:
        values: shape (ny, nx), the lowest y first; NaN where undefined.
        shares: the same from 0 (lowest) to 1 (highest), logarithmic where the field asks for it.
        slopes: the same for the light, more gently bent: a crease would be finer than the grid.
        low: lowest value.
        high: highest value.
    """

    values: Grid
    shares: Grid
    slopes: Grid
    low: float
    high: float


def heights(field: Field) -> Heights | None:
    """Reads the values of a field; None where there is nothing to draw.

    >>> heights(Field((0.0, 1.0), (0.0, 1.0), 2, 2, (0.0, 1.0, 2.0, None))).shares
    array([[0. , 0.5],
           [1. , nan]])
    """
    if field.nx < 2 or field.ny < 2 or len(field.values) != field.nx * field.ny:
        return None
    values = np.array([math.nan if value is None else value for value in field.values], dtype=np.float64)
    values[~np.isfinite(values)] = math.nan
    if np.isnan(values).all():
        return None
    values = values.reshape(field.ny, field.nx)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if field.frames:
        low, high = -1.0, 1.0  # one scale for all steps
    elif field.palette in ZERO:
        high = max(abs(low), abs(high))
        low = -high
    tinted, lit = (shares_of(values, low, high, bend if field.log else 0.0) for bend in (SMALL, GENTLE))
    return Heights(values, tinted, lit, low, high)


def shares_of(values: Grid, low: float, high: float, bend: float) -> Grid:
    """Returns where values lie between low and high, from 0 to 1; 0 everywhere on a flat field.

    A bend above 0 makes them logarithmic above that share.
    """
    span = high / 2 - low / 2
    if span <= 0:
        return np.where(np.isnan(values), math.nan, 0.0)
    shares = (values / 2 - low / 2) / span
    return np.asarray(np.log1p(shares / bend) / math.log1p(1 / bend)) if bend else np.asarray(shares)


def shadow(shares: Grid) -> Grid:
    """Returns the darkness of every point of the map, 0 (in full light) to 1.

    >>> slope = np.tile(np.linspace(0.0, 1.0, 5), (5, 1))  # rises to the east: faces the light in the north-west
    >>> bool(shadow(slope).mean() < shadow(slope[:, ::-1]).mean())
    True
    """
    filled = smoothed(np.where(np.isnan(shares), np.nanmax(shares), shares))
    down, across = np.gradient(filled)
    down, across = down * (filled.shape[0] - 1), across * (filled.shape[1] - 1)
    steep = np.sort(np.hypot(down, across), axis=None)
    quartile = float(steep[(3 * steep.size) // 4])
    scale = 1.0 / quartile if quartile > 0 else 0.0
    down, across = down * scale, across * scale
    normal = np.sqrt(down**2 + across**2 + 1.0)
    bright = (-across * LIGHT[0] - down * LIGHT[1] + LIGHT[2]) / normal
    return np.asarray(np.clip((1.0 - FAINT - bright) / (1.0 - FAINT), 0.0, 1.0))


def smoothed(shares: Grid) -> Grid:
    """Rounds off creases that the grid is too coarse to draw: binomial weights 1, 2, 1, three times each way."""
    for _ in range(3):
        wide = np.pad(shares, 1, mode="edge")
        rows = wide[:-2] + 2 * wide[1:-1] + wide[2:]
        shares = (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 16
    return shares


def masks(map_: Heights) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Returns how strongly the valley tint and the shadow are laid on, top row first; 0 where undefined."""
    undefined = np.isnan(map_.shares)
    tint = np.where(undefined, 0.0, (1.0 - map_.shares) ** 1.5)
    dark = np.where(undefined, 0.0, shadow(map_.slopes))
    return tuple(np.floor(layer[::-1] * 255 + 0.5).astype(np.uint8) for layer in (tint, dark))  # type: ignore[return-value]


def coloured(map_: Heights, palette: str) -> NDArray[np.uint8]:
    """Returns a field in colour, shape (ny, nx, 4), top row first; clear where undefined."""
    known = ~np.isnan(map_.shares)
    rgb = colours(PALETTES[palette], np.where(known, map_.shares, 0.0))
    alpha = np.where(known, 255, 0).astype(np.uint8)
    return np.concatenate([rgb, alpha[..., None]], axis=-1)[::-1]


def levels(field: Field, map_: Heights) -> tuple[tuple[float, bool], ...]:
    """Returns contour levels; True marks the heavier ones, which carry their value.

    A map that spans decades has a line at 1, 2 and 5 of each decade above its lowest point; others at round steps.
    """
    if field.levels:
        return tuple((float(level), index % 4 == 0) for index, level in enumerate(sorted(field.levels)))
    span = map_.high - map_.low
    if not (0 < span < math.inf):
        return ()
    if field.palette in ZERO:
        return ((0.0, True),)
    if not field.log:
        places = ticks(map_.low, map_.high, 12)
        return tuple((place, index % 4 == 2) for index, place in enumerate(places) if map_.low < place < map_.high)
    top = math.floor(math.log10(span))
    steps = [(unit * power_of_ten(power), unit == 1) for power in range(top - 3, top + 1) for unit in (1, 2, 5)]
    return tuple((map_.low + step, heavy) for step, heavy in steps if SMALL * span < step < span)
