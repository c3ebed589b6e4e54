"""Surfaces: 8 optimizers × 25 rates × 64 starts × 300 steps, every point recorded, on one core.

Against the same in NumPy, as one would write it by hand: all 1,600 members of an optimizer in one array, in place,
buffers reused, no Python but the loop over the steps. First uses are measured in fresh processes, with the compiled
code kept and without.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.figure import Figure
from benchmarks.measure import interleaved, median, ratio, spent

RATES, STARTS, STEPS = 25, 64, 300
NAMES = ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "nadam")
SURFACES_TIMED = ("rosenbrock", "himmelblau", "beale", "ravine", "muller_brown")
FIRST = """
from fallline.engine.descent import descend, sweep
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.schedules import Constant
from fallline.engine.surfaces import SURFACES
for name in {names!r}:
    sweep(SURFACES["rosenbrock"], OPTIMIZERS[name](), Constant(), rates=[1e-3], starts=[(0.5, 0.5)], steps=300)
descend("x^2 + 10*sin(y)", "adam", steps=300)
"""

Floats = NDArray[np.float64]


def figures(quick: bool) -> list[Figure]:
    """Measures the job on each surface, the hand-written NumPy on the first, and first uses."""
    rounds = 5 if quick else 25
    timed = SURFACES_TIMED[:1] if quick else SURFACES_TIMED
    jobs = {name: _ours(name) for name in timed}
    plain = _numpy()
    seconds = interleaved({**jobs, "numpy": plain}, rounds, warm=2)
    against = "8 optimizers × 25 rates × 64 starts × 300 steps, recorded, one core, warm"
    found = [
        Figure(f"{name}, the whole job", median(seconds[name]) * 1000, "ms", "<= 15" if name in SHARED else "", against)
        for name in timed
    ]
    return [
        *found,
        Figure("NumPy by hand, rosenbrock", median(seconds["numpy"]) * 1000, "ms", "", against),
        Figure("times as fast as NumPy", ratio(seconds, "numpy", timed[0]), "", ">= 5", "interleaved, paired rounds"),
        *_first_uses(),
    ]


SHARED = ("rosenbrock", "himmelblau", "beale", "ravine")
"""Surfaces whose rules are compiled as they are; the others run on the machine of expressions."""


def _grid(name: str) -> tuple[list[float], Floats]:
    from fallline.engine.surfaces import SURFACES

    surface = SURFACES[name]
    low, high = np.array(surface.domain).T
    starts = np.random.default_rng(0).uniform(low, high, (STARTS, 2))
    return np.geomspace(surface.rate.low, surface.rate.default, RATES).tolist(), starts


def _ours(name: str) -> Callable[[], object]:
    from fallline.engine.descent import sweep
    from fallline.engine.optim import OPTIMIZERS
    from fallline.engine.schedules import Constant
    from fallline.engine.surfaces import SURFACES

    rates, starts = _grid(name)
    kinds = [OPTIMIZERS[each]() for each in NAMES]
    memory = [np.empty((2, STEPS + 1, RATES, STARTS)) for _ in kinds]

    def run() -> None:
        for kind, out in zip(kinds, memory, strict=True):
            sweep(SURFACES[name], kind, Constant(), rates=rates, starts=starts, steps=STEPS, out=out)

    return run


def _numpy() -> Callable[[], object]:
    """The same job on Rosenbrock by hand."""
    rates, starts = _grid("rosenbrock")
    rate = np.repeat(rates, STARTS)
    first = np.tile(starts, (RATES, 1)).T.copy()
    memory = [np.empty((STEPS + 1, 2, RATES * STARTS)) for _ in NAMES]

    def run() -> None:
        with np.errstate(all="ignore"):
            for name, out in zip(NAMES, memory, strict=True):
                stepper = STEPPERS[name](rate)
                w = first.copy()
                out[0] = w
                for t in range(1, STEPS + 1):
                    stepper(t, w, _rosenbrock(w))
                    out[t] = w

    return run


def _rosenbrock(w: Floats) -> Floats:
    x, y = w
    valley = y - x * x
    g = np.empty_like(w)
    np.multiply(x, valley, out=g[0])
    g[0] *= -400.0
    g[0] -= 2.0
    g[0] += 2.0 * x
    np.multiply(valley, 200.0, out=g[1])
    return g


Stepper = Callable[[int, Floats, Floats], None]


def _gd(rate: Floats) -> Stepper:
    def step(_t: int, w: Floats, g: Floats) -> None:
        g *= rate
        w -= g

    return step


def _momentum(rate: Floats, *, ahead: bool = False) -> Stepper:
    m = np.zeros((2, len(rate)))

    def step(_t: int, w: Floats, g: Floats) -> None:
        np.multiply(m, 0.9, out=m)
        np.add(m, g, out=m)
        if ahead:
            g += 0.9 * m
            g *= rate
            w -= g
        else:
            w -= rate * m

    return step


def _adagrad(rate: Floats) -> Stepper:
    v = np.zeros((2, len(rate)))

    def step(_t: int, w: Floats, g: Floats) -> None:
        np.add(v, g * g, out=v)
        scale = np.sqrt(v)
        scale += 1e-10
        g *= rate
        g /= scale
        w -= g

    return step


def _rmsprop(rate: Floats) -> Stepper:
    v = np.zeros((2, len(rate)))

    def step(_t: int, w: Floats, g: Floats) -> None:
        np.multiply(v, 0.99, out=v)
        np.add(v, 0.01 * (g * g), out=v)
        scale = np.sqrt(v)
        scale += 1e-8
        g *= rate
        g /= scale
        w -= g

    return step


def _adam(rate: Floats, *, decay: float = 0.0) -> Stepper:
    m, v = np.zeros((2, len(rate))), np.zeros((2, len(rate)))

    def step(t: int, w: Floats, g: Floats) -> None:
        np.multiply(m, 0.9, out=m)
        np.add(m, 0.1 * g, out=m)
        np.multiply(v, 0.999, out=v)
        np.add(v, 0.001 * (g * g), out=v)
        scale = np.sqrt(v)
        scale *= 1.0 / np.sqrt(1.0 - 0.999**t)
        scale += 1e-8
        if decay:
            w -= (decay * rate) * w
        move = m * (1.0 / (1.0 - 0.9**t))
        move *= rate
        move /= scale
        w -= move

    return step


def _nadam(rate: Floats) -> Stepper:
    m, v, products = np.zeros((2, len(rate))), np.zeros((2, len(rate))), [1.0]

    def step(t: int, w: Floats, g: Floats) -> None:
        now, following = (0.9 * (1.0 - 0.5 * 0.96 ** (at * 0.004)) for at in (t, t + 1))
        products.append(products[-1] * now)
        np.multiply(m, 0.9, out=m)
        np.add(m, 0.1 * g, out=m)
        np.multiply(v, 0.999, out=v)
        np.add(v, 0.001 * (g * g), out=v)
        scale = np.sqrt(v)
        scale *= 1.0 / np.sqrt(1.0 - 0.999**t)
        scale += 1e-8
        g *= (1.0 - now) / (1.0 - products[-1])
        g += (following / (1.0 - products[-1] * following)) * m
        g *= rate
        g /= scale
        w -= g

    return step


STEPPERS: dict[str, Callable[[Any], Stepper]] = {
    "gd": _gd,
    "momentum": _momentum,
    "nesterov": lambda rate: _momentum(rate, ahead=True),
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": lambda rate: _adam(rate, decay=0.01),
    "nadam": _nadam,
}


def _first_uses() -> Iterator[Figure]:
    """The first sweep of eight optimizers and a first formula, in a fresh process."""
    with TemporaryDirectory() as folder:
        # no kernel is found beside the sources, and those kept come to lie in a folder of their own
        environment = {"NUMBA_CACHE_DIR": str(Path(folder) / "kept"), **_one_thread()}
        command = [sys.executable, "-c", FIRST.format(names=NAMES)]
        cold = spent(command, environment=environment)
        warm = [spent(command, environment=environment) for _ in range(3)]
    if cold.code or any(each.code for each in warm):
        raise RuntimeError("a first use in a fresh process failed")
    conditions = "fresh process, eight optimizers on a surface and a formula, imports included"
    yield Figure("first use, kernels not kept", cold.seconds, "s", "<= 20", conditions)
    yield Figure("first use, kernels kept", median([each.seconds for each in warm]), "s", "<= 2", conditions)


def _one_thread() -> dict[str, str]:
    return dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1") | {
        "PYTHONPATH": os.pathsep.join(sys.path)
    }
