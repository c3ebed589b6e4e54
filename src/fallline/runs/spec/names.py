"""The names in a Spec that point into registries, checked before anything runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fallline.core.choice import lookup, nearest
from fallline.core.errors import SpecError
from fallline.runs.spec.base import Spec
from fallline.runs.spec.basins import BasinsSpec
from fallline.runs.spec.bench import SignalSpec
from fallline.runs.spec.capstone import CapstoneSpec
from fallline.runs.spec.descent import MOST_RUNNERS, DescentSpec, RunnerSpec
from fallline.runs.spec.dialects import DialectsSpec, check_dialects
from fallline.runs.spec.drawn_schedule import DrawnScheduleSpec
from fallline.runs.spec.finder import FinderSpec, check_finder
from fallline.runs.spec.named import build_named, built_options
from fallline.runs.spec.race import RaceSpec
from fallline.runs.spec.schedules import PlanSpec, ScheduleSpec, build_pace, build_plan
from fallline.runs.spec.tiny_net import TinyNetSpec, check_tiny_net
from fallline.runs.spec.train import TrainSpec, check_train


def check_names(spec: Spec) -> None:
    """Refuses a Spec that names something unknown.

    The registries are imported when a Spec of their kind comes: a churn run needs no surface.

    Raises:
        SpecError: the path, the name, and the nearest known one.
    """
    check = CHECKS.get(type(spec))
    if check is not None:
        check(spec)


def _check_drawn(spec: DrawnScheduleSpec) -> None:
    from fallline.engine.schedules import SCHEDULES

    lookup(spec.shape, SCHEDULES, "shape")


def _check_signal(spec: SignalSpec) -> None:
    from fallline.engine.nets import ACTIVATIONS, INITIALISATIONS

    lookup(spec.activation, ACTIVATIONS, "activation")
    lookup(spec.first, INITIALISATIONS, "first")
    lookup(spec.second, INITIALISATIONS, "second")


def _check_descent(spec: DescentSpec) -> None:
    from fallline.runs.spec.loss import check_loss

    check_loss(spec)
    if spec.plan is not None and spec.schedule != ScheduleSpec():
        raise SpecError("schedule", spec.schedule.name, "left out where there is a plan", "Put it under plan.rate.")
    pace_of(spec, None)
    for key, runner in spec.optimizers.items():
        optimizer = build_optimizer(key, runner)
        made = pace_of(spec, key)
        if runner.on:
            check_driven(made, optimizer, "plan" if runner.plan is None else f"optimizers.{key}.plan")
    running = [key for key, runner in spec.optimizers.items() if runner.on]
    if not running:
        raise SpecError("optimizers", [*spec.optimizers], "a race with at least one optimizer on")
    if len(running) > MOST_RUNNERS:
        raise SpecError("optimizers", running, f"a race of at most {MOST_RUNNERS}", "Switch some off.")


def _check_basins(spec: BasinsSpec) -> None:
    from fallline.engine.optim import OPTIMIZERS, Elementwise
    from fallline.engine.surfaces import SURFACES

    if lookup(spec.surface, SURFACES, "surface").dimension != 2:
        raise SpecError("surface", spec.surface, "a surface over two weights, of which a map can be drawn")
    for name, params in spec.settings.items():
        build_named(OPTIMIZERS, name, dict(params), f"settings.{name}", "settings")
    if not issubclass(lookup(spec.optimizer, OPTIMIZERS, "optimizer"), Elementwise):
        expected = "one that looks at each weight alone, so that thousands of starts can run at once"
        raise SpecError("optimizer", spec.optimizer, expected)


def pace_of(spec: DescentSpec, key: str | None) -> Any:
    """Returns the schedule, the plan, or what goes by the loss, of one who races; of the race itself for None.

    Raises:
        SpecError: an unknown name or setting, or a runner with both a schedule and a plan.
    """
    runner = None if key is None else spec.optimizers[key]
    if runner is not None and runner.plan is not None:
        if runner.schedule is not None:
            path, hint = f"optimizers.{key}.schedule", "Put it under plan.rate."
            raise SpecError(path, runner.schedule.name, "left out where there is a plan", hint)
        if runner.plan.batch != ScheduleSpec():
            hint = "All who race meet the same batches: drive them in the plan of the race."
            raise SpecError(f"optimizers.{key}.plan.batch", runner.plan.batch.name, "left out", hint)
        both = runner.plan if spec.plan is None else runner.plan.model_copy(update={"batch": spec.plan.batch})
        return build_plan(both, f"optimizers.{key}.plan")
    if runner is not None and runner.schedule is not None:
        if spec.plan is not None and spec.plan.batch != ScheduleSpec():
            return build_plan(PlanSpec(rate=runner.schedule, batch=spec.plan.batch), f"optimizers.{key}.schedule")
        return build_pace(runner.schedule, f"optimizers.{key}.schedule")
    return build_pace(spec.schedule) if spec.plan is None else build_plan(spec.plan)


def check_driven(made: Any, optimizer: Any, path: str) -> None:
    """Refuses a plan that drives what an optimizer does not have.

    Raises:
        SpecError: which.
    """
    from fallline.engine.optim.driving import with_factor
    from fallline.engine.schedules import Plan

    for what in made.drives if isinstance(made, Plan) else ():
        if what in {"momentum", "decay"}:
            try:
                with_factor(optimizer, what, 1.0)
            except SpecError as error:
                hint = "Give it a plan of its own, or switch it off."
                raise SpecError(f"{path}.{what}", optimizer.name, error.expected, hint) from None


def build_optimizer(key: str, runner: RunnerSpec) -> Any:
    """Builds the optimizer of one who races, in its dialect and with its options.

    Raises:
        SpecError: the name, a parameter or an option is unknown, or a value is outside its range.
    """
    from fallline.engine.optim import optimizers_of

    path = f"optimizers.{key}"
    registry = optimizers_of(runner.dialect)
    base = build_named(registry, runner.optimizer or key, dict(runner.params), path, f"{path}.optimizer")
    return built_options(base, runner.options, f"{path}.options")


def _check_capstone(spec: CapstoneSpec) -> None:
    from fallline.engine.tune import PRUNERS, SAMPLERS

    lookup(spec.tune.sampler, dict.fromkeys([*SAMPLERS, "optuna.tpe"]), "tune.sampler")
    lookup(spec.tune.pruner, PRUNERS, "tune.pruner")
    if spec.frame.split.kind in {"grouped", "time"} and spec.frame.split.column is None:
        raise SpecError("frame.split", spec.frame.split.kind, "complete: name its column", 'Add column = "…".')
    payoff = spec.frame.payoff
    if payoff.tp <= payoff.fn:
        expected = "a pay-off under which acting on a positive pays"
        raise SpecError("frame.payoff", payoff.model_dump(), expected, "Raise tp above fn.")
    _check_families(spec)


def _check_families(spec: CapstoneSpec) -> None:
    from fallline.engine.train import FAMILIES

    for number, choice in enumerate(spec.train.families):
        FAMILIES[choice.family].complete(choice.params, f"train.families.{number}.params")


def _check_race(spec: RaceSpec) -> None:
    from fallline.peers.lanes import LANES
    from fallline.runs.spec.workloads import workload_of

    for key in spec.workloads:
        workload_of(spec, key)
    lanes = [LANES[name]() for name in spec.lanes]
    known = sorted({name for lane in lanes for name in lane.optimizers()})
    for field in ("optimizers", "references"):
        for place, name in enumerate(getattr(spec, field)):
            if name not in known:
                close = nearest(name, known)
                hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(known)}."
                raise SpecError(f"{field}.{place}", name, "an optimizer of one of these lanes", hint)
    for field in ("optimizers", "lanes"):
        if len(set(getattr(spec, field))) < len(getattr(spec, field)):
            raise SpecError(field, getattr(spec, field), "a list in which each stands once")


CHECKS: dict[type[Spec], Callable[[Any], None]] = {
    DescentSpec: _check_descent,
    BasinsSpec: _check_basins,
    DialectsSpec: check_dialects,
    DrawnScheduleSpec: _check_drawn,
    TinyNetSpec: check_tiny_net,
    SignalSpec: _check_signal,
    CapstoneSpec: _check_capstone,
    RaceSpec: _check_race,
    TrainSpec: check_train,
    FinderSpec: check_finder,
}
"""Model → what refuses names that are unknown; models that point into no registry have none."""
