"""What a verdict asks of a net: how sharp the loss is where it started, and which units nothing reaches."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

ROUNDS = 20
ROWS = 512
"""Rows that a probe looks at."""


def sharpness(module: nn.Module, criterion: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor) -> float:
    """Returns about the largest curvature of the loss at the module's weights, dropout off.

    Power iteration on differences of the gradient, so that it needs no second derivative of any layer: the vector is
    moved by ±ε, and the gradients' difference over 2ε is the Hessian times it. The start is a fixed vector.

    Returns:
        λmax up to a few per cent, as a lower bound; NaN where the loss has no finite gradient.
    """
    parameters = [each for each in module.parameters() if each.requires_grad]
    module.eval()
    start = torch.cos(torch.arange(sum(each.numel() for each in parameters), dtype=torch.float64) ** 1.5)
    vector = start / start.norm()
    before = [each.detach().clone() for each in parameters]
    size = math.sqrt(sum(float(each.double().square().sum()) for each in before))
    epsilon = 1e-3 * max(size, 1.0)
    found = math.nan
    try:
        for _ in range(ROUNDS):
            ends = [
                _gradient(module, criterion, (x, y), parameters, before, sign * epsilon * vector) for sign in (1, -1)
            ]
            product = (ends[0] - ends[1]) / (2.0 * epsilon)
            found = float(product.norm())
            if not math.isfinite(found) or found == 0.0:
                break
            vector = product / found
    finally:
        _put(parameters, before, None)
    return found


def _gradient(
    module: nn.Module,
    criterion: Callable[[Tensor, Tensor], Tensor],
    rows: tuple[Tensor, Tensor],
    parameters: Sequence[nn.Parameter],
    before: Sequence[Tensor],
    moved: Tensor,
) -> Tensor:
    _put(parameters, before, moved)
    loss = criterion(module(rows[0]), rows[1])
    slopes = torch.autograd.grad(loss, parameters, allow_unused=True)
    flat = [torch.zeros(p.numel()) if g is None else g.flatten().cpu() for g, p in zip(slopes, parameters, strict=True)]
    return torch.cat([each.double() for each in flat])


def _put(parameters: Sequence[nn.Parameter], before: Sequence[Tensor], moved: Tensor | None) -> None:
    place = 0
    with torch.no_grad():
        for parameter, weights in zip(parameters, before, strict=True):
            parameter.copy_(weights)
            if moved is not None:
                parameter.add_(moved[place : place + weights.numel()].view_as(weights).to(parameter))
            place += weights.numel()


def dead_units(module: nn.Module, x: Tensor) -> list[tuple[str, int, int]]:
    """Returns, for each ReLU, its name, how many units no sample reaches, and how many it has.

    Args:
        module: the net.
        x: samples.
    """
    found: list[tuple[str, int, int]] = []

    def watcher(name: str) -> Callable[..., None]:
        def hook(_module: nn.Module, _inputs: Any, output: Tensor) -> None:
            if output.dim() > 1:
                others = [axis for axis in range(output.dim()) if axis != 1]
                silent = (output <= 0).all(dim=tuple(others)) if others else output <= 0
                found.append((name, int(silent.sum()), silent.numel()))

        return hook

    handles = [
        each.register_forward_hook(watcher(n)) for n, each in module.named_modules() if isinstance(each, nn.ReLU)
    ]
    module.eval()
    try:
        with torch.no_grad():
            module(x)
    finally:
        for handle in handles:
            handle.remove()
    return found
