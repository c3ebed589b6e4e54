"""Rastrigin: a bowl under a regular grid of local minima."""

from __future__ import annotations

import numpy as np

from fallline.engine.surfaces.surface import Minimum, RateRange, Real, Source, Surface

DEPTH, RIPPLES = 10.0, 6.283185307179586


def rastrigin_value(x: Real, y: Real) -> Real:
    """The loss 20 + x² − 10·cos 2πx + y² − 10·cos 2πy."""
    return x * x + y * y + DEPTH * (2.0 - np.cos(RIPPLES * x) - np.cos(RIPPLES * y))


def rastrigin_gradient(x: Real, y: Real) -> tuple[Real, Real]:
    """∂f/∂x = 2x + 20π·sin 2πx."""
    slope = DEPTH * RIPPLES
    return 2.0 * x + slope * np.sin(RIPPLES * x), 2.0 * y + slope * np.sin(RIPPLES * y)


def rastrigin_hessian(x: Real, y: Real) -> tuple[Real, Real, Real]:
    """∂²f/∂x² = 2 + 40π²·cos 2πx: at most about 397."""
    bend = DEPTH * RIPPLES * RIPPLES
    return 2.0 + bend * np.cos(RIPPLES * x), 0.0 * x, 2.0 + bend * np.cos(RIPPLES * y)


RASTRIGIN = Surface(
    name="rastrigin",
    title="Rastrigin",
    formula=r"f(x, y) = 20 + x^2 + y^2 - 10\left(\cos 2\pi x + \cos 2\pi y\right)",
    source=Source("Rastrigin", 1974),
    domain=((-5.12, 5.12), (-5.12, 5.12)),
    start=(-3.4, 2.7),
    minima=(Minimum((0.0, 0.0), 0.0),),
    value_rule=rastrigin_value,
    gradient_rule=rastrigin_gradient,
    hessian_rule=rastrigin_hessian,
    levels="linear",
    rate=RateRange(0.0001, 0.02, 0.002),
)
