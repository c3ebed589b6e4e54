"""Families: any number of weights, the same function as its two-weight member and as torch's autograd sees it."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.engine.surfaces import FAMILIES, SURFACES, curvature_at, family


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("dimension", [2, 3, 7])
def test_minima_are_stationary_in_every_dimension(name: str, dimension: int) -> None:
    """The slope vanishes at the known minimum, its value is as stated, and the curvature there is not downward."""
    surface = family(name, dimension=dimension)
    assert surface.dimension == len(surface.start) == dimension
    for minimum in surface.minima:
        scale = 1 + float(np.abs(surface.value(surface.start)))
        assert surface.value(minimum.at) == pytest.approx(minimum.value, abs=1e-12 * scale)
        assert np.abs(surface.gradient(minimum.at)).max() < 1e-9 * scale
        assert curvature_at(surface, minimum.at)[0] > -1e-9 * scale


@pytest.mark.parametrize("name", ["rosenbrock", "rastrigin", "styblinski_tang"])
def test_two_weights_give_the_surface_of_that_name(name: str) -> None:
    """The family's member and the surface whose rules are written out are one function."""
    points = np.random.default_rng(0).uniform(-2, 2, (50, 2))
    ours, known = family(name, dimension=2), SURFACES[name]
    assert np.allclose(ours.value(points), known.value(points), rtol=1e-12, atol=1e-12)
    assert np.allclose(ours.gradient(points), known.gradient(points), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("rotation", [0.0, 30.0, -200.0])
@pytest.mark.parametrize("condition", [1.0, 10.0, 1e6])
def test_a_bowl_has_the_spectrum_asked_for(rotation: float, condition: float) -> None:
    """From one to the condition number, evenly in the logarithm, however it is turned."""
    spectrum = curvature_at(family("bowl", dimension=4, condition=condition, rotation=rotation), np.zeros(4))
    assert np.allclose(spectrum, np.geomspace(1.0, condition, 4), rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "settings", "path"),
    [
        ("rosenbrok", {}, "surface"),
        ("rosenbrock", {"dimension": 1}, "dimension"),
        ("levy", {"dimension": 101}, "dimension"),
        ("bowl", {"dimension": 0}, "dimension"),
        ("bowl", {"condition": 0.5}, "condition"),
        ("bowl", {"rotation": 1e9}, "rotation"),
        ("levy", {"condition": 2.0}, "condition"),
    ],
)
def test_what_no_family_has_is_refused(name: str, settings: dict[str, float], path: str) -> None:
    """An unknown family, a setting that it lacks, a number outside its range."""
    with pytest.raises(SpecError, match=path):
        family(name, **settings)
