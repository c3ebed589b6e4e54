"""The first Spec for one's own table: it parses, reads the table as it was read, and shows what was inferred."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fallline.core.errors import DataError
from fallline.runs.sources import load
from fallline.runs.sources.spec import File
from fallline.runs.spec import parse_spec
from fallline.runs.starter import starter_toml

NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)


def write(path: Path, target: str, levels: tuple[str, str]) -> File:
    """Writes a table of a hundred rows whose last column is the target."""
    import csv

    with path.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out, quoting=csv.QUOTE_ALL)
        table.writerow(["customer_id", "gender", "usage", target])
        for n in range(100):
            table.writerow([f"C{n:05}", "fm"[n % 2], n * 7 % 31, levels[n % 3 == 0]])
    return File(path=str(path), target=target)


@given(NAMES, NAMES, NAMES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_table_is_called_the_spec_parses_and_means_the_same(
    tmp_path: Path, target: str, one: str, other: str
) -> None:
    """Quotes, hashes, backslashes and foreign letters in names and levels survive."""
    source = write(tmp_path / "t.csv", f"y {target}", (f"no {one}", f"yes {other}"))
    loaded = load(source, allow_files=True)
    spec = parse_spec(starter_toml(loaded, source))
    again = load(spec.data, allow_files=True)  # type: ignore[attr-defined]
    assert again.table.schema.columns == loaded.table.schema.columns
    assert again.table.schema.positive == loaded.table.schema.positive
    assert again.table.schema.target == f"y {target}"


def test_what_was_inferred_is_told(tmp_path: Path) -> None:
    """The id column, the sensitive one and the share of positives stand in the file."""
    source = write(tmp_path / "t.csv", "churned", ("no", "yes"))
    text = starter_toml(load(source, allow_files=True), source)
    assert "#   customer_id: " in text
    assert "34.0 % have churned = yes" in text
    assert 'sensitive = "gender"' in text


def test_a_table_without_a_target_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """Nothing to predict: say so before a Spec is written."""
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "".join(f"{n / 7},{n / 3}\n" for n in range(50)))
    with pytest.raises(DataError, match="target"):
        starter_toml(load(File(path=str(path)), allow_files=True), File(path=str(path)))
