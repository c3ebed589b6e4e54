"""Spec kind ``drawn-schedule``: a schedule by name or drawn by hand, and what it does to a real net."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.core.choice import lookup
from fallline.runs.spec.base import PlainName, Spec
from fallline.runs.spec.schedules import PartSpec, ScheduleSpec
from fallline.runs.spec.train import NetSpec, OptimizerSpec, SetSpec, TrainSpec

POINTS = 9
"""Heights of a curve: the largest sequence has eight parts."""
NODES_AT = 200
"""Steps of the run on which a shape's heights are read off."""
Height = Annotated[float, Field(ge=0, le=1)]
ROWS = {"digits": 600, "mnist1d": 1000, "moons": 400}
"""Set → rows that are used: a few hundred, so that an answer comes at once."""


class DrawnScheduleSpec(Spec):
    """A perceptron on real rows under three schedules: one's own, the constant rate, and cosine annealing.

    Attributes:
        shape: the schedule that one's own starts from, by name, with settings that suit the run.
        heights: of nine points over the run, straight lines between them. While they stand where the shape has them,
            the shape itself runs; once one is moved, the lines do.
        data: what is learned.
        optimizer: who takes the steps.
        rate: the base rate η₀, the same for all three.
        epochs: passes over the training rows.
        batch: rows of a step.
        hidden: units of the hidden layer.
        seeds: how many trainings of each; they differ in first weights and in the order of the rows.
    """

    kind: Literal["drawn-schedule"] = "drawn-schedule"
    shape: PlainName = "cosine"
    heights: Annotated[tuple[Height, ...], Field(min_length=POINTS, max_length=POINTS)] | None = None
    data: Literal["digits", "mnist1d", "moons"] = "digits"
    optimizer: Literal["gd", "momentum", "adam"] = "gd"
    rate: Annotated[float, Field(gt=0, le=100)] = 1.0
    epochs: Annotated[int, Field(ge=1, le=12)] = 5
    batch: Annotated[int, Field(ge=4, le=64)] = 8
    hidden: Annotated[int, Field(ge=2, le=32)] = 16
    seeds: Annotated[int, Field(ge=1, le=12)] = 10


def shape_heights(name: str) -> tuple[float, ...]:
    """Returns the nine heights of a named shape, to hundredths.

    Raises:
        SpecError: no such schedule.
    """
    from fallline.engine.schedules import SCHEDULES  # as in names.py: a Spec of another kind needs none of these

    factors = lookup(name, SCHEDULES, "shape").suited(NODES_AT).factors(NODES_AT)
    places = [round(share * (NODES_AT - 1) / (POINTS - 1)) for share in range(POINTS)]
    return tuple(round(float(factors[place]), 2) + 0.0 for place in places)


def is_drawn(spec: DrawnScheduleSpec) -> bool:
    """Tells whether a point stands where the shape does not have it."""
    if spec.heights is None:
        return False
    return any(abs(mine - own) > 0.005 for mine, own in zip(spec.heights, shape_heights(spec.shape), strict=True))


def schedule_spec(spec: DrawnScheduleSpec, steps: int) -> ScheduleSpec:
    """Returns the schedule as any Spec writes it: the named one, or a sequence of straight lines.

    Args:
        spec: of the lab.
        steps: of the run.
    """
    from fallline.engine.schedules import SCHEDULES  # as above

    if not is_drawn(spec) or spec.heights is None:
        made = lookup(spec.shape, SCHEDULES, "shape").suited(steps)
        return ScheduleSpec(name=spec.shape, params={each.name: getattr(made, each.name) for each in made.parameters})
    lines = zip(spec.heights, spec.heights[1:], strict=False)
    parts = tuple(PartSpec(name="anneal_linear", params={"start": start, "end": end}) for start, end in lines)
    return ScheduleSpec(name="sequence", parts=parts)


def training_of(spec: DrawnScheduleSpec, steps: int) -> TrainSpec:
    """Returns the same training as a Spec of kind ``train``, for one seed.

    Args:
        spec: of the lab.
        steps: of the run.
    """
    return TrainSpec(
        title=spec.title,
        seed=spec.seed,
        net=NetSpec(name="mlp", widths=(spec.hidden,), activation="tanh"),
        set=SetSpec(name=spec.data, rows=ROWS[spec.data]),
        optimizer=OptimizerSpec(name=spec.optimizer, rate=spec.rate),
        schedule=schedule_spec(spec, steps),
        epochs=spec.epochs,
        batch=spec.batch,
    )
