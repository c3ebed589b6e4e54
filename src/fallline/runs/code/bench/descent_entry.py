"""One who races, as PyTorch source: optimizer, scheduler, and what stands between gradient and step."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from fallline.engine.schedules import Schedule
from fallline.peers.code_schedules import factor_of
from fallline.peers.code_torch import Call, Expression
from fallline.peers.code_torch_options import around
from fallline.peers.code_torch_schedules import scheduler
from fallline.runs.code.layout import call, keywords, source
from fallline.runs.spec.descent import DescentSpec, RunnerSpec
from fallline.runs.spec.schedules import build_schedule

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
    """

    key: str
    optimizer: Call
    scheduler: Call | None
    before: tuple[str, ...] = ()
    every: int = 1
    kept: float = 0.0
    average: bool = False
    asks: bool = False

    @property
    def brings(self) -> dict[str, str]:
        """What it brings besides optimizer and scheduler, as source."""
        found = {"adjust": self.adjusting if self.before else "", "every": str(self.every) if self.every > 1 else ""}
        found |= {"kept": repr(self.kept) if self.kept else "", "average": "True" if self.average else ""}
        return {name: value for name, value in found.items() if value}

    @property
    def adjusting(self) -> str:
        """The name of the function that stands between gradient and step."""
        return "adjust_" + re.sub(r"\W", "_", self.key)

    def function(self, *, asks: bool) -> list[str]:
        """Returns that function as lines; empty where nothing stands there."""
        if not self.before:
            return []
        weights = f'    {WEIGHTS} = optimizer.param_groups[0]["params"]'
        head = f"def {self.adjusting}(optimizer{', loss' if asks else ''}):"
        return [head, weights, *(f"    {line}" for line in self.before)]

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
    made, rate = build_schedule(entry.schedule or spec.schedule), entry.rate
    name, params = _named(key, entry)
    once = around(name, rate * made.factor(0, 1) if spec.steps == 1 else rate, params, entry.options, WEIGHTS)
    found = Entry(key, once.call, None, once.before, once.every, once.kept, asks=once.asks)
    found = replace(found, average=name == "schedule_free" and not found.kept)
    if spec.steps == 1:
        return found
    return replace(
        found, scheduler=scheduler(made, rate, spec.steps) if found.every == 1 else _rarely(spec, found, made)
    )


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
