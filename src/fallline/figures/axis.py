"""Axis: a quantity with its unit and its scale, along one side of a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scale = Literal["linear", "log", "category"]


@dataclass(frozen=True)
class Axis:
    """One axis; left undrawn when it has neither a label nor categories (a pipeline has no units).

    Attributes:
        label: the quantity, as in ``learning rate``.
        unit: as in ``ms``; empty when it has none.
        scale: a log axis says so in its label when drawn; a category axis puts ``categories[i]`` at i.
        low: left or lower end; None lets the data decide.
        high: right or upper end; None lets the data decide.
        categories: the names, for a category axis.
        symbol: as in ``η``; empty when there is none.
    """

    label: str
    unit: str = ""
    scale: Scale = "linear"
    low: float | None = None
    high: float | None = None
    categories: tuple[str, ...] = ()
    symbol: str = ""
