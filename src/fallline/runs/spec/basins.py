"""Spec kind ``basins``: where a descent ends, for every start on the map."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import PlainName, Spec
from fallline.runs.spec.descent import Coordinate

Settings = Annotated[dict[PlainName, float], Field(max_length=12)]


class BasinsSpec(Spec):
    """One optimizer from every start of a grid.

    Attributes:
        surface: its name.
        optimizer: its name.
        settings: optimizer → its hyperparameters by name; only those of the one that runs count.
        rate: the learning rate η.
        steps: of each descent.
        start: the one whose path is drawn.
        size: points along each side of the grid.
    """

    kind: Literal["basins"] = "basins"
    surface: PlainName = "himmelblau"
    optimizer: PlainName = "gd"
    settings: Annotated[dict[PlainName, Settings], Field(max_length=40)] = Field(default_factory=dict)
    rate: Annotated[float, Field(gt=0, le=1e4)] = 0.01
    steps: Annotated[int, Field(ge=4, le=1_000)] = 200
    start: tuple[Coordinate, Coordinate] = (0.0, 0.0)
    size: Annotated[int, Field(ge=16, le=192)] = 128
