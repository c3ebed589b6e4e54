"""What a step costs, counted and not timed: operations of the net's gradient, and of the optimizer per weight."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from fallline.engine.optim import OPTIMIZERS
from fallline.engine.train.race.problem import Problem

PROBE = 64
"""Weights on which an optimizer's operations are counted."""


def step_work(problem: Problem) -> int:
    """Returns the floating-point operations of one gradient: those of all products, forward and back.

    Counted on the real graph by torch's counter; a multiplication and an addition are two. What is done element by
    element (activations, the loss) is left out, as is usual.
    """
    import torch  # only those who race need it
    from torch.utils.flop_counter import FlopCounterMode

    from fallline.engine.train.race.in_torch import TorchProblem
    from fallline.engine.train.race.problem import draw

    torched = TorchProblem(problem)
    module = torched.module(draw(problem, lambda name: np.random.Generator(np.random.PCG64(len(name)))))
    rows = problem.batch or len(problem.x)
    with FlopCounterMode(display=False) as counter:
        loss = torched.loss(module, torched.x[:rows], torched.y[:rows])
        torch.autograd.grad(loss, tuple(module.parameters()))
    return int(counter.get_total_flops())


@lru_cache
def optimizer_work(lane: str, optimizer: str) -> float | None:
    """Returns the operations of one step per weight, counted on our own formula in the lane's dialect.

    Returns:
        None where we have no formula of that name.
    """
    kind = OPTIMIZERS.get(optimizer)
    if kind is None or "keras" in lane:
        return None
    chosen, tally = kind(), [0]
    weights = counted(np.full(PROBE, 0.5), tally)
    state = chosen.init(weights)
    for _ in range(2):  # the second step, when every memory holds something
        tally[0] = 0
        weights, state = chosen.step(weights, counted(np.full(PROBE, 0.25), tally), state, 0.01)
    return tally[0] / PROBE


class Counted(np.ndarray):
    """A NumPy array that counts the elementwise operations done on it, in a tally that its results share."""

    tally: list[int]

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: object, **options: object) -> object:
        """Does it on plain arrays, and counts one operation per element of what comes out."""
        plain = [each.view(np.ndarray) if isinstance(each, Counted) else each for each in inputs]
        out = getattr(ufunc, method)(*plain, **options)
        self.tally[0] += int(np.size(out))
        return counted(out, self.tally) if isinstance(out, np.ndarray) else out


def counted(values: np.ndarray, tally: list[int]) -> Counted:
    """Returns an array whose operations are counted.

    >>> tally = [0]
    >>> _ = 2.0 * counted(np.ones(3), tally) + 1.0
    >>> tally
    [6]
    """
    made = np.asarray(values).view(Counted)
    made.tally = tally
    return made
