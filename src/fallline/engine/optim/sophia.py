"""Sophia (Liu and others, 2024): divides by a running diagonal of the Hessian, and cuts every step to the rate.

Sophia-H: the diagonal is estimated by Hutchinson's u ⊙ Hu once in k steps. The paper draws u from a normal
distribution; here its elements are ±1, which has the least variance and is exact where the Hessian is diagonal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np

from fallline.core.rng import generator
from fallline.engine.optim.layers import at_least, each, layers_of
from fallline.engine.optim.optimizer import Optimizer
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import BETA1, BETA2, DECOUPLED_DECAY, EPSILON
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State

SCALE = Parameter("gamma", "γ", "Share of the curvature that is divided by", 0.01, 1e-3, 1.0, "log")
EVERY = Parameter("every", "k", "Steps between looks at the Hessian", 10.0, 1.0, 50.0, "whole", least=1.0)
SEED = Parameter("seed", "s", "Seed of the looks", 0.0, 0.0, 100.0, "whole")


@dataclass(frozen=True)
class Sophia(Optimizer):
    """Steps by momentum over curvature, and by the sign of the momentum where curvature is small or negative.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean diagonal, at each look.
        gamma: γ: a step of momentum over γ·h longer than 1 is cut to 1.
        epsilon: ε, floor under γ·h.
        every: k, steps between two looks at the Hessian.
        seed: s, of the random signs.
        decay: λ, decoupled; the paper trains language models with 0.2.
    """

    beta1: float = 0.96
    beta2: float = 0.99
    gamma: float = 0.01
    epsilon: float = 1e-12
    every: float = 10.0
    seed: float = 0.0
    decay: float = 0.0

    name: ClassVar[str] = "sophia"
    title: ClassVar[str] = "Sophia"
    formula: ClassVar[str] = (
        r"h \leftarrow \beta_2 h + (1 - \beta_2)\,u \odot H u,\quad "
        r"w \leftarrow w - \eta\,\operatorname{clip}\Bigl(\frac{m}{\max(\gamma h, \varepsilon)}, 1\Bigr)"
    )
    source: ClassVar[tuple[str, int]] = ("Liu and others", 2024)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        replace(BETA1, default=0.96),
        replace(BETA2, default=0.99, title="Decay of the mean diagonal"),
        SCALE,
        replace(EPSILON, default=1e-12, low=1e-16, least=1e-30),
        EVERY,
        SEED,
        replace(DECOUPLED_DECAY, default=0.0),
    )
    rate: ClassVar[float] = 1e-3
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    scope: ClassVar[Literal["element", "layer", "whole"]] = "whole"
    needs: ClassVar[frozenset[str]] = frozenset({"hvp"})

    def init(self, w: Any) -> State:
        """Returns the state before the first step: the mean gradient and the mean diagonal."""
        nothing = each(lambda layer: layer * 0.0, w)
        return State(0, (nothing, nothing))

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Looks at the Hessian if it is time, and takes one step."""
        (m, h), rate = state.memories, float(rate)
        m = each(lambda old, slope: self.beta1 * old + (1.0 - self.beta1) * slope, m, g)
        if state.t % int(self.every) == 0:
            signs = self._signs(w, state.t)
            seen = each(lambda u, hu: u * hu, signs, self.asks(probe).hvp(w, signs))
            h = each(lambda old, new: self.beta2 * old + (1.0 - self.beta2) * new, h, seen)

        def move(layer: Any, mean: Any, curve: Any) -> Any:
            step = mean / at_least(self.gamma * curve, self.epsilon)
            cut = 1.0 + 0.0 * mean
            step = (abs(step) <= 1.0) * step + (step > 1.0) * cut - (step < -1.0) * cut
            return layer * (1.0 - rate * self.decay) - rate * step

        return each(move, w, m, h), State(state.t + 1, (m, h))

    def _signs(self, w: Any, t: int) -> Any:
        """A vector of ±1 in the structure and precision of the weights, the same for the same seed and step."""
        signs = tuple(self._drawn(layer, t, place) for place, layer in enumerate(layers_of(w)))
        return signs if isinstance(w, tuple) else signs[0]

    def _drawn(self, layer: Any, t: int, place: int) -> Any:
        """The signs of one layer."""
        bits = generator(int(self.seed), "sophia", t, place).integers(0, 2, size=tuple(layer.shape))
        signs = np.asarray(2.0 * bits - 1.0)
        if isinstance(layer, np.ndarray):
            return signs.astype(layer.dtype)
        import torch  # whoever holds a tensor has paid for the import

        return torch.from_numpy(signs).to(layer.device, layer.dtype)
