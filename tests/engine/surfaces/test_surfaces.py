"""Every surface: slope and curvature against finite differences, minima against the calculus, its own declarations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.core.errors import SpecError
from fallline.engine.surfaces import SURFACES, Surface, curvature_at, field, largest_stable_rate, spread

ALL = pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES.keys())


def _points(surface: Surface, count: int = 200) -> np.ndarray:
    low, high = np.array(surface.domain).T
    return np.random.default_rng(3).uniform(low, high, size=(count, surface.dimension))


@ALL
def test_gradient_agrees_with_central_differences(surface: Surface) -> None:
    """The slope is the limit of the difference quotient of the loss."""
    w = _points(surface)
    h = 1e-6 * surface.diagonal
    scale = 1 + np.abs(surface.gradient(w)).max(axis=-1) + np.abs(surface.value(w))
    for axis, step in enumerate(np.eye(surface.dimension) * h):
        quotient = (surface.value(w + step) - surface.value(w - step)) / (2 * h)
        assert (np.abs(quotient - surface.gradient(w)[:, axis]) < 2e-6 * scale).all()


@ALL
def test_hessian_agrees_with_central_differences_of_the_gradient(surface: Surface) -> None:
    """The curvature is the limit of the difference quotient of the slope, and symmetric."""
    w = _points(surface, 50)
    h = 1e-6 * surface.diagonal
    hessian = surface.hessian(w)
    for axis, step in enumerate(np.eye(surface.dimension) * h):
        quotient = (surface.gradient(w + step) - surface.gradient(w - step)) / (2 * h)
        assert np.abs(quotient - hessian[:, :, axis]).max() < 1e-5 * (1 + np.abs(hessian).max())
    assert np.array_equal(hessian, np.swapaxes(hessian, -1, -2))


@ALL
def test_eigenvalues_agree_with_lapack(surface: Surface) -> None:
    """The closed form for two weights gives what a general eigenvalue routine gives."""
    w = _points(surface)
    hessian = surface.hessian(w)
    assert np.allclose(curvature_at(surface, w), np.linalg.eigvalsh(hessian), atol=1e-9 * (1 + np.abs(hessian).max()))


@ALL
def test_known_minima_are_stationary_and_lowest_nearby(surface: Surface) -> None:
    """At a known minimiser the slope vanishes, the value is as stated, and no neighbour lies lower."""
    around = np.random.default_rng(5).standard_normal((24, surface.dimension))
    around *= 1e-4 * surface.diagonal / np.linalg.norm(around, axis=1, keepdims=True)
    rounding = 1e-13 * max(1.0, float(np.median(np.abs(surface.value(_points(surface))))))
    for minimum in surface.minima:
        assert surface.value(minimum.at) == pytest.approx(minimum.value, abs=1e-12 + rounding)
        assert np.abs(surface.gradient(minimum.at)).max() < 1e-9 + 10 * rounding
        assert (surface.value(np.array(minimum.at) + around) > surface.value(minimum.at) - rounding).all()
        assert surface.value(np.array(minimum.at) + around).max() > surface.value(minimum.at)


@ALL
def test_the_first_minimum_is_the_lowest_of_the_whole_domain(surface: Surface) -> None:
    """No point of a fine net lies below the first known minimum; a surface without minima is unbounded."""
    if surface.bounded:
        heights = field(surface, 301, 301) if surface.dimension == 2 else surface.value(spread(surface, 20_000))
        assert heights.min() >= surface.minima[0].value - 1e-12 * max(1.0, float(np.median(np.abs(heights))))
        assert [m.value for m in surface.minima] == sorted(m.value for m in surface.minima)
    else:
        far = [each * axis for axis in np.eye(surface.dimension) for each in (-1e4, 1e4, -1e-8)]
        assert surface.value(far).min() < -1e7


@ALL
def test_declarations_make_sense(surface: Surface) -> None:
    """Key, domain, start and rates are consistent with one another."""
    assert SURFACES[surface.name] is surface
    assert len(surface.start) == surface.dimension
    assert all(low < at < high for (low, high), at in zip(surface.domain, surface.start, strict=True))
    assert 0 < surface.rate.low < surface.rate.default < surface.rate.high
    assert surface.title
    assert surface.formula
    assert 1700 < surface.source.year < 2100
    spectra = curvature_at(surface, _points(surface))
    assert surface.quadratic == bool((np.ptp(spectra, axis=0) < 1e-12 * np.abs(spectra).max()).all())


@ALL
def test_shapes_follow_the_points(surface: Surface) -> None:
    """One point, a list of points and a grid of points all work, and scalars agree with arrays."""
    d = surface.dimension
    grid = _points(surface, 12).reshape(3, 4, d)
    assert surface.value(grid).shape == (3, 4)
    assert surface.gradient(grid).shape == (3, 4, d)
    assert surface.hessian(grid).shape == (3, 4, d, d)
    one = surface.hessian(grid[1, 2])
    assert one.shape == (d, d)
    assert np.allclose(one, surface.hessian(grid)[1, 2], rtol=1e-13)


def test_field_is_laid_out_row_by_row_from_the_lower_left() -> None:
    """Row and column of the field are y and x of the domain."""
    surface = SURFACES["himmelblau"]
    heights = field(surface, 11, 21)
    assert heights.shape == (21, 11)
    assert heights.dtype == np.float64
    assert heights[0, -1] == surface.value((5.0, -5.0))
    assert heights[20, 0] == surface.value((-5.0, 5.0))
    assert heights[5, 3] == pytest.approx(float(surface.value((-2.0, -2.5))))


@pytest.mark.parametrize(("nx", "ny"), [(1, 10), (10, 0), (-3, 10), (10, 5000)])
def test_field_refuses_a_grid_that_is_no_picture(nx: int, ny: int) -> None:
    """Too few or too many grid points are refused by name before any memory is asked for."""
    with pytest.raises(SpecError, match=r"n[xy]: .* 2 to 4096"):
        field(SURFACES["bowl"], nx, ny)


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 0.99))
def test_the_limit_on_a_quadratic_is_the_same_everywhere(x: float, y: float, momentum: float) -> None:
    """Constant curvature means one limit, 2(1 + β)/λmax."""
    limit = largest_stable_rate(SURFACES["ravine"], (x, y), momentum=momentum)
    assert limit == pytest.approx(2 * (1 + momentum) / 50, rel=1e-12)


def test_no_limit_where_nothing_curves_upwards() -> None:
    """On a hilltop every rate moves away, so there is no largest stable one to name."""
    assert largest_stable_rate(SURFACES["himmelblau"], (0.0, 0.0)) == float("inf")


@pytest.mark.parametrize("momentum", [-0.1, 1.0, float("nan")])
def test_a_momentum_outside_its_range_is_refused(momentum: float) -> None:
    """Momentum of one or more never forgets; below zero it is none."""
    with pytest.raises(SpecError, match="momentum"):
        largest_stable_rate(SURFACES["bowl"], (0, 0), momentum=momentum)
