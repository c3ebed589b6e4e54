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
CACHE = 1 << 24
"""Bytes that a block may write where no clock decides: what the last cache of most processors holds since 2019, halved
for who else is there. In larger blocks each member waits for memory; in smaller ones more of torch's own work falls on
each. For nets of 1,000 to 100,000 weights this comes within a tenth of the fastest block that a clock finds."""
MOST = 32


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
        clock: seconds, to measure with; without one the bytes that a pass writes decide, the same everywhere.
    """
    weights = np.stack(rows)
    fleet = Fleet(weights, weights[:, None], np.zeros((len(weights), 2), dtype=np.int64), [None] * len(weights))
    reason = reason_against(net, batches.x[:batch])
    if reason:
        return Choice(Plain(net, draws=True), f"{reason}, so members are trained by the plain loop.")
    if block == 0:
        return Choice(Plain(net), "Members are trained by the plain loop, as asked.")
    trial, alone = Trial(net, batches, fleet, batch), Blocks(net, 1)
    try:
        trial.gradients(alone)
    except Exception as error:  # noqa: BLE001 - whatever torch finds, the plain loop can do it
        return Choice(
            Plain(net), f"Torch cannot trace the module, so members are trained by the plain loop: {_first_line(error)}"
        )
    return _together(trial, alone, block, clock)


def _together(trial: Trial, alone: Blocks, block: int | None, clock: Clock | None) -> Choice:
    """The choice among blocks, where members can be traced at all."""
    members = len(trial.fleet.weights)
    if block is not None:
        sizes = [block]
    elif clock is None:
        sizes = [fitting(alone.written, members)]
    else:
        sizes = sorted({size for size in SIZES if size < members} | {members})
    ways: list[Pass] = []
    for size in sizes:
        ways.append(alone if size == 1 else Blocks(trial.net, size))
        try:
            trial.gradients(ways[-1])
        except Exception as error:  # noqa: BLE001 - as above
            cause = _first_line(error)
            return Choice(alone, f"Torch cannot compute several members at once, so each is computed alone: {cause}")
    if block is not None:
        return Choice(ways[0], _say(ways[0], "as asked"))
    if clock is None:
        return Choice(ways[0], _say(ways[0], f"a pass of one member writes {alone.written / 1024:,.0f} KiB"))
    return _fastest([Plain(trial.net), *ways], trial, clock)


def fitting(written: int, members: int) -> int:
    """Returns how many members a block takes, by the bytes that a pass of one writes.

    >>> fitting(96 * 1024, 128), fitting(4 << 20, 128), fitting(1 << 30, 128), fitting(1024, 5)
    (32, 4, 1, 5)
    """
    most = min(MOST, CACHE // max(written, 1))
    return min(members, 1 << (most.bit_length() - 1) if most else 1)


def _fastest(ways: list[Pass], trial: Trial, clock: Clock) -> Choice:
    """The fastest by the clock; the first is the plain loop."""
    members = len(trial.fleet.weights)
    costs = [once * -(-members // way.block) for way, once in zip(ways, trial.seconds(ways, clock), strict=True)]
    best = int(np.argmin(costs))
    plain, found = costs[0] / members * 1e6, costs[best] / members * 1e6
    why = f"{found:.0f} µs a member and step where the plain loop takes {plain:.0f}"
    return Choice(ways[best], _say(ways[best], why))


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
