"""ONNX Runtime: rows as a person sends them, errors that name the column, timing, and int8."""

from __future__ import annotations

import datetime as dt
import itertools
import sys
from decimal import Decimal
from typing import Any

import numpy as np
import onnx
import pytest

from fallline.core.errors import DataError, Unavailable
from fallline.engine.compress.graph import to_onnx
from fallline.engine.data.encode import Encoding
from fallline.engine.data.encode_number import NumberCode
from fallline.engine.data.encode_words import FlagCode, LevelsCode
from fallline.engine.train import LogisticModel, PerceptronModel
from fallline.peers import onnxruntime as ort

ENCODING = Encoding(
    "trees",
    (
        NumberCode("age", fill=40.0, low=0.0, high=100.0),
        NumberCode("since", fill=1000.0, low=0.0, high=20_000.0, date=True),
        FlagCode("paperless", "0", "1", share=0.5),
        LevelsCode("plan", ("1", "basic"), pooled=True),
    ),
)
MODEL = LogisticModel(np.float32([0.01, 0.001, 1.0, 2.0, 4.0, 8.0]), 0.0)


@pytest.fixture(scope="module")
def opened() -> Any:
    """Returns a session over a graph whose log odds can be added up by hand."""
    return ort.session(to_onnx(ENCODING, MODEL))


def logits(opened: Any, **columns: list[Any]) -> list[float]:
    """Returns log odds for rows as a person sends them, recovered from the probabilities."""
    p = ort.predict(opened, columns)
    return np.log(p / (1 - p)).round(3).tolist()


def test_rows_as_a_person_sends_them(opened: Any) -> None:
    """Numbers, words, truth values and nulls are each read as the column's type says."""
    rows = {
        "age": [30, 40.0, None, float("nan")],
        "since": [1000, 2000.5, None, 1000],
        "paperless": ["1", False, None, 1],
        "plan": ["basic", "gold", None, 1.0],
    }
    by_hand = [0.3 + 1 + 1 + 4, 0.4 + 2.0005 + 0 + 8, 0.4 + 1 + 0.5 + 0, 0.4 + 1 + 1 + 2]
    np.testing.assert_allclose(logits(opened, **rows, unknown=[9]), by_hand, atol=2e-2)
    p = ort.predict(opened, rows)
    assert p.shape == (4,)
    assert p.dtype == np.float64


def test_numbers_beyond_float_count_as_the_edge(opened: Any) -> None:
    """Integers too long for a float, and floats too large for float32, are the edge of the range, without a warning."""
    rows = {"age": [10**400, -(10**400), 1e300], "since": [0] * 3, "paperless": ["0"] * 3, "plan": ["1"] * 3}
    assert logits(opened, **rows) == pytest.approx([3.0, 2.0, 3.0], abs=1e-2)


GOOD = {"age": [1], "since": [1], "paperless": ["1"], "plan": ["1"]}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"age": ["old"]}, "Column 'age' expects a number and row 0 holds 'old'"),
        ({"age": ["12"]}, "Column 'age' expects a number"),
        ({"age": [Decimal(1)]}, "Column 'age' expects a number"),
        ({"since": [dt.date(2020, 1, 1)]}, "Column 'since' expects a date"),
        ({"plan": [["basic"]]}, "Column 'plan' expects a word and holds"),
        ({"plan": [1, 2]}, "Column 'plan' has 2 values where the first column has 1"),
    ],
)
def test_errors_name_the_column(opened: Any, change: dict[str, list[Any]], sentence: str) -> None:
    """A value of another type and a column of another length are refused with the column's name."""
    with pytest.raises(DataError, match=sentence):
        ort.predict(opened, GOOD | change)


def test_a_column_that_is_not_there_is_named(opened: Any) -> None:
    """A missing column is refused with its name."""
    with pytest.raises(DataError, match="Column 'plan' is missing"):
        ort.predict(opened, {name: values for name, values in GOOD.items() if name != "plan"})


def test_a_file_that_is_none_is_refused() -> None:
    """Bytes that are no graph, and none at all, give one sentence."""
    for data in (b"", b"not a graph", to_onnx(ENCODING, MODEL)[:-40]):
        with pytest.raises(DataError, match="cannot run this file"):
            ort.session(data)


def test_without_the_runtime_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where ONNX Runtime is not installed the error gives the command."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(Unavailable, match="pip install onnxruntime"):
        ort.session(b"")


def test_timing_reads_the_clock_it_is_given(opened: Any) -> None:
    """Median and 99th percentile are those of the clock's own steps."""
    ticks = itertools.accumulate(itertools.chain.from_iterable((1.0, float(step)) for step in range(1, 102)))
    row = ort.feed(ort.inputs(opened), GOOD)
    median, slow = ort.time_one_row(opened, row, 101, lambda: next(ticks))
    assert median == pytest.approx(51e6)
    assert slow == pytest.approx(100e6)


def test_int8_keeps_inputs_and_leaves_the_encoding_alone() -> None:
    """Both ways of quantising keep names and metadata, quantise the products and nothing else."""
    rng = np.random.default_rng(0)
    net = PerceptronModel(
        weights=(rng.normal(size=(6, 32)).astype(np.float32), rng.normal(size=(32, 1)).astype(np.float32)),
        biases=(np.zeros(32, np.float32), np.zeros(1, np.float32)),
        activation="tanh",
    )
    data = to_onnx(ENCODING, net)
    rows = {
        "age": rng.uniform(0, 100, 200).tolist(),
        "since": rng.uniform(0, 10, 200).tolist(),
        "paperless": rng.choice(["0", "1"], 200).tolist(),
        "plan": rng.choice(["1", "basic", "x"], 200).tolist(),
    }
    full = ort.session(data)
    for small in (ort.int8_dynamic(data), ort.int8_static(data, ort.feed(ort.inputs(full), rows))):
        kinds = [node.op_type for node in onnx.load_from_string(small).graph.node]
        assert "MatMulInteger" in kinds or "QuantizeLinear" in kinds
        assert kinds.count("LabelEncoder") == 1
        opened = ort.session(small)
        assert ort.inputs(opened) == ort.inputs(full)
        assert opened.get_modelmeta().custom_metadata_map == full.get_modelmeta().custom_metadata_map
        difference = np.abs(ort.predict(opened, rows) - ort.predict(full, rows))
        assert 0 < np.median(difference) < 0.05
