"""Stage ``signal``: what it makes of the engine's numbers, against a pass written out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fallline.core.rng import generator
from fallline.engine.nets import ACTIVATIONS, INITIALISATIONS
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec


def sent(**asked: Any) -> dict[str, Any]:
    """The part of one net."""
    part: dict[str, Any] = answer(load_spec({"kind": "signal", "seed": 1, "width": 32, "samples": 32, **asked})).part(
        "signal"
    )
    return part


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("initialisation", sorted(INITIALISATIONS))
def test_every_pair_has_a_fate(activation: str, initialisation: str) -> None:
    """What became of the gradient is one of five words, and agrees with the numbers beside it."""
    side = sent(layers=20, activation=activation, first=initialisation, second="he")["first"]
    gradient, spread = side["gradient_norm"], side["activation_std"]
    assert side["fate"] in {"nothing", "vanishes", "explodes", "fades", "through"}
    if side["fate"] == "vanishes":
        assert gradient[0] < 1e-3 * gradient[-1]
    if side["fate"] == "explodes":
        assert gradient[0] > 1e3 * gradient[-1]
    if side["fate"] == "fades":
        assert spread[-1] < 1e-3 * spread[0]
    if side["fate"] == "nothing":
        assert gradient[0] == 0.0


def test_what_is_left_per_layer_multiplies_up() -> None:
    """The factor per layer, taken to the number of layers between, is what is left at the end."""
    side = sent(layers=12, activation="relu", first="xavier")["first"]
    assert side["forward_layer"] ** 11 == pytest.approx(side["forward"])
    assert side["backward_layer"] ** 11 == pytest.approx(side["backward"])
    assert side["forward"] == pytest.approx(side["activation_std"][-1] / side["activation_std"][0])


def test_the_forward_pass_is_that_of_plain_numpy() -> None:
    """The spread in each layer of a ReLU net under He, in float64 from the same draws."""
    part = sent(layers=6, activation="relu", first="he", second="he")
    rng = generator(1, "signal", "net")
    x = rng.standard_normal((32, 32))
    weights = rng.standard_normal((6, 32, 32), dtype=np.float32).astype(np.float64)
    spreads = []
    for weight in weights:
        x = np.maximum(x @ weight * np.sqrt(2 / 32), 0)
        spreads.append(float(x.std()))
    np.testing.assert_allclose(part["first"]["activation_std"], spreads, rtol=1e-5)


def test_the_sides_meet_the_same_draws() -> None:
    """The same initialisation on both sides gives the same numbers, so a difference is the initialisation's."""
    part = sent(layers=10, activation="tanh", first="xavier", second="xavier")
    assert part["first"] == part["second"]
    assert part["better"] == "neither"


def test_who_keeps_more_is_named() -> None:
    """He under ReLU, Xavier neither worse nor better in two layers, anything rather than zero."""
    assert sent(layers=30, activation="relu", first="xavier", second="he")["better"] == "second"
    assert sent(layers=30, activation="relu", first="he", second="zero")["better"] == "first"
    assert sent(layers=2, activation="relu", first="xavier", second="he")["better"] == "neither"
    assert sent(layers=5, activation="relu", first="zero", second="zero")["better"] == "neither"
