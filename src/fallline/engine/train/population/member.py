"""A member: all in which one of a population may differ from the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any

from fallline.core.errors import SpecError
from fallline.engine.optim import Adam, Elementwise
from fallline.engine.schedules import Constant, Schedule


@dataclass(frozen=True, eq=False)
class Member:
    """One of a population.

    Attributes:
        optimizer: with its hyperparameters, momentum and decay among them; one whose step looks at one weight at a
            time.
        rate: the base rate, > 0.
        schedule: what multiplies it, stretched over all steps of the population.
        seed: where its first weights and its data order come from, ≥ 0.
        initialisation: how large the first weights of a perceptron are, a name in `INITIALISATIONS`.
        weights: its first weights, in place of drawn ones: (weights, biases) per layer of a perceptron, or the
            parameters of a module in its own order.
        order: the seed of its data order, where it is not `seed`: members of the same order meet the same batches.
        clip_value: every slope is clipped to ± this, before the step.
        clip_norm: then the gradient of all weights is shortened to this length.
    """

    optimizer: Elementwise = field(default_factory=Adam)
    rate: float = 1e-3
    schedule: Schedule = field(default_factory=Constant)
    seed: int = 0
    initialisation: str = "he"
    weights: Sequence[Any] | None = None
    order: int | None = None
    clip_value: float = inf
    clip_norm: float = inf

    def __post_init__(self) -> None:
        optimizer: object = self.optimizer
        if not isinstance(optimizer, Elementwise):
            name = getattr(optimizer, "name", optimizer)
            hint = "Its step looks at whole layers, or asks for more than a gradient: train it alone, with fl.train."
            raise SpecError("optimizer", name, "an optimizer that looks at one weight at a time", hint)
        if not (isfinite(self.rate) and self.rate > 0.0):
            raise SpecError("rate", self.rate, "a finite number above 0")
        for name in ("clip_value", "clip_norm"):
            if not getattr(self, name) > 0.0:  # also refuses NaN
                raise SpecError(name, getattr(self, name), "a number above 0, or infinity for no clipping")
        for name, seed in (("seed", self.seed), ("order", self.order)):
            if seed is not None and not 0 <= seed < 2**63:
                raise SpecError(name, seed, "an integer from 0 to 2**63 - 1")
