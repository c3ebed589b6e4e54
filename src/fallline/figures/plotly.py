"""Plotly: a figure for notebooks, with the same colours, dashes, markers and ranges as on the page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fallline.core.errors import Unavailable
from fallline.figures.figure import Axis, Field, Figure
from fallline.figures.frames import at_step
from fallline.figures.labels import stack
from fallline.figures.layout import axis_title, bare, gutter_marks
from fallline.figures.plotly_marks import TRACES, last_point, ranges
from fallline.figures.plotly_paint import Theme, colour
from fallline.figures.scale import Scale
from fallline.figures.svg import description, with_fields

TALL, LINE = 360.0, 17.0
"""Pixels of a plot in a notebook and of a line of its labels, by which labels at the right are moved apart."""


def plotly_figure(figure: Figure, *, theme: Theme = "light", fields: Mapping[str, Field] | None = None) -> Any:
    """Returns the figure as ``plotly.graph_objects.Figure``.

    Args:
        figure: what to draw.
        theme: which paper.
        fields: values of fields that the figure names by key alone.

    Raises:
        Unavailable: Plotly is not installed.

    >>> from fallline.figures import DataTable, Line
    >>> line = Line((0.0, 1.0), (2.0, 6.0), "gd", label="GD")
    >>> made = plotly_figure(Figure("f", "Loss", Axis("step"), Axis("loss"), (line,), "Rises.", DataTable((), ())))
    >>> [trace.mode for trace in made.data]
    ['lines']
    """
    try:
        from plotly import graph_objects  # optional, and 0.4 s to import
    except ImportError as missing:
        raise Unavailable('Plotly is not installed. Run: pip install "fallline[notebook]"') from missing
    figure = at_step(with_fields(figure, fields or {}), None)
    traces = [trace for mark in figure.marks for trace in TRACES[mark.kind](mark, figure, theme)]
    return graph_objects.Figure(data=traces, layout=page(figure, theme))


def page(figure: Figure, theme: Theme) -> dict[str, Any]:
    """The layout: axes, paper, title; the alt text travels along as ``meta``."""
    ink, paper = colour("ink", theme), colour("paper", theme)
    across, up = ranges(figure)
    x, y = axis_layout(figure.x, across, theme), axis_layout(figure.y, up, theme)
    if figure.equal:
        y["scaleanchor"] = "x"
    return {
        "title": {"text": figure.title, "x": 0, "xref": "paper", "font": {"size": 16}},
        "paper_bgcolor": paper,
        "plot_bgcolor": paper,
        "font": {"family": "Inter, system-ui, sans-serif", "size": 13, "color": ink},
        "showlegend": False,
        "barmode": "overlay",
        "hovermode": "closest",
        "margin": {"l": 64, "r": 110, "t": 56, "b": 56},
        "xaxis": x,
        "yaxis": y,
        "annotations": column_labels(figure, up, theme),
        "meta": {"alt": description(figure)},
    }


def axis_layout(axis: Axis, shown: tuple[float, float], theme: Theme) -> dict[str, Any]:
    """One axis."""
    log = axis.scale == "log"
    result: dict[str, Any] = {
        "title": {"text": axis_title(axis)},
        "type": "log" if log else "linear",
        "range": [math.log10(end) for end in shown] if log else list(shown),
        "visible": not bare(axis),
        "gridcolor": colour("rule", theme),
        "zeroline": False,
        "color": colour("muted", theme),
    }
    if axis.scale == "category":
        result |= {"tickmode": "array", "tickvals": list(range(len(axis.categories))), "ticktext": [*axis.categories]}
    return result


def column_labels(figure: Figure, up: tuple[float, float], theme: Theme) -> list[dict[str, Any]]:
    """Labels of the lines that end at the right, moved apart along the edge of the plot."""
    scale = Scale(figure.y.scale, *up, TALL, 0.0)
    marks = gutter_marks(figure, ranges(figure)[0])
    ends = [(mark, place) for mark in marks if (place := scale.place(last_point(mark, figure)[1])) is not None]
    middles = stack([place for _, place in ends], [LINE] * len(ends), -20.0, TALL + 20.0)
    return [
        {
            "text": mark.label,
            "x": 1.01,
            "y": 1.0 - middle / TALL,
            "xref": "paper",
            "yref": "paper",
            "xanchor": "left",
            "showarrow": False,
            "font": {"color": colour(mark.role, theme), "size": 13},
        }
        for (mark, _), middle in zip(ends, middles, strict=True)
        if middle is not None
    ]
