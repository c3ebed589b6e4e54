"""Stage ``drawn-schedule``: shapes and lines against the schedules themselves, nets against plain NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.course.content import load_course
from fallline.engine.optim import GradientDescent
from fallline.engine.schedules import SCHEDULES, Constant
from fallline.engine.train.population import Member, Perceptron, population
from fallline.figures.drawn_schedule import drawn_schedule_figures
from fallline.runs.answer import answer
from fallline.runs.bench.seeded_nets import classes_of, train_seeds
from fallline.runs.spec import load_spec
from fallline.runs.spec.drawn_schedule import DrawnScheduleSpec, schedule_spec, shape_heights
from fallline.runs.spec.schedules import build_schedule

DRAWN = [0.5, 0.9, 1.0, 0.2, 0.7, 0.6, 0.3, 0.1, 0.0]


def part(**asked: Any) -> dict[str, Any]:
    """The part of a small Spec."""
    small = {"kind": "drawn-schedule", "epochs": 1, "seeds": 3, "data": "moons", **asked}
    made: dict[str, Any] = answer(load_spec(small)).part("drawn-schedule")
    return made


def test_a_drawn_schedule_is_straight_lines_through_its_points() -> None:
    """On a run of 800 steps the factors are NumPy's own interpolation."""
    made = build_schedule(schedule_spec(DrawnScheduleSpec(heights=tuple(DRAWN)), 800))
    lines = np.interp(np.arange(800), np.linspace(0, 800, 9), DRAWN)
    np.testing.assert_allclose(made.factors(800), lines, atol=1e-12)


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_untouched_points_leave_the_shape_as_it_is(name: str) -> None:
    """Each of the 22 shapes runs itself, at every length, until one point is moved."""
    heights = shape_heights(name)
    kept = build_schedule(schedule_spec(DrawnScheduleSpec(shape=name, heights=heights), 150))
    np.testing.assert_array_equal(kept.factors(150), SCHEDULES[name].suited(150).factors(150))
    moved = (1.0 - heights[0], *heights[1:])
    assert schedule_spec(DrawnScheduleSpec(shape=name, heights=moved), 150).name == "sequence"


def test_the_lab_offers_every_shape_with_its_own_heights() -> None:
    """What the lab's options set is what the schedules have, to hundredths."""
    options = load_course().lab("draw-a-schedule").knob("shape").options
    assert {option.value: option.set["heights"] for option in options} == {
        name: shape_heights(name) for name in SCHEDULES
    }


def test_a_shape_that_is_none_is_refused() -> None:
    """The nearest name is offered."""
    with pytest.raises(SpecError, match="Did you mean 'cosine'"):
        load_spec({"kind": "drawn-schedule", "shape": "cosin"})


def test_each_net_is_what_it_is_alone() -> None:
    """Losses held out are those of the same member trained by itself, its outputs through NumPy's log-sum-exp."""
    data = classes_of("moons", 400, 0)
    runs = [(0.5, Constant()), (0.1, Constant())]
    found = train_seeds(data, "gd", runs, hidden=6, batch=16, steps=40, looks=4, seeds=2, seed=3)
    assert [len(each.looks) for each in found] == [4, 4]
    for (rate, schedule), trainings in zip(runs, found, strict=True):
        for k in range(2):
            member = Member(GradientDescent(), rate, schedule, seed=3_000 + k, initialisation="xavier")
            alone = population(Perceptron((2, 6, 2), "tanh"), (data.x, data.y), [member], steps=40, batch=16).advance()
            z = alone.outputs(0, data.held_x).astype(np.float64)
            losses = np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), data.held_y]
            assert trainings.held[k, -1] == pytest.approx(losses.mean(), rel=1e-4)
            assert trainings.train[k, 0] == pytest.approx(alone.losses[0, :10].mean(), rel=1e-6)


def test_the_references_do_not_depend_on_what_is_drawn() -> None:
    """Another curve leaves the constant rate and cosine annealing as they were."""
    one, other = part(heights=DRAWN), part(shape="noam")
    assert one["runs"]["constant"] == other["runs"]["constant"]
    assert one["runs"]["cosine"] == other["runs"]["cosine"]
    assert part(shape="cosine")["runs"]["mine"]["held"] == one["runs"]["cosine"]["held"]


@pytest.mark.parametrize(
    "asked", [{"rate": 100.0}, {"heights": [0.0] * 9}, {"seeds": 1, "optimizer": "adam"}, {"data": "mnist1d"}]
)
def test_corners_are_drawn(asked: dict[str, Any]) -> None:
    """Nets that are thrown out, a rate of 0, one seed: four figures and a verdict that holds."""
    made = part(**asked)
    figures = drawn_schedule_figures(made)
    assert [figure.id for figure in figures] == ["drawn-schedule", "drawn-validation", "drawn-train", "drawn-ends"]
    assert sum(bool(getattr(mark, "handle", "")) for mark in figures[0].marks) == 9
    medians = {key: run["end"]["median"] for key, run in made["runs"].items() if run["end"]["median"] is not None}
    assert made["usual"] == min(medians, key=lambda key: medians[key], default=None)
