"""The course as one descent."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from fallline.web.pages.home.slope import FRAMES, Frame, scene, slope, terrain
from fallline.web.pages.home.terrain import relative

TITLES = [f"Title of week {number}" for number in range(1, 15)]


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_it_goes_down_all_the_way(frame: Frame) -> None:
    """Every station lies lower than the one before and further on, inside the picture."""
    stations = slope(TITLES, 5, frame).stations
    for before, after in pairwise(stations):
        assert after.y > before.y
        assert after.x > before.x
    assert all(0 <= each.x <= frame.width and 0 <= each.y <= frame.height for each in stations)


@pytest.mark.parametrize("kind", ["wide", "tall"])
def test_labels_do_not_meet(kind: str) -> None:
    """The words of two stations are at least a line apart."""
    stations = slope(TITLES, 1, FRAMES[kind]).stations
    needed = 24 if kind == "wide" else 44
    assert min(b.y - a.y for a, b in pairwise(stations)) >= needed


@pytest.mark.parametrize(("here", "done"), [(1, 0), (5, 4), (14, 13), (15, 14)])
def test_what_is_done_is_behind(here: int, done: int) -> None:
    """Stations before the one you are at are done, those after it are ahead."""
    states = [each.state for each in slope(TITLES, here, FRAMES["wide"]).stations]
    assert states == ["done"] * done + ["here"] * (here <= 14) + ["ahead"] * (14 - done - (here <= 14))


def test_the_two_parts_of_the_path_meet_where_you_are() -> None:
    """The path behind ends where the path ahead begins."""
    made = slope(TITLES, 7, FRAMES["wide"])
    ends = []
    for path in (made.done, made.ahead):
        x, y = map(float, re.match(r"M(\S+) (\S+)l", path).groups())  # type: ignore[union-attr]
        numbers = [float(each) for each in path.split("l")[1].split()]
        ends.append(((x, y), (x + sum(numbers[::2]), y + sum(numbers[1::2]))))
    assert ends[0][1] == pytest.approx(ends[1][0], abs=0.6)


def test_the_ground_lies_below_the_skyline() -> None:
    """Row 0 is the skyline itself, and nothing rises above it by more than a fold."""
    ground = scene(FRAMES["wide"], 14)
    assert (ground.y[1:].min(axis=0) >= ground.y[0] - FRAMES["wide"].folds).all()
    assert ground.dark.min() >= 0
    assert ground.dark.max() <= 1


def test_the_relief_is_the_same_everywhere() -> None:
    """The pictures come from a fixed seed: made twice, they are the same bytes."""
    scene.cache_clear()
    first = terrain(14)
    scene.cache_clear()
    assert terrain(14) == first
    assert set(first) == {"slope-wide.png", "slope-tall.png", "slope-strip.png"}


def test_paths_do_not_drift() -> None:
    """Rounding of relative steps does not add up: the end is where it should be to a tenth of a pixel."""
    points = [(step * 0.333, step * 0.777) for step in range(500)]
    numbers = [float(each) for each in relative(points).split("l")[1].split()]
    assert sum(numbers[::2]) == pytest.approx(points[-1][0], abs=0.1)
    assert sum(numbers[1::2]) == pytest.approx(points[-1][1], abs=0.1)
