"""Questions on methods that divide by the size of slopes, and on what two libraries make of one name."""

from __future__ import annotations

import math

import numpy as np

from fallline.course.generators.generator import Generator, Params, Settings, log_uniform, uniform

SCALED: tuple[tuple[str, str], ...] = (
    ("gradient descent", "rate"),
    ("momentum", "rate"),
    ("Nesterov's method", "rate"),
    ("AdaGrad", "nothing"),
    ("RMSProp", "nothing"),
    ("Adam", "nothing"),
    ("AdamW", "nothing"),
    ("Adam with an L2 penalty that stays as it is", "penalty"),
    ("RMSProp with an L2 penalty that stays as it is", "penalty"),
)
"""Optimizer → what a factor on the loss amounts to."""


def draw_first_step(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """RMSProp's first step from v = 0: v = (1 − α)·g², so that its length is η/√(1 − α), whatever the slope."""
    smoothing = (0.9, 0.95, 0.96, 0.98, 0.99, 0.995, 0.999)[int(rng.integers(7))]
    rate, slope = log_uniform(rng, ranges["rate"], 1), uniform(rng, ranges["slope"], 2)
    return {
        "rate": rate,
        "slope": slope,
        "smoothing": smoothing,
        "length": rate / math.sqrt(1.0 - smoothing),
        "corrected": rate,
        "plain": rate * slope,
        "no_root": rate / (1.0 - smoothing),
    }


def draw_scaled(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """The loss times a factor: nothing, a larger rate, or a smaller penalty."""
    del ranges
    name, effect = SCALED[int(rng.integers(len(SCALED)))]
    factor = (2, 3, 4, 5, 8, 10, 16, 20, 25, 50, 64, 100, 200, 500, 1000)[int(rng.integers(15))]
    return {"name": name, "effect": effect, "factor": factor}


def draw_decay(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """What decay alone takes from a weight in a step: η·λ·w in AdamW, η·λ·w/√v as an L2 penalty in Adam."""
    rate, decay = log_uniform(rng, ranges["rate"], 1), log_uniform(rng, ranges["decay"], 1)
    weight, size = uniform(rng, ranges["weight"], 2), log_uniform(rng, ranges["size"], 1)
    beside, inside = rate * decay * weight, rate * decay * weight / size
    name = ("AdamW", "Adam with an L2 penalty")[int(rng.integers(2))]
    if not (size < 0.4 or size > 2.5):
        return None
    return {
        "name": name,
        "rate": rate,
        "decay": decay,
        "weight": weight,
        "size": size,
        "lost": beside if name == "AdamW" else inside,
        "other": inside if name == "AdamW" else beside,
        "no_rate": decay * weight,
    }


def draw_drop(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """A step on level ground after the rate has dropped: PyTorch's memory takes the new rate, Keras's has the old."""
    before, ratio = log_uniform(rng, ranges["rate"], 1), (2, 4, 5, 10, 20)[int(rng.integers(5))]
    after, beta = before / ratio, (0.5, 0.6, 0.7, 0.8, 0.9)[int(rng.integers(5))]
    memory = uniform(rng, ranges["memory"], 2)
    torch, keras = after * beta * memory, before * beta * memory
    library = ("PyTorch", "Keras")[int(rng.integers(2))]
    moved = torch if library == "PyTorch" else keras
    return {
        "library": library,
        "before": before,
        "after": float(f"{after:.6g}"),
        "beta": beta,
        "memory": memory,
        "moved": moved,
        "other": keras if library == "PyTorch" else torch,
        "no_beta": moved / beta,
    }


FIRST_STEP = Generator(
    name="adaptive.first_step",
    about="RMSProp's first step: rate, slope, smoothing, length; wrong: corrected, plain, no_root.",
    ranges={"rate": (0.0005, 0.05), "slope": (0.2, 40.0)},
    draw=draw_first_step,
)
SCALED_LOSS = Generator(
    name="adaptive.scaled",
    about="The loss times a factor: name, factor, effect (nothing, rate, penalty).",
    ranges={},
    draw=draw_scaled,
)
DECAY = Generator(
    name="adaptive.decay",
    about="What decay takes from a weight: name, rate, decay, weight, size, lost; wrong: other, no_rate.",
    ranges={"rate": (0.0005, 0.05), "decay": (0.001, 0.2), "weight": (0.5, 4.0), "size": (0.02, 50.0)},
    draw=draw_decay,
)
DROP = Generator(
    name="adaptive.drop",
    about="A step of momentum after the rate dropped: library, before, after, beta, memory, moved; wrong: other, "
    "no_beta.",
    ranges={"rate": (0.02, 0.5), "memory": (0.5, 9.0)},
    draw=draw_drop,
)
