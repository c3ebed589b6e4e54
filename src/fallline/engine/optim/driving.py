"""What a plan drives in an optimizer from step to step: its momentum, or β₁, and its decay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fallline.core.errors import SpecError
from fallline.engine.optim.optimizer import Optimizer

DRIVEN = {"momentum": ("momentum", "beta1"), "decay": ("decay",)}
"""What a plan drives besides rate and batch → our names of it, the first that an optimizer has."""


def driven(optimizer: Optimizer, what: str) -> str | None:
    """Returns the name of the hyperparameter that a plan drives; None where the optimizer has none of that kind.

    >>> from fallline.engine.optim import OPTIMIZERS
    >>> driven(OPTIMIZERS["adam"](), "momentum"), driven(OPTIMIZERS["gd"](), "momentum")
    ('beta1', None)
    """
    return next((name for name in DRIVEN[what] if hasattr(optimizer, name)), None)


def with_factor(optimizer: Optimizer, what: str, factor: float) -> Optimizer:
    """Returns the optimizer with its momentum, or β₁, or its decay, times a factor; of a wrapper the one inside.

    Raises:
        SpecError: it has no such hyperparameter.

    >>> from fallline.engine.optim import Adam
    >>> with_factor(Adam(beta1=0.8), "momentum", 0.5).beta1
    0.4
    """
    known = driven(optimizer, what)
    if known is not None:
        changed: Any = replace(optimizer, **{known: getattr(optimizer, known) * factor})
        return changed  # type: ignore[no-any-return]  # of the same class
    if hasattr(optimizer, "base"):
        inside: Any = replace(optimizer, base=with_factor(optimizer.base, what, factor))  # type: ignore[call-arg]  # as above
        return inside  # type: ignore[no-any-return]  # as above
    raise SpecError("plan", what, f"something that {optimizer.title} has")
