"""The marks of a figure as Plotly traces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fallline.figures.extent import drawable, extent
from fallline.figures.figure import Band, Bars, Figure, Graph, Line, Points, Rule, Text
from fallline.figures.layout import gutter_marks
from fallline.figures.plotly_field import field_traces, regions_traces
from fallline.figures.plotly_paint import Theme, Trace, clear, colour
from fallline.figures.sheet import look
from fallline.figures.svg_marks import FAINT

SYMBOLS = {
    "circle": "circle",
    "square": "square",
    "triangle": "triangle-up",
    "diamond": "diamond",
    "cross": "x",
    "plus": "cross",
    "star": "star",
}
Ranges = tuple[tuple[float, float], tuple[float, float]]


def ranges(figure: Figure) -> Ranges:
    """What both axes show."""
    return extent(figure, "x"), extent(figure, "y")


def last_point(mark: Line | Band, figure: Figure) -> tuple[float | None, float | None]:
    """The last point of a line, or middle of a band, that can be drawn."""
    middles = mark.y if isinstance(mark, Line) else tuple(map(middle, mark.low, mark.high))
    found: tuple[float | None, float | None] = (None, None)
    for x, y in zip(mark.x, middles, strict=False):
        if drawable(x, log=figure.x.scale == "log") and drawable(y, log=figure.y.scale == "log"):
            found = (x, y)
    return found


def middle(low: float | None, high: float | None) -> float | None:
    """Half way between two numbers; None where one is missing."""
    return None if low is None or high is None else (low + high) / 2


def in_column(mark: Line | Band, figure: Figure) -> bool:
    """Whether the label of a line stands right of the plot."""
    return any(mark is other for other in gutter_marks(figure, ranges(figure)[0]))


def drawn(line: str, theme: Theme, width: float = 2.0) -> dict[str, Any]:
    """Colour and dash of a line."""
    dash = look(line).dash
    return {
        "color": colour(line, theme),
        "width": width,
        "dash": ",".join(f"{part}px" for part in dash) if dash else "solid",
    }


def words(x: float | None, y: float | None, text: str, role: str, theme: Theme, place: str = "middle right") -> Trace:
    """Text at a point."""
    font = {"color": colour(role, theme), "size": 13}
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x],
        "y": [y],
        "text": [text],
        "textposition": place,
        "textfont": font,
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def line_traces(line: Line, figure: Figure, theme: Theme) -> list[Trace]:
    """A line, the head of its trail, its label at the end; of frames the last."""
    if line.frame:
        line = replace(line, x=line.x[-line.frame :], y=line.y[-line.frame :], frame=0, trail=False)
    style = drawn(line.role, theme, 1.0 if line.faint else 2.0) | ({"shape": "hv"} if line.step else {})
    base: Trace = {
        "type": "scatter",
        "mode": "lines",
        "x": [*line.x],
        "y": [*line.y],
        "name": line.label,
        "line": style,
    }
    if line.faint:
        base |= {"opacity": FAINT}
    if line.fill:
        base |= {"fill": "tozeroy", "fillcolor": clear(line.role, theme, 0.12)}
    x, y = last_point(line, figure)
    traces = [base]
    if x is not None and line.trail:
        head = {"color": colour(line.role, theme), "size": 10, "line": {"color": colour("paper", theme), "width": 2}}
        traces.append({"type": "scatter", "mode": "markers", "x": [x], "y": [y], "marker": head})
    if x is not None and line.label and not in_column(line, figure):
        traces.append(words(x, y, f" {line.label}", line.role, theme))
    return traces


def band_traces(band: Band, figure: Figure, theme: Theme) -> list[Trace]:
    """A band as two edges, the second filled back to the first."""
    edge: Trace = {"type": "scatter", "mode": "lines", "x": [*band.x], "line": drawn(band.role, theme, 0.75)}
    fill = {"fill": "tonexty", "fillcolor": clear(band.role, theme, 0.16), "name": band.label}
    traces = [edge | {"y": [*band.low], "hoverinfo": "skip"}, edge | {"y": [*band.high]} | fill]
    if band.label and band.x and band.high and not in_column(band, figure):
        traces.append(words(band.x[-1], band.high[-1], f" {band.label}", band.role, theme, "top left"))
    return traces


def points_traces(points: Points, figure: Figure, theme: Theme) -> list[Trace]:  # noqa: ARG001 - one signature for all
    """Points with their shape and intervals."""
    tone = colour(points.role, theme)
    shape = SYMBOLS[look(points.role).marker] + ("-open" if points.hollow else "")
    marker = {"symbol": shape, "size": 2 * points.size, "color": tone}
    trace: Trace = {"type": "scatter", "mode": "markers", "x": [*points.x], "y": [*points.y], "name": points.label}
    trace |= {"marker": marker}
    if points.names:
        trace |= {"text": [*points.names], "hoverinfo": "text+x+y"}
    for name, errors in (("error_x", points.x_error), ("error_y", points.y_error)):
        if errors:
            trace[name] = {"type": "data", "array": [*errors], "color": tone, "thickness": 1.5, "width": 0}
    if not points.label or not points.x or not points.y:
        return [trace]
    return [trace, words(points.x[-1], points.y[-1], f"  {points.label}", points.role, theme)]


def bars_traces(bars: Bars, figure: Figure, theme: Theme) -> list[Trace]:  # noqa: ARG001 - one signature for all marks
    """Bars, upright or lying, from their own starts where they have them."""
    starts = [bars.starts[i] if i < len(bars.starts) else bars.base for i in range(len(bars.at))]
    reach = [difference(value, start) for value, start in zip(bars.values, starts, strict=False)]
    roles = [bars.roles[i] if i < len(bars.roles) else bars.role for i in range(len(bars.at))]
    along, across = ("x", "y") if bars.horizontal else ("y", "x")
    trace: Trace = {
        "type": "bar",
        "orientation": "h" if bars.horizontal else "v",
        along: reach,
        across: [*bars.at],
        "base": starts,
        "width": bars.width,
        "name": bars.label,
        "marker": {"color": [colour(role, theme) for role in roles], "opacity": 0.82},
    }
    if bars.low and bars.high:
        above = [difference(high, value) for high, value in zip(bars.high, bars.values, strict=False)]
        below = [difference(value, low) for low, value in zip(bars.low, bars.values, strict=False)]
        error = {"type": "data", "symmetric": False, "array": above, "arrayminus": below, "width": 0}
        trace[f"error_{along}"] = error | {"color": colour("ink", theme), "thickness": 1.5}
    return [trace]


def difference(first: float | None, second: float | None) -> float | None:
    """One number less another; None where one is missing."""
    return None if first is None or second is None else first - second


def graph_traces(graph: Graph, figure: Figure, theme: Theme) -> list[Trace]:  # noqa: ARG001 - one signature for all marks
    """Edges, as thick as their weight, and nodes with their names."""
    heaviest = max((abs(weight) for weight in graph.weights), default=0.0) or 1.0
    traces: list[Trace] = []
    for index, (first, last) in enumerate(graph.edges):
        if not (0 <= first < len(graph.x) and 0 <= last < len(graph.x)):
            continue
        weight = graph.weights[index] if index < len(graph.weights) else None
        width = 1.5 if weight is None else 0.5 + 3.0 * abs(weight) / heaviest
        dash = "4px,3px" if weight is not None and weight < 0 else "solid"
        role = "muted" if not graph.gap or weight is None else ("link" if weight < 0 else "accent")
        style = {"color": colour(role, theme), "width": width, "dash": dash}
        ends = {"x": [graph.x[first] + graph.gap, graph.x[last] - graph.gap], "y": [graph.y[first], graph.y[last]]}
        traces.append({"type": "scatter", "mode": "lines", "line": style, "hoverinfo": "skip"} | ends)
    if graph.gap:
        return traces
    ring = {"color": colour("paper", theme), "size": 14, "line": {"color": colour(graph.role, theme), "width": 1.5}}
    nodes: Trace = {"type": "scatter", "mode": "markers+text", "x": [*graph.x], "y": [*graph.y], "marker": ring}
    return [*traces, nodes | {"text": [*graph.names], "textposition": "top center"}]


def rule_traces(rule: Rule, figure: Figure, theme: Theme) -> list[Trace]:
    """A rule across the figure, and the side that it forbids."""
    across, up = ranges(figure)
    own, other = (across, up) if rule.axis == "x" else (up, across)
    names = ("x", "y") if rule.axis == "x" else ("y", "x")
    traces: list[Trace] = []
    if rule.half:
        far = own[1] if rule.half == "above" else own[0]
        ring = {names[0]: [rule.at, far, far, rule.at], names[1]: [other[0], other[0], other[1], other[1]]}
        shade = {
            "fill": "toself",
            "fillcolor": clear(rule.role, theme, 0.09),
            "line": {"width": 0},
            "hoverinfo": "skip",
        }
        traces.append({"type": "scatter", "mode": "lines"} | ring | shade)
    ends = {names[0]: [rule.at, rule.at], names[1]: [*other], "line": drawn(rule.role, theme, 1.5), "name": rule.label}
    traces.append({"type": "scatter", "mode": "lines"} | ends)
    if rule.label:
        at = (rule.at, other[1]) if rule.axis == "x" else (other[1], rule.at)
        place = "bottom right" if rule.axis == "x" else "top left"
        traces.append(words(*at, f" {rule.label}", rule.role, theme, place))
    return traces


def text_traces(text: Text, figure: Figure, theme: Theme) -> list[Trace]:  # noqa: ARG001 - one signature for all marks
    """Words at a point."""
    place = {"start": "middle right", "middle": "middle center", "end": "middle left"}[text.align]
    return [words(text.x, text.y, text.text, text.role, theme, place)]


TRACES: dict[str, Callable[..., list[Trace]]] = {
    "line": line_traces,
    "band": band_traces,
    "points": points_traces,
    "bars": bars_traces,
    "field": field_traces,
    "regions": regions_traces,
    "graph": graph_traces,
    "rule": rule_traces,
    "text": text_traces,
}
"""Kind of mark → its traces."""
