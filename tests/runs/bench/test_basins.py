"""Stage ``basins``: its shares, its letters, the names it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from fallline.core.errors import SpecError
from fallline.engine.optim import OPTIMIZERS, Elementwise
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec

SMALL = {"kind": "basins", "size": 24, "steps": 60}


def part(**asked: Any) -> dict[str, Any]:
    """The part of a small picture."""
    made: dict[str, Any] = answer(load_spec({**SMALL, **asked})).part("basins")
    return made


@pytest.mark.parametrize("surface", ["himmelblau", "rastrigin", "saddle", "plateau"])
def test_letters_and_shares_say_the_same(surface: str) -> None:
    """The share of a class is that of its letter, and all shares make one."""
    made = part(surface=surface, rate=0.01, start=[0.5, 0.5])
    for place, each in enumerate(made["classes"]):
        assert made["cells"].count(chr(ord("a") + place)) / 576 == pytest.approx(each["share"], abs=1e-5)
    assert sum(each["share"] for each in made["classes"]) == pytest.approx(1.0, abs=1e-4)
    assert made["resting"] + sum(made["shares"].values()) == pytest.approx(1.0, abs=1e-4)


def test_the_path_ends_in_its_valley() -> None:
    """From (2, 1) gradient descent on Himmelblau's surface comes to (3, 2)."""
    run = part(rate=0.01, start=[2.0, 1.0])["run"]
    assert run["at"] == "(3, 2)"
    assert run["ending"]["kind"] == "converged"
    assert part(rate=0.01, start=[2.0, 1.0], steps=4)["run"]["at"] is None


@pytest.mark.parametrize("name", [name for name, kind in OPTIMIZERS.items() if issubclass(kind, Elementwise)])
def test_every_optimizer_that_can_be_swept_has_a_picture(name: str) -> None:
    """Each of the registry answers, and its limits are numbers or null."""
    made = part(optimizer=name, rate=0.01)
    assert made["optimizer"] == name
    assert all(valley["limit"] is None or valley["limit"] > 0 for valley in made["valleys"])


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ({"surface": "himelblau"}, "himmelblau"),
        ({"optimizer": "gdd"}, "optimizer"),
        ({"settings": {"momentum": {"momentun": 0.5}}}, "momentum"),
        ({"steps": 2}, "steps"),
    ],
)
def test_nonsense_is_refused_with_its_place(asked: dict[str, Any], place: str) -> None:
    """Names and numbers are checked before anything runs."""
    with pytest.raises(SpecError, match=place):
        load_spec({**SMALL, **asked})
