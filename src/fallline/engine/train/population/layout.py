"""A module's parameters and buffers as one row of numbers."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

Shapes = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Layout:
    """Where each parameter lies in a row, and after them each buffer; frozen parameters stay in the module.

    Attributes:
        parameters: names and shapes of what moves.
        buffers: names and shapes of what the module itself keeps up to date, such as running means.
    """

    parameters: Shapes
    buffers: Shapes

    @classmethod
    def of(cls, module: nn.Module) -> Layout:
        """Reads it off a module."""
        moving = ((name, each) for name, each in module.named_parameters() if each.requires_grad)
        return cls(
            tuple((name, tuple(each.shape)) for name, each in moving),
            tuple((name, tuple(each.shape)) for name, each in module.named_buffers()),
        )

    @property
    def moving(self) -> int:
        """Numbers that an optimizer moves."""
        return sum(int(np.prod(shape)) for _, shape in self.parameters)

    @property
    def length(self) -> int:
        """Numbers in the row."""
        return self.moving + sum(int(np.prod(shape)) for _, shape in self.buffers)

    def views(self, rows: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Yields each part of rows (…, length) by name, in its shape."""
        place = 0
        for name, shape in (*self.parameters, *self.buffers):
            size = int(np.prod(shape))
            yield name, rows[..., place : place + size].view((*rows.shape[:-1], *shape))
            place += size

    def weights(self, rows: Tensor) -> tuple[Tensor, ...]:
        """Returns what moves, part by part."""
        return tuple(each for _, each in islice(self.views(rows), len(self.parameters)))

    def row(self, module: nn.Module, dtype: Any) -> NDArray[Any]:
        """Returns a module's numbers."""
        found = {**dict(module.named_parameters()), **dict(module.named_buffers())}
        parts = [found[name].detach().double().numpy().ravel() for name, _ in (*self.parameters, *self.buffers)]
        return np.concatenate(parts or [np.empty(0)]).astype(dtype)


def bound(module: nn.Module, layout: Layout, row: Tensor, slopes: Tensor) -> nn.Module:
    """Returns a copy of a module that lives in a row: what it learns and keeps is written there.

    Args:
        module: is left as it is.
        layout: its own.
        row: shape (length,).
        slopes: where gradients are added to, shape (moving,).
    """
    twin = copy.deepcopy(module)
    bind(twin, layout, row, slopes)
    return twin


def bind(twin: nn.Module, layout: Layout, row: Tensor, slopes: Tensor) -> None:
    """Lets a module live in a row."""
    parameters = dict(twin.named_parameters())
    gradients = layout.weights(slopes)
    for place, (name, view) in enumerate(layout.views(row)):
        if place < len(layout.parameters):
            parameters[name].data = view
            parameters[name].grad = gradients[place]
        else:
            owner, _, own = name.rpartition(".")
            # a counter of batches, too, becomes a number of the row: nothing of a member lies elsewhere
            twin.get_submodule(owner)._buffers[own] = view  # noqa: SLF001 - assigning checks the type of the buffer before
