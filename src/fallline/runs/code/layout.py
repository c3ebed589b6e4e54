"""Layout: how generated source is laid out, as the common formatters would lay it out in 88 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

WIDTH = 88
STEP = " " * 4


def call(name: str, arguments: Sequence[str], indent: int = 0, before: str = "", after: str = "") -> list[str]:
    """Returns a call as lines: on one line if it fits, else its arguments on the next, else one to a line.

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


def block(head: str, items: Sequence[str], tail: str, indent: int = 0) -> list[str]:
    """Returns a bracket and what is in it as lines, as `call` does.

    >>> block("x = [", ["1", "2"], "]", indent=1)
    ['    x = [1, 2]']
    """
    outer, inner = STEP * indent, STEP * (indent + 1)
    inside = ", ".join(items)
    if len(whole := f"{outer}{head}{inside}{tail}") <= WIDTH:
        return [whole]
    if len(second := f"{inner}{inside}") <= WIDTH and head.endswith("("):
        return [f"{outer}{head}", second, f"{outer}{tail}"]
    return [f"{outer}{head}", *(f"{inner}{item}," for item in items), f"{outer}{tail}"]


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
