"""Stage ``rate-finder``: the sweep against the kind ``finder``, trainings against the same nets apart."""

from __future__ import annotations

import math
from typing import Any

import pytest

from fallline.course.content import load_course
from fallline.engine.schedules import Constant
from fallline.figures.rate_finder import rate_finder_figures
from fallline.runs.answer import answer
from fallline.runs.bench.seeded_nets import classes_of, train_seeds
from fallline.runs.spec import load_spec
from fallline.runs.spec.rate_finder import RateFinderSpec, finder_of

SMALL = {"kind": "rate-finder", "epochs": 1, "seeds": 2, "hidden": 4, "batch": 32}
RULES = ("valley", "slide", "minimum", "steep", "curvature")


def part(**asked: Any) -> dict[str, Any]:
    """The part of a small Spec."""
    made: dict[str, Any] = answer(load_spec(SMALL | asked)).part("rate-finder")
    return made


@pytest.fixture(scope="module")
def usual() -> dict[str, Any]:
    """The part at one rate."""
    return part(rate=0.3)


def test_the_sweep_agrees_with_the_finder_in_torch() -> None:
    """From other first weights and orders, the rules of a Spec of kind ``finder`` are within a factor of two."""
    spec = RateFinderSpec()
    mine = answer(spec).part("rate-finder")["said"]
    theirs = answer(finder_of(spec)).part("finder")
    for each in theirs["suggestions"]:
        assert 0.5 < mine[each["rule"]]["rate"] / each["rate"] < 2.0


def test_the_lowest_point_is_the_lowest(usual: dict[str, Any]) -> None:
    """It is where the median of the smoothed losses has its minimum, the unsettled first tenth left out."""
    losses = dict(list(zip(usual["sweep"]["rates"], usual["sweep"]["median"], strict=True))[10:])
    assert usual["said"]["lowest"]["rate"] == pytest.approx(min(losses, key=lambda rate: losses[rate]), rel=1e-5)


def test_what_training_gives_is_trained(usual: dict[str, Any]) -> None:
    """The chosen rate and a rule's rate end where the same nets end that are trained apart."""
    data = classes_of("digits", 600, 0)
    rates = (0.3, usual["said"]["slide"]["rate"])
    steps = -(-len(data.x) // 32)
    for rate, told in zip(rates, (usual["chosen"], usual["said"]["slide"]), strict=True):
        runs = [(rate, Constant())]
        (trained,) = train_seeds(data, "gd", runs, hidden=4, batch=32, steps=steps, looks=1, seeds=2, seed=0)
        assert told["low"] == pytest.approx(trained.held[:, -1].min())
        assert told["high"] == pytest.approx(trained.held[:, -1].max())


def test_the_best_is_the_lowest_of_all_that_were_tried(usual: dict[str, Any]) -> None:
    """No grid rate and no suggestion ends lower; the closest rule is so by factor."""
    ends = [each["end"] for each in (*usual["grid"], *usual["said"].values()) if each["end"] is not None]
    assert usual["best"]["end"] == min(ends)
    off = {name: abs(math.log(usual["said"][name]["rate"] / usual["best"]["rate"])) for name in RULES}
    assert off[usual["closest"]] == min(off.values())


def test_another_rate_leaves_sweep_and_grid(usual: dict[str, Any]) -> None:
    """Only what is chosen changes, and it is compared with the same best."""
    other = part(rate=3.0)
    for key in ("sweep", "said", "grid", "best", "closest"):
        assert other[key] == usual[key]
    assert other["chosen"]["share_of_best"] == pytest.approx(10 * usual["chosen"]["share_of_best"])


@pytest.mark.parametrize("asked", [{"rate": 100.0}, {"rate": 1e-5, "optimizer": "adam"}, {"seeds": 1, "batch": 64}])
def test_corners_are_drawn(asked: dict[str, Any]) -> None:
    """A rate that throws the net out, one that does nothing, one sweep: three figures, η to drag on the first."""
    figures = rate_finder_figures(part(**asked))
    assert [figure.id for figure in figures] == ["rate-sweep", "rate-trained", "rate-steps"]
    assert [mark.handle for mark in figures[0].marks if getattr(mark, "handle", "")] == ["rate"]


def test_the_lab_starts_at_the_lowest_point() -> None:
    """The rate that its prediction asks about is where the sweep is lowest, and it is not the best."""
    lab = load_course().lab("rate-finder")
    made = answer(load_spec(lab.spec_for(lab.values({})))).part("rate-finder")
    assert made["rate"] == pytest.approx(made["said"]["lowest"]["rate"], rel=0.01)
    assert made["said"]["lowest"]["over_best"] > 2.0
