"""What lies under the marks of a figure as Plotly traces: fields, and areas by class."""

from __future__ import annotations

import math
from collections.abc import Sequence

from fallline.figures.contour import contour
from fallline.figures.figure import Axis, Field, Figure, Regions
from fallline.figures.palettes import PALETTES
from fallline.figures.plotly_paint import Theme, Trace, clear, colour
from fallline.figures.relief import Heights, heights, levels
from fallline.figures.svg_regions import TINT, drawn_whole


def grid_of(ends: Sequence[float], count: int, axis: Axis) -> list[float]:
    """Places of a field's rows or columns: even as drawn, so even in logarithm on a log axis."""
    low, high = (math.log10(end) if axis.scale == "log" else end for end in ends)
    places = [low + (high - low) * index / (count - 1) for index in range(count)]
    return [10.0**place for place in places] if axis.scale == "log" else places


def field_traces(field: Field, figure: Figure, theme: Theme) -> list[Trace]:
    """A field as a smooth map with the page's own contour lines on it."""
    map_ = heights(field)
    if map_ is None:
        return []
    stops = PALETTES.get(field.palette) or (colour("relief-low", theme), colour("relief-high", theme))
    scale = [[index / (len(stops) - 1), stop] for index, stop in enumerate(stops)]
    label = field.label or "value"
    heat: Trace = {
        "type": "heatmap",
        "x": grid_of(field.x, field.nx, figure.x),
        "y": grid_of(field.y, field.ny, figure.y),
        "z": [[None if math.isnan(share) else share for share in row] for row in map_.shares.tolist()],
        "customdata": map_.values.tolist(),
        "zmin": 0,
        "zmax": 1,
        "colorscale": scale,
        "zsmooth": "best",
        "showscale": False,
        "hovertemplate": f"%{{x:.4g}}, %{{y:.4g}}<br>{label} %{{customdata:.4g}}<extra></extra>",
    }
    return [heat, contour_trace(field, map_, heat, theme)]


def regions_traces(regions: Regions, figure: Figure, theme: Theme) -> list[Trace]:
    """Areas by class as a map without smoothing; the class is told under the pointer."""
    if not drawn_whole(regions):
        return []
    numbers = [None if letter == "." else ord(letter) - ord("a") for letter in regions.cells]
    rows = [numbers[start : start + regions.nx] for start in range(0, len(numbers), regions.nx)]
    count = len(regions.roles)
    scale = [
        [edge / count, colour(role, theme)] for place, role in enumerate(regions.roles) for edge in (place, place + 1)
    ]
    heat: Trace = {
        "type": "heatmap",
        "x": grid_of(regions.x, regions.nx, figure.x),
        "y": grid_of(regions.y, regions.ny, figure.y),
        "z": rows,
        "customdata": [[None if cell is None else regions.names[cell] for cell in row] for row in rows],
        "zmin": -0.5,
        "zmax": count - 0.5,
        "colorscale": scale,
        "opacity": TINT,
        "showscale": False,
        "hovertemplate": "%{x:.4g}, %{y:.4g}<br>%{customdata}<extra></extra>",
    }
    return [heat]


def contour_trace(field: Field, map_: Heights, heat: Trace, theme: Theme) -> Trace:
    """All contour lines of a field as one broken line."""
    x: list[float | None] = []
    y: list[float | None] = []
    for level, _ in levels(field, map_):
        for line in contour(map_.values, level):
            x += [*(between(heat["x"], column) for column, _ in line), None]
            y += [*(between(heat["y"], row) for _, row in line), None]
    tone = clear("contour" if field.palette == "relief" else "ink", theme, 0.7)
    style = {"color": tone, "width": 0.8}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": style, "hoverinfo": "skip"}


def between(places: Sequence[float], at: float) -> float:
    """The place at a fractional index."""
    below = min(int(at), len(places) - 2)
    return places[below] + (places[below + 1] - places[below]) * (at - below)
