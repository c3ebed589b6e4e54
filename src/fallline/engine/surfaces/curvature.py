"""Curvature at a point, and the largest rate that it allows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fallline.core.errors import SpecError
from fallline.engine.surfaces.surface import Array, Surface


def curvature_at(surface: Surface, w: ArrayLike) -> Array:
    """Returns the eigenvalues of the Hessian, the smallest first.

    Args:
        surface: the loss.
        w: points, shape (..., d).

    Returns:
        shape (..., d), from λmin to λmax; NaN where the Hessian is not finite.

    >>> from fallline.engine.surfaces import SURFACES
    >>> curvature_at(SURFACES["saddle"], (0.3, 0.1))
    array([-2.,  2.])
    """
    points = np.asarray(w, dtype=np.float64)
    if surface.dimension != 2:
        hessian = surface.hessian(points)
        finite = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))
        values = np.linalg.eigvalsh(np.where(finite[..., None, None], hessian, 0.0))
        return np.where(finite[..., None], values, np.nan)
    xx, xy, yy = surface.hessian_rule(points[..., 0], points[..., 1])
    middle, spread = 0.5 * (xx + yy), np.hypot(0.5 * (xx - yy), xy)
    return np.stack([middle - spread, middle + spread], axis=-1)


def largest_stable_rate(surface: Surface, w: ArrayLike, *, momentum: float = 0.0) -> float:
    """Returns the rate above which descent near `w` moves away: exact on quadratics, local elsewhere.

    Gradient descent multiplies the error along an eigenvector by 1 − η·λ, so it shrinks while η < 2/λmax. With
    heavy-ball momentum β (Polyak, 1964) the limit is 2(1 + β)/λmax.

    Args:
        surface: the loss.
        w: one point, shape (d,): the minimum aimed at, or where the descent stands.
        momentum: β of the heavy ball, 0 ≤ β < 1; 0 is gradient descent.

    Returns:
        the limit; infinity where no direction curves upwards.

    Raises:
        SpecError: momentum outside [0, 1).

    >>> from fallline.engine.surfaces import SURFACES
    >>> largest_stable_rate(SURFACES["ravine"], (0, 0))
    0.04
    >>> largest_stable_rate(SURFACES["ravine"], (0, 0), momentum=0.9)
    0.076
    """
    if not 0.0 <= momentum < 1.0:
        raise SpecError("momentum", momentum, "a number from 0 up to, not including, 1")
    sharpest = float(curvature_at(surface, w)[..., -1])
    return 2.0 * (1.0 + momentum) / sharpest if sharpest > 0.0 else float("inf")
