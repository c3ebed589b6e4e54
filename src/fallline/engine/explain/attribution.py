"""Attribution: a prediction split over the raw columns, so that the parts add up to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import FallLineError
from fallline.engine.explain.pool import Floats


@dataclass(frozen=True)
class Attribution:
    """How much each raw column moved each row's prediction away from the average one.

    Attributes:
        names: the raw columns, shape (p,).
        values: shape (n, p), in the units of the prediction (logits).
        base: mean prediction over the background rows.
        prediction: the model's prediction, shape (n,).
        error: standard error of each value, shape (n, p), all 0 where exact.
        method: what computed it.
    """

    names: tuple[str, ...]
    values: Floats
    base: float
    prediction: Floats
    error: Floats
    method: str

    @property
    def gap(self) -> float:
        """Largest difference between base plus values and prediction: the efficiency axiom, which must hold."""
        return float(np.abs(self.base + self.values.sum(axis=1) - self.prediction).max())

    @property
    def importance(self) -> Floats:
        """Mean absolute value of each column, shape (p,)."""
        mean: Floats = np.abs(self.values).mean(axis=0)
        return mean

    @property
    def order(self) -> NDArray[np.int64]:
        """Places of the columns, the most important first."""
        return np.argsort(-self.importance, kind="stable")


def adding_up(attribution: Attribution, tolerance: float = 1e-6) -> Attribution:
    """Returns the attribution if it adds up to the predictions.

    Raises:
        FallLineError: it does not, relative to the size of the predictions: the model is not a function of its row.
    """
    size = max(1.0, float(np.abs(attribution.prediction).max()))
    if not attribution.gap <= tolerance * size:
        raise FallLineError(
            f"The parts miss the prediction by {attribution.gap:.3g}, more than {tolerance:g} allows: "
            "the model must give the same prediction for the same row, whatever rows come with it."
        )
    return attribution
