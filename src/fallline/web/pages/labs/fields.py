"""Fields: the values under a map, by the key that its figure names; fetched once and kept by the browser for good."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from functools import lru_cache

import numpy as np
import orjson

from fallline.core.errors import NotFound
from fallline.engine.surfaces import SURFACES
from fallline.engine.surfaces.field import field
from fallline.figures import Field

KEY = re.compile(r"(?P<surface>[a-z0-9_-]{1,60})-(?P<size>\d{1,3})")
LARGEST = 241


@lru_cache(maxsize=64)
def field_values(key: str) -> tuple[float | None, ...]:
    """Returns the values of a field, row by row from the lowest y, to seven significant digits; None where undefined.

    Args:
        key: ``SURFACE-SIZE``, as in ``rosenbrock-121``.

    Raises:
        NotFound: no such surface, or a size that no figure asks for.
    """
    match = KEY.fullmatch(key)
    surface = SURFACES.get(match["surface"]) if match else None
    size = int(match["size"]) if match else 0
    if surface is None or surface.dimension != 2 or not 2 <= size <= LARGEST:
        raise NotFound(f"No field has the key {key[:60]!r}.")
    values = field(surface, size, size).ravel()
    return tuple(float(f"{value:.7g}") if np.isfinite(value) else None for value in values)


@lru_cache(maxsize=64)
def field_bytes(key: str) -> bytes:
    """Returns the values of a field as gzipped JSON; raises NotFound."""
    return gzip.compress(orjson.dumps(field_values(key)), 6, mtime=0)


def whole_field(mark: Field) -> Field:
    """Returns a field with the values that it names by key."""
    return mark if mark.values else replace(mark, values=field_values(mark.key))
