"""PyTorch as source: a learning-rate schedule of ``torch.optim.lr_scheduler``, by torch's own names."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from fallline.peers.code_torch import Call, Expression

WARMUP_COSINE = '''\
def warmup_cosine(rise, floor, steps):
    """Returns the factor of every step: a straight line up, then half a cosine down."""

    def factor(t):
        if t < rise:
            return (t + 1) / rise
        progress = (t - rise) / max(steps - rise, 1)
        return floor + (1 - floor) * (1 + cos(pi * progress)) / 2

    return factor'''
"""What `schedule` refers to where it says ``warmup_cosine``; torch has no such schedule in one piece."""


def needs(source: str) -> list[str]:
    """Returns the names of ``math`` that the source of a schedule uses.

    >>> needs("lr_lambda=lambda t: cos(pi * t)")
    ['cos', 'pi']
    """
    if "warmup_cosine" in source:
        source += WARMUP_COSINE
    return [name for name in ("ceil", "cos", "pi") if re.search(rf"\b{name}\b", source)]


def schedule(name: str, rate: float | Expression, params: Mapping[str, Any], steps: int | Expression) -> Call | None:
    """Returns a schedule of ``torch.optim.lr_scheduler`` and its arguments; None for a constant rate.

    Args:
        name: as in a Spec.
        rate: the base rate.
        params: its settings by our names.
        steps: how many steps it is stretched over, ≥ 2 where it is a number.

    >>> schedule("cosine", 0.1, {}, 150)
    ('CosineAnnealingLR', {'T_max': 150})
    """
    if name == "constant":
        return None
    if name == "step":
        return "StepLR", {"step_size": params.get("every", 50), "gamma": params.get("gamma", 0.1)}
    if name == "exponential":
        return "ExponentialLR", {"gamma": params.get("gamma", 0.98)}
    if name == "cosine":
        return _cosine(rate, params.get("floor", 0.0), steps)
    if name == "warmup_cosine":
        return _warmup_cosine(params.get("warmup", 0.1), params.get("floor", 0.0), steps)
    return _one_cycle(rate, {"rise": 0.3, "divide": 25.0, "final": 1e4, **params}, steps)


def _cosine(rate: float | Expression, floor: float, steps: int | Expression) -> Call:
    lowest = {} if isinstance(rate, Expression) or not floor else {"eta_min": floor * rate}
    return "CosineAnnealingLR", {"T_max": steps, **lowest}


def _warmup_cosine(share: float, floor: float, steps: int | Expression) -> Call:
    rise: Any = math.ceil(share * steps) if isinstance(steps, int) else Expression(f"ceil({share!r} * {steps})")
    factor = f"warmup_cosine(rise={rise!r}, floor={floor!r}, steps={steps!r})"
    return "LambdaLR", {"lr_lambda": Expression(factor)}


def _one_cycle(rate: float | Expression, params: Mapping[str, Any], steps: int | Expression) -> Call:
    """Torch's own, but for the two cases in which it divides by zero."""
    divide, final = params["divide"], params["final"]
    if isinstance(steps, int) and isinstance(rate, float) and params["rise"] * steps - 1.0 == 0.0:
        return "CosineAnnealingLR", {"T_max": steps - 1, "eta_min": rate / (divide * final)}
    if isinstance(steps, int) and params["rise"] == 1.0:
        rising = f"lambda t: {1 / divide!r} + {(1 - 1 / divide) / 2!r} * (1 - cos(pi * t / {steps - 1}))"
        return "LambdaLR", {"lr_lambda": Expression(rising)}
    own = {"pct_start": params["rise"], "div_factor": divide, "final_div_factor": final}
    changed = {
        key: value for key, value in own.items() if value != {"pct_start": 0.3, "div_factor": 25.0}.get(key, 1e4)
    }
    return "OneCycleLR", {"max_lr": rate, "total_steps": steps, **changed, "cycle_momentum": False}
