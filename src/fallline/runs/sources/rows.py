"""Rows known by name, as arrays that a net learns from: the engine's sets, quadratics, and tables, encoded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from fallline.engine.data.encode import fit_encoding
from fallline.engine.data.sets import SETS, Data, load_set, set_apart
from fallline.engine.data.table import Table, target_vector
from fallline.runs.sources.load import load
from fallline.runs.sources.spec import Named

CONDITION = 1e3
"""Of the quadratics: their largest curvature over their smallest."""
DIMENSIONS, SAMPLES = 16, 64
FEWER = {"mnist1d": 1500, "text": 160}
"""Rows of the larger sets: a race looks at the loss of the held-out ones sixty times a run."""


def bowl(rng: np.random.Generator, *, turned: bool) -> Data:
    """A quadratic as a least-squares problem: its Hessian has curvatures from 2/1000 to 2, its minimum is zero.

    Small batches then are the real ones of a finite sum.

    Args:
        rng: where the rows come from.
        turned: whether the curvatures lie across the axes.
    """
    drawn = np.column_stack([np.ones(SAMPLES), rng.standard_normal((SAMPLES, DIMENSIONS))])
    across = np.linalg.qr(drawn)[0][:, 1:]  # orthonormal, and to the constant too, so that the bias is apart
    x = np.sqrt(SAMPLES) * across * np.sqrt(np.geomspace(1.0, 1.0 / CONDITION, DIMENSIONS))
    away = np.where(rng.random(DIMENSIONS) < 0.5, -1.0, 1.0)
    # The bias starts off its minimum too: where it stood at it, its gradient would be rounding alone, of which Adam,
    # whatever the tool, makes steps as long as any other.
    y = x @ away + 1.0
    if turned:
        x @= np.linalg.qr(rng.standard_normal((DIMENSIONS, DIMENSIONS)))[0].T
    return _everything("bowl", x, y)


def _everything(name: str, x: np.ndarray, y: np.ndarray) -> Data:
    """All rows teach, and the loss is looked at on the same."""
    rows = np.arange(len(x))
    return Data(name, "regression", x, y.reshape(-1, 1), rows, rows)


def table_rows(table: Table, rng: np.random.Generator, name: str) -> Data:
    """A table's rows, encoded as for a net; a fifth is held out."""
    y = target_vector(table).astype(np.int64)
    train, held, _ = set_apart(y, "binary", 0.2, 0.0, rng)
    x = fit_encoding(table, train, style="linear").matrix(table)
    return Data(name, "binary", x, y, train, held, classes=2)


def _named_table(name: str, rng: np.random.Generator) -> Data:
    return table_rows(load(Named(name=name)).table, rng, name)


def _set(name: str, rng: np.random.Generator) -> Data:
    return load_set(name, rng, FEWER.get(name))


ROWS: dict[str, Callable[[np.random.Generator], Data]] = {
    "bowl": partial(bowl, turned=False),
    "turned-bowl": partial(bowl, turned=True),
    "breast-cancer": partial(_named_table, "breast_cancer"),
    "churn": partial(_named_table, "telco_churn"),
    **{name: partial(_set, name) for name in SETS},
}
"""Name → rows, drawn or loaded."""
