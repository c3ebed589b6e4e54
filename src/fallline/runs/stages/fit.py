"""Fit: a choice trained on given rows, with its encoding, and calibrated on rows that it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.data.encode import Encoding, fit_encoding
from fallline.engine.data.table import Table
from fallline.engine.metrics import Platt, platt
from fallline.engine.train import FAMILIES, Model, model_from_dict
from fallline.runs.identity import THREADS
from fallline.runs.stages.rows import Indices, Rows

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """A trained pipeline.

    Attributes:
        encoding: from the table to the matrix.
        model: from the matrix to log-odds.
        calibration: from log-odds to probability.
    """

    encoding: Encoding
    model: Model
    calibration: Platt

    def probabilities(self, table: Table, rows: Indices | None = None) -> Floats:
        """Returns calibrated probabilities of rows of a table, shape (n,)."""
        return self.calibration.probabilities(self.logits(table, rows))

    def logits(self, table: Table, rows: Indices | None = None) -> Floats:
        """Returns the model's own log-odds, shape (n,)."""
        return self.model.logits(self.encoding.matrix(table, rows))

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return {
            "encoding": self.encoding.to_dict(),
            "model": self.model.to_dict(),
            "calibration": {"a": self.calibration.a, "b": self.calibration.b},
        }

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Fitted:
        """Reads what `to_dict` wrote."""
        return Fitted(
            Encoding.from_dict(data["encoding"]), model_from_dict(data["model"]), Platt(**data["calibration"])
        )


def fit_fold(rows: Rows, number: int, family: str, params: dict[str, Any]) -> Floats:
    """Trains on one fold and returns the log-odds of the rows it leaves out."""
    fold = rows.folds[number]
    return _train(rows, fold.train, family, params, ("check", family, "fold", number)).logits(rows.table, fold.test)


def fit_all(rows: Rows, family: str, params: dict[str, Any], out_of_fold: Floats, y: NDArray[np.int8]) -> Fitted:
    """Trains on all training rows; calibrated on the out-of-fold log-odds of the same choice."""
    fitted = _train(rows, rows.split.train, family, params, ("check", family, "all"))
    return Fitted(fitted.encoding, fitted.model, platt(out_of_fold, y))


def _train(rows: Rows, train: Indices, family: str, params: dict[str, Any], path: tuple[str | int, ...]) -> Fitted:
    kind = FAMILIES[family]
    encoding = fit_encoding(rows.table, train, style=kind.style)
    matrix = encoding.matrix(rows.table, train)
    model, _ = kind.fit(matrix, rows.y[train], params, generator(rows.spec.seed, *path), threads=THREADS)
    return Fitted(encoding, model, Platt(1.0, 0.0))
