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
        SpecError: a grid too small to be a picture or too large to be one.

    >>> from fallline.engine.surfaces import SURFACES
    >>> field(SURFACES["bowl"], 3, 3)
    array([[18.,  9., 18.],
           [ 9.,  0.,  9.],
           [18.,  9., 18.]])
    """
    for path, count in (("nx", nx), ("ny", ny)):
        if not 2 <= count <= 4096:
            raise SpecError(path, count, "a number of grid points from 2 to 4096")
    x = np.linspace(*surface.domain[0], nx)
    y = np.linspace(*surface.domain[1], ny)
    return np.asarray(np.broadcast_to(surface.value_rule(x[None, :], y[:, None]), (ny, nx)), dtype=np.float64)
