"""Questions on learning-rate schedules: the rate at one step."""

from __future__ import annotations

import math

import numpy as np

from fallline.course.generators.generator import Generator, Params, Settings, log_uniform, whole


def draw_step_decay(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """η₀·γ^⌊t/s⌋: constant between drops."""
    start, factor = log_uniform(rng, ranges["rate"], 1), (0.1, 0.2, 0.3, 0.5)[int(rng.integers(4))]
    every = 5 * whole(rng, (2, 10))
    step = whole(rng, (every + 1, 4 * every))
    if step % every < 0.25 * every:
        return None
    drops = step // every
    return {
        "rate": start,
        "factor": factor,
        "every": every,
        "step": step,
        "drops": drops,
        "value": start * factor**drops,
        "early": start * factor ** (drops + 1),
        "smooth": start * factor ** (step / every),
        "linear": start * factor * drops,
    }


def draw_cosine(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """η₀·(1 + cos(π·t/T))/2 (Loshchilov and Hutter, 2017), without restarts."""
    start, total = log_uniform(rng, ranges["rate"], 1), 10 * whole(rng, (5, 40))
    step = whole(rng, (total // 10, 9 * total // 10))
    share = step / total
    if abs(share - 0.5) < 0.1:
        return None
    value = 0.5 * start * (1.0 + math.cos(math.pi * share))
    return {
        "rate": start,
        "total": total,
        "step": step,
        "value": value,
        "linear": start * (1.0 - share),
        "rising": start - value,
        "full_turn": 0.5 * start * (1.0 + math.cos(2.0 * math.pi * share)),
    }


def draw_exponential(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """η₀·γᵗ."""
    start, gamma = log_uniform(rng, ranges["rate"], 1), round(float(rng.uniform(0.9, 0.99)), 2)
    step = whole(rng, (5, 60))
    value = start * gamma**step
    return {
        "rate": start,
        "gamma": gamma,
        "step": step,
        "value": value,
        "linear": start * gamma * step,
        "once": start * gamma,
        "lost": start - value,
    }


def draw_reach(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """The sum of all rates of an exponential decay, η₀/(1 − γ): it gets no further, however many steps it has."""
    start, gamma = log_uniform(rng, ranges["rate"], 1), round(float(rng.uniform(0.8, 0.995)), 3)
    return {
        "rate": start,
        "gamma": gamma,
        "total": start / (1.0 - gamma),
        "no_rate": 1.0 / (1.0 - gamma),
        "upside_down": start * (1.0 - gamma),
        "divided": start / gamma,
    }


STEP_DECAY = Generator(
    name="schedule.step",
    about="Step decay: rate, factor, every, step, drops, value; wrong: early, smooth, linear.",
    ranges={"rate": (0.01, 1.0)},
    draw=draw_step_decay,
)
COSINE = Generator(
    name="schedule.cosine",
    about="Cosine annealing: rate, total, step, value; wrong: linear, rising, full_turn.",
    ranges={"rate": (0.01, 1.0)},
    draw=draw_cosine,
)
EXPONENTIAL = Generator(
    name="schedule.exponential",
    about="Exponential decay: rate, gamma, step, value; wrong: linear, once, lost.",
    ranges={"rate": (0.01, 1.0)},
    draw=draw_exponential,
)
REACH = Generator(
    name="schedule.reach",
    about="All rates of an exponential decay together: rate, gamma, total; wrong: no_rate, upside_down, divided.",
    ranges={"rate": (0.01, 0.5)},
    draw=draw_reach,
)
