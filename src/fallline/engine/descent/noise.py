"""Noise in the gradient as a value: what kind, how much, and what a descent meets at each of its steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import inf

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.descent.wording import number
from fallline.engine.surfaces import FiniteSum, Surface
from fallline.engine.surfaces.surface import Array

TOGETHER = 1_000_000
"""Wrong labels drawn at once."""


@dataclass(frozen=True, eq=False)
class Draws:
    """The noise of one run, drawn ahead; every member of a race or sweep meets the same.

    Attributes:
        added: what is added to the gradient at each step, shape (steps, d), or (0, d) for nothing.
        rows: which rows the gradient of each step is the mean of, shape (steps, m), or (0, 0) for all.
        words: the noise as a verdict names it; empty where there is none.
    """

    added: Array
    rows: Array
    words: str = ""

    @property
    def noisy(self) -> bool:
        """Whether there is any."""
        return bool(self.words)


@dataclass(frozen=True)
class Noise(ABC):
    """A kind of noise, with its strength."""

    @abstractmethod
    def draw(self, surface: Surface, rng: np.random.Generator, steps: int) -> Draws:
        """Draws the noise of every step.

        Args:
            surface: what is descended.
            rng: where the draws come from.
            steps: how many.

        Raises:
            SpecError: this surface cannot have such noise.
        """

    def covariance(self, surface: Surface) -> Array | None:
        """Returns the covariance of what is added to the gradient, shape (d, d); None where it depends on the place."""
        del surface
        return None


@dataclass(frozen=True)
class Gaussian(Noise):
    """Independent normal noise on every coordinate of the gradient.

    Attributes:
        scale: its standard deviation, ≥ 0.
    """

    scale: float = 1.0

    def __post_init__(self) -> None:
        """Refuses a scale that is none."""
        if not 0.0 <= self.scale < inf:
            raise SpecError("noise", self.scale, "a finite number of at least 0")

    def draw(self, surface: Surface, rng: np.random.Generator, steps: int) -> Draws:
        """Draws scale times standard normals."""
        if self.scale == 0.0:
            return quiet(surface)
        added = self.scale * rng.standard_normal((steps, surface.dimension))
        return Draws(added, np.empty((0, 0)), f"noise of {number(self.scale)} in the gradient")

    def covariance(self, surface: Surface) -> Array:
        """Returns scale² on the diagonal."""
        return self.scale**2 * np.eye(surface.dimension)


@dataclass(frozen=True)
class HeavyTailed(Noise):
    """Student's t on every coordinate: mostly small, now and then far out, as gradients of language models are.

    Şimşekli, Sagun and Gürbüzbalaban (2019) argue for such tails in stochastic gradients; Student (1908) is the law.

    Attributes:
        scale: what the t variable is multiplied by, ≥ 0.
        degrees: degrees of freedom, > 0: at 1 it is Cauchy's, which has no mean; up to 2 its variance is infinite.
    """

    scale: float = 1.0
    degrees: float = 3.0

    def __post_init__(self) -> None:
        """Refuses a scale or degrees that are none."""
        if not 0.0 <= self.scale < inf:
            raise SpecError("noise.scale", self.scale, "a finite number of at least 0")
        if not 0.0 < self.degrees < inf:
            raise SpecError("noise.degrees", self.degrees, "a finite number above 0")

    def draw(self, surface: Surface, rng: np.random.Generator, steps: int) -> Draws:
        """Draws scale times Student's t."""
        if self.scale == 0.0:
            return quiet(surface)
        added = self.scale * rng.standard_t(self.degrees, (steps, surface.dimension))
        words = f"heavy-tailed noise of {number(self.scale)} in the gradient"
        return Draws(np.clip(added, -1e300, 1e300), np.empty((0, 0)), words)

    def covariance(self, surface: Surface) -> Array | None:
        """Returns scale²·ν/(ν − 2) on the diagonal; None where the variance is infinite."""
        if self.degrees <= 2.0:
            return None
        return self.scale**2 * self.degrees / (self.degrees - 2.0) * np.eye(surface.dimension)


@dataclass(frozen=True)
class MiniBatch(Noise):
    """The gradient over some rows of a finite sum, in place of all.

    Attributes:
        size: rows to a batch, ≥ 1.
        replacement: whether every batch is drawn anew, row by row; else the rows are shuffled, and each is met once
            before any is met again, as data loaders do.
    """

    size: int = 32
    replacement: bool = False

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
        full = count // self.size  # as a data loader that drops a last, smaller batch
        epochs = -(-steps // full)
        order = [rng.permutation(count)[: full * self.size].reshape(full, self.size) for _ in range(epochs)]
        return Draws(np.empty((0, surface.dimension)), np.concatenate(order)[:steps].astype(float), words)


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


NOISES: dict[str, type[Noise]] = {
    "gaussian": Gaussian,
    "heavy_tailed": HeavyTailed,
    "mini_batch": MiniBatch,
    "label": LabelNoise,
}


def quiet(surface: Surface) -> Draws:
    """Returns no noise."""
    return Draws(np.empty((0, surface.dimension)), np.empty((0, 0)))


def draw_noise(surface: Surface, noise: Noise | float | None, rng: np.random.Generator | None, steps: int) -> Draws:
    """Returns what a run meets.

    Args:
        surface: what is descended.
        noise: a kind of noise, the standard deviation of Gaussian noise, or None for the surface's own.
        rng: where the draws come from.
        steps: how many.

    Raises:
        SpecError: a level below zero or not finite, noise that this surface cannot have, or noise without a generator.
    """
    kind = noise if isinstance(noise, Noise) else Gaussian(surface.noise if noise is None else noise)
    if isinstance(kind, Gaussian) and kind.scale == 0.0:
        return quiet(surface)
    if rng is None:
        raise SpecError("rng", None, "a generator", "Noise is drawn from a generator that you pass.")
    return kind.draw(surface, rng, steps)


def rows_of(surface: Surface, what: str) -> FiniteSum:
    """Returns the sum over rows that a surface is.

    Raises:
        SpecError: it is none.
    """
    rows = surface.block.rows if surface.block is not None else None
    if rows is None:
        raise SpecError(
            "noise", what, "noise of a surface over rows", f"{surface.title} is no sum over rows of a table."
        )
    return rows
