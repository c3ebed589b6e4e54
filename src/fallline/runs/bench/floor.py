"""The noise floor: how low plain gradient descent can stay at a constant rate when its gradient is noisy."""

from __future__ import annotations

from fallline.engine.descent import Runner
from fallline.engine.optim import GradientDescent
from fallline.engine.schedules import Constant
from fallline.engine.surfaces import Surface, curvature_at


def noise_floor(surface: Surface, runner: Runner, noise: float) -> float | None:
    """Returns the mean loss above the minimum around which a descent settles; None where no closed form says.

    Along an eigenvector with curvature λ the error follows w ← (1 − η·λ)·w − η·ε, an autoregression of order one whose
    variance is η²σ² / (1 − (1 − η·λ)²). Its share of the loss, λ/2 times the variance, is η·σ² / (2·(2 − η·λ)); the
    shares of all eigenvectors add up (Mandt, Hoffman and Blei 2017, section 3, without their small-rate limit).

    Args:
        surface: exact on a quadratic; None on any other.
        runner: plain gradient descent at a constant rate below 2/λmax; None for any other.
        noise: standard deviation of the noise in each coordinate.
    """
    plain = isinstance(runner.optimizer, GradientDescent) and runner.optimizer.decay == 0.0
    if not (surface.quadratic and surface.bounded and plain and isinstance(runner.schedule, Constant)) or noise <= 0:
        return None
    curvatures = [float(value) for value in curvature_at(surface, surface.minima[0].at)]
    if runner.rate * max(curvatures) >= 2.0:
        return None
    return sum(runner.rate * noise**2 / (2.0 * (2.0 - runner.rate * curvature)) for curvature in curvatures)
