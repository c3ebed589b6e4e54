"""The field of a surface: its loss on a grid, for contours and hill shading."""

from __future__ import annotations

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.surfaces.surface import Array, Surface


def field(surface: Surface, nx: int, ny: int) -> Array:
    """Returns the loss on a grid over the domain, both edges included.

    Args:
        surface: what to draw.
        nx: columns, 2 to 4096.
        ny: rows, 2 to 4096.

    Returns:
        shape (ny, nx), float64; row 0 lies at the lower end of y, column 0 at the lower end of x.

    Raises:
        SpecError: a grid too small to be a picture or too large to be one, or a surface that is not over two weights.

    >>> from fallline.engine.surfaces import SURFACES
    >>> field(SURFACES["bowl"], 3, 3)
    array([[18.,  9., 18.],
           [ 9.,  0.,  9.],
           [18.,  9., 18.]])
    """
    for path, count in (("nx", nx), ("ny", ny)):
        if not 2 <= count <= 4096:
            raise SpecError(path, count, "a number of grid points from 2 to 4096")
    if surface.dimension != 2:
        raise SpecError("surface", surface.name, "a surface over two weights, of which a map can be drawn")
    x = np.linspace(*surface.domain[0], nx)
    y = np.linspace(*surface.domain[1], ny)
    with np.errstate(all="ignore"):  # where the loss is no number, the picture has a hole
        heights = surface.value_rule(x[None, :], y[:, None])
    return np.asarray(np.broadcast_to(heights, (ny, nx)), dtype=np.float64)


def spread(surface: Surface, count: int) -> Array:
    """Returns points spread evenly over the domain: the same for everyone, and no two weights in step.

    Args:
        surface: whose domain.
        count: how many, ≥ 1.

    Returns:
        shape (count, d): Kronecker's sequence by the generalised golden ratio (Roberts, 2018).

    >>> from fallline.engine.surfaces import SURFACES
    >>> spread(SURFACES["bowl"], 2).round(2)
    array([[-1.47, -2.58],
           [-2.94,  0.84]])
    """
    golden = 1.5
    for _ in range(64):  # the root of x^(d + 1) = x + 1
        golden = (1.0 + golden) ** (1.0 / (surface.dimension + 1))
    shares = golden ** -np.arange(1.0, surface.dimension + 1)
    places = (0.5 + np.arange(1.0, count + 1)[:, None] * shares) % 1.0
    low, high = np.array(surface.domain).T
    return np.asarray(low + (high - low) * places)
