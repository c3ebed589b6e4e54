"""Newton-CG (Dembo, Eisenstat and Steihaug, 1982): Newton's step, solved only as well as it is worth.

Nocedal and Wright (2006), algorithm 7.1: conjugate gradients on the Hessian, of which only products with a vector are
ever asked, and Armijo's rule along what they find. Negative curvature ends them, so a saddle is left, not sought.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from fallline.engine.optim.backtracking import backtrack
from fallline.engine.optim.layers import flat, folded
from fallline.engine.optim.optimizer import Optimizer
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import SEARCH
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State

INNER = Parameter("inner", "n", "Rounds of conjugate gradients, at most", 50.0, 1.0, 200.0, "whole", least=1.0)
# Where the loss is nearly straight, Newton's step is nearly endless: many halvings bring it back.
HALVINGS = replace(SEARCH, default=60.0, high=80.0)
TOLERANCE = Parameter("tolerance", "τ", "How exactly it solves, at first", 0.5, 0.0, 0.9, below=1.0)


@dataclass(frozen=True)
class NewtonCG(Optimizer):
    """Minimises the quadratic that touches the loss here, by conjugate gradients, and goes there.

    Attributes:
        inner: n, rounds of conjugate gradients, at most.
        tolerance: τ, solved until the residual is below min(τ, √|g|)·|g|; 0 solves as far as numbers go.
        search: how often the step may be halved until the loss falls.
    """

    inner: float = 50.0
    tolerance: float = 0.5
    search: float = 60.0

    name: ClassVar[str] = "newton_cg"
    title: ClassVar[str] = "Newton-CG"
    formula: ClassVar[str] = r"w \leftarrow w + \eta\,p,\quad \nabla^2 f\,p \approx -g\ \text{ by conjugate gradients}"
    source: ClassVar[tuple[str, int]] = ("Dembo, Eisenstat and Steihaug", 1982)
    parameters: ClassVar[tuple[Parameter, ...]] = (INNER, TOLERANCE, HALVINGS)
    rate: ClassVar[float] = 1.0
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "share"
    scope: ClassVar[Literal["element", "layer", "whole"]] = "whole"
    needs: ClassVar[frozenset[str]] = frozenset({"value", "hvp"})

    def init(self, w: Any) -> State:
        """Returns the state before the first step: it remembers nothing."""
        del w
        return State(0)

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Takes one step; where no halving lowers the loss it stays."""
        asked = self.asks(probe)
        slope = flat(g)
        along = self._solved(asked, w, slope)
        fall = float((slope * along).sum())
        stride = backtrack(asked, w, folded(along, w), fall, float(rate), int(self.search)) if fall < 0.0 else 0.0
        return folded(flat(w) + stride * along, w), State(state.t + 1)

    def _solved(self, probe: Probe, w: Any, slope: Any) -> Any:
        """Nearly −H⁻¹g; down the slope where the first look finds no upward curvature."""
        length = float((slope * slope).sum()) ** 0.5
        enough = min(self.tolerance, math.sqrt(length)) * length
        found, left, aim = slope * 0.0, slope, -slope
        energy = length * length
        for turn in range(int(self.inner)):
            if energy == 0.0:
                break
            bent = flat(probe.hvp(w, folded(aim, w)))
            curvature = float((aim * bent).sum())
            if not curvature > 0.0:
                return aim if turn == 0 else found
            stride = energy / curvature
            found, left = found + stride * aim, left + stride * bent
            before, energy = energy, float((left * left).sum())
            if energy**0.5 <= enough:
                break
            aim = energy / before * aim - left
        return found
