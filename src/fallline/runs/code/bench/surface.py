"""A surface as a plain function in PyTorch, read from the surface's own rule."""

from __future__ import annotations

import ast
import inspect
import math
import textwrap

from fallline.engine.surfaces import Surface

NAMED = {math.e: "e", math.pi: "pi", math.tau: "tau"}
"""Numbers that ``math`` has a name for."""


def surface_lines(surface: Surface) -> tuple[list[str], list[str]]:
    """Returns the function as lines, and the names that it needs from ``math``.

    >>> from fallline.engine.surfaces import SURFACES
    >>> lines, _ = surface_lines(SURFACES["ravine"])
    >>> lines
    ['def ravine(x, y):', '    return 0.5 * (x * x + 50.0 * y * y)']
    """
    rule = surface.value_rule
    tree = ast.parse(textwrap.dedent(inspect.getsource(rule))).body[0]
    assert isinstance(tree, ast.FunctionDef)  # noqa: S101 - a rule is a plain function
    translated = _Torch(rule.__globals__)
    body = [line for each in tree.body[1:] for line in _lines(translated.visit(each))]
    names = sorted(name for name in NAMED.values() if name in translated.used)
    return [f"def {surface.name}(x, y):", *(f"    {line}" for line in body)], names


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
