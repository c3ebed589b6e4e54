"""Noise that is added to the gradient, the same wherever one is: normal, Student's t, α-stable."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, pi

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.descent.noise import Draws, Noise, quiet
from fallline.engine.descent.wording import number
from fallline.engine.surfaces import Surface
from fallline.engine.surfaces.surface import Array

LEAST_ALPHA = 0.1
"""Below, hardly a draw is a number that a computer can hold."""


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
class AlphaStable(Noise):
    """A symmetric α-stable law on every coordinate: the limit of sums of draws whose variance is infinite.

    Its characteristic function is exp(−|scale·t|^α), and P(|ξ| > x) falls as x^(−α). At α = 2 it is normal, with
    standard deviation √2·scale; at α = 1 it is Cauchy's. Drawn as Chambers, Mallows and Stuck (1976) do, from an angle
    and an exponential variable; Şimşekli, Sagun and Gürbüzbalaban (2019) measure α in the gradients of networks.

    Attributes:
        scale: what the standard law is multiplied by, ≥ 0.
        alpha: α, the tail index, from 0.1 to 2: below 2 the variance is infinite, up to 1 there is no mean.
    """

    scale: float = 1.0
    alpha: float = 1.5

    def __post_init__(self) -> None:
        """Refuses a scale or a tail index that are none."""
        if not 0.0 <= self.scale < inf:
            raise SpecError("noise.scale", self.scale, "a finite number of at least 0")
        if not LEAST_ALPHA <= self.alpha <= 2.0:
            raise SpecError("noise.alpha", self.alpha, f"a tail index from {LEAST_ALPHA} to 2")

    def draw(self, surface: Surface, rng: np.random.Generator, steps: int) -> Draws:
        """Draws scale times the standard law."""
        if self.scale == 0.0:
            return quiet(surface)
        shape, alpha = (steps, surface.dimension), self.alpha
        angle, wait = rng.uniform(-0.5 * pi, 0.5 * pi, shape), rng.standard_exponential(shape)
        with np.errstate(over="ignore", divide="ignore"):  # of a small α some draws are larger than any number
            spread = (np.cos((1.0 - alpha) * angle) / wait) ** ((1.0 - alpha) / alpha)
            added = self.scale * np.sin(alpha * angle) / np.cos(angle) ** (1.0 / alpha) * spread
        words = f"α-stable noise of {number(self.scale)} in the gradient"
        return Draws(np.clip(added, -1e300, 1e300), np.empty((0, 0)), words)

    def covariance(self, surface: Surface) -> Array | None:
        """Returns 2·scale² on the diagonal at α = 2; None below, where the variance is infinite."""
        return None if self.alpha < 2.0 else 2.0 * self.scale**2 * np.eye(surface.dimension)
