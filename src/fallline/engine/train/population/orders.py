"""The orders of epochs that members meet their rows in: their own, the training loop's, or such as they bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import SpecError
from fallline.engine.train.loop.order import Order as TrainOrder
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.order import epoch_order, order_key
from fallline.engine.train.population.task import Streams

Order: TypeAlias = NDArray[np.int64]


class Orders:
    """The orders of all members, an epoch's drawn once for all who share it."""

    def __init__(self, rows: int, streams: Streams) -> None:
        """Takes how many rows there are, and whose draws the members' seeds mean."""
        self._rows, self._streams = rows, streams
        self._walks: dict[int, Walk] = {}

    def of(self, member: Member, epoch: int) -> Order:
        """Returns the order of a member's epoch, shape (rows,)."""
        if member.order is not None and not isinstance(member.order, int):
            given = given_order(member.order, self._rows)
            chosen: Order = given[epoch % len(given)]
            return chosen
        if self._streams == "population":
            return epoch_order(key_of(member), epoch, self._rows)
        seed = member.order_seed
        return self._walks.setdefault(seed, Walk(self._rows, seed)).of(epoch)

    def inside(self, member: Member) -> bool:
        """Says whether compiled code finds the order by itself, from the member's key."""
        return self._streams == "population" and (member.order is None or isinstance(member.order, int))

    def tables(
        self, members: Sequence[Member], spans: Mapping[int, tuple[int, int]], *, outside: bool = False
    ) -> tuple[Order, Order]:
        """Returns orders epoch after epoch, those once that several share.

        Args:
            members: all.
            spans: member → first and last epoch that it needs.
            outside: whether also those are written down that compiled code finds by itself.

        Returns:
            the orders, shape (some, rows); and where each member's first epoch stands, −1 where it is not there.
        """
        firsts = np.full(len(members), -1, dtype=np.int64)
        found: list[Order] = []
        known: dict[tuple[bool, int, int, int], int] = {}
        for k, (first, last) in spans.items():
            member = members[k]
            if not outside and self.inside(member):
                continue
            named: Any = member.order_seed if isinstance(member.order, int | None) else id(member.order)
            key = (isinstance(member.order, int | None), named, first, last)
            if key not in known:
                known[key] = len(found)
                found += [self.of(member, epoch) for epoch in range(first, last + 1)]
            firsts[k] = known[key]
        return np.array(found, dtype=np.int64).reshape(-1, self._rows), firsts


class Walk:
    """The orders that the training loop draws with a seed, one after the other; an earlier one is drawn again."""

    def __init__(self, rows: int, seed: int) -> None:
        """Starts before the first epoch."""
        self._rows, self._seed, self._epoch = rows, seed, -1
        self._order, self._now = TrainOrder(rows, seed), np.empty(0, dtype=np.int64)

    def of(self, epoch: int) -> Order:
        """Returns the order of an epoch.

        >>> walk = Walk(5, seed=3)
        >>> second, first = walk.of(1), walk.of(0)
        >>> first.tolist() == TrainOrder(5, seed=3).next(5).tolist(), bool((walk.of(1) == second).all())
        (True, True)
        """
        if epoch < self._epoch:
            self._order, self._epoch = TrainOrder(self._rows, self._seed), -1
        while self._epoch < epoch:
            self._now, self._epoch = self._order.next(self._rows), self._epoch + 1
        return self._now


def given_order(order: ArrayLike, rows: int) -> Order:
    """Returns an order that a member brings, shape (epochs, rows).

    Raises:
        SpecError: it has another shape, or names rows that are not there.
    """
    given = np.asarray(order)
    expected = f"whole numbers from 0 to {rows - 1} of shape (epochs, {rows})"
    if given.ndim != 2 or given.shape[1] != rows or not len(given) or given.dtype.kind not in "iu":
        raise SpecError("order", f"{given.dtype} of shape {given.shape}", expected)
    if given.min() < 0 or given.max() >= rows:
        raise SpecError("order", f"rows from {given.min()} to {given.max()}", expected)
    return given.astype(np.int64)


def key_of(member: Member) -> np.uint64:
    """Returns the key of a member's data order."""
    return order_key(member.order_seed)
