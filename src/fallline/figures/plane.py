"""Marks that fill the plane: a function on a grid, and areas by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Field:
    """A function of x and y on a grid, as shaded relief with contour lines or as a coloured map.

    Rows and columns are evenly spaced as drawn: on a log axis, evenly in logarithm.

    Attributes:
        x: low and high end.
        y: low and high end.
        nx: columns.
        ny: rows.
        values: row by row from the lowest y, None where undefined; empty when ``key`` names what the page holds.
        levels: contour levels; empty lets the renderer choose.
        palette: ``relief`` (hill shading, quiet tint, contours), ``viridis``, ``cividis``, ``diverging`` (0 marked)
            or ``quiet`` (the same without its dark ends).
        log: colour by log(value - low + small); for valleys that span decades.
        key: identifies the values, so that the page fetches them once.
        frames: values from −1 to 1 at each step of the player, as `fallline.runs.bench.shades` writes them; they stand
            in place of `values`, which may be empty, and their colours span −1 to 1.
        legend: whether the colour scale is drawn beside it.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    nx: int
    ny: int
    values: tuple[float | None, ...]
    levels: tuple[float, ...] = ()
    palette: Literal["relief", "viridis", "cividis", "diverging", "quiet"] = "relief"
    log: bool = False
    label: str = ""
    key: str = ""
    frames: tuple[str, ...] = ()
    legend: bool = True
    kind: Literal["field"] = "field"


@dataclass(frozen=True)
class Regions:
    """Areas of the plane, each in the colour of its class: where starts end, who wins where.

    Laid over a field, if there is one; colour is not the only channel, so name each area with a label of its own.

    Attributes:
        x: middle of the first and of the last column.
        y: middle of the first and of the last row.
        nx: columns.
        ny: rows.
        cells: row by row from the lowest y, one letter a cell: ``a`` is the first class, ``.`` none.
        roles: colour of each class, at most 26.
        names: of each class.
        frames: cells at each step of the player, in place of `cells`.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    nx: int
    ny: int
    cells: str
    roles: tuple[str, ...]
    names: tuple[str, ...]
    frames: tuple[str, ...] = ()
    kind: Literal["regions"] = "regions"
