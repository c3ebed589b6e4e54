"""The target of a workload: the loss to reach, from what well-tuned reference optimizers reach on it.

As AlgoPerf sets it (Dahl and others, 2023): the best of a few standard optimizers, its rate tuned, is run over many
seeds; the median of the lowest losses it reaches in three quarters of the steps is the target, so that everybody has a
third more steps than the reference took. Departs from it in adding a little slack: on nets this small the lowest losses
lie so close together that without it chance would decide who gets there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from fallline.engine.metrics.quartiles import quartiles
from fallline.engine.train.race import Problem
from fallline.runs.race.block import Block
from fallline.runs.race.wording import per_cent
from fallline.runs.spec.race import RaceSpec
from fallline.runs.spec.workloads import Workload

SHARE = 0.75


def target_of(
    spec: RaceSpec,
    workload: Workload,
    problem: Problem,
    blocks: Sequence[Block],
    results: Mapping[str, dict[str, Any]],
) -> dict[str, Any]:
    """Returns the target's value, who set it, and that as a sentence."""
    if workload.target is not None:
        return {"value": workload.target, "reference": "", "lane": "", "sentence": "The target is the Spec's."}
    first = blocks[0].lane if blocks else ""
    lane = next((name for name in spec.lanes if any(block.lane == name for block in blocks)), first)
    known = {block.optimizer: block for block in blocks if block.lane == lane}
    chosen = [name for name in spec.references if name in known] or list(known)
    reached = {name: _reached(results[known[name].name], known[name], problem) for name in chosen}
    best = min(reached, key=reached.__getitem__, default="")
    if not best or not math.isfinite(reached[best]):
        return {"value": None, "reference": "", "lane": "", "sentence": "No reference got through: there is no target."}
    steps = math.floor(SHARE * problem.steps)
    sentence = (
        f"The target is what the best reference reaches in {steps} steps, the median of its lowest losses, "
        f"and {per_cent(spec.slack)} more."
    )
    value = reached[best] + spec.slack * abs(reached[best])
    return {"value": value, "reference": best, "lane": lane, "sentence": sentence}


def _reached(result: dict[str, Any], block: Block, problem: Problem) -> float:
    """The median over the judging seeds of the lowest loss within three quarters of the steps."""
    until = sum(point <= SHARE * problem.steps for point in problem.points)
    judged = result["trials"][len(block.rates) * block.tuning :]
    lowest = [min(_or_infinite(value) for value in trial["losses"][:until]) for trial in judged]
    return float(quartiles(lowest).median)


def first_below(trial: dict[str, Any], target: float | None, points: Sequence[int]) -> int | None:
    """Returns the first step at which the loss is at or below the target; None if there is none.

    >>> first_below({"losses": [3.0, 2.0, 1.0, None]}, 2.0, (0, 5, 10, 15))
    5
    """
    if target is None:
        return None
    losses = trial["losses"]
    return next((step for step, loss in zip(points, losses, strict=True) if loss is not None and loss <= target), None)


def _or_infinite(value: float | None) -> float:
    return math.inf if value is None else value
