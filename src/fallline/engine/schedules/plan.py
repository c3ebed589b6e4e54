"""A plan: which schedule drives the learning rate, the momentum, the weight decay and the batch size of a run."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import SpecError
from fallline.engine.schedules.constant import Constant
from fallline.engine.schedules.one_cycle import OneCycle
from fallline.engine.schedules.one_cycle_momentum import OneCycleMomentum
from fallline.engine.schedules.schedule import Schedule


@dataclass(frozen=True)
class Plan:
    """One schedule for each of the four things that a loop can change from step to step.

    A loop asks `values` for the steps of the run, or `value` for one. What is left out is constant.

    Attributes:
        rate: of the learning rate.
        momentum: of the momentum, or of β₁ under the optimizers that have one.
        decay: of the weight decay.
        batch: of the batch size, in rows.

    >>> plan = Plan.one_cycle(rise=0.5)
    >>> plan.drives
    ('rate', 'momentum')
    >>> plan.values("momentum", 0.95, 9).round(2)[[0, 3, 8]]
    array([0.95, 0.85, 0.95])
    """

    rate: Schedule = field(default_factory=Constant)
    momentum: Schedule = field(default_factory=Constant)
    decay: Schedule = field(default_factory=Constant)
    batch: Schedule = field(default_factory=Constant)

    @classmethod
    def one_cycle(
        cls,
        rise: float = 0.3,
        divide: float = 25.0,
        final: float = 1e4,
        low: float = 0.85 / 0.95,
        *,
        phases: int = 2,
        linear: int = 0,
    ) -> Plan:
        """Returns the whole policy of Smith and Topin: the rate up and down, the momentum against it.

        Args:
            rise: the share of the steps before the peak of the rate.
            divide: the peak over the first rate.
            final: the first rate over the last.
            low: the lowest momentum over the base momentum.
            phases: 2 or 3.
            linear: 1 for straight lines.
        """
        return cls(
            rate=OneCycle(rise, divide, final, phases, linear), momentum=OneCycleMomentum(rise, low, phases, linear)
        )

    @property
    def drives(self) -> tuple[str, ...]:
        """The names of what it changes at all."""
        return tuple(each.name for each in fields(self) if not isinstance(getattr(self, each.name), Constant))

    def values(self, what: str, base: float, steps: int) -> NDArray[np.float64]:
        """Returns a value for every step.

        Args:
            what: ``rate``, ``momentum``, ``decay`` or ``batch``.
            base: what the factors multiply.
            steps: how many steps there are.

        Returns:
            shape (steps,); batch sizes are whole and at least 1.

        Raises:
            SpecError: no such thing.
        """
        found = base * self._schedule(what).factors(steps)
        return np.maximum(np.floor(found + 0.5), 1.0) if what == "batch" else found

    def value(self, what: str, base: float, step: int, steps: int) -> float:
        """Returns the value of one step, bit for bit what `values` has there.

        Raises:
            SpecError: no such thing, or no such step.
        """
        found = base * self._schedule(what).factor(step, steps)
        return max(float(np.floor(found + 0.5)), 1.0) if what == "batch" else found

    def _schedule(self, what: str) -> Schedule:
        known = [each.name for each in fields(self)]
        if what not in known:
            raise SpecError("plan", what, f"one of {', '.join(known)}")
        schedule: Schedule = getattr(self, what)
        return schedule
