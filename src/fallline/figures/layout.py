"""Layout: where the plot, its ticks and its titles stand, for a figure at a width. The page computes the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from fallline.figures.clip import Box
from fallline.figures.extent import extent
from fallline.figures.figure import Axis, Band, Bars, Field, Figure, Line, Regions
from fallline.figures.lettering import LABEL, LEADING, TICK, TITLE, measure, wrap
from fallline.figures.scale import Scale
from fallline.figures.ticks import labels, log_labels, log_ticks, ticks

NARROW = 480.0
GUTTER = 0.3
TURNED = 0.64  # sine of 40°: long category names lean


@dataclass(frozen=True)
class Tick:
    """One mark of an axis: its value, its pixel, the lines written at it."""

    value: float
    pixel: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """The places of a figure's parts, in pixels from the top left.

    Attributes:
        width: of the whole.
        height: of the whole.
        box: the plot: left, top, right, bottom.
        x: horizontal scale.
        y: vertical scale.
        x_ticks: marks of the horizontal axis.
        y_ticks: marks of the vertical axis.
        turned: category names lean.
        gutter: width of the column for labels right of the plot.
        heading: lines of the title.
        key: (label, role) of the bar sets to be named above the plot, with the left end and row of each.
    """

    width: float
    height: float
    box: Box
    x: Scale
    y: Scale
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    turned: bool
    gutter: float
    heading: tuple[str, ...]
    key: tuple[tuple[str, str, float, int], ...]


def layout(figure: Figure, width: float, *, heading: bool = True) -> Layout:
    """Computes the layout of a figure.

    Args:
        figure: what to draw.
        width: of the whole, in pixels; at least 160.
        heading: whether its title is written above it.
    """
    width = max(float(width), 160.0)
    x_range, y_range = extent(figure, "x"), extent(figure, "y")
    lines = wrap(figure.title, TITLE, (width - 4) / 1.06) if heading else ()
    key = key_places(figure, width)
    top = (len(lines) * 20.0 + 10.0 if lines else 0.0) + ((key[-1][3] + 1) * 22.0 if key else 0.0)
    top += 26.0 if axis_title(figure.y) else 10.0
    gutter = gutter_width(figure, width, x_range)
    right = max(16.0, gutter + 12.0 if gutter else 0.0, 74.0 if coloured_field(figure) else 0.0)
    left, across, tall = 56.0, 40.0, 40.0
    for _ in range(3):  # numbers need room, room sets the height, the height chooses the numbers
        across = max(width - left - right, 40.0)
        tall = plot_height(figure, across, x_range, y_range)
        left = left_margin(figure, y_range, tall, width)
    across = max(width - left - right, 40.0)
    if figure.equal:
        across = min(across, tall * ratio(x_range, y_range))
    x = Scale(figure.x.scale, *x_range, left, left + across)
    y = Scale(figure.y.scale, *y_range, top + tall, top)
    x_ticks, turned = horizontal_ticks(figure.x, x, width)
    bottom = bottom_margin(figure.x, x_ticks, turned=turned)
    box = (left, top, left + across, top + tall)
    y_ticks = vertical_ticks(figure.y, y, width)
    return Layout(width, top + tall + bottom, box, x, y, x_ticks, y_ticks, turned, gutter, lines, key)


def bare(axis: Axis) -> bool:
    """Whether an axis is left undrawn: it has neither a label nor categories (a pipeline's graph has no units)."""
    return not axis.label and not axis.categories


def axis_title(axis: Axis) -> str:
    """Writes an axis title; a log axis says so.

    >>> axis_title(Axis("learning rate", symbol="η", scale="log"))
    'learning rate η, log scale'
    >>> axis_title(Axis("latency", unit="ms"))
    'latency (ms)'
    """
    words = " ".join(part for part in (axis.label, axis.symbol, f"({axis.unit})" if axis.unit else "") if part)
    return f"{words}, log scale" if axis.scale == "log" and words else words


def ratio(x_range: tuple[float, float], y_range: tuple[float, float]) -> float:
    """Width over height of one unit on each axis."""
    return (x_range[1] - x_range[0]) / (y_range[1] - y_range[0])


def plot_height(figure: Figure, across: float, x_range: tuple[float, float], y_range: tuple[float, float]) -> float:
    """Height of the plot for its width."""
    if figure.equal:
        return float(round(min(max(across / ratio(x_range, y_range), 80.0), 1.15 * across)))
    aspect = max(figure.aspect, 0.2)
    if across < NARROW - 100.0 and aspect < 2.2:  # a phone: a flat plot would be too low to read
        aspect = min(aspect, 1.3)
    rows = 22.0 * len(figure.y.categories) if figure.y.scale == "category" else 0.0
    return float(round(max(min(max(across / aspect, 120.0), 1.4 * across + 120.0), rows)))


def coloured_field(figure: Figure) -> Field | None:
    """The field that needs a colour scale beside it, if any."""
    fields = (mark for mark in figure.marks if isinstance(mark, Field) and mark.legend)
    return next((mark for mark in fields if mark.palette != "relief"), None)


def ends_right(mark: Line | Band, x_range: tuple[float, float], *, log: bool) -> bool:
    """Whether a line's last point lies at the right edge, so that its label stands in the column beside the plot."""
    scale = Scale("log" if log else "linear", *x_range, 0.0, 1.0)
    places = [place for value in mark.x if (place := scale.place(value)) is not None]
    return bool(places) and 0.88 <= places[-1] <= 1.02


def gutter_marks(figure: Figure, x_range: tuple[float, float]) -> list[Line | Band]:
    """The marks whose labels stand right of the plot; none on a map, where they stand at the trail's head."""
    if any(isinstance(mark, Field | Regions) for mark in figure.marks):
        return []
    named = [mark for mark in figure.marks if isinstance(mark, Line | Band) and mark.label]
    return [mark for mark in named if ends_right(mark, x_range, log=figure.x.scale == "log")]


def gutter_width(figure: Figure, width: float, x_range: tuple[float, float]) -> float:
    """Width of the column right of the plot: as wide as its labels, at most three tenths of the figure."""
    most = width * GUTTER
    lines = [line for mark in gutter_marks(figure, x_range) for line in wrap(mark.label, LABEL, most)]
    return max((measure(line, LABEL) for line in lines), default=0.0)


def key_places(figure: Figure, width: float) -> tuple[tuple[str, str, float, int], ...]:
    """Places the names of bar sets in rows above the plot; none where a single set needs no name."""
    named = [mark for mark in figure.marks if isinstance(mark, Bars) and mark.label]
    if len(named) < 2:
        return ()
    places, x, row = [], 0.0, 0
    for mark in named:
        label = wrap(mark.label, LABEL, width - 20.0, 1)[0]
        step = measure(label, LABEL) + 38.0
        if x > 0 and x + step - 18.0 > width:
            x, row = 0.0, row + 1
        places.append((label, mark.role, x, row))
        x += step
    return tuple(places)


def left_margin(figure: Figure, y_range: tuple[float, float], tall: float, width: float) -> float:
    """Room for the numbers or names left of the plot."""
    if bare(figure.y):
        return 12.0
    marks = vertical_ticks(figure.y, Scale(figure.y.scale, *y_range, tall, 0.0), width)
    widest = max((measure(line, TICK) for tick in marks for line in tick.lines), default=0.0)
    return float(round(max(widest + 12.0, 24.0)))


def bottom_margin(axis: Axis, marks: tuple[Tick, ...], *, turned: bool) -> float:
    """Room for the numbers or names under the plot, and the title under those."""
    if bare(axis):
        return 12.0
    title = 24.0 if axis_title(axis) else 0.0
    if turned:
        widest = max(measure(line, TICK) for tick in marks for line in tick.lines)
        return float(round(16.0 + widest * TURNED)) + title
    return 10.0 + max((len(tick.lines) for tick in marks), default=1) * TICK * LEADING + title


def vertical_ticks(axis: Axis, scale: Scale, width: float) -> tuple[Tick, ...]:
    """The marks of the vertical axis."""
    if bare(axis):
        return ()
    tall = abs(scale.start - scale.end)
    if axis.scale == "category":
        every = max(1, round_up(len(axis.categories) * 15.0 / tall))
        most = min(0.36 * width, 200.0)
        return tuple(
            Tick(float(place), pixel, wrap(name, TICK, most, 2 if tall / len(axis.categories) > 32.0 else 1))
            for place, name in enumerate(axis.categories)
            if place % every == 0 and (pixel := scale.place(float(place))) is not None
        )
    return number_ticks(axis, scale, max(3, min(6, int(tall / 56.0))))


def horizontal_ticks(axis: Axis, scale: Scale, width: float) -> tuple[tuple[Tick, ...], bool]:
    """The marks of the horizontal axis, and whether its names lean; numbers are thinned until they stand apart."""
    if bare(axis):
        return (), False
    across = abs(scale.end - scale.start)
    if axis.scale == "category":
        return category_ticks(axis, scale, across)
    for count in range(max(3, min(8, int(across / 84.0))), 1, -1):
        marks = number_ticks(axis, scale, count)
        if apart(marks, width):
            return marks, False
    return (marks[0], marks[-1]) if len(marks) > 2 and apart((marks[0], marks[-1]), width) else marks[:1], False


def category_ticks(axis: Axis, scale: Scale, across: float) -> tuple[tuple[Tick, ...], bool]:
    """Names under a category axis: in lines where they fit, else leaning."""
    slot = across / max(len(axis.categories), 1)
    words = [word for name in axis.categories for word in name.split()]
    turned = any(measure(word, TICK) > slot - 6.0 for word in words)
    every = max(1, round_up(15.0 / slot)) if turned else 1
    lines = [wrap(name, TICK, 130.0, 1) if turned else wrap(name, TICK, slot - 6.0) for name in axis.categories]
    return tuple(
        Tick(float(place), pixel, written)
        for place, written in enumerate(lines)
        if place % every == 0 and (pixel := scale.place(float(place))) is not None
    ), turned


def number_ticks(axis: Axis, scale: Scale, count: int) -> tuple[Tick, ...]:
    """Round numbers along an axis."""
    log = axis.scale == "log"
    places = log_ticks(scale.low, scale.high, count) if log else ticks(scale.low, scale.high, count)
    written = log_labels(places) if log else labels(places)
    return tuple(
        Tick(place, pixel, (label,))
        for place, label in zip(places, written, strict=True)
        if (pixel := scale.place(place)) is not None
    )


def apart(marks: tuple[Tick, ...], width: float) -> bool:
    """Whether numbers under an axis stand at least 10 pixels apart."""
    spans = [tick_span(tick, width) for tick in marks]
    return all(right + 10.0 <= left for (_, right), (left, _) in pairwise(spans))


def tick_span(tick: Tick, width: float) -> tuple[float, float]:
    """Left and right end of a tick's text, kept on the sheet."""
    wide = max((measure(line, TICK) for line in tick.lines), default=0.0)
    middle = min(max(tick.pixel, wide / 2), width - wide / 2)
    return middle - wide / 2, middle + wide / 2


def round_up(value: float) -> int:
    """The next whole number."""
    return int(-(-value // 1))
