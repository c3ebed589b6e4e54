"""Questions on the heavy ball: along λ its error follows the roots of z² − (1 + β − η·λ)·z + β (Polyak, 1964)."""

from __future__ import annotations

import math

import numpy as np

from fallline.course.generators.generator import Generator, Params, Settings, apart, log_uniform, shown, uniform

LETTERS = ("a", "b", "c", "d")


def draw_critical(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """The β of critical damping, (1 − √(η·λ))²."""
    curvature = log_uniform(rng, ranges["lambda"])
    rate = shown(float(rng.uniform(0.01, 0.3)) / curvature, 2)
    product = rate * curvature
    return {
        "curvature": curvature,
        "rate": rate,
        "product": shown(product, 4),
        "beta": (1.0 - math.sqrt(product)) ** 2,
        "root_only": 1.0 - math.sqrt(product),
        "no_root": (1.0 - product) ** 2,
        "rest": math.sqrt(product),
    }


def draw_swings(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """Four curvatures: along which the roots are complex, so that the ball swings through the minimum."""
    rate, beta = log_uniform(rng, ranges["rate"], 1), uniform(rng, ranges["beta"], 2)
    border = (1.0 - math.sqrt(beta)) ** 2
    low, high = np.log(0.1 * border), math.log(min(0.9, 12.0 * border))
    drawn: Params = {"rate": rate, "beta": beta, "border": shown(border / rate, 4)}
    values: list[float] = []
    for letter in LETTERS:
        curvature = shown(math.exp(float(rng.uniform(low, high))) / rate, 2)
        if not apart(rate * curvature, border, 0.15) or rate * curvature >= 1.0:
            return None
        values.append(curvature)
        drawn |= {f"{letter}_lambda": curvature, f"{letter}_swings": rate * curvature > border}
    count = sum(bool(drawn[f"{letter}_swings"]) for letter in LETTERS)
    return drawn if 1 <= count <= len(LETTERS) - 1 and len(set(values)) == len(values) else None


def draw_effective(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """The rate of plain descent that momentum amounts to in noise, η/(1 − β)."""
    rate, beta = log_uniform(rng, ranges["rate"]), (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)[int(rng.integers(8))]
    return {
        "rate": rate,
        "beta": beta,
        "effective": rate / (1.0 - beta),
        "same": rate,
        "damped": rate * (1.0 - beta),
        "widened": rate * (1.0 + beta),
    }


CRITICAL = Generator(
    name="momentum.critical",
    about="Critical damping: curvature, rate, product, beta; wrong: root_only, no_root, rest.",
    ranges={"lambda": (0.2, 20.0)},
    draw=draw_critical,
)
SWINGS = Generator(
    name="momentum.swings",
    about="Four directions a to d (_lambda, _swings) at a rate and a beta; border: above it the roots are complex.",
    ranges={"rate": (0.005, 0.1), "beta": (0.5, 0.9)},
    draw=draw_swings,
)
EFFECTIVE = Generator(
    name="momentum.effective",
    about="Momentum as a larger rate: rate, beta, effective; wrong: same, damped, widened.",
    ranges={"rate": (0.0005, 0.05)},
    draw=draw_effective,
)
