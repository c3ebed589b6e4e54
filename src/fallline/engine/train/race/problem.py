"""What is raced on, as plain data: a net, its rows, its loss, and what disturbs its gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from fallline.engine.nets.architecture import Architecture, Weights

if TYPE_CHECKING:
    from torch import nn

Loss = Literal["cross_entropy", "squared"]
POINTS = 60
"""How often the loss is looked at along a run, besides the start."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A workload, ready to be trained in any tool.

    Attributes:
        x: rows to learn from, first axis n; whole numbers where they are tokens.
        y: their targets: classes from 0, or numbers of shape (n,).
        held_x: rows that the loss is looked at on; the same as `x` where nothing can be learnt by heart.
        held_y: their targets.
        loss: mean ``cross_entropy`` of classes, or mean ``squared`` error.
        batch: rows of a step; 0 takes all.
        noise: standard deviation of the Gaussian noise added to each coordinate of each gradient.
        steps: of a run.
        architecture: the net, as data; None where it is code.
        module: makes the user's own torch module from a seed; None where it is data.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    held_x: NDArray[Any]
    held_y: NDArray[Any]
    loss: Loss
    batch: int
    noise: float
    steps: int
    architecture: Architecture | None = None
    module: Callable[[int], nn.Module] | None = None

    @cached_property
    def points(self) -> tuple[int, ...]:
        """The steps after which the loss is looked at, from 0 to `steps`."""
        count = min(self.steps, POINTS)
        return tuple(round(place * self.steps / count) for place in range(count + 1))


@dataclass(frozen=True, eq=False)
class Draw:
    """What a seed decides; the same for every optimizer and every tool.

    Attributes:
        weights: the first weights by name, in torch's layout, float64.
        rows: rows of each step, shape (steps, batch); None where each step takes all.
        noise: what is added to the gradients, one array of shape (steps, …) per weight; empty where there is none.
    """

    weights: Weights
    rows: NDArray[np.int64] | None
    noise: tuple[NDArray[np.float64], ...]


def draw(problem: Problem, stream: Callable[[str], np.random.Generator]) -> Draw:
    """Draws the start, the order of the rows and the noise.

    Args:
        problem: for what.
        stream: name → Generator; three streams, so that more noise does not shift the order of the rows.
    """
    weights = _weights(problem, stream("weights"))
    rows = None
    if 0 < problem.batch < len(problem.x):
        rows = batches(len(problem.x), problem.batch, problem.steps, stream("rows"))
    noise: tuple[NDArray[np.float64], ...] = ()
    if problem.noise > 0:
        rng = stream("noise")
        noise = tuple(
            problem.noise * rng.standard_normal((problem.steps, *weight.shape)) for weight in weights.values()
        )
    return Draw(weights, rows, noise)


def _weights(problem: Problem, rng: np.random.Generator) -> Weights:
    if problem.architecture is not None:
        return problem.architecture.draw(rng)
    assert problem.module is not None  # noqa: S101 - a problem has one of the two
    made = problem.module(int(rng.integers(2**31)))
    return {name: weight.detach().double().numpy().copy() for name, weight in made.named_parameters()}


def batches(rows: int, batch: int, steps: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Returns which rows each step takes: epoch after epoch in a new order, a batch running on into the next epoch.

    >>> taken = batches(6, 4, 3, np.random.default_rng(0))
    >>> sorted(taken.ravel()[:6].tolist()), sorted(taken.ravel()[6:].tolist())
    ([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5])
    """
    epochs = -(-steps * batch // rows)
    order = np.concatenate([rng.permutation(rows) for _ in range(epochs)])
    return order[: steps * batch].reshape(steps, batch)
