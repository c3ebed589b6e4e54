"""Labels as SVG: what each mark wants written, placed so that no word covers another."""

from __future__ import annotations

from itertools import pairwise

from fallline.figures.clip import Box, Point, clip
from fallline.figures.element import Attributes, Element
from fallline.figures.figure import Band, Bars, Graph, Line, Points, Rule, Text
from fallline.figures.labels import AROUND, Align, Placed, Wish, box_of, place, stack
from fallline.figures.layout import bare, gutter_marks
from fallline.figures.lettering import LABEL, LEADING, TICK, measure, wrap
from fallline.figures.markers import p
from fallline.figures.sheet import Sheet
from fallline.figures.svg_bars import bar_boxes
from fallline.figures.svg_field import Contour
from fallline.figures.svg_graph import node_boxes
from fallline.figures.ticks import number

BARS_WITH_VALUES = 14
COLUMN = 150.0
HEIGHTS_WRITTEN = 4


def draw_labels(sheet: Sheet, contours: list[Contour]) -> list[Element]:
    """Places and draws every label of a figure."""
    beside, in_column = column_labels(sheet)
    placed = [*beside]
    wishes = [*texts(sheet), *rules(sheet), *line_ends(sheet, in_column), *sets(sheet), *values(sheet), *nodes(sheet)]
    points, lines = dots(sheet), beaded(sheet)
    placed += place(wishes, [label.box for label in beside], points, lines, bounds(sheet))
    placed += place(heights_written(contours), [label.box for label in placed], points, lines, sheet.room(-4.0))
    return [part for label in placed for part in draw_label(label, sheet)]


def bounds(sheet: Sheet) -> Box:
    """Where labels may stand: the plot; the whole sheet beside it where no axis is drawn."""
    left, top, _, bottom = sheet.layout.box
    right = sheet.layout.width if not sheet.layout.gutter else sheet.layout.box[2]
    right = sheet.layout.box[2] + 2.0 if sheet.map else right
    foot = 12.0 if bare(sheet.figure.x) else 0.0
    return left - foot, top - 4.0, right, bottom + foot


def column_labels(sheet: Sheet) -> tuple[list[Placed], list[Line | Band]]:
    """Labels right of the plot, moved apart; and the marks they belong to."""
    _, top, right, bottom = sheet.layout.box
    wishes, owners = [], []
    for mark in gutter_marks(sheet.figure, (sheet.layout.x.low, sheet.layout.x.high)):
        end = end_of(mark, sheet)
        if end is None or end[0] < right - 0.13 * (right - sheet.layout.box[0]):
            continue
        lines = wrap(mark.label, LABEL, max(sheet.layout.gutter, 20.0))
        wishes.append(Wish(lines, mark.role, right, end[1], LABEL))
        owners.append(mark)
    sizes = [len(wish.lines) * LABEL * LEADING for wish in wishes]
    middles = stack([wish.y for wish in wishes], sizes, top - 6.0, bottom + 6.0)
    placed = []
    for wish, middle in zip(wishes, middles, strict=True):
        if middle is not None:
            box = box_of(wish, right + 8.0, middle, "start")
            placed.append(Placed(wish, right + 8.0, middle, "start", box, leader=abs(middle - wish.y) > 6.0))
    return placed, owners


def end_of(mark: Line | Band, sheet: Sheet) -> Point | None:
    """Where a line ends or leaves the plot."""
    if isinstance(mark, Band):
        points = [
            sheet.point(x, None if low is None or high is None else (low + high) / 2)
            for x, low, high in zip(mark.x, mark.low, mark.high, strict=False)
        ]
    else:
        points = sheet.path(mark)
    pieces = clip(points, sheet.room(0.5))
    return pieces[-1][-1] if pieces else None


def line_ends(sheet: Sheet, in_column: list[Line | Band]) -> list[Wish]:
    """Labels of lines and bands that end inside the plot: beside their last point."""
    wishes = []
    for mark in sheet.figure.marks:
        if not isinstance(mark, Line | Band) or not mark.label or any(mark is owner for owner in in_column):
            continue
        end = end_of(mark, sheet)
        if end is not None:
            wishes.append(Wish(wrap(mark.label, LABEL, COLUMN), mark.role, *end, LABEL))
    return wishes


def texts(sheet: Sheet) -> list[Wish]:
    """Words at a point: there if possible, else beside it."""
    wishes = []
    for mark in sheet.figure.marks:
        point = sheet.point(mark.x, mark.y) if isinstance(mark, Text) else None
        if isinstance(mark, Text) and point is not None:
            lines = wrap(mark.text, LABEL, max(COLUMN, 0.4 * sheet.layout.width))
            here = [(point[0], point[1] + shift, mark.align) for shift in (0.0, -16.0, 16.0, -32.0, 32.0)]
            others: list[tuple[float, float, Align]] = [
                (point[0] + dx * 12.0, point[1] + dy * 16.0, align) for dx, dy, align in AROUND
            ]
            wishes.append(Wish(lines, mark.role, *point, LABEL, (*here, *others)))
    return wishes


def rules(sheet: Sheet) -> list[Wish]:
    """Labels along rules: at the top of an upright one, at the right end of a level one; further along if taken."""
    left, top, right, bottom = sheet.layout.box
    wishes = []
    for mark in sheet.figure.marks:
        if not isinstance(mark, Rule) or not mark.label:
            continue
        at = (sheet.layout.x if mark.axis == "x" else sheet.layout.y).place(mark.at)
        if at is None:
            continue
        lines = wrap(mark.label, LABEL, COLUMN)
        half = len(lines) * LABEL * LEADING / 2
        if mark.axis == "x":
            rows = [top + half + 2.0 + step * (bottom - top - 2 * half) / 8 for step in range(8)]
            sides: tuple[tuple[float, Align], ...] = ((at + 10.0, "start"), (at - 10.0, "end"))
            places = [(x, y, align) for y in rows for x, align in sides]
        else:
            steps = [right - 6.0 - step * (right - left) / 8 for step in range(8)]
            places = [(x, y, "end") for x in steps for y in (at - half - 4.0, at + half + 4.0)]
        wishes.append(Wish(lines, mark.role, at, at, LABEL, tuple(places)))
    return wishes


def sets(sheet: Sheet) -> list[Wish]:
    """Names of sets of points: beside the one furthest right."""
    wishes = []
    for mark in sheet.figure.marks:
        if not isinstance(mark, Points) or not mark.label:
            continue
        points = [sheet.point(x, y) for x, y in zip(mark.x, mark.y, strict=False)]
        pieces = clip([part for point in points for part in (point, None)], sheet.room(0.5))
        if pieces:
            furthest = max((piece[0] for piece in pieces), key=lambda point: (point[0], -point[1]))
            wishes.append(Wish(wrap(mark.label, LABEL, COLUMN), mark.role, *furthest, LABEL))
    return wishes


def values(sheet: Sheet) -> list[Wish]:
    """The values of a few bars on a category axis, at their ends."""
    wishes = []
    for mark in sheet.figure.marks:
        if not isinstance(mark, Bars) or len(mark.at) > BARS_WITH_VALUES:
            continue
        if "category" not in (sheet.figure.x.scale, sheet.figure.y.scale):
            continue
        for index, box in enumerate(bar_boxes(mark, sheet)):
            if box is not None:
                wishes.append(value_wish(mark, index, box, sheet))
    return wishes


def value_wish(bars: Bars, index: int, box: Box, sheet: Sheet) -> Wish:
    """The value of one bar, beyond its end and its interval; the change it makes, in a waterfall."""
    start = bars.starts[index] if index < len(bars.starts) else bars.base
    value = bars.values[index]
    change = bool(bars.starts) and start not in {bars.base, 0.0}
    word = number(value - start if change else value, 3)
    word = f"+{word}" if change and value > start else word
    up = value >= start
    outer = [bars.high, bars.low][0 if up else 1]
    reach = outer[index] if index < len(outer) else value
    along = sheet.layout.x if bars.horizontal else sheet.layout.y
    tip = along.place(reach)
    if bars.horizontal:
        end = (box[2] if up else box[0]) if tip is None else tip
        middle = (box[1] + box[3]) / 2
        places: list[tuple[float, float, Align]] = [(end + 6.0, middle, "start"), (end - 6.0, middle, "end")]
        places = places if up else places[::-1]
    else:
        end = (box[1] if up else box[3]) if tip is None else tip
        middle = (box[0] + box[2]) / 2
        places = [(middle, end - 9.0, "middle"), (middle, end + 10.0, "middle")]
        places = places if up else places[::-1]
        if measure(word, TICK) > (box[2] - box[0]) * 1.6:
            places = places[:1]
    return Wish((word,), "ink", *places[0][:2], TICK, tuple(places))


def nodes(sheet: Sheet) -> list[Wish]:
    """Names of nodes that have no room for them inside."""
    wishes = []
    for mark in sheet.figure.marks:
        if isinstance(mark, Graph) and any(mark.names) and node_boxes(mark, sheet) is None:
            for x, y, name in zip(mark.x, mark.y, mark.names, strict=False):
                point = sheet.point(x, y)
                if point is not None and name:
                    wishes.append(Wish(wrap(name, TICK, 90.0, 2), "ink", *point, TICK))
    return wishes


def dots(sheet: Sheet) -> list[Box]:
    """What labels had better not cover: points, heads of trails, nodes."""
    places: list[tuple[Point, float]] = []
    for mark in sheet.figure.marks:
        if isinstance(mark, Points) and len(mark.x) <= 400:
            found = [sheet.point(x, y) for x, y in zip(mark.x, mark.y, strict=False)]
            places += [(point, mark.size + 1.0) for point in found if point is not None]
        elif isinstance(mark, Line) and mark.trail and not mark.frame:
            path = [point for point in sheet.path(mark) if point is not None]
            places += [(path[-1], 7.0)] if path else []
        elif isinstance(mark, Graph):
            found = [sheet.point(x, y) for x, y in zip(mark.x, mark.y, strict=False)]
            places += [(point, 8.0) for point in found if point is not None]
    return [(x - reach, y - reach, x + reach, y + reach) for (x, y), reach in places]


def beaded(sheet: Sheet) -> list[Box]:
    """Small boxes along every line."""
    lines = [sheet.path(mark) for mark in sheet.figure.marks if isinstance(mark, Line)]
    points = [point for path in lines for point in beads([place for place in path if place is not None])]
    return [(x - 3.0, y - 3.0, x + 3.0, y + 3.0) for x, y in points]


def beads(path: list[Point]) -> list[Point]:
    """Points along a line, a label's height apart, at most about 200."""
    length = sum(abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pairwise(path))
    gap = max(12.0, length / 200.0)
    result, left = path[:1], gap
    for start, end in pairwise(path):
        run = abs(end[0] - start[0]) + abs(end[1] - start[1])
        at = left
        while at <= run and run > 0.0:
            share = at / run
            result.append((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
            at += gap
        left = at - run
    return result


def heights_written(contours: list[Contour]) -> list[Wish]:
    """The values of heavy contour lines, where each runs most nearly level."""
    longest: dict[float, list[Point]] = {}
    for line in contours:
        if line.heavy and len(line.points) > len(longest.get(line.level, [])):
            longest[line.level] = line.points
    wishes = []
    for level, points in sorted(longest.items()):
        if len(points) < 24:
            continue
        flat = [
            (abs(points[at + 4][1] - points[at - 4][1]) / (abs(points[at + 4][0] - points[at - 4][0]) + 1e-9), at)
            for at in range(4, len(points) - 4)
        ]
        best = [points[at] for _, at in sorted(flat)[:: max(1, len(flat) // 12)][:HEIGHTS_WRITTEN]]
        places: tuple[tuple[float, float, Align], ...] = tuple((x, y, "middle") for x, y in best)
        wishes.append(Wish((number(level, 3),), "muted", *best[0], TICK, places))
    return wishes


def draw_label(label: Placed, sheet: Sheet) -> list[Element]:
    """One label with a halo of paper, and its leader if it stands apart."""
    wish = label.wish
    elements = []
    if label.leader:
        left, top, right, bottom = label.box
        near = (min(max(wish.x, left - 2.0), right + 2.0), min(max(wish.y, top), bottom))
        middle = (
            (left - 3.0, label.y)
            if label.align == "start"
            else (right + 3.0, label.y)
            if label.align == "end"
            else near
        )
        d = f"M{p(wish.x)} {p(wish.y)}L{p(middle[0])} {p(middle[1])}"
        line: Attributes = {"class": "leader", "d": d, "fill": "none", "stroke": sheet.paint(wish.role)}
        elements.append(Element("path", line | {"stroke-width": 0.75}))
    anchor = "start" if label.align == "start" else "end" if label.align == "end" else "middle"
    first = label.y - (len(wish.lines) - 1) * wish.size * LEADING / 2 + wish.size * 0.36
    style: Attributes = {"font-size": wish.size, "text-anchor": anchor, "fill": sheet.paint(wish.role)}
    halo: Attributes = {"stroke": sheet.paint("paper"), "stroke-width": 3, "stroke-linejoin": "round"}
    style |= {"font-weight": 500} if wish.size == LABEL else {}
    for row, line_ in enumerate(wish.lines):
        at: Attributes = {"class": "label", "x": label.x, "y": first + row * wish.size * LEADING}
        elements.append(Element("text", at | style | halo | {"paint-order": "stroke"}, line_))
    return elements
