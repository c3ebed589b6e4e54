"""Schedules in a Spec: one by name with its settings, one made of others, and a plan of the four things they drive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from fallline.core.choice import lookup, nearest
from fallline.core.errors import SpecError
from fallline.runs.spec.base import PlainName, SpecModel

if TYPE_CHECKING:
    from fallline.engine.schedules import FeedbackSchedule, Parameter, Plan, Schedule

Number = Annotated[float, Field(ge=-1e12, le=1e12)]
Setting = Number | Annotated[tuple[Number, ...], Field(min_length=1, max_length=16)]
MOST_SCHEDULES = 32
"""How many schedules one of them may hold, all levels counted together."""


class ScheduleSpec(SpecModel):
    """How a value changes over the steps.

    Attributes:
        name: its name.
        params: its settings by name; ``milestones`` are a list, every other setting is a number.
        parts: the schedules that it is made of, where it is made of others: ``sequence``, ``warmup``, ``inverse``.
    """

    name: PlainName = "constant"
    params: Annotated[dict[PlainName, Setting], Field(max_length=8)] = Field(default_factory=dict)
    parts: Annotated[tuple[PartSpec, ...], Field(max_length=8)] = ()


class PartSpec(ScheduleSpec):
    """One part of a schedule that is made of others.

    Attributes:
        share: in a sequence: its share of the steps. All parts have one and they sum to 1, or none has one.
        until: in a sequence: the step before which it ends. All parts but the last have one, or none has one.
    """

    share: Annotated[float, Field(ge=0, le=1)] | None = None
    until: Annotated[int, Field(ge=1, le=10_000_000)] | None = None


ScheduleSpec.model_rebuild()


class PlanSpec(SpecModel):
    """What drives the four things that a loop can change from step to step; what is left out stays as it is.

    Attributes:
        rate: factor on the learning rate.
        momentum: factor on the momentum, or on β₁.
        decay: factor on the weight decay.
        batch: factor on the batch size.
    """

    rate: ScheduleSpec = ScheduleSpec()
    momentum: ScheduleSpec = ScheduleSpec()
    decay: ScheduleSpec = ScheduleSpec()
    batch: ScheduleSpec = ScheduleSpec()


def build_schedule(spec: ScheduleSpec, path: str = "schedule") -> Schedule:
    """Builds a schedule, its parts included.

    Args:
        spec: what a person wrote.
        path: where it stands in the Spec, for errors.

    Raises:
        SpecError: an unknown name or setting, a value outside its range, parts that do not fit, or too many of them.

    >>> rise = {"name": "anneal_linear", "params": {"start": 0.0, "end": 1.0}, "share": 0.25}
    >>> spec = ScheduleSpec(name="sequence", parts=(PartSpec(**rise), PartSpec(name="cosine", share=0.75)))
    >>> build_schedule(spec).factors(8)[:3]
    array([0. , 0.5, 1. ])
    """
    if _count(spec) > MOST_SCHEDULES:
        raise SpecError(f"{path}.parts", f"{_count(spec)} schedules", f"at most {MOST_SCHEDULES} of them")
    return _build(spec, path)


def build_pace(spec: ScheduleSpec, path: str = "schedule") -> Schedule | FeedbackSchedule:
    """Builds a schedule, or one that goes by a metric, for a loop that measures one.

    Raises:
        SpecError: as `build_schedule`.

    >>> build_pace(ScheduleSpec(name="reduce_on_plateau", params={"patience": 3.0})).patience
    3
    """
    from fallline.engine.schedules import FEEDBACK_SCHEDULES, SCHEDULES  # as in names.py

    if spec.name not in FEEDBACK_SCHEDULES:
        lookup(spec.name, {**SCHEDULES, **FEEDBACK_SCHEDULES}, f"{path}.name")
        return build_schedule(spec, path)
    if spec.parts:
        names = [part.name for part in spec.parts]
        raise SpecError(f"{path}.parts", names, f"a part of {spec.name}: it has none")
    kind = FEEDBACK_SCHEDULES[spec.name]
    settings = _settings(spec, kind.parameters, path)
    try:
        return kind(**settings)
    except SpecError as error:
        raise SpecError(f"{path}.params.{error.path}", error.value, error.expected, error.hint) from None


def build_plan(spec: PlanSpec, path: str = "plan") -> Plan:
    """Builds the four schedules of a plan.

    Raises:
        SpecError: as `build_schedule`.
    """
    from fallline.engine.schedules import Plan  # as in names.py: not every Spec needs the engine's registries

    return Plan(**{name: build_schedule(getattr(spec, name), f"{path}.{name}") for name in type(spec).model_fields})


def _build(spec: ScheduleSpec, path: str) -> Schedule:
    from fallline.engine.schedules import SCHEDULES  # as above

    kind = lookup(spec.name, SCHEDULES, f"{path}.name")
    known = [parameter.name for parameter in kind.parameters]
    settings = _settings(spec, kind.parameters, path)
    inner: dict[str, Any] = {}
    if spec.parts:
        if kind.inner == (0, 0):
            raise SpecError(f"{path}.parts", [part.name for part in spec.parts], f"a part of {spec.name}: it has none")
        inner["parts"] = tuple(_build(part, f"{path}.parts.{place}") for place, part in enumerate(spec.parts))
    try:
        return kind(**settings, **inner, **_stretches(spec))
    except SpecError as error:
        where = "params." if error.path in known else ""
        value = settings.get(error.path, error.value)
        raise SpecError(f"{path}.{where}{error.path}", value, error.expected, error.hint) from None


def _settings(spec: ScheduleSpec, parameters: tuple[Parameter, ...], path: str) -> dict[str, Any]:
    """The settings by name, counts whole."""
    known = [parameter.name for parameter in parameters]
    whole = {parameter.name for parameter in parameters if parameter.scale == "integer"}
    for key in spec.params:
        if key not in known:
            close = nearest(key, known)
            hint = f"Did you mean {close!r}?" if close else f"{spec.name} has: {', '.join(known) or 'none'}."
            raise SpecError(f"{path}.params", key, f"a parameter of {spec.name}", hint)
    return {key: _whole(value) if key in whole else value for key, value in spec.params.items()}


def _whole(value: Any) -> Any:
    """A count as an integer; what is none is left for the schedule to refuse."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _stretches(spec: ScheduleSpec) -> dict[str, tuple[float, ...]]:
    """The shares or milestones of a sequence; a mistake is named where the sequence is built."""
    shares = tuple(part.share for part in spec.parts if part.share is not None)
    until = tuple(part.until for part in spec.parts if part.until is not None)
    if (shares or until) and spec.name != "sequence":
        raise SpecError("parts", spec.name, "a sequence, and only its parts have a share or an end")
    if until and spec.parts[-1].until is not None:
        raise SpecError("until", until, "left out for the last part, which has the rest of the run")
    return {key: found for key, found in (("shares", shares), ("until", until)) if found}


def _count(spec: ScheduleSpec) -> int:
    return 1 + sum(_count(part) for part in spec.parts)
