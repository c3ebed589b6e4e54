"""A surface as a plain function in PyTorch, read from the surface's own rule."""

from __future__ import annotations

import ast
import inspect
import math
import re
import textwrap

from fallline.engine.surfaces import Surface
from fallline.engine.surfaces.parse import LETTERS, parse

MOST = 100
NAMED = {math.e: "e", math.pi: "pi", math.tau: "tau"}
"""Numbers that ``math`` has a name for."""


def surface_lines(surface: Surface) -> tuple[list[str], list[str]]:
    """Returns the function as lines, and the names that it needs from ``math``.

    >>> from fallline.engine.surfaces import SURFACES
    >>> lines, _ = surface_lines(SURFACES["ravine"])
    >>> lines
    ['def ravine(x, y):', '    return 0.5 * (x * x + 50.0 * y * y)']
    """
    if surface.expression:
        return _expression_lines(surface)
    if surface.block is not None:
        return _form_lines(surface)
    rule = surface.value_rule
    tree = ast.parse(textwrap.dedent(inspect.getsource(rule))).body[0]
    assert isinstance(tree, ast.FunctionDef)  # noqa: S101 - a rule is a plain function
    translated = _Torch(rule.__globals__)
    body = [line for each in tree.body[1:] for line in _lines(translated.visit(each))]
    names = sorted(name for name in NAMED.values() if name in translated.used)
    return [f"def {surface.name}(x, y):", *(f"    {line}" for line in body)], names


def _expression_lines(surface: Surface) -> tuple[list[str], list[str]]:
    """A function of one expression, broken at its sums where it is long."""
    formula = parse(surface.expression, dimension=surface.dimension, most=len(surface.expression))
    few = surface.dimension <= len(LETTERS) and formula.variables[0] in LETTERS
    names = sorted(name for name in NAMED.values() if re.search(rf"\b{name}\b", formula.torch))
    head = f"def {surface.name}({', '.join(formula.variables) if few else '*w'}):"
    line = f"    return {formula.torch}"
    if len(line) <= MOST:
        return [head, line], names
    return [head, "    return (", *(f"        {part}" for part in _terms(formula.torch)), "    )"], names


def _terms(text: str) -> list[str]:
    """A sum by its terms, a sign at the start of each line."""
    parts, depth, begun = [], 0, 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and text[place : place + 3] in {" + ", " - "}:
            parts.append(text[begun:place])
            begun = place + 1
    return [*parts, text[begun:]]


def _form_lines(surface: Surface) -> tuple[list[str], list[str]]:
    """A quadratic form by its matrix."""
    rows = [", ".join(repr(each) for each in row) for row in surface.hessian(surface.start).tolist()]
    function = [f"def {surface.name}(*w):", "    w = torch.stack(w)", "    return 0.5 * w @ MATRIX @ w"]
    return ["MATRIX = torch.tensor([", *(f"    [{row}]," for row in rows), "])", "", "", *function], []


def _lines(statement: ast.stmt) -> list[str]:
    """One assignment to a line."""
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
        target = statement.targets[0]
        assert isinstance(target, ast.Tuple)  # noqa: S101 - as many names as values
        pairs = zip(target.elts, statement.value.elts, strict=True)
        return [f"{ast.unparse(name)} = {ast.unparse(value)}" for name, value in pairs]
    return [ast.unparse(statement)]


class _Torch(ast.NodeTransformer):
    """Fills in the module's numbers and turns NumPy's functions into torch's."""

    def __init__(self, known: dict[str, object]) -> None:
        self.known = known
        self.used: set[str] = set()

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Fills in a number."""
        value = self.known.get(node.id)
        return self._number(value) if isinstance(value, float) and isinstance(node.ctx, ast.Load) else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Renames a function; of a number alone, it is a number."""
        assert isinstance(node.func, ast.Attribute)  # noqa: S101 - rules call np.f and nothing else
        arguments = [self.visit(each) for each in node.args]
        if all(isinstance(each, ast.Constant) for each in arguments):
            return self._number(getattr(math, node.func.attr)(*(each.value for each in arguments)))
        return ast.Call(ast.Attribute(ast.Name("torch"), node.func.attr), arguments, [])

    def _number(self, value: float) -> ast.expr:
        if value not in NAMED:
            return ast.Constant(value)
        self.used.add(NAMED[value])
        return ast.Name(NAMED[value])
