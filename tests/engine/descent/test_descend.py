"""Descents: the compiled path against the plain one, step by step, and what is refused."""

from __future__ import annotations

import math
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.descent import Runner, Trace, descend, race, rate_range, sweep
from fallline.engine.optim import KERAS_OPTIMIZERS, OPTIMIZERS, Elementwise, Optimizer
from fallline.engine.schedules import SCHEDULES, Constant, Cosine, Schedule
from fallline.engine.surfaces import SURFACES, Surface

ELEMENTWISE = [kind for kind in OPTIMIZERS.values() if issubclass(kind, Elementwise)]
COMPILED = [*ELEMENTWISE, *(kind for kind in KERAS_OPTIMIZERS.values() if issubclass(kind, Elementwise))]


def _plain(surface: Surface, optimizer: Optimizer, rates: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """The same descent with the optimizer's own step, in NumPy: where it is judged."""
    w = np.array(surface.start)
    points, state = [w], optimizer.init(w)
    for rate, draw in zip(rates, noise, strict=True):
        w, state = optimizer.step(w, surface.gradient(w) + draw, state, float(rate))
        points.append(optimizer.judged(w, state))
    return np.array(points)


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES.keys())
def test_the_compiled_path_is_the_plain_path(surface: Surface) -> None:
    """Every optimizer on every surface walks the path of its own rule in NumPy, and tells its losses and slopes."""
    for kind in ELEMENTWISE:
        rate = rate_range(surface, kind).default
        trace = descend(surface, kind(), Cosine(), rate=rate, start=surface.start, steps=30, noise=0.0)
        plain = _plain(surface, kind(), trace.rates, np.zeros((trace.steps, surface.dimension)))
        away = 1e-9 * surface.diagonal
        assert np.allclose(trace.points, plain, rtol=1e-9, atol=away), kind.name
        assert np.allclose(trace.losses, surface.value(trace.points), rtol=1e-11, atol=1e-12), kind.name
        slopes = np.linalg.norm(surface.gradient(trace.points), axis=-1)
        assert np.allclose(trace.grad_norms, slopes, rtol=1e-9, atol=1e-11), kind.name
        assert np.array_equal(trace.rates, rate * Cosine().factors(30)[: trace.steps])


@pytest.mark.parametrize("kind", COMPILED, ids=[f"{kind.name}-{kind.dialect}" for kind in COMPILED])
def test_on_a_polynomial_the_two_paths_agree_to_the_last_bits(kind: type[Optimizer]) -> None:
    """Compiling reorders nothing: on Rosenbrock 200 steps agree to 1e-13."""
    surface = SURFACES["rosenbrock"]
    rate = 1e-4 if kind.unit == "slope" else 1e-2
    trace = descend(surface, kind(), Constant(), rate=rate, start=surface.start, steps=200)
    assert np.abs(trace.points - _plain(surface, kind(), trace.rates, np.zeros((200, 2)))).max() < 1e-13


def test_schedule_free_is_drawn_where_it_is_judged() -> None:
    """Path, losses and slopes are those of the paper's average x, worked out by three points; a sweep has them too."""
    surface, optimizer, rate = SURFACES["rosenbrock"], OPTIMIZERS["schedule_free"](), 0.05
    trace = descend(surface, optimizer, Cosine(), rate=rate, start=surface.start, steps=300)
    x = z = np.array(surface.start)
    v, total, top = np.zeros(2), 0.0, 0.0
    points = [x]
    for t, step in enumerate(rate * Cosine().factors(300), start=1):
        slope = surface.gradient(0.1 * z + 0.9 * x)
        v = 0.999 * v + 0.001 * slope**2
        z = z - step * slope / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        top = max(top, step)
        total += top**2
        x = x + top**2 / total * (z - x)
        points.append(x)
    assert np.allclose(trace.points, points, rtol=1e-9, atol=1e-9)
    assert np.allclose(trace.losses, surface.value(np.array(points)), rtol=1e-8)
    assert np.allclose(trace.grad_norms, np.linalg.norm(surface.gradient(np.array(points)), axis=-1), rtol=1e-6)
    swept = sweep(surface, optimizer, Cosine(), rates=[rate, 0.01], starts=[surface.start] * 9, steps=300)
    assert np.array_equal(swept.paths[:, :, 0, 4], trace.points.T)


def test_the_shapes_are_those_of_the_contract() -> None:
    """N steps make n + 1 points, losses and slopes and n rates; nothing of a trace can be changed."""
    surface = SURFACES["himmelblau"]
    trace = descend(surface, OPTIMIZERS["adam"](), Constant(), rate=0.1, start=(1.0, -1.0), steps=37)
    assert trace.points.shape == (38, 2)
    assert trace.losses.shape == trace.grad_norms.shape == (38,)
    assert trace.rates.shape == (37,)
    assert trace.steps == 37
    assert all(array.dtype == np.float64 for array in (trace.points, trace.losses, trace.grad_norms, trace.rates))
    assert trace.points[0].tolist() == [1.0, -1.0]
    for array in (trace.points, trace.losses, trace.grad_norms, trace.rates):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def _same(a: Trace, b: Trace) -> bool:
    arrays = ((a.points, b.points), (a.losses, b.losses), (a.grad_norms, b.grad_norms), (a.rates, b.rates))
    return a.ending == b.ending and all(np.array_equal(x, y) for x, y in arrays)


def test_the_same_seed_gives_the_same_bits() -> None:
    """A noisy descent repeated from the same generator is the same; from another it is not."""
    surface = SURFACES["noisy_bowl"]
    traces = [
        descend(
            surface,
            OPTIMIZERS["rmsprop"](),
            Constant(),
            rate=0.05,
            start=surface.start,
            steps=100,
            rng=generator(seed, "noise"),
        )
        for seed in (1, 1, 2)
    ]
    assert _same(traces[0], traces[1])
    assert not np.array_equal(traces[0].points, traces[2].points)


def test_noise_is_added_to_the_gradient_and_the_slope_is_told_without_it() -> None:
    """The noisy path is the plain path under the generator's own draws; the surface's level is the default."""
    surface = SURFACES["noisy_bowl"]
    gd = OPTIMIZERS["gd"]()
    for noise, level in ((None, surface.noise), (0.25, 0.25)):
        trace = descend(surface, gd, Constant(), rate=0.1, start=surface.start, steps=50, noise=noise, rng=generator(7))
        draws = level * generator(7).standard_normal((50, 2))
        assert np.allclose(trace.points, _plain(surface, gd, trace.rates, draws), rtol=1e-13, atol=1e-14)
        assert np.allclose(trace.grad_norms, np.hypot(*surface.gradient(trace.points).T), rtol=1e-13)


def test_all_in_a_race_start_together_and_meet_the_same_noise() -> None:
    """Two equal runners walk one path, and each runner the path it walks alone."""
    surface = SURFACES["ravine"]
    adam = Runner(OPTIMIZERS["adam"](), 0.1, Cosine())
    runners = (adam, Runner(OPTIMIZERS["momentum"](), 0.01), adam)
    traces = race(surface, runners, surface.start, 60, noise=0.5, rng=generator(3))
    assert _same(traces[0], traces[2])
    for runner, trace in zip(runners, traces, strict=True):
        alone = descend(
            surface,
            runner.optimizer,
            runner.schedule,
            rate=runner.rate,
            start=surface.start,
            steps=60,
            noise=0.5,
            rng=generator(3),
        )
        assert _same(trace, alone)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(list(SURFACES.values())),
    st.sampled_from(list(OPTIMIZERS.values())),
    st.sampled_from(list(SCHEDULES.values())),
    st.floats(1e-12, 1e12),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(1, 120),
    st.sampled_from([0.0, 1e-3, 1.0, 1e9]),
)
def test_whatever_is_asked_the_trace_is_finite_and_has_a_verdict(  # noqa: PLR0917 - one for each thing asked
    surface: Surface,
    kind: type[Optimizer],
    schedule: type[Schedule],
    rate: float,
    x: float,
    y: float,
    steps: int,
    noise: float,
) -> None:
    """From any start on the map: finite numbers, matching lengths, one sentence, a step that was taken."""
    start = [low + share * (high - low) for (low, high), share in zip(surface.domain, cycle((x, y)), strict=False)]
    trace = descend(
        surface, kind(), schedule(), rate=rate, start=start, steps=steps, noise=noise, rng=np.random.default_rng(0)
    )
    assert 0 <= trace.steps <= steps
    assert len(trace.points) == len(trace.losses) == len(trace.grad_norms) == trace.steps + 1
    for array in (trace.points, trace.losses, trace.grad_norms, trace.rates):
        assert np.isfinite(array).all()
    assert trace.ending.step is not None
    assert 0 <= trace.ending.step <= steps
    assert trace.ending.sentence.endswith(".")
    assert "nan" not in trace.ending.sentence
    if trace.steps < steps:
        assert trace.ending.kind in {"diverged", "undefined"}


def test_a_run_that_breaks_off_is_kept_up_to_where_it_broke() -> None:
    """Far above the limit the path is cut a thousand half-widths out, and the arrays are as long as the path."""
    surface = SURFACES["bowl"]
    trace = descend(surface, OPTIMIZERS["gd"](), Constant(), rate=1.2, start=surface.start, steps=200)
    assert 0 < trace.steps < 200
    assert np.abs(trace.points[-1]).max() > 3000
    assert np.abs(trace.points[-2]).max() <= 3000


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        ({"rate": 0.0}, "rate"),
        ({"rate": -1.0}, "rate"),
        ({"rate": math.nan}, "rate"),
        ({"rate": math.inf}, "rate"),
        ({"steps": 0}, "steps"),
        ({"steps": 10**9}, "steps"),
        ({"start": (math.nan, 0.0)}, "start"),
        ({"start": (math.inf, 0.0)}, "start"),
        ({"start": (1e300, 0.0)}, "start"),
        ({"start": (0.0, 0.0, 0.0)}, "start"),
        ({"start": ()}, "start"),
        ({"noise": -1.0}, "noise"),
        ({"noise": math.nan}, "noise"),
        ({"noise": math.inf}, "noise"),
        ({"noise": 1.0}, "rng"),
    ],
)
def test_misuse_is_refused_by_name(bad: dict[str, object], path: str) -> None:
    """What is no number, no point, no step or has no generator is refused before anything runs."""
    asked: dict[str, object] = {"rate": 0.1, "start": (1.0, 1.0), "steps": 10} | bad
    with pytest.raises(SpecError, match=rf"^{path}: "):
        descend(SURFACES["bowl"], OPTIMIZERS["gd"](), Constant(), **asked)  # type: ignore[arg-type]
