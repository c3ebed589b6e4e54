"""The plain loop: optimizers that are not elementwise walk, are judged and meet noise as all others do."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.engine.descent import Gaussian, MiniBatch, Noise, descend, rate_range
from fallline.engine.descent.plain import SurfaceProbe
from fallline.engine.optim import OPTIMIZERS, Elementwise
from fallline.engine.surfaces import SURFACES, Surface, empirical_surface
from tests.engine.descent.whole import Asking, Newton

WHOLE = [kind for kind in OPTIMIZERS.values() if not issubclass(kind, Elementwise)]
X = np.random.default_rng(3).normal(size=(40, 2))
ROWS = empirical_surface(X, X @ [1.0, -1.0] + 0.3)


@pytest.mark.parametrize(
    ("surface", "noise"),
    [
        (SURFACES["rosenbrock"], None),
        (SURFACES["cube"], None),
        (SURFACES["powell"], None),
        (SURFACES["ravine"], Gaussian(0.3)),
        (ROWS, MiniBatch(5)),
    ],
    ids=["plane", "line", "space", "gaussian", "mini_batch"],
)
def test_asking_for_the_gradient_walks_the_path_of_gradient_descent(surface: Surface, noise: Noise | None) -> None:
    """The plain loop and the compiled one agree on path, losses, slopes and verdict; the probe has the step's noise."""
    rate = surface.rate.default
    ours, known = (descend(surface, who, rate=rate, steps=60, noise=noise, seed=2) for who in (Asking(), "gd"))
    assert np.allclose(ours.points, known.points, rtol=1e-9, atol=1e-12)
    assert np.allclose(ours.losses, known.losses, rtol=1e-9, atol=1e-12)
    assert np.allclose(ours.grad_norms, known.grad_norms, rtol=1e-8, atol=1e-12)
    assert (ours.ending.kind, ours.ending.step) == (known.ending.kind, known.ending.step)


def test_hessian_vector_products_are_enough_for_newton() -> None:
    """On a quadratic one full step arrives; on Rosenbrock a few do."""
    for name, steps in (("stiff_bowl", 1), ("tilted_ravine", 1), ("rosenbrock", 8)):
        surface = SURFACES[name]
        trace = descend(surface, Newton(), rate=1.0, steps=steps)
        assert np.abs(trace.points[-1] - surface.minima[0].at).max() < 1e-6, name


def test_a_path_that_runs_away_is_cut_and_named() -> None:
    """At ten times the limit it diverges, and no number of the trace is infinite."""
    trace = descend("bowl", Asking(), rate=10.0, steps=2000)
    assert str(trace.ending.kind) == "diverged"
    assert np.isfinite(trace.points).all()
    assert trace.steps < 2000


def test_the_probe_of_a_noisy_step_is_one_tilted_surface() -> None:
    """Value, gradient and Hessian that it tells belong to one function, so that a line search sees what it follows."""
    surface, added = SURFACES["himmelblau"], np.array([0.7, -0.4])
    probe, w = SurfaceProbe(surface, added), np.array([0.3, 1.1])
    for axis in np.eye(2):
        slope = (probe.value(w + 1e-6 * axis) - probe.value(w - 1e-6 * axis)) / 2e-6
        assert slope == pytest.approx(float(probe.gradient_at(w) @ axis), rel=1e-6)
        bend = (probe.gradient_at(w + 1e-6 * axis) - probe.gradient_at(w - 1e-6 * axis)) / 2e-6
        assert np.allclose(bend, probe.hvp(w, axis), rtol=1e-6)


def test_whoever_is_registered_walks_every_surface() -> None:
    """Each optimizer that is not elementwise, at its own rate, in one, two and ten weights: finite, with a verdict."""
    for kind in [*WHOLE, Asking, Newton]:
        for name in ("square", "ravine", "himmelblau", "rosenbrock_10"):
            surface = SURFACES[name]
            traces = [
                descend(surface, kind(), rate=rate_range(surface, kind).default, steps=25, seed=1) for _ in range(2)
            ]
            assert np.array_equal(traces[0].points, traces[1].points), (kind.name, name)
            assert np.isfinite(traces[0].points).all()
            assert traces[0].ending.sentence.endswith(".")
