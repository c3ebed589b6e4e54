"""Quadratics: the surfaces on which every claim about step sizes is exact.

With the Hessian constant, gradient descent multiplies the error along each eigenvector by 1 − η·λ at every step.
"""

from __future__ import annotations

from fallline.engine.surfaces.surface import Minimum, RateRange, Real, Source, Surface

CONDITION = 50.0
"""λmax / λmin of the ravine."""


def bowl_value(x: Real, y: Real) -> Real:
    """The loss x² + y²."""
    return x * x + y * y


def bowl_gradient(x: Real, y: Real) -> tuple[Real, Real]:
    """∇f = (2x, 2y)."""
    return 2.0 * x, 2.0 * y


def bowl_hessian(x: Real, y: Real) -> tuple[Real, Real, Real]:
    """λ = 2 and 2, everywhere."""
    return 2.0 + 0.0 * x, 0.0 * x, 2.0 + 0.0 * y


def ravine_value(x: Real, y: Real) -> Real:
    """The loss (x² + κ·y²)/2 with κ = 50."""
    return 0.5 * (x * x + CONDITION * y * y)


def ravine_gradient(x: Real, y: Real) -> tuple[Real, Real]:
    """∇f = (x, κ·y)."""
    return 1.0 * x, CONDITION * y


def ravine_hessian(x: Real, y: Real) -> tuple[Real, Real, Real]:
    """λ = 1 and κ, everywhere."""
    return 1.0 + 0.0 * x, 0.0 * x, CONDITION + 0.0 * y


BOWL = Surface(
    name="bowl",
    title="Bowl",
    formula=r"f(x, y) = x^2 + y^2",
    source=Source("Cauchy", 1847),
    domain=((-3.0, 3.0), (-3.0, 3.0)),
    start=(-2.4, 1.6),
    minima=(Minimum((0.0, 0.0), 0.0),),
    value_rule=bowl_value,
    gradient_rule=bowl_gradient,
    hessian_rule=bowl_hessian,
    levels="linear",
    rate=RateRange(0.001, 1.2, 0.1),
    quadratic=True,
)

NOISY_BOWL = Surface(
    name="noisy_bowl",
    title="Noisy bowl",
    formula=r"f(x, y) = x^2 + y^2,\quad g = \nabla f + \mathcal{N}(0, 1)",
    source=Source("Robbins and Monro", 1951),
    domain=BOWL.domain,
    start=BOWL.start,
    minima=BOWL.minima,
    value_rule=bowl_value,
    gradient_rule=bowl_gradient,
    hessian_rule=bowl_hessian,
    levels="linear",
    rate=BOWL.rate,
    noise=1.0,
    quadratic=True,
)

RAVINE = Surface(
    name="ravine",
    title="Ravine (condition number 50)",
    formula=r"f(x, y) = \tfrac{1}{2}\left(x^2 + 50\,y^2\right)",
    source=Source("Gelfand and Tsetlin", 1961),
    domain=((-4.0, 4.0), (-2.0, 2.0)),
    start=(-3.5, 1.2),
    minima=(Minimum((0.0, 0.0), 0.0),),
    value_rule=ravine_value,
    gradient_rule=ravine_gradient,
    hessian_rule=ravine_hessian,
    levels="log",
    rate=RateRange(0.0005, 0.06, 0.02),
    quadratic=True,
)
