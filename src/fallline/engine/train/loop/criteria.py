"""Losses and scores computed in torch."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from fallline.engine.data.sets import Task

Criterion = Callable[[Tensor, Tensor], Tensor]
"""``(outputs, y) → mean loss``."""


def _as_numbers(y: Tensor, z: Tensor) -> Tensor:
    """Returns what was to be said in the shape and precision of the outputs."""
    return y.to(z.dtype).reshape(z.shape)


CRITERIA: dict[str, Criterion] = {
    "cross_entropy": lambda z, y: functional.cross_entropy(z.flatten(0, -2), y.flatten()),
    "log_loss": lambda z, y: functional.binary_cross_entropy_with_logits(z, _as_numbers(y, z)),
    "squared": lambda z, y: functional.mse_loss(z, _as_numbers(y, z)),
    "absolute": lambda z, y: functional.l1_loss(z, _as_numbers(y, z)),
    "huber": lambda z, y: functional.huber_loss(z, _as_numbers(y, z)),
}
"""Name of a loss → what computes it."""


def score(task: Task, z: Tensor, y: Tensor) -> tuple[float, float]:
    """Returns what a score adds up from: right answers and answers, or squared errors and their number.

    Args:
        task: what was to be said.
        z: outputs.
        y: what was to be said.
    """
    if task == "regression":
        return float((z - _as_numbers(y, z)).square().sum()), float(z.numel())
    said = (z.flatten() > 0).long() if task == "binary" else z.argmax(-1)
    return float((said.flatten() == y.flatten()).sum()), float(y.numel())


def spread(y: Tensor) -> float:
    """Returns the variance of what was to be said, the error of always saying the mean."""
    return float(torch.var(y.double(), dim=0, correction=0).mean())
