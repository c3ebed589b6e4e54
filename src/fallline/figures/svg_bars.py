"""Bars as SVG: upright, lying, floating (a waterfall), with intervals."""

from __future__ import annotations

from fallline.figures.clip import Box, clip
from fallline.figures.element import Attributes, Element
from fallline.figures.figure import Bars
from fallline.figures.markers import polyline
from fallline.figures.sheet import Sheet


def bar_boxes(bars: Bars, sheet: Sheet) -> list[Box | None]:
    """The rectangle of every bar, cut to the plot; None where it has none."""
    along, across = (sheet.layout.x, sheet.layout.y) if bars.horizontal else (sheet.layout.y, sheet.layout.x)
    room = sheet.room(2.0)
    result: list[Box | None] = []
    for index, (at, value) in enumerate(zip(bars.at, bars.values, strict=False)):
        foot = bars.starts[index] if index < len(bars.starts) else bars.base
        end, start = along.place(value), along.place(foot)
        if start is None:  # a log axis has no zero: bars stand on its lower end
            start = along.start
        sides = [across.place(at + side * bars.width / 2) for side in (-1, 1)] if at is not None else [None, None]
        if end is None or sides[0] is None or sides[1] is None:
            result.append(None)
            continue
        near, far = min(sides[0], sides[1]), max(sides[0], sides[1])
        low, high = min(start, end), max(start, end)
        box = (low, near, high, far) if bars.horizontal else (near, low, far, high)
        result.append(held(box, room))
    return result


def held(box: Box, room: Box) -> Box | None:
    """Cuts a rectangle to a room."""
    left, top = max(box[0], room[0]), max(box[1], room[1])
    right, bottom = min(box[2], room[2]), min(box[3], room[3])
    return (left, top, right, bottom) if left <= right and top <= bottom else None


def draw_bars(bars: Bars, sheet: Sheet) -> list[Element]:
    """Bars with a hair of air between them, connectors of a waterfall, and intervals on top."""
    boxes = bar_boxes(bars, sheet)
    elements = []
    for index, box in enumerate(boxes):
        if box is None:
            continue
        role = bars.roles[index] if index < len(bars.roles) else bars.role
        left, top, right, bottom = box
        shape: Attributes = {"class": "bar", "x": left, "y": top, "width": right - left, "height": bottom - top}
        elements.append(Element("rect", shape | {"fill": sheet.paint(role), "fill-opacity": 0.82}))
    elements.extend(connectors(bars, sheet))
    elements.extend(whiskers(bars, sheet))
    return elements


def connectors(bars: Bars, sheet: Sheet) -> list[Element]:
    """Thin lines from the end of each floating bar to the start of the next."""
    if not bars.starts:
        return []
    d = ""
    for index in range(min(len(bars.at), len(bars.values)) - 1):
        value = bars.values[index]
        ends = (bars.at[index], bars.at[index + 1])
        if value is None or None in ends:
            continue
        half = bars.width / 2 if ends[1] > ends[0] else -bars.width / 2
        places = [(ends[0] + half, value), (ends[1] - half, value)]
        points = [sheet.point(v, at) if bars.horizontal else sheet.point(at, v) for at, v in places]
        d += "".join(polyline(piece) for piece in clip(points, sheet.room(0.0)) if len(piece) > 1)
    attributes: Attributes = {"class": "connector", "d": d, "fill": "none", "stroke": sheet.paint("muted")}
    return [Element("path", attributes | {"stroke-width": 1})] if d else []


def whiskers(bars: Bars, sheet: Sheet) -> list[Element]:
    """Intervals of bars."""
    d = ""
    for at, low, high in zip(bars.at, bars.low, bars.high, strict=False):
        ends = [(low, at), (high, at)] if bars.horizontal else [(at, low), (at, high)]
        pieces = clip([sheet.point(*end) for end in ends], sheet.room(0.0))
        d += "".join(polyline(piece) for piece in pieces if len(piece) > 1)
    attributes: Attributes = {"class": "error", "d": d, "fill": "none", "stroke": sheet.paint("ink")}
    return [Element("path", attributes | {"stroke-width": 1.5})] if d else []
