"""A block: one optimizer in one lane on one workload; rates are chosen on some seeds and judged on others."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from fallline.core.rng import generator
from fallline.engine.train.race import Curve, Lane, Member, Problem
from fallline.peers.lanes import LANES


@dataclass(frozen=True, eq=False)
class Block:
    """What a worker is given.

    Attributes:
        workload: its key in the Spec.
        lane: name of the tool.
        optimizer: name of the optimizer.
        problem: what is trained.
        rates: to try, ascending.
        tuning: how many seeds choose the rate.
        judging: how many others judge it.
        seed: of the race.
    """

    workload: str
    lane: str
    optimizer: str
    problem: Problem
    rates: tuple[float, ...]
    tuning: int
    judging: int
    seed: int

    @property
    def name(self) -> str:
        """Its place in the checkpoints."""
        return f"{self.workload}/{self.lane}/{self.optimizer}"

    def trials(self) -> list[str]:
        """The names of the trials on the tuning seeds, then of those that judge."""
        tuned = [f"{self.name}/{rate:g}/tune-{seed}" for rate in self.rates for seed in range(self.tuning)]
        return [*tuned, *(f"{self.name}/best/{seed}" for seed in range(self.judging))]


def run_block(block: Block) -> dict[str, Any]:
    """Runs a block; what comes back is plain data, an infinite loss as None.

    Returns:
        ``trials``: one dict per trial, in the order of `Block.trials`; ``chosen``: which rate; ``remembers``: numbers
        per weight; ``seconds``: of a judging run.
    """
    lane, seeds = LANES[block.lane](), range(block.tuning)
    tuned = _run(lane, block, [Member(rate, _seed(block, "tune", seed)) for rate in block.rates for seed in seeds])
    chosen = choose([[each.best for each in tuned[i : i + block.tuning]] for i in range(0, len(tuned), block.tuning)])
    rate, began = block.rates[chosen], time.perf_counter()
    judged = _run(lane, block, [Member(rate, _seed(block, "judge", seed)) for seed in range(block.judging)])
    seconds = (time.perf_counter() - began) / block.judging
    return {
        "trials": [_plain(each) for each in (*tuned, *judged)],
        "chosen": chosen,
        "remembers": lane.remembers(block.problem, block.optimizer),
        "seconds": seconds,
    }


def choose(losses: list[list[float]]) -> int:
    """Returns the rate with the lowest mean loss over the tuning seeds; the smallest of equals.

    >>> choose([[3.0, 3.0], [1.0, 2.0], [0.5, float("inf")]])
    1
    """
    means = [float(np.mean(each)) for each in losses]
    return min(range(len(means)), key=means.__getitem__)


def _seed(block: Block, kind: str, number: int) -> int:
    """The seed of a run; the same for every optimizer and lane of a workload."""
    return int(generator(block.seed, "race", block.workload, kind, number).integers(2**53))


def _run(lane: Lane, block: Block, members: list[Member]) -> list[Curve]:
    return lane.run(block.problem, block.optimizer, members)


def _plain(curve: Curve) -> dict[str, Any]:
    losses = [value if math.isfinite(value) else None for value in curve.losses.tolist()]
    best = curve.best if math.isfinite(curve.best) else None
    return {"best": best, "last": losses[-1], "losses": losses}
