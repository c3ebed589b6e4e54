"""The marks of a figure as SVG: lines, bands, points and rules. Bars, graphs and fields have their own files."""

from __future__ import annotations

from collections.abc import Callable

from fallline.figures.clip import Point, clip, inside
from fallline.figures.element import Attributes, Element
from fallline.figures.figure import Band, Line, Mark, Points, Rule
from fallline.figures.markers import OPEN, marker, p, polyline
from fallline.figures.sheet import Sheet, look, stroke
from fallline.figures.svg_bars import draw_bars
from fallline.figures.svg_graph import draw_graph

HEAD, FAINT = 5.0, 0.5
FOOTPRINTS = 80
"""A trail on a map shows each of its steps as a dot while they are no more than this."""


def draw_line(line: Line, sheet: Sheet) -> list[Element]:
    """A line: casing on a map, stroke, footprints; the head of a trail is drawn above all trails, see `draw_head`."""
    points = sheet.path(line)
    pieces = clip(points, sheet.room(20.0))
    elements = [filled(piece, line, sheet) for piece in pieces if line.fill and len(piece) > 1]
    d = "".join(polyline(piece) for piece in pieces if len(piece) > 1)
    if d and sheet.map and not (line.faint or line.frame):
        casing: Attributes = {"d": d, "fill": "none", "stroke": sheet.paint("paper"), "stroke-width": 4.5}
        elements.append(Element("path", casing | {"stroke-linejoin": "round", "stroke-opacity": 0.75}))
    if d:
        drawn = stroke(sheet, line.role, 1.0 if line.faint else 1.25 if line.frame else 2.0)
        drawn |= {"stroke-opacity": FAINT} if line.faint else {}
        elements.append(Element("path", {"class": "line", "d": d} | drawn))
    lone = [piece[0] for piece in pieces if len(piece) == 1]
    if line.trail and (sheet.map or line.dots) and len(points) <= FOOTPRINTS:
        lone = [point for point in points if point is not None and inside(point, sheet.room(0.0))]
    if lone:
        dots = "".join(marker("circle", x, y, 2.0) for x, y in lone)
        elements.append(Element("path", {"class": "steps", "d": dots, "fill": sheet.paint(line.role)}))
    return elements


def filled(piece: list[Point], line: Line, sheet: Sheet) -> Element:
    """The light space between a line and the axis under it."""
    foot = sheet.layout.box[3]
    d = f"{polyline(piece)}L{p(piece[-1][0])} {p(foot)}L{p(piece[0][0])} {p(foot)}Z"
    return Element("path", {"class": "fill", "d": d, "fill": sheet.paint(line.role), "fill-opacity": 0.12})


def draw_head(line: Line, sheet: Sheet) -> list[Element]:
    """The dot at the head of a trail, while it is on the sheet."""
    if line.frame:
        return []
    head = next((point for point in reversed(sheet.path(line)) if point is not None), None)
    if head is None or not inside(head, sheet.room(0.0)):
        return []
    attributes: Attributes = {"class": "head", "cx": head[0], "cy": head[1], "r": HEAD, "fill": sheet.paint(line.role)}
    return [Element("circle", attributes | {"stroke": sheet.paint("paper"), "stroke-width": 2})]


def draw_band(band: Band, sheet: Sheet) -> list[Element]:
    """A band, with hairlines along its edges so that it survives printing."""
    top, bottom = [], []
    elements = []
    for x, low, high in (*zip(band.x, band.low, band.high, strict=False), (None, None, None)):
        upper, lower = sheet.point(x, high), sheet.point(x, low)
        if upper is not None and lower is not None:
            top.append(upper)
            bottom.append(lower)
            continue
        if top:
            ring = [*top, *reversed(bottom)]
            attributes: Attributes = {"class": "band", "d": f"{polyline(ring)}Z", "fill": sheet.paint(band.role)}
            elements.append(Element("path", attributes | {"fill-opacity": 0.16}))
            edges: Attributes = {"d": polyline(top) + polyline(bottom), "fill": "none", "stroke-opacity": 0.45}
            elements.append(Element("path", edges | {"stroke": sheet.paint(band.role), "stroke-width": 0.75}))
        top, bottom = [], []
    return elements


def draw_points(mark: Points, sheet: Sheet) -> list[Element]:
    """Points and their intervals; each shape with a thin ring of paper, so that crowds stay readable."""
    shape = look(mark.role).marker
    elements = error_bars(mark, sheet)
    room = sheet.room(mark.size)
    places = [sheet.point(x, y) for x, y in zip(mark.x, mark.y, strict=False)]
    d = "".join(marker(shape, *place, mark.size) for place in places if place is not None and inside(place, room))
    if not d:
        return elements
    colour = sheet.paint(mark.role)
    if shape in OPEN:
        look_: Attributes = {"fill": "none", "stroke": colour, "stroke-width": 2, "stroke-linecap": "round"}
    elif mark.hollow:
        look_ = {"fill": sheet.paint("paper"), "stroke": colour, "stroke-width": 1.75, "stroke-linejoin": "round"}
    else:
        look_ = {"fill": colour, "stroke": sheet.paint("paper"), "stroke-width": 1, "stroke-linejoin": "round"}
    elements.append(Element("path", {"class": "points", "d": d} | look_))
    if mark.handle and places and places[0] is not None:
        elements.append(grip(places[0], mark.size + 6.0, mark.role, sheet))
    return elements


def error_bars(mark: Points, sheet: Sheet) -> list[Element]:
    """Intervals around points, as thin lines."""
    pieces = []
    for x, y, error in zip(mark.x, mark.y, mark.x_error, strict=False):
        pieces += clip(interval(x, y, error, 0.0, sheet), sheet.room(20.0))
    for x, y, error in zip(mark.x, mark.y, mark.y_error, strict=False):
        pieces += clip(interval(x, y, 0.0, error, sheet), sheet.room(20.0))
    d = "".join(polyline(piece) for piece in pieces if len(piece) > 1)
    attributes: Attributes = {"class": "error", "d": d} | stroke(sheet, mark.role, 1.5, dashed=False)
    return [Element("path", attributes)] if d else []


def interval(x: float | None, y: float | None, dx: float | None, dy: float | None, sheet: Sheet) -> list[Point | None]:
    """Both ends of an interval around a point; neither where a number is missing."""
    if x is None or y is None or dx is None or dy is None:
        return []
    return [sheet.point(x - dx, y - dy), sheet.point(x + dx, y + dy)]


def grip(point: Point, radius: float, role: str, sheet: Sheet) -> Element:
    """The ring that says: this can be dragged."""
    attributes: Attributes = {"class": "grip", "cx": point[0], "cy": point[1], "r": radius, "fill": "none"}
    return Element("circle", attributes | {"stroke": sheet.paint(role), "stroke-width": 1.5})


def draw_rule(rule: Rule, sheet: Sheet) -> list[Element]:
    """A rule, and on the side it forbids a light tint and the short strokes of a cliff on a map."""
    left, top, right, bottom = sheet.layout.box
    upright = rule.axis == "x"
    at = (sheet.layout.x if upright else sheet.layout.y).place(rule.at)
    if at is None or not (left - 1 <= at <= right + 1 if upright else top - 1 <= at <= bottom + 1):
        return []
    elements = []
    if rule.half:
        far = (right if upright else top) if rule.half == "above" else (left if upright else bottom)
        area = (
            (min(at, far), top, abs(far - at), bottom - top)
            if upright
            else (left, min(at, far), right - left, abs(far - at))
        )
        names = ("x", "y", "width", "height")
        shade: Attributes = {"class": "half"} | dict(zip(names, area, strict=True))
        elements.append(Element("rect", shade | {"fill": sheet.paint(rule.role), "fill-opacity": 0.09}))
        side = (1 if far > at else -1) * 6.0
        count = int(((bottom - top) if upright else (right - left)) / 10.0)
        if upright:
            strokes = "".join(f"M{p(at)} {p(top + 5.0 + 10.0 * index)}h{p(side)}" for index in range(count))
        else:
            strokes = "".join(f"M{p(left + 5.0 + 10.0 * index)} {p(at)}v{p(side)}" for index in range(count))
        cliff: Attributes = {"class": "cliff", "d": strokes, "stroke": sheet.paint(rule.role), "stroke-width": 1}
        elements.append(Element("path", cliff | {"stroke-opacity": 0.7}))
    d = f"M{p(at)} {p(top)}V{p(bottom)}" if upright else f"M{p(left)} {p(at)}H{p(right)}"
    elements.append(Element("path", {"class": "rule", "d": d} | stroke(sheet, rule.role, 1.5)))
    if rule.handle:
        knob = (at, bottom - 14.0) if upright else (right - 14.0, at)
        attributes: Attributes = {"class": "grip", "cx": knob[0], "cy": knob[1], "r": 7, "fill": sheet.paint("paper")}
        elements.append(Element("circle", attributes | {"stroke": sheet.paint(rule.role), "stroke-width": 2}))
    return elements


DRAW: dict[str, Callable[..., list[Element]]] = {
    "line": draw_line,
    "band": draw_band,
    "points": draw_points,
    "bars": draw_bars,
    "graph": draw_graph,
    "rule": draw_rule,
}
"""Kind of mark → how it is drawn. Fields lie under everything, and words stand on top: see svg_field, svg_labels."""


def draw(mark: Mark, sheet: Sheet) -> list[Element]:
    """Draws one mark; nothing for the kinds that have their own layer."""
    rule = DRAW.get(mark.kind)
    return rule(mark, sheet) if rule else []
