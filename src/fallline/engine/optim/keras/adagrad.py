"""AdaGrad in the dialect of Keras: ``keras.optimizers.Adagrad``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import ClassVar, Literal

from fallline.engine.optim.adagrad import START
from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.keras.parameters import KERAS_DECAY, KERAS_EPSILON, rounded
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


def keras_adagrad_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """ε and the decay λ; nothing depends on the step."""
    return k[0], k[2]


def keras_adagrad_rule(w: Real, g: Real, rate: Real, s: Real, now: tuple[Real, ...], sqrt: Real) -> tuple[Real, Real]:
    """One element: s ← s + g²; w ← (1 − η·λ)·w − η·g/√(s + ε)."""
    s = s + g * g
    return w - rate * now[1] * w - rate * g / sqrt(s + now[0]), s


@dataclass(frozen=True)
class KerasAdaGrad(Elementwise):
    """Starts its sum at 0.1 where torch starts at 0, and has ε inside the root: the first steps are far shorter.

    Attributes:
        epsilon: ε, inside the root.
        start: s before the first step.
        decay: λ, decoupled, as every weight decay in Keras.
    """

    epsilon: float = 1e-7
    start: float = 0.1
    decay: float = 0.0

    name: ClassVar[str] = "adagrad"
    title: ClassVar[str] = "AdaGrad"
    formula: ClassVar[str] = r"s \leftarrow s + g^2,\quad w \leftarrow w - \eta\,\frac{g}{\sqrt{s + \varepsilon}}"
    source: ClassVar[tuple[str, int]] = ("Duchi, Hazan and Singer", 2011)
    parameters: ClassVar[tuple[Parameter, ...]] = (KERAS_EPSILON, replace(START, default=0.1), KERAS_DECAY)
    memories: ClassVar[int] = 1
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(keras_adagrad_constants)
    rule: ClassVar[Rule] = staticmethod(keras_adagrad_rule)
    limit: ClassVar[str] = "∞"
    dialect: ClassVar[Dialect] = "keras"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """The decay rounded as Keras rounds it."""
        return self.epsilon, self.start, rounded(self.decay)

    @property
    def initial(self) -> tuple[float, ...]:
        """The sum of squares starts at `start`, rounded as Keras rounds it."""
        return (rounded(self.start),)

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns infinity, as of torch's; with decay, which nothing divides, no formula is known."""
        del curvature
        return inf if self.decay == 0.0 else None
