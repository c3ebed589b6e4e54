"""Generators: the numbers of an item's variant, drawn from a seed. One file per subject; each is a pure function."""

from __future__ import annotations

from fallline.course.generators import (
    adaptive,
    comparison,
    framing,
    game,
    gradient,
    momentum,
    noise,
    quadratic,
    saddle,
    scaling,
    schedule,
    sick,
)
from fallline.course.generators.generator import Generator, Params, Settings

GENERATORS: dict[str, Generator] = {
    generator.name: generator
    for generator in (
        gradient.STEP,
        quadratic.STABLE_STEP,
        quadratic.OUTCOME,
        quadratic.GD_STEPS,
        quadratic.CONDITION,
        quadratic.HEAVY_BALL,
        saddle.CLASSIFY,
        saddle.SHARE,
        noise.FLOOR,
        noise.BATCH,
        noise.LOWER,
        scaling.LINEAR,
        schedule.STEP_DECAY,
        schedule.COSINE,
        schedule.EXPONENTIAL,
        schedule.REACH,
        sick.LOG,
        game.RADIUS,
        momentum.CRITICAL,
        momentum.SWINGS,
        momentum.EFFECTIVE,
        adaptive.FIRST_STEP,
        adaptive.SCALED_LOSS,
        adaptive.DECAY,
        adaptive.DROP,
        comparison.SIGN,
        framing.MODELS,
        framing.PRICE,
    )
}
"""Name → generator. Items, the content check and the docs read this dict."""

__all__ = ["GENERATORS", "Generator", "Params", "Settings"]
