"""L-BFGS (Liu and Nocedal, 1989): Newton's step from the last few gradients, without a Hessian.

One iteration of the two-loop recursion (Nocedal and Wright, 2006, algorithm 7.4) at each step. With `search` = 0 it
takes steps of the rate alone, which is torch's `LBFGS` with ``max_iter=1`` and no line search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from fallline.engine.optim.backtracking import backtrack
from fallline.engine.optim.layers import flat, folded, precision
from fallline.engine.optim.optimizer import Optimizer
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import SEARCH
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State

HISTORY = Parameter("history", "h", "Steps remembered", 10.0, 1.0, 50.0, "whole", least=1.0, below=1001.0)
LEAST = 1e-10
"""Without a search, a pair of step and change of gradient whose product is not above this is left out, as in torch."""


@dataclass(frozen=True)
class LBFGS(Optimizer):
    """Keeps the last h steps and the changes of the gradient along them, and solves for Newton's step by these.

    For losses without noise: under noise the differences of gradients say nothing of curvature.

    Attributes:
        history: h, how many steps it remembers.
        search: how often a step may be halved until the loss falls; 0 takes every step as it comes.
    """

    history: float = 10.0
    search: float = 20.0

    name: ClassVar[str] = "lbfgs"
    title: ClassVar[str] = "L-BFGS"
    formula: ClassVar[str] = (
        r"w \leftarrow w - \eta\,H g,\quad H \approx (\nabla^2 f)^{-1}\ \text{ from }\ s_i = w_{i+1} - w_i,\ "
        r"y_i = g_{i+1} - g_i"
    )
    source: ClassVar[tuple[str, int]] = ("Liu and Nocedal", 1989)
    parameters: ClassVar[tuple[Parameter, ...]] = (HISTORY, SEARCH)
    rate: ClassVar[float] = 1.0
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "share"
    scope: ClassVar[Literal["element", "layer", "whole"]] = "whole"
    needs: ClassVar[frozenset[str]] = frozenset({"value"})

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.search:
            object.__setattr__(self, "needs", frozenset())  # of this one: it looks nowhere

    def init(self, w: Any) -> State:
        """Returns the state before the first step: last gradient, last step, steps and changes remembered."""
        nothing = flat(w) * 0.0
        return State(0, (nothing, nothing, nothing[None, :][:0], nothing[None, :][:0]))

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Takes one step; where no halving lowers the loss it stays, and forgets."""
        slope, rate = flat(g), float(rate)
        last, gone, steps, changes = state.memories
        if state.t > 0:
            steps, changes = self._remembered(slope - last, gone, steps, changes)
        along = -inverse(steps, changes, slope)
        fall = float((slope * along).sum())
        # The first step knows no scale: torch makes it no longer than 1.
        stride = rate if state.t else min(1.0, 1.0 / max(float(abs(slope).sum()), 1e-300)) * rate
        if not fall < 0.0:
            stride = 0.0
        elif self.search:
            stride = backtrack(self.asks(probe), w, folded(along, w), fall, stride, int(self.search))
        step = stride * along
        if stride == 0.0:
            steps, changes = steps[:0], changes[:0]
        new = folded(flat(w) + step, w)
        return new, State(state.t + 1, (slope + 0.0, step, steps, changes))

    def _remembered(self, change: Any, gone: Any, steps: Any, changes: Any) -> tuple[Any, Any]:
        """The memory with the latest pair, if it tells of curvature, and without the oldest beyond h."""
        # Torch's bound depends on the units of the loss; with a search it is L-BFGS-B's, which depends on none.
        least = precision(change) * float((change * change).sum()) if self.search else LEAST
        if not float((change * gone).sum()) > least:
            return steps, changes
        keep = int(self.history)
        return _below(steps, gone)[-keep:], _below(changes, change)[-keep:]


def _below(rows: Any, row: Any) -> Any:
    """The rows with one more at the end."""
    if isinstance(rows, np.ndarray):
        return np.concatenate([rows, row[None, :]])
    import torch  # whoever holds a tensor has paid for the import

    return torch.cat([rows, row[None, :]])


def inverse(steps: Any, changes: Any, slope: Any) -> Any:
    """Returns the approximate inverse Hessian times the gradient, by two loops over what is remembered.

    Args:
        steps: shape (k, n), the oldest first.
        changes: of the gradient along them, shape (k, n).
        slope: the gradient, shape (n,).
    """
    count = len(steps)
    if count == 0:
        return slope
    scales = [1.0 / float((changes[i] * steps[i]).sum()) for i in range(count)]
    shares = [0.0] * count
    found = slope
    for i in reversed(range(count)):
        shares[i] = scales[i] * float((steps[i] * found).sum())
        found = found - shares[i] * changes[i]
    found = found / (scales[-1] * float((changes[-1] * changes[-1]).sum()))
    for i in range(count):
        back = scales[i] * float((changes[i] * found).sum())
        found = found + (shares[i] - back) * steps[i]
    return found
