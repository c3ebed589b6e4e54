"""Questions on two players: why stepping at the same time turns outwards."""

from __future__ import annotations

import math

import numpy as np

from fallline.course.generators.generator import Generator, Params, Settings, uniform, whole


def draw_radius(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """On f = x·y each step at once multiplies the distance by √(1 + η²), the size of the eigenvalues 1 ± iη."""
    rate, steps = uniform(rng, ranges["rate"], 2), 10 * whole(rng, ranges["tens"])
    grows = math.sqrt(1.0 + rate**2) ** steps
    if not 1.15 < grows < 1e4 or (1.0 + rate) ** steps > 1e12:
        return None
    return {
        "rate": rate,
        "steps": steps,
        "grows": grows,
        "each": math.sqrt(1.0 + rate**2),
        "circles": 1.0,
        "shrinks": 1.0 / grows,
        "no_root": grows**2,
        "added": (1.0 + rate) ** steps,
    }


RADIUS = Generator(
    name="game.radius",
    about="Distance after steps at once on x·y, over the first: rate, steps, grows, each; wrong: circles, shrinks, "
    "no_root, added.",
    ranges={"rate": (0.05, 0.6), "tens": (1, 20)},
    draw=draw_radius,
)
