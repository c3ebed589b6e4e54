"""What a step costs, counted and not timed: operations of the net's gradient, and of the optimizer per weight."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from fallline.core.choice import lookup
from fallline.engine.optim import SGD, Dialect, optimizers_of
from fallline.engine.train.race.member import Member
from fallline.engine.train.race.problem import Problem

PROBE = 64
"""Weights on which an optimizer's operations are counted."""


def step_work(problem: Problem) -> tuple[int, int]:
    """Returns the floating-point operations of one gradient, those of all products forward and back; and the weights.

    Counted on the real graph by torch's counter; a multiplication and an addition are two. What is done element by
    element (activations, the loss) is left out, as is usual.
    """
    import torch  # only those who race need it
    from torch.utils.flop_counter import FlopCounterMode

    from fallline.engine.train.loop.tensors import Tensors
    from fallline.engine.train.race.follow import CPU, loss_of, start

    recipe = problem.recipe(SGD(), Member(0.1, 0))
    tensors, module = Tensors.of(problem.data, recipe, CPU), start(problem, recipe)
    rows = problem.batch or len(tensors.x)
    with FlopCounterMode(display=False) as counter:
        loss = loss_of(problem, recipe, module, tensors.x[:rows], tensors.y[:rows])
        torch.autograd.grad(loss, tuple(module.parameters()))
    return int(counter.get_total_flops()), sum(weight.numel() for weight in module.parameters())


@lru_cache
def optimizer_work(dialect: Dialect, optimizer: str) -> float | None:
    """Returns the operations of one step per weight, counted on our own formula in a dialect.

    Returns:
        None where we have no formula of that name, or one that looks at more than one weight at a time.
    """
    known = optimizers_of(dialect)
    if optimizer not in known:
        return None
    chosen, tally = lookup(optimizer, known, "optimizer")(), [0]
    if chosen.scope != "element" or chosen.needs:
        return None
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
