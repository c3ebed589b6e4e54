"""What a training left behind: every step, every look, the best and the last weights, and why it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.ending import Ending

Array = NDArray[np.float64]
Weights = dict[str, NDArray[Any]]
"""Name → array, in torch's layout; batch normalisation's running statistics among them."""


@dataclass(frozen=True, eq=False)
class Trace:
    """A training, step by step and look by look. A run that breaks off is kept up to where it broke, all finite.

    Attributes:
        losses: of each step's batch, before the step; shape (n,).
        grad_norms: lengths of the gradient of each step, without added noise; shape (n,).
        rates: of each step, shape (n,).
        looks: steps taken at each look, shape (m,).
        epochs: the same in epochs, shape (m,).
        train: mean of the steps' losses since the look before, shape (m,).
        validation: loss of the validation rows at each look, shape (m,); empty where there are none.
        scores: accuracy of the validation rows, or the share of their variance that is explained; shape (m,) or empty.
        best: which look had the lowest validation loss, or the lowest training loss without such rows; −1 before any.
        best_weights: the weights then.
        last_weights: the weights at the end.
        seconds: spent in steps up to each look, looks not counted, shape (m,); empty where no clock was given.
        ending: the verdict.
        state: enough to go on from here, as ``resume`` takes it; None where the backend has no such thing.
    """

    losses: Array
    grad_norms: Array
    rates: Array
    looks: NDArray[np.int64]
    epochs: Array
    train: Array
    validation: Array
    scores: Array
    best: int
    best_weights: Weights
    last_weights: Weights
    seconds: Array
    ending: Ending
    state: Any = None

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.rates)
