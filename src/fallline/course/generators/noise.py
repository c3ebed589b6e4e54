"""Questions on noisy gradients."""

from __future__ import annotations

import math

import numpy as np

from fallline.course.generators.generator import Generator, Params, Settings, apart, log_uniform, shown, uniform, whole

LETTERS = ("a", "b", "c", "d")
RATES, BATCHES = (0.125, 0.25, 0.5, 1.0, 2.0), (0.5, 1.0, 2.0, 4.0, 8.0)
SHARE = 0.4
"""To what share of itself a floor is to be lowered: no halving or quartering comes near it by itself."""


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


def draw_batch(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """The noise of the mean of B rows: σ₁/√B."""
    sigma, batch = uniform(rng, ranges["sigma"], 2), 4 * whole(rng, ranges["batch"])
    return {
        "sigma": sigma,
        "batch": batch,
        "std": sigma / math.sqrt(batch),
        "by_rows": sigma / batch,
        "same": sigma,
        "grows": sigma * math.sqrt(batch),
    }


def draw_lower(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """Four pairs of rate and batch beside the one in use: which have at most 0.4 of its floor, exactly computed."""
    curvature, batch = log_uniform(rng, ranges["lambda"], 1), 16 * whole(rng, (1, 8))
    rate = shown(float(rng.uniform(0.1, 0.6)) / curvature, 1)
    drawn: Params = {"curvature": curvature, "rate": rate, "batch": batch}
    pairs = {(float(rng.choice(RATES)), float(rng.choice(BATCHES))) for _ in range(12)} - {(1.0, 1.0)}
    if len(pairs) < len(LETTERS) or rate * curvature > 0.7:
        return None
    chosen = [sorted(pairs)[index] for index in rng.permutation(len(pairs))[: len(LETTERS)]]
    for letter, (slower, wider) in zip(LETTERS, chosen, strict=True):
        # both floors are η·σ²/(2·B·(2 − η·λ)); σ² and the halves cancel
        ratio = slower / wider * (2.0 - rate * curvature) / (2.0 - slower * rate * curvature)
        if not apart(ratio, SHARE, 0.1):
            return None
        drawn |= {f"{letter}_rate": shown(slower * rate, 6), f"{letter}_batch": round(wider * batch)}
        drawn |= {
            f"{letter}_ratio": shown(ratio, 4),
            f"{letter}_low": ratio < SHARE,
            f"{letter}_sort": _sort(slower, wider),
        }
    return drawn if 1 <= sum(bool(drawn[f"{letter}_low"]) for letter in LETTERS) <= len(LETTERS) - 1 else None


def _sort(slower: float, wider: float) -> str:
    """How a pair differs from the one in use, for what believing in it points to."""
    if slower > 1.0:
        return "faster"
    return "smaller" if wider < 1.0 else "lower"


FLOOR = Generator(
    name="noise.floor",
    about="The noise floor of SGD: curvature, sigma, rate, variance; wrong: small_rate, no_rate, none.",
    ranges={"lambda": (0.5, 5.0), "sigma": (0.2, 2.0)},
    draw=draw_floor,
)
BATCH = Generator(
    name="noise.batch",
    about="Noise of a mini-batch: sigma, batch, std; wrong: by_rows, same, grows.",
    ranges={"sigma": (0.5, 9.0), "batch": (1, 64)},
    draw=draw_batch,
)
LOWER = Generator(
    name="noise.lower",
    about="Which of four pairs a to d (_rate, _batch) have at most 0.4 of the floor: curvature, rate, batch; _ratio, "
    "_low, _sort (faster, smaller, lower).",
    ranges={"lambda": (0.5, 20.0)},
    draw=draw_lower,
)
