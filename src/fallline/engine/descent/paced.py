"""A descent whose pace is more than a factor on the rate: a plan, or a schedule that goes by the loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.descent.noise import Draws
from fallline.engine.descent.plain import probe_of
from fallline.engine.optim import Optimizer
from fallline.engine.optim.driving import with_factor
from fallline.engine.schedules import FeedbackSchedule, FeedbackState, Plan, Schedule
from fallline.engine.surfaces import Surface
from fallline.engine.surfaces.surface import Array

Scheduled = Schedule | FeedbackSchedule | Plan
"""What may stand for a runner's schedule."""


@dataclass
class Pace:
    """What holds for each step.

    Attributes:
        rate: factor of the rate, by step.
        others: ``momentum`` and ``decay`` → factor by step; what is not driven is not there.
        feedback: a schedule that goes by the loss after each step, in place of `rate`.
        state: what that one remembers.
    """

    rate: Array
    others: Mapping[str, Array] = field(default_factory=dict)
    feedback: FeedbackSchedule | None = None
    state: FeedbackState = field(default_factory=FeedbackState)

    @staticmethod
    def of(schedule: Scheduled, steps: int) -> Pace:
        """Stretches a schedule or a plan over so many steps.

        >>> from fallline.engine.schedules import Exponential
        >>> Pace.of(Plan(decay=Exponential(0.5)), 3).others["decay"]
        array([1.  , 0.5 , 0.25])
        """
        if isinstance(schedule, FeedbackSchedule):
            return Pace(np.ones(steps), feedback=schedule, state=schedule.init())
        if isinstance(schedule, Schedule):
            return Pace(schedule.factors(steps))
        named = [name for name in ("momentum", "decay") if name in schedule.drives]
        return Pace(schedule.rate.factors(steps), {name: schedule.values(name, 1.0, steps) for name in named})

    @property
    def plain(self) -> bool:
        """Whether it is known ahead, and of the rate alone."""
        return not self.others and self.feedback is None

    def factor(self, step: int) -> float:
        """Returns the factor of a step's rate."""
        return float(self.rate[step]) if self.feedback is None else self.state.factor

    def looked(self, loss: float) -> None:
        """Hears of the loss after a step."""
        if self.feedback is not None:
            self.state = self.feedback.update(self.state, loss)


def pace_along(surface: Surface, optimizer: Optimizer, rate: float, pace: Pace, start: Array, draws: Draws) -> Walk:
    """Takes every step, until a number is none; as `walk`, but each step has what its pace says.

    Args:
        surface: the loss; its value where the optimizer is judged, without noise, is what a feedback schedule goes by.
        optimizer: who moves.
        rate: the base rate.
        pace: of each step.
        start: shape (d,).
        draws: the noise of each step.

    Returns:
        points, losses and lengths of the gradient as `walk` has them, and the rates, shape (steps,).

    Raises:
        SpecError: the optimizer has nothing that the plan could drive.
    """
    steps = len(pace.rate)
    w, state = start.copy(), optimizer.init(start)
    points, rates = np.full((steps + 1, len(start)), np.nan), np.full(steps, rate)
    points[0] = start
    with np.errstate(all="ignore"):  # a path that runs away is told by what is no number
        for t in range(steps):
            now, rates[t] = optimizer, rate * pace.factor(t)
            for name, factors in pace.others.items():
                now = with_factor(now, name, float(factors[t]))
            probe = probe_of(surface, draws, t)
            gradient = probe.gradient_at(w)
            if not np.isfinite(gradient).all():
                break
            w, state = now.step(w, gradient, state, float(rates[t]), probe)
            points[t + 1] = now.judged(w, state)
            if not np.isfinite(w).all():
                break
            pace.looked(float(surface.value(points[t + 1])))
        losses, slopes = surface.value(points), surface.gradient(points)
        return np.ascontiguousarray(points.T), losses, np.sqrt((slopes * slopes).sum(axis=1)), rates


Walk = tuple[Array, Array, Array, Array]
"""Points of shape (d, steps + 1), losses, lengths of the gradient, rates."""


def batch_of(schedule: Scheduled) -> Schedule | None:
    """Returns what drives the size of the batches; None where nothing does."""
    return schedule.batch if isinstance(schedule, Plan) and "batch" in schedule.drives else None


def check_alike(schedules: list[Scheduled]) -> Schedule | None:
    """Returns what drives the batches of a race, all of whom meet the same.

    Raises:
        SpecError: some are driven otherwise than others.
    """
    found = [batch_of(each) for each in schedules]
    if any(each != found[0] for each in found):
        hint = "All who race meet the same batches: drive them in the plan of the race."
        raise SpecError("plan.batch", "of one runner", "alike for all", hint)
    return found[0] if found else None
