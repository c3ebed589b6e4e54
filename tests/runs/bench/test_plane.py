"""A plane through many weights: its heights are the loss, shadows and distances add up to the path."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fallline.engine.surfaces import SURFACES, family
from fallline.runs.answer import answer
from fallline.runs.bench.plane import GRID, plane_of
from fallline.runs.spec import load_spec
from fallline.runs.spec.descent import SliceSpec


def raced(**asked: Any) -> dict[str, Any]:
    """The part of one race."""
    tree = {"kind": "descent", "steps": 60, "optimizers": {"gd": {"rate": 0.0005}, "adam": {"rate": 0.01}}, **asked}
    part: dict[str, Any] = answer(load_spec(tree)).part("descent")
    return part


def test_the_heights_are_those_of_the_surface_with_the_others_held() -> None:
    """On the plane of weights 2 and 4 the others stand at the lowest point."""
    part = raced(surface="rosenbrock_10", slice={"across": 2, "up": 4}, start=[-1.0, 0.5])
    heights = np.array(part["slice"]["heights"]).reshape(GRID, GRID)
    w = np.ones(10)
    w[1], w[3] = np.linspace(-2, 2, GRID)[7], np.linspace(-2, 2, GRID)[50]
    assert heights[50, 7] == pytest.approx(float(SURFACES["rosenbrock_10"].value(w)), rel=1e-6)
    assert part["slice"]["names"] == ["w₂", "w₄"]


def test_a_start_of_two_numbers_is_a_place_in_the_plane() -> None:
    """Its other weights are those of the surface's own start, and the shadow begins there."""
    part = raced(surface="powell", slice={"across": 1, "up": 3}, start=[2.0, -1.5])
    assert part["start"] == [2.0, -1.0, -1.5, 1.0]
    assert part["slice"]["runs"]["gd"]["path"][0] == [2.0, -1.5]


def test_shadow_and_distance_make_up_the_whole_way() -> None:
    """Pythagoras: from the origin, along the plane and away from it."""
    surface = family("bowl", dimension=6, condition=30.0, rotation=20.0)
    plane = plane_of(surface, SliceSpec(steepest=True))
    points = np.random.default_rng(1).normal(size=(9, 6))
    shadow, away = plane.shadow(points)
    inside = shadow - np.array(plane.offset)
    assert (inside**2).sum(axis=1) + away**2 == pytest.approx(((points - plane.origin) ** 2).sum(axis=1))
    assert np.linalg.norm(plane.at(shadow[:, 0], shadow[:, 1]) - points, axis=1) == pytest.approx(away)


def test_the_steepest_plane_has_the_two_largest_curvatures() -> None:
    """Along its axes the loss curves by the two largest eigenvalues of the Hessian at the lowest point."""
    surface = SURFACES["rosenbrock_10"]
    plane = plane_of(surface, SliceSpec(steepest=True))
    hessian = surface.hessian(plane.origin)
    largest = np.linalg.eigvalsh(hessian)[-2:]
    assert plane.across @ hessian @ plane.across == pytest.approx(largest[1])
    assert plane.up @ hessian @ plane.up == pytest.approx(largest[0])
    assert plane.across @ plane.up == pytest.approx(0.0, abs=1e-12)


def test_what_the_slice_hides_is_told_in_numbers() -> None:
    """The height right under the end is the loss with the distance taken away; without distance both agree."""
    part = raced(surface="stiff_bowl", slice={"across": 1, "up": 2}, start=[-2.4, 1.6])
    shadow, run = part["slice"]["runs"]["gd"], part["runs"]["gd"]
    assert shadow["away"] > 0
    assert shadow["farthest"] >= shadow["away"]
    assert shadow["under"] != pytest.approx(run["loss"], rel=1e-3)
    assert (part["slice"]["weights"], part["slice"]["hidden"]) == (10, 8)


@pytest.mark.parametrize(("across", "up"), [(40, 2), (3, 3), (1, 1), (40, 50)])
def test_any_two_numbers_name_two_different_weights(across: int, up: int) -> None:
    """Beyond the last is the last, and the same twice gives way."""
    plane = plane_of(SURFACES["powell"], SliceSpec(across=across, up=up))
    assert abs(float(plane.across @ plane.up)) == 0.0
    assert plane.names[0] != plane.names[1]


def test_without_a_known_minimum_the_others_stay_at_the_start() -> None:
    """A formula that falls for ever is sliced where it starts."""
    part = raced(expression="x + y + z", slice={}, start=[0.5, 0.5])
    assert part["slice"]["held"] == "start"
    assert part["slice"]["minima"] == []


def test_one_side_or_a_reach_counts_for_every_variable() -> None:
    """A domain of one pair, or a reach, is that of all variables."""
    one = raced(expression="x^2 + y^2", domain=[[-2, 2]], start=[1, 1])
    reach = raced(expression="x^2 + y^2", reach=2.0, start=[1, 1])
    assert one["domain"] == reach["domain"] == [[-2.0, 2.0], [-2.0, 2.0]]
