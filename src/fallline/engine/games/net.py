"""A small perceptron with tanh units as one flat vector, with its slopes along weights and along points written out.

Everything takes complex weights or points too: by a complex step (Squire and Trapp, 1998) a derivative of what is
written here is exact to the last digits, without a difference of two nearly equal numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Kept: TypeAlias = list[Array]
"""What a pass keeps for the way back: the values that went into each layer."""


@dataclass(frozen=True)
class Net:
    """Sizes of the layers, points first.

    Attributes:
        sizes: as in (2, 16, 16, 1).
    """

    sizes: tuple[int, ...]

    @cached_property
    def places(self) -> list[tuple[slice, slice, tuple[int, int]]]:
        """Where each layer's matrix and offsets stand in the flat vector, and the matrix's shape."""
        found, at = [], 0
        for rows, columns in zip(self.sizes[:-1], self.sizes[1:], strict=True):
            matrix, offsets = slice(at, at + rows * columns), slice(at + rows * columns, at + (rows + 1) * columns)
            found.append((matrix, offsets, (rows, columns)))
            at += (rows + 1) * columns
        return found

    @cached_property
    def count(self) -> int:
        """How many weights there are."""
        return sum((rows + 1) * columns for _, _, (rows, columns) in self.places)

    def start(self, rng: np.random.Generator) -> Array:
        """Draws first weights: uniform as Glorot and Bengio (2010), offsets 0."""
        w = np.zeros(self.count)
        for matrix, _, (rows, columns) in self.places:
            reach = np.sqrt(6.0 / (rows + columns))
            w[matrix] = rng.uniform(-reach, reach, rows * columns)
        return w

    def forward(self, w: Array, x: Array) -> tuple[Array, Kept]:
        """Returns what comes out, shape (n, last size), and what the way back needs."""
        kept, last = [x], len(self.places) - 1
        for layer, (matrix, offsets, shape) in enumerate(self.places):
            z = kept[-1] @ w[matrix].reshape(shape) + w[offsets]
            kept.append(z if layer == last else np.tanh(z))
        return kept[-1], kept

    def backward(self, w: Array, kept: Kept, slope: Array, *, points: bool = True) -> tuple[Array, Array]:
        """Returns the slopes along the weights and along the points, from those along what came out.

        Args:
            w: the weights.
            kept: of the pass forward.
            slope: shape (n, last size).
            points: whether the slopes along the points are wanted; else they are empty.
        """
        g = np.empty(self.count, dtype=np.result_type(w, slope, kept[0]))
        for layer in range(len(self.places) - 1, -1, -1):
            matrix, offsets, shape = self.places[layer]
            g[matrix] = (kept[layer].T @ slope).ravel()
            g[offsets] = slope.sum(axis=0)
            if layer == 0 and not points:
                return g, np.empty(0)
            slope = slope @ w[matrix].reshape(shape).T
            if layer > 0:
                slope = slope * (1.0 - kept[layer] * kept[layer])
        return g, slope
