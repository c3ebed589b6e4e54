"""The order in which rows teach: shuffled anew each epoch, cut into batches; full, mini and single rows alike."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator

Rows = NDArray[np.int64]


class Order:
    """Gives the rows of one step after another.

    Attributes:
        epoch: of the next step, from 0.
        place: rows of that epoch already given.
    """

    def __init__(self, rows: int, seed: int) -> None:
        """Starts before the first row.

        Args:
            rows: how many there are.
            seed: of the training; the draws are those of ``generator(seed, "train", "order")``.
        """
        self._rows = rows
        self._rng = generator(seed, "train", "order")
        self.epoch, self.place = 0, 0
        self._draw()

    def _draw(self) -> None:
        self._before = self._rng.bit_generator.state
        self._order = self._rng.permutation(self._rows)

    def next(self, size: int) -> Rows:
        """Returns the rows of the next step: so many, or what the epoch has left.

        >>> order = Order(5, seed=0)
        >>> [len(order.next(2)) for _ in range(4)], order.epoch, order.place
        ([2, 2, 1, 2], 1, 2)
        """
        if self.place >= self._rows:
            self.epoch, self.place = self.epoch + 1, 0
            self._draw()
        rows = self._order[self.place : self.place + size]
        self.place += len(rows)
        return rows

    def state(self) -> dict[str, Any]:
        """Returns where it is, as plain data."""
        return {"epoch": self.epoch, "place": self.place, "before": self._before}

    def load(self, state: dict[str, Any]) -> None:
        """Goes to where a state was."""
        self._rng.bit_generator.state = state["before"]
        self._draw()
        self.epoch, self.place = state["epoch"], state["place"]
