"""Questions on the linear rule: the rate grows with the batch, until the curvature forbids it."""

from __future__ import annotations

import numpy as np

from fallline.course.generators.generator import Generator, Params, Settings, log_uniform, shown, whole


def draw_linear(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """A rate and a batch, both multiplied by k; η·λmax then is far below 2, or well above it."""
    steep, batch, factor = log_uniform(rng, ranges["lambda"], 2), 8 * whole(rng, (1, 16)), 2 ** whole(rng, (1, 6))
    product = float(rng.uniform(0.1, 0.4) if rng.random() < 0.5 else rng.uniform(2.5, 8.0))
    rate = shown(product / steep / factor, 2)
    product = rate * steep * factor
    if rate * steep > 0.4 or 0.45 < product < 2.4:
        return None
    return {
        "steep": steep,
        "batch": batch,
        "rate": rate,
        "factor": factor,
        "new_rate": shown(rate * factor, 6),
        "new_batch": batch * factor,
        "product": shown(product, 3),
        "limit": 2.0 / steep,
        "holds": product < 2.0,
    }


LINEAR = Generator(
    name="scaling.linear",
    about="Batch and rate times k: steep, batch, rate, factor, new_rate, new_batch, product, limit, holds.",
    ranges={"lambda": (2.0, 80.0)},
    draw=draw_linear,
)
