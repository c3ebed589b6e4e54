"""A recipe: everything that decides the numbers of a training, besides the net and the data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from fallline.core.choice import lookup
from fallline.core.errors import SpecError
from fallline.engine.data.sets import Data
from fallline.engine.optim import Optimizer
from fallline.engine.schedules import Constant, Plan
from fallline.engine.train.loop.losses import LOSSES, default_loss
from fallline.engine.train.loop.pace import Scheduled

Factory = Callable[[Any], Any]
"""``parameters → torch.optim.Optimizer``."""


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Attributes:
        optimizer: one of `fallline.engine.optim`, or what makes a ``torch.optim.Optimizer`` of parameters.
        rate: the base rate; the optimizer's own when None.
        schedule: what multiplies it, stretched over all steps; a plan, which drives momentum, decay and batch too; or
            a schedule that goes by the loss of the looks.
        epochs: passes over the training rows.
        steps: where given, how many steps, whatever that is in epochs.
        batch: rows of a step; ``full`` takes all of them. The last batch of an epoch has what is left.
        loss: name in `LOSSES`, or ``(outputs, y) → scalar``; the task's own when None.
        seed: order, dropout, first weights and noise come from it.
        patience: looks without a fall of the validation loss before it stops; None runs to the end.
        look: steps between two looks at the validation rows; an epoch when None.
        noise: standard deviation of what is added to each coordinate of each gradient.
        label_noise: share of the training labels that are replaced by another class, or the standard deviation of what
            is added to the numbers of a regression.
        precision: of weights and data.

    Raises:
        SpecError: a number out of range.
    """

    optimizer: Optimizer | Factory
    rate: float | None = None
    schedule: Scheduled = field(default_factory=Constant)
    epochs: int = 20
    steps: int | None = None
    batch: int | Literal["full"] = 32
    loss: str | Callable[..., Any] | None = None
    seed: int = 0
    patience: int | None = None
    look: int | None = None
    noise: float = 0.0
    label_noise: float = 0.0
    precision: Literal["float32", "float64"] = "float32"

    def __post_init__(self) -> None:
        least = {"epochs": self.epochs, "steps": self.steps, "patience": self.patience, "look": self.look}
        least["batch"] = None if self.batch == "full" else self.batch
        for name, value in least.items():
            if value is not None and (not isinstance(value, int) or value < 1):
                also = " or 'full'" if name == "batch" else ""
                raise SpecError(name, value, f"a whole number of at least 1{also}")
        for name in ("rate", "noise", "label_noise"):
            value = getattr(self, name)
            if value is not None and not 0.0 <= value < math.inf:
                raise SpecError(name, value, "a finite number of at least 0")
        if isinstance(self.schedule, Plan) and "batch" in self.schedule.drives and self.steps is None:
            hint = "An epoch has no fixed number of steps where the batch grows."
            raise SpecError("steps", None, "a number of steps, where the plan drives the batch", hint)
        if self.precision not in {"float32", "float64"}:
            raise SpecError("precision", self.precision, "'float32' or 'float64'")

    def rows(self, data: Data) -> int:
        """Returns how many rows a step takes."""
        return len(data.train) if self.batch == "full" else min(self.batch, len(data.train))

    def per_epoch(self, data: Data) -> int:
        """Returns how many steps an epoch has."""
        return -(-len(data.train) // self.rows(data))

    def total(self, data: Data) -> int:
        """Returns how many steps there are."""
        return self.steps if self.steps is not None else self.epochs * self.per_epoch(data)

    def loss_name(self, data: Data) -> str:
        """Returns the name of the loss; empty where it is a function of the person's own.

        Raises:
            SpecError: an unknown name, or a loss that does not suit the task.
        """
        if callable(self.loss):
            return ""
        name = default_loss(data.task) if self.loss is None else self.loss
        if data.task not in lookup(name, LOSSES, "loss").tasks:
            suits = [key for key, loss in LOSSES.items() if data.task in loss.tasks]
            raise SpecError("loss", name, f"a loss for {data.task}", f"Take {' or '.join(map(repr, suits))}.")
        return name
