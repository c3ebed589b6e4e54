"""A reader is told what each public thing is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Definition]]:
    """Yields the public classes and functions of a module, and the public methods of its public classes."""
    for node in body:
        if isinstance(node, Definition) and not node.name.startswith("_") and not overloaded(node):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{prefix}{node.name}.")


def overloaded(node: Definition) -> bool:
    """Whether a definition is one of several signatures: the last one carries the docstring."""
    return any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)


def silent(name: str, text: str) -> Iterator[str]:
    """Yields a sentence per public thing of a module that has no docstring."""
    module = ast.parse(text)
    if text.strip() and ast.get_docstring(module) is None:
        yield f"{name}: the module has no docstring."
    for thing, node in public(module.body):
        if not ast.get_docstring(node):
            yield f"{name}:{node.lineno}: {thing} has no docstring."


def test_every_public_name_has_a_docstring(root: Path, sources: list[Path]) -> None:
    """Modules, classes, functions, methods, and tests too: a test's docstring is the behaviour in one sentence."""
    found = [
        sentence
        for path in sources
        if path.suffix == ".py"
        for sentence in silent(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_a_silent_method_is_found() -> None:
    """A method without a docstring is named with its class; a private one may be silent."""
    text = '"""A module."""\nclass A:\n    """A class."""\n    def b(self): ...\n    def _c(self): ...\n'
    assert list(silent("a.py", text)) == ["a.py:4: A.b has no docstring."]
