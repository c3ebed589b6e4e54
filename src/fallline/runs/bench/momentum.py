"""Stage ``momentum``: the heavy ball on a spectrum, each eigenvector by itself: theory, measurement, the best."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from fallline.engine.descent.heavy_ball import Array, Best, best_of, decay_of, measured_decay, regime_of
from fallline.runs.bench.net_spectrum import LANCZOS_STEPS, NetSpectrum, net_spectrum
from fallline.runs.bench.short import short
from fallline.runs.spec.momentum import MomentumSpec
from fallline.runs.stage import Context, Output

ACROSS, UP, CURVE = 49, 37, 97
"""Points of the plane of α·λmax and β, and of the curve over λ."""
WIDEST = 4.0
"""α·λmax at the right edge of the plane: nothing is stable beyond."""
SHOWN = 6
"""Eigenvectors whose error is drawn."""
GONE = 1e-3
"""What keeps less than this of an error at a step is drawn as this."""
CEILING = 1e6
"""A running-away error is drawn up to here."""


def momentum(context: Context) -> Output:
    """Runs the heavy ball along every eigenvector."""
    spec = context.spec
    assert isinstance(spec, MomentumSpec)  # noqa: S101 - only this kind has this stage
    net = net_spectrum(spec.trained, spec.seed) if spec.spectrum == "net" else None
    curvatures = _curvatures(spec, net)
    low, high = float(curvatures[0]), float(curvatures[-1])
    rate, beta = spec.place[0] / high, spec.place[1]
    best = best_of(low, high)
    theory = decay_of(curvatures, rate, beta)
    measured = np.array(_measured(tuple(curvatures.tolist()), rate, beta))
    part: dict[str, Any] = {
        "spectrum": spec.spectrum,
        "net": None if net is None else _told(net),
        "low": low,
        "high": high,
        "condition": high / low,
        "place": list(spec.place),
        "rate": rate,
        "beta": beta,
        "limit": 2.0 * (1.0 + beta),
        **_verdict(curvatures, theory, measured, rate, beta, best),
        "best": {"place": [best.rate * high, best.beta], "rate": best.rate, "beta": best.beta, "decay": best.decay,
                 "plain": best.plain},
        "eigenvectors": _each(curvatures, theory, measured, rate, beta),
        "curve": _curve(low, high, rate, beta),
        "plane": list(_plane(high / low)),
        **_walked(context, spec, curvatures, rate, beta),
    }  # fmt: skip
    return Output(part)


def _curvatures(spec: MomentumSpec, net: NetSpectrum | None) -> Array:
    if net is not None:
        return np.array(net.curved)
    if spec.spectrum == "typed":
        return np.sort(np.array(spec.typed))
    low, high = min(spec.low, spec.high), max(spec.low, spec.high)
    return (np.linspace if spec.spectrum == "even" else np.geomspace)(low, high, spec.count)


@lru_cache(maxsize=512)
def _measured(curvatures: tuple[float, ...], rate: float, beta: float) -> tuple[float, ...]:
    return tuple(measured_decay(np.array(curvatures), rate, beta).tolist())


def _told(net: NetSpectrum) -> dict[str, Any]:
    return {"weights": net.weights, "loss": net.loss, "flat": net.flat, "down": net.down, "products": LANCZOS_STEPS}


def _verdict(curvatures: Array, theory: Array, measured: Array, rate: float, beta: float, best: Best) -> dict[str, Any]:
    """The slowest eigenvector decides: its decay by theory and measured, and how fast that is beside the best."""
    slowest = int(np.argmax(theory))
    decay, seen = float(theory[slowest]), float(measured.max())
    regimes = [regime_of(float(each), rate, beta) for each in curvatures]
    return {
        "decay": decay,
        "measured": seen,
        "apart": abs(seen / decay - 1.0) if decay > 0 else 0.0,
        "slowest": float(curvatures[slowest]),
        "slowest_is": "low" if slowest == 0 else "high" if slowest == len(curvatures) - 1 else "inner",
        "regimes": {name: regimes.count(name) for name in ("creeps", "swings", "flips", "diverges")},
        "regime": regimes[slowest],
        "count": len(curvatures),
        "speed": _speed(decay, best),
        "tenfold": math.log(10.0) / -math.log(decay) if 0.0 < decay < 1.0 else None,
        "gain": _speed(best.plain, best),
    }


def _speed(decay: float, best: Best) -> float:
    """The decimals that a step wins, as a share of the best; 0 where it wins none."""
    if decay >= 1.0:
        return 0.0
    if best.decay <= 0.0 or decay <= 0.0:
        return 1.0 if decay <= best.decay else 0.0
    return math.log(decay) / math.log(best.decay)


def _each(curvatures: Array, theory: Array, measured: Array, rate: float, beta: float) -> list[dict[str, Any]]:
    return [
        {"curvature": float(each), "decay": float(said), "measured": float(seen),
         "regime": regime_of(float(each), rate, beta)}
        for each, said, seen in zip(curvatures, theory, measured, strict=True)
    ]  # fmt: skip


def _curve(low: float, high: float, rate: float, beta: float) -> dict[str, Any]:
    x = np.geomspace(0.5 * low, 1.5 * high, CURVE)
    return {"x": short(x), "y": short(decay_of(x, rate, beta)), "critical": (1.0 - math.sqrt(beta)) ** 2 / rate}


@lru_cache(maxsize=256)
def _plane(condition: float) -> tuple[float | None, ...]:
    """The speed of the slowest eigenvector as a share of the best, over α·λmax and β; None where it runs away.

    Between two curvatures none is slower than both.
    """
    across, up = np.meshgrid(np.linspace(0.0, WIDEST, ACROSS), np.linspace(0.0, 0.999, UP))
    worst = np.maximum(decay_of(1.0, across, up), decay_of(1.0 / condition, across, up))
    fastest = math.log(max(best_of(1.0, condition).decay, GONE))
    shares = np.maximum(np.log(np.maximum(worst, GONE)) / fastest, 0.0)
    beyond = (worst > 1.0 + 1e-9).ravel()
    return tuple(None if gone else share + 0.0 for gone, share in zip(beyond, short(shares.ravel()), strict=True))


def _walked(context: Context, spec: MomentumSpec, curvatures: Array, rate: float, beta: float) -> dict[str, Any]:
    """The errors of some eigenvectors and the whole loss, step by step, each error starting at 1."""
    noise = context.rng("noise").standard_normal((spec.steps, len(curvatures))) * spec.noise
    error, speed = np.ones(len(curvatures)), np.zeros(len(curvatures))
    errors = np.empty((spec.steps + 1, len(curvatures)))
    errors[0] = error
    for step in range(spec.steps):
        speed = beta * speed + curvatures * error + noise[step]
        error = np.clip(error - rate * speed, -CEILING, CEILING)
        speed = np.clip(speed, -CEILING / rate, CEILING / rate)
        errors[step + 1] = error
    losses = 0.5 * (errors**2) @ curvatures
    picked = np.unique(np.linspace(0, len(curvatures) - 1, min(SHOWN, len(curvatures))).round().astype(int))
    late = losses[-max(spec.steps // 5, 1) :]
    return {
        "errors": [{"curvature": float(curvatures[each]), "sizes": short(np.abs(errors[:, each]))} for each in picked],
        "losses": short(losses),
        "late_loss": float(late.mean()),
        "floor": _floor(curvatures, rate, beta, spec.noise),
        "plain_floor": _floor(curvatures, rate, 0.0, spec.noise),
    }


def _floor(curvatures: Array, rate: float, beta: float, noise: float) -> float | None:
    """The loss around which noise keeps it, by the Yule–Walker equations; see `fallline.engine.descent.floor`."""
    if noise == 0.0 or rate * float(curvatures[-1]) >= 2.0 * (1.0 + beta):
        return None
    shares = rate * noise**2 * (1.0 + beta) / (2.0 * (1.0 - beta) * (2.0 * (1.0 + beta) - rate * curvatures))
    return float(shares.sum())
