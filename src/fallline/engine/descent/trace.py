"""What one descent left behind: where it was at each step, and why it stopped."""

from __future__ import annotations

from dataclasses import dataclass, field

from fallline.core.ending import Ending
from fallline.engine.optim import Optimizer
from fallline.engine.schedules import Constant, FeedbackSchedule, Plan, Schedule
from fallline.engine.surfaces.surface import Array


@dataclass(frozen=True)
class Runner:
    """One of those who race.

    Attributes:
        optimizer: with its hyperparameters.
        rate: the base rate, > 0.
        schedule: what multiplies it; or a plan, or one that goes by the loss after each step.
    """

    optimizer: Optimizer
    rate: float
    schedule: Schedule | FeedbackSchedule | Plan = field(default_factory=Constant)


@dataclass(frozen=True, eq=False)
class Trace:
    """A descent, step by step. All numbers are finite: a run that breaks off is kept up to where it broke.

    Attributes:
        points: shape (n + 1, d); row 0 is the start. n is the number of steps asked for, or fewer where the run left
            every map or stopped being a number.
        losses: shape (n + 1,).
        grad_norms: lengths of the gradient, without noise; shape (n + 1,).
        rates: the rate of each step, shape (n,).
        ending: the verdict.
    """

    points: Array
    losses: Array
    grad_norms: Array
    rates: Array
    ending: Ending

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.rates)
