"""Himmelblau: four equally low minima, so where one ends depends on where one starts."""

from __future__ import annotations

from fallline.engine.surfaces.surface import Minimum, RateRange, Real, Source, Surface


def himmelblau_value(x: Real, y: Real) -> Real:
    """The loss (x² + y − 11)² + (x + y² − 7)²."""
    a, b = x * x + y - 11.0, x + y * y - 7.0
    return a * a + b * b


def himmelblau_gradient(x: Real, y: Real) -> tuple[Real, Real]:
    """∇f = (4x·a + 2b, 2a + 4y·b) with a, b the two brackets."""
    a, b = x * x + y - 11.0, x + y * y - 7.0
    return 4.0 * x * a + 2.0 * b, 2.0 * a + 4.0 * y * b


def himmelblau_hessian(x: Real, y: Real) -> tuple[Real, Real, Real]:
    """∇²f = (12x² + 4y − 42, 4(x + y), 12y² + 4x − 26)."""
    return 12.0 * x * x + 4.0 * y - 42.0, 4.0 * (x + y), 12.0 * y * y + 4.0 * x - 26.0


HIMMELBLAU = Surface(
    name="himmelblau",
    title="Himmelblau",
    formula=r"f(x, y) = \left(x^2 + y - 11\right)^2 + \left(x + y^2 - 7\right)^2",
    source=Source("Himmelblau", 1972),
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    start=(0.0, 0.0),
    minima=(
        Minimum((3.0, 2.0), 0.0),
        Minimum((-2.8051180869527448, 3.1313125182505729), 0.0),
        Minimum((-3.7793102533777469, -3.2831859912861694), 0.0),
        Minimum((3.5844283403304917, -1.8481265269644034), 0.0),
    ),
    value_rule=himmelblau_value,
    gradient_rule=himmelblau_gradient,
    hessian_rule=himmelblau_hessian,
    levels="log",
    rate=RateRange(0.0001, 0.03, 0.01),
)
