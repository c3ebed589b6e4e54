"""The learning-rate finder on a perceptron of the population engine: all sweeps at once, without torch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.optim import Adam, Elementwise, GradientDescent, Momentum
from fallline.engine.schedules import AnnealExponential
from fallline.engine.train.finder.finding import RateFinding, SweepTrace
from fallline.engine.train.finder.rules import smoothed
from fallline.engine.train.finder.two_layers import TwoLayers
from fallline.engine.train.finder.verdict import concluded

LOOKS = 10
"""Places along a sweep at which curvature is measured."""
Numbers = NDArray[np.float64]
Rows = tuple[NDArray[np.float32], NDArray[np.int64]]


def find_rate_of_population(
    sizes: tuple[int, int, int],
    rows: Rows,
    optimizer: Elementwise,
    *,
    low: float,
    high: float,
    steps: int = 100,
    seeds: int = 5,
    seed: int = 0,
    batch: int = 8,
    smoothing: float = 0.98,
    blow_up: float = 4.0,
) -> RateFinding:
    """Sweeps the rate over a perceptron with one hidden tanh layer, and reads the five rules off the sweeps.

    As `find_rate` does of a module: a step at each rate, the same first weights in every sweep, an order of the rows of
    its own.

    Args:
        sizes: inputs, hidden units and classes.
        rows: inputs and classes.
        optimizer: gradient descent, momentum or Adam.
        low: the lowest rate.
        high: about the highest.
        steps: rates, evenly spaced on a logarithmic axis.
        seeds: how many sweeps.
        seed: of the first weights, and of the first order.
        batch: rows of a step.
        smoothing: share of the past in the running mean of the loss.
        blow_up: a sweep counts up to where the running mean is so many times its lowest value.
    """
    from fallline.engine.train.population import Member, Perceptron, population  # Numba, for those who sweep

    schedule = AnnealExponential(low / high, 1.0)
    rates = high * schedule.factors(steps)
    members = [Member(optimizer, high, schedule, seed, "xavier", order=seed + k) for k in range(seeds)]
    now = population(Perceptron(sizes, "tanh"), rows, members, steps=steps, batch=batch)
    rng = np.random.default_rng(seed)
    looks: list[list[tuple[float, float]]] = [[] for _ in range(seeds)]
    every = max(1, steps // LOOKS)
    for step in range(every // 2, steps, every):
        now = now.advance(step - int(now.taken.max()))
        if len(now.moving) < seeds:
            break  # one has left the numbers; what the others curve is of no use to anybody
        for k, limit in enumerate(_limits(now, optimizer, rng)):
            looks[k] += [(float(rates[step]), limit)] if math.isfinite(limit) else []
    if len(now.moving):
        now = now.advance()
    sweeps = [_trace(rates, row, each, smoothing, blow_up) for row, each in zip(now.losses, looks, strict=True)]
    return concluded([float(rate) for rate in rates], sweeps, looked=True, known=True)


def _trace(rates: Numbers, losses: Numbers, looks: list[tuple[float, float]], share: float, over: float) -> SweepTrace:
    """A sweep up to where it blew up; a step after that is as if it had not been taken."""
    broken = np.flatnonzero(~np.isfinite(losses))
    whole = int(broken[0]) if broken.size else len(losses)
    smooth = smoothed(losses[:whole].tolist(), share)
    lowest = np.minimum.accumulate(smooth) if whole else smooth
    blown = np.flatnonzero(smooth > lowest + (over - 1.0) * np.abs(lowest))
    last = int(blown[0]) + 1 if blown.size else whole
    kept = tuple(look for look in looks if look[0] <= rates[max(last - 1, 0)])
    return SweepTrace(
        rates=tuple(rates[:last].tolist()),
        losses=tuple(losses[:last].tolist()),
        smooth=tuple(smooth[:last].tolist()),
        looks=kept,
        blew_up=last < len(losses) or whole < len(losses),
    )


def _limits(now: Any, optimizer: Elementwise, rng: np.random.Generator) -> list[float]:
    """The largest stable rate of each net on its coming batch; infinity where nothing curves upwards."""
    from fallline.engine.train.population.order import epoch_order  # Numba, as above
    from fallline.engine.train.population.orders import key_of

    task, taken = now.trainer.task, int(now.taken[0])
    at = taken % task.epoch * task.batch
    rows = [epoch_order(key_of(each), taken // task.epoch, task.rows)[at : at + task.batch] for each in now.members]
    layers = [now.weights(k) for k in range(len(now.members))]
    (w1, b1), (w2, b2) = (
        tuple(np.stack([each[i][j] for each in layers]).astype(float) for j in (0, 1)) for i in (0, 1)
    )
    nets = TwoLayers((w1, b1, w2, b2), task.x[np.stack(rows)].astype(float), task.y[np.stack(rows)])
    found = nets.sharpness(_divide(now, optimizer, nets.gradient(), taken), rng)
    product = _largest_product(optimizer)
    return [product / each if each > 0.0 else math.inf for each in found]


def _largest_product(optimizer: Elementwise) -> float:
    """The largest stable rate times the largest preconditioned curvature; see `curvature.largest_product`."""
    if isinstance(optimizer, Adam):
        return 2.0 * (1.0 + optimizer.beta1) / (1.0 - optimizer.beta1)
    return 2.0 * (1.0 + (optimizer.momentum if isinstance(optimizer, Momentum) else 0.0))


def _divide(now: Any, optimizer: Elementwise, gradient: NDArray[np.float64], taken: int) -> NDArray[np.float64]:
    """What the coming step is divided by: of Adam the root of its mean square, of the others nothing."""
    if not isinstance(optimizer, Adam):
        assert isinstance(optimizer, GradientDescent | Momentum)  # noqa: S101 - no other limit is known here
        return np.ones_like(gradient)
    length = now.trainer.length
    squares = [each.reshape(-1)[now.trainer.moving : 2 * now.trainer.moving] for each in now.fleet.memories]
    packed = [now.trainer.parts(np.pad(each, (0, length - len(each)))) for each in squares]
    flat = np.stack([np.concatenate([part.ravel() for layer in parts for part in layer]) for parts in packed])
    mean = optimizer.beta2 * flat + (1.0 - optimizer.beta2) * gradient**2
    return np.asarray(np.sqrt(mean / (1.0 - optimizer.beta2 ** (taken + 1))) + optimizer.epsilon)
