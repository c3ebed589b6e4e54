"""SHAP values on raw columns against the definition, with interactions, words and missing values."""

from __future__ import annotations

import itertools
import sys
from math import factorial

import numpy as np
import pytest

from fallline.core.errors import DataError, FallLineError, Unavailable
from fallline.engine.explain import ColumnPool, MatrixPool, Pool, linear_contributions
from fallline.peers.shap import shap_values

Raw = dict[str, np.ndarray]


def table(rows: int = 40) -> ColumnPool:
    """Draws numbers, words with missing values, and a flag."""
    rng = np.random.default_rng(0)
    return ColumnPool(
        {
            "tenure": rng.exponential(size=rows).round(1),
            "plan": rng.choice(np.array(["basic", "full", None], dtype=object), rows),
            "paperless": rng.integers(0, 2, rows),
            "charge": rng.normal(size=rows),
        }
    )


def logit(rows: Raw) -> np.ndarray:
    """A logit with an interaction of three columns."""
    basic = rows["plan"] == "basic"
    return 0.5 - rows["tenure"] + basic * rows["charge"] * (1 + 2 * rows["paperless"]) + 0.3 * rows["paperless"]


def by_definition(pool: Pool, row: int, background: np.ndarray) -> np.ndarray:
    """Shapley values over every subset of the raw columns."""
    p = len(pool.names)

    def value(players: tuple[int, ...]) -> float:
        index = np.repeat(background[:, None], p, axis=1)
        index[:, list(players)] = row
        return float(logit(pool.mix(index)).mean())

    out = np.zeros(p)
    for player in range(p):
        others = [other for other in range(p) if other != player]
        for size in range(p):
            weight = factorial(size) * factorial(p - size - 1) / factorial(p)
            for subset in itertools.combinations(others, size):
                out[player] += weight * (value((*subset, player)) - value(subset))
    return out


def test_values_are_the_definition_within_their_errors_and_add_up() -> None:
    """With 60 permutations every value is within four standard errors of the exact one, and rows add up to 1e-6."""
    pool, background = table(), np.arange(10, 40)
    found = shap_values(logit, pool, np.arange(4), background, np.random.default_rng(0), permutations=60, precision=0)
    exact = np.array([by_definition(pool, row, background) for row in range(4)])
    assert np.all(np.abs(found.values - exact) <= 4 * found.error + 1e-9)
    assert found.error.max() < 0.1
    assert found.gap <= 1e-6
    assert found.base == pytest.approx(logit({k: v[10:] for k, v in pool.columns.items()}).mean())
    assert found.prediction == pytest.approx(logit({k: v[:4] for k, v in pool.columns.items()}))
    assert "60 permutations, 30 background rows" in found.method


def test_linear_models_are_exact_after_two_permutations() -> None:
    """One-hot blocks are one player: values equal the linear contributions, errors are nil, and it stops at once."""
    rng = np.random.default_rng(1)
    X = np.column_stack([rng.normal(size=50), np.eye(3)[rng.integers(0, 3, 50)], rng.normal(size=50)])
    pool = MatrixPool(X.astype(np.float32), ("age", "plan", "plan", "plan", "use"))
    w = rng.normal(size=5)
    found = shap_values(lambda rows: rows.astype(float) @ w + 1, pool, np.arange(5), np.arange(5, 50), rng)
    exact = linear_contributions(pool, np.arange(5), np.arange(5, 50), w, 1.0)
    assert found.values == pytest.approx(exact.values, abs=1e-9)
    assert found.error.max() < 1e-9
    assert " 2 permutations" in found.method


def test_stops_at_the_first_permutation_that_is_precise_enough() -> None:
    """One permutation fewer would not have met the precision asked for; the one it stops at does."""
    pool, background = table(), np.arange(10, 40)

    def run(permutations: int, precision: float) -> tuple[int, float]:
        rng = np.random.default_rng(0)
        found = shap_values(logit, pool, np.arange(4), background, rng, permutations=permutations, precision=precision)
        reached = np.sqrt(np.mean(found.error**2)) / np.sqrt(np.mean(found.values**2))
        return int(found.method.split()[3]), float(reached)

    used, reached = run(100, 0.014)
    assert 2 < used < 100
    assert reached <= 0.014
    assert run(used - 1, 0.0)[1] > 0.014


def test_same_generator_same_values_and_the_global_state_is_left_alone() -> None:
    """Two calls agree bit by bit, and NumPy's global generator stands where it stood."""
    pool, background = table(), np.arange(10, 40)
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first, second = (
        shap_values(logit, pool, np.arange(3), background, np.random.default_rng(4), permutations=3) for _ in range(2)
    )
    assert np.array_equal(first.values, second.values)
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_a_row_that_equals_the_background_is_attributed_nothing() -> None:
    """When every background row is the row itself, all values are zero."""
    pool = ColumnPool({"tenure": np.array([2.0, 2.0]), "plan": np.array(["a", "a"], dtype=object)})
    found = shap_values(lambda rows: rows["tenure"] * 3, pool, [0], [1], np.random.default_rng(0))
    assert found.values.tolist() == [[0.0, 0.0]]
    assert found.base == 6.0


def test_a_model_that_looks_at_other_rows_is_found_out() -> None:
    """Predictions that depend on the batch do not add up, and that is said."""
    pool = table()
    with pytest.raises(FallLineError, match="whatever rows come with it"):
        shap_values(
            lambda rows: logit(rows) - logit(rows).mean(),
            pool,
            np.arange(3),
            np.arange(10, 40),
            np.random.default_rng(0),
        )


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rows and one permutation get a sentence; without shap the sentence gives the command."""
    pool, rng = table(), np.random.default_rng(0)
    with pytest.raises(DataError, match="a row or more"):
        shap_values(logit, pool, [], [1], rng)
    with pytest.raises(DataError, match="2 permutations"):
        shap_values(logit, pool, [0], [1], rng, permutations=1)
    monkeypatch.setitem(sys.modules, "shap", None)
    with pytest.raises(Unavailable, match=r"pip install 'fallline\[explain\]'"):
        shap_values(logit, pool, [0], [1], rng)
