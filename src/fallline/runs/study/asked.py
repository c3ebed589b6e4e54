"""AskedTrial: what `Study.ask` hands out; its parameters, and where to report on the way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fallline.core.errors import FallLineError, SpecError
from fallline.engine.tune import Pruner, Trial, Value


class Pruned(FallLineError):
    """Raised by an objective that was told to stop; the trial ends as pruned."""


@dataclass(frozen=True)
class AskedTrial(Mapping[str, Value]):
    """A trial that runs; also a mapping of its parameters: ``trial["rate"]`` is ``trial.params["rate"]``.

    Attributes:
        number: its place in the study, from 0.
        params: the active parameters.
        past: trials that had ended when it was asked for: what pruning compares with.
        pruner: who says when to stop.
        sign: −1 where the first objective is maximised.
        reports: step → value, as reported.
    """

    number: int
    params: Mapping[str, Value]
    past: Sequence[Trial] = field(default=(), repr=False)
    pruner: Pruner | None = field(default=None, repr=False)
    sign: float = field(default=1.0, repr=False)
    reports: dict[int, float] = field(default_factory=dict, compare=False)

    def __getitem__(self, name: str) -> Value:
        return self.params[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.params)

    def __len__(self) -> int:
        return len(self.params)

    def report(self, step: int, value: float) -> None:
        """Notes the objective at a step; a step reported twice keeps its first value.

        Raises:
            SpecError: a step that is no whole number from 0, or a value that is none.
        """
        if isinstance(step, bool) or not isinstance(step, int) or step < 0:
            raise SpecError("step", step, "a whole number, 0 or more")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise SpecError("value", value, "a number")
        self.reports.setdefault(step, float(value))

    def should_prune(self) -> bool:
        """Says whether the trial has fallen too far behind; always once it has reported what is not finite."""
        losses = self.losses()
        if self.reports and len(losses) < len(self.reports):
            return True
        if self.pruner is None or not losses:
            return False
        return self.pruner(Trial(self.number, self.params, "running", (), losses), self.past)

    def losses(self) -> tuple[float, ...]:
        """Returns the finite reports by step, turned so that lower is better."""
        ordered = (self.sign * self.reports[step] for step in sorted(self.reports))
        return tuple(loss for loss in ordered if math.isfinite(loss))
