"""Options around any optimizer: decay, clipping, a second look, accumulation, averaging, settings by layer."""

from __future__ import annotations

from fallline.core.choice import lookup
from fallline.engine.optim.optimizer import Optimizer
from fallline.engine.optim.options.accumulation import Accumulation
from fallline.engine.optim.options.clip_global_norm import ClipGlobalNorm
from fallline.engine.optim.options.clip_norm import ClipNorm
from fallline.engine.optim.options.clip_value import ClipValue
from fallline.engine.optim.options.decoupled_decay import DecoupledDecay
from fallline.engine.optim.options.ema import EMA
from fallline.engine.optim.options.groups import Group, Groups, with_names
from fallline.engine.optim.options.l2 import L2
from fallline.engine.optim.sam import SAM
from fallline.engine.optim.wrapper import Wrapper

OPTIONS: dict[str, type[Wrapper]] = {
    kind.name: kind for kind in (L2, DecoupledDecay, ClipValue, ClipNorm, ClipGlobalNorm, SAM, Accumulation, EMA)
}
"""Name → option with one number, from the innermost to the outermost: a gradient meets them from the end."""


def with_options(base: Optimizer, **options: float) -> Optimizer:
    """Returns an optimizer with options around it, in the order of `OPTIONS` whatever the order they are given in.

    Args:
        base: the optimizer.
        **options: the number of each option by its name.

    Raises:
        SpecError: an unknown option, or a number outside its range.

    >>> from fallline.engine.optim import Adam
    >>> around = with_options(Adam(), ema=0.9, clip_norm=1.0)
    >>> type(around).__name__, type(around.base).__name__, around.title
    ('EMA', 'ClipNorm', 'Adam')
    """
    for name in options:
        lookup(name, OPTIONS, "options")
    for name, kind in OPTIONS.items():
        if name in options:
            base = kind(base, **{kind.parameters[0].name: options[name]})
    return base


__all__ = [
    "EMA",
    "L2",
    "OPTIONS",
    "SAM",
    "Accumulation",
    "ClipGlobalNorm",
    "ClipNorm",
    "ClipValue",
    "DecoupledDecay",
    "Group",
    "Groups",
    "Wrapper",
    "with_names",
    "with_options",
]
