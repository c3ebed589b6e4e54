"""Critical points, conditioning and Lipschitz constants against what calculus and the literature say."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.engine.surfaces import (
    SURFACES,
    CriticalKind,
    Surface,
    critical_points,
    expression_surface,
    family,
    lipschitz_constant,
)

SMOOTH = [surface for surface in SURFACES.values() if surface.dimension <= 2 and surface.name != "ackley"]


@pytest.mark.parametrize("surface", SMOOTH, ids=[surface.name for surface in SMOOTH])
def test_every_known_minimum_is_found_and_named_so(surface: Surface) -> None:
    """The search finds each known minimum, calls it no saddle, and the first found is the lowest known."""
    points = critical_points(surface)
    for minimum in surface.minima:
        near = [p for p in points if math.dist(p.at, minimum.at) < 1e-4 * surface.diagonal]
        assert len(near) == 1
        assert near[0].kind in {CriticalKind.MINIMUM, CriticalKind.DEGENERATE}
        assert near[0].value == pytest.approx(minimum.value, abs=1e-9)
    for point in points:
        hessian = surface.hessian(point.at)
        scale = 1 + np.abs(hessian).max() * surface.diagonal
        assert np.abs(surface.gradient(point.at)).max() < 1e-8 * scale


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("himmelblau", {"minimum": 4, "saddle": 4, "maximum": 1}),
        ("three_hump_camel", {"minimum": 3, "saddle": 2}),
        ("six_hump_camel", {"minimum": 6, "saddle": 7, "maximum": 2}),
        ("styblinski_tang", {"minimum": 4, "saddle": 4, "maximum": 1}),
        ("goldstein_price", {"minimum": 4, "saddle": 4, "maximum": 1}),
        ("muller_brown", {"minimum": 3, "saddle": 2}),
        ("peaks", {"minimum": 3, "saddle": 3, "maximum": 3}),
        ("saddle", {"saddle": 1}),
        ("monkey_saddle", {"degenerate": 1}),
        ("cubic", {"minimum": 1, "maximum": 1}),
        ("sine", {"minimum": 2, "maximum": 2}),
    ],
)
def test_the_census_of_a_surface_is_that_of_the_literature(name: str, counts: dict[str, int]) -> None:
    """Minima, saddles and maxima are counted as Morse theory and the papers count them."""
    assert Counter(str(point.kind) for point in critical_points(SURFACES[name])) == counts


def test_indices_count_the_ways_down() -> None:
    """In three weights a saddle has one or two directions that lead down."""
    surface = expression_surface("(w1^2-1)^2 + (w2^2-1)^2 + (w3^2-1)^2", domain=((-2, 2),) * 3)
    points = critical_points(surface, 1500)
    assert Counter(point.index for point in points) == {0: 8, 1: 12, 2: 6, 3: 1}
    assert points[0].condition == pytest.approx(1.0)
    assert points[0].eigenvalues == pytest.approx((8.0, 8.0, 8.0))


def test_conditioning_is_the_ratio_of_curvatures() -> None:
    """On a bowl of a given conditioning the critical point has it, whatever the rotation."""
    for rotation in (0.0, 17.0):
        (point,) = critical_points(family("bowl", dimension=5, condition=1000.0, rotation=rotation))
        assert point.condition == pytest.approx(1000.0, rel=1e-9)
    assert critical_points(SURFACES["monkey_saddle"])[0].condition == math.inf


@pytest.mark.parametrize("starts", [0, -1, 10**6])
def test_a_search_of_nothing_or_of_too_much_is_refused(starts: int) -> None:
    """Between one start and a few thousand."""
    with pytest.raises(SpecError, match="starts"):
        critical_points(SURFACES["bowl"], starts)


def test_lipschitz_constants_are_those_of_calculus() -> None:
    """Exact where the Hessian is constant, and where its largest eigenvalue can be worked out by hand."""
    assert lipschitz_constant(SURFACES["ravine"]) == 50.0
    assert lipschitz_constant(family("bowl", dimension=6, condition=300.0, rotation=10.0)) == pytest.approx(300.0)
    assert lipschitz_constant(SURFACES["sine"]) == pytest.approx(1.0, abs=1e-9)
    assert lipschitz_constant(SURFACES["quartic"]) == 12.0 * 2.0**2
    corner = SURFACES["rosenbrock"].domain[0][0], SURFACES["rosenbrock"].domain[1][0]
    known = np.linalg.eigvalsh(SURFACES["rosenbrock"].hessian(corner))[-1]
    assert lipschitz_constant(SURFACES["rosenbrock"]) == pytest.approx(known, rel=1e-9)
    assert lipschitz_constant(SURFACES["mccormick"]) == pytest.approx(4.0, rel=1e-6)


@pytest.mark.parametrize("name", ["himmelblau", "peaks", "muller_brown", "branin"])
def test_no_slope_changes_faster_than_the_constant_says(name: str) -> None:
    """|∇f(a) − ∇f(b)| ≤ L·|a − b| for many pairs of points of the domain."""
    surface = SURFACES[name]
    low, high = np.array(surface.domain).T
    a, b = np.random.default_rng(1).uniform(low, high, (2, 2000, surface.dimension))
    change = np.linalg.norm(surface.gradient(a) - surface.gradient(b), axis=-1)
    assert (change <= (1 + 1e-9) * lipschitz_constant(surface) * np.linalg.norm(a - b, axis=-1)).all()
