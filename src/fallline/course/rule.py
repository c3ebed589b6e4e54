"""Rules: conditions over plain data, written as data.

A condition is ``path op value``; all conditions of a list must hold. `op` is one of ``== != < <= > >=``. The value is a
number, ``true``, ``false``, ``null``, text (bare or in double quotes), another path, or a number times a path
(``0.5 * descent.runs.gd.loss``). A right side with a dot or a bracket is a path; a bare word is the value of that name
where the data has one at its top, and text otherwise. A path that leads nowhere makes the condition fail.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator

from fallline.core.errors import SpecError
from fallline.course.path import MISSING, PATH, resolve

CONDITION = re.compile(rf"\s*(?P<path>{PATH.pattern})\s*(?P<op>==|!=|<=|>=|<|>)\s*(?P<value>[^\s=<>!].*?)\s*")
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
SCALED = re.compile(rf"(?P<factor>{NUMBER.pattern})\s*\*\s*(?P<path>{PATH.pattern})")
WORDS: dict[str, object] = {"true": True, "false": False, "null": None}

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Condition:
    """One comparison.

    Attributes:
        path: left side.
        op: comparison.
        value: right side, when it is a literal.
        other: right side, when it is a path; empty otherwise.
        factor: multiplies the other path's value.
        word: the right side was one bare word, which may name a value at the top of the data.
    """

    path: str
    op: str
    value: object = None
    other: str = ""
    factor: float = 1.0
    word: bool = False

    def paths(self) -> tuple[str, ...]:
        """Returns the paths that it reads."""
        return (self.path, self.other) if self.other else (self.path,)

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Says whether the comparison holds on the data."""
        left = resolve(self.path, data)
        right = self._right(data)
        if left is MISSING or right is MISSING:
            return False
        if self.op == "==":
            return _same(left, right)
        if self.op == "!=":
            return not _same(left, right)
        return _is_number(left) and _is_number(right) and OPERATORS[self.op](left, right)

    def _right(self, data: Mapping[str, Any]) -> object:
        if self.other:
            value = resolve(self.other, data)
            if self.factor == 1.0:
                return value
            return self.factor * value if _is_number(value) else MISSING
        if self.word and str(self.value) in data:
            value = data[str(self.value)]
            return self.value if isinstance(value, Mapping | list | tuple) else value
        return self.value


@lru_cache(maxsize=4096)
def condition(text: str) -> Condition:
    """Reads one condition.

    Raises:
        SpecError: not of the form ``path op value``.

    >>> condition("descent.runs.gd.ending.kind == step limit").holds(
    ...     {"descent": {"runs": {"gd": {"ending": {"kind": "step limit"}}}}}
    ... )
    True
    >>> condition("rate < 0.5 * limits.gd").holds({"rate": 0.01, "limits": {"gd": 0.04}})
    True
    """
    match = CONDITION.fullmatch(text) if len(text) <= 300 else None
    if match is None:
        raise SpecError("", text, "a condition", "Write: path op value, with one of == != < <= > >=.")
    left, op, right = match["path"], match["op"], match["value"]
    if right in WORDS:
        return Condition(left, op, WORDS[right])
    if NUMBER.fullmatch(right):
        return Condition(left, op, float(right))
    if len(right) >= 2 and right[0] == right[-1] == '"':
        return Condition(left, op, right[1:-1])
    scaled = SCALED.fullmatch(right)
    if scaled:
        return Condition(left, op, other=scaled["path"], factor=float(scaled["factor"]))
    if PATH.fullmatch(right) and ("." in right or "[" in right):
        return Condition(left, op, other=right)
    return Condition(left, op, right, word=PATH.fullmatch(right) is not None)


def _checked(text: str) -> str:
    try:
        condition(text)
    except SpecError as error:
        raise ValueError(f"{error.expected}. {error.hint}".rstrip(".")) from None
    return text


ConditionText = Annotated[str, AfterValidator(_checked)]
"""A condition in a content file."""


def all_hold(conditions: Iterable[str], data: Mapping[str, Any]) -> bool:
    """Says whether every condition holds; an empty list always does."""
    return all(condition(text).holds(data) for text in conditions)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(left: object, right: object) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right
