"""The exported graph against the Python encoding and model, on every row of Telco and on hostile ones."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import onnx
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit

from fallline.core.errors import DataError
from fallline.engine.compress.graph import to_onnx
from fallline.engine.compress.inputs import inputs_of, raw_values
from fallline.engine.data.encode import Encoding, fit_encoding
from fallline.engine.data.encode_number import NumberCode
from fallline.engine.data.schema import Column, Schema
from fallline.engine.data.table import Table
from fallline.engine.train import LogisticModel
from fallline.peers import onnxruntime as ort


def weighted(encoding: Encoding, seed: int = 0) -> LogisticModel:
    """Returns a logistic model with another weight for every column."""
    weights = np.random.default_rng(seed).normal(size=encoding.width).astype(np.float32)
    return LogisticModel(weights, 0.25)


def both(encoding: Encoding, table: Table) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns log odds from the graph and from Python."""
    model = weighted(encoding)
    opened = ort.session(to_onnx(encoding, model))
    return ort.run(opened, raw_values(encoding, table), "logit"), model.logits(encoding.matrix(table))


@pytest.mark.parametrize("calibration", [None, (0.8, -0.3)])
def test_every_row_of_telco_agrees(fitted: Any, calibration: tuple[float, float] | None) -> None:
    """For every family, probabilities and log odds of the graph equal Python's to 1e-6 on all 7,043 customers."""
    opened = ort.session(to_onnx(fitted.encoding, fitted.model, calibration))
    values = raw_values(fitted.encoding, fitted.table)
    a, b = calibration or (1.0, 0.0)
    expected = a * fitted.model.logits(fitted.encoding.matrix(fitted.table)) + b
    np.testing.assert_allclose(ort.run(opened, values, "logit"), expected, atol=1e-5)
    np.testing.assert_allclose(ort.run(opened, values), expit(expected), atol=1e-6)
    single = [ort.run(opened, {name: each[row : row + 1] for name, each in values.items()})[0] for row in range(50)]
    np.testing.assert_allclose(single, expit(expected[:50]), atol=1e-6)


def hostile(table: Table) -> Table:
    """Returns rows of unseen words, missing values, and numbers that are huge, tiny, infinite and NaN."""
    numbers = [None, 1e300, -1e300, float("inf"), float("-inf"), float("nan"), 1e-40, -0.0, 3.5, 16_777_217.0]
    words = [None, "never seen", "Yes ", "yes", "nul\x00l", "ü" * 300, "No", "1", "Two year", " "]
    arrays = [
        pa.array(numbers, pa.float64()) if column.type == "number" else pa.array(words, pa.string())
        for column in table.schema.columns
    ]
    return Table(pa.table(arrays, names=list(table.schema.names)), table.schema)


def test_hostile_rows_agree(fitted: Any) -> None:
    """Unseen levels, all missing, huge, infinite and NaN values: the graph says what Python says, all finite."""
    rows = hostile(fitted.table)
    opened = ort.session(to_onnx(fitted.encoding, fitted.model))
    expected = fitted.model.probabilities(fitted.encoding.matrix(rows))
    assert np.isfinite(expected).all()
    np.testing.assert_allclose(ort.run(opened, raw_values(fitted.encoding, rows)), expected, atol=1e-6)


def test_no_rows_give_no_predictions(fitted: Any) -> None:
    """A call without rows is answered without rows."""
    opened = ort.session(to_onnx(fitted.encoding, fitted.model))
    assert ort.run(opened, raw_values(fitted.encoding, fitted.table, [])).shape == (0,)


def test_the_file_is_the_same_every_time(fitted: Any) -> None:
    """The same arguments give the same bytes; the checker of onnx accepts them; the metadata lists the inputs."""
    data = to_onnx(fitted.encoding, fitted.model, (0.9, 0.1))
    assert data == to_onnx(Encoding.from_dict(fitted.encoding.to_dict()), fitted.model, (0.9, 0.1))
    graph = onnx.load_from_string(data)
    onnx.checker.check_model(graph, full_check=True)
    about = {each.key: each.value for each in graph.metadata_props}
    assert about["family"] == fitted.model.family
    listed = [each["column"] for each in json.loads(about["inputs"])]
    assert listed == [each.name for each in graph.graph.input] == [code.source for code in fitted.encoding.codes]
    assert [each.name for each in graph.graph.output] == ["probability", "logit"]


def test_the_kinds_of_inputs(models: dict[str, Any]) -> None:
    """Numbers are float inputs; booleans and categories are string inputs that know their words."""
    known = {each.column: each for each in inputs_of(models["boosting"].encoding)}
    assert known["tenure"].kind == "number"
    assert (known["partner"].kind, known["partner"].words, known["partner"].boolean) == ("word", ("0", "1"), True)
    assert known["contract"].words == ("Month-to-month", "One year", "Two year")
    assert not known["contract"].boolean


NAMES = ["probability", "logit", "", "fallline:gemm1", "column 1", "column 3", "Ünï 🙂", "a b/c", "fallline:constant0"]


def test_columns_may_have_any_name() -> None:
    """Columns named like an output, like an inner node, or not at all are renamed, and the rest keep their names."""
    rng = np.random.default_rng(1)
    columns = {name: pa.array(rng.normal(size=30)) for name in NAMES}
    table = Table(pa.table(columns), Schema(tuple(Column(name, "number") for name in NAMES)))
    encoding = fit_encoding(table, np.arange(20), style="linear")
    names = [each.name for each in inputs_of(encoding)]
    assert names == ["column 1'", "column 2", "column 3'", "column 4", *NAMES[4:8], "column 9"]
    graph, python = both(encoding, table)
    np.testing.assert_allclose(graph, python, atol=1e-5)
    opened = ort.session(to_onnx(encoding, weighted(encoding)))
    rows = {name: column.to_pylist() for name, column in columns.items()}
    np.testing.assert_allclose(ort.predict(opened, rows), expit(python), atol=1e-6)


number = st.none() | st.floats(width=32) | st.sampled_from([1e300, -1e300, 1e-45, 0.0])
boolean = st.none() | st.sampled_from(["No", "Yes"])
category = st.none() | st.sampled_from(["a", "b", "c", "d"]) | st.text(min_size=1, max_size=2)
moment = st.none() | st.integers(-(10**15), 4 * 10**15)  # microseconds: 1938 to 2096


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(number, number, boolean, boolean, category, category, moment), min_size=12, max_size=60),
    st.sampled_from(["linear", "trees"]),
    st.sets(st.integers(0, 6), min_size=1),
)
def test_any_table_agrees(rows: list[tuple[Any, ...]], style: Any, kept: set[int]) -> None:
    """Whatever columns a table has and whatever stands in them, graph and Python agree on every row."""
    kinds = ("number", "number", "boolean", "boolean", "category", "category", "datetime")
    types = {"number": pa.float64(), "datetime": pa.timestamp("us")}
    order = sorted(kept)
    arrays = [pa.array([row[place] for row in rows], types.get(kinds[place], pa.string())) for place in order]
    schema = Schema(
        tuple(
            Column(f"{kinds[place]} {place}", kinds[place], levels=("No", "Yes") if kinds[place] == "boolean" else ())  # type: ignore[arg-type]
            for place in order
        )
    )
    table = Table(pa.table(arrays, names=list(schema.names)), schema)
    try:
        encoding = fit_encoding(table, np.arange(len(rows) - 4), style=style)
    except DataError:
        return
    graph, python = both(encoding, table)
    # under style trees numbers stand on their own scale, so the sum is exact relative to its largest term
    largest = np.abs(encoding.matrix(table)).max() * encoding.width
    np.testing.assert_allclose(graph, python, rtol=1e-5, atol=1e-6 * max(1.0, float(largest)))


def test_misuse_is_explained(models: dict[str, Any]) -> None:
    """A model with another encoding, and a calibration that is not finite, are refused."""
    encoding = models["logistic"].encoding
    with pytest.raises(DataError, match="reads 41 matrix columns and the encoding makes 1"):
        to_onnx(Encoding("trees", (NumberCode("x", 0.0, 0.0, 1.0),)), models["logistic"].model)
    with pytest.raises(DataError, match="not finite"):
        to_onnx(encoding, models["logistic"].model, (float("nan"), 0.0))
