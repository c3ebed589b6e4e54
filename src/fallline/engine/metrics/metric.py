"""A metric by name: the function, its direction, and what a person calls it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from fallline.engine.metrics.binary import Floats
from fallline.engine.metrics.weighted import WeightedMetric

Direction = Literal["minimize", "maximize"]


@dataclass(frozen=True)
class Metric:
    """An entry of `METRICS`; called as the function itself.

    Attributes:
        name: as written in a Spec.
        title: as shown to a person.
        direction: ``minimize`` or ``maximize``.
        function: ``(y, p, *, weights=None)``.
        sentence: what it measures.
    """

    name: str
    title: str
    direction: Direction
    function: WeightedMetric
    sentence: str

    def __call__(self, *arrays: Any, weights: Floats | None = None) -> Any:
        """Computes the metric: a float, or shape (b,) for weights of shape (b, n)."""
        return self.function(*arrays, weights=weights)

    def loss(self, value: float) -> float:
        """Turns a value into one where lower is better, as samplers and pruners want it.

        >>> from fallline.engine.metrics import METRICS
        >>> METRICS["roc_auc"].loss(0.9)
        -0.9
        """
        return value if self.direction == "minimize" else -value
