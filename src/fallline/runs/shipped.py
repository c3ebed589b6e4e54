"""Shipped Records: real runs that come with the course, dated, so that a page has something true to show at once."""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path

import orjson

from fallline.core.canonical import canonical
from fallline.core.errors import NotFound
from fallline.runs.record import Record

PLACE = Path(__file__).parent.parent / "content" / "records"
PREFIX = "shipped:"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def shipped_names() -> tuple[str, ...]:
    """Returns the names of the Records that come with the course."""
    return tuple(sorted(path.parent.name for path in PLACE.glob("*/record.json.gz")))


@lru_cache(maxsize=8)
def shipped_record(name: str) -> Record:
    """Returns a Record that comes with the course.

    Raises:
        NotFound: none is called so; names those that are.
    """
    path = PLACE / name / "record.json.gz"
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotFound(f"No Record called {name!r} comes with the course. There are: {', '.join(shipped_names())}.")
    return Record.from_dict(orjson.loads(gzip.decompress(path.read_bytes())))


def read_shipped(name: str) -> Record:
    """Returns a Record by the name that a Spec gives it, ``shipped:NAME``.

    Raises:
        NotFound: another name, or none that comes with the course.
    """
    if not name.startswith(PREFIX):
        raise NotFound(f"Only Records that come with the course are at hand here, as in shipped:churn; not {name!r}.")
    return shipped_record(name.removeprefix(PREFIX))


@lru_cache(maxsize=32)
def shipped_bytes(sha256: str) -> bytes:
    """Returns an artifact of a shipped Record by its SHA-256.

    Raises:
        NotFound: there is none.
    """
    for path in PLACE.glob(f"*/artifacts/{sha256}"):
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
    raise NotFound(f"No shipped artifact has the SHA-256 {sha256[:12]}….")


def ship(record: Record, name: str, contents: dict[str, bytes], place: Path = PLACE) -> Path:
    """Writes a Record so that it comes with the course; for maintainers.

    Args:
        record: a real run.
        name: what it will be called.
        contents: SHA-256 → bytes of the artifacts to ship with it; others are dropped from the Record.
        place: directory of shipped Records.
    """
    folder = place / name
    (folder / "artifacts").mkdir(parents=True, exist_ok=True)
    for old in (folder / "artifacts").iterdir():
        old.unlink()
    for sha256, content in contents.items():
        (folder / "artifacts" / sha256).write_bytes(content)
    plain = record.to_dict()
    plain["artifacts"] = [artifact for artifact in plain["artifacts"] if artifact["sha256"] in contents]
    (folder / "record.json.gz").write_bytes(gzip.compress(canonical(plain), mtime=0))
    return folder
