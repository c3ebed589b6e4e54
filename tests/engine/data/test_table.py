"""Tables: conforming raw values to a schema, and taking rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.core.errors import DataError
from fallline.engine.data.infer import infer_table
from fallline.engine.data.table import conform, target_vector

words = st.one_of(
    st.sampled_from(["", "NA", "1", "0", "1,5", "2024-01-01", "yes", " no ", "x y", "7%"]), st.text(max_size=5)
)


@given(st.lists(st.tuples(words, words), min_size=2, max_size=40))
def test_conforming_the_raw_words_gives_the_inferred_table(rows: list[tuple[str, str]]) -> None:
    """Whatever words a table holds, reading them by its schema gives the same values as inferring it did."""
    churn = (["yes", "no"] * 20)[: len(rows)]
    raw = pa.table({"a": [a for a, _ in rows], "b": [b for _, b in rows], "churn": churn})
    table = infer_table(raw, "churn")
    assert conform(raw, table.schema).columns.equals(table.columns)


def test_a_row_to_predict_needs_no_target_and_may_have_more_columns() -> None:
    """Columns are matched by name; the target is missing, and asking for it says so."""
    raw = pa.table({"fee": ["1", "2", "3,5"], "churn": ["yes", "no", "no"]})
    schema = infer_table(pa.table({"fee": ["1", "2", "3.5"], "churn": ["yes", "no", "no"]})).schema
    one = conform(pa.table({"other": [1], "fee": [9]}), schema)
    assert one.columns.to_pylist() == [{"fee": 9.0, "churn": None}]
    assert conform(raw, schema).column("fee").to_pylist() == [1.0, 2.0, None]
    with pytest.raises(DataError, match="1 rows have no value in the target 'churn'"):
        target_vector(one)
    with pytest.raises(DataError, match="no column 'fee'"):
        conform(pa.table({"x": [1]}), schema)


def test_rows_are_taken_in_the_order_asked_for() -> None:
    """The schema stays, the rows follow."""
    table = infer_table(pa.table({"n": [1.5, 2.5, 3.5], "churn": ["yes", "no", "no"]}))
    some = table.take(np.array([2, 0]))
    assert some.column("n").to_pylist() == [3.5, 1.5]
    assert (some.rows, some.schema) == (2, table.schema)
    with pytest.raises(DataError, match="Did you mean 'churn'"):
        table.column("chrun")
