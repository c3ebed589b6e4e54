"""Spec kind ``train``: a net on data, by an optimizer and a schedule, in PyTorch or in Keras."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from fallline.core.choice import lookup
from fallline.core.errors import SpecError
from fallline.runs.sources.spec import DataSpec
from fallline.runs.spec.base import PlainName, Spec, SpecModel
from fallline.runs.spec.named import build_named, built_options
from fallline.runs.spec.race import CODE
from fallline.runs.spec.schedules import Number, PlanSpec, ScheduleSpec, build_pace, build_plan

Pattern = Annotated[str, Field(pattern=r"^[\w.*?-]+$", max_length=100)]
Width = Annotated[int, Field(ge=1, le=1024)]


class NetSpec(SpecModel):
    """A named net; what is not given takes the default of its kind.

    Attributes:
        name: which kind.
        widths: units or channels of each hidden layer.
        activation: its name.
        norm: normalisation of each hidden layer.
        dropout: share of each hidden layer that is silenced in training.
        initialiser: what draws the first weights.
        heads: of a transformer.
    """

    name: PlainName = "mlp"
    widths: Annotated[tuple[Width, ...], Field(min_length=1, max_length=20)] | None = None
    activation: PlainName | None = None
    norm: Literal["none", "batch", "layer"] | None = None
    dropout: Annotated[float, Field(ge=0, lt=1)] | None = None
    initialiser: PlainName | None = None
    heads: Annotated[int, Field(ge=1, le=64)] | None = None

    @property
    def options(self) -> dict[str, Any]:
        """What was chosen, by name."""
        return {name: value for name, value in self if name != "name" and value is not None}


class SetSpec(SpecModel):
    """Rows known by name, drawn from the seed or bundled.

    Attributes:
        name: which set.
        rows: how many; by default the set's own number.
        noise: how much is added to them; by default the set's own.
    """

    name: PlainName = "digits"
    rows: Annotated[int, Field(ge=16, le=100_000)] | None = None
    noise: Annotated[float, Field(ge=0, le=1e3)] | None = None


class GroupSpec(SpecModel):
    """What is different for some layers.

    Attributes:
        layers: patterns for the names of weights, such as ``output.*`` or ``*.bias``.
        factor: what their rate is multiplied by; 0 freezes them.
        params: their own hyperparameters by name, such as ``decay``.
    """

    layers: Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=16)]
    factor: Annotated[float, Field(ge=0, le=1e6)] = 1.0
    params: Annotated[dict[PlainName, Number], Field(max_length=12)] = Field(default_factory=dict)


class OptimizerSpec(SpecModel):
    """An optimizer, as the backend means its name.

    Attributes:
        name: which one.
        rate: the base rate; by default its own.
        params: its other hyperparameters by name.
        options: what goes around it, by name, such as ``clip_norm`` or ``ema``; see `fallline.engine.optim.options`.
        groups: settings of their own for some layers; the first group that has a layer counts.
    """

    name: PlainName = "adam"
    rate: Annotated[float, Field(gt=0, le=1e4)] | None = None
    params: Annotated[dict[PlainName, Number], Field(max_length=12)] = Field(default_factory=dict)
    options: Annotated[dict[PlainName, Number], Field(max_length=8)] = Field(default_factory=dict)
    groups: Annotated[tuple[GroupSpec, ...], Field(max_length=8)] = ()


class TrainSpec(Spec):
    """A net that is trained.

    Attributes:
        net: which net.
        code: the user's own net as ``file.py:Name``, a function or class that gives a torch module; for the command
            line alone.
        set: rows known by name.
        data: the user's own table, in place of `set`; a fifth of its rows choose.
        optimizer: who takes the steps.
        schedule: factor on the rate, stretched over all steps; ``reduce_on_plateau`` goes by the validation loss.
        plan: what drives rate, momentum, decay and batch, in place of `schedule`.
        epochs: passes over the training rows.
        steps: where given, how many steps, whatever that is in epochs.
        batch: rows of a step; ``full`` takes all.
        loss: its name; by default the task's own.
        patience: looks without a fall of the validation loss before it stops.
        look: steps between two looks; an epoch by default.
        noise: standard deviation of what is added to each coordinate of each gradient.
        label_noise: share of wrong training labels, or the standard deviation added to the numbers of a regression.
        precision: of weights and rows.
        backend: who computes.
    """

    kind: Literal["train"] = "train"
    net: NetSpec = NetSpec()
    code: Annotated[str, Field(pattern=CODE, max_length=400)] | None = None
    set: SetSpec = SetSpec()
    data: DataSpec | None = None
    optimizer: OptimizerSpec = OptimizerSpec()
    schedule: ScheduleSpec = ScheduleSpec()
    plan: PlanSpec | None = None
    epochs: Annotated[int, Field(ge=1, le=10_000)] = 20
    steps: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    batch: Annotated[int, Field(ge=1, le=100_000)] | Literal["full"] = 32
    loss: PlainName | None = None
    patience: Annotated[int, Field(ge=1, le=10_000)] | None = None
    look: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    noise: Annotated[float, Field(ge=0, le=1e3)] = 0.0
    label_noise: Annotated[float, Field(ge=0, le=1e3)] = 0.0
    precision: Literal["float32", "float64"] = "float32"
    backend: PlainName = "torch"


def check_train(spec: TrainSpec) -> None:
    """Refuses a training that names something unknown.

    Raises:
        SpecError: the path, the name, and the nearest known one.
    """
    from fallline.engine.data.sets import SETS  # as in names.py: a Spec of another kind needs none of these
    from fallline.engine.nets import Net
    from fallline.engine.train.loop.losses import LOSSES
    from fallline.peers.backends import BACKENDS

    backend = lookup(spec.backend, BACKENDS, "backend")
    known = lookup(spec.set.name, SETS, "set.name")
    if spec.set.rows is not None and not known.least <= spec.set.rows <= known.most:
        raise SpecError("set.rows", spec.set.rows, f"a number of rows from {known.least} to {known.most:,}")
    try:
        Net(spec.net.name, spec.net.options)
    except SpecError as error:
        path = error.path if error.path.startswith("net") else f"net.{error.path}"
        raise SpecError(path, error.value.strip("'"), error.expected, error.hint) from None
    built_optimizer(spec)
    if spec.loss is not None:
        lookup(spec.loss, LOSSES, "loss")
    if spec.code is not None and backend.name != "torch":
        raise SpecError("code", spec.code, "a net that this backend can take", "Take backend = 'torch'.")
    if spec.plan is not None and spec.schedule != ScheduleSpec():
        raise SpecError("schedule", spec.schedule.name, "left out where there is a plan", "Put it under plan.rate.")
    built_schedule(spec)


def built_optimizer(spec: TrainSpec) -> Any:
    """Returns the optimizer, as the backend means it.

    Raises:
        SpecError: an unknown name or hyperparameter, or a value outside its range.
    """
    from fallline.engine.optim import optimizers_of  # as above
    from fallline.peers.backends import BACKENDS

    chosen, registry = spec.optimizer, optimizers_of(BACKENDS[spec.backend].dialect)
    base = build_named(registry, chosen.name, dict(chosen.params), "optimizer", "optimizer.name")
    if spec.backend != "torch" and (chosen.options or chosen.groups):
        which = "options" if chosen.options else "groups"
        hint = "Take backend = 'torch'."
        raise SpecError(f"optimizer.{which}", [*chosen.options] or len(chosen.groups), "left out in Keras", hint)
    if chosen.groups:
        base = _grouped(spec, base)
    return built_options(base, chosen.options, "optimizer.options")


def _grouped(spec: TrainSpec, base: Any) -> Any:
    """The optimizer with the settings of its groups."""
    from fallline.engine.optim.options import Group, Groups  # as above

    groups = tuple(Group(group.layers, group.factor, dict(group.params)) for group in spec.optimizer.groups)
    try:
        return Groups(base, groups)
    except SpecError as error:
        raise SpecError(f"optimizer.groups.{error.path}", error.value, error.expected, error.hint) from None


def built_schedule(spec: TrainSpec) -> Any:
    """Returns the schedule, or the plan.

    Raises:
        SpecError: an unknown name or setting, or a value outside its range.
    """
    return build_pace(spec.schedule) if spec.plan is None else build_plan(spec.plan)
