"""Shades: a picture from −1 to 1 as text, one character a point; small on the wire, and exact enough for an eye."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SHADES = "".join(chr(code) for code in range(35, 127) if chr(code) not in "&<\\")
"""The darkest first; the middle one is zero. None of them needs escaping in JSON or in a page."""
UNKNOWN = " "
"""Where a picture has no value."""


def shaded(values: NDArray[np.float64]) -> str:
    """Writes values, clipped to −1 … 1, as characters.

    >>> shaded(np.array([-1.0, 0.0, 1.0, np.nan])) == SHADES[0] + SHADES[44] + SHADES[88] + UNKNOWN
    True
    """
    known = np.isfinite(values)
    clipped = np.clip(np.where(known, values, 0.0), -1.0, 1.0)
    places = np.rint((clipped + 1.0) / 2.0 * (len(SHADES) - 1)).astype(np.int64)
    codes = np.frombuffer(SHADES.encode("ascii"), dtype=np.uint8)[places]
    return np.where(known, codes, ord(UNKNOWN)).astype(np.uint8).tobytes().decode("ascii")


def unshaded(text: str) -> NDArray[np.float64]:
    """Reads what `shaded` wrote.

    >>> unshaded(shaded(np.array([0.5, -0.25]))).round(2).tolist()
    [0.5, -0.25]
    """
    codes = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    table = np.full(128, np.nan)
    table[np.frombuffer(SHADES.encode("ascii"), dtype=np.uint8)] = np.linspace(-1.0, 1.0, len(SHADES))
    return np.asarray(table[codes])
