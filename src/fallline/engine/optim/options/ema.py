"""EMA of weights (Polyak and Juditsky, 1992): what is kept is a running mean of the path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from fallline.engine.optim.layers import each
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State
from fallline.engine.optim.wrapper import Wrapper

KEPT = Parameter("kept", "μ", "Decay of the mean of weights", 0.99, 0.5, 0.9999, "complement", below=1.0)


@dataclass(frozen=True)
class EMA(Wrapper):
    """Leaves the path as it is and is judged by the running mean of it: under noise, lower than where it stands.

    The mean begins with the weights after the first step, as in Keras.

    Attributes:
        base: the optimizer inside.
        kept: μ, decay of the mean.
    """

    kept: float = 0.99

    name: ClassVar[str] = "ema"
    title: ClassVar[str] = "EMA of weights"
    formula: ClassVar[str] = r"\bar w \leftarrow \mu \bar w + (1 - \mu)\,w"
    source: ClassVar[tuple[str, int]] = ("Polyak and Juditsky", 1992)
    parameters: ClassVar[tuple[Parameter, ...]] = (KEPT,)

    def init(self, w: Any) -> State:
        """Returns the state before the first step: the mean is the start."""
        return State(0, (each(lambda layer: layer + 0.0, w),), inner=(self.base.init(w),))

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Lets the optimizer inside step, and takes where it stands into the mean."""
        new, inner = self.base.step(w, g, state.inner[0], rate, probe)
        kept = self.kept if state.t else 0.0
        mean = each(lambda old, layer: kept * old + (1.0 - kept) * layer, state.memories[0], new)
        return new, State(state.t + 1, (mean,), inner=(inner,))

    def judged(self, w: Any, state: State) -> Any:
        """Returns the mean."""
        return state.memories[0] if state.t else w
