"""Figures of a search by a Gaussian process."""

from __future__ import annotations

from typing import Any

import pytest

from fallline.figures.figure import Band, Figure, Line, Points, Rule
from fallline.figures.next_point import WORTH, next_point_figures
from fallline.figures.svg import svg
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec


def drawn(**asked: Any) -> tuple[dict[str, Any], dict[str, Figure]]:
    """A search's part and its figures by id."""
    part = answer(load_spec({"kind": "next-point", **asked})).part("next-point")
    return part, {figure.id: figure for figure in next_point_figures(part)}


@pytest.mark.parametrize("acquisition", sorted(WORTH))
def test_the_next_point_stands_at_the_top_of_what_looking_is_worth(acquisition: str) -> None:
    """Both figures mark the same x, and the worth is highest there."""
    part, figures = drawn(acquisition=acquisition, evaluations=7, explore=0.1)
    for name in ("next-point-belief", "next-point-acquisition"):
        rule = next(mark for mark in figures[name].marks if isinstance(mark, Rule))
        assert rule.at == part["next"]
    worth = next(mark for mark in figures["next-point-acquisition"].marks if isinstance(mark, Line))
    assert worth.y[worth.x.index(part["next"])] == max(value for value in worth.y if value is not None)
    assert figures["next-point-acquisition"].y.label == WORTH[acquisition]


def test_the_band_holds_the_mean_and_touches_what_is_known() -> None:
    """Mean ± 2 standard deviations; where a point was tried without noise there is no doubt."""
    part, figures = drawn(evaluations=8)
    band = next(mark for mark in figures["next-point-belief"].marks if isinstance(mark, Band))
    for low, mean, high in zip(band.low, part["mean"], band.high, strict=True):
        assert low <= mean <= high
    places = [round(x * 200) for x in part["x"]]
    assert all(band.high[place] - band.low[place] < 1e-2 for place in places)
    tried = [mark for mark in figures["next-point-belief"].marks if isinstance(mark, Points) and not mark.hollow]
    assert tried[0].x == tuple(part["x"])


@pytest.mark.parametrize("evaluations", [3, 15])
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_every_step_can_be_drawn(evaluations: int, noise: float) -> None:
    """First and last step, with and without noise; the progress has one row per evaluation."""
    _, figures = drawn(evaluations=evaluations, noise=noise)
    for figure in figures.values():
        assert svg(figure, width=420.0).startswith("<svg")
    assert len(figures["next-point-progress"].table.rows) == evaluations
