"""Saddles: stationary points that are no minima, on surfaces without a lowest point."""

from __future__ import annotations

from fallline.engine.surfaces.surface import RateRange, Real, Source, Surface


def saddle_value(x: Real, y: Real) -> Real:
    """The loss x² − y²."""
    return x * x - y * y


def saddle_gradient(x: Real, y: Real) -> tuple[Real, Real]:
    """∇f = (2x, −2y)."""
    return 2.0 * x, -2.0 * y


def saddle_hessian(x: Real, y: Real) -> tuple[Real, Real, Real]:
    """λ = −2 and 2, everywhere."""
    return 2.0 + 0.0 * x, 0.0 * x, -2.0 + 0.0 * y


def monkey_value(x: Real, y: Real) -> Real:
    """The loss x³ − 3xy²: three valleys, for two legs and a tail."""
    return x * x * x - 3.0 * x * y * y


def monkey_gradient(x: Real, y: Real) -> tuple[Real, Real]:
    """∇f = (3x² − 3y², −6xy)."""
    return 3.0 * (x * x - y * y), -6.0 * x * y


def monkey_hessian(x: Real, y: Real) -> tuple[Real, Real, Real]:
    """All second derivatives vanish at the origin: no test by curvature sees this saddle."""
    return 6.0 * x, -6.0 * y, -6.0 * x


SADDLE = Surface(
    name="saddle",
    title="Saddle",
    formula=r"f(x, y) = x^2 - y^2",
    source=Source("Dauphin and others", 2014),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    start=(-1.6, 0.01),
    minima=(),
    value_rule=saddle_value,
    gradient_rule=saddle_gradient,
    hessian_rule=saddle_hessian,
    levels="linear",
    rate=RateRange(0.001, 1.2, 0.05),
    quadratic=True,
)

MONKEY_SADDLE = Surface(
    name="monkey_saddle",
    title="Monkey saddle",
    formula=r"f(x, y) = x^3 - 3xy^2",
    source=Source("Hilbert and Cohn-Vossen", 1932),
    domain=((-1.5, 1.5), (-1.5, 1.5)),
    start=(1.1, 0.05),
    minima=(),
    value_rule=monkey_value,
    gradient_rule=monkey_gradient,
    hessian_rule=monkey_hessian,
    levels="linear",
    rate=RateRange(0.001, 0.3, 0.03),
)
