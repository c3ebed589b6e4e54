"""Compiling a kernel: a plain C function in one precision, its rules inlined, kept on disk where there is room.

A template is an ordinary function whose rules are names of its module. `kernel` puts the real rules in their place and
compiles the result under a name of its own. In float32 every literal of a rule becomes float32 as well: one number in
double precision would drag the whole loop along with it, at half the speed.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numba
import numpy as np

from fallline.engine.optim.compiled import Function, Kernel, compile_c, fingerprint
from fallline.engine.train.population.elementary import SINGLE

Precision: TypeAlias = Literal["float32", "float64"]

TYPES: dict[str, Any] = {"float32": numba.types.float32, "float64": numba.types.float64}


def kernel(
    template: Function,
    signature: Any,
    precision: Precision,
    rules: Mapping[str, Function],
    doubles: Mapping[str, Function] = MappingProxyType({}),
) -> Kernel:
    """Compiles a template with its rules, or loads it from the cache.

    Args:
        template: reads each rule by its name in `rules`, as a name of its module.
        signature: Numba's, of the C function.
        precision: in which the rules' own numbers are held.
        rules: name in the template → the function.
        doubles: the same, for what is computed in double precision always.
    """
    inlined = {name: inline(rule, precision) for name, rule in rules.items()}
    inlined |= {name: inline(rule, "float64") for name, rule in doubles.items()}
    # A name of its own gives each kernel a cache file of its own; Numba looks at the template's source only, so the
    # name also carries what the rules say: a changed formula is another kernel.
    name = "_".join([template.__name__, precision, fingerprint(*rules.values(), *doubles.values())])
    bound = types.FunctionType(template.__code__, template.__globals__ | inlined, name)
    bound.__qualname__ = name
    bound.__module__ = template.__module__
    return compile_c(signature, bound)


def inline(rule: Function, precision: Precision) -> Any:
    """Returns the rule for compiled code, with its literals, and all that it names, in this precision.

    >>> half = inline(lambda x: 0.5 * x, "float32")
    >>> half(np.float32(3.0)), half.nopython_signatures[0].return_type
    (1.5, float32)
    """
    if not isinstance(rule, types.FunctionType):
        return rule
    rule = SINGLE.get(rule, rule) if precision == "float32" else rule
    code, named = rule.__code__, {}
    for name in code.co_names:
        used = rule.__globals__.get(name)
        if isinstance(used, types.FunctionType) and used is not rule:
            named[name] = inline(used, precision)
        elif isinstance(used, float) and precision == "float32":
            named[name] = np.float32(used)
    if precision == "float32":
        numbers = tuple(np.float32(each) if isinstance(each, float) else each for each in code.co_consts)
        code = code.replace(co_consts=numbers)
    copy = types.FunctionType(code, rule.__globals__ | named, rule.__name__)
    # Division by zero gives infinity, as in NumPy: a check at each division would keep the loop from being vectorised.
    return numba.njit(error_model="numpy")(copy)
