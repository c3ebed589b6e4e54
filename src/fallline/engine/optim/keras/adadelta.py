"""AdaDelta in the dialect of Keras: ``keras.optimizers.Adadelta``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.keras.parameters import KERAS_DECAY, KERAS_EPSILON, KERAS_SMOOTHING, rounded
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


def keras_adadelta_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """ρ, 1 − ρ, ε and the decay λ; nothing depends on the step."""
    return k[0], 1.0 - k[0], k[1], k[2]


def keras_adadelta_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, v: Real, u: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real]:
    """One element: torch's, but for the decay: w ← (1 − η·λ)·w − η·δ."""
    v = now[0] * v + now[1] * g * g
    step = sqrt(u + now[2]) * g / sqrt(v + now[2])
    return w - rate * now[3] * w - rate * step, v, now[0] * u + now[1] * step * step


@dataclass(frozen=True)
class KerasAdaDelta(Elementwise):
    """Torch's AdaDelta, but at a rate of 0.001, a thousandth of Zeiler's: with Keras' default it hardly moves.

    Attributes:
        smoothing: ρ, decay of both mean squares.
        epsilon: ε, inside both roots.
        decay: λ, decoupled, as every weight decay in Keras.
    """

    smoothing: float = 0.95
    epsilon: float = 1e-7
    decay: float = 0.0

    name: ClassVar[str] = "adadelta"
    title: ClassVar[str] = "AdaDelta"
    formula: ClassVar[str] = (
        r"v \leftarrow \rho v + (1 - \rho)\,g^2,\quad \delta = \sqrt{\frac{u + \varepsilon}{v + \varepsilon}}\,g,\quad "
        r"u \leftarrow \rho u + (1 - \rho)\,\delta^2,\quad w \leftarrow w - \eta\,\delta"
    )
    source: ClassVar[tuple[str, int]] = ("Zeiler", 2012)
    parameters: ClassVar[tuple[Parameter, ...]] = (replace(KERAS_SMOOTHING, default=0.95), KERAS_EPSILON, KERAS_DECAY)
    memories: ClassVar[int] = 2
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "share"
    constants: ClassVar[Constants] = staticmethod(keras_adadelta_constants)
    rule: ClassVar[Rule] = staticmethod(keras_adadelta_rule)
    dialect: ClassVar[Dialect] = "keras"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """The decay rounded as Keras rounds it."""
        return self.smoothing, self.epsilon, rounded(self.decay)
