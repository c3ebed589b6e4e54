"""The noise floor of a run, where theory gives one that a page may draw."""

from __future__ import annotations

from fallline.engine.descent import Gaussian, Noise, Runner
from fallline.engine.descent import noise_floor as floor_in_theory
from fallline.engine.schedules import Constant
from fallline.engine.surfaces import Surface


def noise_floor(surface: Surface, runner: Runner, noise: Noise | float) -> float | None:
    """Returns the mean loss above the minimum around which a descent settles; None where no closed form says.

    Args:
        surface: exact on a quadratic; None on any other.
        runner: gradient descent, momentum or Nesterov at a constant stable rate; None for any other.
        noise: its kind, or the standard deviation of Gaussian noise in each coordinate.
    """
    if not isinstance(runner.schedule, Constant):
        return None
    kind = noise if isinstance(noise, Noise) else Gaussian(noise)
    if isinstance(kind, Gaussian) and kind.scale == 0.0:
        return None
    return floor_in_theory(surface, runner.optimizer, runner.rate, kind)
