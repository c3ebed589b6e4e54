"""Noise that comes from the rows of a finite sum: mini-batches, and labels that are wrong."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.descent.noise import Draws, Noise, quiet, rows_of
from fallline.engine.descent.wording import number
from fallline.engine.surfaces import FiniteSum, Surface
from fallline.engine.surfaces.surface import Array

TOGETHER = 1_000_000
"""Numbers drawn at once: wrong labels, or lots for the rows of batches."""


@dataclass(frozen=True)
class MiniBatch(Noise):
    """The gradient over some rows of a finite sum, in place of all.

    Attributes:
        size: rows to a batch, ≥ 1.
        replacement: whether every batch is drawn anew, row by row, so that a row may come twice; else all rows of a
            batch differ.
        epochs: without replacement: whether the rows are shuffled and each is met once before any is met again, as data
            loaders do; else every batch is drawn anew from all rows.
    """

    size: int = 32
    replacement: bool = False
    epochs: bool = True

    def __post_init__(self) -> None:
        """Refuses an empty batch."""
        if self.size < 1:
            raise SpecError("noise.size", self.size, "a number of rows of at least 1")

    def draw(self, surface: Surface, rng: np.random.Generator, steps: int) -> Draws:
        """Draws which rows each step sees."""
        count = len(rows_of(surface, "a mini-batch").labels)
        if self.size > count:
            raise SpecError("noise.size", self.size, f"at most {count}, the number of rows")
        words = f"mini-batches of {self.size} of {count} rows"
        if self.replacement:
            return Draws(
                np.empty((0, surface.dimension)), rng.integers(count, size=(steps, self.size)).astype(float), words
            )
        if not self.epochs:
            together = max(1, TOGETHER // count)
            parts = [rng.random((min(together, steps - low), count)) for low in range(0, steps, together)]
            drawn = [part.argpartition(self.size - 1, axis=1)[:, : self.size] for part in parts]
            return Draws(np.empty((0, surface.dimension)), np.concatenate(drawn).astype(float), words)
        full = count // self.size  # as a data loader that drops a last, smaller batch
        epochs = -(-steps // full)
        order = [rng.permutation(count)[: full * self.size].reshape(full, self.size) for _ in range(epochs)]
        return Draws(np.empty((0, surface.dimension)), np.concatenate(order)[:steps].astype(float), words)

    def draw_sized(self, surface: Surface, rng: np.random.Generator, factors: Array) -> Draws:
        """Draws which rows each step sees where the batches grow or shrink; factors of 1 draw what `draw` does.

        Args:
            surface: what is descended.
            rng: where the draws come from.
            factors: on the size, one a step; a batch has at least one row and at most all.

        Raises:
            SpecError: this surface is no sum over rows.
        """
        count = len(rows_of(surface, "a mini-batch").labels)
        sizes = np.clip(np.floor(self.size * factors + 0.5), 1, count).astype(int)
        rows, left = np.full((len(sizes), sizes.max()), -1.0), np.empty(0)
        for step, size in enumerate(sizes):
            if self.replacement:
                rows[step, :size] = rng.integers(count, size=size)
            elif not self.epochs:
                rows[step, :size] = rng.random(count).argpartition(size - 1)[:size]
            else:
                left = left if len(left) >= size else rng.permutation(count).astype(float)
                rows[step, :size], left = left[:size], left[size:]
        words = f"mini-batches of {sizes.min()} to {sizes.max()} of {count} rows"
        return Draws(np.empty((0, surface.dimension)), rows, words)


@dataclass(frozen=True)
class LabelNoise(Noise):
    """Labels that are wrong anew at every step: normal errors of a regression, flipped labels of a classification.

    A linear model's gradient is linear in the labels, so wrong labels add −(1/N)·Σᵢ(ỹᵢ − yᵢ)·xᵢ to it, wherever one is
    (Blanc and others, 2020, study what such noise does in networks).

    Attributes:
        scale: standard deviation of the error, or the share of flipped labels, from 0 to 1, under the logistic loss.
    """

    scale: float = 1.0

    def __post_init__(self) -> None:
        """Refuses a scale that is none."""
        if not 0.0 <= self.scale < inf:
            raise SpecError("noise.scale", self.scale, "a finite number of at least 0")

    def draw(self, surface: Surface, rng: np.random.Generator, steps: int) -> Draws:
        """Draws wrong labels, and what they add to the gradient."""
        rows = self._rows(surface)
        if self.scale == 0.0:
            return quiet(surface)
        size = max(1, TOGETHER // len(rows.labels))  # drawn by parts, so that memory stays small
        parts = [self._errors(rows, rng, min(size, steps - low)) for low in range(0, steps, size)]
        added = np.concatenate(parts) / -len(rows.labels)
        logistic = rows.loss == "logistic"
        words = f"{number(100 * self.scale)} % flipped labels" if logistic else f"label noise of {number(self.scale)}"
        return Draws(added, np.empty((0, 0)), words)

    def covariance(self, surface: Surface) -> Array:
        """Returns (1/N²)·Σᵢ var(ỹᵢ)·xᵢxᵢᵀ; flipped labels also shift the mean gradient."""
        rows = self._rows(surface)
        variance = self.scale * (1.0 - self.scale) if rows.loss == "logistic" else self.scale**2
        return np.asarray(variance * rows.features.T @ rows.features / len(rows.labels) ** 2)

    def _rows(self, surface: Surface) -> FiniteSum:
        rows = rows_of(surface, "label noise")
        if rows.loss == "huber":
            raise SpecError(
                "noise", "label noise", "for squared or logistic losses", "Huber's is not linear in labels."
            )
        if rows.loss == "logistic" and self.scale > 1.0:
            raise SpecError("noise.scale", self.scale, "a share of flipped labels from 0 to 1")
        return rows

    def _errors(self, rows: FiniteSum, rng: np.random.Generator, steps: int) -> Array:
        """What each label is off by, times its row, summed: shape (steps, d)."""
        shape = (steps, len(rows.labels))
        if rows.loss == "logistic":
            off = np.where(rng.random(shape) < self.scale, 1.0 - 2.0 * rows.labels, 0.0)
        else:
            off = self.scale * rng.standard_normal(shape)
        return np.asarray(off @ rows.features)
