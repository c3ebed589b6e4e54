"""SAM (Foret and others, 2021): sharpness-aware minimisation; any optimizer, led by the slope at the worst point near.

Each step costs a second gradient, taken a distance ρ uphill, where sharp minima are steep and flat ones are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from fallline.engine.optim.backtracking import moved
from fallline.engine.optim.layers import norm
from fallline.engine.optim.momentum import Momentum
from fallline.engine.optim.optimizer import Optimizer
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State
from fallline.engine.optim.wrapper import Wrapper

INSIDE = Momentum()
RADIUS = Parameter("rho", "ρ", "How far uphill it looks", 0.05, 0.0, 0.5)


@dataclass(frozen=True)
class SAM(Wrapper):
    """Gives the optimizer inside the gradient at w + ρ·g/|g| instead of the one at w.

    Attributes:
        base: the optimizer inside.
        rho: ρ, how far uphill.
    """

    base: Optimizer = INSIDE
    rho: float = 0.05

    name: ClassVar[str] = "sam"
    title: ClassVar[str] = "SAM"
    formula: ClassVar[str] = r"g \leftarrow \nabla f\Bigl(w + \rho\,\frac{g}{\lVert g \rVert}\Bigr)"
    source: ClassVar[tuple[str, int]] = ("Foret and others", 2021)
    parameters: ClassVar[tuple[Parameter, ...]] = (RADIUS,)
    rate: ClassVar[float] = Momentum.rate
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "slope"
    scope: ClassVar[Literal["element", "layer", "whole"]] = "whole"
    needs: ClassVar[frozenset[str]] = frozenset({"gradient_at"})
    keeps: ClassVar[frozenset[str]] = frozenset({"name", "title", "formula", "source", "scope", "limit"})

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.base != INSIDE:
            object.__setattr__(self, "title", f"SAM over {self.base.title}")

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Looks uphill, and lets the optimizer inside step by what is seen there."""
        length = norm(g)
        if self.rho > 0.0 and length > 0.0:
            g = self.asks(probe).gradient_at(moved(w, g, self.rho / length))
        new, inner = self.base.step(w, g, state.inner[0], rate, probe)
        return new, State(state.t + 1, inner=(inner,))

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns None: near a minimum it circles at a distance that depends on ρ."""
        del curvature
        return None
