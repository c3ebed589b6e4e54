"""The keys of a Spec: name, what may stand there, default, meaning; from the Pydantic model itself."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

Tree = Mapping[str, Any]


def described(model: type[BaseModel]) -> dict[str, str]:
    """Reads what the docstrings of a model and of its bases say of each key, the model's own first.

    >>> class Rate(BaseModel):
    ...     '''A rate.
    ...
    ...     Attributes:
    ...         value: how fast,
    ...             in units a step.
    ...     '''
    ...
    ...     value: float = 0.1
    >>> described(Rate)
    {'value': 'how fast, in units a step.'}
    """
    found: dict[str, str] = {}
    for kind in model.__mro__[: model.__mro__.index(BaseModel)]:
        text = inspect.cleandoc(kind.__doc__ or "").partition("Attributes:\n")[2]
        block = re.split(r"\n\S", text, maxsplit=1)[0]
        for key, words in re.findall(r"(?ms)^ {4}(\w+): (.*?)(?=^ {4}\S|\Z)", block):
            found.setdefault(key, " ".join(words.split()))
    return found


def allowed(tree: Tree) -> str:
    """Says in words what a JSON Schema lets stand at a place.

    >>> allowed({"type": "integer", "minimum": 0, "exclusiveMaximum": 10})
    'integer, ≥ 0, < 10'
    >>> allowed({"anyOf": [{"enum": ["a", "b"], "type": "string"}, {"type": "null"}]})
    '`a`, `b`; or nothing'
    """
    if "$ref" in tree:
        return f"table [{tree['$ref'].rsplit('/', 1)[1]}](#{tree['$ref'].rsplit('/', 1)[1].lower()})"
    for key in ("anyOf", "oneOf"):
        if key in tree:
            words = [allowed(option) for option in tree[key]]
            return "; or ".join(dict.fromkeys(words))
    if "const" in tree:
        return f"`{tree['const']}`"
    if "enum" in tree:
        return ", ".join(f"`{value}`" for value in tree["enum"])
    return f"{_kind(tree)}{''.join(_bounds(tree))}"


def _kind(tree: Tree) -> str:
    kind = tree.get("type", "anything")
    if kind == "array":
        inside = tree.get("items") or (tree.get("prefixItems") or [{}])[0]
        return f"list of {_grouped(allowed(inside))}"
    if kind == "object":
        inside = tree.get("additionalProperties")
        return f"table of {_grouped(allowed(inside))}" if isinstance(inside, dict) else "table"
    words = {"string": "text", "boolean": "`true` or `false`", "null": "nothing"}
    return words.get(kind, str(kind))


def _grouped(words: str) -> str:
    return f"({words})" if ";" in words else words


def _bounds(tree: Tree) -> Iterator[str]:
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    for key, sign in signs.items():
        if key in tree:
            yield f", {sign} {tree[key]}"


def tables(model: type[BaseModel]) -> Iterator[tuple[str, list[tuple[str, str, str, str]]]]:
    """Yields the model and then every table inside it: its name and its rows of key, allowed, default, meaning."""
    schema = model.model_json_schema(mode="validation")
    words = {kind.__name__: described(kind) for kind in [model, *_inside(model, set())]}
    yield model.__name__, _rows(schema, words.get(model.__name__, {}))
    for name, inner in schema.get("$defs", {}).items():
        if "properties" in inner:
            yield name, _rows(inner, words.get(name, {}))


def _rows(schema: Tree, words: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    required = set(schema.get("required", ()))
    return [
        (key, allowed(tree), "required" if key in required else _default(tree), words.get(key, ""))
        for key, tree in schema.get("properties", {}).items()
    ]


def _default(tree: Tree) -> str:
    value = tree.get("default")
    if isinstance(value, dict):
        return "see its table"
    if value is None:
        return ""
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _inside(annotation: Any, seen: set[type]) -> list[type[BaseModel]]:
    """Lists the models that an annotation, or the fields of a model, lead to."""
    found: list[type[BaseModel]] = []
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        if annotation in seen:
            return []
        seen.add(annotation)
        found.append(annotation)
        parts = [field.annotation for field in annotation.model_fields.values()]
    else:
        parts = list(getattr(annotation, "__args__", ()))
    for part in parts:
        found += _inside(part, seen)
    return found
