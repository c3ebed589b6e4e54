"""Artifacts: files by the SHA-256 of their bytes, written beside and renamed, so that a file is whole or not there."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from fallline.core.errors import NotFound

SHA256 = re.compile(r"[0-9a-f]{64}")


def keep(home: Path, content: bytes) -> str:
    """Keeps bytes and returns their SHA-256; the same bytes twice are kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = _place(home, sha256)
    if place.exists():
        return sha256
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return sha256


def read(home: Path, sha256: str) -> bytes:
    """Returns the bytes.

    Raises:
        NotFound: nothing is kept under this name, or what is there no longer has this SHA-256.
    """
    place = _place(home, sha256) if SHA256.fullmatch(sha256) else None
    if place is None or not place.is_file():
        raise NotFound(f"No artifact has the SHA-256 {sha256[:12]}….")
    content = place.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotFound(f"The artifact {sha256[:12]}… was changed on the disk and cannot be trusted. Run it afresh.")
    return content


def _place(home: Path, sha256: str) -> Path:
    return home / "artifacts" / sha256[:2] / sha256
