"""Slope: the course as one descent seen from the side, with a station for every week."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from fallline.web.pages.home.terrain import Ground, ground, lines, raster, relative, span


@dataclass(frozen=True)
class Frame:
    """Where the slope stands in a picture.

    Attributes:
        width: of the picture, in pixels.
        height: of the picture.
        first: where the first station stands.
        last: where the last one stands.
        letters: after how many letters a label breaks.
        lines: how many follow the ground.
        folds: size of the spurs.
        wave: their length.
    """

    width: int
    height: int
    first: tuple[float, float]
    last: tuple[float, float]
    letters: int
    lines: int
    folds: float
    wave: float


WIDE = Frame(1216, 640, (44, 62), (952, 540), 52, 26, 70, 230)
TALL = Frame(360, 1000, (20, 40), (140, 926), 26, 30, 14, 130)
STRIP = Frame(1216, 76, (12, 12), (1196, 60), 0, 5, 12, 120)


FRAMES = {"wide": WIDE, "tall": TALL, "strip": STRIP}


@dataclass(frozen=True)
class Station:
    """One week on the path.

    Attributes:
        number: of the week.
        title: of the week.
        lines: the title broken for its place.
        x: place.
        y: place.
        state: ``done``, ``here`` or ``ahead``.
    """

    number: int
    title: str
    lines: tuple[str, ...]
    x: float
    y: float
    state: str


@dataclass(frozen=True)
class Slope:
    """Everything the template draws, as SVG paths.

    Attributes:
        frame: the picture.
        stations: in order.
        done: the path behind.
        ahead: the path before.
        ground: outline of the mountainside.
        lines: that follow the ground.
    """

    frame: Frame
    stations: tuple[Station, ...]
    done: str
    ahead: str
    ground: str
    lines: tuple[str, ...]


def slope(titles: Sequence[str], here: int, frame: Frame) -> Slope:
    """Draws the course.

    Args:
        titles: of the weeks, in order.
        here: number of the week one is at; 0 before the first, more than there are after the last.
        frame: the picture.
    """
    sky, places = skyline(frame, len(titles))
    stations = tuple(
        Station(number, title, broken(title, frame.letters), x, y, state(number, here))
        for number, (title, (x, y)) in enumerate(zip(titles, places, strict=True), 1)
    )
    reached = places[min(max(here, 1), len(places)) - 1][0]
    edge = frame.width if frame.letters else places[-1][0]
    along = sorted({*span(0, edge, 6 if frame.width > frame.height else 2), *(x for x, _ in places)})
    points = [(x, round(sky(x), 1)) for x in along]
    behind = [point for point in points if places[0][0] <= point[0] <= reached]
    before = [point for point in points if reached <= point[0] <= places[-1][0]]
    outline, drawn = ground_of(frame, len(titles))
    done = relative(behind) if len(behind) > 1 else ""
    return Slope(frame, stations, done, relative(before) if len(before) > 1 else "", outline, drawn)


def state(number: int, here: int) -> str:
    """Tells where a week lies from where one is."""
    return "here" if number == here else "done" if number < here else "ahead"


def broken(title: str, letters: int) -> tuple[str, ...]:
    """Breaks a title over lines.

    >>> broken("Final Exam", 20)
    ('Final Exam',)
    """
    return tuple(textwrap.wrap(title, letters)) if letters else ()


@lru_cache(maxsize=8)
def scene(frame: Frame, count: int) -> Ground:
    """Raises the ground under a path of so many stations."""
    sky, _ = skyline(frame, count)
    return ground(sky, frame.width, frame.height + frame.folds, frame.folds, frame.wave)


@lru_cache(maxsize=8)
def ground_of(frame: Frame, count: int) -> tuple[str, tuple[str, ...]]:
    """Draws what does not depend on where one is: the outline and the lines of the ground."""
    sky, _ = skyline(frame, count)
    outline = relative([(x, sky(x)) for x in span(0, frame.width, 8)])
    return f"{outline}V{frame.height}H0z", tuple(lines(scene(frame, count), frame.lines))


@lru_cache(maxsize=8)
def relief(frame: Frame, count: int) -> bytes:
    """Draws the shadow on the ground as a PNG."""
    return raster(scene(frame, count), frame.width, frame.height, 0.6 if frame.width > frame.height else 1.0)


def terrain(count: int) -> dict[str, bytes]:
    """Returns the pictures of the shadow by asset name."""
    return {f"slope-{kind}.png": relief(frame, count) for kind, frame in FRAMES.items()}


@lru_cache(maxsize=8)
def skyline(frame: Frame, count: int) -> tuple[_Curve, tuple[tuple[float, float], ...]]:
    """Lays the path: down all the way, steep where the course is, with ledges, and flat into the basin at its end."""
    (x0, y0), (x1, y1) = frame.first, frame.last
    places = []
    for number in range(count):
        t = number / max(1, count - 1)
        fall = t + 0.016 * math.sin(2 * math.pi * 2.0 * t)
        places.append((round(x0 + (x1 - x0) * t, 1), round(y0 + (y1 - y0) * fall, 1)))
    step = (y1 - y0) / max(1, count - 1)
    run = (x1 - x0) / max(1, count - 1)
    before = (x0 - run, y0 - 0.55 * step)
    rest = max(frame.width - x1, 3 * run)
    basin = [
        (x1 + 0.22 * rest, y1 + 0.30 * step),
        (x1 + 0.5 * rest, y1 + 0.2 * step),
        (x1 + 1.0 * rest, y1 - 0.5 * step),
    ]
    return _Curve((before, *places, *basin)), tuple(places)


class _Curve:
    """A smooth curve through points that does not overshoot (monotone cubic: Fritsch and Carlson 1980)."""

    def __init__(self, points: tuple[tuple[float, float], ...]) -> None:
        self.x, self.y = zip(*points, strict=True)
        rises = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
        inner = [2 * a * b / (a + b) if a * b > 0 else 0.0 for a, b in pairwise(rises)]
        self.slopes = [rises[0], *inner, rises[-1]]

    def __call__(self, at: float) -> float:
        last = len(self.x) - 1
        if at <= self.x[0]:
            return float(self.y[0] + self.slopes[0] * (at - self.x[0]))
        if at >= self.x[last]:
            return float(self.y[last] + self.slopes[last] * (at - self.x[last]))
        left = max(index for index in range(last) if self.x[index] <= at)
        width = self.x[left + 1] - self.x[left]
        t = (at - self.x[left]) / width
        low, high = self.y[left], self.y[left + 1]
        start, end = self.slopes[left] * width, self.slopes[left + 1] * width
        return float(
            (2 * t**3 - 3 * t**2 + 1) * low
            + (t**3 - 2 * t**2 + t) * start
            + (3 * t**2 - 2 * t**3) * high
            + (t**3 - t**2) * end
        )
