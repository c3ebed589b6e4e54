"""Dotted paths into plain data: ``descent.runs.gd.loss``; a number is a list index, ``[path]`` a key that is a value.

``descent.runs[descent.winner].loss`` is the loss of whichever optimizer won.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_-]*"
NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
PATH = re.compile(rf"{NAME}(?:\.{SEGMENT}|\[{NAME}(?:\.{SEGMENT})*\])*")
_PART = re.compile(rf"\.?({SEGMENT})|\[([^\]]+)\]")


class Missing:
    """What a path that leads nowhere gives."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


@lru_cache(maxsize=4096)
def _parts(path: str) -> tuple[tuple[str, bool], ...]:
    return tuple((match[1] or match[2], bool(match[2])) for match in _PART.finditer(path))


def resolve(path: str, data: Mapping[str, Any]) -> Any:
    """Returns what stands at `path`, or `MISSING`.

    >>> data = {"runs": {"gd": {"losses": [4.0, 1.0]}}, "winner": "gd"}
    >>> resolve("runs.gd.losses.1", data), resolve("runs[winner].losses.0", data), resolve("runs.adam", data)
    (1.0, 4.0, MISSING)
    """
    node: Any = data
    for part, indirect in _parts(path):
        key = resolve(part, data) if indirect else part
        if isinstance(node, Mapping):
            node = node.get(str(key), MISSING)
        elif isinstance(node, list | tuple) and str(key).isdigit() and int(key) < len(node):
            node = node[int(key)]
        else:
            return MISSING
        if node is MISSING:
            return MISSING
    return node
