"""A small capstone on the real churn table, and a place where its run is kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fallline.core.person import LOCAL
from fallline.runs.execute import Surroundings, execute
from fallline.runs.record import Record
from fallline.runs.sources import load, sha256_of
from fallline.runs.spec import load_spec
from fallline.runs.spec.base import Spec
from fallline.runs.submit import submit
from fallline.storage.database import open_database
from fallline.storage.ledger import SqlLedger
from fallline.storage.queue import SqlQueue

TREE = {
    "kind": "capstone",
    "title": "small",
    "data": {"source": "named", "name": "telco_churn", "rows": 400},
    "train": {"folds": 2, "families": [{"family": "logistic"}]},
    "tune": {"trials": 4, "startup": 2, "batch": 1, "space": {"boosting": {}, "mlp": {}}},
    "check": {"resamples": 100},
    "decide": {"resamples": 100},
    "explain": {"repeats": 2, "rows": 3, "background": 5},
    "compress": {"repeats": 5},
}


class Desk:
    """A ledger and a queue on one real database."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.database = open_database("", home)
        self.ledger = SqlLedger(self.database)
        self.queue = SqlQueue(self.database)

    def ask(self, spec: Spec) -> str:
        """Submits a Spec and returns the id of its run."""
        return submit(spec, self.ledger, LOCAL, self.home / "uploads", time.time()).id

    def state(self, run: str) -> str:
        """The state of a run."""
        row = self.ledger.row(run, LOCAL)
        assert row is not None
        return row.state

    def sentence(self, run: str) -> str:
        """What is said of a run."""
        row = self.ledger.row(run, LOCAL)
        assert row is not None
        return row.sentence

    def job_state(self, run: str) -> str:
        """The state of the job of a run."""
        job = self.queue.job(run, LOCAL)
        assert job is not None
        return job.state


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk of the test's own."""
    made = Desk(tmp_path)
    yield made
    made.database.close()


@pytest.fixture(scope="session")
def small() -> Spec:
    """The Spec of the small capstone."""
    return load_spec(TREE)


@pytest.fixture(scope="session")
def reference(small: Spec) -> Record:
    """The small capstone, executed here without any of the machinery."""
    data = small.data  # type: ignore[attr-defined]
    return execute(small, Surroundings(clock=time.time, data=lambda: load(data), data_sha256=sha256_of(data)))
