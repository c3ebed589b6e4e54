"""Questions on sick runs: a log, computed by a real descent, and the name of how it ended."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.course.generators.generator import Generator, Params, Settings, log_uniform, shown

Vector = NDArray[np.float64]
KINDS = ("diverging", "oscillating", "slow", "stalled", "over", "floor")
STEPS, EVERY = 40, 10


@dataclass(frozen=True)
class Log:
    """What a descent of `STEPS` steps leaves behind.

    Attributes:
        losses: at every step.
        slope: length of the last gradient that was used.
        cosine: of the angle between the last two.
    """

    losses: list[float]
    slope: float
    cosine: float


def descend(loss: Callable[[Vector], float], gradient: Callable[[Vector], Vector], start: Vector, rates: Vector) -> Log:
    """Walks down and keeps the log."""
    w, losses, used = start, [loss(start)], []
    for rate in rates:
        used.append(gradient(w))
        w = w - rate * used[-1]
        losses.append(loss(w))
    last, before = used[-1], used[-2]
    length = float(np.linalg.norm(last))
    return Log(losses, length, float(last @ before) / (length * float(np.linalg.norm(before))))


def draw_log(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """A log in which one thing is wrong, and the measurements that tell it from the others."""
    kind = KINDS[int(rng.integers(len(KINDS)))]
    flat = log_uniform(rng, ranges["mu"])
    curvature = np.array([flat, flat * float(rng.uniform(10.0, 30.0))])
    first, rates = _rates(rng, kind, float(curvature[1]))
    start = rng.uniform(1.0, 3.0, 2) * np.where(rng.random(2) < 0.5, 1.0, -1.0)
    if kind == "stalled":
        log = descend(_plateau, _plateau_slope, start * 6.0 / float(np.linalg.norm(start)), rates)
    else:
        noise = 2.0 * math.sqrt(float(curvature[1])) if kind == "floor" else 0.0
        # a floor is reached within the log only where both directions are quick
        both = np.full(2, curvature[1]) if kind == "floor" else curvature
        log = descend(
            lambda w: float(0.5 * (both * w) @ w), lambda w: both * w + noise * rng.standard_normal(2), start, rates
        )
    if not _plain(kind, log):
        return None
    shots = {f"loss_{step}": shown(log.losses[step]) for step in range(0, STEPS + 1, EVERY)}
    measured = {"slope": shown(log.slope, 2), "cosine": round(log.cosine, 2)}
    return {"kind": kind, **shots, **measured, "first_rate": first, "last_rate": shown(float(rates[-1]))}


def _rates(rng: np.random.Generator, kind: str, steep: float) -> tuple[float, Vector]:
    share = {
        "diverging": (2.05, 2.2),
        "oscillating": (1.975, 1.99),
        "slow": (0.004, 0.012),
        "stalled": (0.3, 1.5),
        "over": (1.0, 1.8),
        "floor": (0.4, 0.9),
    }[kind]
    rate = shown(float(rng.uniform(*share)) / steep, 3)
    gamma = float(rng.uniform(0.6, 0.75)) if kind == "over" else 1.0
    return rate, np.asarray(rate * gamma ** np.arange(STEPS), dtype=np.float64)


def _plateau(w: Vector) -> float:
    return float(-np.expm1(-0.5 * w @ w))


def _plateau_slope(w: Vector) -> Vector:
    return np.asarray(np.exp(-0.5 * w @ w) * w)


def _plain(kind: str, log: Log) -> bool:
    """Whether the log shows its kind and no other."""
    start, middle, before, end = (log.losses[step] for step in (0, STEPS // 2, STEPS - EVERY, STEPS))
    change = abs(end - before) / max(before, 1e-300)
    if kind == "diverging":
        return end > 10.0 * start and end > before
    if kind == "oscillating":
        return end < 0.7 * start and change > 0.05 and log.cosine < -0.95
    if kind == "slow":
        return 0.2 * start < end < 0.97 * start and change > 0.005 and log.cosine > 0.99
    if kind == "stalled":
        return change < 1e-4 and log.slope < 1e-4 and end > 0.9
    if kind == "over":
        return change < 1e-3 and log.slope > 0.1 and end > 0.02 * start
    band = (middle, before, end)
    return max(band) < 0.3 * start and max(band) < 30.0 * min(band) and abs(log.cosine) < 0.8 and change > 0.1


LOG = Generator(
    name="sick.log",
    about="A log of forty steps: loss_0 to loss_40 by tens, slope, cosine, first_rate, last_rate, kind (one of KINDS).",
    ranges={"mu": (0.3, 3.0)},
    draw=draw_log,
)
