"""ONNX Runtime: runs an exported graph, times it on one row, and quantises it to int8.

https://onnxruntime.ai. What is timed here is observed on one machine at one moment: it is shown and never decides.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import DataError, Unavailable
from fallline.engine.compress.inputs import Input

Session = Any
"""An `onnxruntime.InferenceSession`."""
PRODUCTS = ["MatMul", "Gemm"]
"""The operators that are quantised."""


def session(data: bytes, threads: int = 1) -> Session:
    """Opens an exported graph for predictions.

    Args:
        data: the file's bytes.
        threads: that one call may use; one is fastest for one row.

    Raises:
        Unavailable: ONNX Runtime is not installed.
        DataError: the bytes are not a graph that it can run.
    """
    try:
        import onnxruntime as ort  # 0.3 s of imports that only a process which predicts needs
    except ImportError as error:
        raise Unavailable(
            "Running an exported model needs ONNX Runtime, which is not installed: pip install onnxruntime"
        ) from error
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its exceptions have no common class of their own
        raise DataError(f"ONNX Runtime cannot run this file: {str(error)[:200]}") from error


def inputs(opened: Session) -> tuple[Input, ...]:
    """Returns the raw columns that a graph reads, from the metadata that travels in the file."""
    stored = opened.get_modelmeta().custom_metadata_map.get("inputs", "[]")
    return tuple(Input.from_dict(each) for each in json.loads(stored))


def feed(read: Sequence[Input], columns: Mapping[str, Sequence[Any]]) -> dict[str, NDArray[Any]]:
    """Returns raw columns as the graph reads them.

    Args:
        read: the graph's inputs.
        columns: raw column → its values; None or NaN is missing; columns that the graph does not read are passed over.

    Returns:
        input name → shape (n, 1).

    Raises:
        DataError: a column is not there, is of another length, or holds what cannot be read as its type.
    """
    out: dict[str, NDArray[Any]] = {}
    rows = None
    for each in read:
        if each.column not in columns:
            raise DataError(f"Column {each.column!r} is missing: send a value for each row, null where there is none.")
        values = columns[each.column]
        rows = len(values) if rows is None else rows
        if len(values) != rows:
            raise DataError(f"Column {each.column!r} has {len(values)} values where the first column has {rows}.")
        plain = [_word(value, each) for value in values] if each.kind == "word" else _numbers(values, each)
        out[each.name] = np.asarray(plain, dtype=object if each.kind == "word" else np.float32).reshape(-1, 1)
    return out


def _numbers(values: Sequence[Any], read: Input) -> NDArray[np.float32]:
    """Reads numbers; None becomes NaN and what float32 cannot hold becomes infinite."""
    plain = np.empty(len(values), dtype=np.float64)
    for row, value in enumerate(values):
        if value is None:
            plain[row] = math.nan
        elif isinstance(value, bool | int | float | np.number | np.bool_):
            plain[row] = _float(value)
        else:
            raise DataError(f"Column {read.column!r} expects a {read.kind} and row {row} holds {str(value)[:60]!r}.")
    with np.errstate(over="ignore"):
        return plain.astype(np.float32)


def _float(value: Any) -> float:
    """Returns a number as float; an integer too large for it is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _word(value: Any, read: Input) -> str:
    """Reads one word: truth values and whole numbers as the words that stand for them, None as missing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_) and read.boolean:
        return read.words[int(value)]
    if isinstance(value, int | float | np.number):
        return str(int(value)) if float(value).is_integer() else str(value)
    raise DataError(f"Column {read.column!r} expects a word and holds {str(value)[:60]!r}.")


def predict(opened: Session, columns: Mapping[str, Sequence[Any]]) -> NDArray[np.float64]:
    """Returns the probability of the positive class for each row.

    Args:
        opened: from `session`.
        columns: raw column → values, as in `feed`.

    Returns:
        shape (n,).
    """
    return run(opened, feed(inputs(opened), columns))


def run(opened: Session, fed: Mapping[str, NDArray[Any]], output: str = "probability") -> NDArray[np.float64]:
    """Returns one output of a graph for values that are in its form already, shape (n,)."""
    (values,) = opened.run([output], dict(fed))
    out: NDArray[np.float64] = values.reshape(-1).astype(np.float64)
    return out


def time_one_row(
    opened: Session, row: Mapping[str, NDArray[Any]], repeats: int, clock: Callable[[], float]
) -> tuple[float, float]:
    """Times predictions of one row, encoding included.

    Args:
        opened: from `session`.
        row: as `feed` returns it, one row.
        repeats: how many calls are timed, ≥ 1, after a tenth as many that are not.
        clock: seconds, such as `time.perf_counter`.

    Returns:
        Median and 99th percentile of one call, in microseconds.
    """
    fed, wanted = dict(row), ["probability"]
    for _ in range(repeats // 10 + 1):
        opened.run(wanted, fed)
    taken = np.empty(repeats)
    for number in range(repeats):
        began = clock()
        opened.run(wanted, fed)
        taken[number] = clock() - began
    median, slow = np.percentile(taken * 1e6, [50, 99])
    return float(median), float(slow)


def int8_dynamic(data: bytes) -> bytes:
    """Quantises the products of a net to int8, its activations anew at every call; the encoding stays float32.

    Args:
        data: an exported graph of float32.

    Returns:
        The quantised graph. Only products of matrices change: quantising every operator made convolutions 13 times
        slower, and strings and comparisons have nothing to gain.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    return _quantised(
        data,
        lambda model, path: quantize_dynamic(
            model, path, op_types_to_quantize=PRODUCTS, weight_type=QuantType.QInt8, per_channel=True
        ),
    )


def int8_static(data: bytes, fed: Mapping[str, NDArray[Any]]) -> bytes:
    """Quantises the products of a net to int8 with ranges of the activations taken from rows once.

    Args:
        data: an exported graph of float32.
        fed: training rows in the graph's form; a few hundred will do.
    """
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Rows(CalibrationDataReader):  # type: ignore[misc]
        """Gives all rows once."""

        def __init__(self) -> None:
            self.waiting = [dict(fed)]

        def get_next(self) -> dict[str, NDArray[Any]] | None:
            """Returns the rows, then nothing."""
            return self.waiting.pop() if self.waiting else None

    return _quantised(
        data,
        lambda model, path: quantize_static(
            model,
            path,
            Rows(),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=PRODUCTS,
            weight_type=QuantType.QInt8,
            activation_type=QuantType.QUInt8,
            per_channel=True,
        ),
    )


def _quantised(data: bytes, quantise: Callable[[Any, str], None]) -> bytes:
    """Runs a quantiser, which insists on writing a file."""
    import onnx

    model = onnx.load_from_string(data)
    kept = {each.key: each.value for each in model.metadata_props}
    # it takes this mark as word that shapes were inferred, which they were, and does not warn
    onnx.helper.set_model_props(model, {**kept, "onnx.quant.pre_process": "onnxruntime.quant"})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "int8.onnx"
        quantise(model, str(path))
        done = onnx.load(path)
    onnx.helper.set_model_props(done, kept)
    return bytes(done.SerializeToString(deterministic=True))
