"""Axes as SVG: quiet, few numbers, the vertical title above rather than turned."""

from __future__ import annotations

from fallline.figures.element import Attributes, Element
from fallline.figures.layout import Tick, axis_title, bare, tick_span
from fallline.figures.lettering import LABEL, LEADING, TICK, TITLE, measure, shorten
from fallline.figures.markers import p
from fallline.figures.sheet import Sheet


def draw_grid(sheet: Sheet) -> list[Element]:
    """Hairlines at the vertical axis's numbers; none on a map, nor where the names of bars stand there."""
    left, _, right, _ = sheet.layout.box
    if sheet.map or bare(sheet.figure.y) or sheet.figure.y.scale == "category":
        return upright_grid(sheet) if sheet.figure.y.scale == "category" and not sheet.map else []
    d = "".join(f"M{p(left)} {p(tick.pixel)}H{p(right)}" for tick in sheet.layout.y_ticks)
    return hairlines(d, sheet)


def upright_grid(sheet: Sheet) -> list[Element]:
    """Hairlines at the horizontal axis's numbers, for lying bars."""
    _, top, _, bottom = sheet.layout.box
    if bare(sheet.figure.x) or sheet.figure.x.scale == "category":
        return []
    return hairlines("".join(f"M{p(tick.pixel)} {p(top)}V{p(bottom)}" for tick in sheet.layout.x_ticks), sheet)


def hairlines(d: str, sheet: Sheet) -> list[Element]:
    """Lines that stay behind the data."""
    grid: Attributes = {"class": "grid", "d": d, "fill": "none", "stroke": sheet.paint("rule"), "stroke-width": 1}
    return [Element("path", grid)] if d else []


def draw_axes(sheet: Sheet) -> list[Element]:
    """The frame, the numbers and names along both axes, the titles, the heading and the key."""
    return [*draw_frame(sheet), *draw_x(sheet), *draw_y(sheet), *draw_heading(sheet), *draw_key(sheet)]


def draw_frame(sheet: Sheet) -> list[Element]:
    """A line under the plot and ticks on it; all four sides around a map."""
    left, top, right, bottom = sheet.layout.box
    line: Attributes = {"fill": "none", "stroke": sheet.paint("muted"), "stroke-width": 1}
    if bare(sheet.figure.x) and bare(sheet.figure.y):
        return []
    if sheet.map:
        d = f"M{p(left)} {p(top)}H{p(right)}V{p(bottom)}H{p(left)}Z"
    elif bare(sheet.figure.x):
        return []
    elif sheet.figure.y.scale == "category":
        d = f"M{p(left)} {p(top)}V{p(bottom)}"
    else:
        d = f"M{p(left)} {p(bottom)}H{p(right)}"
    if sheet.figure.x.scale != "category":
        d += "".join(f"M{p(tick.pixel)} {p(bottom)}v5" for tick in sheet.layout.x_ticks)
    if sheet.map:
        d += "".join(f"M{p(left)} {p(tick.pixel)}h-5" for tick in sheet.layout.y_ticks)
    return [Element("path", {"class": "frame", "d": d} | line)]


def draw_x(sheet: Sheet) -> list[Element]:
    """Numbers or names under the plot, and the title."""
    if bare(sheet.figure.x):
        return []
    box = sheet.layout.box
    elements = [part for tick in sheet.layout.x_ticks for part in x_words(tick, sheet)]
    title = shorten(axis_title(sheet.figure.x), LABEL, sheet.layout.width)
    if title:
        wide = measure(title, LABEL)
        middle = min(max((box[0] + box[2]) / 2, wide / 2), sheet.layout.width - wide / 2)
        place: Attributes = {"x": middle, "y": sheet.layout.height - 6.0, "text-anchor": "middle"}
        elements.append(Element("text", {"class": "axis"} | place | words(sheet, LABEL, "ink"), title))
    return elements


def x_words(tick: Tick, sheet: Sheet) -> list[Element]:
    """What stands at one place under the plot."""
    bottom = sheet.layout.box[3]
    style = {"class": "tick"} | words(sheet, TICK, "muted")
    if sheet.layout.turned:
        turn = f"rotate(-40 {p(tick.pixel + 4.0)} {p(bottom + 14.0)})"
        place: Attributes = {"x": tick.pixel + 4.0, "y": bottom + 14.0, "text-anchor": "end", "transform": turn}
        return [Element("text", place | style, tick.lines[0])] if tick.lines else []
    left, right = tick_span(tick, sheet.layout.width)
    return [
        Element(
            "text",
            {"x": (left + right) / 2, "y": bottom + 19.0 + row * TICK * LEADING, "text-anchor": "middle"} | style,
            line,
        )
        for row, line in enumerate(tick.lines)
    ]


def draw_y(sheet: Sheet) -> list[Element]:
    """Numbers or names left of the plot, and the title above it."""
    if bare(sheet.figure.y):
        return []
    left, top, _, _ = sheet.layout.box
    elements = []
    for tick in sheet.layout.y_ticks:
        first = tick.pixel + TICK * 0.36 - (len(tick.lines) - 1) * TICK * LEADING / 2
        for row, line in enumerate(tick.lines):
            place: Attributes = {"x": left - 8.0, "y": first + row * TICK * LEADING, "text-anchor": "end"}
            elements.append(Element("text", {"class": "tick"} | place | words(sheet, TICK, "muted"), line))
    title = shorten(axis_title(sheet.figure.y), LABEL, sheet.layout.width)
    if title:
        at: Attributes = {"class": "axis", "x": 0, "y": top - 12.0}
        elements.append(Element("text", at | words(sheet, LABEL, "ink"), title))
    return elements


def draw_heading(sheet: Sheet) -> list[Element]:
    """The title of the figure."""
    style = words(sheet, TITLE, "ink") | {"font-weight": 600}
    return [
        Element("text", {"class": "heading", "x": 0, "y": 16.0 + 20.0 * row} | style, line)
        for row, line in enumerate(sheet.layout.heading)
    ]


def draw_key(sheet: Sheet) -> list[Element]:
    """Names of bar sets, each with a square of its colour."""
    top = len(sheet.layout.heading) * 20.0 + 10.0 if sheet.layout.heading else 0.0
    elements = []
    for label, role, x, row in sheet.layout.key:
        y = top + 22.0 * row
        square: Attributes = {"class": "swatch", "x": x, "y": y + 2.0, "width": 12, "height": 12, "rx": 2}
        elements.append(Element("rect", square | {"fill": sheet.paint(role), "fill-opacity": 0.82}))
        elements.append(Element("text", {"x": x + 18.0, "y": y + 12.5} | words(sheet, LABEL, "ink"), label))
    return elements


def words(sheet: Sheet, size: float, role: str) -> Attributes:
    """The attributes of letters."""
    return {"font-size": size, "fill": sheet.paint(role)}
