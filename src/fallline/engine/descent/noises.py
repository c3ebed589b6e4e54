"""The kinds of noise by name, and what a run meets of them."""

from __future__ import annotations

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.descent.added_noise import AlphaStable, Gaussian, HeavyTailed
from fallline.engine.descent.noise import Draws, Noise, quiet
from fallline.engine.descent.row_noise import LabelNoise, MiniBatch
from fallline.engine.schedules import Schedule
from fallline.engine.surfaces import Surface

NOISES: dict[str, type[Noise]] = {
    "gaussian": Gaussian,
    "heavy_tailed": HeavyTailed,
    "alpha_stable": AlphaStable,
    "mini_batch": MiniBatch,
    "label": LabelNoise,
}


def draw_noise(
    surface: Surface,
    noise: Noise | float | None,
    rng: np.random.Generator | None,
    steps: int,
    batch: Schedule | None = None,
) -> Draws:
    """Returns what a run meets.

    Args:
        surface: what is descended.
        noise: a kind of noise, the standard deviation of Gaussian noise, or None for the surface's own.
        rng: where the draws come from.
        steps: how many.
        batch: factor on the size of mini-batches; None leaves it as it is.

    Raises:
        SpecError: a level below zero or not finite, noise that this surface cannot have, or noise without a generator.
    """
    kind = noise if isinstance(noise, Noise) else Gaussian(surface.noise if noise is None else noise)
    if batch is not None and not isinstance(kind, MiniBatch):
        raise SpecError("plan.batch", batch.name, "left out: it drives mini-batches, and there are none")
    if isinstance(kind, Gaussian) and kind.scale == 0.0:
        return quiet(surface)
    if rng is None:
        raise SpecError("rng", None, "a generator", "Noise is drawn from a generator that you pass.")
    if batch is not None and isinstance(kind, MiniBatch):
        return kind.draw_sized(surface, rng, batch.factors(steps))
    return kind.draw(surface, rng, steps)
