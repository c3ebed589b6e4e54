"""A descent Spec over a formula, a family, one weight or many, and other kinds of noise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.engine.descent import HeavyTailed, descend
from fallline.engine.surfaces import expression_surface, family
from fallline.figures.descent import descent_figures
from fallline.figures.figure import Field, Line
from fallline.figures.svg import svg
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec


def part(**asked: Any) -> dict[str, Any]:
    """What a Spec gives."""
    found: dict[str, Any] = answer(load_spec({"kind": "descent", "steps": 40, "seed": 2, **asked})).part("descent")
    return found


def test_a_formula_in_a_spec_is_the_formula_in_python() -> None:
    """The same path, the same verdict, and the heights of its own map."""
    found = part(expression="x^2 + 10*sin(y)", start=[2.0, 1.0], optimizers={"gd": {"rate": 0.05}})
    trace = descend("x^2 + 10*sin(y)", "gd", rate=0.05, start=(2.0, 1.0), steps=40)
    assert np.allclose(found["runs"]["gd"]["path"], trace.points, rtol=1e-6)
    assert found["runs"]["gd"]["ending"] == trace.ending.to_dict()
    assert found["formula"] == r"f(x, y) = x^{2} + 10\,\sin\left(y\right)"
    heights = np.array(found["heights"]).reshape(81, 81)
    surface = expression_surface("x^2 + 10*sin(y)")
    assert heights[0, -1] == pytest.approx(float(surface.value((5.0, -5.0))), rel=1e-6)
    drawn = {figure.id: figure for figure in descent_figures(found)}
    field = next(mark for mark in drawn["descent-map"].marks if isinstance(mark, Field))
    assert (field.nx, field.key, len(field.values)) == (81, "", 81 * 81)
    assert "<svg" in svg(drawn["descent-map"])


def test_one_weight_is_drawn_as_a_curve() -> None:
    """The curve of the loss with the steps on it, each at its own height."""
    for asked in ({"surface": "sine"}, {"expression": "1/x", "domain": [[0.0, 6.0]]}):
        found = part(**asked, start=[2.0], optimizers={"gd": {"rate": 0.1}, "adam": {"rate": 0.1}})
        drawn = {figure.id: figure for figure in descent_figures(found)}
        lines = [mark for mark in drawn["descent-map"].marks if isinstance(mark, Line) and not mark.frame]
        assert len(lines[0].x) == 241
        assert sorted(line.role for line in lines[1:]) == ["adam", "gd"]
        for line in lines[1:]:
            assert len(line.x) == len(line.y) == 41
        assert "<svg" in svg(drawn["descent-map"])


def test_many_weights_are_drawn_as_a_distance() -> None:
    """No map can be drawn of ten weights: the distance to the goal at every step, and some points of the path."""
    found = part(
        surface="rosenbrock", shape={"dimension": 10}, start=[0.5] * 10, steps=300, optimizers={"adam": {"rate": 0.05}}
    )
    trace = descend(family("rosenbrock", dimension=10), "adam", rate=0.05, start=[0.5] * 10, steps=300)
    run = found["runs"]["adam"]
    assert np.allclose(run["distances"], np.linalg.norm(trace.points - 1.0, axis=1), rtol=1e-5)
    assert np.allclose(run["path"], trace.points[run["path_steps"]], rtol=1e-5)
    assert len(run["path"]) == 101
    drawn = {figure.id: figure for figure in descent_figures(found)}
    assert "<svg" in svg(drawn["descent-distance"])


def test_another_kind_of_noise_may_be_named() -> None:
    """It is drawn from the run's own stream, told in the part, and named by the verdict."""
    noisy = {"kind": "heavy_tailed", "params": {"scale": 0.5, "degrees": 4.0}}
    found = part(surface="bowl", noisy=noisy, start=[1.0, 1.0], steps=200, optimizers={"gd": {"rate": 0.1}}, repeats=3)
    assert found["noise"] == {"kind": "heavy_tailed", "scale": 0.5, "degrees": 4.0}
    assert found["runs"]["gd"]["floor"] == pytest.approx(2 * 0.1 * 0.5**2 * 2 / (2 * (2 - 0.2)))
    assert found["repeats"] == 3
    assert "heavy-tailed" in found["runs"]["gd"]["ending"]["sentence"]
    assert HeavyTailed(0.5, 4.0).covariance(family("bowl")) is not None


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"expression": "x^2 + sn(y)"}, "column 7"),
        ({"expression": "__import__('os').system('ls')"}, "formula"),
        ({"expression": "x" * 3000}, "expression"),
        ({"expression": "x^2", "start": [1.0, 2.0]}, "start: "),
        ({"expression": "w101 + w1"}, "w100"),
        ({"expression": "x^2 + y^2", "domain": [[1.0, 0.0], [0.0, 1.0]]}, "domain"),
        ({"expression": "log(-1 - x^2 - y^2)"}, "value somewhere"),
        ({"surface": "bowl", "domain": [[0.0, 1.0], [0.0, 1.0]]}, "domain"),
        ({"surface": "sine"}, "start: .* one number"),
        ({"surface": "sine", "shape": {"dimension": 2}}, "surface"),
        ({"surface": "rosenbrock", "shape": {"dimension": 1_000_000}}, "shape.dimension"),
        ({"surface": "rosenbrock", "shape": {"condition": 3.0}}, "condition"),
        ({"surface": "bowl", "shape": {"dimension": 3}}, "3 numbers"),
        ({"noisy": {"kind": "gausian"}}, "gaussian"),
        ({"noisy": {"kind": "gaussian", "params": {"degrees": 3.0}}}, "noisy.params"),
        ({"noisy": {"kind": "mini_batch", "params": {"size": 2.5}}}, "whole number"),
        ({"noisy": {"kind": "gaussian", "params": {"scale": -1.0}}}, "noise"),
    ],
)
def test_a_loss_that_cannot_be_is_refused_before_anything_runs(asked: dict[str, Any], words: str) -> None:
    """By the path in the Spec, with what would fit."""
    with pytest.raises(SpecError, match=words):
        load_spec({"kind": "descent", **asked})
