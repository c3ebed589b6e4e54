"""Clause: a condition on hyperparameters, written as text, read by a whitelist and never executed.

``units_2 <= units_1``, ``optimizer == "sgd" and momentum > 0.5``, ``layers * units < 512``, ``kind in ("a", "b")``. A
clause that names a parameter which is not there neither holds nor fails, as in Kleene's logic of three values (Kleene
1938): what depends on it is left alone.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from fallline.core.errors import SpecError
from fallline.engine.tune.value import Value

LONGEST, MOST_NODES = 500, 200
"""Characters and parts of one clause."""

ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
COMPARISONS = {*ORDER, ast.Eq, ast.NotEq, ast.In, ast.NotIn}
FUNCTIONS: dict[str, Callable[..., Any]] = {"min": min, "max": max, "abs": abs}
WORDS: dict[str, Value] = {"true": True, "false": False, "none": None}
_ABSENT = object()


@dataclass(frozen=True)
class Clause:
    """A condition.

    Attributes:
        text: comparisons of names, numbers and words with ``== != < <= > >= in``, joined by ``and``, ``or``, ``not``;
            ``+ - * / // %``, ``min``, ``max`` and ``abs`` on numbers.

    Raises:
        SpecError: anything else, with the column.

    >>> clause = Clause("layers * units <= 256")
    >>> clause.holds({"layers": 2, "units": 128}), clause.holds({"layers": 3, "units": 128})
    (True, False)
    >>> clause.holds({"layers": 1}) is None
    True
    """

    text: str

    def __post_init__(self) -> None:
        _ = self._tree

    @cached_property
    def _tree(self) -> ast.expr:
        if not isinstance(self.text, str) or not 0 < len(self.text) <= LONGEST:
            raise SpecError("clause", self.text, f"a condition of at most {LONGEST} characters")
        try:
            tree = ast.parse(self.text.strip(), mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            column = getattr(error, "offset", None)
            raise SpecError("clause", self.text, "a condition", f"It breaks off at column {column or 1}.") from None
        if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
            raise SpecError("clause", self.text, f"a condition of at most {MOST_NODES} parts")
        _check(tree, self.text)
        if not isinstance(tree, ast.Compare | ast.BoolOp | ast.Name | ast.Attribute) and not (
            isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not)
        ):
            raise SpecError("clause", self.text, "a condition: it has a value, but is neither true nor false")
        return tree

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters that it reads, each once, in the order of their first appearance."""
        found: dict[str, None] = {}
        _collect(self._tree, found)
        return tuple(found)

    def holds(self, params: Mapping[str, Value]) -> bool | None:
        """Says whether it holds; None where a parameter that decides it is not there.

        Raises:
            SpecError: an order between things that have none, such as a word and a number.
        """
        found = _value(self._tree, params, self.text)
        return None if found is _ABSENT else bool(found)

    def renamed(self, names: Mapping[str, str]) -> Clause:
        """Returns the clause over other names; those left out stay as they are."""
        return Clause(ast.unparse(_Renaming(names).visit(ast.parse(self.text.strip(), mode="eval"))))

    def __str__(self) -> str:
        return self.text


class _Renaming(ast.NodeTransformer):
    """Puts other names for names, dots and all."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._renamed(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._renamed(node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.args = [self.visit(arg) for arg in node.args]
        return node

    def _renamed(self, node: ast.Name | ast.Attribute) -> ast.expr:
        name = dotted(node)
        return ast.parse(self.names.get(name, name), mode="eval").body if name.lower() not in WORDS else node


def dotted(node: ast.expr) -> str:
    """Returns ``a.b.c`` of a name with dots; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""


def _check(node: ast.expr, text: str) -> None:
    """Refuses what is not on the list, at its column."""
    children = _children(node)
    if children is None:
        hint = f"At column {node.col_offset + 1}: {ast.unparse(node)[:40]!r} is not part of a condition."
        raise SpecError("clause", text, "made of comparisons, and, or, not, in and plain arithmetic", hint)
    for child in children:
        _check(child, text)


def _children(node: ast.expr) -> list[ast.expr] | None:
    """Returns the parts of a part; None for one that is not on the list."""
    children: list[ast.expr] | None = [] if dotted(node) else None
    match node:
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            children = parts
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            children = [operand]
        case ast.Compare(left=left, ops=ops, comparators=others) if {type(op) for op in ops} <= COMPARISONS:
            children = [left, *others]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
            children = [left, right]
        case ast.Call(func=func, args=[_, *_] as parts, keywords=[]) if dotted(func) in FUNCTIONS:
            children = parts
        case ast.Constant(value=bool() | int() | float() | str() | None):
            children = []
    return children


def _collect(node: ast.AST, found: dict[str, None]) -> None:
    name = dotted(node) if isinstance(node, ast.expr) else ""
    if name:
        if name.lower() not in WORDS:
            found[name] = None
        return
    parts = node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node)
    for child in parts:
        _collect(child, found)


def _value(node: ast.expr, params: Mapping[str, Value], text: str) -> Any:
    """Returns what a part is worth; `_ABSENT` where it hangs on a parameter that is not there."""
    name = dotted(node)
    if name:
        return WORDS[name.lower()] if name.lower() in WORDS and name not in params else params.get(name, _ABSENT)
    if isinstance(node, ast.Constant):
        return node.value
    values = [_value(part, params, text) for part in _children(node) or []]
    if isinstance(node, ast.BoolOp):
        return _joined(values, every=isinstance(node.op, ast.And))
    if isinstance(node, ast.Compare):
        return _compared(node.ops, values, text)
    return _ABSENT if any(value is _ABSENT for value in values) else _known(node, values, text)


def _known(node: ast.expr, values: list[Any], text: str) -> Any:
    """Returns what a part is worth whose own parts are all there."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return not values[0]
    return tuple(values) if isinstance(node, ast.Tuple | ast.List | ast.Set) else _number(node, values, text)


def _number(node: ast.expr, values: list[Any], text: str) -> Any:
    """Returns the result of arithmetic; what is divided by zero is not there."""
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
        raise SpecError("clause", text, f"possible: {ast.unparse(node)[:40]!r} needs numbers")
    try:
        if isinstance(node, ast.UnaryOp):
            return -values[0]
        if isinstance(node, ast.Call):
            return FUNCTIONS[dotted(node.func)](*values) if len(values) > 1 or dotted(node.func) == "abs" else values[0]
        assert isinstance(node, ast.BinOp)  # noqa: S101 - `_check` let nothing else through
        return ARITHMETIC[type(node.op)](*values)
    except (ZeroDivisionError, OverflowError):
        return _ABSENT


def _joined(values: list[Any], *, every: bool) -> Any:
    """Kleene's and, or: one False (True) decides, whatever is not there."""
    decided = [bool(value) for value in values if value is not _ABSENT]
    if (not every) in decided:
        return not every
    return every if len(decided) == len(values) else _ABSENT


def _compared(ops: list[ast.cmpop], sides: list[Any], text: str) -> Any:
    """Returns a chain of comparisons, each of which must hold."""
    links = [
        _ABSENT if left is _ABSENT or right is _ABSENT else _link(op, left, right, text)
        for op, (left, right) in zip(ops, pairwise(sides), strict=True)
    ]
    return _joined(links, every=True)


def _link(op: ast.cmpop, left: Any, right: Any, text: str) -> bool:
    if isinstance(op, ast.Eq | ast.NotEq):
        return _equal(left, right) == isinstance(op, ast.Eq)
    if isinstance(op, ast.In | ast.NotIn):
        if not isinstance(right, tuple):
            raise SpecError("clause", text, 'possible: after "in" stands a list, as in kind in ("a", "b")')
        return any(_equal(left, value) for value in right) == isinstance(op, ast.In)
    if any(isinstance(side, bool) or not isinstance(side, int | float) for side in (left, right)):
        raise SpecError("clause", text, f"possible: {left!r} and {right!r} have no order")
    return ORDER[type(op)](left, right)


def _equal(left: Any, right: Any) -> bool:
    """Compares numbers as numbers; True is no number here."""
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


When = tuple[str, tuple[Value, ...]] | Clause | None
"""Another parameter and its values under which this one exists, or a clause; None for always."""
