"""Beale: a flat cross with steep corners, so that one rate is too small here and too large there."""

from __future__ import annotations

from fallline.engine.surfaces.surface import Minimum, RateRange, Real, Source, Surface


def beale_value(x: Real, y: Real) -> Real:
    """The loss Σᵢ (cᵢ − x(1 − yⁱ))² with c = (1.5, 2.25, 2.625)."""
    a = 1.5 - x + x * y
    b = 2.25 - x + x * y * y
    c = 2.625 - x + x * y * y * y
    return a * a + b * b + c * c


def beale_gradient(x: Real, y: Real) -> tuple[Real, Real]:
    """∇f = 2·Σᵢ rᵢ·(yⁱ − 1, i·x·yⁱ⁻¹)."""
    a = 1.5 - x + x * y
    b = 2.25 - x + x * y * y
    c = 2.625 - x + x * y * y * y
    along_x = 2.0 * (a * (y - 1.0) + b * (y * y - 1.0) + c * (y * y * y - 1.0))
    return along_x, 2.0 * x * (a + 2.0 * b * y + 3.0 * c * y * y)


def beale_hessian(x: Real, y: Real) -> tuple[Real, Real, Real]:
    """∇²f = 2·Σᵢ (∇rᵢ·∇rᵢᵀ + rᵢ·∇²rᵢ)."""
    square, cube = y * y, y * y * y
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * square, 2.625 - x + x * cube
    ax, bx, cx = y - 1.0, square - 1.0, cube - 1.0
    ay, by, cy = x, 2.0 * x * y, 3.0 * x * square
    xx = 2.0 * (ax * ax + bx * bx + cx * cx)
    xy = 2.0 * (ax * ay + bx * by + cx * cy + a + 2.0 * b * y + 3.0 * c * square)
    yy = 2.0 * (ay * ay + by * by + cy * cy + 2.0 * b * x + 6.0 * c * x * y)
    return xx, xy, yy


BEALE = Surface(
    name="beale",
    title="Beale",
    formula=r"f(x, y) = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
    source=Source("Beale", 1958),
    domain=((-4.5, 4.5), (-4.5, 4.5)),
    start=(1.0, 1.5),
    minima=(Minimum((3.0, 0.5), 0.0),),
    value_rule=beale_value,
    gradient_rule=beale_gradient,
    hessian_rule=beale_hessian,
    levels="log",
    rate=RateRange(0.0001, 0.03, 0.003),
)
