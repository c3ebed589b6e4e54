"""Schedule-Free AdamW in the dialect of Keras: ``keras.optimizers.ScheduleFreeAdamW``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Judge, Real, Rule
from fallline.engine.optim.keras.parameters import rounded
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.schedule_free import ScheduleFree


def keras_schedule_free_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """β₁, 1 − β₂, ε, λ, 1/√(1 − β₂ᵗ), the weight 1/t of this step, and 1 at the first."""
    return k[0], 1.0 - k[1], k[2], k[3], 1.0 / (1.0 - k[1] ** t) ** 0.5, 1.0 / t, 1.0 * (t == 1.0)


def keras_schedule_free_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, v: Real, z: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real]:
    """One element: z moves, x is worked out from y and z and takes z in with the weight 1/t, y lies between."""
    z = z + now[6] * w
    w = w - rate * now[3] * w
    v = v + now[1] * (g * g - v)
    z = z - rate * g / (sqrt(v) * now[4] + now[2])
    # x belongs to the z before its step. On TensorFlow, Keras 3.15 keeps that z by reference, and meets the new one.
    x = (w - (1.0 - now[0]) * z) / now[0]
    x = (1.0 - now[5]) * x + now[5] * z
    return (1.0 - now[0]) * z + now[0] * x, v, z


def keras_schedule_free_judge(w: Real, _v: Real, z: Real, k: Sequence[Real]) -> Real:
    """One element: the average x, worked out from y and z."""
    return (w - (1.0 - k[0]) * z) / k[0]


@dataclass(frozen=True)
class KerasScheduleFree(Elementwise):
    """Every step weighs the same in the average, whatever its rate; the paper's weighs as the square of the rate.

    On TensorFlow, Keras 3.15 also works the average out from the z of after the step, by a slip: y then moves by
    (1 − 1/t)(1 − β₁) of each step less. That is done here too. Keras leaves y in the model after training; `judged`
    gives the average x, as the paper does.

    Attributes:
        beta1: β₁, how near to the average gradients are taken.
        beta2: β₂, decay of the mean square.
        epsilon: ε, outside the root and after the correction.
        decay: λ, decoupled, of y alone, as every weight decay in Keras.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    decay: float = 0.0

    name: ClassVar[str] = "schedule_free"
    title: ClassVar[str] = "Schedule-Free AdamW"
    formula: ClassVar[str] = (
        r"z \leftarrow z - \eta\,\frac{g}{\sqrt{\hat v} + \varepsilon},\quad "
        r"x \leftarrow \bigl(1 - \tfrac1t\bigr)\,x + \tfrac1t\,z,\quad y \leftarrow (1 - \beta_1)\,z + \beta_1 x"
    )
    source: ClassVar[tuple[str, int]] = ("Defazio and others", 2024)
    parameters: ClassVar[tuple[Parameter, ...]] = ScheduleFree.parameters
    memories: ClassVar[int] = 2
    rate: ClassVar[float] = 0.0025
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(keras_schedule_free_constants)
    rule: ClassVar[Rule] = staticmethod(keras_schedule_free_rule)
    judge: ClassVar[Judge | None] = staticmethod(keras_schedule_free_judge)
    dialect: ClassVar[Dialect] = "keras"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """All four rounded as Keras rounds them."""
        return rounded(self.beta1), rounded(self.beta2), rounded(self.epsilon), rounded(self.decay)
