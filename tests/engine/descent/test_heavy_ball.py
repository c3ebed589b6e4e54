"""The heavy ball, exactly: roots against NumPy's, theory against measurement, the best against a search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.engine.descent import Runner, race
from fallline.engine.descent.heavy_ball import best_of, decay_of, measured_decay, regime_of
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.surfaces import family

BETAS = st.one_of(st.just(0.0), st.floats(0.0, 0.999))


@given(st.floats(0.01, 4.5), BETAS)
@settings(max_examples=60)
def test_the_decay_is_the_larger_root(product: float, beta: float) -> None:
    """Of z² − (1 + β − αλ)z + β, found by NumPy."""
    roots = np.roots([1.0, -(1.0 + beta - product), beta])
    assert float(decay_of(product, 1.0, beta)) == pytest.approx(float(np.abs(roots).max()), rel=1e-6, abs=1e-9)


@given(st.lists(st.floats(-3.0, 3.0), min_size=1, max_size=20), st.floats(0.01, 4.0), BETAS)
@settings(max_examples=60, deadline=None)
def test_theory_and_measurement_agree_within_one_percent(powers: list[float], product: float, beta: float) -> None:
    """On any spectrum, at any rate and memory: creeping, swinging, flipping, running away."""
    eigenvalues = np.sort(10.0 ** np.array(powers))
    rate = product / eigenvalues[-1]
    theory = float(decay_of(eigenvalues, rate, beta).max())
    measured = float(measured_decay(eigenvalues, rate, beta).max())
    assert abs(measured - theory) <= 0.01 * theory + 1e-3  # what is gone in two steps has no decay to fit


def test_what_is_measured_is_the_registered_momentum() -> None:
    """The engine's own optimizer on a bowl with the same curvatures: the errors at each step, and their decay."""
    surface = family("bowl", dimension=5, condition=50.0)
    trace = race(surface, [Runner(OPTIMIZERS["momentum"](momentum=0.7), 0.03)], (1.0,) * 5, 400)[0]
    slowest = np.abs(trace.points[:, 0])
    assert (slowest[300] / slowest[100]) ** (1 / 200) == pytest.approx(
        float(measured_decay(np.array([1.0]), 0.03, 0.7)[0]), rel=1e-3
    )


@pytest.mark.parametrize("condition", [1.5, 10.0, 100.0, 1e4])
def test_no_other_rate_and_memory_are_better_than_the_best(condition: float) -> None:
    """A fine search around finds none; the closed form is at the edge of swinging at both ends."""
    best = best_of(2.0, 2.0 * condition)
    ends = np.array([2.0, 2.0 * condition])
    assert float(decay_of(ends, best.rate, best.beta).max()) == pytest.approx(best.decay, abs=1e-6)
    across, up = np.meshgrid(
        best.rate * np.linspace(0.5, 1.5, 101), np.clip(best.beta + np.linspace(-0.2, 0.2, 101), 0, 0.9999)
    )
    worst = np.maximum(decay_of(2.0, across, up), decay_of(2.0 * condition, across, up))
    assert float(worst.min()) >= best.decay - 1e-6
    rates = np.linspace(0.01, 1.0, 2001) * 2.0 / (2.0 * condition)
    plain = np.maximum(decay_of(2.0, rates, 0.0), decay_of(2.0 * condition, rates, 0.0))
    assert float(plain.min()) == pytest.approx(best.plain, rel=1e-3)


@pytest.mark.parametrize(
    ("product", "beta", "regime"),
    [(0.5, 0.0, "creeps"), (1.5, 0.0, "flips"), (2.1, 0.0, "diverges"), (0.5, 0.9, "swings"), (3.9, 0.9, "diverges"),
     (3.75, 0.9, "swings"), (0.001, 0.5, "creeps")],
)  # fmt: skip
def test_regimes(product: float, beta: float, regime: str) -> None:
    """By the roots: real above zero, real below, complex, outside the circle."""
    assert regime_of(product, 1.0, beta) == regime
