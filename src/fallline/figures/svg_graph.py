"""Graphs as SVG: nodes in boxes with their names, or as dots; edges as thick as their weight, dashed where negative."""

from __future__ import annotations

import math

from fallline.figures.clip import Point
from fallline.figures.element import Attributes, Element
from fallline.figures.figure import Graph
from fallline.figures.lettering import LEADING, TICK, measure, wrap
from fallline.figures.markers import polyline
from fallline.figures.sheet import Sheet


def draw_graph(graph: Graph, sheet: Sheet) -> list[Element]:
    """Edges, as thick as their weight, then nodes: boxes with their names where those fit, dots where not."""
    places = [sheet.point(x, y) for x, y in zip(graph.x, graph.y, strict=False)]
    boxes = node_boxes(graph, sheet)
    heaviest = max((abs(weight) for weight in graph.weights), default=0.0) or 1.0
    elements = []
    for index, (first, last) in enumerate(graph.edges):
        if not (0 <= first < len(places) and 0 <= last < len(places)):
            continue
        start, end = free(places[first], places[last], graph, sheet)
        if start is None or end is None or start == end:
            continue
        weight = graph.weights[index] if index < len(graph.weights) else None
        width = 1.5 if weight is None else 0.5 + 3.0 * abs(weight) / heaviest
        d = edge_path(start, end, boxes)
        role = "muted" if not graph.gap or weight is None else ("link" if weight < 0 else "accent")
        line: Attributes = {"class": "edge", "d": d, "fill": "none", "stroke": sheet.paint(role)}
        line |= {
            "stroke-width": width,
            "stroke-opacity": 0.8 if weight is None else 0.35 + 0.55 * abs(weight) / heaviest,
        }
        elements.append(
            Element("path", line | ({"stroke-dasharray": "4 3"} if weight is not None and weight < 0 else {}))
        )
    if graph.gap:
        return elements
    for place, name in zip(places, graph.names or ("",) * len(places), strict=False):
        if place is not None:
            elements.extend(node(place, name, boxes, graph.role, sheet))
    return elements


def free(start: Point | None, end: Point | None, graph: Graph, sheet: Sheet) -> tuple[Point | None, Point | None]:
    """Both ends of an edge, moved out of the space that its nodes keep free."""
    if not graph.gap or start is None or end is None:
        return start, end
    span = sheet.layout.x.place(graph.gap), sheet.layout.x.place(0.0)
    gap = abs(span[0] - span[1]) if span[0] is not None and span[1] is not None else 0.0
    side = gap if end[0] > start[0] else -gap
    return (start[0] + side, start[1]), (end[0] - side, end[1])


def node_boxes(graph: Graph, sheet: Sheet) -> tuple[float, float] | None:
    """Width and height of the boxes that hold every name; None if such boxes would touch."""
    if graph.gap or not any(graph.names):
        return None
    lines = [wrap(name, TICK, 110.0, 2) for name in graph.names]
    wide = max(measure(line, TICK) for name in lines for line in name) + 20.0
    tall = max(len(name) for name in lines) * TICK * LEADING + 14.0
    places = [place for x, y in zip(graph.x, graph.y, strict=False) if (place := sheet.point(x, y)) is not None]
    left, _, right, _ = sheet.layout.box
    for index, (x, y) in enumerate(places):
        if x - wide / 2 < left - 10.0 or x + wide / 2 > right + 14.0:
            return None
        if any(abs(x - other[0]) < wide + 14.0 and abs(y - other[1]) < tall + 6.0 for other in places[:index]):
            return None
    return wide, tall


def edge_path(start: Point, end: Point, boxes: tuple[float, float] | None) -> str:
    """A straight edge; between boxes it starts and ends at their borders, with an arrowhead."""
    if boxes is None:
        return polyline([start, end])
    dx, dy = end[0] - start[0], end[1] - start[1]
    share = min(boxes[0] / 2 / abs(dx) if dx else math.inf, boxes[1] / 2 / abs(dy) if dy else math.inf)
    length = math.hypot(dx, dy)
    ux, uy = dx / length, dy / length
    if share >= 0.5:
        return polyline([start, end])
    tail = (start[0] + dx * share, start[1] + dy * share)
    tip = (end[0] - dx * share - 2 * ux, end[1] - dy * share - 2 * uy)
    wings = [(tip[0] - 7 * ux + side * 3.5 * uy, tip[1] - 7 * uy - side * 3.5 * ux) for side in (1, -1)]
    return polyline([tail, tip]) + polyline([wings[0], tip, wings[1]])


def node(place: Point, name: str, boxes: tuple[float, float] | None, role: str, sheet: Sheet) -> list[Element]:
    """One node."""
    colour = sheet.paint(role)
    ring: Attributes = {"fill": sheet.paint("paper"), "stroke": colour, "stroke-width": 1.5}
    if boxes is None:
        return [Element("circle", {"class": "node", "cx": place[0], "cy": place[1], "r": 6} | ring)]
    wide, tall = boxes
    frame: Attributes = {"class": "node", "x": place[0] - wide / 2, "y": place[1] - tall / 2, "width": wide}
    lines = wrap(name, TICK, 110.0, 2)
    first = place[1] - (len(lines) - 1) * TICK * LEADING / 2 + TICK * 0.36
    words: Attributes = {"text-anchor": "middle", "font-size": TICK, "fill": sheet.paint("ink")}
    return [
        Element("rect", frame | {"height": tall, "rx": 6} | ring),
        *(
            Element("text", {"x": place[0], "y": first + index * TICK * LEADING} | words, line)
            for index, line in enumerate(lines)
        ),
    ]
