"""The register tiles against NumPy's product."""

from __future__ import annotations

from functools import cache
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.engine.train.population.pointers import at
from fallline.engine.train.population.product import product


@cache
def compiled() -> Any:
    """The product for arrays, as the kernel uses it for addresses."""

    def multiply(shape: Any, a: Any, strides: Any, start: Any, b: Any, c: Any) -> None:
        lanes = 64 // c.itemsize
        product(*shape, at(a, 0), strides[0], strides[1], at(start, 0), at(b, 0), at(c, 0), lanes)

    return numba.njit(multiply)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 40),
    blocks=st.integers(1, 5),
    k=st.integers(1, 30),
    turned=st.booleans(),
    seed=st.integers(0, 99),
)
def test_a_product_of_any_shape_is_numpys(
    dtype: type[np.floating[Any]], rows: int, blocks: int, k: int, turned: bool, seed: int
) -> None:
    """Start + A·B holds for all rows, columns and depths, with A as it lies or turned, to a rounding a term."""
    rng = np.random.default_rng(seed)
    columns = 16 * blocks
    a = rng.standard_normal((k, rows) if turned else (rows, k)).astype(dtype)
    start, b = rng.standard_normal(columns).astype(dtype), rng.standard_normal((k, columns)).astype(dtype)
    c = np.full((rows + 1, columns), 7.0, dtype=dtype)
    strides = (1, rows) if turned else (k, 1)
    compiled()((rows, columns, k), a.ravel(), strides, start, b.ravel(), c.ravel())
    exact = start + (a.T if turned else a).astype(np.float64) @ b
    assert np.abs(c[:rows] - exact).max() <= 20 * k * np.finfo(dtype).eps
    assert (c[rows] == 7.0).all()


def test_an_element_does_not_depend_on_its_neighbours() -> None:
    """A row has the same bits alone and among others: whoever takes part, a member gives what it gives alone."""
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((37, 21)).astype(np.float32), rng.standard_normal((21, 48)).astype(np.float32)
    start, all_rows = np.zeros(48, np.float32), np.zeros((37, 48), np.float32)
    compiled()((37, 48, 21), a.ravel(), (21, 1), start, b.ravel(), all_rows.ravel())
    for row in range(37):
        one = np.zeros(48, np.float32)
        compiled()((1, 48, 21), a[row], (21, 1), start, b.ravel(), one)
        assert (one == all_rows[row]).all()
