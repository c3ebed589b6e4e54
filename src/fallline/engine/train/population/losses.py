"""Losses, compiled: the mean loss of a batch and its slope at the outputs, in one pass."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numba

from fallline.engine.optim.compiled import Function, Kernel
from fallline.engine.train.population.compiled import TYPES, Precision, kernel
from fallline.engine.train.population.elementary import exp
from fallline.engine.train.population.pointers import like, shift
from fallline.engine.train.population.vectors import WIDTH, scale_row, subtract_from_row

LARGE = 1e200
exponential: Any = None
"""Stands for what `loss_kernel` compiles in its place."""


def cross_entropy(z: Any, y: Any, slope: Any, rows: int, outputs: int, width: int) -> float:
    """Mean of log Σⱼ e^zⱼ − z_y over rows; y holds each row's class.

    Logarithms are taken of products: that of a batch's sums fits into a float64 many times over.
    """
    loss, product, share = 0.0, 1.0, like(z, 1.0 / rows)
    for b in range(rows):
        line, out = shift(z, b * width), shift(slope, b * width)
        most = line[0]
        for j in range(1, outputs):
            most = max(most, line[j])
        loss += float(most - line[int(y[b])])
        for low in range(0, width, WIDTH):
            subtract_from_row(shift(line, low), most, shift(out, low))
    for i in range(rows * width):
        slope[i] = exponential(slope[i])
    for b in range(rows):
        out = shift(slope, b * width)
        total = out[0]
        for j in range(1, outputs):
            total += out[j]
        product *= float(total)
        if product > LARGE:
            loss += math.log(product)
            product = 1.0
        scale = share / total
        for low in range(0, width, WIDTH):
            scale_row(shift(out, low), scale, shift(out, low))
        for j in range(outputs, width):
            out[j] = 0.0
        out[int(y[b])] -= share
    return (loss + math.log(product)) / rows


def log_loss(z: Any, y: Any, slope: Any, rows: int, outputs: int, width: int) -> float:
    """Mean of log(1 + e^z) − y·z over rows and outputs; y holds 0 or 1, or a probability."""
    for i in range(rows * width):
        slope[i] = exponential(-abs(z[i]))
    loss, product, share, one = 0.0, 1.0, like(z, 1.0 / (rows * outputs)), like(z, 1.0)
    for b in range(rows):
        line, out, wanted = shift(z, b * width), shift(slope, b * width), shift(y, b * outputs)
        for j in range(outputs):
            loss += float(max(line[j], like(z, 0.0)) - line[j] * wanted[j])
            product *= 1.0 + float(out[j])
            if product > LARGE:
                loss += math.log(product)
                product = 1.0
            above = one / (one + out[j])
            out[j] = ((above if line[j] >= 0 else one - above) - wanted[j]) * share
        for j in range(outputs, width):
            out[j] = 0.0
    return (loss + math.log(product)) / (rows * outputs)


def squared(z: Any, y: Any, slope: Any, rows: int, outputs: int, width: int) -> float:
    """Mean of (z − y)² over rows and outputs."""
    loss, share = 0.0, like(z, 2.0 / (rows * outputs))
    for b in range(rows):
        line, out, wanted = shift(z, b * width), shift(slope, b * width), shift(y, b * outputs)
        for j in range(outputs):
            error = line[j] - wanted[j]
            loss += float(error * error)
            out[j] = error * share
        for j in range(outputs, width):
            out[j] = 0.0
    return loss / (rows * outputs)


def absolute(z: Any, y: Any, slope: Any, rows: int, outputs: int, width: int) -> float:
    """Mean of |z − y| over rows and outputs; the slope at 0 is 0, as in torch."""
    loss, share = 0.0, like(z, 1.0 / (rows * outputs))
    for b in range(rows):
        line, out, wanted = shift(z, b * width), shift(slope, b * width), shift(y, b * outputs)
        for j in range(outputs):
            error = line[j] - wanted[j]
            loss += float(abs(error))
            out[j] = share if error > 0 else (-share if error < 0 else error)
        for j in range(outputs, width):
            out[j] = 0.0
    return loss / (rows * outputs)


def huber(z: Any, y: Any, slope: Any, rows: int, outputs: int, width: int) -> float:
    """Mean of ½(z − y)² where that is within 1, and of |z − y| − ½ beyond (Huber, 1964)."""
    loss, share, one = 0.0, like(z, 1.0 / (rows * outputs)), like(z, 1.0)
    for b in range(rows):
        line, out, wanted = shift(z, b * width), shift(slope, b * width), shift(y, b * outputs)
        for j in range(outputs):
            error = line[j] - wanted[j]
            size = float(abs(error))
            loss += 0.5 * size * size if size <= 1.0 else size - 0.5
            out[j] = min(max(error, -one), one) * share
        for j in range(outputs, width):
            out[j] = 0.0
    return loss / (rows * outputs)


@dataclass(frozen=True)
class Loss:
    """What a population can minimise.

    Attributes:
        name: key in `LOSSES`.
        title: as a person reads it.
        rule: ``(outputs, targets, slope, rows, outputs a row, width of a row) → mean``, writing the slope.
        classes: whether the target is one class a row, not one number an output.
    """

    name: str
    title: str
    rule: Function
    classes: bool = False


LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss("cross_entropy", "Cross-entropy of the softmax", cross_entropy, classes=True),
        Loss("log_loss", "Log loss of the sigmoid", log_loss),
        Loss("squared", "Mean squared error", squared),
        Loss("absolute", "Mean absolute error", absolute),
        Loss("huber", "Huber loss", huber),
    )
}


@cache
def loss_kernel(name: str, precision: Precision) -> Kernel:
    """Compiles, or loads, ``(z, y, slope, rows, outputs, width) → mean``."""
    pointer, whole = numba.types.CPointer(TYPES[precision]), numba.types.int64
    signature = numba.types.float64(pointer, pointer, pointer, whole, whole, whole)
    return kernel(LOSSES[name].rule, signature, precision, {"exponential": exp})
