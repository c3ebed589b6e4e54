"""LLVM's own vectors, as wide as the registers of AVX-512: narrower processors split them.

Loops over a row as short as one vector are not vectorised by LLVM: its vector loops take several vectors at once. What
must be fast on one row is therefore written in vectors here.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.core import cgutils
from numba.extending import intrinsic

WORD, INDEX = ir.IntType(32), ir.IntType(64)
BYTES = 64
"""Of one vector: 16 float32 or 8 float64."""
WIDTH = 16
"""Rows are filled up to a multiple of it: one vector of float32, two of float64."""


class Vectors:
    """Vectors of one type under one builder.

    Attributes:
        kind: LLVM's vector type.
    """

    def __init__(self, builder: Any, number: Any, size: int) -> None:
        """Takes the builder, LLVM's number type and its size in bytes."""
        self.builder, self.size, self.lanes = builder, size, BYTES // size
        self.kind = ir.VectorType(number, self.lanes)
        kinds = ir.FunctionType(self.kind, [self.kind] * 3)
        # One rounding where the processor has the instruction, two where it has not.
        name = f"llvm.fmuladd.v{self.lanes}f{8 * size}"
        self._multiply_add = cgutils.get_or_insert_function(builder.module, kinds, name)

    def _place(self, start: Any, j: int) -> Any:
        place = self.builder.gep(start, [ir.Constant(INDEX, self.lanes * j)])
        return self.builder.bitcast(place, self.kind.as_pointer())

    def load(self, start: Any, j: int) -> Any:
        """Returns vector j from an address on."""
        return self.builder.load(self._place(start, j), align=self.size)

    def store(self, value: Any, start: Any, j: int) -> None:
        """Writes vector j from an address on."""
        self.builder.store(value, self._place(start, j), align=self.size)

    def spread(self, number: Any) -> Any:
        """Returns the number in every lane."""
        nothing = ir.Constant(self.kind, ir.Undefined)
        first = self.builder.insert_element(nothing, number, ir.Constant(WORD, 0))
        return self.builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(WORD, self.lanes), None))

    def multiply_add(self, a: Any, b: Any, c: Any) -> Any:
        """Returns a·b + c."""
        return self.builder.call(self._multiply_add, [a, b, c])


def _row(operation: str) -> Any:
    """Makes ``out[:WIDTH] = line[:WIDTH] ∘ by``."""

    def row(typing: Any, line: Any, by: Any, out: Any) -> Any:
        del typing

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            number = signature.args[0].dtype
            vectors = Vectors(builder, context.get_value_type(number), number.bitwidth // 8)
            other = vectors.spread(context.cast(builder, args[1], signature.args[1], number))
            for j in range(WIDTH // vectors.lanes):
                vectors.store(getattr(builder, operation)(vectors.load(args[0], j), other), args[2], j)
            return context.get_dummy_value()

        return numba.types.void(line, by, out), generate

    return row


subtract_from_row = intrinsic(_row("fsub"))
"""``(line, by, out)``: writes `WIDTH` numbers, each less `by`."""
scale_row = intrinsic(_row("fmul"))
"""``(line, by, out)``: writes `WIDTH` numbers, each times `by`."""
