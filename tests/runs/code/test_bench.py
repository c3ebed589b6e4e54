"""The small Specs as scripts: the signal through a deep net in PyTorch, the next point in scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fallline.engine.nets import ACTIVATIONS, INITIALISATIONS
from fallline.engine.tune import ACQUISITIONS
from fallline.runs.answer import answer
from fallline.runs.bench.next_point import OBJECTIVES
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec

Run = Callable[[str], list[str]]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_signal_is_the_same_in_every_layer(activation: str, run: Run) -> None:
    """Forward and back, to 1e-4: ours multiplies in float32, the script in float64."""
    pairs = [("small-normal", "xavier"), ("he", "zero")]
    for first, second in pairs:
        tree = {"kind": "signal", "activation": activation, "layers": 12, "width": 64, "first": first, "second": second}
        spec = load_spec(tree)
        part = answer(spec).part("signal")
        said = {tuple(line.split()[:2]): np.array(line.split()[2:], dtype=float) for line in run(show_as_code(spec))}
        for side in ("first", "second"):
            initialisation = part[side]["initialisation"]
            assert initialisation in INITIALISATIONS
            for quantity, values in part[side].items():
                if isinstance(values, list):
                    ours, theirs = np.array(values), said[initialisation, quantity]
                    size = np.array(part[side]["activation_std"]) if quantity == "activation_mean" else ours
                    slack = 2e-3 if quantity == "idle" else 1e-4 * np.abs(size) + 1e-300
                    assert (np.abs(ours - theirs) <= slack).all(), (initialisation, quantity)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(("acquisition", "explore"), [("ei", 0.01), ("pi", 0.05), ("lcb", 1.5)])
def test_the_search_goes_the_same_way(objective: str, acquisition: str, explore: float, run: Run) -> None:
    """Every objective and acquisition: the same points, with noise and without, mean and deviation to 1e-6."""
    assert acquisition in ACQUISITIONS
    for noise in (0.0, 0.05):
        tree: dict[str, Any] = {"kind": "next-point", "objective": objective, "acquisition": acquisition}
        spec = load_spec({**tree, "explore": explore, "noise": noise, "evaluations": 8, "seed": 3})
        part = answer(spec).part("next-point")
        said = {
            line.split(":")[0]: [float(word) for word in line.split(":")[1].split()] for line in run(show_as_code(spec))
        }
        assert said["Tried"] == pytest.approx(part["x"], abs=1e-6)
        assert said["Losses"] == pytest.approx(part["y"], abs=1e-6)
        assert said["Next"] == pytest.approx([part["next"]], abs=1e-9)
        assert said["Mean there"] == pytest.approx([part["next_mean"]], abs=1e-6)
        assert said["Deviation there"] == pytest.approx([part["next_sd"]], abs=1e-5)
