"""A descent over a table of one's own: which columns, in what units, and what is refused."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fallline.core.errors import DataError, FallLineError, SpecError
from fallline.runs.code import show_as_code
from fallline.runs.execute import Surroundings, execute
from fallline.runs.sources import load
from fallline.runs.spec import load_spec
from fallline.runs.spec.descent import DescentSpec

RNG = np.random.default_rng(5)
X = RNG.normal(size=(80, 2)) * [3.0, 0.5] + [10.0, 1.0]
Y = 2.0 + X @ [1.0, -4.0] + RNG.normal(size=80)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Two columns of numbers, a target of numbers, one of two levels, and a word."""
    lines = ["a,b,y,bought,word"]
    lines += [
        f"{a},{b},{y},{'yes' if y > 8 else 'no'},w{i % 7}" for i, ((a, b), y) in enumerate(zip(X, Y, strict=True))
    ]
    path = tmp_path / "mine.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def part(table: Path, rows: dict[str, Any], **asked: Any) -> dict[str, Any]:
    """What a run over the table gives."""
    tree = {"kind": "descent", "data": {"source": "file", "path": str(table)}, "rows": rows, "steps": 300, **asked}
    spec = load_spec(tree)
    assert isinstance(spec, DescentSpec)
    data = spec.data
    assert data is not None
    around = Surroundings(clock=time.time, data=lambda: load(data, allow_files=True))
    found: dict[str, Any] = execute(spec, around).part("descent")
    return found


def test_least_squares_descends_to_the_normal_equations(table: Path) -> None:
    """In standard units, with an intercept: the minimum is numpy's, and gradient descent arrives."""
    rows = {"target": "y", "columns": ["a", "b"]}
    found = part(table, rows, start=[0.0, 0.0, 0.0], optimizers={"gd": {"rate": 0.3}})
    features = np.column_stack([np.ones(80), (X - X.mean(axis=0)) / X.std(axis=0)])
    assert found["minima"][0]["at"] == pytest.approx(np.linalg.lstsq(features, Y)[0].tolist(), rel=1e-9)
    assert found["runs"]["gd"]["ending"]["kind"] == "converged"


def test_two_levels_are_classes(table: Path) -> None:
    """The logistic loss over a column of words, in mini-batches of its rows."""
    rows = {"loss": "logistic", "target": "bought", "columns": ["a", "b"], "ridge": 0.01, "intercept": False}
    noisy = {"kind": "mini_batch", "params": {"size": 8}}
    found = part(table, rows, start=[0.0, 0.0], noisy=noisy, optimizers={"gd": {"rate": 0.5}})
    assert found["title"] == "Logistic loss over a, b"
    assert found["runs"]["gd"]["loss"] < 0.6
    assert "mini-batches of 8 of 80 rows" in found["runs"]["gd"]["ending"]["sentence"]


@pytest.mark.parametrize(
    ("rows", "start", "words"),
    [
        ({"target": "y", "columns": ["a", "c"]}, [0.0] * 3, "c"),
        ({"target": "y", "columns": ["word"]}, [0.0] * 2, "no numbers"),
        ({"target": "word", "columns": ["a"]}, [0.0] * 2, "7 levels"),
        ({"target": "y", "columns": ["a"], "loss": "logistic"}, [0.0] * 2, "0 and 1"),
        ({"target": "y", "columns": ["a", "b"]}, [0.0] * 2, "3 numbers"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(
    table: Path, rows: dict[str, Any], start: list[float], words: str
) -> None:
    """By the column, or by the start."""
    with pytest.raises(FallLineError, match=words) as raised:
        part(table, rows, start=start)
    assert isinstance(raised.value, DataError | SpecError)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"rows": {"target": "y", "columns": ["a"]}}, "data"),
        ({"data": {"source": "named", "name": "telco_churn"}}, "rows"),
        (
            {"data": {"source": "named", "name": "x"}, "rows": {"target": "y", "columns": ["a"], "loss": "l2"}},
            "rows.loss",
        ),
        ({"noisy": {"kind": "mini_batch", "params": {"size": 4}}}, "no sum over rows"),
    ],
)
def test_rows_without_a_table_are_refused_before_anything_runs(asked: dict[str, Any], words: str) -> None:
    """A table without rows, rows without a table, an unknown loss, and batches of a surface that has no rows."""
    with pytest.raises(SpecError, match=words):
        load_spec({"kind": "descent", **asked})


def test_a_script_cannot_write_out_a_table_of_ones_own() -> None:
    """Show as code says so, in place of a script for another surface."""
    rows = {"target": "y", "columns": ["a"]}
    spec = load_spec({"kind": "descent", "data": {"source": "file", "path": "mine.csv"}, "rows": rows})
    with pytest.raises(FallLineError, match="table of one's own"):
        show_as_code(spec)
