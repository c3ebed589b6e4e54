"""Spec kind ``race``: optimizers on workloads, over seeds, each tuned with the same budget, in several tools."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.sources.spec import DataSpec
from fallline.runs.spec.base import PlainName, Spec, SpecModel, Title

LaneName = Literal["torch", "keras", "fallline-torch", "fallline-keras"]
CODE = r"^[^\s:]+\.py:[A-Za-z_]\w*$"
Option = bool | int | float | str | tuple[int, ...]


class WorkloadSpec(SpecModel):
    """One workload. What is not said comes from the named one it starts from, or from the defaults.

    Attributes:
        base: a named workload to start from; by default the one whose name is the key, if there is one.
        title: for people.
        net: a named net.
        options: of the net, such as ``widths = [32, 32]``.
        code: the user's own net as ``file.py:function``, which returns a torch module; for the command line alone.
        data: named rows, or ``table`` for the table under ``[data]``.
        loss: name of the loss; the one that suits the targets when None.
        batch: rows of a step; 0 takes all.
        noise: standard deviation of Gaussian noise on each coordinate of each gradient.
        steps: of a run.
        target: loss to reach; taken from the reference optimizers when None.
    """

    base: PlainName | None = None
    title: Title | None = None
    net: PlainName | None = None
    options: Annotated[dict[PlainName, Option], Field(max_length=12)] | None = None
    code: Annotated[str, Field(pattern=CODE, max_length=400)] | None = None
    data: PlainName | None = None
    loss: Literal["cross_entropy", "log_loss", "squared", "absolute", "huber"] | None = None
    batch: Annotated[int, Field(ge=0, le=100_000)] | None = None
    noise: Annotated[float, Field(ge=0, le=1e3)] | None = None
    steps: Annotated[int, Field(ge=5, le=100_000)] | None = None
    target: float | None = None


class RaceSpec(Spec):
    """Optimizers on workloads.

    Attributes:
        workloads: name → workload; a named one may stand there empty.
        optimizers: their names; each lane runs those that its tool has.
        lanes: the tools.
        seeds: that judge: start, order of the rows and noise differ between them, and are the same for every optimizer.
        tuning_seeds: others, on which the learning rate is chosen.
        rates: how many learning rates each optimizer may try, the same number for all.
        per_decade: how many of them lie within a factor of ten.
        references: optimizers, in the first lane, that set the target of a workload: the best of them, in the median of
            the seeds, reaches it in three quarters of the steps.
        slack: how far above what the reference reaches the target lies, as a share of that loss.
        level: of the tests that say whether two optimizers differ.
        data: the user's own table, for workloads with ``data = "table"``.
    """

    kind: Literal["race"] = "race"
    workloads: Annotated[dict[PlainName, WorkloadSpec], Field(min_length=1, max_length=40)] = Field(
        default_factory=lambda: {"mlp-digits": WorkloadSpec()}
    )
    optimizers: Annotated[tuple[PlainName, ...], Field(min_length=1, max_length=30)] = (
        "gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "nadam",
    )  # fmt: skip
    lanes: Annotated[tuple[LaneName, ...], Field(min_length=1, max_length=4)] = (
        "torch", "keras", "fallline-torch", "fallline-keras",
    )  # fmt: skip
    seeds: Annotated[int, Field(ge=1, le=100)] = 12
    tuning_seeds: Annotated[int, Field(ge=1, le=20)] = 2
    rates: Annotated[int, Field(ge=1, le=61)] = 7
    per_decade: Annotated[int, Field(ge=1, le=20)] = 2
    references: Annotated[tuple[PlainName, ...], Field(min_length=1, max_length=8)] = (
        "momentum", "nesterov", "adamw", "nadam",
    )  # fmt: skip
    slack: Annotated[float, Field(ge=0, le=10)] = 0.05
    level: Annotated[float, Field(gt=0, lt=1)] = 0.05
    data: DataSpec | None = None
