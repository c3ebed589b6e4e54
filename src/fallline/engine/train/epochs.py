"""The epochs of a perceptron's fit: passes over shuffled rows, a look after each, and the reason for the end.

Every draw comes from the `torch.Generator` given; torch's global stream is neither read nor moved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from fallline.core.ending import Ending, EndingKind
from fallline.core.event import Event, EventKind
from fallline.engine.optim import OPTIMIZERS, Optimizer, State
from fallline.engine.train.backpropagation import Network
from fallline.engine.train.family import Lesson
from fallline.engine.train.rates import rates

Rows = tuple[Tensor, Tensor]
"""A matrix (n, p) and its labels (n, 1)."""
MOMENTUM = ("momentum", "nesterov")
"""Optimizers that the hyperparameter of that name means."""


@dataclass
class Fit:
    """One fit under way.

    Attributes:
        lesson: what it was given.
        network: what it changes.
        parts: rows by name: ``loss`` teach, ``inner`` stop it early, ``validation`` only watch.
        generator: where shuffles and dropout come from.
        series: losses and rate after each epoch.
        best: the weights to keep.
        best_loss: their loss on the inner part.
        best_epoch: theirs; 0 are the first weights.
        optimizer: what takes the steps, on all parameters as one tensor.
        state: what it remembers.
    """

    lesson: Lesson
    network: Network
    parts: dict[str, Rows]
    generator: torch.Generator
    series: dict[str, list[float]] = field(default_factory=dict)
    best: Tensor = field(init=False)
    best_loss: float = math.inf
    best_epoch: int = 0
    optimizer: Optimizer = field(init=False)
    state: State = field(init=False)

    def __post_init__(self) -> None:
        self.best = self.network.flat.clone()
        self.optimizer = optimizer_of(self.lesson.params)
        self.state = self.optimizer.init(self.network.flat)

    def run(self) -> Ending:
        """Runs epoch after epoch, leaves the best weights in the network and says why it stopped."""
        lesson, epochs, batch = self.lesson, self.lesson.whole("epochs"), self.lesson.whole("batch")
        per_epoch = -(-len(self.parts["loss"][0]) // batch)
        planned = rates(str(lesson.params["schedule"]), lesson.number("rate"), epochs * per_epoch)
        ending = None
        for epoch in range(1, epochs + 1):
            of_epoch = planned[(epoch - 1) * per_epoch : epoch * per_epoch]
            self._pass(of_epoch, batch)
            ending = self._look(epoch, of_epoch[-1])
            if ending is not None:
                break
        self.network.flat.copy_(self.best)
        return ending or self._ran_out(epochs)

    def _pass(self, planned: Sequence[float], batch: int) -> None:
        """Passes once over the teaching rows in a new order, one step per batch."""
        x, y = self.parts["loss"]
        order = torch.randperm(len(x), generator=self.generator)
        xs, ys = torch.split(x[order], batch), torch.split(y[order], batch)
        dropout = self.lesson.number("dropout")
        masks: list[Sequence[Tensor]] = []
        if dropout:
            for weight in self.network.weights[:-1]:
                kept = torch.rand(len(x), weight.shape[1], generator=self.generator) >= dropout
                masks.append(torch.split(kept.float().div_(1.0 - dropout), batch))
        flat = self.network.flat
        for place, rate in enumerate(planned):
            self.network.gradient(xs[place], ys[place], [mask[place] for mask in masks])
            moved, self.state = self.optimizer.step(flat, flat.grad, self.state, rate)
            flat.copy_(moved)

    def _look(self, epoch: int, rate: float) -> Ending | None:
        """Notes the losses after an epoch, keeps the best weights; returns an ending where it is time to stop."""
        losses = {name: self.network.loss(*rows) for name, rows in self.parts.items()}
        if not all(math.isfinite(loss) for loss in losses.values()):
            return self._diverged(epoch)
        for name, value in {**losses, "rate": rate}.items():
            self.series.setdefault(name, []).append(value)
            point = {"series": name, "x": epoch, "y": value}
            total = self.lesson.whole("epochs")
            self.lesson.report(Event(EventKind.POINT, "train", "mlp", step=epoch, total=total, payload=point))
        if "inner" not in losses or losses["inner"] < self.best_loss:
            self.best.copy_(self.network.flat)
            self.best_epoch, self.best_loss = epoch, losses.get("inner", math.inf)
        patience = self.lesson.whole("patience")
        if "inner" not in losses or epoch - self.best_epoch < patience:
            return None
        sentence = (
            f"The loss on the inner part has not fallen for {patience} epochs; "
            f"the weights of epoch {self.best_epoch} are kept."
        )
        return Ending(EndingKind.CONVERGED, sentence, epoch)

    def _ran_out(self, epochs: int) -> Ending:
        """Says that every epoch was run."""
        late = "inner" in self.parts and self.best_epoch == epochs
        more = " The loss was still falling: allow more epochs." if late else ""
        sentence = f"All {epochs} epochs were run; the weights of epoch {self.best_epoch} are kept.{more}"
        return Ending(EndingKind.STEP_LIMIT, sentence, epochs)

    def _diverged(self, epoch: int) -> Ending:
        """Says that the loss is no number any more."""
        kept = f"weights of epoch {self.best_epoch}" if self.best_epoch else "first weights"
        sentence = (
            f"Diverged in epoch {epoch}: the loss is no longer a number under {self.lesson.params['optimizer']} "
            f"with rate {self.lesson.number('rate'):g}. Lower the rate; the {kept} are kept."
        )
        return Ending(EndingKind.DIVERGED, sentence, epoch)


def optimizer_of(params: Mapping[str, object]) -> Optimizer:
    """Returns the optimizer that hyperparameters name, with the decay and the momentum that it has of them.

    >>> optimizer_of({"optimizer": "momentum", "weight_decay": 0.1, "momentum": 0.8})
    Momentum(momentum=0.8, decay=0.1)
    """
    name, kind = str(params["optimizer"]), OPTIMIZERS[str(params["optimizer"])]
    given = {"decay": params["weight_decay"], "momentum": params["momentum"]}
    taken = {parameter.name for parameter in kind.parameters} - (set() if name in MOMENTUM else {"momentum"})
    settings: dict[str, Any] = {key: value for key, value in given.items() if key in taken}
    return kind(**settings)
