"""Canonical JSON: the same tree gives the same bytes, and so the same digest."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from fallline.core.errors import FallLineError


def canonical(value: Any) -> bytes:
    """Writes plain data as UTF-8 JSON with sorted keys and no spaces.

    Floats are written by `repr`, the shortest text that reads back to the same bits; integers and floats stay distinct.

    Raises:
        FallLineError: a NaN, an infinity, or something that is not plain data.

    >>> canonical({"b": 1.0, "a": [True, None, "η"]}).decode()
    '{"a":[true,null,"η"],"b":1.0}'
    """
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise FallLineError(f"This cannot be kept as canonical JSON: {error}. Expected finite, plain data.") from error
    return text.encode()


def digest(value: Any) -> str:
    """Returns the SHA-256, as 64 hex digits, of the canonical JSON.

    >>> digest({"a": 1})[:8]
    '015abd7f'
    """
    return hashlib.sha256(canonical(value)).hexdigest()
