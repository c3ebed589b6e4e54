"""Muon (Jordan and others, 2024): momentum whose step in a matrix turns every direction equally far.

The step is the momentum's nearest orthogonal matrix, found by a few products instead of a singular value decomposition.
Torch rounds to bfloat16 meanwhile, which moves a step by about one percent; here the precision of the weights is kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from fallline.engine.optim.layers import norm
from fallline.engine.optim.layerwise import Layerwise
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECOUPLED_DECAY, MOMENTUM, NESTEROV

ROUNDS = Parameter("rounds", "k", "Rounds of orthogonalisation", 5.0, 1.0, 10.0, "whole", least=1.0, below=100.0)
SHAPE = (3.4445, -4.7750, 2.0315)
"""The polynomial's coefficients, chosen by Jordan to raise small singular values fastest."""


@dataclass(frozen=True)
class Muon(Layerwise):
    """Orthogonalises the momentum of each matrix; layers that are no matrix are moved by AdamW at the same rate.

    Torch refuses layers that are no matrix and leaves them to another optimizer; Keras moves them by AdamW, as here.

    Attributes:
        momentum: μ, decay of the mean gradient.
        nesterov: 1 looks ahead.
        rounds: k, of orthogonalisation.
        decay: λ, decoupled.
    """

    momentum: float = 0.95
    nesterov: float = 1.0
    rounds: float = 5.0
    decay: float = 0.1

    name: ClassVar[str] = "muon"
    title: ClassVar[str] = "Muon"
    formula: ClassVar[str] = (
        r"m \leftarrow \mu m + (1 - \mu)\,g,\quad w \leftarrow (1 - \eta\lambda)\,w - \eta\sqrt{\max(1, "
        r"\tfrac{\text{rows}}{\text{columns}})}\;U V^\top\ \text{ with }\ U \Sigma V^\top = \mu m + (1 - \mu)\,g"
    )
    source: ClassVar[tuple[str, int]] = ("Jordan and others", 2024)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        replace(MOMENTUM, symbol="μ", default=0.95),
        replace(NESTEROV, default=1.0),
        ROUNDS,
        replace(DECOUPLED_DECAY, default=0.1),
    )
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"

    def start(self, w: Any) -> tuple[Any, ...]:
        """A matrix remembers its momentum, anything else AdamW's two means."""
        return w * 0.0, w.reshape(-1)[:0] * 0.0 if w.ndim == 2 else w * 0.0

    def move(self, w: Any, g: Any, rate: float, memories: tuple[Any, ...], t: int) -> tuple[Any, ...]:
        """Shrinks the layer by the decay and takes the step of a matrix or AdamW's."""
        m, v = memories
        kept = w * (1.0 - rate * self.decay)
        if w.ndim != 2:
            m = m + 0.1 * (g - m)
            v = 0.999 * v + 0.001 * g * g
            step = m / (1.0 - 0.9**t) / ((v / (1.0 - 0.999**t)) ** 0.5 + 1e-8)
            return kept - rate * step, m, v
        m = m + (1.0 - self.momentum) * (g - m)
        aim = g + self.momentum * (m - g) if self.nesterov else m
        stretch = math.sqrt(max(1.0, w.shape[0] / w.shape[1]))
        return kept - rate * stretch * orthogonal(aim, int(self.rounds)), m, v


def orthogonal(aim: Any, rounds: int, added: float = 0.0) -> Any:
    """Returns nearly the nearest orthogonal matrix: its singular values lie between about 0.7 and 1.2.

    Each round applies X ← aX + (bXXᵀ + c(XXᵀ)²)X, which acts on the singular values alone.

    Args:
        aim: a matrix.
        rounds: how many; five are enough.
        added: to its length before dividing by it: Keras adds 1e-7.
    """
    a, b, c = SHAPE
    tall = aim.shape[0] > aim.shape[1]
    x = aim.T if tall else aim
    x = x / max(norm(x) + added, 1e-7)  # no singular value is above 1 from here on
    for _ in range(rounds):
        gram = x @ x.T
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x.T if tall else x
