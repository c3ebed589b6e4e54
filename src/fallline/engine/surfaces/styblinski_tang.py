"""Styblinski–Tang: four basins, one of them deepest."""

from __future__ import annotations

from fallline.engine.surfaces.surface import Minimum, RateRange, Real, Source, Surface


def styblinski_tang_value(x: Real, y: Real) -> Real:
    """The loss Σ (w⁴ − 16w² + 5w)/2."""
    return 0.5 * (x * (5.0 + x * (x * x - 16.0)) + y * (5.0 + y * (y * y - 16.0)))


def styblinski_tang_gradient(x: Real, y: Real) -> tuple[Real, Real]:
    """∂f/∂w = 2w³ − 16w + 2.5."""
    return x * (2.0 * x * x - 16.0) + 2.5, y * (2.0 * y * y - 16.0) + 2.5


def styblinski_tang_hessian(x: Real, y: Real) -> tuple[Real, Real, Real]:
    """∂²f/∂w² = 6w² − 16."""
    return 6.0 * x * x - 16.0, 0.0 * x, 6.0 * y * y - 16.0


DEEP, SHALLOW = -2.903534027771177, 2.746802770987196

STYBLINSKI_TANG = Surface(
    name="styblinski_tang",
    title="Styblinski–Tang",
    formula=r"f(x, y) = \tfrac{1}{2}\left(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y\right)",
    source=Source("Styblinski and Tang", 1990),
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    start=(0.6, 4.2),
    minima=(
        Minimum((DEEP, DEEP), -78.33233140754282),
        Minimum((DEEP, SHALLOW), -64.19561235905536),
        Minimum((SHALLOW, DEEP), -64.19561235905536),
        Minimum((SHALLOW, SHALLOW), -50.05889331056788),
    ),
    value_rule=styblinski_tang_value,
    gradient_rule=styblinski_tang_gradient,
    hessian_rule=styblinski_tang_hessian,
    levels="linear",
    rate=RateRange(0.0005, 0.08, 0.01),
)
