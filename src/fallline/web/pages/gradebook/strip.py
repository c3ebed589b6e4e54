"""Strip: the final mark as one picture: each assessment as wide as it counts and as high as its mark.

Across it is measured in percent, so that it is as wide as the page allows without a script; down in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from fallline.web.pages.gradebook.book import Book

HEIGHT = 120.0


@dataclass(frozen=True)
class Cell:
    """One assessment in the picture.

    Attributes:
        x: left edge, percent.
        width: as it counts, percent.
        height: of what is earned, pixels.
        state: for its look.
        title: of the assessment.
    """

    x: float
    width: float
    height: float
    state: str
    title: str


@dataclass(frozen=True)
class Span:
    """One component below the picture.

    Attributes:
        x: left edge, percent.
        label: its name.
        weight: percent.
    """

    x: float
    label: str
    weight: Fraction


def strip(book: Book) -> tuple[list[Cell], list[Span]]:
    """Lays the picture out; all of its width is the whole mark."""
    cells: list[Cell] = []
    spans: list[Span] = []
    left = 0.0
    for part in book.parts:
        spans.append(Span(left, part.component.name, part.component.weight))
        each = float(part.component.weight) / max(len(part.lines), 1)
        for line in part.lines:
            score = line.entry.score
            state = "zero" if score == 0 else str(line.entry.state)
            cells.append(Cell(left, each, float(score or 0) * HEIGHT, state, line.at.entry.title))
            left += each
    return cells, spans
