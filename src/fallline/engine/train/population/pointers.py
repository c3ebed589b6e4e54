"""Addresses in compiled code: where an array's element lies, numbers in another precision, and calls by address."""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.extending import intrinsic

Integer, Double = numba.types.int64, numba.types.float64


def _at(typing: Any, array: Any, offset: Any) -> Any:
    """The address of element `offset` of a contiguous array."""
    del typing, offset

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        return builder.gep(data, [args[1]])

    return numba.types.CPointer(array.dtype)(array, Integer), generate


def _shift(typing: Any, start: Any, offset: Any) -> Any:
    """The address `offset` elements further."""
    del typing, offset
    return start(start, Integer), lambda _, builder, __, args: builder.gep(args[0], [args[1]])


def _like(typing: Any, start: Any, value: Any) -> Any:
    """A number in the precision of what a pointer points to."""
    del typing
    wanted = start.dtype

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return context.cast(builder, args[1], signature.args[1], wanted)

    return wanted(start, value), generate


def _all_like(typing: Any, start: Any, values: Any) -> Any:
    """A tuple of numbers in the precision of what a pointer points to."""
    del typing
    wanted = numba.types.UniTuple(start.dtype, len(values))

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        parts = [
            context.cast(builder, builder.extract_value(args[1], place), kind, wanted.dtype)
            for place, kind in enumerate(signature.args[1])
        ]
        return context.make_tuple(builder, wanted, parts)

    return wanted(start, values), generate


def _call(result: Any) -> Any:
    """Makes a call of ``result f(...)`` at an address; the arguments' types are the function's."""

    def typed(typing: Any, address: Any, arguments: Any) -> Any:
        del typing

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            values = [builder.extract_value(args[1], place) for place in range(len(signature.args[1]))]
            back = ir.DoubleType() if result is Double else ir.VoidType()
            function = ir.FunctionType(back, [value.type for value in values])
            told = builder.call(builder.inttoptr(args[0], function.as_pointer()), values)
            return told if result is Double else context.get_dummy_value()

        return result(address, arguments), generate

    return typed


at = intrinsic(_at)
shift = intrinsic(_shift)
like = intrinsic(_like)
all_like = intrinsic(_all_like)
call = intrinsic(_call(numba.types.void))
call_for_number = intrinsic(_call(Double))
