"""exp, tanh and erf for float32 as plain arithmetic, so that loops over them are vectorised.

The C library's functions are called for one number at a time, which costs more than a whole layer of a small net. Each
of these is exact to about one rounding of float32. Rules say `exp`, `tanh` and `erf`, which are the library's; compiled
in float32, they get those of `SINGLE`. The polynomials are the classical ones of Cephes (Moshier, 1992); erf is the
rational fit of degree 13 over 8 for |x| ≤ 4. A minimum or maximum has the variable first: NaN then stays NaN.
"""

from __future__ import annotations

import math
from typing import Any

import numba
from llvmlite import ir
from numba.extending import intrinsic

ROUNDING = 12582912.0
"""1.5·2²³: adding it leaves a float32 rounded to a whole number in its lowest bits."""
LOG2E = 1.44269504088896341
LN2_HIGH, LN2_LOW = 0.693359375, -2.12194440e-4
ROOT_HALF = 0.70710678118654752
ROOT_TAU = 0.39894228040143268
"""1/√(2π)."""


def _power_of_two(typing: Any, shifted: Any) -> Any:
    """2ⁿ from the float32 n + `ROUNDING`: its lowest bits become the exponent."""
    del typing, shifted
    number = numba.types.float32

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        del context, signature
        word = ir.IntType(32)
        bits = builder.shl(builder.bitcast(args[0], word), ir.Constant(word, 23))
        return builder.bitcast(builder.add(bits, ir.Constant(word, 127 << 23)), ir.FloatType())

    return number(number), generate


power_of_two = intrinsic(_power_of_two)


def exp_single(x: Any) -> Any:
    """e^x; what would leave the normal numbers of float32 stops at their ends, and NaN stays NaN."""
    x = min(x, 88.0)
    x = max(x, -87.0)
    shifted = x * LOG2E + ROUNDING
    n = shifted - ROUNDING
    r = x - n * LN2_HIGH
    r = r - n * LN2_LOW
    p = 1.9875691500e-4 * r + 1.3981999507e-3
    p = p * r + 8.3334519073e-3
    p = p * r + 4.1665795894e-2
    p = p * r + 1.6666665459e-1
    p = p * r + 5.0000001201e-1
    return (p * r * r + r + 1.0) * power_of_two(shifted)


def tanh_single(x: Any) -> Any:
    """The hyperbolic tangent: a polynomial near 0, beyond it 1 − 2/(e^2|x| + 1)."""
    size = abs(x)
    square = x * x
    p = -5.70498872745e-3 * square + 2.06390887954e-2
    p = p * square - 5.37397155531e-2
    p = p * square + 1.33314422036e-1
    p = p * square - 3.33332819422e-1
    near = p * square * x + x
    far = 1.0 - 2.0 / (exp_single(2.0 * size) + 1.0)
    far = -far if x < 0.0 else far
    return near if size < 0.625 else far


def erf_single(x: Any) -> Any:
    """The error function: x·P(x²)/Q(x²), and ±1 from 4 on."""
    x = min(x, 4.0)
    x = max(x, -4.0)
    square = x * x
    p = -2.72614225801306e-10 * square + 2.77068142495902e-08
    p = p * square - 2.10102402082508e-06
    p = p * square - 5.69250639462346e-05
    p = p * square - 7.34990630326855e-04
    p = p * square - 2.95459980854025e-03
    p = p * square - 1.60960333262415e-02
    q = -1.45660718464996e-05 * square - 2.13374055278905e-04
    q = q * square - 1.68282697438203e-03
    q = q * square - 7.37332916720468e-03
    q = q * square - 1.42647390514189e-02
    return x * p / q


def exp(x: Any) -> Any:
    """e^x, the library's."""
    return math.exp(x)


def tanh(x: Any) -> Any:
    """The hyperbolic tangent, the library's."""
    return math.tanh(x)


def erf(x: Any) -> Any:
    """The error function, the library's."""
    return math.erf(x)


SINGLE: dict[Any, Any] = {exp: exp_single, tanh: tanh_single, erf: erf_single}
"""What takes the library's place in float32."""
