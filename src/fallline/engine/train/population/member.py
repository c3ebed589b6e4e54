"""A member: all in which one of a population may differ from the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any

from numpy.typing import ArrayLike

from fallline.core.errors import SpecError
from fallline.engine.optim import Adam, Elementwise
from fallline.engine.schedules import Constant, FeedbackSchedule, Plan, Schedule
from fallline.engine.train.loop.pace import DRIVEN, Scheduled, driven


@dataclass(frozen=True, eq=False)
class Member:
    """One of a population.

    Attributes:
        optimizer: with its hyperparameters, momentum and decay among them; one whose step looks at one weight at a
            time.
        rate: the base rate, > 0.
        schedule: what multiplies it, stretched over all steps of the population; a plan, which drives momentum, decay
            and batch too; or a schedule that goes by the loss of the looks.
        seed: where its first weights, its data order and its noise come from, ≥ 0.
        initialisation: how large the first weights of a perceptron are, a name in `INITIALISATIONS`.
        weights: its first weights, in place of drawn ones: (weights, biases) per layer of a perceptron, or the
            parameters of a module in its own order.
        order: its data order, where that is not drawn by `seed`: another seed, with which members meet the same
            batches; or the order itself, shape (epochs, rows), which begins anew after its last epoch.
        batch: rows a step, where that is not the population's.
        noise: standard deviation of what is added to each slope.
        label_noise: share of its labels that are replaced by another class, or the standard deviation of what is added
            to numbers.
        clip_value: every slope is clipped to ± this, before the step.
        clip_norm: then the gradient of all weights is shortened to this length.
        l1: weight of a penalty on the sizes of a perceptron's weights; like `l2` it joins the slope before it is
            clipped, spares the biases, and is no part of the losses told.
        l2: weight of a penalty on half their squares.
    """

    optimizer: Elementwise = field(default_factory=Adam)
    rate: float = 1e-3
    schedule: Scheduled = field(default_factory=Constant)
    seed: int = 0
    initialisation: str = "he"
    weights: Sequence[Any] | None = None
    order: int | ArrayLike | None = None
    batch: int | None = None
    noise: float = 0.0
    label_noise: float = 0.0
    clip_value: float = inf
    clip_norm: float = inf
    l1: float = 0.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        optimizer: object = self.optimizer
        if not isinstance(optimizer, Elementwise):
            name = getattr(optimizer, "name", optimizer)
            hint = "Its step looks at whole layers, or asks for more than a gradient: train it alone, with fl.train."
            raise SpecError("optimizer", name, "an optimizer that looks at one weight at a time", hint)
        if not (isfinite(self.rate) and self.rate > 0.0):
            raise SpecError("rate", self.rate, "a finite number above 0")
        for name in ("noise", "label_noise"):
            if not 0.0 <= getattr(self, name) < inf:
                raise SpecError(name, getattr(self, name), "a finite number of at least 0")
        if self.batch is not None and self.batch < 1:
            raise SpecError("batch", self.batch, "a whole number of at least 1")
        for name in ("clip_value", "clip_norm"):
            if not getattr(self, name) > 0.0:  # also refuses NaN
                raise SpecError(name, getattr(self, name), "a number above 0, or infinity for no clipping")
        for name, seed in (("seed", self.seed), ("order", self.order_seed)):
            if not 0 <= seed < 2**63:
                raise SpecError(name, seed, "an integer from 0 to 2**63 - 1")
        self._check_penalties()
        self._check_schedule()

    def _check_penalties(self) -> None:
        for name in ("l1", "l2"):
            if not (isfinite(getattr(self, name)) and getattr(self, name) >= 0.0):
                raise SpecError(name, getattr(self, name), "a finite number of at least 0")

    def _check_schedule(self) -> None:
        schedule: object = self.schedule
        if not isinstance(schedule, Schedule | FeedbackSchedule | Plan):
            raise SpecError("schedule", schedule, "a schedule, a plan, or a schedule that goes by the looks")
        for what in schedule.drives if isinstance(schedule, Plan) else ():
            if what in DRIVEN and driven(self.optimizer, what) is None:
                raise SpecError("plan", what, f"something that {self.optimizer.title} has")

    @property
    def order_seed(self) -> int:
        """The seed of its data order, where it brings none."""
        return self.order if isinstance(self.order, int) else self.seed
