"""Basins against what the surfaces themselves say: separable wells, limits of stability, single descents."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.engine.descent import descend
from fallline.engine.descent.basins import DIVERGED, MOVING, NEAR, STALLED, Basins, basins, border_dimension
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.schedules import SCHEDULES
from fallline.engine.surfaces import SURFACES

CONSTANT = SCHEDULES["constant"]()


def found(surface: str, optimizer: str = "gd", *, rate: float, steps: int = 200, size: int = 40) -> Basins:
    """The basins of an optimizer with its defaults."""
    return basins(SURFACES[surface], OPTIMIZERS[optimizer](), CONSTANT, rate=rate, steps=steps, size=size)


def test_separable_wells_are_divided_where_the_slope_in_one_variable_is_zero() -> None:
    """Styblinski and Tang's surface is a sum of quartics: small steps divide it along the roots of 4x³ − 32x + 5."""
    made = found("styblinski_tang", rate=0.002, steps=400)
    ridge = float(sorted(np.roots([4.0, 0.0, -32.0, 5.0]).real)[1])
    places = np.linspace(-5.0, 5.0, 40)
    right = places > ridge
    across, up = np.meshgrid(right, right)
    for label, valley in enumerate(made.valleys):
        at = valley.at
        quarter = at[0] > ridge, at[1] > ridge
        assert ((made.labels == label) == ((across == quarter[0]) & (up == quarter[1]))).all()


@pytest.mark.parametrize(("rate", "held"), [(0.014, 4), (0.0165, 3), (0.0215, 2)])
def test_a_valley_holds_nobody_above_its_own_limit(rate: float, held: int) -> None:
    """Of Himmelblau's four minima those keep starts whose 2/λmax is above the rate."""
    made = found("himmelblau", rate=rate)
    for number, valley in enumerate(made.valleys):
        assert (made.share(number) > 0.01) == (rate < 2.0 / valley.curvature[1])
    assert sum(made.share(number) > 0.01 for number in range(4)) == held
    assert (made.share(MOVING) > 0.2) == (held < 4)


@pytest.mark.parametrize("optimizer", ["gd", "momentum", "adam"])
def test_a_start_ends_where_its_own_descent_ends(optimizer: str) -> None:
    """A label is the minimum that the single descent from there comes to."""
    surface, rate = SURFACES["himmelblau"], {"gd": 0.01, "momentum": 0.002, "adam": 0.1}[optimizer]
    made = found("himmelblau", optimizer, rate=rate, size=16)
    places = np.linspace(-5.0, 5.0, 16)
    for row, column in ((1, 2), (3, 12), (8, 8), (14, 1), (12, 13)):
        start = (float(places[column]), float(places[row]))
        trace = descend(surface, OPTIMIZERS[optimizer](), CONSTANT, rate=rate, start=start, steps=200)
        away = [math.dist(trace.points[-1], valley.at) for valley in made.valleys]
        label = int(made.labels[row, column])
        assert label == int(np.argmin(away)) if min(away) <= NEAR * surface.diagonal else label < 0


def test_on_a_quadratic_all_arrive_or_nobody_does() -> None:
    """Below 2/λmax every start of the bowl ends at its minimum, above it none."""
    limit = 2.0 / SURFACES["bowl"].hessian((0.0, 0.0))[0, 0]
    assert found("bowl", rate=0.5 * limit).share(0) == 1.0
    above = found("bowl", rate=1.05 * limit)
    assert above.share(DIVERGED) > 0.99  # the grid may hold the minimum itself
    assert above.share(0) < 0.01


def test_minima_that_nobody_listed_are_found() -> None:
    """Rastrigin's surface has a minimum near each of 121 whole points, only one of them listed, each a basin apart."""
    made = found("rastrigin", rate=0.002, size=66)
    assert len(SURFACES["rastrigin"].minima) < 121
    assert {(round(v.at[0]), round(v.at[1])) for v in made.valleys} >= {
        (a, b) for a in range(-4, 5) for b in range(-4, 5)
    }
    assert all(v.curvature[0] > 0.0 for v in made.valleys)
    gradients = SURFACES["rastrigin"].gradient([v.at for v in made.valleys])
    assert np.abs(gradients).max() < 1e-9


def test_shares_add_up() -> None:
    """Every start has exactly one fate."""
    made = found("plateau", rate=0.3)
    labels = [*range(len(made.valleys)), DIVERGED, STALLED, MOVING]
    assert sum(made.share(label) for label in labels) == pytest.approx(1.0)
    assert made.share(STALLED) > 0.3


@pytest.mark.parametrize(("name", "low", "high"), [("line", 0.99, 1.01), ("diagonal", 0.95, 1.05), ("dust", 1.85, 2.0)])
def test_the_dimension_tells_a_line_from_a_dust(name: str, low: float, high: float) -> None:
    """A straight border has dimension 1, however it lies; independent labels fill the plane."""
    row, column = np.mgrid[:128, :128]
    pictures = {
        "line": row > 40,
        "diagonal": row > column,
        "dust": np.random.default_rng(1).random((128, 128)) > 0.5,
    }
    dimension = border_dimension(pictures[name].astype(np.int64))
    assert dimension is not None
    assert low <= dimension <= high
    assert border_dimension(np.zeros((64, 64), dtype=np.int64)) is None


def test_near_the_last_limit_the_borders_are_no_lines() -> None:
    """Himmelblau's basins have smooth borders at small steps, and a dust of them just below the highest limit."""
    smooth, rough = found("himmelblau", rate=0.005, size=128), found("himmelblau", rate=0.0245, size=128)
    assert smooth.dimension == pytest.approx(1.0, abs=0.1)
    assert rough.dimension is not None
    assert rough.dimension > 1.3


def test_nonsense_is_refused() -> None:
    """A rate that is no step is told as for a single descent."""
    with pytest.raises(SpecError, match="rate"):
        found("bowl", rate=0.0)
