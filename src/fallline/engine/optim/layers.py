"""Weights as one array or tensor, or a tuple of them: what optimizers that see whole layers do with either."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def layers_of(w: Any) -> tuple[Any, ...]:
    """Returns the layers; a single array is one layer."""
    return w if isinstance(w, tuple) else (w,)


def each(change: Callable[..., Any], w: Any, *others: Any) -> Any:
    """Changes every layer, together with those of the others in its place; keeps the structure.

    >>> each(lambda a, b: a + b, (1, 2), (10, 20))
    (11, 22)
    >>> each(lambda a: -a, 3)
    -3
    """
    if not isinstance(w, tuple):
        return change(w, *others)
    return tuple(change(*parts) for parts in zip(w, *others, strict=True))


def dot(a: Any, b: Any) -> float:
    """Returns the inner product over all layers."""
    return math.fsum(float((x * y).sum()) for x, y in zip(layers_of(a), layers_of(b), strict=True))


def norm(a: Any) -> float:
    """Returns the Euclidean length over all layers.

    >>> norm((np.array([3.0]), np.array([[4.0]])))
    5.0
    """
    return math.sqrt(dot(a, a))


def flat(w: Any) -> Any:
    """Returns all elements as one vector, layer after layer."""
    parts = [layer.reshape(-1) for layer in layers_of(w)]
    if len(parts) == 1:
        return parts[0]
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    import torch  # whoever holds a tensor has paid for the import

    return torch.cat(parts)


def folded(vector: Any, w: Any) -> Any:
    """Returns the elements of a vector in the structure of `w`; the opposite of `flat`."""
    parts, at = [], 0
    for layer in layers_of(w):
        size = math.prod(layer.shape)
        parts.append(vector[at : at + size].reshape(layer.shape))
        at += size
    return tuple(parts) if isinstance(w, tuple) else parts[0]


def at_least(x: Any, floor: float) -> Any:
    """Returns each element, or the floor where it is lower, in the precision of `x`."""
    return (x >= floor) * x + (x < floor) * (floor + 0.0 * x)


def precision(w: Any) -> float:
    """Returns the machine's precision of an array's or tensor's numbers."""
    return float(np.finfo(str(w.dtype).removeprefix("torch.")).eps)
