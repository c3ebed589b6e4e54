"""The rows of a training: a named set, or a person's table, encoded as for a net."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from fallline.core.errors import DataError
from fallline.core.rng import generator
from fallline.engine.data.encode import fit_encoding
from fallline.engine.data.sets import Data, Task, load_set, set_apart
from fallline.engine.data.table import Table, target_vector
from fallline.runs.spec.train import TrainSpec
from fallline.runs.stage import Context


def rows_of(context: Context, spec: TrainSpec) -> Data:
    """Loads or draws the rows; the draws are those of `fl.train` with the same seed."""
    rng = generator(spec.seed, "train", "data")
    if spec.data is None:
        return load_set(spec.set.name, rng, spec.set.rows, spec.set.noise)
    return data_of_table(context.data().table, rng)


def data_of_table(table: Table, rng: np.random.Generator) -> Data:
    """Sets a table apart and encodes it: a fifth of the rows choose; the encoding is fitted on the others.

    The numbers of a regression are brought to mean 0 and standard deviation 1 over the rows that teach, so that rates
    mean the same whatever their unit.

    Raises:
        DataError: there is no target, or a row has none.
    """
    task, y, words = _target(table)
    train, held, _ = set_apart(y, task, 0.2, 0.0, rng)
    x = fit_encoding(table, train, style="linear").matrix(table)
    if task == "regression":
        y = (y - y[train].mean()) / max(float(y[train].std()), 1e-12)
        return Data("table", task, x, y[:, None].astype(np.float32), train, held)
    return Data("table", task, x, y.astype(np.int64), train, held, classes=len(words), words=words)


def _target(table: Table) -> tuple[Task, np.ndarray, tuple[str, ...]]:
    """What is to be said of each row, and the words of its classes."""
    name, problem = table.schema.target, table.schema.problem
    if name is None or problem is None:
        raise DataError("The table has no target that could be guessed. Name one with data.target.")
    if problem == "binary":
        return "binary", target_vector(table), ("no", "yes")
    values = table.column(name)
    if values.null_count:
        raise DataError(f"{values.null_count:,} rows have no value in the target {name!r}: remove or fill them in.")
    if problem == "regression":
        return "regression", values.to_numpy(zero_copy_only=False).astype(np.float64), ()
    codes = values.combine_chunks().dictionary_encode()
    words = [str(word) for word in codes.dictionary.to_pylist()]
    order = np.argsort(words, kind="stable")
    rank = np.empty(len(words), dtype=np.int64)
    rank[order] = np.arange(len(words))
    return "classes", rank[np.asarray(pc.cast(codes.indices, "int64"))], tuple(words[place] for place in order)
