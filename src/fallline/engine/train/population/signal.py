"""A perceptron's forward pass in NumPy: its outputs, and where the first value that is no number comes from."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.train.population.activations import unit_kernel
from fallline.engine.train.population.perceptron import Layers, Perceptron


def passes(net: Perceptron, layers: Layers, x: NDArray[Any]) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Yields each layer's sums and values; the last layer's are the same."""
    values = x
    for place, (weights, biases) in enumerate(layers):
        sums = values @ weights + biases
        values = unit(net.activations[place], sums)[0] if place < len(net.activations) else sums
        yield sums, values


def unit(name: str, z: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Returns values and slopes of an activation, by the compiled rule, on a whole layer."""
    z = np.ascontiguousarray(z)
    values, slopes = np.empty_like(z), np.empty_like(z)
    number = ctypes.c_float if z.dtype == np.float32 else ctypes.c_double
    places = [each.ctypes.data_as(ctypes.POINTER(number)) for each in (z, values, slopes)]
    unit_kernel(name, "float32" if z.dtype == np.float32 else "float64").owner.ctypes(*places, z.size)
    return values, slopes


def outputs(net: Perceptron, layers: Layers, x: NDArray[Any]) -> NDArray[Any]:
    """Returns the last layer's sums, shape (n, outputs)."""
    with np.errstate(all="ignore"):  # a member that ran away is told by its infinities
        *_, (sums, _) = passes(net, layers, x)
    return sums


def first_break(net: Perceptron, layers: Layers, x: NDArray[Any]) -> str:
    """Says which layer gave the first value that is no number, and how."""
    for place, parts in enumerate(layers, start=1):
        if not all(np.isfinite(part).all() for part in parts):
            return f"the step before left weights of layer {place} that are no numbers"
    with np.errstate(all="ignore"):
        for place, (sums, values) in enumerate(passes(net, layers, x), start=1):
            if not np.isfinite(sums).all():
                return f"the sums of layer {place} leave the range of {x.dtype}"
            if not np.isfinite(values).all():
                return f"the values of layer {place} are no numbers"
    return "the outputs are too large for the loss"
