"""Ackley: ripples on a funnel; the bottom is a cusp, where the slope does not fade as one arrives."""

from __future__ import annotations

import numpy as np

from fallline.engine.surfaces.surface import Minimum, RateRange, Real, Source, Surface

HEIGHT, SHARPNESS, RIPPLES = 20.0, 0.2, 6.283185307179586


def ackley_value(x: Real, y: Real) -> Real:
    """The loss −20·exp(−0.2·r) − exp((cos 2πx + cos 2πy)/2) + 20 + e, with r² = (x² + y²)/2.

    Written with expm1, so that the value at the origin is 0 and not a rounding error.
    """
    r = np.sqrt(0.5 * (x * x + y * y))
    waves = 0.5 * (np.cos(RIPPLES * x) + np.cos(RIPPLES * y))
    return -HEIGHT * np.expm1(-SHARPNESS * r) - np.exp(1.0) * np.expm1(waves - 1.0)


def ackley_gradient(x: Real, y: Real) -> tuple[Real, Real]:
    """∂f/∂x = 2·exp(−0.2·r)·x/r + π·exp(waves)·sin 2πx; 0 at the cusp, the middle of its subgradients."""
    r = np.sqrt(0.5 * (x * x + y * y))
    pull = 0.5 * HEIGHT * SHARPNESS * np.exp(-SHARPNESS * r) / (r + (r == 0.0))
    ripple = 0.5 * RIPPLES * np.exp(0.5 * (np.cos(RIPPLES * x) + np.cos(RIPPLES * y)))
    return pull * x + ripple * np.sin(RIPPLES * x), pull * y + ripple * np.sin(RIPPLES * y)


def ackley_hessian(x: Real, y: Real) -> tuple[Real, Real, Real]:
    """The curvature grows as 1/r towards the cusp; at the cusp itself only the ripples' part is given."""
    r = np.sqrt(0.5 * (x * x + y * y))
    safe = r + (r == 0.0)
    pull = 0.5 * HEIGHT * SHARPNESS * np.exp(-SHARPNESS * r) / safe * (r != 0.0)
    bend = 0.5 * (SHARPNESS * r + 1.0)
    ux, uy = x / safe, y / safe
    ripple = 0.5 * RIPPLES * np.exp(0.5 * (np.cos(RIPPLES * x) + np.cos(RIPPLES * y)))
    sx, sy = np.sin(RIPPLES * x), np.sin(RIPPLES * y)
    half = 0.5 * RIPPLES
    xx = pull * (1.0 - bend * ux * ux) + ripple * (RIPPLES * np.cos(RIPPLES * x) - half * sx * sx)
    yy = pull * (1.0 - bend * uy * uy) + ripple * (RIPPLES * np.cos(RIPPLES * y) - half * sy * sy)
    return xx, -pull * bend * ux * uy - ripple * half * sx * sy, yy


ACKLEY = Surface(
    name="ackley",
    title="Ackley",
    formula=(r"f(x, y) = -20\,e^{-0.2\sqrt{(x^2 + y^2)/2}} - e^{(\cos 2\pi x + \cos 2\pi y)/2} + 20 + e"),
    source=Source("Ackley", 1987),
    domain=((-4.0, 4.0), (-4.0, 4.0)),
    start=(-2.6, 1.7),
    minima=(Minimum((0.0, 0.0), 0.0),),
    value_rule=ackley_value,
    gradient_rule=ackley_gradient,
    hessian_rule=ackley_hessian,
    levels="linear",
    rate=RateRange(0.001, 0.3, 0.02),
)
