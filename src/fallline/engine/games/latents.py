"""Latents: the noise that a generator turns into points, drawn, and as the even grid on which its map is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Latent:
    """A kind of noise.

    Attributes:
        title: as a person reads it.
        dimension: 1 or 2.
        draw: ``(rng, count) → (count, dimension)``.
        quantile: from a share between 0 and 1 to a value, elementwise.
    """

    title: str
    dimension: int
    draw: Callable[[np.random.Generator, int], Array]
    quantile: Callable[[Array], Array]

    def grid(self, lines: int, points: int) -> list[Array]:
        """Returns lines through the noise between which lies the same share of it; one line in one dimension.

        Args:
            lines: in each direction.
            points: of each line.
        """
        ends = 0.5 / lines
        shares, fine = np.linspace(ends, 1.0 - ends, lines), np.linspace(ends, 1.0 - ends, points)
        if self.dimension == 1:
            return [self.quantile(fine)[:, None]]
        across = [self.quantile(np.stack([fine, np.full(points, share)], axis=1)) for share in shares]
        return [*across, *(line[:, ::-1] for line in across)]


def _uniform(share: Array) -> Array:
    return 2.0 * share - 1.0


def _gaussian(share: Array) -> Array:
    return np.asarray(ndtri(share))


LATENTS: dict[str, Latent] = {
    "uniform-1": Latent("uniform, one number", 1, lambda rng, n: rng.uniform(-1.0, 1.0, (n, 1)), _uniform),
    "uniform-2": Latent("uniform, two numbers", 2, lambda rng, n: rng.uniform(-1.0, 1.0, (n, 2)), _uniform),
    "gaussian-1": Latent("Gaussian, one number", 1, lambda rng, n: rng.standard_normal((n, 1)), _gaussian),
    "gaussian-2": Latent("Gaussian, two numbers", 2, lambda rng, n: rng.standard_normal((n, 2)), _gaussian),
}
"""Name → kind of noise."""
