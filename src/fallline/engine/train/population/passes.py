"""How torch computes the gradients of members: in traced blocks, or one after the other as in the plain loop."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fallline.engine.train.loop.stream import Stream
from fallline.engine.train.population.fleet import Fleet
from fallline.engine.train.population.gradients import CRITERIA, Gradients, Losses, Subject, trace, trace_looks
from fallline.engine.train.population.layout import bind, bound

Rows = NDArray[np.int64]
LOOKED_AT = 128
"""Rows that are looked at together."""


@dataclass(frozen=True, eq=False)
class Batches:
    """The rows of a task as tensors.

    Attributes:
        x: inputs, shape (n, …).
        y: targets, shape (some, n, outputs); classes as rows with a single 1. The first are those without noise.
    """

    x: Tensor
    y: Tensor

    def of(self, rows: Rows, labels: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Returns the inputs and targets of rows (B, n), shapes (B, n, …), with the labels that each member has."""
        places = torch.from_numpy(rows.reshape(-1))
        x = self.x.index_select(0, places)
        noisy = places if len(self.y) == 1 else torch.from_numpy((rows + labels[:, None] * len(self.x)).reshape(-1))
        y = self.y.flatten(0, 1).index_select(0, noisy)
        return x.view(*rows.shape, *x.shape[1:]), y.view(*rows.shape, *y.shape[1:])


@dataclass(frozen=True, eq=False)
class Batch:
    """What the members of a block meet at one step.

    Attributes:
        rows: shape (some, n).
        batches: where they are.
        labels: which targets are each member's, shape (some,).
        draws: a seed for each member's step.
    """

    rows: Rows
    batches: Batches
    labels: NDArray[np.int64]
    draws: Rows


class Pass(Protocol):
    """What gives the gradients of a block of members."""

    @property
    def block(self) -> int:
        """Members at once."""
        ...

    def begin(self, fleet: Fleet, moving: NDArray[np.int64], slopes: Tensor) -> None:
        """Is told where weights lie and gradients go, before some steps."""
        ...

    def __call__(self, fleet: Fleet, group: NDArray[np.int64], batch: Batch, slopes: Tensor) -> Any:
        """Writes gradients (block, numbers that move).

        Args:
            fleet: where the weights are.
            group: who, at most `block`.
            batch: what they meet.
            slopes: written.

        Returns:
            the losses, shape (some,).
        """
        ...

    def looks(self, weights: Tensor, x: Tensor, y: Tensor) -> NDArray[np.float64]:
        """Returns the losses of rows at weights (K, length), in evaluation."""
        ...


@dataclass(frozen=True, eq=False)
class Blocks:
    """Members traced together; a block of 1 is one member's gradient, traced.

    Attributes:
        net: the module.
        block: members at once.
    """

    net: Subject
    block: int
    _traced: dict[int, Gradients] = field(default_factory=dict)
    _looks: dict[int, Losses] = field(default_factory=dict)
    _views: dict[tuple[int, int], tuple[Tensor, ...]] = field(default_factory=dict)

    @property
    def written(self) -> int:
        """Bytes that a traced pass writes, at most."""
        return max((traced.written for traced in self._traced.values()), default=0)

    def begin(self, fleet: Fleet, moving: NDArray[np.int64], slopes: Tensor) -> None:
        """Forgets where the weights of the steps before were."""
        del fleet, moving, slopes
        self._views.clear()

    def __call__(self, fleet: Fleet, group: NDArray[np.int64], batch: Batch, slopes: Tensor) -> Any:
        """Writes the gradients of a block."""
        some, missing = len(group), self.block - len(group)
        rows, labels = batch.rows, batch.labels
        if missing:  # the last block is filled up with its last member, whose gradients are computed once more
            group, labels = np.pad(group, (0, missing), mode="edge"), np.pad(labels, (0, missing), mode="edge")
            rows = np.pad(rows, ((0, missing), (0, 0)), mode="edge")
        weights = self._weights(fleet, group)
        x, y = batch.batches.of(rows, labels)
        with torch.no_grad():
            n = rows.shape[1]
            if n not in self._traced:  # a smaller last batch of an epoch is traced for itself
                self._traced[n] = trace(self.net, self.block, weights, x, y)
            if self.block == 1:
                parts, losses = self._traced[n](self._first(weights), x[0], y[0])
                torch.cat([part.reshape(-1) for part in parts], out=slopes[0])
                return losses.item()
            parts, losses = self._traced[n](weights, x, y)
            torch.cat([part.reshape(self.block, -1) for part in parts], dim=1, out=slopes)
        return losses.reshape(-1)[:some].numpy()

    def looks(self, weights: Tensor, x: Tensor, y: Tensor) -> NDArray[np.float64]:
        """Returns the losses of rows, block after block, in parts whose values stay in the caches."""
        found = torch.zeros(len(weights), dtype=torch.float64)
        with torch.no_grad():
            for low in range(0, len(weights), self.block):
                some = weights[low : low + self.block]
                if len(some) < self.block:
                    some = torch.cat([some, some[-1:].expand(self.block - len(some), -1)])
                parts = self.net.layout.weights(some)
                for xs, ys in zip(torch.split(x, LOOKED_AT), torch.split(y, LOOKED_AT), strict=True):
                    if len(xs) not in self._looks:
                        self._looks[len(xs)] = trace_looks(self.net, self.block, parts, xs, ys)
                    losses = self._looks[len(xs)](parts, xs, ys).reshape(-1)[: len(weights) - low]
                    found[low : low + self.block] += losses.double() * (len(xs) / len(x))
        return found.numpy()

    @staticmethod
    def _first(weights: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The only member's weights."""
        return tuple([each[0] for each in weights])

    def _weights(self, fleet: Fleet, group: NDArray[np.int64]) -> tuple[Tensor, ...]:
        """The weights of neighbours are looked at where they lie; others are brought together first."""
        low, high = int(group[0]), int(group[-1]) + 1
        if not (np.diff(group) == 1).all():
            return self.net.layout.weights(torch.from_numpy(fleet.weights[group]))
        if (low, high) not in self._views:
            self._views[low, high] = self.net.layout.weights(torch.from_numpy(fleet.weights[low:high]))
        return self._views[low, high]


@dataclass(frozen=True, eq=False)
class Plain:
    """The plain loop: each member has a module of its own, and autograd differentiates.

    Attributes:
        net: the module.
        draws: whether the module draws random numbers: from the member's stream, or by the number of the step.
    """

    net: Subject
    draws: bool = False
    block: int = 1
    _twins: dict[int, nn.Module] = field(default_factory=dict)
    _stream: Stream = field(default_factory=lambda: Stream(0, "dropout", torch.device("cpu")))

    def begin(self, fleet: Fleet, moving: NDArray[np.int64], slopes: Tensor) -> None:
        """Lets a module live in each member's row."""
        weights = torch.from_numpy(fleet.weights)
        for k in moving.tolist():
            if k in self._twins:
                bind(self._twins[k], self.net.layout, weights[k], slopes[0])
            else:
                self._twins[k] = bound(self.net.module, self.net.layout, weights[k], slopes[0])

    def __call__(self, fleet: Fleet, group: NDArray[np.int64], batch: Batch, slopes: Tensor) -> Any:
        """Writes the gradient of one member."""
        k = int(group[0])
        if not self.draws:
            return self._pass(k, batch, slopes)
        if fleet.streams[k] is not None:
            self._stream.load([fleet.streams[k]])
            with self._stream.on():
                loss = self._pass(k, batch, slopes)
            (fleet.streams[k],) = self._stream.state()
            return loss
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(batch.draws[0]))
            return self._pass(k, batch, slopes)

    def _pass(self, k: int, batch: Batch, slopes: Tensor) -> float:
        places = torch.from_numpy(batch.rows[0])
        slopes.zero_()
        outputs = self._twins[k](batch.batches.x[places])
        loss = CRITERIA[self.net.loss](outputs, batch.batches.y[batch.labels[0], places])
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())

    def looks(self, weights: Tensor, x: Tensor, y: Tensor) -> NDArray[np.float64]:
        """Returns the losses of rows, member after member."""
        found = np.empty(len(weights))
        spare = torch.zeros(self.net.layout.moving, dtype=weights.dtype)
        judged = bound(self.net.module, self.net.layout, weights[0], spare).eval()
        with torch.no_grad():
            for place, row in enumerate(weights):
                bind(judged, self.net.layout, row, spare)
                found[place] = float(CRITERIA[self.net.loss](judged(x), y))
        return found
