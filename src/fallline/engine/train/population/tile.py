"""The register tile: the innermost loop of a matrix product, written as LLVM's own vectors.

A block of C stays in registers while one column of A meets one row of B after the other (Goto and van de Geijn, 2008);
LLVM's loop vectoriser does not find this from scalar loops. Each element is summed over k in order, whatever the tile:
its bits depend neither on the tile's shape nor on what else is computed.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.extending import intrinsic

from fallline.engine.train.population.vectors import INDEX, Vectors


def make_tile(rows: int, vectors: int) -> Any:
    """Returns ``tile(k, a, a_row, a_step, start, b, b_step, c, c_row)`` for `rows` rows and `vectors` vectors of C.

    C[i, j] = start[j] + Σₖ a[i·a_row + k·a_step]·b[k·b_step + j], with k ≥ 1 and all strides in elements.
    """

    def tile(  # noqa: PLR0917 - compiled code takes its arguments by position
        typing: Any, k: Any, a: Any, a_row: Any, a_step: Any, start: Any, b: Any, b_step: Any, c: Any, c_row: Any
    ) -> Any:
        del typing
        signature = numba.types.void(k, a, a_row, a_step, start, b, b_step, c, c_row)
        return signature, lambda context, builder, signature, args: _generate(
            context, builder, signature.args[1].dtype, args, (rows, vectors)
        )

    return intrinsic(tile)


def _generate(context: Any, builder: Any, number: Any, args: Any, shape: tuple[int, int]) -> Any:
    k, a, a_row, a_step, start, b, b_step, c, c_row = args
    vectors = Vectors(builder, context.get_value_type(number), number.bitwidth // 8)
    rows, columns = range(shape[0]), range(shape[1])
    starts = [vectors.load(start, j) for j in columns]
    places = [builder.gep(a, [builder.mul(a_row, ir.Constant(INDEX, i))]) for i in rows]
    before, loop, after = builder.block, builder.append_basic_block("over_k"), builder.append_basic_block("summed")
    builder.branch(loop)
    builder.position_at_end(loop)
    step = builder.phi(INDEX)
    sums = [[builder.phi(vectors.kind) for _ in columns] for _ in rows]
    line = builder.gep(b, [builder.mul(step, b_step)])
    factors = [vectors.load(line, j) for j in columns]
    offset = builder.mul(step, a_step)
    new = []
    for i in rows:
        factor = vectors.spread(builder.load(builder.gep(places[i], [offset])))
        new.append([vectors.multiply_add(factor, factors[j], sums[i][j]) for j in columns])
    following = builder.add(step, ir.Constant(INDEX, 1))
    step.add_incoming(ir.Constant(INDEX, 0), before)
    step.add_incoming(following, loop)
    for i in rows:
        for j in columns:
            sums[i][j].add_incoming(starts[j], before)
            sums[i][j].add_incoming(new[i][j], loop)
    builder.cbranch(builder.icmp_signed("<", following, k), loop, after)
    builder.position_at_end(after)
    for i in rows:
        line = builder.gep(c, [builder.mul(c_row, ir.Constant(INDEX, i))])
        for j in columns:
            vectors.store(new[i][j], line, j)
    return context.get_dummy_value()
