"""Fields as SVG: two masks lay valley tint and shadow on the paper, contour lines on top; or a coloured image.

Masks carry no colour, so the same image serves light and dark paper and the page's own custom properties.
"""

from __future__ import annotations

from dataclasses import dataclass

from fallline.figures.clip import Point
from fallline.figures.contour import contour
from fallline.figures.element import Attributes, Element
from fallline.figures.figure import Field, Regions
from fallline.figures.layout import axis_title
from fallline.figures.lettering import LABEL, TICK, measure, shorten
from fallline.figures.markers import polyline
from fallline.figures.palettes import PALETTES
from fallline.figures.png import data_uri
from fallline.figures.relief import ZERO, Heights, coloured, heights, levels, masks
from fallline.figures.scale import Scale
from fallline.figures.sheet import Sheet
from fallline.figures.ticks import labels, number, ticks

SHADE = 0.45
DARK = "#1C2430"


@dataclass(frozen=True)
class Contour:
    """One contour line on the sheet."""

    level: float
    heavy: bool
    points: list[Point]


def draw_field(field: Field, index: int, sheet: Sheet) -> list[Element]:
    """Draws a field; nothing where its values are not at hand."""
    map_ = heights(field)
    if map_ is None:
        return []
    frame = frame_of(field, sheet)
    if field.palette == "relief":
        elements = relief(map_, f"{sheet.name}-{index}", frame, sheet)
    else:
        pixels = data_uri(coloured(map_, field.palette))
        elements = [Element("image", frame | {"href": pixels, "preserveAspectRatio": "none"})]
    return [*elements, *draw_contours(field, contours(field, map_, sheet), sheet)]


def frame_of(field: Field | Regions, sheet: Sheet) -> Attributes:
    """Where the image lies: the middle of its corner pixels on the corners of the field."""
    (left, bottom), (right, top) = (corner(field, sheet, end) for end in (0, 1))
    across, down = (right - left) / (field.nx - 1), (bottom - top) / (field.ny - 1)
    place: Attributes = {"x": left - across / 2, "y": top - down / 2}
    return place | {"width": right - left + across, "height": bottom - top + down}


def corner(field: Field | Regions, sheet: Sheet, end: int) -> Point:
    """The pixel of the lower left (0) or upper right (1) corner of a field."""
    point = sheet.point(field.x[end], field.y[end])
    left, top, right, bottom = sheet.layout.box
    return point or ((left, bottom) if end == 0 else (right, top))


def relief(map_: Heights, name: str, frame: Attributes, sheet: Sheet) -> list[Element]:
    """Valley tint and shadow, each a flat colour through a mask."""
    elements = [Element("rect", {"class": "relief"} | frame | {"fill": sheet.paint("relief-high")})]
    for part, pixels, opacity in zip(("low", "shade"), masks(map_), (1.0, SHADE), strict=True):
        image = Element("image", frame | {"href": data_uri(pixels), "preserveAspectRatio": "none"})
        area: Attributes = {"maskUnits": "userSpaceOnUse"} | frame
        elements.append(Element("mask", {"id": f"{name}-{part}"} | area, "", (image,)))
        laid: Attributes = {"fill": sheet.paint(f"relief-{part}"), "fill-opacity": opacity}
        elements.append(Element("rect", {"class": "relief"} | frame | laid | {"mask": f"url(#{name}-{part})"}))
    return elements


def contours(field: Field, map_: Heights, sheet: Sheet) -> list[Contour]:
    """The contour lines of a field, in pixels."""
    (left, bottom), (right, top) = (corner(field, sheet, end) for end in (0, 1))
    across, down = (right - left) / (field.nx - 1), (bottom - top) / (field.ny - 1)
    return [
        Contour(level, heavy, [(left + across * column, bottom - down * row) for column, row in line])
        for level, heavy in levels(field, map_)
        for line in contour(map_.values, level)
    ]


def draw_contours(field: Field, lines: list[Contour], sheet: Sheet) -> list[Element]:
    """Contour lines: thin, every few heavier; over a coloured map dark, and zero heavier still."""
    elements = []
    for heavy, width, opacity in ((False, 0.75, 0.55), (True, 1.25, 0.8)):
        d = "".join(polyline(line.points) for line in lines if line.heavy == heavy)
        if not d:
            continue
        ink = sheet.paint("contour") if field.palette == "relief" else DARK
        faint = 1.0
        if field.palette != "relief" and not (heavy and field.palette in ZERO):
            faint = 0.5
        attributes: Attributes = {"class": "contour", "d": d, "fill": "none", "stroke": ink, "stroke-width": width}
        elements.append(Element("path", attributes | {"stroke-opacity": opacity * faint, "stroke-linejoin": "round"}))
    return elements


def draw_scale(field: Field, index: int, sheet: Sheet) -> list[Element]:
    """The colour scale right of a coloured map, with few numbers."""
    map_ = heights(field)
    if map_ is None or field.palette == "relief" or not field.legend:
        return []
    _, top, right, bottom = sheet.layout.box
    name = f"{sheet.name}-{index}-scale"
    colours = PALETTES[field.palette]
    stops = tuple(
        Element("stop", {"offset": f"{100 * place / (len(colours) - 1):.2f}%", "stop-color": colour})
        for place, colour in enumerate(colours)
    )
    up: Attributes = {"id": name, "x1": 0, "y1": 1, "x2": 0, "y2": 0}
    bar: Attributes = {"class": "scale", "x": right + 14.0, "y": top, "width": 10, "height": bottom - top}
    elements = [Element("linearGradient", up, "", stops), Element("rect", bar | {"fill": f"url(#{name})"})]
    elements += scale_title(field, sheet)
    for pixel, word in scale_words(field, map_, top, bottom):
        at: Attributes = {"class": "tick", "x": right + 29.0, "y": pixel + TICK * 0.36, "font-size": TICK}
        elements.append(Element("text", at | {"fill": sheet.paint("muted")}, word))
    return elements


def scale_title(field: Field, sheet: Sheet) -> list[Element]:
    """What the colours mean, above their scale, as far as the vertical axis's title leaves room."""
    width, top = sheet.layout.width, sheet.layout.box[1]
    room = width - measure(axis_title(sheet.figure.y), LABEL) - 24.0
    if not field.label or room < 40.0:
        return []
    style: Attributes = {"class": "axis", "x": width, "y": top - 12.0, "text-anchor": "end", "font-size": LABEL}
    return [Element("text", style | {"fill": sheet.paint("ink")}, shorten(field.label, LABEL, room))]


def scale_words(field: Field, map_: Heights, top: float, bottom: float) -> list[tuple[float, str]]:
    """The numbers of a colour scale and their pixels; its ends alone where colour goes by a logarithm."""
    if map_.low == map_.high:
        return [((top + bottom) / 2, number(map_.low, 3))]
    if field.log:
        return [(bottom, number(map_.low, 3)), (top, number(map_.high, 3))]
    scale = Scale("linear", map_.low, map_.high, bottom, top)
    places = ticks(map_.low, map_.high, 5)
    pairs = zip(places, labels(places), strict=True)
    return [(pixel, word) for place, word in pairs if (pixel := scale.place(place)) is not None]
