"""Pools: mixed rows take each raw column from the row asked for, whatever the values are."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.core.errors import DataError
from fallline.engine.explain import ColumnPool, MatrixPool, column_place, unmixed


def test_matrix_pool_moves_one_hot_columns_together() -> None:
    """All matrix columns of a raw column come from the same pool row, also where they do not stand side by side."""
    matrix = np.arange(15, dtype=np.float32).reshape(3, 5)
    pool = MatrixPool(matrix, ("plan", "age", "plan", "area", "plan"))
    assert pool.names == ("plan", "age", "area")
    mixed = pool.mix(np.array([[0, 1, 2], [2, 2, 0]]))
    assert mixed.tolist() == [[0, 6, 2, 13, 4], [10, 11, 12, 3, 14]]
    assert mixed.dtype == np.float32
    assert np.array_equal(pool.mix(unmixed(np.array([2, 0]), 3)), matrix[[2, 0]])


def test_column_pool_mixes_words_numbers_and_missing_values() -> None:
    """Each column is taken as it is, missing values too."""
    pool = ColumnPool({"plan": np.array(["a", None, "b"], dtype=object), "age": np.array([1.0, np.nan, 3.0])})
    mixed = pool.mix(np.array([[1, 0], [0, 1]]))
    assert mixed["plan"].tolist() == [None, "a"]
    assert mixed["age"][0] == 1.0
    assert np.isnan(mixed["age"][1])


def test_equal_values_have_equal_numbers() -> None:
    """Numbers agree exactly where values do; missing equals missing."""
    columns = ColumnPool(
        {"plan": np.array(["a", None, "b", None], dtype=object), "age": np.array([np.nan, 2.0, np.nan, 2.5])}
    )
    same = columns.same(np.arange(4))
    assert same[1, 0] == same[3, 0] != same[0, 0] != same[2, 0]
    assert same[0, 1] == same[2, 1] != same[1, 1] != same[3, 1]
    matrix = MatrixPool(np.array([[0, 1, 5], [0, 1, 6], [1, 0, 5]], dtype=np.float32), ("plan", "plan", "age"))
    same = matrix.same(np.array([0, 1, 2]))
    assert same[0, 0] == same[1, 0] != same[2, 0]
    assert same[0, 1] == same[2, 1] != same[1, 1]


def test_refusals() -> None:
    """Sources that do not fit, columns of unequal length and unknown columns get a sentence."""
    with pytest.raises(DataError, match="one source per column"):
        MatrixPool(np.zeros((2, 3), dtype=np.float32), ("a", "b"))
    with pytest.raises(DataError, match="one common length"):
        ColumnPool({"a": np.zeros(2), "b": np.zeros(3)})
    with pytest.raises(DataError, match="one common length"):
        ColumnPool({})
    with pytest.raises(DataError, match="Did you mean 'tenure'"):
        column_place("tenrue", ("tenure", "plan"))
