"""Shelf: where labs that look at a Record find it: among those that come with the course, else nowhere."""

from __future__ import annotations

from fallline.core.errors import NotFound
from fallline.runs.record import Record
from fallline.runs.shipped import shipped_bytes, shipped_record

PREFIX = "shipped:"


class Shelf:
    """Records for labs. An answer is kept for everyone, so it may show only what everyone may see."""

    def record(self, name: str) -> Record:
        """Returns the Record called ``shipped:NAME``.

        Raises:
            NotFound: no such Record comes with the course.
        """
        if not name.startswith(PREFIX):
            raise NotFound(f"A lab shows Records that come with the course; {name!r} is not one.")
        return shipped_record(name.removeprefix(PREFIX))

    def content(self, sha256: str) -> bytes:
        """Returns the bytes of one of their artifacts."""
        return shipped_bytes(sha256)
