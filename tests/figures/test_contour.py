"""Contour lines and hill shading against what geometry says."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fallline.figures import Field
from fallline.figures.contour import contour
from fallline.figures.relief import heights, levels, shadow

n = 81
axis = np.linspace(-1, 1, n)
x, y = np.meshgrid(axis, axis)


@given(radius=st.floats(0.1, 0.95))
def test_the_contour_of_a_bowl_is_a_circle(radius: float) -> None:
    """One closed line, every point at the radius, as long as the circle."""
    (line,) = contour(x * x + y * y, radius * radius)
    points = np.array(line) * 2 / (n - 1) - 1
    assert line[0] == line[-1]
    assert np.allclose(np.hypot(*points.T), radius, atol=2e-3)
    length = float(np.hypot(*np.diff(points, axis=0).T).sum())
    assert math.isclose(length, 2 * math.pi * radius, rel_tol=0.01)


def test_lines_end_at_the_border_and_not_before() -> None:
    """A plane is crossed by one straight line from edge to edge."""
    (line,) = contour(x + 0 * y, 0.3)
    assert {line[0][1], line[-1][1]} == {0.0, float(n - 1)}
    assert np.allclose([column for column, _ in line], (0.3 + 1) * (n - 1) / 2)


def test_a_saddle_gives_two_branches() -> None:
    """Above and below its pass, a saddle's contour is two lines that do not meet."""
    assert len(contour(x * y, 0.1)) == len(contour(x * y, -0.1)) == 2


def test_no_line_enters_what_is_undefined() -> None:
    """Cells with a missing corner are left out."""
    values = (x * x + y * y).copy()
    values[:, : n // 2] = math.nan
    points = [point for line in contour(values, 0.25) for point in line]
    assert points
    assert min(column for column, _ in points) >= n // 2


@given(values=st.lists(st.integers(-3, 3), min_size=30, max_size=30), level=st.sampled_from([-1.5, -0.5, 0.5, 1.25]))
def test_every_crossing_is_on_exactly_one_line(values: list[int], level: float) -> None:
    """Each side of a cell whose ends lie on both sides of the level is crossed once, wherever it is."""
    grid = np.array(values, dtype=float).reshape(5, 6)
    above = grid >= level
    crossed = int((above[:, 1:] != above[:, :-1]).sum() + (above[1:] != above[:-1]).sum())
    lines = contour(grid, level)
    assert sum(len(line) - (line[0] == line[-1]) for line in lines) == crossed


def test_light_comes_from_the_north_west() -> None:
    """A cone is bright to the north-west and dark to the south-east."""
    dark = shadow(1 - np.hypot(x, y) / 2)
    assert dark[60, 20] < 0.05
    assert dark[20, 60] > 0.5


def test_a_map_over_decades_has_lines_in_every_decade() -> None:
    """Levels of a log map are 1, 2 and 5 of each decade, the ones at 1 heavier."""
    values = tuple(float(v) for v in (10.0 ** (4 * (x * x + y * y))).ravel())
    field = Field((-1.0, 1.0), (-1.0, 1.0), n, n, values, log=True)
    map_ = heights(field)
    assert map_ is not None
    found = levels(field, map_)
    assert 8 <= len(found) <= 14
    assert sum(heavy for _, heavy in found) >= 3
