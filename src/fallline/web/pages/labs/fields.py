"""Fields: the values under a map, by the key that its figure names; fetched once and kept by the browser for good."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache

import numpy as np
import orjson

from fallline.core.errors import NotFound
from fallline.engine.surfaces import SURFACES
from fallline.engine.surfaces.field import field

KEY = re.compile(r"(?P<surface>[a-z0-9_-]{1,60})-(?P<size>\d{1,3})")
LARGEST = 241


@lru_cache(maxsize=64)
def field_bytes(key: str) -> bytes:
    """Returns gzipped JSON: a flat list of values, row by row from the lowest y, to seven significant digits.

    Args:
        key: ``SURFACE-SIZE``, as in ``rosenbrock-121``.

    Raises:
        NotFound: no such surface, or a size that no figure asks for.
    """
    match = KEY.fullmatch(key)
    surface = SURFACES.get(match["surface"]) if match else None
    size = int(match["size"]) if match else 0
    if surface is None or not 2 <= size <= LARGEST:
        raise NotFound(f"No field has the key {key[:60]!r}.")
    values = field(surface, size, size).ravel().astype(np.float32)
    plain = [None if not np.isfinite(value) else value for value in values]
    return gzip.compress(orjson.dumps(plain, option=orjson.OPT_SERIALIZE_NUMPY), 6, mtime=0)
