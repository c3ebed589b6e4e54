"""Importance, dependence and contributions against scikit-learn, closed forms and brute force."""

from __future__ import annotations

import itertools
from math import factorial

import numpy as np
import pytest
from scipy.special import expit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.inspection import partial_dependence as reference_dependence

from fallline.core.errors import DataError, FallLineError
from fallline.engine.explain import (
    Attribution,
    ColumnPool,
    MatrixPool,
    adding_up,
    linear_contributions,
    partial_dependence,
    permutation_importance,
)
from fallline.engine.metrics import log_loss

Raw = dict[str, np.ndarray]


def table(seed: int = 0, rows: int = 800) -> tuple[ColumnPool, np.ndarray]:
    """Draws a number, a word and a number without effect, and labels from the first two."""
    rng = np.random.default_rng(seed)
    pool = ColumnPool(
        {
            "tenure": rng.exponential(size=rows),
            "plan": rng.choice(np.array(["basic", "full", None], dtype=object), rows),
            "noise": rng.normal(size=rows),
        }
    )
    return pool, (rng.random(rows) < risk(dict(pool.columns))).astype(int)


def risk(rows: Raw) -> np.ndarray:
    """The true probability."""
    return expit(1 - 1.5 * rows["tenure"] + 1.2 * (rows["plan"] == "basic"))


def test_importance_is_the_loss_added_by_shuffling() -> None:
    """The mean over repeats is the loss of shuffled columns minus the loss, shuffled by hand from the same stream."""
    pool, y = table()
    found = permutation_importance(risk, pool, y, np.random.default_rng(3), repeats=4)
    rng = np.random.default_rng(3)
    for place, name in enumerate(pool.names):
        for repeat in range(4):
            columns = dict(pool.columns)
            columns[name] = columns[name][rng.permutation(pool.rows)]
            added = log_loss(y, risk(columns)) - log_loss(y, risk(dict(pool.columns)))
            assert found.repeats[place, repeat] == pytest.approx(added, abs=1e-12)
    assert found.importance == pytest.approx(found.repeats.mean(axis=1))
    assert found.loss == pytest.approx(log_loss(y, risk(dict(pool.columns))))


def test_importance_orders_columns_and_leaves_unused_ones_at_zero() -> None:
    """Tenure before plan before noise; the unused column has importance and error of exactly zero."""
    pool, y = table()
    found = permutation_importance(risk, pool, y, np.random.default_rng(0))
    assert [found.names[place] for place in found.order] == ["tenure", "plan", "noise"]
    assert found.importance[2] == 0.0
    assert found.error[2] == 0.0
    assert np.all(found.importance[:2] > 3 * found.error[:2])


def test_importance_error_is_that_of_fresh_rows() -> None:
    """Over 200 fresh samples the importance varies as much as its standard error says, within a fifth."""
    drawn = [permutation_importance(risk, *table(seed, 200), np.random.default_rng(seed)) for seed in range(200)]
    spread = np.std([found.importance for found in drawn], axis=0, ddof=1)
    stated = np.mean([found.error for found in drawn], axis=0)
    assert stated[:2] == pytest.approx(spread[:2], rel=0.2)


def test_dependence_equals_scikit_learn() -> None:
    """On the same grid values, averages and individual curves are scikit-learn's."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 3)).astype(np.float32)
    y = (rng.random(300) < expit(2 * X[:, 0] * X[:, 1])).astype(int)
    model = HistGradientBoostingClassifier(max_iter=20, max_leaf_nodes=6).fit(X, y)
    pool = MatrixPool(X, ("a", "b", "c"))
    found = partial_dependence(lambda rows: model.predict_proba(rows)[:, 1], pool, "b", X[:, 1], points=7)
    theirs = reference_dependence(
        model,
        X,
        [1],
        custom_values={1: np.array(found.values)},
        kind="both",
        method="brute",
        response_method="predict_proba",
    )
    assert found.mean == pytest.approx(theirs["average"][0], abs=1e-9)
    assert found.each == pytest.approx(theirs["individual"][0], abs=1e-9)
    assert found.share.sum() == pytest.approx(1.0)
    assert found.values[0] == pytest.approx(X[:, 1].min())
    assert found.values[-1] == pytest.approx(X[:, 1].max())


def test_dependence_of_a_word_and_of_chosen_rows() -> None:
    """Words come by frequency with missing among them; each curve is the row with the word put in."""
    pool, _ = table()
    found = partial_dependence(risk, pool, "plan", pool.columns["plan"], rows=[5, 6])
    assert set(found.values) == {"basic", "full", "missing"}
    assert np.all(np.diff(found.share) <= 0)
    for column, word in enumerate(found.values):
        rows = {name: values[[5, 6]] for name, values in pool.columns.items()}
        rows["plan"] = np.array([None if word == "missing" else word] * 2, dtype=object)
        assert found.each[:, column] == pytest.approx(risk(rows))
    assert found.mean == pytest.approx(found.each.mean(axis=0))
    assert found.spread == pytest.approx(found.mean.max() - found.mean.min())
    top = partial_dependence(risk, pool, "plan", pool.columns["plan"], points=1)
    assert top.values == (found.values[0],)


def test_dependence_of_missing_and_constant_numbers() -> None:
    """Missing numbers are not tried, a constant column gives one point, nothing but missing is refused."""
    columns = {"tenure": np.array([1.0, np.nan, 2.0, np.nan]), "plan": np.array(["a"] * 4, dtype=object)}
    pool = ColumnPool(columns)
    found = partial_dependence(lambda rows: np.nan_to_num(rows["tenure"]), pool, "tenure", columns["tenure"], points=5)
    assert found.values == (1.0, 2.0)
    assert found.share.tolist() == [0.25, 0.25]
    flat = partial_dependence(lambda rows: rows["tenure"], pool, "tenure", np.full(4, 7))
    assert flat.values == (7.0,)
    with pytest.raises(DataError, match="missing"):
        partial_dependence(lambda rows: rows["tenure"], pool, "tenure", np.full(4, np.nan))
    with pytest.raises(DataError, match="expected \\(4,\\)"):
        partial_dependence(lambda rows: rows["tenure"], pool, "tenure", np.zeros(3))


def shapley(value: dict[frozenset[int], float], players: int) -> np.ndarray:
    """Shapley values by their definition: every subset, weighted."""
    out = np.zeros(players)
    for player in range(players):
        others = [other for other in range(players) if other != player]
        for size in range(players):
            for subset in itertools.combinations(others, size):
                weight = factorial(size) * factorial(players - size - 1) / factorial(players)
                out[player] += weight * (value[frozenset({*subset, player})] - value[frozenset(subset)])
    return out


def test_linear_contributions_are_shapley_values_of_raw_columns() -> None:
    """With one-hot blocks and real background rows they equal the definition, and add up to the logit."""
    rng = np.random.default_rng(1)
    one_hot = np.eye(3)[rng.integers(0, 3, 30)]
    X = np.column_stack([rng.normal(size=30), one_hot, rng.normal(size=30)]).astype(np.float32)
    pool = MatrixPool(X, ("age", "plan", "plan", "plan", "use"))
    w, b = rng.normal(size=5), 0.3
    found = linear_contributions(pool, [0, 7], np.arange(10, 30), w, b)
    for row, values in zip((0, 7), found.values, strict=True):
        game = {}
        for size in range(4):
            for players in itertools.combinations(range(3), size):
                index = np.repeat(np.arange(10, 30)[:, None], 3, axis=1)
                index[:, list(players)] = row
                game[frozenset(players)] = float((pool.mix(index).astype(float) @ w + b).mean())
        assert values == pytest.approx(shapley(game, 3), abs=1e-9)
    assert found.gap < 1e-12
    assert found.prediction == pytest.approx(X[[0, 7]].astype(float) @ w + b)
    assert found.error.max() == 0.0


def test_attributions_that_do_not_add_up_are_refused() -> None:
    """A part too much is an error that says how much."""
    parts = Attribution(("a",), np.array([[1.0]]), 0.5, np.array([1.5]), np.zeros((1, 1)), "by hand")
    assert adding_up(parts) is parts
    with pytest.raises(FallLineError, match=r"miss the prediction by 0\.1"):
        adding_up(Attribution(("a",), np.array([[1.1]]), 0.5, np.array([1.5]), np.zeros((1, 1)), "by hand"))
    assert parts.importance.tolist() == [1.0]
    assert parts.order.tolist() == [0]


def test_refusals() -> None:
    """One repeat, labels of another length and coefficients that do not fit get a sentence."""
    pool, y = table(rows=10)
    with pytest.raises(DataError, match="2 repeats"):
        permutation_importance(risk, pool, y, np.random.default_rng(0), repeats=1)
    with pytest.raises(DataError, match="one label per row"):
        permutation_importance(risk, pool, y[1:], np.random.default_rng(0))
    matrix = MatrixPool(np.zeros((2, 2), dtype=np.float32), ("a", "b"))
    with pytest.raises(DataError, match="a coefficient per column"):
        linear_contributions(matrix, [0], [1], [1.0], 0.0)
