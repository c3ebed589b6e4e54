"""Questions on stationary points: what the signs of the curvatures say."""

from __future__ import annotations

import numpy as np

from fallline.course.generators.generator import Generator, Params, Settings, whole

KINDS = ("minimum", "maximum", "saddle", "undecided")


def draw_classify(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """Curvatures at a point with zero gradient; with a zero among them and the rest positive, they decide nothing."""
    size = whole(rng, ranges["size"])
    kind = KINDS[int(rng.integers(4))]
    sizes = np.round(rng.uniform(0.2, ranges["largest"][1], size), 1)
    signs = np.where(rng.random(size) < 0.5, 1.0, -1.0)
    if kind == "saddle":
        signs[0], signs[-1] = 1.0, -1.0
    else:
        signs[:] = -1.0 if kind == "maximum" else 1.0
    values = sizes * signs
    if kind == "undecided":
        values[0] = 0.0
    values = rng.permutation(values)
    return {
        "listed": ", ".join(f"{value:g}".replace("-", "−") for value in values),
        "size": size,
        "kind": kind,
        "negative": int((values < 0).sum()),
        "positive": int((values > 0).sum()),
    }


def draw_share(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """The toy model of saddles: each of n curvatures is positive with chance p, on its own; all are with chance pⁿ."""
    size, chance = whole(rng, ranges["size"]), round(float(rng.uniform(*ranges["chance"])) * 50) / 50
    return {
        "size": size,
        "chance": chance,
        "share": chance**size,
        "any": 1.0 - (1.0 - chance) ** size,
        "divided": chance / size,
        "same": chance,
    }


CLASSIFY = Generator(
    name="saddle.classify",
    about="Curvatures at a stationary point: listed, size, kind (one of KINDS), negative, positive.",
    ranges={"size": (2, 5), "largest": (0.2, 6.0)},
    draw=draw_classify,
)
SHARE = Generator(
    name="saddle.share",
    about="Chance that n independent curvatures are all positive: size, chance, share; wrong: any, divided, same.",
    ranges={"size": (3, 12), "chance": (0.4, 0.9)},
    draw=draw_share,
)
