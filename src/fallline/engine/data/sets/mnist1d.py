"""MNIST-1D (Greydanus and Kobak, 2020): digits as noisy signals of 40 numbers, drawn by the published generator.

Re-implemented after the package `mnist1d` (Apache-2.0), draw for draw: seed 42 gives the published 5,000 signals.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from fallline.engine.data.sets.data import Data, set_apart

TEMPLATES = (
    (5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5),
    (5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5),
    (5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5),
    (5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5),
    (5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5),
    (5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5),
    (5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5),
    (5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5),
    (5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5),
    (5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5),
)
"""The strokes of the ten digits, seen from the side."""
SEED = 42
LENGTH, LONG = 40, 72
PADDING, SHIFT = (36, 60), 48
SCALE, CORRELATED, WHITE, SHEAR = 0.4, 0.25, 2e-2, 0.75
TAUGHT = 4000
"""Of the 5,000, the first 4,000 are published to learn from."""


def _templates() -> NDArray[np.float64]:
    x = np.array(TEMPLATES, dtype=np.float64)
    x -= x.mean(1, keepdims=True)
    x /= x.std(1, keepdims=True)
    return (x - x[:, :1]) / 6.0


def signals(per_class: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Draws so many signals of each digit, in a random order.

    The published stream is NumPy's old one, which a Generator cannot give; it is its own, and touches no other.

    Returns:
        (10 · per_class, 40), of mean 0 and standard deviation 1, and the digits.
    """
    rng, templates = np.random.RandomState(seed), _templates()
    padded = np.empty((10 * per_class, LONG))
    shears, correlated, white = np.empty(len(padded)), np.empty_like(padded), np.empty_like(padded)
    for row in range(len(padded)):
        x = templates[row // per_class] + 1e-8
        zeros = PADDING[0] + int(rng.rand() * (PADDING[1] - PADDING[0] + 1))
        x = np.concatenate([x, np.zeros(zeros)])
        x = np.interp(np.linspace(0, 1, LONG), np.linspace(0, 1, len(x)), x)
        x *= 1 + SCALE * (rng.rand() - 0.5)
        shift = rng.choice(SHIFT)
        padded[row] = np.concatenate([x[-shift:], x[:-shift]])
        correlated[row] = CORRELATED * rng.randn(LONG)
        white[row] = WHITE * rng.randn(LONG)
        shears[row] = SHEAR * (rng.rand() - 0.5)
    drawn = np.where(padded != 0, padded, gaussian_filter1d(correlated, 2, axis=1)) + white
    drawn -= shears[:, None] * np.linspace(-0.5, 0.5, LONG)
    short = _resampled(drawn)
    order = rng.permutation(len(short))
    x, y = short[order], np.repeat(np.arange(10), per_class)[order]
    return (x - x.mean()) / x.std(), y


def _resampled(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Reads each signal at 40 even places, by straight lines."""
    place = np.linspace(0, 1, LENGTH) * (LONG - 1)
    left = np.minimum(place.astype(np.int64), LONG - 2)
    share = place - left
    return np.asarray(signal[:, left] * (1 - share) + signal[:, left + 1] * share)


@cache
def _published() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    x, y = signals(500, SEED)
    return x[:, None].astype(np.float32), y


def mnist1d(rows: int, noise: float, rng: np.random.Generator) -> Data:
    """Returns signals (1, 40) of ten classes; the published test set judges, a fifth of the others choose.

    Args:
        rows: how many of the 4,000 that teach and choose, and a quarter as many that judge.
        noise: standard deviation of what is added to each number.
        rng: where rows, noise and split come from.
    """
    x, y = _published()
    seen = np.sort(rng.permutation(TAUGHT)[:rows])
    judging = np.arange(TAUGHT, TAUGHT + min(len(seen) // 4, len(y) - TAUGHT))
    chosen = np.concatenate([seen, judging])
    x, y = x[chosen], y[chosen]
    if noise:
        x += rng.normal(0.0, noise, x.shape).astype(np.float32)
    train, validation, _ = set_apart(y[: len(seen)], "classes", 0.2, 0.0, rng)
    return Data("mnist1d", "classes", x, y, train, validation, np.arange(len(seen), len(y)), classes=10)
