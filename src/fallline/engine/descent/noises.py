"""The kinds of noise by name, and what a run meets of them."""

from __future__ import annotations

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.descent.added_noise import AlphaStable, Gaussian, HeavyTailed
from fallline.engine.descent.noise import Draws, Noise, quiet
from fallline.engine.descent.row_noise import LabelNoise, MiniBatch
from fallline.engine.surfaces import Surface

NOISES: dict[str, type[Noise]] = {
    "gaussian": Gaussian,
    "heavy_tailed": HeavyTailed,
    "alpha_stable": AlphaStable,
    "mini_batch": MiniBatch,
    "label": LabelNoise,
}


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
