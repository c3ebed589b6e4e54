"""What is noted while a net is trained: of every step, of every look, and the best weights so far."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from fallline.engine.train.loop.snapshot import copied


@dataclass
class Notes:
    """What has been seen so far.

    Attributes:
        losses: of each step.
        norms: of each step's gradient.
        rates: of each step.
        looks: steps at each look.
        train: mean loss of the steps since the look before.
        validation: loss at each look.
        scores: at each look.
        seconds: in steps, at each look.
        best: which look; −1 before the first.
        best_weights: its weights.
    """

    losses: list[float] = field(default_factory=list)
    norms: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    looks: list[int] = field(default_factory=list)
    train: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    best: int = -1
    best_weights: dict[str, Tensor] = field(default_factory=dict)

    @property
    def judged(self) -> list[float]:
        """The losses by which looks are compared."""
        return self.validation or self.train

    @property
    def waited(self) -> int:
        """Looks since the best."""
        return len(self.looks) - 1 - self.best

    def step(self, loss: float, norm: float, rate: float) -> None:
        """Notes a step."""
        self.losses.append(loss)
        self.norms.append(norm)
        self.rates.append(rate)

    def look(self, judged: tuple[float, float] | None, seconds: float | None) -> bool:
        """Notes a look; says whether it is the best so far.

        Args:
            judged: loss and score of the validation rows, where there are some.
            seconds: spent in steps so far, where a clock was given.
        """
        since = self.losses[self.looks[-1] if self.looks else 0 :]
        self.looks.append(len(self.losses))
        self.train.append(math.fsum(since) / len(since))
        if judged is not None:
            self.validation.append(judged[0])
            self.scores.append(judged[1])
        if seconds is not None:
            self.seconds.append(seconds)
        better = self.best < 0 or self.judged[-1] < self.judged[self.best]
        if better:
            self.best = len(self.looks) - 1
        return better

    def tree(self) -> dict[str, Any]:
        """Returns it all as a tree that nothing changes later."""
        return {name: copied(value) for name, value in vars(self).items()}
