"""Finds every registry: a public dict in capitals, by name, in a room's `__init__`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import fallline


@dataclass(frozen=True)
class Registry:
    """One registry.

    Attributes:
        room: the dotted name of the package that holds it.
        name: its own name, in capitals.
        entries: name → entry.
    """

    room: str
    name: str
    entries: Mapping[str, Any]


def rooms() -> Iterator[str]:
    """Yields the dotted name of every package of Fall Line."""
    yield "fallline"
    for module in pkgutil.walk_packages(fallline.__path__, "fallline."):
        if module.ispkg:
            yield module.name


def registries() -> list[Registry]:
    """Lists the registries, each under the room that holds it; one that is passed on is listed once."""
    found: dict[int, Registry] = {}
    for room in rooms():
        for name, value in vars(importlib.import_module(room)).items():
            public = name.isupper() and not name.startswith("_")
            if public and isinstance(value, dict) and value and all(isinstance(key, str) for key in value):
                found.setdefault(id(value), Registry(room, name, value))
    return sorted(found.values(), key=lambda registry: (registry.room, registry.name))


def sentence(entry: Any) -> str:
    """Says what an entry is, in one line, from what it says of itself.

    >>> from fallline.engine.metrics import METRICS
    >>> sentence(METRICS["brier"])
    'Brier score: Mean squared error of the probabilities.'
    """
    title = next((text for key in ("title", "label") if (text := own(entry, key))), "")
    what = next((text for key in ("sentence", "summary", "description", "about") if (text := own(entry, key))), "")
    if not what and (inspect.isclass(entry) or inspect.isroutine(entry)):
        what = (inspect.getdoc(entry) or "").split("\n", 1)[0]
    if not what and not title and type(entry).__module__.startswith("fallline."):
        what = (inspect.getdoc(type(entry)) or "").split("\n", 1)[0]
    what = " ".join(what.split())
    source = cited(getattr(entry, "source", None))
    head = title + (f" ({source})" if source else "")
    if head and what:
        return f"{head}: {what}"
    return head or what


def own(entry: Any, key: str) -> str:
    """Returns a text that an entry carries under a key, or nothing."""
    value = getattr(entry, key, "")
    return value if isinstance(value, str) else ""


def cited(source: Any) -> str:
    """Writes where an entry comes from: author, year."""
    if isinstance(source, tuple) and len(source) == 2:
        return f"{source[0]}, {source[1]}"
    author, year = getattr(source, "author", ""), getattr(source, "year", "")
    return f"{author}, {year}" if author and year else ""
