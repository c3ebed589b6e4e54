"""The matrix product of small nets: C = start + A·B with any strides in A, in register tiles.

For nets of these sizes it reaches two to four times what BLAS does, which packs A and B first and is made for larger
matrices. The last tile of rows overlaps the one before it and computes some rows twice, with the same bits.
"""

from __future__ import annotations

from typing import Any

from numba.extending import register_jitable

from fallline.engine.train.population.pointers import shift
from fallline.engine.train.population.tile import make_tile

tile_8_2, tile_1_2 = make_tile(8, 2), make_tile(1, 2)
tile_16_1, tile_8_1, tile_1_1 = make_tile(16, 1), make_tile(8, 1), make_tile(1, 1)


def product(  # noqa: PLR0917 - compiled code takes its arguments by position
    rows: int,
    columns: int,
    k: int,
    a: Any,
    a_row: int,
    a_step: int,
    start: Any,
    b: Any,
    c: Any,
    lanes: int,
) -> None:
    """Writes C[i, j] = start[j] + Σₖ a[i·a_row + k·a_step]·b[k·columns + j].

    Args:
        rows: of C, ≥ 1.
        columns: of B and C, and the length of their rows; a multiple of 16.
        k: ≥ 1.
        a: address of A.
        a_row: elements from one row of A to the next.
        a_step: elements from one column of A to the next.
        start: address of a row.
        b: address of B, contiguous rows.
        c: address of C, contiguous rows.
        lanes: numbers in a vector, 16 float32 or 8 float64.
    """
    j = 0
    while j + 2 * lanes <= columns:
        s, right, out = shift(start, j), shift(b, j), shift(c, j)
        i = 0
        while rows >= 8 and i < rows:
            i = min(i, rows - 8)
            tile_8_2(k, shift(a, i * a_row), a_row, a_step, s, right, columns, shift(out, i * columns), columns)
            i += 8
        while i < rows:
            tile_1_2(k, shift(a, i * a_row), a_row, a_step, s, right, columns, shift(out, i * columns), columns)
            i += 1
        j += 2 * lanes
    if j < columns:
        narrow_product(rows, columns, k, a, a_row, a_step, shift(start, j), shift(b, j), shift(c, j))


def narrow_product(  # noqa: PLR0917 - as above
    rows: int, columns: int, k: int, a: Any, a_row: int, a_step: int, start: Any, b: Any, c: Any
) -> None:
    """The last vector of every row of C."""
    i = 0
    while rows >= 16 and i < rows:
        i = min(i, rows - 16)
        tile_16_1(k, shift(a, i * a_row), a_row, a_step, start, b, columns, shift(c, i * columns), columns)
        i += 16
    while rows >= 8 and i < rows:
        i = min(i, rows - 8)
        tile_8_1(k, shift(a, i * a_row), a_row, a_step, start, b, columns, shift(c, i * columns), columns)
        i += 8
    while i < rows:
        tile_1_1(k, shift(a, i * a_row), a_row, a_step, start, b, columns, shift(c, i * columns), columns)
        i += 1


for _part in (product, narrow_product):
    register_jitable(_part)
