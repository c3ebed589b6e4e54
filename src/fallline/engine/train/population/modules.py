"""Any module trained by torch: members in blocks where that is faster, else one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fallline.core.errors import SpecError
from fallline.core.event import Event, EventKind, Listener
from fallline.engine.optim.compiled import telling
from fallline.engine.train.loop.stream import Stream
from fallline.engine.train.population import wishes
from fallline.engine.train.population.disturbance import Labels, Noise
from fallline.engine.train.population.fleet import Fleet, Stretch
from fallline.engine.train.population.layout import Layout, bound
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.moves import compiled_move
from fallline.engine.train.population.passes import Batch, Batches, Pass, Plain
from fallline.engine.train.population.steps import step_kernel
from fallline.engine.train.population.task import Task
from fallline.engine.train.population.wishes import Desk


@dataclass(frozen=True, eq=False)
class ModuleTrainer:
    """Takes the steps of any module.

    Attributes:
        make: gives a member's first module, by its seed.
        module: the architecture, in training mode.
        layout: its own.
        task: what the members share.
        gradients: how they are computed.
        sentence: how the members are trained, and why so.
        laid: targets as the module's criterion reads them.
    """

    make: Callable[[int], nn.Module]
    module: nn.Module
    layout: Layout
    task: Task
    gradients: Pass
    sentence: str
    laid: Callable[[NDArray[Any]], NDArray[Any]]

    @property
    def length(self) -> int:
        """Numbers in a member's row, buffers included."""
        return self.layout.length

    @property
    def moving(self) -> int:
        """Numbers that an optimizer moves."""
        return self.layout.moving

    def first(self, member: Member) -> NDArray[Any]:
        """Returns the member's own weights, or its module's."""
        row = self.layout.row(self.make(member.seed), self.task.precision)
        if member.weights is not None:
            given = [tuple(np.shape(part)) for part in member.weights]
            expected = [shape for _, shape in self.layout.parameters]
            if given != expected:
                raise SpecError("weights", given, f"parameters of shapes {expected}")
            for mine, part in zip(self.layout.weights(torch.from_numpy(row)), member.weights, strict=True):
                mine.copy_(torch.as_tensor(part))
        return row

    def stream(self, member: Member) -> Tensor | None:
        """Returns the start of the training loop's stream, where its draws are meant and the module draws."""
        if self.task.streams != "train" or not (isinstance(self.gradients, Plain) and self.gradients.draws):
            return None
        return Stream(member.seed, "dropout", torch.device("cpu")).state()[0]

    def prepare(self, members: Sequence[Member], listener: Listener) -> None:
        """Compiles the optimizers' steps, or loads them from the cache."""
        for member in members:
            if member.l1 or member.l2:
                hint = "In a module, use the optimizer's own decay."
                raise SpecError("l1" if member.l1 else "l2", member.l1 or member.l2, "0, but for perceptrons", hint)
        message = "Compiling the optimizers' steps: some seconds, the first time on a machine."
        with telling(lambda: listener(Event(EventKind.STARTED, "population", "kernels", message))):
            for kind in {type(member.optimizer) for member in members}:
                step_kernel(kind, self.task.precision)

    @cached_property
    def _desk(self) -> Desk:
        noise = Noise(self.layout.moving, lambda drawn: drawn, self.task.precision)
        return Desk(self.task, noise, Labels(self.task, self.laid), outside=True)

    def advance(
        self, fleet: Fleet, members: Sequence[Member], moving: NDArray[np.int64], steps: int, factors: NDArray[Any]
    ) -> Stretch:
        """Takes steps in place."""
        asked = self._desk.ask(members, fleet, moving, steps, factors)
        losses, broken = np.full((len(members), steps), np.nan), np.full(len(members), -1, dtype=np.int64)
        block = self.gradients.block
        slopes = np.zeros((block, self.layout.moving), dtype=self.task.precision)
        out = torch.from_numpy(slopes)
        self.gradients.begin(fleet, moving, out)
        batches = Batches(torch.from_numpy(self.task.x), torch.from_numpy(asked.targets))
        state, told = (fleet.weights, fleet.memories, fleet.taken), (losses, broken)
        plain, began = asked.plain, fleet.taken[:, 0].copy()
        for start in range(0, len(moving), block):  # block outside, step inside: what a block needs stays in the caches
            goes_on = moving[start : start + block]
            for s in range(steps):
                for group, rows in together(asked.batches, goes_on, s):
                    draws = (asked.batches.keys[group].astype(np.int64) + began[group] + s) % 2**62
                    batch = Batch(rows, batches, asked.batches.labels[group], draws)
                    losses[group, s] = self.gradients(fleet, group, batch, out)
                    compiled_move(group, s, plain, state, slopes, told)
                if (broken[goes_on] >= 0).any():
                    goes_on = goes_on[broken[goes_on] < 0]
        done = np.where(broken >= 0, broken, steps)[moving]
        fleet.taken[moving] += done[:, None]
        return Stretch(losses, broken)

    def looks(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Returns the loss of the validation rows at rows of weights; NaN where there are no such rows."""
        if self._held is None:
            return np.full(len(rows), np.nan)
        return self.gradients.looks(torch.from_numpy(rows), *self._held)

    @cached_property
    def _held(self) -> tuple[Tensor, Tensor] | None:
        if self.task.validation is None:
            return None
        x, y = self.task.validation
        return torch.from_numpy(x), torch.from_numpy(self.laid(y))

    def work(self) -> float:
        """Multiplications of one step, about: more where parameters are used more than once, as in convolutions."""
        return 1e6 + 3.0 * self.task.batch * self.layout.moving

    def cause(self, row: NDArray[Any], x: NDArray[Any]) -> str:
        """Says which submodule gave the first value that is no number."""
        return first_break(self._at(row), self.layout, torch.from_numpy(row), torch.from_numpy(x))

    def _at(self, row: NDArray[Any]) -> nn.Module:
        copy = torch.from_numpy(row.copy())
        return bound(self.module, self.layout, copy, torch.zeros(self.layout.moving, dtype=copy.dtype))

    def parts(self, row: NDArray[Any]) -> nn.Module:
        """Returns a module with these weights, for evaluation."""
        return self._at(row).eval()

    def outputs(self, row: NDArray[Any], x: NDArray[Any]) -> NDArray[Any]:
        """Returns the module's outputs, in evaluation."""
        with torch.no_grad():
            return np.asarray(self.parts(row)(torch.from_numpy(x)).numpy())


def together(
    batches: wishes.Batches, moving: NDArray[np.int64], s: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yields members and their rows (some, n) at a step; together are those at the same place of their epoch."""
    if not len(moving):
        return
    places = batches.places[moving, s]
    orders = batches.firsts[moving] + places[:, 0] - batches.places[moving, 0, 0]
    same = bool((places[:, 1:] == places[0, 1:]).all())
    for low, size in places[:1, 1:].tolist() if same else np.unique(places[:, 1:], axis=0).tolist():
        mine = slice(None) if same else (places[:, 1] == low) & (places[:, 2] == size)
        yield moving[mine], batches.orders[orders[mine], low : low + size]


def first_break(module: nn.Module, layout: Layout, row: Tensor, x: Tensor) -> str:
    """Says which part of a module gave the first value that is no number, as the end of a sentence."""
    for name, part in layout.views(row):
        if not bool(torch.isfinite(part).all()):
            return f"the step before left numbers in {name} that are not finite"
    found: list[str] = []

    def look(name: str) -> Callable[..., None]:
        def hook(_module: nn.Module, _inputs: Any, output: Any) -> None:
            if isinstance(output, Tensor) and not bool(torch.isfinite(output).all()):
                found.append(name)

        return hook

    for name, part in module.named_modules():
        if name:
            part.register_forward_hook(look(name))
    with torch.no_grad():
        module(x)
    return f"the values of {found[0]} are not finite" if found else "the outputs are too large for the loss"
