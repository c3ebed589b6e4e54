"""Compiled rules: the name under which a kernel is kept."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from fallline.engine.optim.compiled import fingerprint

SHIFT = 1.0


def _twice(x: Any) -> Any:
    return 2.0 * x + SHIFT


def _outer(x: Any) -> Any:
    return _twice(x)


def _variant(rule: FunctionType, **names: Any) -> FunctionType:
    return FunctionType(rule.__code__, rule.__globals__ | names)


def test_a_changed_formula_is_another_kernel() -> None:
    """A number in the formula, a constant of the module, a function that it calls: each changes the name."""
    assert fingerprint(_twice) == fingerprint(_variant(_twice))
    assert fingerprint(_twice) != fingerprint(_variant(_twice, SHIFT=1.5))
    assert fingerprint(_outer) != fingerprint(_variant(_outer, _twice=_variant(_twice, SHIFT=1.5)))
    changed = _twice.__code__.replace(co_consts=tuple(3.0 if c == 2.0 else c for c in _twice.__code__.co_consts))
    assert fingerprint(_twice) != fingerprint(FunctionType(changed, _twice.__globals__))
