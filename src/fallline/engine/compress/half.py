"""Weights kept in float16 and widened when the file is opened: half the bytes, the same float32 arithmetic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fallline.engine.compress.nodes import FLOAT, Nodes

LARGEST = float(np.finfo(np.float16).max)


def halved(weights: NDArray[np.float32], nodes: Nodes) -> str:
    """Adds a constant in float16 and the node that widens it; returns its name.

    A weight beyond float16 becomes the largest one it has.
    """
    narrow = np.clip(weights, -LARGEST, LARGEST).astype(np.float16)
    return nodes.add("Cast", nodes.constant(narrow, np.float16), to=FLOAT)
