"""Spec ⇄ text: TOML on disk, JSON over the wire, the same tree either way."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import tomli_w

from fallline.core.errors import SpecError
from fallline.runs.spec.base import Spec
from fallline.runs.spec.tree import MAX_BYTES, MAX_NODES


def parse_toml(text: str | bytes) -> object:
    """Reads TOML into a plain tree.

    Raises:
        SpecError: too large, not UTF-8, or not TOML (duplicate keys are not); says where.
    """
    source = _text(text)
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise SpecError("", source[:40], "valid TOML", f"{error}.") from None
    except (RecursionError, ValueError) as error:
        raise SpecError("", source[:40], "valid TOML", _said(error)) from None


def parse_json(text: str | bytes) -> object:
    """Reads JSON into a plain tree; a key that stands twice is refused.

    Raises:
        SpecError: too large, not UTF-8, or not JSON; says where.
    """
    source = _text(text)
    try:
        return json.loads(source, object_pairs_hook=_unique, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise SpecError("", source[:40], "valid JSON", f"{error}.") from None
    except (RecursionError, ValueError) as error:
        raise SpecError("", source[:40], "valid JSON", _said(error)) from None


def to_toml(spec: Spec) -> str:
    """Writes a Spec with every default filled in; `parse_toml` and `load_spec` give the same Spec back."""
    return tomli_w.dumps(_without_none(spec.to_tree()))


def _text(text: str | bytes) -> str:
    source = _decoded(text)
    if source.count(",") + source.count("=") + source.count(":") > MAX_NODES:
        # counted before it is parsed: TOML in Python reads half a megabyte a second
        raise SpecError("", f"a Spec of more than {MAX_NODES} values", "small enough", "Put data into a file.")
    return source


def _decoded(text: str | bytes) -> str:
    size = len(text)
    if size > MAX_BYTES:
        raise SpecError(
            "", f"a text of {size:,} bytes", f"at most {MAX_BYTES // 1024} KiB", "Name data; do not inline it."
        )
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError("", text[:20], "UTF-8 text", f"Byte {error.start} is not UTF-8.") from None


def _said(error: Exception) -> str:
    return "It is nested too deeply." if isinstance(error, RecursionError) else f"{error}."


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise SpecError("", twice, "a key that stands once")
    return tree


def _constant(name: str) -> float:
    raise SpecError("", name, "a finite number")


def _without_none(tree: Any) -> Any:
    """TOML has no null: what is None is left out, and comes back as the default None."""
    if isinstance(tree, dict):
        return {key: _without_none(value) for key, value in tree.items() if value is not None}
    if isinstance(tree, list):
        return [_without_none(value) for value in tree]
    return tree
