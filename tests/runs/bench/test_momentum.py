"""Stage ``momentum``: the plane, the spectra, the noise floor; each against something of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fallline.engine.descent import Gaussian
from fallline.engine.descent.floor import noise_floor
from fallline.engine.optim import Momentum
from fallline.engine.surfaces import family
from fallline.figures.momentum import momentum_figures
from fallline.figures.svg import svg
from fallline.runs.answer import answer
from fallline.runs.bench.net_spectrum import FLAT, diabetes_net, net_spectrum
from fallline.runs.spec import load_spec


def ran(**asked: Any) -> dict[str, Any]:
    """The part of one run."""
    part: dict[str, Any] = answer(load_spec({"kind": "momentum", "seed": 1, **asked})).part("momentum")
    return part


def test_theory_and_measurement_stand_side_by_side_within_one_percent() -> None:
    """At twenty places of the plane, on three kinds of spectrum."""
    for number, (across, up) in enumerate(np.random.default_rng(5).uniform((0.05, 0.0), (3.9, 0.98), (20, 2))):
        spectrum = ("log", "even", "typed")[number % 3]
        part = ran(spectrum=spectrum, place=[float(across), float(up)])
        assert part["apart"] <= 0.01, (across, up)


def test_no_curvature_between_the_ends_is_slower_than_both() -> None:
    """So that the plane, which looks at the ends alone, tells the truth of all."""
    rng = np.random.default_rng(6)
    for across, up in rng.uniform((0.05, 0.0), (3.9, 0.98), (20, 2)):
        part = ran(spectrum="even", count=30, place=[float(across), float(up)])
        assert part["slowest_is"] in {"low", "high"}
        decays = [each["decay"] for each in part["eigenvectors"]]
        assert max(decays) == pytest.approx(max(decays[0], decays[-1]))


def test_the_best_place_reaches_the_best_decay() -> None:
    """Put the ball where it says, and the speed is one."""
    best = ran(spectrum="typed", typed=[0.5, 3.0, 40.0])["best"]
    there = ran(spectrum="typed", typed=[0.5, 3.0, 40.0], place=best["place"])
    assert there["decay"] == pytest.approx(best["decay"], abs=1e-6)
    assert there["speed"] == pytest.approx(1.0, abs=1e-4)


def test_the_noise_floor_is_the_engines() -> None:
    """The same as the engine's general solution on a bowl with these curvatures."""
    part = ran(spectrum="log", low=1.0, high=20.0, count=4, place=[1.0, 0.6], noise=0.5)
    surface = family("bowl", dimension=4, condition=20.0)
    expected = noise_floor(surface, Momentum(momentum=0.6), 1.0 / 20.0, Gaussian(0.5))
    assert part["floor"] == pytest.approx(expected, rel=1e-9)
    assert part["plain_floor"] < part["floor"]


def test_a_nets_spectrum_is_that_of_its_dense_hessian() -> None:
    """Its largest curvatures, at the same weights, column by column."""
    from fallline.core.rng import generator
    from fallline.runs.bench.net_spectrum import BETA, RATE

    net = diabetes_net()
    w = net.trained(net.start(generator(1, "momentum", "start")), RATE, BETA, 10)
    dense = np.linalg.eigvalsh(np.array([net.hessian_vector(w, column) for column in np.eye(net.dimension)]))
    found = net_spectrum(10, 1)
    assert found.curved[-4:] == pytest.approx(dense[-4:], rel=1e-6)
    assert found.curved[0] > FLAT * found.curved[-1]
    assert found.weights == net.dimension == 97


@pytest.mark.parametrize(
    "asked",
    [{}, {"spectrum": "net", "trained": 0}, {"spectrum": "typed", "typed": [2.0, 2.0], "place": [1.0, 0.0]},
     {"low": 100.0, "high": 1.0}, {"place": [8.0, 0.0], "steps": 500}, {"noise": 5.0, "place": [4.0, 0.99]}],
)  # fmt: skip
def test_every_state_can_be_drawn(asked: dict[str, Any]) -> None:
    """However degenerate: one curvature in two, ends swapped, running away in noise."""
    figures = momentum_figures(ran(**asked))
    assert [figure.id for figure in figures] == [
        "momentum-plane",
        "momentum-decays",
        "momentum-errors",
        "momentum-loss",
    ]
    assert all(svg(figure).startswith("<svg") for figure in figures)
