"""What is marked on a map: points without slope by their kind, none twice, none where they would hide the map."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.engine.surfaces import SURFACES, expression_surface, field
from fallline.runs.bench.marked import MOST_MARKED, marked_points, spacing


@pytest.mark.parametrize(
    ("name", "kinds"),
    [("himmelblau", {"saddle": 4, "maximum": 1}), ("saddle", {"saddle": 1}), ("monkey_saddle", {"level point": 1}),
     ("bowl", {}), ("double_well", {"maximum": 1}), ("rastrigin", {})],
)  # fmt: skip
def test_points_without_slope_are_found_by_kind(name: str, kinds: dict[str, int]) -> None:
    """As the literature counts them; known minima are marked already, and a crowd is left out."""
    found = marked_points(SURFACES[name])
    assert {kind: sum(each["kind"] == kind for each in found) for kind in {each["kind"] for each in found}} == kinds
    assert len(found) <= MOST_MARKED


def test_the_slope_vanishes_where_a_point_is_marked() -> None:
    """Of a formula too, whose own minima are not marked twice."""
    surface = expression_surface("x^4 - 2x^2 + y^2")
    found = marked_points(surface)
    assert [each["kind"] for each in found] == ["saddle"]
    assert np.abs(surface.gradient(found[0]["at"])).max() < 1e-8


def test_contours_go_by_what_is_on_the_map() -> None:
    """A formula whose walls dwarf its valley by the logarithm; a gentle one, and a named surface, as they are."""
    steep, gentle = expression_surface("x^8 + y^8"), expression_surface("sin(x) + cos(y)")
    assert spacing(steep, field(steep, 31, 31)) == "log"
    assert spacing(gentle, field(gentle, 31, 31)) == "linear"
    assert spacing(SURFACES["saddle"], np.array([0.0, 1.0])) == "linear"
