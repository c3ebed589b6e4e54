"""Small perceptrons on real rows, several seeds of each at once: training and validation loss along the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.data.sets import load_set
from fallline.engine.optim import OPTIMIZERS, Elementwise
from fallline.engine.schedules import Schedule
from fallline.runs.bench.short import short

Array = NDArray[np.float64]
LARGEST = 1e6
"""A loss beyond which a training is given up."""


@dataclass(frozen=True, eq=False)
class Classes:
    """Rows that a perceptron tells apart.

    Attributes:
        x: that teach, shape (n, p).
        y: their classes.
        held_x: that are held out.
        held_y: their classes.
        classes: how many.
    """

    x: NDArray[np.float32]
    y: NDArray[np.int64]
    held_x: NDArray[np.float32]
    held_y: NDArray[np.int64]
    classes: int


@lru_cache(maxsize=16)
def classes_of(name: str, rows: int, seed: int) -> Classes:
    """Returns the rows of a training with this seed.

    Args:
        name: of a set with classes.
        rows: how many of it.
        seed: of the training.
    """
    data = load_set(name, generator(seed, "train", "data"), rows)
    x = np.ascontiguousarray(data.x.reshape(len(data.x), -1), dtype=np.float32)
    y = data.y.reshape(-1).astype(np.int64)
    return Classes(x[data.train], y[data.train], x[data.validation], y[data.validation], int(y.max()) + 1)


@dataclass(frozen=True, eq=False)
class Trainings:
    """Trainings that differ in their seed.

    Attributes:
        looks: steps after which was looked, shape (L,).
        train: mean loss of the batches since the look before, shape (R, L); infinite once broken.
        held: loss over the rows held out, shape (R, L); likewise.
        right: share of the rows held out that are told right at the end, shape (R,).
    """

    looks: NDArray[np.int64]
    train: Array
    held: Array
    right: Array

    def band(self, which: str) -> dict[str, Any]:
        """Returns quartiles over the seeds at each look, up to where one of them is infinite.

        Args:
            which: ``train`` or ``held``.
        """
        values = getattr(self, which)
        low, middle, high = np.quantile(values, (0.25, 0.5, 0.75), axis=0, method="nearest")
        whole = int(np.argmin(np.isfinite(high))) if not np.isfinite(high).all() else len(high)
        named = {"low": low, "median": middle, "high": high}
        return {name: short(each[:whole]) if whole else [] for name, each in named.items()}

    @property
    def broke(self) -> int:
        """How many broke off."""
        return int((~np.isfinite(self.held[:, -1])).sum())


def train_seeds(
    data: Classes,
    optimizer: str,
    runs: Sequence[tuple[float, Schedule]],
    *,
    hidden: int,
    batch: int,
    steps: int,
    looks: int,
    seeds: int,
    seed: int,
) -> tuple[Trainings, ...]:
    """Trains every run with every seed; the runs of one seed share first weights and order of rows.

    Args:
        data: the rows.
        optimizer: a name in `OPTIMIZERS`, of one that looks at one weight at a time.
        runs: base rate and schedule of each.
        hidden: units of the hidden layer, tanh.
        batch: rows of a step.
        steps: of each.
        looks: how often the rows held out are looked at, the end included.
        seeds: how many.
        seed: of the first.
    """
    from fallline.engine.train.population import Member, Perceptron, population  # Numba, for those who train

    kind = OPTIMIZERS[optimizer]
    assert issubclass(kind, Elementwise)  # noqa: S101 - the Specs name no other
    net = Perceptron((data.x.shape[1], hidden, data.classes), "tanh")
    first = 1_000 * seed
    members = [
        Member(kind(), rate, schedule, seed=first + k, initialisation="xavier")
        for rate, schedule in runs
        for k in range(seeds)
    ]
    places = np.unique(np.linspace(0, steps, looks + 1).round().astype(np.int64))[1:]
    under_way = population(net, (data.x, data.y), members, steps=steps, batch=batch)
    held = []
    for ahead in np.diff(places, prepend=0):
        if len(under_way.moving):
            under_way = under_way.advance(int(ahead))
        held.append(_held(under_way, data))
    train = [each.mean(axis=1) for each in np.split(_whole(under_way.losses, steps), places[:-1], axis=1)]
    losses, right = np.stack([loss for loss, _ in held], axis=1), held[-1][1]
    return tuple(
        Trainings(places, np.stack(train, axis=1)[here], losses[here], right[here])
        for here in (slice(start, start + seeds) for start in range(0, len(members), seeds))
    )


def _whole(losses: Array, steps: int) -> Array:
    """The losses of every step; infinite where none was taken any more."""
    full = np.full((len(losses), steps), np.inf)
    full[:, : losses.shape[1]] = np.where(losses < LARGEST, losses, np.inf)  # NaN is not less
    return full


def _held(under_way: Any, data: Classes) -> tuple[Array, Array]:
    """Loss and share of right answers of every member on the rows held out."""
    rows = np.arange(len(data.held_y))
    layers = [under_way.weights(k) for k in range(len(under_way.members))]
    (w1, b1), (w2, b2) = (tuple(np.stack([each[i][j] for each in layers]) for j in (0, 1)) for i in (0, 1))
    with np.errstate(all="ignore"):
        z = np.tanh(data.held_x @ w1 + b1[:, None]) @ w2 + b2[:, None]
        z -= z.max(axis=2, keepdims=True)
        losses = (np.log(np.exp(z).sum(axis=2)) - z[:, rows, data.held_y]).mean(axis=1)
    right = (z.argmax(axis=2) == data.held_y).mean(axis=1)
    return np.where(losses < LARGEST, losses, np.inf).astype(np.float64), right
