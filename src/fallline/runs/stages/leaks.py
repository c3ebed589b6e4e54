"""Leaks: what would make a test score too good to be true."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fallline.engine.metrics import roc_auc
from fallline.runs.stages.rows import Rows

TOO_GOOD = 0.99
"""A ROC AUC from which one should doubt the data before believing the model."""


def leak_findings(rows: Rows, chances: NDArray[np.float64]) -> list[dict[str, str]]:
    """Looks for rows on both sides of the split, columns known only afterwards, and scores too good to be true."""
    found = []
    twins = shared_rows(rows)
    if twins > 0.01 * len(rows.split.test):
        sentence = f"{twins:,} of {len(rows.split.test):,} test rows equal a training row in every feature."
        found.append({"kind": "shared rows", "sentence": sentence})
    for name in rows.table.schema.suspects:
        sentence = f"Column {name!r} alone predicts the target almost perfectly; is it known before the decision?"
        found.append({"kind": "suspect column", "sentence": sentence})
    auc = float(roc_auc(rows.y[rows.split.test], chances))
    if auc > TOO_GOOD:
        found.append(
            {"kind": "too good", "sentence": f"ROC AUC {auc:.4f} on test rows is too good to be taken on trust."}
        )
    return found


def shared_rows(rows: Rows) -> int:
    """Counts test rows that equal a training row in every feature and in the target."""
    names = [column.name for column in rows.table.schema.features]
    columns = [rows.table.column(name).dictionary_encode().combine_chunks().indices for name in names]
    codes = np.column_stack([np.asarray(column.fill_null(-1)) for column in columns] + [rows.y])
    _, which = np.unique(codes, axis=0, return_inverse=True)
    return int(np.isin(which.ravel()[rows.split.test], which.ravel()[rows.split.train]).sum())
