"""Figures of a descent: what they show is what the part says."""

from __future__ import annotations

from typing import Any

import pytest

from fallline.figures.descent import descent_figures
from fallline.figures.figure import Band, Field, Figure, Line, Points, Rule
from fallline.figures.roles import ROLES
from fallline.figures.svg import svg
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec


def drawn(**asked: Any) -> tuple[dict[str, Any], dict[str, Figure]]:
    """A race's part and its figures by id."""
    tree = {"kind": "descent", "surface": "ravine", "start": [-3.5, 1.2], "steps": 60, "seed": 2, **asked}
    part = answer(load_spec(tree)).part("descent")
    return part, {figure.id: figure for figure in descent_figures(part)}


def test_a_plain_race_has_a_map_and_a_loss_curve() -> None:
    """No schedule, no repeats: no figure of either."""
    part, figures = drawn(optimizers={"gd": {}, "adam": {}})
    assert list(figures) == ["descent-map", "descent-loss"]
    trails = [mark for mark in figures["descent-map"].marks if isinstance(mark, Line)]
    assert {trail.role for trail in trails} == {"gd", "adam"}
    for trail in trails:
        assert trail.x == tuple(point[0] for point in part["runs"][trail.role]["path"])
    assert figures["descent-map"].steps == figures["descent-loss"].steps == 60
    field = next(mark for mark in figures["descent-map"].marks if isinstance(mark, Field))
    assert (field.key, field.values) == ("ravine-121", ())
    start = next(mark for mark in figures["descent-map"].marks if isinstance(mark, Points) and mark.handle)
    assert (start.handle, start.x, start.y) == ("start", (-3.5,), (1.2,))


def test_a_schedule_adds_the_rate_by_step() -> None:
    """One line per runner, in the role of its schedule, from the base rate down."""
    part, figures = drawn(
        optimizers={
            name: {"optimizer": "gd", "schedule": {"name": name}} for name in ("constant", "cosine", "exponential")
        }
    )
    lines = [mark for mark in figures["descent-rate"].marks if isinstance(mark, Line)]
    assert [line.role for line in lines] == ["constant", "cosine", "exponential"]
    assert all(line.role in ROLES for line in lines)
    assert lines[1].y == tuple(part["runs"]["cosine"]["rates"])
    assert "Cosine annealing from 0.03" in figures["descent-rate"].alt


def test_repeats_add_bands_and_where_each_ends() -> None:
    """Quartiles as bands behind the losses; medians and spans on a figure of their own, n in its title."""
    part, figures = drawn(noise=1.0, repeats=5, optimizers={"gd": {}, "adam": {}})
    bands = [mark for mark in figures["descent-loss"].marks if isinstance(mark, Band)]
    assert len(bands) == 2
    assert all(low <= high for band in bands for low, high in zip(band.low, band.high, strict=True))
    ends = figures["descent-ends"]
    assert "n = 5" in ends.title
    dots = [mark for mark in ends.marks if isinstance(mark, Points)]
    assert {dot.role: dot.x[0] for dot in dots} == {
        key: part["repeated"][key]["late"]["median"] for key in ("gd", "adam")
    }


def test_one_runner_on_noisy_slopes_has_its_floor_drawn() -> None:
    """The rule stands at the floor that theory gives; two runners have none, for whose would it be."""
    part, figures = drawn(surface="bowl", start=[-2.4, 1.6], noise=1.0, optimizers={"gd": {"rate": 0.1}})
    rules = [mark for mark in figures["descent-loss"].marks if isinstance(mark, Rule)]
    assert [rule.at for rule in rules] == [part["runs"]["gd"]["floor"]]
    _, both = drawn(noise=1.0, optimizers={"gd": {}, "other": {"optimizer": "gd"}})
    assert not any(isinstance(mark, Rule) for mark in both["descent-loss"].marks)


@pytest.mark.parametrize("surface", ["ravine", "saddle", "himmelblau", "styblinski_tang", "noisy_bowl"])
def test_every_figure_can_be_drawn_where_everyone_breaks_off(surface: str) -> None:
    """Rates far above every limit: the trails end, nothing is infinite, and all is still a picture with a table."""
    _, figures = drawn(
        surface=surface,
        start=[1.0, 1.5],
        noise=1.0,
        repeats=3,
        optimizers={"gd": {"rate": 90.0}, "adam": {"rate": 90.0}},
    )
    for figure in figures.values():
        assert svg(figure, width=420.0).startswith("<svg")
        assert {len(row) for row in figure.table.rows} <= {len(figure.table.columns)}
        assert figure.alt


def test_one_weight_has_its_tangent_at_the_step_that_is_shown() -> None:
    """At each step a line through the point with the slope there; drawn for that step alone, however it is revealed."""
    part, figures = drawn(surface="square", start=[5.0], optimizers={"gd": {"rate": 0.25}})
    figure = figures["descent-map"]
    tangent = next(mark for mark in figure.marks if isinstance(mark, Line) and mark.frame)
    path, losses = part["runs"]["gd"]["path"], part["runs"]["gd"]["losses"]
    for step in (0, 3):
        (low, high), (left, right) = tangent.x[2 * step : 2 * step + 2], tangent.y[2 * step : 2 * step + 2]
        assert left is not None
        assert right is not None
        slope = (right - left) / (high - low)
        assert slope == pytest.approx(2 * path[step][0], rel=1e-6)
        assert left + slope * (path[step][0] - low) == pytest.approx(losses[step], rel=1e-6)
    assert len({svg(figure, step=step) for step in (0, 1, 2)}) == 3
    assert next(mark for mark in figure.marks if isinstance(mark, Rule)).handle == "start"


def test_a_wall_does_not_hide_the_valley() -> None:
    """Where a pole dwarfs the rest, the picture shows what most of the curve has, and the start."""
    _, figures = drawn(expression="1/x^2 + x^2", start=[2.0], optimizers={"gd": {"rate": 0.05}})
    high = figures["descent-map"].y.high
    assert high is not None
    assert 4.0 < high < 1000.0


def test_what_is_level_is_marked_by_its_kind() -> None:
    """Minima as rings, saddles and maxima in shapes of their own, each with its name."""
    _, figures = drawn(surface="himmelblau", start=[0.0, 0.0], optimizers={"gd": {"rate": 0.01}})
    names = [name for mark in figures["descent-map"].marks if isinstance(mark, Points) for name in mark.names]
    assert sorted(set(names)) == ["maximum", "minimum", "saddle"]
    assert names.count("minimum") == names.count("saddle") == 4


def test_many_weights_are_shown_as_a_slice_that_says_so() -> None:
    """The title tells what is held, the handle is in the plane, and the distance figure is still there."""
    part, figures = drawn(surface="powell", slice={}, start=[3.0, -1.0], optimizers={"gd": {"rate": 0.001}})
    assert list(figures) == ["descent-map", "descent-distance", "descent-loss"]
    figure = figures["descent-map"]
    assert "a slice, the other 2 weights held where the loss is lowest" in figure.title
    trail = next(mark for mark in figure.marks if isinstance(mark, Line))
    assert trail.x == tuple(point[0] for point in part["slice"]["runs"]["gd"]["path"])
    assert "from the plane" in figure.alt
