"""The first look at a Spec as a plain tree: refuses what is hostile or malformed before anything is built from it.

Each refusal names the path. The limits are far above any honest Spec and far below what costs time: a Spec is a page of
text, not a data set.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from fallline.core.errors import SpecError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_NODES = 5_000
MAX_TEXT = 4_000
MAX_INTEGER = 2**53

KEY = re.compile(r"[a-z][a-z0-9_-]{0,63}")
COLUMN_TABLES = frozenset({"data.overrides", "changes"})
"""Tables whose keys are column names of the person's own table, and so may be any text."""


def inspect(tree: object) -> dict[str, Any]:
    """Returns the tree when it is safe to build a Spec from.

    Raises:
        SpecError: too deep, too large, a key that is not a plain name, a number that is not finite, or a type that
            a Spec does not know.

    >>> inspect({"kind": "descent", "steps": 10})
    {'kind': 'descent', 'steps': 10}
    """
    if not isinstance(tree, dict):
        raise SpecError("", tree, "a table of keys", 'Start with kind = "…".')
    budget = [MAX_NODES]
    _walk(tree, "", 0, budget)
    return tree


def _walk(node: object, path: str, depth: int, budget: list[int]) -> None:
    budget[0] -= 1
    if budget[0] < 0:
        raise SpecError(
            "", f"a Spec of more than {MAX_NODES} values", "small enough", "Put data into a file or upload."
        )
    if depth > MAX_DEPTH:
        raise SpecError(path[:80], f"nesting of more than {MAX_DEPTH} levels", "shallow enough")
    if isinstance(node, dict):
        for key, value in node.items():
            _check_key(key, path)
            _walk(value, f"{path}.{key}" if path else key, depth + 1, budget)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            _walk(value, f"{path}.{index}", depth + 1, budget)
    else:
        _check_leaf(node, path)


def _check_key(key: object, path: str) -> None:
    if not isinstance(key, str):
        raise SpecError(path, key, "a text key")
    if path in COLUMN_TABLES:
        if not 0 < len(key) <= 200:
            raise SpecError(path, key, "a column name of 1 to 200 characters")
        return
    if KEY.fullmatch(key):
        return
    strange = next((char for char in key if ord(char) > 126), None)
    if strange is not None:
        name = unicodedata.name(strange, f"U+{ord(strange):04X}")
        raise SpecError(path, key, "a plain key", f"It contains {name}; retype the key with letters a to z.")
    raise SpecError(path, key, "a key of lower-case letters, digits, _ and -")


def _check_leaf(node: object, path: str) -> None:
    if isinstance(node, bool):
        return
    if isinstance(node, int):
        if abs(node) > MAX_INTEGER:
            raise SpecError(path, node, "a number of at most 2**53")
    elif isinstance(node, float):
        if not math.isfinite(node):
            raise SpecError(path, node, "a finite number")
    elif isinstance(node, str):
        if len(node) > MAX_TEXT:
            raise SpecError(path, node, f"a text of at most {MAX_TEXT} characters")
        if any(unicodedata.category(char) in {"Cc", "Cs", "Cf"} and char not in "\n\t\u200d" for char in node):
            raise SpecError(path, node, "text without control or invisible characters")
    elif node is not None:
        raise SpecError(path, node, "text, a number, true or false, a list or a table")
