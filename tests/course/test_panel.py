"""Controls that depend on each other: knobs that count under some options only, formulas that size a point."""

from __future__ import annotations

from typing import Any

import pytest

from fallline.core.errors import SpecError
from fallline.course.knob import Knob
from fallline.course.panel import Panel
from fallline.runs.spec.base import build

KNOBS: list[dict[str, Any]] = [
    {
        "id": "where",
        "path": "surface",
        "name": "where",
        "widget": "choice",
        "options": [
            {"value": "bowl", "label": "Bowl", "bounds": {"start": {"low": [-3, -3], "high": [3, 3]}}},
            {
                "value": "square",
                "label": "Square",
                "set": {"start": [5.0]},
                "bounds": {"start": {"low": [-6], "high": [6]}},
            },
            {"value": "bowls", "writes": "bowl", "label": "Bowls"},
            {"value": "own", "label": "Own"},
        ],
    },
    {"id": "start", "path": "start", "name": "start", "widget": "point", "low": [-4, -4], "high": [4, 4], "stops": 81},
    {
        "id": "formula",
        "path": "expression",
        "name": "f",
        "widget": "text",
        "only": {"where": ["own"]},
        "sizes": "start",
    },
    {
        "id": "weights",
        "path": "shape.dimension",
        "name": "d",
        "widget": "slider",
        "low": 3,
        "high": 9,
        "stops": 7,
        "whole": True,
        "only": {"where": ["bowls"]},
    },
    {
        "id": "reach",
        "path": "reach",
        "name": "reach",
        "widget": "choice",
        "only": {"where": ["own"]},
        "options": [
            {"value": 1.0, "label": "1", "bounds": {"start": {"low": [-1, -1], "high": [1, 1]}}},
            {"value": 2.0, "label": "2", "bounds": {"start": {"low": [-2, -2], "high": [2, 2]}}},
        ],
    },
    {"id": "a", "path": "optimizers.a.on", "name": "A", "widget": "toggle"},
    {"id": "b", "path": "optimizers.b.on", "name": "B", "widget": "toggle"},
    {"id": "c", "path": "optimizers.c.on", "name": "C", "widget": "toggle"},
]
SPEC: dict[str, Any] = {
    "surface": "bowl",
    "start": [1.0, -2.0],
    "expression": "x^2 + y^2",
    "reach": 2.0,
    "shape": {"dimension": 5},
    "optimizers": {"a": {"on": True}, "b": {"on": False}, "c": {"on": False}},
}


def panel() -> Panel:
    """The controls of a small lab."""
    knobs = tuple(knob for tree in KNOBS if isinstance(knob := build(Knob, tree), Knob))
    return Panel(knobs, SPEC, one_of=("a", "b", "c"), at_most=2)


def tree(query: dict[str, str]) -> dict[str, Any]:
    """The Spec of a query string."""
    return panel().tree(panel().read(query).values)


def test_a_knob_counts_only_under_its_options() -> None:
    """What does not count is left out of the Spec, an empty table with it; what counts is written."""
    assert {"expression", "reach", "shape"}.isdisjoint(tree({}))
    assert tree({"where": "bowls", "weights": "7"})["shape"] == {"dimension": 7}
    own = tree({"where": "own", "formula": "x^4 + y^2"})
    assert (own["expression"], own["reach"], own["surface"]) == ("x^4 + y^2", 2.0, "own")
    assert "shape" not in own


def test_an_option_may_write_something_else_than_its_name() -> None:
    """Two options with names of their own put the same into the Spec."""
    assert tree({"where": "bowls"})["surface"] == tree({"where": "bowl"})["surface"] == "bowl"


def test_bounds_of_a_choice_that_does_not_count_do_not_bind() -> None:
    """The reach of formulas says nothing of a named surface."""
    assert panel().read({"where": "bowl", "start": "3,0"}).values["start"] == (3.0, 0.0)
    assert panel().read({"where": "own", "start": "3,0"}).values["start"] == (2.0, 0.0)


def test_a_point_has_as_many_coordinates_as_there_are_weights() -> None:
    """One where the option starts with one, or the formula has one variable; two at most."""
    assert panel().read({"where": "square"}).values["start"] == (5.0,)
    assert panel().read({"where": "square", "start.x": "-6"}).values["start"] == (-6.0,)
    assert panel().read({"where": "square", "start": "-6,1"}).values["start"] == (-6.0,)
    assert panel().read({"where": "own", "formula": "x^2"}).values["start"] == (1.0,)
    assert panel().read({"where": "own", "formula": "x+z"}).values["start"] == (1.0, -2.0)
    assert len(panel().grid("start", panel().read({"where": "own", "formula": "sin(x)"}).values)) == 1


def test_a_mistaken_formula_falls_back_and_is_told() -> None:
    """The value is that of the start; where the formula does not count, nobody hears of its mistake."""
    wrong = panel().read({"where": "own", "formula": "x^^2"})
    assert wrong.values["formula"] == "x^2 + y^2"
    assert wrong.mistakes["formula"].column == 3
    assert wrong.notes == ()
    assert panel().read({"where": "bowl", "formula": "x^^2"}).mistakes == {}


def test_of_too_many_the_last_are_switched_off() -> None:
    """As many run as may, in the order of the lab, and a note says who does not."""
    reading = panel().read({"a": "1", "b": "1", "c": "1"})
    assert [reading.values[name] for name in "abc"] == [True, True, False]
    assert reading.notes == ("At most 2 run at once; switched off: C.",)
    none = panel().read({"a": "0"})
    assert none.values["a"] is True


@pytest.mark.parametrize("change", [{"sizes": "start"}, {"only": {"where": []}}])
def test_a_knob_that_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    """Only a text sizes a point, and a knob that never counts is a slip."""
    with pytest.raises(SpecError):
        build(Knob, {"id": "k", "path": "expression", "name": "k", "widget": "toggle", **change})


def test_a_curve_keeps_all_its_heights() -> None:
    """Only points are cut to the number of weights."""
    tree = {"id": "c", "path": "heights", "name": "c", "widget": "curve", "points": 4, "low": 0.0, "high": 1.0}
    curve = build(Knob, {**tree, "stops": 11})
    assert isinstance(curve, Knob)
    heights = Panel((curve,), {"heights": [0.0, 0.1, 0.5, 1.0]})
    assert heights.read({}).values["c"] == (0.0, 0.1, 0.5, 1.0)
    assert heights.read({"c": "1,1,0,0"}).values["c"] == (1.0, 1.0, 0.0, 0.0)
