"""SVG: a figure as one standalone, accessible drawing, for reports, print and pages without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from fallline.figures.element import Attributes, Element
from fallline.figures.extent import drawable, reach
from fallline.figures.figure import Field, Figure, Graph, Line, Mark, Regions
from fallline.figures.frames import at_step, moves
from fallline.figures.layout import layout
from fallline.figures.palettes import RELIEF
from fallline.figures.relief import heights
from fallline.figures.roles import PAPER, ROLES, RULE
from fallline.figures.sheet import Paint, Sheet
from fallline.figures.svg_axes import draw_axes, draw_grid
from fallline.figures.svg_field import Contour, contours, draw_field, draw_scale
from fallline.figures.svg_labels import draw_labels
from fallline.figures.svg_marks import draw, draw_head
from fallline.figures.svg_regions import draw_regions

Theme = Literal["light", "dark", "page"]
FONT = "Inter, system-ui, 'Segoe UI', sans-serif"
COLOURS: dict[str, tuple[str, str]] = {
    **{name: (role.light, role.dark) for name, role in ROLES.items()},
    **RELIEF,
    "paper": PAPER,
    "rule": RULE,
}
"""Every paint: name → colour on light and on dark paper. The page holds the same as custom properties."""


@dataclass(frozen=True)
class Drawing:
    """The layers of a drawn figure, from the paper up."""

    width: float
    height: float
    field: tuple[Element, ...]
    back: tuple[Element, ...]
    trails: tuple[Element, ...]
    front: tuple[Element, ...]


def svg(
    figure: Figure,
    *,
    theme: Theme = "page",
    width: float = 720.0,
    heading: bool = True,
    step: int | None = None,
    fields: Mapping[str, Field] | None = None,
) -> str:
    """Draws a figure.

    Args:
        figure: what to draw.
        theme: ``light`` and ``dark`` carry their colours and their paper; ``page`` takes both from the page's custom
            properties (``--adam``, ``--paper``), and is light where the page sets none.
        width: in pixels, at least 160; the height follows.
        heading: whether the title is drawn above.
        step: trails are drawn up to this step; None draws them whole.
        fields: values of fields that the figure names by key alone.

    Returns:
        One ``<svg>`` element, well-formed, with title and description, and nothing loaded from elsewhere.

    >>> from fallline.figures import Axis, DataTable
    >>> line = Line((0.0, 1.0), (2.0, 6.0), "gd", label="GD")
    >>> drawn = svg(Figure("f", "Loss", Axis("step"), Axis("loss"), (line,), "Rises.", DataTable((), ())))
    >>> drawn[:5], "var(" in drawn
    ('<svg ', True)
    """
    figure = at_step(with_fields(figure, fields or {}), step)
    paint = painter(theme)
    sheet = Sheet(figure, layout(figure, width, heading=heading), paint, step)
    drawn = compose(sheet)
    name = sheet.name
    size: Attributes = {"width": drawn.width, "height": drawn.height}
    paper = [] if theme == "page" else [Element("rect", size | {"fill": paint("paper")})]
    root: Attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "fallline-figure",
        "viewBox": f"0 0 {round(drawn.width, 2):g} {round(drawn.height, 2):g}",
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-desc",
        "font-family": FONT,
    }
    words = (
        Element("title", {"id": f"{name}-title"}, figure.title),
        Element("desc", {"id": f"{name}-desc"}, description(figure)),
    )
    inside: Attributes = {"clip-path": f"url(#{name}-plot)"}
    layers = (
        Element("g", {"class": "field"} | inside, "", drawn.field),
        Element("g", {"class": "back"}, "", drawn.back),
        Element("g", {"class": "trails"} | inside, "", drawn.trails),
        Element("g", {"class": "front"}, "", drawn.front),
    )
    return Element("svg", root | size, "", (*words, clip_of(sheet), *paper, *layers)).write()


def compose(sheet: Sheet) -> Drawing:
    """Draws the layers of a figure: the field; what stands still; the trails; the axes and words on top."""
    field, scales, lines = draw_fields(sheet)
    inside: Attributes = {"clip-path": f"url(#{sheet.name}-plot)"}
    still = [part for mark in sheet.figure.marks if not is_trail(mark) for part in draw(mark, sheet)]
    moving = [mark for mark in sheet.figure.marks if is_trail(mark)]
    trails = [part for mark in moving for part in draw(mark, sheet)]
    trails += [part for mark in moving if isinstance(mark, Line) for part in draw_head(mark, sheet)]
    back = (*draw_grid(sheet), Element("g", {"class": "marks"} | inside, "", tuple(still)))
    front = (*draw_axes(sheet), *scales, *draw_labels(sheet, lines))
    return Drawing(sheet.layout.width, sheet.layout.height, tuple(field), back, tuple(trails), front)


def draw_fields(sheet: Sheet) -> tuple[list[Element], list[Element], list[Contour]]:
    """Draws the fields, their colour scales, and returns the contour lines whose heights are written."""
    field: list[Element] = []
    scales: list[Element] = []
    lines: list[Contour] = []
    for index, mark in enumerate(sheet.figure.marks):
        if isinstance(mark, Regions):
            field.extend(draw_regions(mark, index, sheet))
        if isinstance(mark, Field):
            field.extend(draw_field(mark, index, sheet))
            scales.extend(draw_scale(mark, index, sheet))
            map_ = heights(mark)
            if map_ is not None and mark.palette == "relief":
                lines.extend(contours(mark, map_, sheet))
    return field, scales, lines


def clip_of(sheet: Sheet) -> Element:
    """The opening through which marks are seen: the plot, and a little more where no field lies."""
    left, top, right, bottom = sheet.room(0.0 if sheet.map else 8.0)
    opening: Attributes = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return Element("clipPath", {"id": f"{sheet.name}-plot"}, "", (Element("rect", opening),))


def is_trail(mark: Mark) -> bool:
    """Whether the player reveals or moves a mark."""
    return (isinstance(mark, Line) and mark.trail) or (isinstance(mark, Graph) and moves(mark))


def painter(theme: Theme) -> Paint:
    """Returns the paints of a theme.

    >>> painter("dark")("adam"), painter("page")("adam")
    ('#FF8A4C', 'var(--adam, #C2410C)')
    """

    def paint(name: str) -> str:
        light, dark = COLOURS.get(name, COLOURS["ink"])
        if theme == "page":
            return f"var(--{name}, {light})" if name in COLOURS else paint("ink")
        return light if theme == "light" else dark

    return paint


def with_fields(figure: Figure, fields: Mapping[str, Field]) -> Figure:
    """Fills in the values of fields that stand under a key."""
    marks = tuple(
        replace(mark, values=fields[mark.key].values, nx=fields[mark.key].nx, ny=fields[mark.key].ny)
        if isinstance(mark, Field) and not mark.values and mark.key in fields
        else mark
        for mark in figure.marks
    )
    return replace(figure, marks=marks)


def description(figure: Figure) -> str:
    """The alt text, and how many values could not be drawn and why.

    >>> from fallline.figures import Axis, DataTable
    >>> line = Line((0.0, 1.0, 2.0), (0.5, 0.0, -1.0), "gd")
    >>> description(Figure("f", "Loss", Axis("step"), Axis("loss", scale="log"), (line,), "Falls.", DataTable((), ())))
    'Falls. 2 values of loss at or below zero have no place on its log axis and are not drawn.'
    """
    notes = [figure.alt.strip()] if figure.alt.strip() else []
    for axis, values in ((figure.x, reached(figure, "x")), (figure.y, reached(figure, "y"))):
        known = [value for value in values if value is not None]
        undrawn = sum(not drawable(value, log=False) for value in known)
        below = sum(drawable(value, log=False) and value <= 0 for value in known) if axis.scale == "log" else 0
        name = axis.label or "one axis"
        if below:
            are = "has no place on its log axis and is" if below == 1 else "have no place on its log axis and are"
            notes.append(f"{count(below)} of {name} at or below zero {are} not drawn.")
        if undrawn:
            notes.append(f"{count(undrawn)} of {name} {'is' if undrawn == 1 else 'are'} not finite and not drawn.")
    return " ".join(notes)


def count(values: int) -> str:
    """Writes how many values."""
    return "1 value" if values == 1 else f"{values} values"


def reached(figure: Figure, direction: Literal["x", "y"]) -> list[float | None]:
    """Every value of the data along one axis; the foot of bars is none."""
    values: list[float | None] = []
    for mark in figure.marks:
        if mark.kind == "bars" and mark.horizontal == (direction == "x"):
            values += [*mark.values, *mark.low, *mark.high]
        else:
            values += list(reach(mark, direction))
    return values
