"""A problem as torch sees it: module, tensors, one gradient per step."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from fallline.engine.nets.modules import as_module
from fallline.engine.train.race.lane import FAR, Curve, curve
from fallline.engine.train.race.problem import Draw, Problem

Step = Callable[[tuple[Tensor, ...]], None]
"""Takes one step with these gradients, in the order of the module's parameters."""


class TorchProblem:
    """A problem's rows as tensors, in float64 so that equal formulas give equal curves."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.x, self.held_x = _tensor(problem.x), _tensor(problem.held_x)
        self.y, self.held_y = _tensor(problem.y), _tensor(problem.held_y)

    def module(self, draw: Draw) -> nn.Module:
        """Builds the net at a draw's start."""
        if self.problem.architecture is not None:
            return as_module(self.problem.architecture, draw.weights, torch.float64)
        assert self.problem.module is not None  # noqa: S101 - a problem has one of the two
        made = self.problem.module(0).double()
        with torch.no_grad():
            for name, weight in made.named_parameters():
                weight.copy_(torch.from_numpy(draw.weights[name]))
        return made

    def loss(self, module: nn.Module, x: Tensor, y: Tensor) -> Tensor:
        """The mean loss of these rows."""
        out = module(x)
        if self.problem.loss == "squared":
            return functional.mse_loss(out.reshape(y.shape), y)
        if out.shape[-1] == 1:
            return functional.binary_cross_entropy_with_logits(out.reshape(y.shape), y.double())
        return functional.cross_entropy(out.reshape(-1, out.shape[-1]), y.reshape(-1))

    def held(self, module: nn.Module) -> float:
        """The loss that is looked at."""
        with torch.no_grad():
            return float(self.loss(module, self.held_x, self.held_y))

    def gradients(self, module: nn.Module, draw: Draw) -> Iterator[tuple[Tensor, ...]]:
        """Yields each step's gradients, its noise included; the caller moves the weights in between."""
        weights = tuple(module.parameters())
        rows = None if draw.rows is None else torch.from_numpy(draw.rows)
        noise = tuple(torch.from_numpy(each) for each in draw.noise)
        for step in range(self.problem.steps):
            x, y = (self.x, self.y) if rows is None else (self.x[rows[step]], self.y[rows[step]])
            found = torch.autograd.grad(self.loss(module, x, y), weights)
            yield tuple(g + each[step] for g, each in zip(found, noise, strict=True)) if noise else found


def _tensor(values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Tensor:
    whole = np.issubdtype(values.dtype, np.integer)
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.int64 if whole else np.float64))


def follow(torched: TorchProblem, draw: Draw, begin: Callable[[nn.Module], Step]) -> Curve:
    """Trains one member; stops early where it has left.

    Args:
        torched: the problem.
        draw: its start, rows and noise.
        begin: given the module, returns what takes a step.
    """
    module = torched.module(draw)
    step = begin(module)
    points = torched.problem.points
    losses = [torched.held(module)]
    for number, gradients in enumerate(torched.gradients(module, draw), start=1):
        step(gradients)
        if number == points[len(losses)]:
            losses.append(torched.held(module))
            if not abs(losses[-1]) <= FAR * max(abs(losses[0]), 1e-12):
                break
    return curve([*losses, *[float("inf")] * (len(points) - len(losses))])
