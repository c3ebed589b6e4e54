"""Layout: how generated source is laid out, as the common formatters would lay it out in 88 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

WIDTH = 88
STEP = " " * 4


def call(name: str, arguments: Sequence[str], indent: int = 0, before: str = "", after: str = "") -> list[str]:
    """Returns a call as lines: on one line if it fits, else its arguments on lines of their own, as full as may be.

    Args:
        name: what is called.
        arguments: source of each.
        indent: levels of indentation.
        before: what stands before the call on its first line.
        after: what stands after it on its last.

    >>> call("f", ["x=1", "y=2"], before="z = ")
    ['z = f(x=1, y=2)']
    """
    return block(f"{before}{name}(", arguments, f"){after}", indent)


def block(head: str, items: Sequence[str], tail: str, indent: int = 0, *, apart: bool = False) -> list[str]:
    """Returns a bracket and what is in it as lines, as `call` does; or one item to a line, where that reads better.

    >>> block("x = [", ["1", "2"], "]", indent=1)
    ['    x = [1, 2]']
    """
    outer, inner = STEP * indent, STEP * (indent + 1)
    if len(whole := f"{outer}{head}{', '.join(items)}{tail}") <= WIDTH:
        return [whole]
    lines = [inner]
    for item in items:
        if lines[-1] != inner and (apart or len(lines[-1]) + len(item) + 2 > WIDTH):
            lines.append(inner)
        if len(inner) + len(item) + 1 > WIDTH and item.endswith(")"):
            inside = item.index("(") + 1
            lines[-1:] = [f"{inner}{item[:inside]}", f"{inner}{STEP}{item[inside:-1]}", f"{inner}),", inner]
        else:
            lines[-1] += f"{'' if lines[-1] == inner else ' '}{item},"
    return [f"{outer}{head}", *(line for line in lines if line != inner), f"{outer}{tail}"]


def comment(text: str) -> list[str]:
    """Returns a comment, wrapped; lines after the first are set in under a number."""
    return textwrap.wrap(said(text), WIDTH, initial_indent="# ", subsequent_indent="#    ")


def keywords(arguments: Mapping[str, object]) -> list[str]:
    """Returns keyword arguments whose values are plain data.

    >>> keywords({"lr": 0.1, "betas": (0.9, 0.99)})
    ['lr=0.1', 'betas=(0.9, 0.99)']
    """
    return [f"{name}={source(value)}" for name, value in arguments.items()]


def source(value: object) -> str:
    """Returns plain data as source, texts in double quotes."""
    if isinstance(value, str):
        plain = repr(value)
        return plain if '"' in value or plain[0] == '"' else f'"{plain[1:-1]}"'
    if isinstance(value, tuple | list):
        inside = ", ".join(source(each) for each in value)
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' * (len(value) == 1)})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{source(key)}: {source(each)}" for key, each in value.items()) + "}"
    return repr(value)


def said(text: str) -> str:
    """Returns a person's text fit for a docstring or comment: one line that closes no quote and starts no escape.

    >>> said('a "quoted" title')
    "a 'quoted' title"
    """
    return " ".join(text.replace('"', "'").replace("\\", "/").split())


def docstring(text: str, more: Iterable[str] = ()) -> list[str]:
    """Returns the docstring of a script; its first line is cut to the width."""
    first, rest = textwrap.shorten(said(text), WIDTH - 6, placeholder=" …"), list(more)
    return [f'"""{first}', "", *rest, '"""'] if rest else [f'"""{first}"""']


def script(said_first: Sequence[str], head: Sequence[str], *parts: Sequence[str]) -> str:
    """Returns a script: docstring, imports and constants, then its parts, two blank lines between them."""
    kept = [part for part in parts if part]
    lines = [*said_first, "", *head]
    for part in kept:
        lines += ["", "", *part]
    return "\n".join([*lines, ""])
