"""Which rates are worth trying for this optimizer on this surface: the ends of a slider, and its marks."""

from __future__ import annotations

from collections.abc import Sequence

from fallline.engine.optim import Optimizer
from fallline.engine.surfaces import RateRange, Surface, curvature_at


def stable_rate(surface: Surface, optimizer: Optimizer, w: Sequence[float] | None = None) -> float | None:
    """Returns the rate above which this optimizer moves away near `w`: the mark on the slider.

    Args:
        surface: the loss.
        optimizer: with its hyperparameters.
        w: where; None takes the first minimum, or the start of a surface that has none.

    Returns:
        the limit, exact on quadratics; infinity where nothing curves upwards; None where the limit depends on the path.

    >>> from fallline.engine.optim import OPTIMIZERS
    >>> from fallline.engine.surfaces import SURFACES
    >>> stable_rate(SURFACES["ravine"], OPTIMIZERS["momentum"](momentum=0.5))
    0.06
    """
    at = w if w is not None else surface.minima[0].at if surface.bounded else surface.start
    return optimizer.largest_stable_rate(float(curvature_at(surface, at)[-1]))


def rate_range(surface: Surface, kind: type[Optimizer]) -> RateRange:
    """Returns the rates to offer: the surface's own where the rate multiplies the slope, else in shares of the map.

    Where it multiplies the length of the weights, about a hundredth on every map; where it multiplies a step that the
    optimizer finds by itself, about 1.

    Args:
        surface: the loss.
        kind: of optimizer.

    >>> from fallline.engine.optim import OPTIMIZERS
    >>> from fallline.engine.surfaces import SURFACES
    >>> rate_range(SURFACES["bowl"], OPTIMIZERS["adam"])
    RateRange(low=0.0006, high=6.0, default=0.06)
    """
    if kind.unit == "slope":
        return surface.rate
    if kind.unit == "relative":
        return RateRange(1e-4, 1.0, 0.01)
    if kind.unit == "share":
        return RateRange(0.01, 10.0, 1.0)
    width = min(high - low for low, high in surface.domain)
    low, high, default = (float(f"{share * width:.2g}") for share in (1e-4, 1.0, 1e-2))
    return RateRange(low, high, default)
