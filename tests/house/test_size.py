"""No big object: a file fits in one reading, a function on one screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

FILE = 300
FUNCTION = 40


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from its `def` to its end, without its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    documented = ast.get_docstring(node, clean=False) is not None
    return lines - ((first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0)


def too_long(name: str, text: str) -> Iterator[str]:
    """Yields a sentence per file or function that is too long."""
    lines = len(text.splitlines())
    if lines > FILE:
        yield f"{name}: {lines} lines; at most {FILE}."
    if not name.endswith(".py"):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > FUNCTION:
            yield f"{name}:{node.lineno}: {node.name} has {length(node)} lines; at most {FUNCTION}."


def test_every_file_and_function_is_short(root: Path, sources: list[Path]) -> None:
    """A file holds one concept in at most 300 lines, a function one thought in at most 40."""
    assert len(sources) > 50
    found = [
        sentence
        for path in sources
        for sentence in too_long(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_a_long_file_and_a_long_function_are_found() -> None:
    """The measure sees what it should: 301 lines, 41 lines, and not the docstring."""
    docstring = '    """' + "words\n" * 50 + '    """\n'
    function = "def f():\n" + docstring + "    x = 1\n" * FUNCTION
    assert [sentence.split(":")[2] for sentence in too_long("a.py", function)] == [" f has 41 lines; at most 40."]
    assert not list(too_long("a.py", function.replace("    x = 1\n", "", 1)))
    assert len(list(too_long("a.js", "x\n" * (FILE + 1)))) == 1
