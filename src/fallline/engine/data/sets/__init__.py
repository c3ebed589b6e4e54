"""Sets: what named nets learn from, by name or from a person's own arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fallline.core.choice import lookup
from fallline.core.errors import SpecError
from fallline.engine.data.sets.arrays import data_of
from fallline.engine.data.sets.data import Data, Task, set_apart
from fallline.engine.data.sets.digits import digits
from fallline.engine.data.sets.line import line
from fallline.engine.data.sets.mnist1d import mnist1d
from fallline.engine.data.sets.planar import PLANAR
from fallline.engine.data.sets.text import text


@dataclass(frozen=True)
class NamedSet:
    """A set that a Spec can name.

    Attributes:
        name: key in `SETS`.
        title: as a person reads it.
        task: what is to be said of a sample.
        source: where it comes from, and the licence of what is not drawn here.
        rows: how many by default.
        least: the fewest.
        most: and the most rows that can be asked for.
        noise: its default.
        make: ``(rows, noise, rng) → Data``.
    """

    name: str
    title: str
    task: Task
    source: str
    rows: int
    least: int
    most: int
    noise: float
    make: Callable[[int, float, np.random.Generator], Data]


_DRAWN = "drawn from the seed"
SETS: dict[str, NamedSet] = {
    each.name: each
    for each in (
        NamedSet(
            "digits",
            "Handwritten digits",
            "classes",
            "UCI Machine Learning Repository (CC BY 4.0), by way of scikit-learn (BSD-3-Clause)",
            1797,
            200,
            1797,
            0.0,
            digits,
        ),
        NamedSet(
            "mnist1d", "MNIST-1D", "classes", "Greydanus and Kobak (2020), Apache-2.0", 4000, 400, 4000, 0.0, mnist1d
        ),
        NamedSet("moons", "Two moons", "binary", _DRAWN, 400, 16, 100_000, 0.15, PLANAR["moons"]),
        NamedSet("spirals", "Two spirals", "binary", _DRAWN, 400, 16, 100_000, 0.02, PLANAR["spirals"]),
        NamedSet("circles", "Two circles", "binary", _DRAWN, 400, 16, 100_000, 0.08, PLANAR["circles"]),
        NamedSet("xor", "Exclusive or", "binary", _DRAWN, 400, 16, 100_000, 0.05, PLANAR["xor"]),
        NamedSet("gauss", "Two heaps", "binary", _DRAWN, 400, 16, 100_000, 0.0, PLANAR["gauss"]),
        NamedSet("line", "Linear regression", "regression", _DRAWN, 400, 16, 100_000, 0.1, line),
        NamedSet("text", "Text of a small grammar", "tokens", _DRAWN, 512, 16, 20_000, 0.0, text),
    )
}
"""Name → set."""


def load_set(name: str, rng: np.random.Generator, rows: int | None = None, noise: float | None = None) -> Data:
    """Loads or draws a named set.

    Args:
        name: key in `SETS`.
        rng: where rows, noise and split come from.
        rows: how many; the set's default when None.
        noise: how much; the set's default when None.

    Raises:
        SpecError: an unknown name, or a number out of range.

    >>> load_set("moons", np.random.default_rng(0), rows=40).x.shape
    (40, 2)
    """
    known = lookup(name, SETS, "data.name")
    count = known.rows if rows is None else rows
    if not known.least <= count <= known.most:
        raise SpecError("data.rows", count, f"a number of rows from {known.least} to {known.most:,}")
    spread = known.noise if noise is None else noise
    if not 0.0 <= spread <= 1e3:
        raise SpecError("data.noise", spread, "a number from 0 to 1,000")
    return known.make(count, spread, rng)


__all__ = ["SETS", "Data", "NamedSet", "Task", "data_of", "load_set", "set_apart"]
