"""Gradient descent in the dialect of Keras: ``keras.optimizers.SGD``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.keras.parameters import KERAS_DECAY, rounded
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


def keras_gd_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """The decay λ; nothing depends on the step."""
    return (k[0],)


def keras_gd_rule(w: Real, g: Real, rate: Real, now: tuple[Real, ...], _sqrt: Real) -> Real:
    """One element: w ← (1 − η·λ)·w − η·g."""
    return w - rate * now[0] * w - rate * g


@dataclass(frozen=True)
class KerasGradientDescent(Elementwise):
    """Torch's gradient descent; the decay shrinks the weights, which here comes to the same.

    Attributes:
        decay: λ, decoupled, as every weight decay in Keras.
    """

    decay: float = 0.0

    name: ClassVar[str] = "gd"
    title: ClassVar[str] = "Gradient descent"
    formula: ClassVar[str] = r"w \leftarrow w - \eta\,g"
    source: ClassVar[tuple[str, int]] = ("Cauchy", 1847)
    parameters: ClassVar[tuple[Parameter, ...]] = (KERAS_DECAY,)
    memories: ClassVar[int] = 0
    rate: ClassVar[float] = 0.01
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "slope"
    constants: ClassVar[Constants] = staticmethod(keras_gd_constants)
    rule: ClassVar[Rule] = staticmethod(keras_gd_rule)
    dialect: ClassVar[Dialect] = "keras"
    limit: ClassVar[str] = "2/λmax"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """The decay, rounded as Keras rounds it."""
        return (rounded(self.decay),)

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns 2/(λmax + decay): each step multiplies the error by 1 − η·λ."""
        sharpest = curvature + self.decay
        return 2.0 / sharpest if sharpest > 0.0 else inf
