"""Training a tiny net by the compiled population kernels, with its weights kept at some moments.

An optimizer that looks at whole layers, or asks for more than a gradient, has no kernel: it is walked in NumPy, step by
step, by the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.ending import Ending, EndingKind
from fallline.engine.optim import Elementwise
from fallline.engine.train.population import Member, Perceptron, population
from fallline.engine.train.population.perceptron import Layers
from fallline.engine.train.population.signal import outputs
from fallline.engine.train.tiny.alone import walk_alone
from fallline.engine.train.tiny.problem import Array, Problem
from fallline.engine.train.tiny.setting import Setting
from fallline.engine.train.tiny.start import first_weights


@dataclass(frozen=True, eq=False)
class Walk:
    """A training.

    Attributes:
        net: the architecture.
        loss: the loss that was used.
        kept: weights at each moment; the same again once a training broke off.
        ending: why it stopped.
        steps: how many it took.
    """

    net: Perceptron
    loss: str
    kept: tuple[Layers, ...]
    ending: Ending
    steps: int

    def outputs(self, moment: int, inputs: Array) -> Array:
        """Returns the net's outputs at a moment, shape (n, outputs)."""
        return outputs(self.net, self.kept[moment], inputs.astype(np.float32))

    @property
    def broken(self) -> bool:
        """Whether a number was none."""
        return self.ending.kind is EndingKind.DIVERGED


def walks(
    setting: Setting, problem: Problem, inputs: Array, moments: Sequence[int], seeds: Sequence[int]
) -> tuple[Walk, ...]:
    """Trains one net for each seed.

    Args:
        setting: how.
        problem: on what.
        inputs: what the net reads of each point, shape (n, features).
        moments: steps at which weights are kept, ascending, from 0 to the last.
        seeds: where first weights and the order of rows come from.
    """
    loss = problem.loss(setting.loss)
    net = Perceptron((inputs.shape[1], *setting.hidden, problem.outputs(loss)), setting.activation)
    rows = inputs[problem.taught], problem.targets(loss)[problem.taught]
    if not isinstance(setting.optimizer, Elementwise):
        return tuple(_alone(setting, net, rows, loss, moments, seed) for seed in seeds)
    members = [
        Member(
            setting.optimizer,
            setting.rate,
            weights=first_weights(net, setting.initialisation, seed),
            order=seed,
            l1=setting.l1,
            l2=setting.l2,
        )
        for seed in seeds
    ]
    now = population(net, rows, members, steps=max(moments[-1], 1), batch=setting.batch, loss=loss)
    kept: list[list[Layers]] = [[now.weights(k)] for k in range(len(seeds))]
    for before, after in pairwise(moments):
        now = now.advance(after - before)
        for k in range(len(seeds)):
            kept[k].append(now.weights(k))
    return tuple(
        Walk(net, loss, tuple(kept[k]), _ended(now.endings[k], k, int(now.taken[k])), int(now.taken[k]))
        for k in range(len(seeds))
    )


def _ended(ending: Ending | None, k: int, taken: int) -> Ending:
    """The ending of a member, without its number, which nobody knows outside."""
    if ending is None or ending.kind is not EndingKind.DIVERGED:
        return Ending(EndingKind.FINISHED, f"All {taken} steps were taken.", taken)
    return Ending(ending.kind, ending.sentence.replace(f"Member {k} diverged", "Diverged"), ending.step)


def _alone(
    setting: Setting,
    net: Perceptron,
    rows: tuple[Array, NDArray[Any]],
    loss: str,
    moments: Sequence[int],
    seed: int,
) -> Walk:
    kept, ending, steps = walk_alone(setting, net, rows, loss, moments, seed)
    return Walk(net, loss, kept, ending, steps)
