"""Lanczos: the spectrum of a symmetric matrix that is known only by what it does to a vector.

Lanczos (1950), with every new vector made orthogonal to all before it (Paige, 1972): without that the largest
eigenvalues come back as ghosts. Pearlmutter (1994) gives the product with a Hessian for the price of two gradients.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
SMALL = 1e-12
"""Beside the largest entry: what is left of a vector then is rounding."""


def lanczos(product: Callable[[Array], Array], dimension: int, steps: int, rng: np.random.Generator) -> Array:
    """Returns the Ritz values after some steps, the smallest first; after `dimension` steps, the eigenvalues.

    The largest and the smallest come first; those inside a crowd are stand-ins for it.

    Args:
        product: v → A·v, for vectors of shape (dimension,).
        dimension: of the matrix.
        steps: products taken, at most `dimension`.
        rng: where the first vector comes from.

    >>> diagonal = np.array([1.0, 2.0, 10.0])
    >>> lanczos(lambda v: diagonal * v, 3, 3, np.random.default_rng(0)).round(9)
    array([ 1.,  2., 10.])
    """
    basis: list[Array] = []
    along: list[float] = []
    beside: list[float] = []
    vector = rng.standard_normal(dimension)
    vector /= np.linalg.norm(vector)
    for _ in range(min(steps, dimension)):
        basis.append(vector)
        image = product(vector)
        along.append(float(vector @ image))
        known = np.array(basis)
        for _again in range(2):
            image = image - known.T @ (known @ image)
        left = float(np.linalg.norm(image))
        if left <= SMALL * max(map(abs, along)):
            break
        beside.append(left)
        vector = image / left
    off = np.array(beside[: len(along) - 1])
    return np.asarray(np.linalg.eigvalsh(np.diag(along) + np.diag(off, 1) + np.diag(off, -1)))
