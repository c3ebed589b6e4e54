"""Clip: the parts of a line that lie within a box (Liang and Barsky, 1984)."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def clip(points: Sequence[Point | None], box: Box) -> list[list[Point]]:
    """Returns the pieces of a line inside a box; a None breaks the line, a point of its own stays a piece of one.

    >>> clip([(0.0, 5.0), (20.0, 5.0), None, (3.0, 3.0)], (0.0, 0.0, 10.0, 10.0))
    [[(0.0, 5.0), (10.0, 5.0)], [(3.0, 3.0)]]
    """
    pieces: list[list[Point]] = []
    previous: Point | None = None
    joined = False
    for point in points:
        if point is None:
            previous, joined = None, False
            continue
        if previous is None:
            joined = inside(point, box)
            if joined:
                pieces.append([point])
        else:
            joined = extend(pieces, previous, point, box, joined=joined)
        previous = point
    return pieces


def extend(pieces: list[list[Point]], start: Point, end: Point, box: Box, *, joined: bool) -> bool:
    """Adds what a box leaves of one segment; returns whether its end is inside, so that the next one joins on."""
    kept = segment(start, end, box)
    if kept is None:
        return False
    if joined:
        pieces[-1].append(kept[1])
    else:
        pieces.append([kept[0], kept[1]])
    return inside(end, box)


def segment(start: Point, end: Point, box: Box) -> tuple[Point, Point] | None:
    """Returns what a box leaves of one segment; None if nothing."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    first, last = 0.0, 1.0
    for move, room in (
        (-dx, start[0] - box[0]),
        (dx, box[2] - start[0]),
        (-dy, start[1] - box[1]),
        (dy, box[3] - start[1]),
    ):
        if move == 0.0:
            if room < 0.0:
                return None
        elif move < 0.0:
            first = max(first, room / move)
        else:
            last = min(last, room / move)
    if first > last:
        return None
    whole = start if first == 0.0 else (start[0] + first * dx, start[1] + first * dy)
    return whole, (end if last == 1.0 else (start[0] + last * dx, start[1] + last * dy))


def inside(point: Point, box: Box) -> bool:
    """Whether a point lies in a box, its edge included."""
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
