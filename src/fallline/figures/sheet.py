"""Sheet: what every mark is drawn with: the layout, the colours, and how far the trails are revealed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from fallline.figures.clip import Box, Point
from fallline.figures.element import Attributes
from fallline.figures.figure import Field, Figure, Line, Regions
from fallline.figures.layout import Layout
from fallline.figures.roles import ROLES, Role

Paint = Callable[[str], str]
"""Name of a role or of a part of the paper → colour."""


@dataclass(frozen=True)
class Sheet:
    """A figure at its layout, with its paints.

    Attributes:
        figure: what is drawn.
        layout: where.
        paint: in which colours.
        step: trails are drawn up to this step; None draws them whole.
    """

    figure: Figure
    layout: Layout
    paint: Paint
    step: int | None = None

    @property
    def name(self) -> str:
        """The figure's id, safe inside an XML id."""
        return re.sub(r"[^A-Za-z0-9-]", "-", self.figure.id) or "figure"

    @property
    def map(self) -> bool:
        """Whether a field or regions lie under everything."""
        return any(isinstance(mark, Field | Regions) for mark in self.figure.marks)

    def point(self, x: float | None, y: float | None) -> Point | None:
        """The pixel of a point; None where it has none."""
        across, down = self.layout.x.place(x), self.layout.y.place(y)
        return None if across is None or down is None else (across, down)

    def room(self, beyond: float) -> Box:
        """The plot, and some pixels beyond it."""
        left, top, right, bottom = self.layout.box
        return left - beyond, top - beyond, right + beyond, bottom + beyond

    def shown(self, line: Line) -> slice:
        """Which points of a line are drawn: all of a still one, a trail's up to the step, or the frame of the step."""
        if line.frame:
            last = max(len(line.x) // line.frame - 1, 0)
            step = last if self.step is None else min(self.step, last)
            return slice(step * line.frame, (step + 1) * line.frame)
        return slice(len(line.x) if self.step is None or not line.trail else self.step + 1)

    def path(self, line: Line) -> list[Point | None]:
        """The pixels of a line as far as it is revealed; a staircase gets its corners."""
        shown = self.shown(line)
        points = [self.point(x, y) for x, y in zip(line.x[shown], line.y[shown], strict=False)]
        return stairs(points) if line.step else points


def stairs(points: list[Point | None]) -> list[Point | None]:
    """Adds the corners of a staircase that holds each value until the next."""
    result: list[Point | None] = []
    for point in points:
        previous = result[-1] if result else None
        if point is not None and previous is not None:
            result.append((point[0], previous[1]))
        result.append(point)
    return result


def look(role: str) -> Role:
    """The look of a role; an unknown name is drawn in ink."""
    return ROLES.get(role, ROLES["ink"])


def stroke(sheet: Sheet, role: str, width: float, *, dashed: bool = True) -> Attributes:
    """The attributes of a line in a role's colour and dash."""
    attributes: Attributes = {"fill": "none", "stroke": sheet.paint(role), "stroke-width": width}
    dash = look(role).dash
    if dashed and dash:
        attributes["stroke-dasharray"] = " ".join(str(length) for length in dash)
    return attributes | {"stroke-linejoin": "round", "stroke-linecap": "butt" if dashed and dash else "round"}
