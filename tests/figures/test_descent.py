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
