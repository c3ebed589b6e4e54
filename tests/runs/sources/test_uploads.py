"""Uploads: checked, then kept whole; or refused, and nothing is left."""

from __future__ import annotations

import hashlib
import io
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fallline.core.errors import DataError
from fallline.runs.sources import store_upload

GOOD = b"fee,churn\n" + b"1.5,yes\n2.5,no\n" * 20


class Breaking(io.BytesIO):
    """A stream whose other end goes away after the first piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Gives ten bytes, then breaks."""
        if self.tell():
            raise ConnectionResetError
        return super().read(min(10, size or 10))


def test_a_good_upload_is_kept_under_its_digest(tmp_path: Path) -> None:
    """The bytes are those sent, the name is their SHA-256, and the same bytes again are the same upload."""
    id_ = store_upload(io.BytesIO(GOOD), tmp_path)
    assert id_ == hashlib.sha256(GOOD).hexdigest() == store_upload(io.BytesIO(GOOD), tmp_path)
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == [id_]
    assert (tmp_path / "uploads" / id_).read_bytes() == GOOD


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "customers.csv is empty"),
        (b"a,b\n1,2\n3\n4,5\n6,7\n", "line 3 has 1 values"),
        (b"\x1f\x8b" + bytes(50), "gzip archive"),
        (b"a,b\n" + b"1,2\n" * 1000, "larger than 2,000 bytes"),
    ],
)
def test_a_bad_upload_leaves_nothing(content: bytes, expected: str, tmp_path: Path) -> None:
    """Refused in a sentence that names the file as its owner does, and the folder is empty again."""
    with pytest.raises(DataError, match=expected):
        store_upload(io.BytesIO(content), tmp_path, name="customers.csv", limit=2000)
    assert not list((tmp_path / "uploads").iterdir())


def test_a_broken_connection_leaves_nothing(tmp_path: Path) -> None:
    """The error is passed on and the half is gone."""
    with pytest.raises(ConnectionResetError):
        store_upload(Breaking(GOOD), tmp_path)
    assert not list((tmp_path / "uploads").iterdir())


def test_a_too_large_upload_is_cut_off_early(tmp_path: Path) -> None:
    """An endless stream is not read to its end."""
    stream = io.BytesIO(b"a,b\n" * (8 << 20))
    with pytest.raises(DataError, match="larger than 1 MiB"):
        store_upload(stream, tmp_path, limit=1 << 20)
    assert stream.tell() <= 3 << 20


def test_what_a_killed_upload_left_is_swept_a_day_later(tmp_path: Path) -> None:
    """Old pieces go, young ones stay: their upload may still be coming in."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    for name, age in ((".part-old", 2 * 86_400), (".part-young", 60)):
        (folder / name).write_bytes(b"a")
        os.utime(folder / name, (time.time() - age,) * 2)
    id_ = store_upload(io.BytesIO(GOOD), tmp_path)
    assert {path.name for path in folder.iterdir()} == {".part-young", id_}


def test_many_uploads_of_the_same_bytes_at_once_are_one(tmp_path: Path) -> None:
    """Twenty threads, one file."""
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: store_upload(io.BytesIO(GOOD), tmp_path), range(20)))
    assert len(ids) == 1
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == list(ids)
