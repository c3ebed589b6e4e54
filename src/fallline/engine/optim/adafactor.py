"""Adafactor (Shazeer and Stern, 2018): Adam's mean squares of a matrix, kept as one number for each row and column.

Torch's form: the rate bounds the relative step and scales the decay, and ε₁ stands under the estimate instead of being
added to each square.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from fallline.engine.optim.layers import at_least, norm, precision
from fallline.engine.optim.layerwise import Layerwise
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECOUPLED_DECAY

FORGETTING = Parameter("power", "τ", "How fast the mean squares slow down", 0.8, 0.5, 1.0, below=1.5)
EPSILON1 = Parameter("epsilon1", "ε₁", "Floor under the mean square; 0 is the precision", 0.0, 0.0, 1e-3)
EPSILON2 = Parameter("epsilon2", "ε₂", "Least length that weights are taken to have", 1e-3, 1e-6, 1e-1, "log")
CLIP = Parameter("clip", "d", "Longest step, in units of the usual one", 1.0, 1.0, 10.0, least=1.0)


@dataclass(frozen=True)
class Adafactor(Layerwise):
    """Steps relative to the size of each layer's weights; a matrix of n × m remembers n + m numbers instead of 2nm.

    Attributes:
        power: τ: the mean squares decay by β₂ = 1 − t^−τ.
        epsilon1: ε₁, under the estimated mean square; 0 takes the machine's precision of the weights, as torch does.
        epsilon2: ε₂, what the root mean square of the weights counts as, at least.
        clip: d, a step whose root mean square is longer is cut to it.
        decay: λ, decoupled.
    """

    power: float = 0.8
    epsilon1: float = 0.0
    epsilon2: float = 1e-3
    clip: float = 1.0
    decay: float = 0.0

    name: ClassVar[str] = "adafactor"
    title: ClassVar[str] = "Adafactor"
    formula: ClassVar[str] = (
        r"\hat V = \frac{R\,C}{\operatorname{mean} R},\quad U = \frac{g}{\sqrt{\hat V}},\quad w \leftarrow w - "
        r"\max(\varepsilon_2, \operatorname{rms} w)\,\min\bigl(\eta, \tfrac{1}{\sqrt t}\bigr)\,"
        r"\frac{U}{\max(1, \operatorname{rms} U / d)}"
    )
    source: ClassVar[tuple[str, int]] = ("Shazeer and Stern", 2018)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        FORGETTING,
        EPSILON1,
        EPSILON2,
        CLIP,
        replace(DECOUPLED_DECAY, default=0.0),
    )
    rate: ClassVar[float] = 0.01
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "relative"

    def start(self, w: Any) -> tuple[Any, ...]:
        """A matrix, over its last two axes, has a mean for each row and column, anything else one for each element."""
        return factors(w)

    def move(self, w: Any, g: Any, rate: float, memories: tuple[Any, ...], t: int) -> tuple[Any, ...]:
        """Divides by the estimate, cuts what is too long, and goes as far as the weights are large."""
        floor, fresh = self.epsilon1 or precision(w), float(t) ** -self.power
        length = max(self.epsilon2, rms(w))
        rows, columns, square = estimate(g * g, memories, fresh, floor)
        step = g / at_least(square, floor * floor) ** 0.5
        pace = length * min(rate, t**-0.5) / max(1.0, rms(step) / self.clip)
        return w * (1.0 - rate * self.decay) - pace * step, rows, columns


def factors(w: Any) -> tuple[Any, Any]:
    """Returns the means of rows and columns before the first step; of a vector, its mean squares and nothing."""
    if w.ndim < 2:
        return w * 0.0, w.reshape(-1)[:0] * 0.0
    return w.sum(-1) * 0.0, w.sum(-2) * 0.0


def estimate(square: Any, memories: tuple[Any, ...], fresh: float, floor: float) -> tuple[Any, Any, Any]:
    """Returns the new means of rows and columns, and the mean square of each element made from them."""
    rows, columns = memories
    if square.ndim < 2:
        rows = rows + fresh * (square - rows)
        return rows, columns, rows
    rows = rows + fresh * (square.mean(-1) - rows)
    columns = columns + fresh * (square.mean(-2) - columns)
    share = rows / at_least(rows.mean(-1)[..., None], floor)
    return rows, columns, share[..., None] * columns[..., None, :]


def rms(x: Any) -> float:
    """Returns the root mean square of all elements."""
    return norm(x) / math.sqrt(math.prod(x.shape))
