"""The perceptron as the kernels see it: widths, activations, and where each weight lies in one flat row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.choice import lookup
from fallline.core.errors import SpecError
from fallline.engine.nets.signal import INITIALISATIONS
from fallline.engine.train.population.activations import UNITS
from fallline.engine.train.population.vectors import WIDTH

Array = NDArray[Any]
Layers = tuple[tuple[Array, Array], ...]
"""Weights (inputs, outputs) and biases (outputs,) of each layer."""

MOST_UNITS = 1 << 16


def padded(units: int) -> int:
    """Returns the length of a row with its filling.

    >>> padded(10), padded(32)
    (16, 32)
    """
    return -(-units // WIDTH) * WIDTH


@dataclass(frozen=True)
class Perceptron:
    """Fully connected layers (Rosenblatt, 1958; Rumelhart, Hinton and Williams, 1986).

    Attributes:
        sizes: units per layer, inputs and outputs included; at least two.
        activation: of the hidden layers, a name in `UNITS`; or one name per hidden layer.

    >>> Perceptron((64, 32, 10)).parameters
    2410
    """

    sizes: tuple[int, ...]
    activation: str | tuple[str, ...] = "relu"

    def __post_init__(self) -> None:
        if len(self.sizes) < 2 or not all(1 <= size <= MOST_UNITS for size in self.sizes):
            raise SpecError("sizes", self.sizes, f"two or more numbers of units, each from 1 to {MOST_UNITS:,}")
        if len(self.activations) != len(self.sizes) - 2:
            expected = f"one activation, or one for each of the {len(self.sizes) - 2} hidden layers"
            raise SpecError("activation", self.activation, expected)
        for name in {*self.activations, *([self.activation] if isinstance(self.activation, str) else [])}:
            lookup(name, UNITS, "activation")

    @cached_property
    def activations(self) -> tuple[str, ...]:
        """The activation of each hidden layer."""
        return (self.activation,) * (len(self.sizes) - 2) if isinstance(self.activation, str) else self.activation

    @property
    def parameters(self) -> int:
        """How many weights and biases there are, the filling left out."""
        return sum((rows + 1) * columns for rows, columns in zip(self.sizes, self.sizes[1:], strict=False))

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Lengths of rows, filling included."""
        return tuple(padded(size) for size in self.sizes)

    @cached_property
    def places(self) -> tuple[tuple[int, int], ...]:
        """Where each layer's weights and biases begin in the flat row."""
        places, place = [], 0
        for rows, width in zip(self.sizes, self.widths[1:], strict=False):
            places.append((place, place + rows * width))
            place += (rows + 1) * width
        return tuple(places)

    @cached_property
    def length(self) -> int:
        """Numbers in the flat row."""
        return self.places[-1][1] + self.widths[-1]

    def draw(self, initialisation: str, rng: np.random.Generator) -> Layers:
        """Draws normal weights of the initialisation's size, and biases of 0.

        Raises:
            SpecError: no such initialisation.
        """
        size = lookup(initialisation, INITIALISATIONS, "initialisation").deviation
        return tuple(
            (rng.standard_normal((rows, columns)) * size(rows, columns), np.zeros(columns))
            for rows, columns in zip(self.sizes, self.sizes[1:], strict=False)
        )

    def pack(self, layers: Sequence[tuple[Any, Any]], dtype: Any) -> Array:
        """Returns the flat row that holds these weights.

        Raises:
            SpecError: another number of layers, or one of another shape.
        """
        shapes = [np.shape(weights) + np.shape(biases) for weights, biases in layers]
        expected = [(rows, columns, columns) for rows, columns in zip(self.sizes, self.sizes[1:], strict=False)]
        if shapes != expected:
            raise SpecError("weights", shapes, f"weights and biases of shapes {expected}")
        flat = np.zeros(self.length, dtype=dtype)
        for (weights, biases), (mine, my_biases) in zip(layers, self._views(flat), strict=True):
            mine[:], my_biases[:] = weights, biases
        return flat

    def laid(self, drawn: Array) -> Array:
        """Returns numbers (steps, parameters) in torch's order, (outputs, inputs) and biases of each layer, as rows."""
        rows, place = np.zeros((len(drawn), self.length), dtype=drawn.dtype), 0
        for layer, (start, bias) in enumerate(self.places):
            inputs, outputs, width = self.sizes[layer], self.sizes[layer + 1], self.widths[layer + 1]
            matrices = rows[:, start:bias].reshape(-1, inputs, width)  # a view
            matrices[:, :, :outputs] = drawn[:, place : place + inputs * outputs].reshape(-1, outputs, inputs).mT
            place += inputs * outputs
            rows[:, bias : bias + outputs] = drawn[:, place : place + outputs]
            place += outputs
        return rows

    def unpack(self, flat: Array) -> Layers:
        """Returns copies of the weights and biases in a flat row."""
        return tuple((weights.copy(), biases.copy()) for weights, biases in self._views(flat))

    def _views(self, flat: Array) -> Layers:
        views = []
        for layer, (start, bias) in enumerate(self.places):
            rows, columns, width = self.sizes[layer], self.sizes[layer + 1], self.widths[layer + 1]
            matrix = flat[start:bias].reshape(rows, width)
            views.append((matrix[:, :columns], flat[bias : bias + columns]))
        return tuple(views)
