"""Loading files and uploads, and the digest that goes into a run's key."""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import csv, parquet

from benchmarks.measure import spent
from benchmarks.tables import DESCRIBE, ROWS, written
from fallline.core.errors import DataError, SpecError
from fallline.runs.sources import ColumnSpec, File, Upload, load, sha256_of, store_upload
from fallline.runs.sources.content import content_sha256

CONTENT = "fee,plan,churn\n" + "".join(f"{row}.5,{'ab'[row % 2]},{'yes' if row % 3 else 'no'}\n" for row in range(60))


def test_a_file_is_loaded_with_what_its_owner_says(tmp_path: Path) -> None:
    """Target, positive class and overrides reach the schema; title and digest are the file's."""
    path = tmp_path / "customers.csv"
    path.write_text(CONTENT)
    spec = File(path=str(path), target="churn", positive="no", overrides={"plan": ColumnSpec(sensitive=True)})
    loaded = load(spec, allow_files=True)
    assert (loaded.table.schema.positive, loaded.table.schema.sensitive) == ("no", ("plan",))
    assert (loaded.title, loaded.licence) == ("customers", "")
    assert loaded.sha256 == hashlib.sha256(CONTENT.encode()).hexdigest() == sha256_of(spec, allow_files=True)


def test_a_server_reads_no_paths(tmp_path: Path) -> None:
    """Unless it is allowed, a path is refused before it is looked at."""
    spec = File(path=str(tmp_path / "there is nothing here"))
    for entrance in (load, sha256_of):
        with pytest.raises(SpecError, match="named or upload"):
            entrance(spec, uploads=tmp_path)


def test_an_upload_is_loaded_by_its_id(tmp_path: Path) -> None:
    """The id is the digest; a missing or changed upload is refused."""
    id_ = store_upload(io.BytesIO(CONTENT.encode()), tmp_path)
    uploads = tmp_path / "uploads"
    loaded = load(Upload(id=id_), uploads=uploads)
    assert loaded.sha256 == id_ == sha256_of(Upload(id=id_), uploads=uploads)
    assert loaded.table.rows == 60
    (uploads / id_).write_text(CONTENT + "1,a,no\n")
    with pytest.raises(DataError, match="has changed on disk"):
        load(Upload(id=id_), uploads=uploads)
    with pytest.raises(DataError, match="No upload has the id"):
        load(Upload(id="0" * 64), uploads=uploads)
    with pytest.raises(DataError, match="no folder of uploads"):
        load(Upload(id=id_))


def test_reasons_about_the_file_come_first(tmp_path: Path) -> None:
    """Delimiter and rows taken are told before the columns."""
    path = tmp_path / "x.csv"
    path.write_text(CONTENT.replace(",", ";"))
    reasons = load(File(path=str(path), rows=30), allow_files=True).reasons
    assert [reason.about for reason in reasons[:3]] == ["file", "file", "type"]


def test_csv_and_parquet_of_one_table_are_the_same_table(tmp_path: Path) -> None:
    """Whichever way it was stored, values and schema agree."""
    rng = np.random.default_rng(0)
    table = pa.table(
        {
            "n": pa.array(rng.normal(size=200), mask=rng.random(200) < 0.1),
            "k": pa.array(rng.integers(0, 9, 200)),
            "c": pa.array(rng.choice(["x", "y", "z"], 200)),
            "d": pa.array(np.datetime64("2024-01-01") + rng.integers(0, 99, 200)),
            "churn": pa.array(rng.choice(["No", "Yes"], 200)),
        }
    )
    csv.write_csv(table, tmp_path / "t.csv")
    parquet.write_table(table, tmp_path / "t.parquet")
    one, two = (load(File(path=str(tmp_path / f"t.{end}")), allow_files=True).table for end in ("csv", "parquet"))
    assert one.columns.equals(two.columns)
    assert [(c.name, c.type, c.role, c.missing, c.levels) for c in one.schema.columns] == [
        (c.name, c.type, c.role, c.missing, c.levels) for c in two.schema.columns
    ]


values = st.lists(st.one_of(st.none(), st.text(max_size=4)), min_size=2, max_size=20)


@given(
    words=values, numbers=st.lists(st.one_of(st.none(), st.floats()), min_size=2, max_size=20), cut=st.integers(1, 19)
)
def test_the_content_digest_sees_values_and_nothing_else(
    words: list[str | None], numbers: list[float | None], cut: int
) -> None:
    """Chunks, string widths and the difference of NaN and null do not matter; any changed value does."""
    size = min(len(words), len(numbers))
    words, numbers = words[:size], numbers[:size]
    whole = pa.table({"w": pa.array(words, pa.string()), "n": pa.array(numbers, pa.float64())})
    chunked = pa.concat_tables([whole[:cut], whole[cut:]])
    wide = pa.table({"w": pa.array(words, pa.large_string()), "n": pa.array(numbers, pa.float64(), from_pandas=True)})
    assert content_sha256(whole) == content_sha256(chunked) == content_sha256(wide)
    changed = [*words[:-1], (words[-1] or "") + "x"]
    assert content_sha256(whole) != content_sha256(whole.set_column(0, "w", pa.array(changed, pa.string())))
    assert content_sha256(whole) != content_sha256(whole.rename_columns(["n", "w"]))


def test_words_cannot_move_between_cells() -> None:
    """'ab','c' and 'a','bc' are other tables, and so are a gap and a blank."""
    tables = [pa.table({"w": words}) for words in (["ab", "c"], ["a", "bc"], ["abc", ""], ["abc", None])]
    assert len({content_sha256(table) for table in tables}) == 4


@pytest.mark.soak
def test_a_million_rows_are_profiled_within_a_gibibyte(tmp_path: Path) -> None:
    """Mixed columns from a CSV file, in a process of its own, its imports included."""
    path = tmp_path / "big.csv"
    columns = written(path, ROWS)
    took = spent([sys.executable, "-c", DESCRIBE, path])
    assert took.output.split() == [str(ROWS), str(columns)]
    assert took.peak < 1 << 30
