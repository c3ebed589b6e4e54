"""A block: how a compiled descent evaluates many members at once, where the loss carries numbers of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fallline.engine.surfaces.finite_sum import LOOPS, WIDTH, Array, FiniteSum


@dataclass(frozen=True, eq=False)
class Block:
    """Two loops over members, compiled once for each kind of loss and never for one loss.

    Coordinate j of member i is at ``w[j * n + i]``, and so it is in `g`. The loops are plain functions that index flat
    memory; a loss's own numbers (a program, a matrix, the rows of a table) are handed to them as `data`.

    Attributes:
        value: ``(w, loss, data, work, n, d)``, writes the loss of each member.
        gradient: ``(w, g, data, work, rows, m, n, d)``, writes the gradient: of the whole sum where m is 0, else of the
            m rows named; a loss that is no sum has no rows.
        data: what belongs to this loss.
        work: how many numbers of scratch memory the loops need.
        rows: the sum over rows that the loss is; None where it is no sum.
    """

    value: Callable[..., Any]
    gradient: Callable[..., Any]
    data: Array
    work: int
    rows: FiniteSum | None = None


def block_of_rows(rows: FiniteSum) -> Block:
    """Returns how a compiled descent evaluates a sum over rows."""
    numbers = np.array([float(len(rows.labels)), rows.ridge, rows.width])
    value, gradient = LOOPS[rows.loss]
    return Block(value, gradient, np.concatenate([numbers, rows.features.ravel(), rows.labels]), WIDTH, rows)
