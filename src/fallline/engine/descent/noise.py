"""Noise in the gradient as a value: what kind, how much, and what a descent meets at each of its steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.surfaces import FiniteSum, Surface
from fallline.engine.surfaces.surface import Array


@dataclass(frozen=True, eq=False)
class Draws:
    """The noise of one run, drawn ahead; every member of a race or sweep meets the same.

    Attributes:
        added: what is added to the gradient at each step, shape (steps, d), or (0, d) for nothing.
        rows: which rows the gradient of each step is the mean of, shape (steps, m), or (0, 0) for all; −1 fills up
            steps that see fewer than m.
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


def quiet(surface: Surface) -> Draws:
    """Returns no noise."""
    return Draws(np.empty((0, surface.dimension)), np.empty((0, 0)))


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
