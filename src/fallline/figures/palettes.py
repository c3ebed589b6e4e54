"""Palettes: colours of a field, as explicit stops evenly spaced from its lowest value to its highest.

Viridis: Smith and van der Walt (2015). Cividis: Nuñez, Anderton and Renslow (2018). Diverging: blue through white to
orange, zero in the middle.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

VIRIDIS = (
    "#440154", "#481a6c", "#472f7d", "#414487", "#39568c", "#31688e", "#2a788e", "#23888e",
    "#1f988b", "#22a884", "#35b779", "#54c568", "#7ad151", "#a5db36", "#d2e21b", "#fde725",
)  # fmt: skip
CIVIDIS = (
    "#00224e", "#002d6c", "#14396d", "#30466b", "#44526b", "#555f6d", "#656b70", "#747875",
    "#838579", "#929277", "#a39f75", "#b4ad70", "#c6bc69", "#d9cb5e", "#ecda4f", "#fee838",
)  # fmt: skip
DIVERGING = (
    "#0b4a8f", "#2b6cb0", "#5a93c9", "#92b9dd", "#c8dcee", "#f7f6f2", "#f8ddbd", "#f2b877", "#e08c3a", "#c2620c",
    "#8f4303",
)  # fmt: skip

QUIET = DIVERGING[2:9]
"""The same without its dark ends, so that points stay to be seen on it."""
PALETTES: dict[str, tuple[str, ...]] = {
    "viridis": VIRIDIS,
    "cividis": CIVIDIS,
    "diverging": DIVERGING,
    "quiet": QUIET,
}
"""Name → stops."""

RELIEF: dict[str, tuple[str, str]] = {
    "relief-high": ("#F7F4EA", "#232B37"),
    "relief-low": ("#A9CBC9", "#0F3B44"),
    "relief-shade": ("#4A5560", "#04070B"),
    "contour": ("#8C7350", "#8796AA"),
}
"""What a map is drawn with, on light and on dark paper: heights, valleys, shadows, contour lines."""


def colours(stops: tuple[str, ...], shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Returns the colours at shares from 0 to 1, linearly between stops.

    Returns:
        shape of ``shares`` and 3 more: red, green, blue.

    >>> colours(("#000000", "#ffffff"), np.array([0.0, 0.5]))
    array([[  0,   0,   0],
           [128, 128, 128]], dtype=uint8)
    """
    table = np.array([[int(stop[at : at + 2], 16) for at in (1, 3, 5)] for stop in stops], dtype=np.float64)
    places = np.clip(shares, 0.0, 1.0) * (len(stops) - 1)
    below = np.minimum(places.astype(np.int64), len(stops) - 2)
    part = (places - below)[..., None]
    return np.asarray(np.floor(table[below] * (1 - part) + table[below + 1] * part + 0.5).astype(np.uint8))
