"""The pictures: a Figure is made from a Record by a pure function and drawn by any of three renderers."""

from __future__ import annotations

from fallline.figures.figure import (
    Axis,
    Band,
    Bars,
    DataTable,
    Field,
    Figure,
    Graph,
    Line,
    Points,
    Regions,
    Rule,
    Text,
)

__all__ = ["Axis", "Band", "Bars", "DataTable", "Field", "Figure", "Graph", "Line", "Points", "Regions", "Rule", "Text"]
