"""The pace: what a schedule, a plan or a look back says of each step's rate, momentum, decay and number of rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fallline.engine.optim.driving import DRIVEN, driven
from fallline.engine.schedules import FeedbackSchedule, FeedbackState, Plan, Schedule

Scheduled: TypeAlias = Schedule | FeedbackSchedule | Plan

__all__ = ["DRIVEN", "Pace", "Scheduled", "driven"]


@dataclass
class Pace:
    """Factors for every step.

    Attributes:
        rate: of the learning rate, by step.
        others: ``momentum`` and ``decay`` → factors by step; what is not scheduled is not there.
        rows: rows by step; None where all steps take the same.
        feedback: a schedule that goes by the looks, in place of `rate`.
        state: what that one remembers.
    """

    rate: NDArray[np.float64]
    others: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    rows: NDArray[np.int64] | None = None
    feedback: FeedbackSchedule | None = None
    state: FeedbackState = field(default_factory=FeedbackState)

    @staticmethod
    def of(schedule: Scheduled, steps: int, rows: int) -> Pace:
        """Stretches a schedule over so many steps of so many rows.

        >>> from fallline.engine.schedules import SCHEDULES
        >>> Pace.of(Plan(batch=SCHEDULES["constant"]()), 3, 8).rows is None
        True
        """
        if isinstance(schedule, FeedbackSchedule):
            return Pace(np.ones(steps), feedback=schedule, state=schedule.init())
        if isinstance(schedule, Schedule):
            return Pace(schedule.factors(steps))
        driven = schedule.drives
        others: dict[str, NDArray[np.float64]] = {
            name: schedule.values(name, 1.0, steps) for name in ("momentum", "decay") if name in driven
        }
        sizes = schedule.values("batch", rows, steps).astype(np.int64) if "batch" in driven else None
        return Pace(schedule.values("rate", 1.0, steps), others, sizes)

    def factor(self, step: int) -> float:
        """Returns the factor of a step's rate."""
        return float(self.rate[step]) if self.feedback is None else self.state.factor

    def settings(self, step: int) -> dict[str, float]:
        """Returns the factors of what else is scheduled."""
        return {name: float(factors[step]) for name, factors in self.others.items()}

    def size(self, step: int, rows: int) -> int:
        """Returns how many rows a step takes, where otherwise each takes `rows`."""
        return rows if self.rows is None else int(self.rows[step])

    def looked(self, metric: float) -> None:
        """Tells a schedule that goes by the looks what was seen."""
        if self.feedback is not None:
            self.state = self.feedback.update(self.state, metric)

    def tree(self) -> dict[str, Any]:
        """Returns what it remembers, as plain data."""
        return self.state.to_dict()

    def load(self, tree: dict[str, Any]) -> None:
        """Goes back to what it remembered."""
        self.state = FeedbackState.from_dict(tree)
