"""A choice by name from a registry, with a did-you-mean when the name is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from fallline.core.errors import SpecError

T = TypeVar("T")


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Finds the known name closest to a mistyped one.

    >>> nearest("rosenbrok", ["beale", "rosenbrock"])
    'rosenbrock'
    """
    known = {known.casefold(): known for known in names}
    found = get_close_matches(name[:80].casefold(), known, n=1, cutoff=0.5)
    return known[found[0]] if found else None


def lookup(name: str, registry: Mapping[str, T], path: str) -> T:
    """Returns the entry called `name`.

    Args:
        name: the name as written.
        registry: name → entry.
        path: where the name stands in the Spec, for the error.

    Raises:
        SpecError: no such entry; names the nearest one, or all of them when they are few.
    """
    if name in registry:
        return registry[name]
    close = nearest(name, registry)
    hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(sorted(registry))}."
    raise SpecError(path, name, "a known name", hint)
