"""A real model, from a small capstone on the real churn table."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from fallline.core.event import Event, EventKind
from fallline.deploy.model import ServedModel
from fallline.engine.data.table import Table
from fallline.runs.execute import Surroundings, execute
from fallline.runs.record import Record
from fallline.runs.sources import load, sha256_of
from fallline.runs.spec import load_spec

TREE = {
    "kind": "capstone",
    "title": "Small churn",
    "data": {"source": "named", "name": "telco_churn", "rows": 600},
    "train": {"folds": 2, "families": [{"family": "logistic"}, {"family": "boosting"}]},
    "tune": {"trials": 3, "startup": 3, "sampler": "random"},
    "check": {"resamples": 100},
    "decide": {"resamples": 100},
    "explain": {"repeats": 2, "rows": 3, "background": 5},
    "compress": {"repeats": 5},
}


@dataclass(frozen=True)
class Exported:
    """A Record, its files, its test rows and what the model said of them offline."""

    record: Record
    read: Callable[[str], bytes]
    model: ServedModel
    table: Table
    probabilities: NDArray[np.float64]

    def rows(self) -> list[dict[str, object]]:
        """The test rows as a client sends them."""
        taken = self.table.take(np.array(self.record.part("check")["test"]["rows"]))
        columns = {column.name: taken.column(column.name).to_pylist() for column in self.model.columns}
        return [{name: values[place] for name, values in columns.items()} for place in range(taken.rows)]


@pytest.fixture(scope="session")
def exported() -> Exported:
    """Runs the small capstone once."""
    kept: dict[str, bytes] = {}

    def hear(event: Event) -> None:
        if event.kind is EventKind.ARTIFACT:
            import hashlib

            kept[hashlib.sha256(event.payload).hexdigest()] = event.payload

    spec = load_spec(TREE)
    data = spec.data  # type: ignore[attr-defined]
    loaded = load(data)
    around = Surroundings(clock=time.time, data=lambda: loaded, data_sha256=sha256_of(data), listener=hear)
    record = execute(spec, around, id_="small-1")
    probabilities = np.array(record.part("check")["test"]["p"])
    return Exported(record, kept.__getitem__, ServedModel.of(record, kept.__getitem__), loaded.table, probabilities)
