"""Stage ``dialects``: distances, causes and marked lines, against closed forms."""

from __future__ import annotations

from typing import Any

import pytest

from fallline.core.errors import SpecError
from fallline.engine.optim import KERAS_OPTIMIZERS, OPTIMIZERS
from fallline.figures.dialects import dialects_figures
from fallline.runs.answer import answer
from fallline.runs.bench.dialect_lines import decoupled
from fallline.runs.bench.dialects import BOTH
from fallline.runs.spec import load_spec

SLOPES = {"gd", "sgd", "momentum", "nesterov"}


def part(**asked: Any) -> dict[str, Any]:
    """The part of two paths."""
    made: dict[str, Any] = answer(load_spec({"kind": "dialects", "steps": 60, **asked})).part("dialects")
    return made


def marked(made: dict[str, Any]) -> list[str]:
    """The lines that differ."""
    return [line["tex"] for line in made["lines"] if line["marked"]]


def test_nineteen_names_are_in_both_tools() -> None:
    """All of Keras' dialect but none of those that only papers or torch have."""
    assert len(BOTH) == 19
    assert set(BOTH) == set(KERAS_OPTIMIZERS)


@pytest.mark.parametrize("name", BOTH)
def test_who_parts_has_a_line_that_says_why(name: str) -> None:
    """Two paths that a person can tell apart have lines that differ; without such lines they are one path."""
    for numbers in ("same", "own", "all"):
        for decay in (0.0, 0.05):
            rate = 0.002 if name in SLOPES else 0.05
            made = part(optimizer=name, numbers=numbers, rate=rate, decay=decay)
            if made["verdict"] in {"close", "apart"}:
                assert marked(made), (numbers, decay)
            if not marked(made):
                assert made["verdict"] in {"same", "rounding"}, (numbers, decay)


def test_the_first_steps_of_rmsprop_part_as_the_formulas_say() -> None:
    """ε stands beside the root in PyTorch and under it in Keras: the first steps have a closed form."""
    epsilon, rate, slope = 1e-2, 0.05, -3.5
    made = part(surface="ravine", start=[slope, 0.0], numbers="same", epsilon=epsilon, rate=rate, steps=1)
    square = 0.01 * slope**2
    torch = rate * slope / (square**0.5 + epsilon)
    keras = rate * slope / (square + epsilon) ** 0.5
    assert made["gaps"][1] == pytest.approx(abs(torch - keras), rel=1e-6)
    assert made["runs"]["torch"]["path"][1][0] == pytest.approx(slope - torch, rel=1e-6)
    assert made["runs"]["keras"]["path"][1][0] == pytest.approx(slope - keras, rel=1e-6)


def test_momentum_is_written_in_two_ways_and_walks_one() -> None:
    """At a constant rate the velocity may hold the rate or not; Keras' β is rounded to float32, and that is all."""
    made = part(optimizer="momentum", numbers="same", rate=0.003)
    assert len(marked(made)) == 4
    assert made["verdict"] == "rounding"
    assert made["largest"] < 1e-5


@pytest.mark.parametrize("name", ["adam", "rmsprop", "adagrad", "momentum", "gd"])
def test_a_decay_goes_through_the_slope_in_one_tool_and_beside_it_in_the_other(name: str) -> None:
    """PyTorch's ``weight_decay`` is added to the gradient, Keras' is taken off the weights; the lines say so."""
    assert not decoupled(OPTIMIZERS[name](decay=0.1))
    assert decoupled(KERAS_OPTIMIZERS[name](decay=0.1))
    lines = marked(part(optimizer=name, numbers="same", rate=0.003, decay=0.1))
    assert r"g \leftarrow g + \lambda w" in lines
    assert r"w \leftarrow (1 - \eta\lambda)\,w" in lines


def test_the_head_start_of_adagrad_is_named() -> None:
    """Keras begins its sum of squares at 0.1; the line says so, and alone it moves the path as far as anything does."""
    made = part(optimizer="adagrad", numbers="own", surface="plateau", start=[-1.8, 1.2], rate=0.05, steps=300)
    assert "s_0 = 0.1" in marked(made)
    assert made["main"]["name"] == "start"
    assert made["verdict"] == "apart"


def test_one_difference_at_a_time() -> None:
    """α alone, from 0.99 to 0.9, makes nearly the whole distance of RMSProp's defaults; the rate is not in effect."""
    made = part(numbers="own", rate=0.05)
    causes = {each["name"]: each["gap"] for each in made["parts"]}
    assert set(causes) == {"formula", "smoothing", "epsilon", "rate"}
    assert made["main"]["name"] == "smoothing"
    assert causes["smoothing"] == pytest.approx(made["largest"], rel=0.01)
    assert causes["epsilon"] < 1e-3
    assert part(numbers="all")["main"]["name"] == "rate"


def test_who_leaves_the_map_is_told() -> None:
    """Above the limit both diverge, and every number of the part stays a number."""
    assert part(optimizer="gd", numbers="same", rate=0.05)["broken"] == "both"
    assert part(optimizer="gd", numbers="same", rate=0.03)["broken"] is None
    # Keras shrinks beside the step, so a decay lowers its limit less than PyTorch's
    assert part(optimizer="gd", numbers="all", rate=0.05)["broken"] is None


def test_figures_have_a_trail_for_each_tool() -> None:
    """The map draws both paths, and the causes as many bars as there are differences."""
    made = part()
    map_, gap, loss, causes = dialects_figures(made)
    assert [mark.label for mark in map_.marks if mark.kind == "line"] == ["PyTorch", "Keras"]
    assert map_.steps == gap.steps == loss.steps == 60
    assert len(causes.y.categories) == len(made["parts"])


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ({"optimizer": "radam"}, "Keras"),
        ({"optimizer": "rmsprob"}, "rmsprop"),
        ({"surface": "bowel"}, "bowl"),
        ({"surface": "sphere_3d"}, "surface"),
        ({"numbers": "mine"}, "numbers"),
        ({"steps": 100_000}, "steps"),
    ],
)
def test_nonsense_is_refused_with_its_place(asked: dict[str, Any], place: str) -> None:
    """Names and numbers are checked before anything runs."""
    with pytest.raises(SpecError, match=place):
        load_spec({"kind": "dialects", **asked})
