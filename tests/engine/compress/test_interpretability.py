"""What is counted, and what is claimed about directions, against brute force."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from fallline.core.rng import generator
from fallline.engine.compress.interpretability import depths, directions, interpretability
from fallline.engine.data.encode import Encoding
from fallline.engine.data.encode_number import NumberCode
from fallline.engine.data.encode_words import LevelsCode
from fallline.engine.train import FAMILIES, LogisticModel, PerceptronModel, TreesModel


def test_telco_is_counted(models: dict[str, Any]) -> None:
    """On Telco: all 19 columns, 41 weights, the trees' leaves, the net's weights."""
    found = {name: interpretability(each.encoding, each.model) for name, each in models.items()}
    assert found["logistic"].features == found["mlp"].features == 19
    assert (found["logistic"].parts, found["logistic"].depth, found["logistic"].monotone) == (41, 1, 1.0)
    trees = models["boosting"].model
    assert found["boosting"].parts == trees.leaves == 1200
    assert found["mlp"].parts == models["mlp"].model.parameters
    assert found["mlp"].depth == 3
    assert found["logistic"].monotone > found["boosting"].monotone >= 0.0
    assert found["logistic"].sentence.startswith("It reads 19 columns and has 41 weights to add up; 9 of the 9 numbers")


def test_features_that_no_weight_reaches_do_not_count() -> None:
    """A column whose weights are 0 is not used, and a category has no direction."""
    codes = (NumberCode("a", 0, 0, 1), NumberCode("b", 0, 0, 1), LevelsCode("c", ("x", "y")))
    model = LogisticModel(np.float32([1, 0, 2, -2]), 0.0)
    found = interpretability(Encoding("linear", codes), model)
    assert (found.features, found.parts, found.monotone) == (2, 3, 1.0)


def walk(model: TreesModel, node: int) -> list[int]:
    """Returns the depths of the leaves under a node."""
    if model.feature[node] < 0:
        return [0]
    return [1 + depth for child in (model.left[node], model.right[node]) for depth in walk(model, child)]


def test_depths_are_those_of_a_walk(models: dict[str, Any]) -> None:
    """The depth of every leaf is what one gets by walking down the tree."""
    model = models["boosting"].model
    walked = [depth for root in model.roots for depth in walk(model, int(root))]
    assert depths(model).tolist() == walked


def test_constraints_are_seen(models: dict[str, Any]) -> None:
    """Trees held monotone in some columns are found to be so; the others mostly are not."""
    fitted = models["boosting"]
    width = fitted.encoding.width
    held = [(-1 if name == "tenure" else 1 if name == "monthly_charges" else 0) for name in fitted.encoding.names]
    matrix = fitted.encoding.matrix(fitted.table, fitted.train)
    model, _ = FAMILIES["boosting"].fit(matrix, fitted.y[fitted.train], {}, generator(0), monotone=held)
    found = directions(model)
    for column in range(width):
        if held[column] and column in model.used:
            assert found[column] == held[column]
    assert directions(fitted.model)[fitted.encoding.names.index("tenure")] is None


@pytest.mark.parametrize("seed", range(12))
def test_a_claimed_direction_holds(seed: int) -> None:
    """Wherever a direction is claimed, moving that column up moves the log odds that way from any row."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(200, 4)).astype(np.float32)
    labels = (matrix[:, 0] + 0.3 * rng.normal(size=200) > 0).astype(np.int8)
    trees, _ = FAMILIES["boosting"].fit(matrix, labels, {"rounds": 3, "leaves": 3, "min_child": 5}, rng)
    net = PerceptronModel(
        weights=tuple(
            (rng.normal(size=shape) * (rng.random(shape) < 0.3)).astype(np.float32) for shape in ((4, 3), (3, 1))
        ),
        biases=(np.zeros(3, np.float32), np.zeros(1, np.float32)),
        activation="tanh",
    )
    for model, column in itertools.product((trees, net), range(4)):
        way = directions(model)[column]
        if way is None:
            continue
        rows = rng.normal(size=(300, 4)).astype(np.float32)
        more = rows.copy()
        more[:, column] += np.abs(rng.normal(size=300)).astype(np.float32)
        change = model.logits(more) - model.logits(rows)
        assert np.abs(change).max() == 0 if way == 0 else (way * change).min() >= -1e-6


def test_the_paths_of_a_net_are_all_looked_at() -> None:
    """A column's direction in a net is that of its paths, multiplied out one by one."""
    rng = np.random.default_rng(3)
    for _ in range(40):
        shapes = ((3, 2), (2, 2), (2, 1))
        weights = [(rng.normal(size=shape) * (rng.random(shape) < 0.6)).astype(np.float32) for shape in shapes]
        model = PerceptronModel(tuple(weights), tuple(np.zeros(w.shape[1], np.float32) for w in weights), "relu")
        for column, found in enumerate(directions(model)):
            products = {
                float(np.sign(weights[0][column, i] * weights[1][i, j] * weights[2][j, 0]))
                for i, j in itertools.product(range(2), range(2))
            } - {0.0}
            assert found == (None if len(products) == 2 else products.pop() if products else 0)
