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
        place: batches of that epoch already given.
    """

    def __init__(self, rows: int, batch: int, seed: int) -> None:
        """Starts before the first batch.

        Args:
            rows: how many there are.
            batch: how many a step takes.
            seed: of the training; the draws are those of ``generator(seed, "train", "order")``.
        """
        self._rows, self._batch = rows, batch
        self._rng = generator(seed, "train", "order")
        self.epoch, self.place = 0, 0
        self._draw()

    def _draw(self) -> None:
        self._before = self._rng.bit_generator.state
        self._order = self._rng.permutation(self._rows)

    def next(self) -> Rows:
        """Returns the rows of the next step.

        >>> order = Order(5, 2, seed=0)
        >>> [len(order.next()) for _ in range(4)], order.epoch, order.place
        ([2, 2, 1, 2], 1, 1)
        """
        if self.place * self._batch >= self._rows:
            self.epoch, self.place = self.epoch + 1, 0
            self._draw()
        start = self.place * self._batch
        self.place += 1
        return self._order[start : start + self._batch]

    def state(self) -> dict[str, Any]:
        """Returns where it is, as plain data."""
        return {"epoch": self.epoch, "place": self.place, "before": self._before}

    def load(self, state: dict[str, Any]) -> None:
        """Goes to where a state was."""
        self._rng.bit_generator.state = state["before"]
        self._draw()
        self.epoch, self.place = state["epoch"], state["place"]
