"""The three-hump camel: one deep minimum between two shallow ones."""

from __future__ import annotations

from fallline.engine.surfaces.surface import Minimum, RateRange, Real, Source, Surface


def three_hump_camel_value(x: Real, y: Real) -> Real:
    """The loss 2x² − 1.05x⁴ + x⁶/6 + xy + y²."""
    square = x * x
    return square * (2.0 + square * (square / 6.0 - 1.05)) + x * y + y * y


def three_hump_camel_gradient(x: Real, y: Real) -> tuple[Real, Real]:
    """∇f = (4x − 4.2x³ + x⁵ + y, x + 2y)."""
    square = x * x
    return x * (4.0 + square * (square - 4.2)) + y, x + 2.0 * y


def three_hump_camel_hessian(x: Real, y: Real) -> tuple[Real, Real, Real]:
    """∇²f = (4 − 12.6x² + 5x⁴, 1, 2)."""
    square = x * x
    return 4.0 + square * (5.0 * square - 12.6), 1.0 + 0.0 * x, 2.0 + 0.0 * y


THREE_HUMP_CAMEL = Surface(
    name="three_hump_camel",
    title="Three-hump camel",
    formula=r"f(x, y) = 2x^2 - 1.05x^4 + \tfrac{1}{6}x^6 + xy + y^2",
    source=Source("Branin", 1972),
    domain=((-2.5, 2.5), (-2.5, 2.5)),
    start=(-1.0, 2.0),
    minima=(
        Minimum((0.0, 0.0), 0.0),
        Minimum((-1.7475523458302105, 0.8737761729151052), 0.2986384422368579),
        Minimum((1.7475523458302105, -0.8737761729151052), 0.2986384422368579),
    ),
    value_rule=three_hump_camel_value,
    gradient_rule=three_hump_camel_gradient,
    hessian_rule=three_hump_camel_hessian,
    levels="log",
    rate=RateRange(0.001, 0.3, 0.05),
)
