"""A training under way: one step after another, a look now and then, and every state that decides what comes next."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.data.sets import Data
from fallline.engine.train.loop.asking import Batch
from fallline.engine.train.loop.autopsy import Finding, autopsy
from fallline.engine.train.loop.criteria import CRITERIA, Criterion, score, spread
from fallline.engine.train.loop.notes import Notes
from fallline.engine.train.loop.order import Order
from fallline.engine.train.loop.pace import Pace
from fallline.engine.train.loop.recipe import Recipe
from fallline.engine.train.loop.snapshot import Snapshot, copied
from fallline.engine.train.loop.stepper import stepper_of
from fallline.engine.train.loop.stream import Stream
from fallline.engine.train.loop.tensors import Tensors

AT_ONCE = 4096
"""Rows that a look takes at once."""


@dataclass(frozen=True)
class Step:
    """What one step began with, in case it has to be looked into."""

    x: Tensor
    y: Tensor
    streams: list[Tensor]
    buffers: dict[str, Tensor]


class Session:
    """A net, its data and a recipe, and how far they are.

    Attributes:
        module: the net that is trained.
        recipe: how.
        notes: what has been seen.
        total: steps that are planned.
        look_every: steps between two looks.
        stepper: who takes the steps.
        criterion: the loss.
        tensors: the rows.
        broken: what was found where a number stopped being finite.
    """

    def __init__(self, module: nn.Module, data: Data, recipe: Recipe, device: torch.device) -> None:
        self.module, self.recipe, self.notes, self._data = module, recipe, Notes(), data
        self.total, self._rows = recipe.total(data), recipe.rows(data)
        self.look_every = recipe.look or recipe.per_epoch(data)
        self.per_epoch = recipe.per_epoch(data)
        self.parameters = [each for each in module.parameters() if each.requires_grad]
        if not self.parameters:
            raise SpecError("net", type(module).__name__, "a net with parameters to train")
        self.names = [name for name, each in module.named_parameters() if each.requires_grad]
        name = recipe.loss_name(data)
        self.criterion: Criterion = CRITERIA[name] if name else recipe.loss  # type: ignore[assignment]  # a name or a function
        self.tensors = Tensors.of(data, recipe, device)
        self.stepper = stepper_of(recipe.optimizer, recipe.rate, self.parameters, self.names)
        self._pace = Pace.of(recipe.schedule, self.total, self._rows)
        self._order = Order(len(data.train), recipe.seed)
        self._stream = Stream(recipe.seed, "dropout", device)
        self._noise = generator(recipe.seed, "train", "noise")
        self.first = {key: each.detach().clone() for key, each in module.state_dict().items()}
        self.broken: Finding | None = None

    @property
    def step_number(self) -> int:
        """Steps taken so far."""
        return len(self.notes.losses)

    def step(self) -> float:
        """Takes one step; returns its loss. Where a number is not finite it takes none, and `broken` says why."""
        size = self._pace.size(self.step_number, self._rows)
        rows = torch.from_numpy(self._order.next(size)).to(self.tensors.x.device)
        buffers = {name: each.clone() for name, each in self.module.named_buffers()}
        step = Step(self.tensors.x[rows], self.tensors.y[rows], self._stream.state(), buffers)
        loss = self.gradient(step)
        norm = float(torch.nn.utils.get_total_norm([each.grad for each in self.parameters if each.grad is not None]))
        if not (math.isfinite(loss) and math.isfinite(norm)):
            self._undo(step)
            self.broken = self._stopped(step)
            return loss
        if self.recipe.noise:
            self._add_noise()
        factor, others = self._pace.factor(self.step_number), self._pace.settings(self.step_number)
        self.stepper.step(factor, others, self._probe(step), partial(self.gradient, step))
        self.notes.step(loss, norm, self.stepper.rate(factor))
        return loss

    def gradient(self, step: Step) -> float:
        """Leaves the gradient of a batch's loss in each parameter; returns the loss."""
        self.module.train()
        for each in self.parameters:
            each.grad = None
        self._stream.load(step.streams)
        with self._stream.on():
            loss = self.criterion(self.module(step.x), step.y)
            loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
        for each in self.parameters:
            if each.grad is None:  # a parameter that this batch does not use
                each.grad = torch.zeros_like(each)
        return float(loss.detach())

    def _probe(self, step: Step) -> Batch:
        """What the optimizer may ask about the batch of a step."""
        drawn = partial(self._stream.at, step.streams)
        return Batch(self.module, self.criterion, step.x, step.y, self.names, drawn)

    def _add_noise(self) -> None:
        for each in self.parameters:
            drawn = torch.from_numpy(self._noise.standard_normal(tuple(each.shape)))
            each.grad.add_(drawn.to(each), alpha=self.recipe.noise)  # type: ignore[union-attr]  # set by `gradient`

    def _undo(self, step: Step) -> None:
        """Takes back what the failing pass did to buffers and stream."""
        own = dict(self.module.named_buffers())
        for name, before in step.buffers.items():
            own[name].copy_(before)
        self._stream.load(step.streams)

    def _stopped(self, step: Step) -> Finding:
        with self.aside():
            found = autopsy(self.module, self.criterion, step.x, step.y)
        self._undo(step)
        return found

    def look(self, seconds: float | None) -> None:
        """Looks at the validation rows, and keeps the weights if they are the best."""
        with self.stepper.judged():
            judged = self._judged() if len(self._data.validation) else None
            if judged is not None and not math.isfinite(judged[0]):
                self.broken = self._look_broke()
                return
            if self.notes.look(judged, seconds):
                self.notes.best_weights = copied(self.module.state_dict())
            self._pace.looked(self.notes.judged[-1])

    def _judged(self) -> tuple[float, float]:
        """Loss and score of the validation rows, dropout off."""
        self.module.eval()
        x, y = self.tensors.validation
        whole, right, count = 0.0, 0.0, 0.0
        with torch.no_grad(), self._stream.on():
            for xs, ys in zip(torch.split(x, AT_ONCE), torch.split(y, AT_ONCE), strict=True):
                z = self.module(xs)
                whole += float(self.criterion(z, ys)) * len(xs)
                more = score(self._data.task, z, ys)
                right, count = right + more[0], count + more[1]
        share = right / count
        if self._data.task == "regression":
            share = 1.0 - share / max(spread(y), 1e-300)
        return whole / len(x), share

    def _look_broke(self) -> Finding:
        self.module.eval()
        with self.aside():
            return autopsy(self.module, self.criterion, *self.tensors.validation)

    def aside(self) -> AbstractContextManager[None]:
        """Lends the net its random stream for a look from outside, which leaves no trace in it."""
        return self._stream.at(self._stream.state())

    def snapshot(self) -> Snapshot:
        """Returns all that decides what comes next."""
        tree: dict[str, Any] = {
            "weights": copied(self.module.state_dict()),
            "optimizer": self.stepper.state(),
            "order": copied(self._order.state()),
            "pace": self._pace.tree(),
            "stream": self._stream.state(),
            "noise": copied(self._noise.bit_generator.state),
            "notes": self.notes.tree(),
            "first": self.first,
            "of": self._of(),
        }
        return Snapshot(self.step_number, tree)

    def load(self, snapshot: Snapshot) -> None:
        """Goes to where a snapshot was.

        Raises:
            SpecError: it is of another training.
        """
        tree = snapshot.tree
        if tree["of"] != self._of():
            raise SpecError("resume", tree["of"], f"a snapshot of this training, {self._of()}")
        self.module.load_state_dict(tree["weights"])
        self.stepper.load(tree["optimizer"])
        self._order.load(tree["order"])
        self._pace.load(tree["pace"])
        self._stream.load(tree["stream"])
        self._noise.bit_generator.state = tree["noise"]
        self.notes = Notes(**copied(tree["notes"]))
        self.first = copied(tree["first"])

    def _of(self) -> str:
        """What must be the same for a snapshot to fit."""
        parts = (self._data.sha256[:12], self.stepper.title, self.recipe.seed, self._rows, self.total)
        return " ".join(map(str, parts))
