"""A large table of one's own: reading a CSV file of a million rows and describing its columns."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from pyarrow import csv

from benchmarks.figure import Figure
from benchmarks.measure import median, spent

ROWS = 1_000_000
ROUNDS, QUICK_ROUNDS = 3, 1
DESCRIBE = """
import sys
from fallline.engine.data.profile import profile
from fallline.runs.sources import File, load
found = profile(load(File(path=sys.argv[1]), allow_files=True).table)
print(found.rows, len(found.columns))
"""


def figures(quick: bool) -> list[Figure]:
    """Measures whole processes, their imports included."""
    with TemporaryDirectory() as place:
        path = Path(place) / "big.csv"
        columns = written(path, ROWS)
        took = [spent([sys.executable, "-c", DESCRIBE, path]) for _ in range(QUICK_ROUNDS if quick else ROUNDS)]
        size = path.stat().st_size / 2**20
    for each in took:
        if each.code or each.output.split() != [str(ROWS), str(columns)]:
            raise RuntimeError(f"The table was not described: {each.output}")
    against = f"CSV file of {size:.0f} MiB, {ROWS:,} rows × {columns} mixed columns"
    return [
        Figure("read and described", median([each.seconds for each in took]), "s", "< 10", against),
        Figure("peak memory", median([each.peak for each in took]) / 2**20, "MiB", "< 1024", against),
    ]


def written(path: Path, rows: int) -> int:
    """Writes a table of mixed columns as CSV, the same every time; returns how many columns it has."""
    rng = np.random.default_rng(0)
    columns: dict[str, pa.Array] = {"customer": pa.array([f"C{place:08d}" for place in rng.permutation(rows)])}
    for place in range(8):
        columns[f"number {place}"] = pa.array(rng.normal(50, 20, rows).round(4), mask=rng.random(rows) < 0.05)
    for place in range(4):
        columns[f"count {place}"] = pa.array(rng.integers(0, 10 ** (place + 1), rows))
        columns[f"level {place}"] = pa.array(np.array([f"level {n}" for n in range(20)])[rng.integers(0, 20, rows)])
    columns["day"] = pa.array(np.datetime64("2020-01-01") + rng.integers(0, 1500, rows))
    columns["comment"] = pa.array([f"call {one} then {two}" for one, two in rng.integers(0, 10**6, (rows, 2))])
    columns["churn"] = pa.array(np.array(["No", "Yes"])[rng.integers(0, 2, rows)])
    csv.write_csv(pa.table(columns), path)
    return len(columns)
