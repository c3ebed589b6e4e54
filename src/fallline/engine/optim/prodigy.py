"""Prodigy (Mishchenko and Defazio, 2024): Adam that estimates how far away the solution is, and paces itself by it.

Algorithm 4 of the paper. With a convex loss the estimate d never exceeds the distance from the start to the solution;
it grows towards it from nearly nothing within some dozen steps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from fallline.engine.optim.layers import dot, each, layers_of
from fallline.engine.optim.optimizer import Optimizer
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import BETA1, BETA2, DECOUPLED_DECAY, EPSILON
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State

GUESS = Parameter("guess", "d₀", "First guess of the distance", 1e-6, 1e-8, 1e-2, "log", least=1e-30)


@dataclass(frozen=True)
class Prodigy(Optimizer):
    """Adam at the rate η·d, with d the largest lower bound so far on the distance to the solution.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean square; its root is the decay of the estimate.
        epsilon: ε, outside the root, times d.
        guess: d₀, far below any distance; the larger of two that are is reached sooner.
        decay: λ, decoupled.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    guess: float = 1e-6
    decay: float = 0.0

    name: ClassVar[str] = "prodigy"
    title: ClassVar[str] = "Prodigy"
    formula: ClassVar[str] = (
        r"r \leftarrow \sqrt{\beta_2}\,r + (1 - \sqrt{\beta_2})\,\eta d^2 \langle g, w_0 - w \rangle,\quad "
        r"s \leftarrow \sqrt{\beta_2}\,s + (1 - \sqrt{\beta_2})\,\eta d^2 g,\quad "
        r"d \leftarrow \max\Bigl(d, \frac{r}{\lVert s \rVert_1}\Bigr),\quad "
        r"w \leftarrow w - \eta d\,\frac{m}{\sqrt v + d\varepsilon}"
    )
    source: ClassVar[tuple[str, int]] = ("Mishchenko and Defazio", 2024)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        BETA1,
        BETA2,
        EPSILON,
        GUESS,
        replace(DECOUPLED_DECAY, default=0.0),
    )
    rate: ClassVar[float] = 1.0
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "share"
    scope: ClassVar[Literal["element", "layer", "whole"]] = "whole"

    def init(self, w: Any) -> State:
        """Returns the state before the first step: m, v, s and the start; d and r."""
        nothing = each(lambda layer: layer * 0.0, w)
        start = each(lambda layer: layer + 0.0, w)
        return State(0, (nothing, nothing, nothing, start), (self.guess, 0.0))

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Takes one step by the distance known so far, and learns more of it for the next."""
        del probe
        (m, v, s, start), (d, r), rate = state.memories, state.numbers, float(rate)
        slow = self.beta2**0.5
        gain = (1.0 - slow) * rate * d * d
        away = each(lambda first, here: first - here, start, w)
        r = slow * r + gain * dot(g, away)
        s = each(lambda old, slope: slow * old + gain * slope, s, g)
        m = each(lambda old, slope: self.beta1 * old + (1.0 - self.beta1) * d * slope, m, g)
        v = each(lambda old, slope: self.beta2 * old + (1.0 - self.beta2) * d * d * slope * slope, v, g)
        total = sum(float(abs(layer).sum()) for layer in layers_of(s))

        def move(layer: Any, mean: Any, square: Any) -> Any:
            step = mean / (square**0.5 + d * self.epsilon)
            return layer * (1.0 - rate * d * self.decay) - rate * d * step

        known = max(d, r / total) if total > 0.0 else d
        return each(move, w, m, v), State(state.t + 1, (m, v, s, start), (known, r))
