"""Stage ``framing``: the winners against a search written out, over the map and at single goals."""

from __future__ import annotations

from typing import Any

import pytest

from fallline.runs.answer import answer
from fallline.runs.sources.mortgages import mortgages
from fallline.runs.spec import load_spec

MODELS = mortgages()["models"]


def part(**asked: Any) -> dict[str, Any]:
    """The part for a goal."""
    made: dict[str, Any] = answer(load_spec({"kind": "framing", **asked})).part("framing")
    return made


def value(model: dict[str, Any], price_ms: float, price_gap: float) -> float:
    """Points of accuracy less what time and gap cost."""
    worth: float = 100 * model["accuracy"] - price_ms * model["latency_us"] / 1000 - price_gap * model["gap"] / 0.1
    return worth


@pytest.mark.parametrize(("latency", "gap"), [(1.0, 0.1), (30.0, 0.62), (30.0, 0.01), (0.2, 0.3), (5.0, 0.0007)])
def test_the_winner_within_limits_is_the_most_accurate_that_keeps_them(latency: float, gap: float) -> None:
    """No model that keeps both limits has a higher accuracy, and the count is right."""
    made = part(latency_ms=latency, gap=gap)
    keeping = [m for m in MODELS if m["latency_us"] / 1000 <= latency and m["gap"] <= gap]
    assert made["keeping"] == len(keeping)
    assert made["winner"]["accuracy"] == max(m["accuracy"] for m in keeping)
    assert made["winner"]["keeps"]


@pytest.mark.parametrize(("price_ms", "price_gap"), [(0.3, 1.3), (0.0, 0.0), (5.0, 0.2), (0.01, 4.0)])
def test_the_winner_at_prices_has_the_best_balance(price_ms: float, price_gap: float) -> None:
    """Nobody's accuracy less its costs is higher."""
    made = part(mode="prices", price_ms=price_ms, price_gap=price_gap)
    assert made["winner"]["value"] == pytest.approx(max(value(m, price_ms, price_gap) for m in MODELS))


def test_limits_that_contradict_have_no_winner() -> None:
    """Nothing is faster than the fastest; the part says so instead of failing."""
    made = part(latency_ms=0.05, gap=0.1)
    assert made["winner"] is None
    assert made["keeping"] == 0
    assert made["lost"] is None


@pytest.mark.parametrize("mode", ["limits", "prices"])
def test_the_map_names_the_winner_of_each_goal(mode: str) -> None:
    """Where a letter stands on the map, asking for that very goal gives that model."""
    map_ = part(mode=mode)["map"]
    names = ("latency_ms", "gap") if mode == "limits" else ("price_ms", "price_gap")
    for seat in map_["seats"]:
        made = part(mode=mode, **dict(zip(names, seat["at"], strict=True)))
        assert made["won"] == seat["number"]
    assert map_["winners"] >= len(map_["seats"]) >= 3


def test_the_models_never_change() -> None:
    """Whatever the goal, each model keeps its accuracy, time and gap."""
    kept = [[(m["accuracy"], m["latency_ms"], m["gap"]) for m in part(gap=gap)["models"]] for gap in (0.05, 0.5)]
    assert kept[0] == kept[1]
