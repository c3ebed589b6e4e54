"""Questions on noisy gradients."""

from __future__ import annotations

import numpy as np

from fallline.course.generators.generator import Generator, Params, Settings, log_uniform, uniform


def draw_floor(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """Where constant-step stochastic gradient descent settles: variance η·σ²/(λ·(2 − η·λ)) around the minimum."""
    curvature, sigma = log_uniform(rng, ranges["lambda"]), uniform(rng, ranges["sigma"], 2)
    rate = log_uniform(rng, (0.3 / curvature, 1.6 / curvature))
    product = rate * curvature
    if not 0.3 <= product <= 1.7:
        return None
    return {
        "curvature": curvature,
        "sigma": sigma,
        "rate": rate,
        "variance": rate * sigma**2 / (curvature * (2.0 - product)),
        "small_rate": rate * sigma**2 / (2.0 * curvature),
        "no_rate": sigma**2 / curvature,
        "none": 0.0,
    }


FLOOR = Generator(
    name="noise.floor",
    about="The noise floor of SGD: curvature, sigma, rate, variance; wrong: small_rate, no_rate, none.",
    ranges={"lambda": (0.5, 5.0), "sigma": (0.2, 2.0)},
    draw=draw_floor,
)
