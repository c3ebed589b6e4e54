"""One step of gradient descent, by hand."""

from __future__ import annotations

import numpy as np

from fallline.course.generators.generator import Generator, Params, Settings, shown, uniform


def draw_step(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """f(w) = a/2·(w − c)²: the new weight is w − η·a·(w − c)."""
    a, c, w = uniform(rng, ranges["a"], 2), float(round(rng.uniform(*ranges["c"]))), uniform(rng, ranges["w"], 2)
    rate = uniform(rng, ranges["rate"], 2)
    slope = a * (w - c)
    if abs(w - c) < 0.5 or abs(1.0 - rate * a) < 0.1:
        return None
    return {
        "a": a,
        "c": c,
        "w": w,
        "rate": rate,
        "slope": shown(slope, 6),
        "after": shown(w - rate * slope, 6),
        "uphill": shown(w + rate * slope, 6),
        "no_rate": shown(w - slope, 6),
        "no_curvature": shown(w - rate * (w - c), 6),
    }


STEP = Generator(
    name="gradient.step",
    about="One step on a/2·(w − c)²: a, c, w, rate, slope, after; wrong: uphill, no_rate, no_curvature.",
    ranges={"a": (0.5, 4.0), "c": (-3.0, 3.0), "w": (-6.0, 6.0), "rate": (0.05, 0.4)},
    draw=draw_step,
)
