"""One who races, as PyTorch source: optimizer, scheduler, and what stands between gradient and step."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from fallline.engine.optim import AdamW
from fallline.engine.optim.wrapper import Wrapper
from fallline.engine.schedules import Constant, FeedbackSchedule, Plan, ReduceOnPlateau, Schedule
from fallline.peers.code_schedules import factor_of
from fallline.peers.code_torch import Call, Expression
from fallline.peers.code_torch_options import around
from fallline.peers.code_torch_plan import driven_lines
from fallline.peers.code_torch_schedules import plateau, scheduler
from fallline.runs.code.layout import call, keywords, source
from fallline.runs.spec.descent import DescentSpec, RunnerSpec
from fallline.runs.spec.names import build_optimizer, pace_of

WEIGHTS = "weights"


@dataclass(frozen=True)
class Entry:
    """One who races.

    Attributes:
        key: in the Spec.
        optimizer: and its arguments.
        scheduler: and its arguments; None under a constant rate.
        before: lines between gradient and step.
        every: gradients to a step.
        kept: decay of the mean of weights; 0 where there is none.
        average: whether it is judged by its own average.
        asks: whether it calls for the loss.
        driving: lines that set momentum and decay before a step, a function's.
    """

    key: str
    optimizer: Call
    scheduler: Call | None
    before: tuple[str, ...] = ()
    every: int = 1
    kept: float = 0.0
    average: bool = False
    asks: bool = False
    driving: tuple[str, ...] = ()

    @property
    def brings(self) -> dict[str, str]:
        """What it brings besides optimizer and scheduler, as source."""
        found = {
            "adjust": self.named("adjust") if self.before else "",
            "every": str(self.every) if self.every > 1 else "",
        }
        found |= {"kept": repr(self.kept) if self.kept else "", "average": "True" if self.average else ""}
        found |= {"drive": self.named("drive") if self.driving else ""}
        found |= {"looks": "True" if self.scheduler and self.scheduler[0] == "ReduceLROnPlateau" else ""}
        return {name: value for name, value in found.items() if value}

    def named(self, what: str) -> str:
        """Returns the name of a function of its own."""
        return f"{what}_" + re.sub(r"\W", "_", self.key)

    def functions(self, *, asks: bool) -> list[list[str]]:
        """Returns what stands between gradient and step, and what sets momentum and decay, as functions."""
        found = []
        if self.driving:
            found.append([f"def {self.named('drive')}(optimizer, step):", *self.driving])
        if self.before:
            weights = f'    {WEIGHTS} = optimizer.param_groups[0]["params"]'
            head = f"def {self.named('adjust')}(optimizer{', loss' if asks else ''}):"
            found.append([head, weights, *(f"    {line}" for line in self.before)])
        return found

    def lines(self, *, scheduled: bool, named: bool) -> list[str]:
        """Returns its lines of the race.

        Args:
            scheduled: whether anyone has a scheduler.
            named: whether anyone brings more, so that all is passed by name.
        """
        key, optimizer = source(self.key), _partial(self.optimizer)
        if not scheduled and not named:
            return call("partial", optimizer, 1, f"{key}: ", ",")
        constant = ("LambdaLR", {"lr_lambda": Expression("lambda _: 1.0")})
        parts = {"optimizer": optimizer, **({"scheduler": _partial(self.scheduler or constant)} if scheduled else {})}
        made = [
            line for name, part in parts.items() for line in call("partial", part, 2, f'"{name}": ' * named, after=",")
        ]
        more = [f'        "{name}": {value},' for name, value in self.brings.items()] if named else []
        return [f"    {key}: {'{' if named else '('}", *made, *more, f"    {'}' if named else ')'},"]


def entry_of(spec: DescentSpec, key: str, entry: RunnerSpec) -> Entry:
    """Returns one who races; over a single step a schedule is a number."""
    whole, rate = pace_of(spec, key), entry.rate
    plan = whole if isinstance(whole, Plan) else Plan()
    made = plan.rate if isinstance(whole, Plan) else whole
    name, params = _named(key, entry)
    if spec.steps == 1 and isinstance(made, Schedule):
        rate = rate * made.factor(0, 1)
    once = around(name, rate, params, entry.options, WEIGHTS, driven="decay" in plan.drives)
    found = Entry(key, once.call, None, once.before, once.every, once.kept, asks=once.asks)
    found = replace(found, average=name == "schedule_free" and not found.kept)
    found = replace(found, driving=_driving(key, entry, plan, spec.steps))
    if isinstance(made, FeedbackSchedule):
        assert isinstance(made, ReduceOnPlateau)  # noqa: S101 - there is one
        return replace(found, scheduler=plateau(made, [rate]))
    if spec.steps == 1:
        return found
    return replace(
        found, scheduler=scheduler(made, rate, spec.steps) if found.every == 1 else _rarely(spec, found, made)
    )


def _driving(key: str, entry: RunnerSpec, plan: Plan, steps: int) -> tuple[str, ...]:
    """The function that sets momentum and decay before a step, as lines; empty where no plan drives them."""
    optimizer: Any = build_optimizer(key, entry)
    optimizer = optimizer.core if isinstance(optimizer, Wrapper) else optimizer
    if optimizer.name == "muon":  # which moves what is no matrix by AdamW, whose means keep their own
        optimizer, plan = AdamW(decay=optimizer.decay), replace(plan, momentum=Constant())
    factors, lines = driven_lines(optimizer, plan, steps, "optimizer.param_groups")
    if not lines:
        return ()
    return tuple(f"    {line}" for line in [*factors, *lines])


def _rarely(spec: DescentSpec, entry: Entry, made: Schedule) -> Call | None:
    """The schedule of one that steps once in `every` gradients: it is at the last of them."""
    if made.name == "constant":
        return None
    factor = factor_of(made, spec.steps)
    return "LambdaLR", {"lr_lambda": Expression(f"rarely({factor}, {entry.every}, STEPS)")}


def _named(key: str, entry: RunnerSpec) -> tuple[str, dict[str, float]]:
    """The optimizer by name; the weights of a surface are no matrix, so Muon moves them by AdamW."""
    name, params = entry.optimizer or key, dict(entry.params)
    return ("adamw", {"decay": params.get("decay", 0.1)}) if name == "muon" else (name, params)


def _partial(made: Call) -> list[str]:
    name, arguments = made
    return [name, *keywords(arguments)]
