"""What an optimizer may ask of the batch of its step: the loss, its gradient and its curvature at any weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from fallline.engine.train.loop.criteria import Criterion

Layers = tuple[Tensor, ...]


@dataclass(frozen=True, eq=False)
class Batch:
    """The probe of one step: the same rows and the same dropout masks, whenever it is asked; nothing is changed.

    Attributes:
        module: the net.
        criterion: the loss.
        x: samples of the step.
        y: what is to be said of them.
        names: of the parameters, in the order of the weights.
        drawn: lends the net the random stream as it was when the step began.
    """

    module: nn.Module
    criterion: Criterion
    x: Tensor
    y: Tensor
    names: Sequence[str]
    drawn: Callable[[], AbstractContextManager[None]]

    def value(self, w: Layers) -> float:
        """Returns the loss at weights, one tensor a parameter."""
        with torch.no_grad():
            return float(self._loss(w))

    def gradient_at(self, w: Layers) -> Layers:
        """Returns the gradient at weights."""
        moved = _tracked(w)
        with torch.enable_grad():  # steps are taken without
            return _slopes(self._loss(moved), moved)

    def hvp(self, w: Layers, v: Layers) -> Layers:
        """Returns the Hessian at weights times v, by differentiating the gradient along v."""
        moved = _tracked(w)
        with torch.enable_grad(), sdpa_kernel(SDPBackend.MATH):  # fast attention has no second derivative
            slopes = torch.autograd.grad(self._loss(moved), moved, create_graph=True, allow_unused=True)
            along = [(slope * part).sum() for slope, part in zip(slopes, v, strict=True) if slope is not None]
            return _slopes(torch.stack(along).sum(), moved)

    def _loss(self, w: Layers) -> Tensor:
        buffers = {name: each.clone() for name, each in self.module.named_buffers()}
        state = {**buffers, **dict(zip(self.names, w, strict=True))}
        with self.drawn():
            return self.criterion(torch.func.functional_call(self.module, state, (self.x,)), self.y)


def _tracked(w: Layers) -> Layers:
    return tuple(each.detach().requires_grad_() for each in w)


def _slopes(value: Tensor, w: Layers) -> Layers:
    """The gradient, zero for what the value does not depend on."""
    if not value.requires_grad:
        return tuple(torch.zeros_like(each) for each in w)
    found = torch.autograd.grad(value, w, allow_unused=True)
    return tuple(torch.zeros_like(e) if slope is None else slope for slope, e in zip(found, w, strict=True))
