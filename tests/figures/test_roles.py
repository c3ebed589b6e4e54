"""Roles: two optimizers are told apart without their labels, in colour and without."""

from __future__ import annotations

from collections import Counter

from fallline.engine.optim import OPTIMIZERS
from fallline.figures.roles import ROLES
from fallline.runs.spec.race import RaceSpec


def test_optimizers_of_one_colour_differ_in_dash_and_in_marker() -> None:
    """A family shares its colour; within it no dash and no marker comes twice."""
    roles = [ROLES[name] for name in OPTIMIZERS]
    assert max(Counter((role.light, role.dash) for role in roles).values()) == 1
    assert max(Counter((role.light, role.marker) for role in roles).values()) == 1
    assert max(Counter((role.dark, role.dash) for role in roles).values()) == 1


def test_the_lines_of_a_race_differ_without_colour() -> None:
    """Of the optimizers that race by default no two share a dash, but for the two solid lines of descent and Adam."""
    dashes = Counter(ROLES[name].dash for name in RaceSpec().optimizers)
    assert dashes.pop(()) == 2
    assert set(dashes.values()) == {1}
