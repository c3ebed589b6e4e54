"""Comparison: two Records side by side; what was asked differently, and what came out differently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fallline.runs.record import Record

LONGEST_LIST = 12
"""Longer lists (probabilities, curves) are compared as a whole: same or different."""


def compare(first: Record, second: Record, *, only_differences: bool = True) -> dict[str, Any]:
    """Returns the rows of a comparison and a sentence.

    Args:
        first: one Record.
        second: the other.
        only_differences: leave out what is the same.

    Returns:
        ``sentence`` and ``rows``, each with ``path``, ``half`` (``spec`` or ``result``), ``first``, ``second`` and
        ``same``; a value that one of them lacks is None.
    """
    rows = [
        *_rows("spec", first.spec, second.spec),
        *_rows("result", first.result, second.result),
    ]
    asked = [row["path"] for row in rows if row["half"] == "spec" and not row["same"] and row["path"] != "spec.title"]
    came = [row["path"] for row in rows if row["half"] == "result" and not row["same"]]
    shown = [row for row in rows if not row["same"]] if only_differences else rows
    return {"sentence": _sentence(asked, came), "rows": shown, "asked": len(asked), "came": len(came)}


def _sentence(asked: list[str], came: list[str]) -> str:
    if not asked and not came:
        return "They ask the same and say the same."
    if not asked:
        return f"They ask the same, but {len(came)} values differ: other data, sources, versions or machine."
    names = ", ".join(path.removeprefix("spec.") for path in asked[:3]) + (" …" if len(asked) > 3 else "")
    return f"They differ in {len(asked)} thing{'s' if len(asked) > 1 else ''} asked ({names}) and {len(came)} results."


def _rows(half: str, first: Any, second: Any) -> Iterator[dict[str, Any]]:
    one, other = dict(_leaves(half, first)), dict(_leaves(half, second))
    for path in sorted(one.keys() | other.keys()):
        left, right = one.get(path), other.get(path)
        yield {"path": path, "half": half, "first": _shown(left), "second": _shown(right), "same": left == right}


def _leaves(path: str, node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(f"{path}.{key}", value)
    elif isinstance(node, list) and len(node) <= LONGEST_LIST and all(isinstance(item, dict) for item in node) and node:
        for index, value in enumerate(node):
            yield from _leaves(f"{path}.{index}", value)
    else:
        yield path, node


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return (
            value
            if len(value) <= LONGEST_LIST and not any(isinstance(item, list) for item in value)
            else f"{len(value)} values"
        )
    return value
