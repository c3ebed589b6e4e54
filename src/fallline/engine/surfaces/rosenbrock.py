"""Rosenbrock's banana: a curved valley, easy to enter and slow to follow."""

from __future__ import annotations

from fallline.engine.surfaces.surface import Minimum, RateRange, Real, Source, Surface


def rosenbrock_value(x: Real, y: Real) -> Real:
    """The loss (1 − x)² + 100·(y − x²)²."""
    toward, across = 1.0 - x, y - x * x
    return toward * toward + 100.0 * across * across


def rosenbrock_gradient(x: Real, y: Real) -> tuple[Real, Real]:
    """∇f = (−2(1 − x) − 400x(y − x²), 200(y − x²))."""
    across = y - x * x
    return -2.0 * (1.0 - x) - 400.0 * x * across, 200.0 * across


def rosenbrock_hessian(x: Real, y: Real) -> tuple[Real, Real, Real]:
    """λ at the minimum: about 0.4 and 1001.6."""
    return 2.0 - 400.0 * y + 1200.0 * x * x, -400.0 * x, 200.0 + 0.0 * y


ROSENBROCK = Surface(
    name="rosenbrock",
    title="Rosenbrock",
    formula=r"f(x, y) = (1 - x)^2 + 100\left(y - x^2\right)^2",
    source=Source("Rosenbrock", 1960),
    domain=((-2.0, 2.0), (-1.0, 3.0)),
    start=(-1.2, 1.0),
    minima=(Minimum((1.0, 1.0), 0.0),),
    value_rule=rosenbrock_value,
    gradient_rule=rosenbrock_gradient,
    hessian_rule=rosenbrock_hessian,
    levels="log",
    rate=RateRange(0.00001, 0.005, 0.001),
)
