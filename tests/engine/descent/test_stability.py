"""The limit on the slider is where descents part: just below it they arrive, just above they run away."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fallline.engine.descent import descend, rate_range, stable_rate
from fallline.engine.optim import OPTIMIZERS, Optimizer
from fallline.engine.schedules import Constant
from fallline.engine.surfaces import SURFACES, largest_stable_rate

LIMITED = [
    OPTIMIZERS["gd"](),
    OPTIMIZERS["momentum"](momentum=0.5),
    OPTIMIZERS["momentum"](),
    OPTIMIZERS["nesterov"](momentum=0.5),
    OPTIMIZERS["nesterov"](),
]


@pytest.mark.parametrize("name", ["bowl", "ravine"])
@pytest.mark.parametrize("optimizer", LIMITED, ids=repr)
def test_below_the_limit_it_arrives_and_above_it_runs_away(name: str, optimizer: Optimizer) -> None:
    """On quadratics 2 % of the rate decides between converged and diverged."""
    surface = SURFACES[name]
    limit = stable_rate(surface, optimizer)
    assert limit is not None
    endings = [
        descend(surface, optimizer, Constant(), rate=share * limit, start=surface.start, steps=2000).ending
        for share in (0.98, 1.02)
    ]
    assert [str(ending.kind) for ending in endings] == ["converged", "diverged"]
    assert optimizer.limit in endings[1].sentence


def test_the_formulas_of_surface_and_optimizer_agree() -> None:
    """What the surface says about a heavy ball is what the heavy ball says about the surface."""
    for name in ("bowl", "ravine", "rosenbrock", "beale"):
        surface = SURFACES[name]
        at = surface.minima[0].at
        for momentum in (0.0, 0.9):
            ours = stable_rate(surface, OPTIMIZERS["momentum"](momentum=momentum))
            assert ours == pytest.approx(largest_stable_rate(surface, at, momentum=momentum), rel=1e-14)


def test_the_limit_is_told_where_one_stands() -> None:
    """On a curved surface the limit depends on the place; on a hilltop there is none; for Adam there is no formula."""
    rosenbrock = SURFACES["rosenbrock"]
    gd = OPTIMIZERS["gd"]()
    assert stable_rate(rosenbrock, gd, (-1.2, 1.0)) == pytest.approx(2 / 1506.36698, rel=1e-6)
    assert stable_rate(rosenbrock, gd) == pytest.approx(2 / 1001.60064, rel=1e-6)
    assert stable_rate(SURFACES["himmelblau"], gd, (0.0, 0.0)) == math.inf
    assert stable_rate(rosenbrock, OPTIMIZERS["adam"]()) is None


@pytest.mark.parametrize("kind", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def test_the_rates_offered_hold_one_that_works(kind: type[Optimizer]) -> None:
    """On every surface with a minimum the default rate ends lower than it began.

    Of SAM, whose uphill look may be into a wall, and Prodigy, which takes the loss for convex, one of the lower rates.
    Muon shrinks weights by a tenth of its rate: on a map of a thousand its decay must go.
    """
    settings = {"decay": 0.0} if kind.name == "muon" else {}
    for surface in SURFACES.values():
        offered = rate_range(surface, kind)
        assert 0 < offered.low < offered.default < offered.high
        if surface.bounded:
            wary = kind.name in {"sam", "prodigy"}
            rates = np.geomspace(offered.default, offered.low, 4) if wary else [offered.default]
            traces = (
                descend(surface, kind(**settings), Constant(), rate=float(r), start=surface.start, steps=200, noise=0.0)
                for r in rates
            )
            assert any(trace.losses[-1] < trace.losses[0] for trace in traces), surface.name


def test_the_offered_rates_of_a_quadratic_reach_past_the_limit() -> None:
    """The slider must be able to break the descent."""
    for name in ("bowl", "ravine"):
        limit = stable_rate(SURFACES[name], OPTIMIZERS["gd"]())
        assert limit is not None
        assert rate_range(SURFACES[name], OPTIMIZERS["gd"]).high > limit
