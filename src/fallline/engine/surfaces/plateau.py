"""A plateau around a well: far from the well there is nearly no slope to follow."""

from __future__ import annotations

import numpy as np

from fallline.engine.surfaces.surface import Minimum, RateRange, Real, Source, Surface

PRECISION = 2.0
"""1/σ² of the Gaussian well, which is also its curvature at the bottom."""


def plateau_value(x: Real, y: Real) -> Real:
    """The loss 1 − exp(−p·(x² + y²)/2) with p = 2."""
    return -np.expm1(-0.5 * PRECISION * (x * x + y * y))


def plateau_gradient(x: Real, y: Real) -> tuple[Real, Real]:
    """∇f = p·exp(−p·r²/2)·(x, y)."""
    fall = PRECISION * np.exp(-0.5 * PRECISION * (x * x + y * y))
    return fall * x, fall * y


def plateau_hessian(x: Real, y: Real) -> tuple[Real, Real, Real]:
    """∇²f = p·exp(−p·r²/2)·(I − p·w·wᵀ)."""
    fall = PRECISION * np.exp(-0.5 * PRECISION * (x * x + y * y))
    return fall * (1.0 - PRECISION * x * x), -fall * PRECISION * x * y, fall * (1.0 - PRECISION * y * y)


PLATEAU = Surface(
    name="plateau",
    title="Plateau",
    formula=r"f(x, y) = 1 - e^{-(x^2 + y^2)}",
    source=Source("Fukumizu and Amari", 2000),
    domain=((-4.0, 4.0), (-4.0, 4.0)),
    start=(-3.0, 2.0),
    minima=(Minimum((0.0, 0.0), 0.0),),
    value_rule=plateau_value,
    gradient_rule=plateau_gradient,
    hessian_rule=plateau_hessian,
    levels="linear",
    rate=RateRange(0.01, 2.0, 0.3),
)
