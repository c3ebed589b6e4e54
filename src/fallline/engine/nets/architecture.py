"""An architecture: layers in order, as data; from it torch, Keras and the population engine build the same net."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from fallline.engine.nets.initialisations import Initialisation
from fallline.engine.nets.layer import Layer, Weight

Weights = dict[str, NDArray[np.float64]]
"""Name, as in torch's ``state_dict`` → array in torch's layout."""


@dataclass(frozen=True)
class Inputs:
    """What a net reads.

    Attributes:
        shape: of one sample: (p,) a vector, (channels, length) a signal, (channels, height, width) an image; of
            tokens, (length,).
        vocabulary: how many different tokens there are; 0 where the sample is numbers.
    """

    shape: tuple[int, ...]
    vocabulary: int = 0


@dataclass(frozen=True)
class Outputs:
    """What a net gives.

    Attributes:
        count: numbers per sample, or per step.
        each: whether it gives them for each step.
    """

    count: int
    each: bool = False


@dataclass(frozen=True)
class Architecture:
    """Layers in order.

    Attributes:
        kind: name in `NETS`.
        inputs: what it reads.
        outputs: what it gives.
        layers: name → layer, in order; the names are those of torch's ``state_dict`` and of sentences.
        initialiser: name in `INITIALISERS` of what draws its weights.
    """

    kind: str
    inputs: Inputs
    outputs: Outputs
    layers: tuple[tuple[str, Layer], ...]
    initialiser: Initialisation

    @property
    def weights(self) -> tuple[tuple[str, Weight], ...]:
        """Every weight with its full name, in order."""
        return tuple((f"{name}.{weight.name}", weight) for name, layer in self.layers for weight in layer.weights)

    @property
    def parameters(self) -> int:
        """How many numbers are trained."""
        return sum(weight.size for _, weight in self.weights)

    def draw(self, rng: np.random.Generator) -> Weights:
        """Draws the first weights, in the order of the layers, in float64.

        Constants are not drawn, so that a net with and one without normalisation start from the same matrices.

        Args:
            rng: where they come from.

        >>> from fallline.engine.nets import Net, Inputs, Outputs
        >>> net = Net("mlp", {"widths": (4,)}).architecture(Inputs((2,)), Outputs(1))
        >>> {name: array.shape for name, array in net.draw(np.random.default_rng(0)).items()}
        {'dense1.weight': (4, 2), 'dense1.bias': (4,), 'output.weight': (1, 4), 'output.bias': (1,)}
        """
        return {name: self._drawn(weight, rng) for name, weight in self.weights}

    def _drawn(self, weight: Weight, rng: np.random.Generator) -> NDArray[np.float64]:
        if weight.law in {"zero", "one"}:
            return np.full(weight.shape, float(weight.law == "one"))
        if self.initialiser.law == "zero":
            return np.zeros(weight.shape)
        if weight.law == "embedding":
            return rng.standard_normal(weight.shape) / sqrt(weight.shape[1])
        rows = weight.shape[0] // weight.blocks
        shape = (rows, *weight.shape[1:])
        if weight.law == "orthogonal":
            return np.concatenate([orthogonal(shape, rng) for _ in range(weight.blocks)])
        return np.concatenate([self._by_initialiser(shape, weight.fans, rng) for _ in range(weight.blocks)])

    def _by_initialiser(
        self, shape: tuple[int, ...], fans: tuple[int, int], rng: np.random.Generator
    ) -> NDArray[np.float64]:
        law, deviation = self.initialiser.law, self.initialiser.deviation(*fans)
        if law == "orthogonal":
            return deviation * orthogonal(shape, rng)
        if law == "uniform":
            bound = sqrt(3.0) * deviation
            return rng.uniform(-bound, bound, shape)
        return deviation * rng.standard_normal(shape)


def orthogonal(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float64]:
    """Draws a matrix with orthonormal rows or columns, whichever are fewer (Saxe and others, 2014).

    Args:
        shape: axes after the first are one.
        rng: where it comes from.

    >>> q = orthogonal((2, 3), np.random.default_rng(0))
    >>> bool(np.allclose(q @ q.T, np.eye(2)))
    True
    """
    rows, columns = shape[0], int(np.prod(shape[1:]))
    drawn = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(drawn)
    q *= np.where(np.diagonal(r) < 0.0, -1.0, 1.0)  # makes the law uniform over rotations (Mezzadri, 2007)
    return np.asarray((q if rows >= columns else q.T).reshape(shape))
