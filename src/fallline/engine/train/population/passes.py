"""How torch computes the gradients of members: in traced blocks, or one after the other as in the plain loop."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fallline.engine.train.population.fleet import Fleet
from fallline.engine.train.population.gradients import CRITERIA, Gradients, Net, trace
from fallline.engine.train.population.layout import bind, bound

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Batches:
    """The rows of a task as tensors.

    Attributes:
        x: inputs, shape (n, …).
        y: targets, shape (n, outputs); classes as rows with a single 1.
    """

    x: Tensor
    y: Tensor

    def of(self, rows: Rows) -> tuple[Tensor, Tensor]:
        """Returns the inputs and targets of rows (B, n), shapes (B, n, …)."""
        places = torch.from_numpy(rows.reshape(-1))
        x, y = self.x.index_select(0, places), self.y.index_select(0, places)
        return x.view(*rows.shape, *x.shape[1:]), y.view(*rows.shape, *y.shape[1:])


class Pass(Protocol):
    """What gives the gradients of a block of members."""

    @property
    def block(self) -> int:
        """Members at once."""
        ...

    def begin(self, fleet: Fleet, moving: NDArray[np.int64], slopes: Tensor) -> None:
        """Is told where weights lie and gradients go, before some steps."""
        ...

    def __call__(self, fleet: Fleet, group: NDArray[np.int64], rows: Rows, draws: Rows, slopes: Tensor) -> Any:
        """Writes gradients (block, numbers that move).

        Args:
            fleet: where the weights are.
            group: who, at most `block`.
            rows: of each member's batch, shape (some, n).
            draws: a seed for each member's step.
            slopes: written.

        Returns:
            the losses, shape (some,).
        """
        ...


@dataclass(frozen=True, eq=False)
class Blocks:
    """Members traced together; a block of 1 is one member's gradient, traced.

    Attributes:
        net: the module.
        batches: the rows.
        block: members at once.
    """

    net: Net
    batches: Batches
    block: int
    _traced: dict[int, Gradients] = field(default_factory=dict)
    _views: dict[tuple[int, int], tuple[Tensor, ...]] = field(default_factory=dict)

    def begin(self, fleet: Fleet, moving: NDArray[np.int64], slopes: Tensor) -> None:
        """Forgets where the weights of the steps before were."""
        del fleet, moving, slopes
        self._views.clear()

    def __call__(self, fleet: Fleet, group: NDArray[np.int64], rows: Rows, draws: Rows, slopes: Tensor) -> Any:
        """Writes the gradients of a block."""
        del draws
        some, missing = len(group), self.block - len(group)
        if missing:  # the last block is filled up with its last member, whose gradients are computed once more
            group, rows = np.pad(group, (0, missing), mode="edge"), np.pad(rows, ((0, missing), (0, 0)), mode="edge")
        weights = self._weights(fleet, group)
        x, y = self.batches.of(rows)
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
        batches: the rows.
        draws: whether the module draws random numbers: each step then has a stream of its own.
    """

    net: Net
    batches: Batches
    draws: bool = False
    block: int = 1
    _twins: dict[int, nn.Module] = field(default_factory=dict)

    def begin(self, fleet: Fleet, moving: NDArray[np.int64], slopes: Tensor) -> None:
        """Lets a module live in each member's row."""
        weights = torch.from_numpy(fleet.weights)
        for k in moving.tolist():
            if k in self._twins:
                bind(self._twins[k], self.net.layout, weights[k], slopes[0])
            else:
                self._twins[k] = bound(self.net.module, self.net.layout, weights[k], slopes[0])

    def __call__(self, fleet: Fleet, group: NDArray[np.int64], rows: Rows, draws: Rows, slopes: Tensor) -> Any:
        """Writes the gradient of one member."""
        del fleet
        if not self.draws:
            return self._pass(int(group[0]), rows[0], slopes)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(draws[0]))
            return self._pass(int(group[0]), rows[0], slopes)

    def _pass(self, k: int, rows: Rows, slopes: Tensor) -> float:
        places = torch.from_numpy(rows)
        slopes.zero_()
        outputs = self._twins[k](self.batches.x[places])
        loss = CRITERIA[self.net.loss](outputs, self.batches.y[places])
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())
