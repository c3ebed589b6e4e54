"""Reduce on plateau: a lower rate once the metric has stopped getting better."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from fallline.engine.schedules.feedback import FeedbackSchedule, FeedbackState
from fallline.engine.schedules.parameter import Parameter


@dataclass(frozen=True)
class ReduceOnPlateau(FeedbackSchedule):
    """Multiplies the factor by γ after more than `patience` looks without a better metric; torch's ReduceLROnPlateau.

    Torch leaves a rate alone where the drop would be less than 1e-8 (its eps); here a drop is a drop. Keras' callback
    of the same name drops one look earlier (at `patience` looks and not after), and its threshold is absolute.

    Attributes:
        gamma: γ.
        patience: looks without a better metric that are borne.
        threshold: how much better counts as better.
        cooldown: looks after a drop during which nothing is counted.
        floor: the lowest factor.
        absolute: 1 where the threshold is a difference, 0 where it is a share of the best.
        upward: 1 where a larger metric is better.

    >>> plateau = ReduceOnPlateau(gamma=0.5, patience=1)
    >>> state = plateau.init()
    >>> for loss in (1.0, 0.9, 0.9, 0.9):
    ...     state = plateau.update(state, loss)
    >>> state.factor
    0.5
    """

    gamma: float = 0.1
    patience: int = 10
    threshold: float = 1e-4
    cooldown: int = 0
    floor: float = 0.0
    absolute: int = 0
    upward: int = 0

    name: ClassVar[str] = "reduce_on_plateau"
    title: ClassVar[str] = "Reduce on plateau"
    formula: ClassVar[str] = r"f \leftarrow \max(\gamma f, a)"
    source: ClassVar[tuple[str, int]] = ("Bengio", 2012)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("gamma", "γ", "Factor of each drop", 0.1, 0.0, 1.0),
        Parameter("patience", "p", "Looks that are borne", 10, 0, 1_000_000, "integer"),
        Parameter("threshold", "ε", "How much better is better", 1e-4, 0.0, 1.0),
        Parameter("cooldown", "c", "Looks not counted after a drop", 0, 0, 1_000_000, "integer"),
        Parameter("floor", "a", "Lowest factor", 0.0, 0.0, 1.0),
        Parameter("absolute", "", "Threshold is a difference", 0, 0, 1, "integer"),
        Parameter("upward", "", "Larger is better", 0, 0, 1, "integer"),
    )

    def update(self, state: FeedbackState, metric: float) -> FeedbackState:
        """Counts a look without a better metric, and drops the factor after one too many."""
        better = self._better(metric, state.best)
        best, bad, wait = (metric, 0, state.wait) if better else (state.best, state.bad + 1, state.wait)
        if wait > 0:
            bad, wait = 0, wait - 1
        factor = state.factor
        if bad > self.patience:
            factor, bad, wait = max(self.gamma * factor, self.floor), 0, int(self.cooldown)
        return FeedbackState(factor, best, bad, wait, state.looks + 1)

    def _better(self, metric: float, best: float | None) -> bool:
        if best is None:
            return metric < math.inf if not self.upward else metric > -math.inf
        sign = 1.0 if self.upward else -1.0
        if self.absolute:
            return sign * metric > sign * best + self.threshold
        return sign * metric > sign * best * (1.0 + sign * self.threshold)
