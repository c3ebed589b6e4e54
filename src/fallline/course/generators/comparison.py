"""Questions on comparing two optimizers over seeds."""

from __future__ import annotations

import math

import numpy as np

from fallline.course.generators.generator import Generator, Params, Settings, shown, whole


def sign_test(wins: int, draws: int) -> float:
    """Returns how often a fair coin comes out so one-sidedly, either way, or more so.

    >>> sign_test(10, 10)
    0.001953125
    """
    ways = sum(math.comb(draws, count) for count in range(max(wins, draws - wins), draws + 1))
    return min(1.0, ways / float(2 ** (draws - 1)))


def draw_sign(rng: np.random.Generator, ranges: Settings) -> Params | None:
    """So many wins of so many seeds; the two-sided p of the sign test is well below 5 % or well above."""
    draws = whole(rng, ranges["seeds"])
    wins = whole(rng, (draws // 2 + 1, draws))
    p = sign_test(wins, draws)
    if 0.03 < p < 0.08 or (wins == draws and rng.random() < 0.5):
        return None
    return {"draws": draws, "wins": wins, "p": shown(100.0 * p, 2), "told": p < 0.05}


SIGN = Generator(
    name="comparison.sign",
    about="Wins of A over B on the same seeds: draws, wins, p (in per cent, sign test), told (below 5 %).",
    ranges={"seeds": (8, 30)},
    draw=draw_sign,
)
