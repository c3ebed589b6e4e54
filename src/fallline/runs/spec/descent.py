"""Spec kind ``descent``: one or several optimizers on a surface from one start."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.sources.spec import DataSpec
from fallline.runs.spec.base import PlainName, Spec, SpecModel
from fallline.runs.spec.schedules import PlanSpec, ScheduleSpec

Coordinate = Annotated[float, Field(ge=-1e6, le=1e6)]
Side = tuple[Coordinate, Coordinate]
MOST_WEIGHTS = 100
MOST_RUNNERS = 8
"""Optimizers that run in one race: more than one can follow on a picture, and what a request may cost."""


class RunnerSpec(SpecModel):
    """One optimizer in the race.

    Attributes:
        optimizer: its name; by default the key it stands under.
        rate: the learning rate η.
        on: whether it runs.
        params: its other hyperparameters by name, such as ``momentum``.
        dialect: whose formula of that name: ``torch`` or ``keras``; see `fallline.engine.optim`.
        options: what goes around it, by name, such as ``clip_norm`` or ``ema``; see `fallline.engine.optim.options`.
        schedule: factor on its rate; by default the race's. ``reduce_on_plateau`` goes by the loss after each step.
        plan: what drives its rate, momentum and decay, in place of `schedule`; by default the race's.
    """

    optimizer: PlainName | None = None
    rate: Annotated[float, Field(gt=0, le=1e4)] = 0.03
    on: bool = True
    params: Annotated[dict[PlainName, float], Field(max_length=12)] = Field(default_factory=dict)
    dialect: Literal["torch", "keras"] = "torch"
    options: Annotated[dict[PlainName, float], Field(max_length=8)] = Field(default_factory=dict)
    schedule: ScheduleSpec | None = None
    plan: PlanSpec | None = None


class ShapeSpec(SpecModel):
    """Which member of a family of surfaces; see `fallline.engine.surfaces.FAMILIES`.

    Attributes:
        dimension: how many weights.
        condition: of a bowl: largest over smallest curvature.
        rotation: of a bowl: by how many degrees its axes are turned.
    """

    dimension: Annotated[int, Field(ge=1, le=MOST_WEIGHTS)] | None = None
    condition: Annotated[float, Field(ge=1, le=1e12)] | None = None
    rotation: Annotated[float, Field(ge=-360, le=360)] | None = None


class NoiseSpec(SpecModel):
    """A kind of noise in the gradient; see `fallline.engine.descent.NOISES`.

    Attributes:
        kind: its name.
        params: its settings by name, such as ``scale``, ``degrees``, ``size`` and ``replacement`` (0 or 1).
    """

    kind: PlainName = "gaussian"
    params: Annotated[dict[PlainName, float], Field(max_length=4)] = Field(default_factory=dict)


class SliceSpec(SpecModel):
    """The plane in which a surface over more than two weights is drawn: its other weights stay where it is lowest.

    Where no lowest point is known, they stay where the surface starts. A start of two numbers is then a place in this
    plane.

    Attributes:
        across: number of the weight drawn from left to right; one beyond the last is the last.
        up: number of the weight drawn upwards; likewise.
        steepest: whether the plane is that of the two largest curvatures at the lowest point, in place of two weights.
    """

    across: Annotated[int, Field(ge=1, le=MOST_WEIGHTS)] = 1
    up: Annotated[int, Field(ge=1, le=MOST_WEIGHTS)] = 2
    steepest: bool = False


class RowsSpec(SpecModel):
    """A linear model's mean loss over the rows of `data`, in place of a named surface.

    Attributes:
        loss: of one row: ``squared``, ``huber`` or ``logistic``.
        target: the column of labels: numbers, or two levels for the logistic loss.
        columns: the columns of features, all numbers; at most ten.
        intercept: whether a weight of its own is added for all rows; it is the first.
        standard: whether each column is brought to mean 0 and deviation 1.
        ridge: λ of λ/2·|w|².
        width: where Huber's loss turns straight.
    """

    loss: PlainName = "squared"
    target: Annotated[str, Field(min_length=1, max_length=200)]
    columns: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(min_length=1, max_length=10)
    ]
    intercept: bool = True
    standard: bool = True
    ridge: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    width: Annotated[float, Field(gt=0, le=1e6)] = 1.0


class DescentSpec(Spec):
    """Optimizers on a surface.

    Attributes:
        surface: its name.
        expression: a formula in x, y, z or w1, w2, …, in place of a named surface; it is read, never executed.
        domain: of the formula: one (low, high) for each variable, or one for all; −5 to 5 where it is not given.
        reach: of the formula, in place of `domain`: every variable goes from −reach to reach.
        shape: which member of the family that `surface` names; None for the surface of that name itself.
        slice: the plane in which more than two weights are drawn; None draws how far each is from the goal.
        data: the table of `rows`.
        rows: the loss over that table; the weights are those of its columns.
        start: one number for each weight.
        steps: of each optimizer.
        noise: standard deviation of Gaussian noise added to each gradient coordinate.
        noisy: another kind of noise, in place of `noise`.
        repeats: how often each runs, every time with other noise; the path drawn is the first.
        schedule: factor on every rate, where a runner has none of its own.
        plan: what drives rate, momentum, decay and mini-batches of all, in place of `schedule`.
        optimizers: name → runner; at most eight of them on.
    """

    kind: Literal["descent"] = "descent"
    surface: PlainName = "ravine"
    expression: Annotated[str, Field(min_length=1, max_length=2_000)] | None = None
    domain: Annotated[tuple[Side, ...], Field(min_length=1, max_length=MOST_WEIGHTS)] | None = None
    reach: Annotated[float, Field(gt=0, le=1e6)] | None = None
    shape: ShapeSpec | None = None
    slice: SliceSpec | None = None
    data: DataSpec | None = None
    rows: RowsSpec | None = None
    start: Annotated[tuple[Coordinate, ...], Field(min_length=1, max_length=MOST_WEIGHTS)] = (-2.0, 1.5)
    steps: Annotated[int, Field(ge=1, le=2_000)] = 150
    noise: Annotated[float, Field(ge=0, le=1e3)] = 0.0
    noisy: NoiseSpec | None = None
    repeats: Annotated[int, Field(ge=1, le=50)] = 1
    schedule: ScheduleSpec = ScheduleSpec()
    plan: PlanSpec | None = None
    optimizers: Annotated[dict[PlainName, RunnerSpec], Field(min_length=1, max_length=48)] = Field(
        default_factory=lambda: {"gd": RunnerSpec()}
    )
