"""Schedules in a Spec: nested ones are written, read, built and kept as they are."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.engine.schedules import (
    SCHEDULES,
    AnnealLinear,
    Constant,
    Cosine,
    MultiStep,
    ReduceOnPlateau,
    Sequence,
    Step,
    Warmup,
)
from fallline.runs.spec import load_spec, parse_json, parse_spec, to_toml
from fallline.runs.spec.descent import DescentSpec
from fallline.runs.spec.schedules import PartSpec, PlanSpec, ScheduleSpec, build_pace, build_plan, build_schedule

NESTED = """
kind = "descent"

[schedule]
name = "sequence"
parts = [
  { name = "anneal_linear", params = { start = 0.0, end = 1.0 }, share = 0.1 },
  { name = "warmup", parts = [{ name = "step", params = { every = 7 } }], share = 0.2 },
  { name = "cosine", share = 0.7 },
]
"""


def read(tree: dict[str, Any]) -> ScheduleSpec:
    """A schedule's Spec from plain data."""
    return ScheduleSpec.model_validate_json(json.dumps(tree))


def test_a_nested_schedule_is_built_as_written_and_survives_the_round_trip() -> None:
    """TOML → Spec → schedule gives what the engine's own classes give; TOML and JSON give the Spec back."""
    spec = parse_spec(NESTED)
    assert isinstance(spec, DescentSpec)
    expected = Sequence((AnnealLinear(0.0, 1.0), Warmup((Step(7),)), Cosine()), (0.1, 0.2, 0.7))
    assert build_schedule(spec.schedule) == expected
    assert parse_spec(to_toml(spec)) == spec
    assert load_spec(parse_json(json.dumps(spec.to_tree()))) == spec


def test_milestones_are_a_list() -> None:
    """A list of steps becomes the tuple that the schedule takes, in whole numbers or written with a dot."""
    for milestones in ([3, 9], [3.0, 9.0]):
        spec = read({"name": "multi_step", "params": {"milestones": milestones, "gamma": 0.5}})
        assert build_schedule(spec) == MultiStep((3, 9), 0.5)


def test_by_milestones_the_last_part_has_the_rest() -> None:
    """Each part but the last says where it ends."""
    spec = read({"name": "sequence", "parts": [{"until": 3}, {"name": "cosine", "until": 9}, {}]})
    assert build_schedule(spec) == Sequence((Constant(), Cosine(), Constant()), until=(3, 9))


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_has_defaults_in_a_spec(name: str) -> None:
    """A name alone is enough."""
    assert build_schedule(read({"name": name})) == SCHEDULES[name]()


def test_a_plan_says_which_of_the_four_are_driven() -> None:
    """Rate, momentum, decay and batch each have a schedule of their own; what is left out is constant."""
    tree = {"momentum": {"name": "one_cycle_momentum"}, "batch": {"name": "anneal_exponential", "params": {"end": 8}}}
    plan = build_plan(PlanSpec.model_validate_json(json.dumps(tree)))
    assert plan.drives == ("momentum", "batch")
    assert np.array_equal(plan.rate.factors(5), np.ones(5))
    assert plan.values("batch", 16, 4)[-1] > 60


def test_a_mistake_in_a_plan_is_named_by_its_path() -> None:
    """The error says which of the four, and where in it."""
    tree = {"decay": {"name": "warmup", "parts": [{"name": "cosine", "params": {"flor": 0.1}}]}}
    with pytest.raises(SpecError, match=r"^plan\.decay\.parts\.0\.params: .*Did you mean 'floor'"):
        build_plan(PlanSpec.model_validate_json(json.dumps(tree)))


def test_a_schedule_may_go_by_what_a_loop_measures() -> None:
    """By name and settings, as any other; a setting that is none, a part and a number out of range are named."""
    found = build_pace(ScheduleSpec(name="reduce_on_plateau", params={"patience": 2.0, "gamma": 0.5}))
    assert found == ReduceOnPlateau(gamma=0.5, patience=2)
    assert build_pace(ScheduleSpec(name="cosine")) == build_schedule(ScheduleSpec(name="cosine"))
    for spec, words in (
        (ScheduleSpec(name="reduce_on_platou"), "Did you mean 'reduce_on_plateau'"),
        (ScheduleSpec(name="reduce_on_plateau", params={"patients": 2.0}), "Did you mean 'patience'"),
        (ScheduleSpec(name="reduce_on_plateau", params={"gamma": 2.0}), r"schedule\.params\.gamma"),
        (ScheduleSpec(name="reduce_on_plateau", parts=(PartSpec(),)), "it has none"),
    ):
        with pytest.raises(SpecError, match=words):
            build_pace(spec)
