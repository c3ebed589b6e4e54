"""Questions on quadratics, where every claim about step sizes is exact: the error along λ shrinks by 1 − η·λ a step."""

from __future__ import annotations

import math

import numpy as np

from fallline.course.generators.generator import Generator, Params, Settings, apart, log_uniform, shown, uniform


def draw_stable_step(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """The limit of stability 2/λmax, beside what it is taken for."""
    flat = log_uniform(rng, ranges["mu"])
    steep = shown(flat * float(rng.uniform(*ranges["kappa"])), 3)
    return {
        "flat": flat,
        "steep": steep,
        "limit": 2.0 / steep,
        "inverse": 1.0 / steep,
        "from_flat": 2.0 / flat,
        "fastest": 2.0 / (flat + steep),
    }


def draw_outcome(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """A rate below 1/λmax, between that and 2/λmax, or above it; never within a tenth of a border."""
    flat = log_uniform(rng, ranges["mu"])
    steep = shown(flat * float(rng.uniform(*ranges["kappa"])), 3)
    low, high = ((0.25, 0.85), (1.15, 1.8), (2.2, 3.2))[int(rng.integers(3))]
    rate = shown(float(rng.uniform(low, high)) / steep, 3)
    product = rate * steep
    if not (apart(product, 1.0, 0.1) and apart(product, 2.0, 0.05)):
        return None
    regime = "smooth" if product < 1.0 else "overshoot" if product < 2.0 else "diverges"
    return {
        "flat": flat,
        "steep": steep,
        "rate": rate,
        "product": shown(product, 4),
        "factor": shown(1.0 - product, 4),
        "limit": 2.0 / steep,
        "regime": regime,
    }


def draw_gd_steps(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """Steps until the slowest direction has shrunk to a share: the least n with (1 − η·λmin)ⁿ ≤ share."""
    flat = log_uniform(rng, ranges["mu"])
    steep = shown(flat * float(rng.uniform(*ranges["kappa"])), 3)
    rate = shown(float(rng.uniform(0.4, 0.8)) / steep, 2)
    share = (0.1, 0.05, 0.01, 0.001)[int(rng.integers(4))]
    exact = math.log(share) / math.log(1.0 - rate * flat)
    from_steep = math.log(share) / math.log(abs(1.0 - rate * steep))
    no_curvature = math.log(share) / math.log(1.0 - rate) if rate < 1.0 else math.inf
    steps = (math.ceil(exact), math.ceil(from_steep))
    far = abs(exact - round(exact)) > 0.03 and steps[0] - steps[1] >= 4
    other = math.ceil(no_curvature) if math.isfinite(no_curvature) else 0
    if not far or not 0 < other < 10_000 or abs(other - steps[0]) < 4 or abs(other - steps[1]) < 4:
        return None
    return {
        "flat": flat,
        "steep": steep,
        "rate": rate,
        "share": share,
        "steps": steps[0],
        "from_steep": steps[1],
        "no_curvature": other,
        "factor": shown(1.0 - rate * flat, 5),
    }


def draw_condition(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """Four curvatures and their condition number."""
    values = sorted(log_uniform(rng, ranges["lambda"]) for _ in range(4))
    if values[-1] / values[0] < 2.0 or len(set(values)) < 4:
        return None
    order = rng.permutation(4)
    listed = ", ".join(f"{values[index]:g}" for index in order)
    return {
        "listed": listed,
        "kappa": values[-1] / values[0],
        "upside_down": values[0] / values[-1],
        "difference": values[-1] - values[0],
        "largest": values[-1],
    }


def draw_heavy_ball(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """The limit of stability with momentum, 2(1 + β)/λmax (Polyak, 1964)."""
    flat = log_uniform(rng, ranges["mu"])
    steep = shown(flat * float(rng.uniform(*ranges["kappa"])), 3)
    beta = uniform(rng, ranges["beta"], 2)
    return {
        "flat": flat,
        "steep": steep,
        "beta": beta,
        "limit": 2.0 * (1.0 + beta) / steep,
        "narrower": 2.0 * (1.0 - beta) / steep,
        "plain": 2.0 / steep,
        "from_flat": 2.0 * (1.0 + beta) / flat,
    }


STABLE_STEP = Generator(
    name="quadratic.stable_step",
    about="Two curvatures and the limit 2/λmax: flat, steep, limit; wrong: inverse, from_flat, fastest.",
    ranges={"mu": (0.4, 4.0), "kappa": (3.0, 10.0)},
    draw=draw_stable_step,
)
OUTCOME = Generator(
    name="quadratic.outcome",
    about="What a rate does: flat, steep, rate, product, factor, limit, regime (smooth, overshoot, diverges).",
    ranges={"mu": (0.4, 4.0), "kappa": (3.0, 20.0)},
    draw=draw_outcome,
)
GD_STEPS = Generator(
    name="quadratic.gd_steps",
    about="Steps to shrink the error to a share: flat, steep, rate, share, steps; wrong: from_steep, no_curvature.",
    ranges={"mu": (0.4, 4.0), "kappa": (3.0, 20.0)},
    draw=draw_gd_steps,
)
CONDITION = Generator(
    name="quadratic.condition",
    about="Four curvatures: listed, kappa; wrong: upside_down, difference, largest.",
    ranges={"lambda": (0.2, 60.0)},
    draw=draw_condition,
)
HEAVY_BALL = Generator(
    name="quadratic.heavy_ball",
    about="The limit with momentum: flat, steep, beta, limit; wrong: narrower, plain, from_flat.",
    ranges={"mu": (0.4, 3.0), "kappa": (3.0, 60.0), "beta": (0.3, 0.95)},
    draw=draw_heavy_ball,
)
