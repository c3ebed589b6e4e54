"""Spec kind ``descent``: one or several optimizers on a surface from one start."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import PlainName, Spec, SpecModel
from fallline.runs.spec.schedules import ScheduleSpec

Coordinate = Annotated[float, Field(ge=-1e6, le=1e6)]


class RunnerSpec(SpecModel):
    """One optimizer in the race.

    Attributes:
        optimizer: its name; by default the key it stands under.
        rate: the learning rate η.
        on: whether it runs.
        params: its other hyperparameters by name, such as ``momentum``.
        schedule: factor on its rate; by default the race's.
    """

    optimizer: PlainName | None = None
    rate: Annotated[float, Field(gt=0, le=1e4)] = 0.03
    on: bool = True
    params: Annotated[dict[PlainName, float], Field(max_length=12)] = Field(default_factory=dict)
    schedule: ScheduleSpec | None = None


class DescentSpec(Spec):
    """Optimizers on a surface.

    Attributes:
        surface: its name.
        start: x and y.
        steps: of each optimizer.
        noise: standard deviation of Gaussian noise added to each gradient coordinate.
        repeats: how often each runs, every time with other noise; the path drawn is the first.
        schedule: factor on every rate, where a runner has none of its own.
        optimizers: name → runner; at most eight.
    """

    kind: Literal["descent"] = "descent"
    surface: PlainName = "ravine"
    start: tuple[Coordinate, Coordinate] = (-2.0, 1.5)
    steps: Annotated[int, Field(ge=1, le=2_000)] = 150
    noise: Annotated[float, Field(ge=0, le=1e3)] = 0.0
    repeats: Annotated[int, Field(ge=1, le=50)] = 1
    schedule: ScheduleSpec = ScheduleSpec()
    optimizers: Annotated[dict[PlainName, RunnerSpec], Field(min_length=1, max_length=8)] = Field(
        default_factory=lambda: {"gd": RunnerSpec()}
    )
