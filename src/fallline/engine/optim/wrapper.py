"""An optimizer around another: what it changes is its own, everything else is the other's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from fallline.engine.optim.optimizer import Optimizer
from fallline.engine.optim.state import State

OWN = ("name", "title", "formula", "source", "rate", "unit", "scope", "dialect", "limit")
"""What a wrapper takes over from the optimizer inside, unless it says otherwise."""


@dataclass(frozen=True)
class Wrapper(Optimizer):
    """Around another optimizer.

    The class carries its own name, title, formula and source, for whoever lists wrappers; what is wrapped carries those
    of the optimizer inside, for whoever draws it, and needs what either needs.

    Attributes:
        base: the optimizer inside.
        keeps: what stays the wrapper's own.
    """

    base: Optimizer

    keeps: ClassVar[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in OWN:
            if name not in self.keeps:
                object.__setattr__(self, name, getattr(self.base, name))
        object.__setattr__(self, "needs", type(self).needs | self.base.needs)

    @property
    def core(self) -> Optimizer:
        """The optimizer inside all wrappers."""
        return self.base.core if isinstance(self.base, Wrapper) else self.base

    def init(self, w: Any) -> State:
        """Returns the state before the first step: the one inside."""
        return State(0, inner=(self.base.init(w),))

    def judged(self, w: Any, state: State) -> Any:
        """Returns the weights that the optimizer inside is judged by."""
        return self.base.judged(w, state.inner[0])

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns the limit of the optimizer inside."""
        return self.base.largest_stable_rate(curvature)
