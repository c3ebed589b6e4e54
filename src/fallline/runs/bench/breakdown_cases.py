"""Mechanisms of breakdowns that were written up, each over all strengths of its cause at once, sick and mended.

They are the mechanisms alone, with one weight where one shows it, and not the systems that broke. Each takes the draws,
the strengths of the cause (n,), and whether it is mended, and gives the measure of failure by step, (steps + 1, n): ∞
where it is no number any more, NaN behind its end where it is shorter than others. Lower is better in all of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def adam(rng: np.random.Generator, strength: Array, *, mended: bool) -> Array:
    """Adam leaves the best point of a convex problem for the worst one (Reddi, Kale and Kumar, 2018, theorem 1).

    Every third loss is 3x, the others are −x, on [−1, 1]: the best x is −1, where it starts. β₁ = 0, rate 0.3/√t, and
    the strength is 1 − β₂. Given is the distance from −1. Mended, it divides by the largest mean square so far, as
    AMSGrad does.
    """
    del rng
    x, v, top = np.full((3, len(strength)), [[-1.0], [0.0], [0.0]])
    course = [x + 1.0]
    for t in range(1, 301):
        g = 3.0 if t % 3 == 1 else -1.0
        v = v + strength * (g * g - v)
        top = np.maximum(top, v) if mended else v
        corrected = top / (1.0 - (1.0 - strength) ** t)
        x = np.clip(x - 0.3 / t**0.5 * g / np.sqrt(corrected), -1.0, 1.0)
        course.append(x + 1.0)
    return np.array(course)


def penalty(rng: np.random.Generator, strength: Array, *, mended: bool) -> Array:
    """An L2 penalty in Adam's slope spares the weights with large slopes (Loshchilov and Hutter, 2019).

    200 weights of 1 meet slopes of pure noise, of the size given: nothing but the penalty of 0.1 pulls on them. The
    measure is the mean of what is left of them. Mended, decay stands beside the division, as in AdamW.
    """
    w = np.ones((len(strength), 200))
    m, v = np.zeros_like(w), np.zeros_like(w)
    course = [np.abs(w.mean(axis=1))]
    for t in range(1, 301):
        g = strength[:, None] * rng.standard_normal(200) + (0.0 if mended else 0.1 * w)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        step = m / (1.0 - 0.9**t) / (np.sqrt(v / (1.0 - 0.999**t)) + 1e-8)
        w = (1.0 - 0.03 * 0.1 if mended else 1.0) * w - 0.03 * step
        course.append(np.abs(w.mean(axis=1)))
    return np.array(course)


def cliff(rng: np.random.Generator, strength: Array, *, mended: bool) -> Array:
    """One weight used T times over is a cliff, and its gradient throws the run away (Pascanu, Mikolov, Bengio, 2013).

    The output is w to the power T, and should be one half; w starts at 1.15, rate 0.02. Mended, the gradient is cut to
    the length 1.
    """
    del rng
    w, course = np.full_like(strength, 1.15), []
    with np.errstate(all="ignore"):
        for _ in range(201):
            course.append(_told(np.abs(w**strength - 0.5)))
            g = strength * w ** (strength - 1.0) * (w**strength - 0.5)
            w = w - 0.02 * (np.clip(g, -1.0, 1.0) if mended else g)
    return np.array(course)


def _told(values: Array) -> Array:
    """What is no number any more counts as infinite."""
    return np.nan_to_num(values, nan=np.inf)


def half(rng: np.random.Generator, strength: Array, *, mended: bool) -> Array:
    """Gradients below the smallest number of float16 are zero, and nothing moves (Micikevicius and others, 2018).

    The loss is s(w − 1)²/2, the rate 0.1/s, the weight itself float64; only the gradient passes through float16.
    Mended, the loss is multiplied by 4,096 before and the gradient divided by it after.
    """
    del rng
    w, scale = np.zeros_like(strength), 4096.0 if mended else 1.0
    course = [np.abs(w - 1.0)]
    for _ in range(60):
        g = (scale * strength * (w - 1.0)).astype(np.float16).astype(np.float64) / scale
        w = w - 0.1 / strength * g
        course.append(np.abs(w - 1.0))
    return np.array(course)


def logarithm(rng: np.random.Generator, strength: Array, *, mended: bool) -> Array:
    """The log of a probability that was rounded to 0 is −∞, and its slope no number (Blanchard and others, 2021).

    Logistic regression in float32, one label in ten wrong, on inputs of the size given; probability first, logarithm
    after. Mended, both are one function of the score, as in every library's loss "with logits".
    """
    x, sure = rng.standard_normal(60), rng.random(60) > 0.1
    y = ((x > 0.0) == sure).astype(np.float32)
    inputs = (strength[:, None] * x).astype(np.float32)
    w, course = np.zeros((len(strength), 1), np.float32), []
    one, rate = np.float32(1.0), np.float32(0.1)
    with np.errstate(all="ignore"):
        for _ in range(41):
            z = w * inputs
            p = one / (one + np.exp(-z))
            if mended:
                loss, g = np.logaddexp(np.float32(0.0), z) - y * z, p - y
            else:
                loss = -y * np.log(p) - (one - y) * np.log(one - p)
                g = (-y / p + (one - y) / (one - p)) * (p * (one - p))
            course.append(_told(loss.mean(axis=1)))
            w = w - rate * (g * inputs).mean(axis=1, keepdims=True, dtype=np.float32)
    return np.array(course, dtype=np.float64)


def dead(rng: np.random.Generator, strength: Array, *, mended: bool) -> Array:
    """Deep narrow ReLU nets are born dead: one layer of zeros, and no input comes through (Lu and others, 2020).

    600 nets of three units a layer, weights drawn as He and others do, biases zero, 20 inputs; given is the share whose
    output is the same for all of them, layer by layer. Mended, a unit lets a tenth through below zero.
    """
    values = rng.standard_normal((600, 20, 3))
    course = [np.zeros(600)]
    for _ in range(int(strength.max())):
        z = values @ (rng.standard_normal((600, 3, 3)) * (2.0 / 3.0) ** 0.5)
        values = np.where(z > 0.0, z, 0.1 * z if mended else 0.0)
        course.append(np.ptp(values, axis=1).max(axis=1) == 0.0)
    shares = np.mean(course, axis=1)
    layers = np.arange(len(shares))[:, None]
    return np.where(layers <= strength, shares[:, None], np.nan)


def batch_norm(rng: np.random.Generator, strength: Array, *, mended: bool) -> Array:
    """Batch norm takes its mean and spread from the batch, and of one or two rows these tell nothing (Wu and He, 2018).

    One normalised unit with slope and offset learns y = z; given is its squared error over the last steps, y having the
    variance 1. The strength is minus the batch. Mended, mean and spread are running averages, as Ioffe (2017) proposes.
    """
    n = len(strength)
    inside = np.arange(64)[None, :] < -strength[:, None]
    count = inside.sum(axis=1)
    a, c, error = np.ones(n), np.zeros(n), np.ones(n)
    mean_so_far, square_so_far = np.zeros(n), np.ones(n)
    course = [error]
    for _ in range(300):
        z = np.where(inside, 2.0 + rng.standard_normal(64), 0.0)
        mean, square = z.sum(axis=1) / count, (z * z).sum(axis=1) / count
        mean_so_far = 0.98 * mean_so_far + 0.02 * mean
        square_so_far = 0.98 * square_so_far + 0.02 * square
        used, second = (mean_so_far, square_so_far) if mended else (mean, square)
        spread = np.sqrt(np.maximum(second - used**2, 0.0) + 1e-5)
        unit = (z - used[:, None]) / spread[:, None]
        off = np.where(inside, a[:, None] * unit + c[:, None] - (z - 2.0), 0.0)
        a = a - 0.02 * (off * unit).sum(axis=1) / count
        c = c - 0.02 * off.sum(axis=1) / count
        error = 0.95 * error + 0.05 * (off * off).sum(axis=1) / count
        course.append(error)
    return np.array(course)
