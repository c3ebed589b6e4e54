"""Labels: places for words beside what they name, so that none covers another.

Labels right of the plot are moved apart along one line (pool adjacent violators); labels inside it try places around
their point, nearest first, and one that finds no free place is left out (its words stand in the table).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fallline.figures.clip import Box
from fallline.figures.lettering import LEADING, measure

Align = Literal["start", "middle", "end"]

AROUND: tuple[tuple[float, float, Align], ...] = (
    (1.0, 0.0, "start"),
    (0.75, -0.8, "start"),
    (0.75, 0.8, "start"),
    (-1.0, 0.0, "end"),
    (-0.75, -0.8, "end"),
    (-0.75, 0.8, "end"),
    (0.0, -1.0, "middle"),
    (0.0, 1.0, "middle"),
)
RINGS = (10.0, 20.0, 34.0, 50.0, 70.0, 92.0)
LEADER = 30.0
NEAR = 40.0


@dataclass(frozen=True)
class Wish:
    """A label that wants a place.

    Attributes:
        lines: its words.
        role: its colour.
        x: the point it names.
        y: the same.
        size: of the letters.
        places: where it may stand: (x, y of its middle line, alignment), the dearest first; empty: around the point.
    """

    lines: tuple[str, ...]
    role: str
    x: float
    y: float
    size: float
    places: tuple[tuple[float, float, Align], ...] = ()


@dataclass(frozen=True)
class Placed:
    """A label at its place; ``leader`` when a thin line should join it to its point."""

    wish: Wish
    x: float
    y: float
    align: Align
    box: Box
    leader: bool


def around(wish: Wish) -> list[tuple[float, float, Align, float]]:
    """Lists places around a point, ring by ring."""
    half = len(wish.lines) * wish.size * LEADING / 2
    return [
        (wish.x + dx * ring, wish.y + dy * (ring + half - 4.0), align, ring)
        for ring in RINGS
        for dx, dy, align in AROUND
    ]


def box_of(wish: Wish, x: float, y: float, align: Align) -> Box:
    """The room that a label takes when the middle of its left end (start), right end or centre lies at a place."""
    wide = max((measure(line, wish.size) for line in wish.lines), default=0.0)
    half = len(wish.lines) * wish.size * LEADING / 2
    left = x - (0.0 if align == "start" else wide if align == "end" else wide / 2)
    return left, y - half, left + wide, y + half


def place(
    wishes: Sequence[Wish], taken: Sequence[Box], dots: Sequence[Box], lines: Sequence[Box], bounds: Box
) -> list[Placed]:
    """Places labels, each clear of those before it; rather across a line nearby than far away.

    Args:
        wishes: in order of importance.
        taken: where nothing may be written.
        dots: points and line ends, covered only when no other place is left.
        lines: beads along lines, covered when no place near by is clear of them.
        bounds: where labels must stay.

    >>> wish = Wish(("Adam",), "adam", 50.0, 50.0, 13.0)
    >>> first, second = place([wish, wish], [], [], [], (0.0, 0.0, 200.0, 100.0))
    >>> overlap(first.box, second.box)
    False
    """
    full = list(taken)
    result = []
    for wish in wishes:
        options = [(x, y, align, 0.0) for x, y, align in wish.places] or around(wish)
        near = [option for option in options if option[3] < NEAR]
        found = (
            first_free(wish, near, [*full, *dots, *lines], bounds)
            or first_free(wish, near, [*full, *dots], bounds)
            or first_free(wish, options, [*full, *dots], bounds)
            or first_free(wish, options, full, bounds)
        )
        if found is not None:
            result.append(found)
            full.append(found.box)
    return result


def first_free(
    wish: Wish, options: Sequence[tuple[float, float, Align, float]], full: Sequence[Box], bounds: Box
) -> Placed | None:
    """The first place where a label fits and covers nothing."""
    for x, y, align, ring in options:
        box = box_of(wish, x, y, align)
        if not within(box, bounds) or any(overlap(box, other) for other in full):
            continue
        return Placed(wish, x, y, align, box, leader=ring > LEADER)
    return None


def overlap(first: Box, second: Box) -> bool:
    """Whether two boxes share any room."""
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def within(box: Box, bounds: Box) -> bool:
    """Whether a box lies inside another."""
    return box[0] >= bounds[0] and box[1] >= bounds[1] and box[2] <= bounds[2] and box[3] <= bounds[3]


def stack(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float | None]:
    """Moves labels along a line until none overlaps, each as near as can be to where it wants to be.

    Args:
        wanted: middles, in any order.
        sizes: lengths along the line.
        low: start of the line.
        high: its end.

    Returns:
        Middles in the order given; None for labels that the line has no room for (the last ones asked for).

    >>> stack([10.0, 12.0, 80.0], [10.0, 10.0, 10.0], 0.0, 100.0)
    [6.0, 16.0, 80.0]
    """
    keep, room = [], high - low
    for index, size in enumerate(sizes):
        if size <= room:
            keep.append(index)
            room -= size
    order = sorted(keep, key=lambda index: (wanted[index], index))
    blocks: list[tuple[list[int], float, float]] = []  # members, length, middle
    for index in order:
        members, length, middle = [index], sizes[index], held(wanted[index], sizes[index], low, high)
        while blocks and blocks[-1][2] + blocks[-1][1] / 2 > middle - length / 2 + 1e-9:
            before, above, _ = blocks.pop()
            members, length = [*before, *members], above + length
            middle = held(mean_middle(members, wanted, sizes), length, low, high)
        blocks.append((members, length, middle))
    result: list[float | None] = [None] * len(wanted)
    for members, length, middle in blocks:
        start = middle - length / 2
        for index in members:
            result[index] = start + sizes[index] / 2
            start += sizes[index]
    return result


def held(middle: float, length: float, low: float, high: float) -> float:
    """Keeps a block on the line."""
    return max(min(middle, high - length / 2), low + length / 2)


def mean_middle(members: Sequence[int], wanted: Sequence[float], sizes: Sequence[float]) -> float:
    """The middle of a block at which its members are, on average, where they want to be."""
    start, total = 0.0, 0.0
    length = sum(sizes[index] for index in members)
    for index in members:
        total += wanted[index] - (start + sizes[index] / 2) + length / 2
        start += sizes[index]
    return total / len(members)
