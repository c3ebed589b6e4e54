"""A deep net's first pass: what is left of a signal after every layer, forward, and of its gradient, back."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fallline.core.choice import lookup
from fallline.core.errors import SpecError
from fallline.engine.nets.activations import GELU, RELU, SIGMOID, TANH, Activation, Array
from fallline.engine.nets.initialisations import HE, LARGE_NORMAL, SMALL_NORMAL, XAVIER, ZERO, Initialisation

ACTIVATIONS: dict[str, Activation] = {each.name: each for each in (TANH, RELU, SIGMOID, GELU)}
INITIALISATIONS: dict[str, Initialisation] = {
    each.name: each for each in (ZERO, SMALL_NORMAL, LARGE_NORMAL, XAVIER, HE)
}
Parts: TypeAlias = NDArray[np.float32]

FLAT = 0.1
"""A slope below this share of the steepest lets next to nothing through."""


@dataclass(frozen=True)
class Signal:
    """What happened in each layer, the first layer first; every tuple is as long as the net is deep.

    Attributes:
        activation: name of the activation.
        initialisation: name of the initialisation.
        activation_mean: mean over units and samples.
        activation_std: standard deviation over units and samples.
        idle: share that passes next to no gradient: of the activations where the function levels off on both sides
            (saturated), of the units that no sample reaches where it does not (dead).
        gradient_norm: root mean square of the gradient at the layer's sums, for a gradient of size 1 at the output.
        weight_gradient_norm: root mean square of the gradient of the layer's weights, averaged over the samples.
    """

    activation: str
    initialisation: str
    activation_mean: tuple[float, ...]
    activation_std: tuple[float, ...]
    idle: tuple[float, ...]
    gradient_norm: tuple[float, ...]
    weight_gradient_norm: tuple[float, ...]

    @property
    def sentence(self) -> str:
        """What became of the signal, with the numbers."""
        first, last, depth = self.activation_std[0], self.activation_std[-1], len(self.activation_std)
        top, bottom = self.gradient_norm[-1], self.gradient_norm[0]
        return (
            f"{INITIALISATIONS[self.initialisation].title}: {_fate(self)}. The spread of the activations goes from "
            f"{first:.2g} in layer 1 to {last:.2g} in layer {depth}; of a gradient of {top:.2g} in the last layer, "
            f"{bottom:.2g} arrives in the first."
        )

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data: one list per quantity, and the sentence."""
        return {
            "activation_mean": list(self.activation_mean),
            "activation_std": list(self.activation_std),
            "idle": list(self.idle),
            "gradient_norm": list(self.gradient_norm),
            "weight_gradient_norm": list(self.weight_gradient_norm),
            "sentence": self.sentence,
        }


def signal_through_depth(
    layers: int,
    width: int,
    activation: str,
    initialisation: str,
    rng: np.random.Generator,
    samples: int = 64,
) -> Signal:
    """Sends standard normal samples through a fresh net, and a standard normal gradient back.

    The draws do not depend on the initialisation, which only scales them: from the same generator two initialisations
    meet the same samples, the same weights up to their size, and the same gradient.

    Args:
        layers: depth, 1 to 100.
        width: units in every layer, 1 to 1,024.
        activation: name in `ACTIVATIONS`.
        initialisation: name in `INITIALISATIONS`.
        rng: where samples, weights and gradient come from.
        samples: rows of the input, 1 to 8,192.

    Raises:
        SpecError: a name that is not known, or a size out of range.

    >>> found = signal_through_depth(20, 64, "tanh", "small-normal", np.random.default_rng(0))
    >>> found.activation_std[-1] < 1e-15
    True
    """
    for path, size, most in (("layers", layers, 100), ("width", width, 1024), ("samples", samples, 8192)):
        if not 1 <= size <= most:
            raise SpecError(path, size, f"a whole number from 1 to {most:,}")
    unit = lookup(activation, ACTIVATIONS, "activation")
    deviation = lookup(initialisation, INITIALISATIONS, "initialisation").deviation(width, width)
    inputs = [Scaled.of(rng.standard_normal((samples, width)))]
    weights = rng.standard_normal((layers, width, width), dtype=np.float32)
    slopes, means, spreads = [], [], []
    for weight in weights:
        sums = inputs[-1].times(weight, deviation)
        outputs = unit.value(sums)
        slopes.append(unit.slope(sums, outputs).astype(np.float32))
        inputs.append(Scaled.of(outputs))
        means.append(float(outputs.mean()))
        spreads.append(inputs[-1].spread)
    at_sums, at_weights = _back(Scaled.of(rng.standard_normal((samples, width))), inputs, weights, slopes, deviation)
    idle = tuple(_idle(unit, slope) for slope in slopes)
    return Signal(activation, initialisation, tuple(means), tuple(spreads), idle, at_sums, at_weights)


@dataclass(frozen=True, eq=False)
class Scaled:
    """Values as float32 of size at most 1, and their scale in float64.

    Products of float32 take half the time of float64; kept apart, the scale may fall to 1e-200 without a bit lost.

    Attributes:
        parts: float32, the largest of size 1, or all 0.
        scale: what they are to be multiplied by.
    """

    parts: Parts
    scale: float

    @classmethod
    def of(cls, values: Array) -> Scaled:
        """Splits values into parts and scale."""
        scale = max(float(values.max()), -float(values.min()))
        parts = np.zeros(values.shape, dtype=np.float32)
        if scale > 0.0:
            np.divide(values, scale, out=parts, casting="same_kind")
        return cls(parts, scale)

    def times(self, weight: Parts, deviation: float) -> Array:
        """Returns values @ weight · deviation in float64."""
        product = (self.parts @ weight).astype(np.float64)
        product *= self.scale * deviation
        return product

    @property
    def size(self) -> float:
        """Root mean square."""
        return self.scale * _root_mean_square(self.parts)

    @property
    def spread(self) -> float:
        """Standard deviation."""
        return self.scale * _root_mean_square(self.parts - self.parts.mean(dtype=np.float64).astype(np.float32))


def _root_mean_square(parts: Parts) -> float:
    flat = parts.ravel()
    return sqrt(float(flat @ flat) / flat.size)


def _back(
    gradient: Scaled, inputs: list[Scaled], weights: Parts, slopes: list[Parts], deviation: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Root mean squares of the gradients at the sums and at the weights of each layer, the first layer first."""
    at_sums, at_weights = [], []
    arriving = gradient.parts.astype(np.float64) * gradient.scale
    for layer in range(len(weights) - 1, -1, -1):
        arriving *= slopes[layer]
        here = Scaled.of(arriving)
        at_sums.append(here.size)
        of_weights = inputs[layer].parts.T @ here.parts
        at_weights.append(Scaled(of_weights, inputs[layer].scale * here.scale / len(here.parts)).size)
        arriving = here.times(weights[layer].T, deviation)
    return tuple(reversed(at_sums)), tuple(reversed(at_weights))


def _idle(unit: Activation, slope: Parts) -> float:
    flat = np.abs(slope) < FLAT * unit.steepest
    return float(flat.mean() if unit.saturates else flat.all(axis=0).mean())


def _fate(signal: Signal) -> str:
    """What became of signal and gradient, named as the field names it."""
    top, bottom = signal.gradient_norm[-1], signal.gradient_norm[0]
    first, last = signal.activation_std[0], signal.activation_std[-1]
    saturated = ACTIVATIONS[signal.activation].saturates and signal.idle[-1] > 0.5
    head = "its units are saturated, and " if saturated else ""
    if bottom == 0.0:
        return f"{head}nothing gets through"
    if bottom < 1e-3 * top:
        return f"{head}the gradient vanishes"
    if bottom > 1e3 * top:
        return f"{head}the gradient explodes"
    return f"{head}the signal fades" if last < 1e-3 * first else f"{head}signal and gradient get through"
