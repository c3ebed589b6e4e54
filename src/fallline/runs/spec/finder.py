"""Spec kind ``finder``: the learning-rate finder on a net, and what training at a rate gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from fallline.core.choice import lookup
from fallline.core.errors import SpecError
from fallline.runs.spec.base import PlainName, Spec, SpecModel
from fallline.runs.spec.schedules import Number
from fallline.runs.spec.train import NetSpec, OptimizerSpec, SetSpec, TrainSpec, check_train

Rate = Annotated[float, Field(ge=1e-12, le=1e4)]
MOST_SWEPT = 5_000
"""Steps of all sweeps together."""


class SweptSpec(SpecModel):
    """The optimizer whose rate is looked for.

    Attributes:
        name: which one.
        params: its hyperparameters by name, without the rate.
    """

    name: PlainName = "adam"
    params: Annotated[dict[PlainName, Number], Field(max_length=12)] = Field(default_factory=dict)


class ProbeSpec(SpecModel):
    """A short training at a constant rate: what if I take this one.

    Attributes:
        rate: the rate; without it, the one that is recommended.
        steps: how many; 0 trains nothing.
        rules: whether the rate of each rule, and the one that is recommended, are tried too.
    """

    rate: Rate | None = None
    steps: Annotated[int, Field(ge=0, le=2_000)] = 60
    rules: bool = False


class FinderSpec(Spec):
    """Sweeps of the learning rate over mini-batches, the rules that read a rate off them, and a training at one.

    Attributes:
        net: which net; every sweep starts from the same weights, those of a training with this seed.
        set: rows known by name.
        optimizer: who takes the steps.
        loss: its name; by default the task's own.
        batch: rows of a step.
        low: the lowest rate.
        high: the highest.
        steps: rates of a sweep, evenly spaced on a logarithmic axis; a step is taken at each.
        seeds: how many sweeps; they differ in the order of the rows and in what the net draws.
        smoothing: share of the past in the running mean of the loss.
        blow_up: a sweep ends where the running mean is so many times its lowest value.
        curvature: whether curvature is measured; it takes about as long again as the rest.
        probe: a short training at a rate.
    """

    kind: Literal["finder"] = "finder"
    net: NetSpec = NetSpec()
    set: SetSpec = SetSpec()
    optimizer: SweptSpec = SweptSpec()
    loss: PlainName | None = None
    batch: Annotated[int, Field(ge=1, le=4096)] = 32
    low: Rate = 1e-5
    high: Rate = 10.0
    steps: Annotated[int, Field(ge=20, le=1_000)] = 80
    seeds: Annotated[int, Field(ge=1, le=20)] = 3
    smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.98
    blow_up: Annotated[float, Field(gt=1, le=1e6)] = 4.0
    curvature: bool = True
    probe: ProbeSpec = ProbeSpec()


def training_of(spec: FinderSpec, rate: float | None = None) -> TrainSpec:
    """Returns the training whose rate is looked for: same rows, same first weights, same optimizer.

    Args:
        spec: of the finder.
        rate: of the training; by default the optimizer's own.
    """
    return TrainSpec(
        seed=spec.seed,
        net=spec.net,
        set=spec.set,
        optimizer=OptimizerSpec(name=spec.optimizer.name, rate=rate, params=spec.optimizer.params),
        loss=spec.loss,
        batch=spec.batch,
        steps=max(spec.probe.steps, 1),
    )


def check_finder(spec: FinderSpec) -> None:
    """Refuses a finder that names something unknown, or whose sweeps are none.

    Raises:
        SpecError: the path, the value, and what was expected.
    """
    from fallline.engine.data.sets import SETS  # as in names.py: a Spec of another kind needs none of these
    from fallline.engine.train.finder.optimizers import SWEPT

    lookup(spec.optimizer.name, SWEPT, "optimizer.name")
    check_train(training_of(spec))
    task = SETS[spec.set.name].task
    if spec.net.name == "logistic" and task == "regression":
        raise SpecError("net.name", "logistic", "a net that gives numbers", "Take 'linear'.")
    if spec.loss is not None:
        _check_loss(spec.loss, task)
    if not spec.low < spec.high:
        raise SpecError("high", spec.high, f"a rate above the lowest, {spec.low:g}")
    if spec.steps * spec.seeds > MOST_SWEPT:
        raise SpecError("steps", spec.steps, f"at most {MOST_SWEPT:,} steps in all sweeps together")


def _check_loss(name: str, task: Any) -> None:
    from fallline.engine.train.loop.losses import LOSSES  # as above

    if task not in LOSSES[name].tasks:
        suits = [key for key, loss in LOSSES.items() if task in loss.tasks]
        raise SpecError("loss", name, f"a loss for {task}", f"Take {' or '.join(map(repr, suits))}.")
