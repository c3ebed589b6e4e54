"""Which way of torch is taken: what cannot be traced is found beforehand, the rest by measurement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import torch

from fallline.engine.train.population.fleet import Fleet
from fallline.engine.train.population.gradients import Subject, reason_against
from fallline.engine.train.population.passes import Batch, Batches, Blocks, Pass, Plain

Clock = Callable[[], float]

SIZES = (1, 8, 32)
"""Blocks that are tried, besides all members at once."""
ROUNDS = 7
BIG = 20_000
"""Parameters above which, without a clock, members are computed one by one: in blocks they leave the caches."""


@dataclass(frozen=True, eq=False)
class Choice:
    """A way, and the sentence that says why.

    Attributes:
        way: what gives gradients.
        sentence: for a person.
    """

    way: Pass
    sentence: str


def choose(
    net: Subject, batches: Batches, rows: Sequence[Any], batch: int, block: int | None, clock: Clock | None
) -> Choice:
    """Returns the way for some members.

    Args:
        net: the module.
        batches: the rows of the task.
        rows: the first row of weights of each member, shape (K, length).
        batch: rows a step.
        block: members at once, where it is decided already: 0 for the plain loop.
        clock: seconds, to measure with; without one the number of parameters decides.
    """
    weights = np.stack(rows)
    fleet = Fleet(weights, weights[:, None], np.zeros((len(weights), 2), dtype=np.int64))
    reason = reason_against(net, batches.x[:batch])
    if reason:
        return Choice(Plain(net, draws=True), f"{reason}, so members are trained by the plain loop.")
    if block == 0:
        return Choice(Plain(net), "Members are trained by the plain loop, as asked.")
    trial = Trial(net, batches, fleet, batch)
    try:
        trial.gradients(Blocks(net, 1))
    except Exception as error:  # noqa: BLE001 - whatever torch finds, the plain loop can do it
        return Choice(
            Plain(net),
            f"Torch cannot trace the module, so members are trained by the plain loop: {_first_line(error)}",
        )
    sizes = sorted({size for size in SIZES if size < len(weights)} | {len(weights)} if block is None else {block})
    ways: list[Pass] = [Plain(net)] if block is None else []
    for size in sizes:
        ways.append(Blocks(net, size))
        try:
            trial.gradients(ways[-1])
        except Exception as error:  # noqa: BLE001 - as above
            way, cause = Blocks(net, 1), _first_line(error)
            return Choice(way, f"Torch cannot compute several members at once, so each is computed alone: {cause}")
    return _best(ways, trial, clock) if block is None else Choice(ways[0], _say(ways[0], "as asked"))


def _best(ways: list[Pass], trial: Trial, clock: Clock | None) -> Choice:
    """The fastest by the clock; without one, by the size of the net."""
    members = len(trial.fleet.weights)
    if clock is None:
        small = trial.net.layout.moving <= BIG
        way = next(each for each in reversed(ways) if isinstance(each, Blocks) and each.block <= (32 if small else 1))
        return Choice(way, _say(way, f"as suits a net of {trial.net.layout.moving:,} parameters"))
    costs = [once * -(-members // way.block) for way, once in zip(ways, trial.seconds(ways, clock), strict=True)]
    best = int(np.argmin(costs))
    plain = costs[0] / members * 1e6
    return Choice(
        ways[best],
        _say(
            ways[best], f"{costs[best] / members * 1e6:.0f} µs a member and step where the plain loop takes {plain:.0f}"
        ),
    )


def _say(way: Pass, why: str) -> str:
    if isinstance(way, Plain):
        return f"Members are trained by the plain loop: {why}."
    together = f"in blocks of {way.block}" if way.block > 1 else "one by one"
    return f"Torch's operations are traced once and replayed for members {together}: {why}."


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200] or type(error).__name__


@dataclass(frozen=True, eq=False)
class Trial:
    """Members before their first step, to try a way with: gradients are computed, nobody moves.

    Attributes:
        net: the module.
        batches: the rows of the task.
        fleet: the members.
        batch: rows a step.
    """

    net: Subject
    batches: Batches
    fleet: Fleet
    batch: int

    def gradients(self, way: Pass) -> None:
        """Computes the gradients of one block."""
        members = np.arange(min(way.block, len(self.fleet.weights)))
        rows = np.tile(np.arange(min(self.batch, len(self.batches.x))), (len(members), 1))
        slopes = torch.zeros(way.block, self.net.layout.moving, dtype=self.batches.x.dtype)
        way.begin(self.fleet, members, slopes)
        way(self.fleet, members, Batch(rows, self.batches, np.zeros_like(members), members), slopes)

    def seconds(self, ways: Sequence[Pass], clock: Clock) -> list[float]:
        """Returns the shortest of some passes of one block, way after way in turn, so that all meet the same load."""
        shortest = [inf] * len(ways)
        for _ in range(ROUNDS):
            for place, way in enumerate(ways):
                began = clock()
                self.gradients(way)
                shortest[place] = min(shortest[place], clock() - began)
        return shortest
