"""The secret of this installation: without it nobody can compute anybody's variant."""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import lru_cache
from pathlib import Path

BYTES = 32


@lru_cache(maxsize=8)
def installation_secret(home: Path) -> bytes:
    """Returns the secret kept in ``home/secret``; made at the first call, readable by its owner alone.

    Two processes that make it at once end with the same one: the file appears whole, and only once.
    """
    path = home / "secret"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        fresh = home / f".secret-{secrets.token_hex(8)}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_bytes()
