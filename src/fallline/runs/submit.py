"""Submit: asks for a run from the site; what is known is looked up, what is not becomes a run with its job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fallline.core.person import Person
from fallline.runs.identity import identity, key_of
from fallline.runs.ledger import Ledger, RunRow
from fallline.runs.race.code import refuse_code
from fallline.runs.record import Record
from fallline.runs.run import new_row
from fallline.runs.shipped import read_shipped
from fallline.runs.sources import sha256_of
from fallline.runs.spec.base import Spec
from fallline.runs.viewed import viewed_sha256


@dataclass(frozen=True)
class Submitted:
    """What became of a request: a Record that is known, or a run that waits."""

    record: Record | None
    row: RunRow | None

    @property
    def id(self) -> str:
        """The id of the Record or of the run."""
        known: Any = self.record or self.row
        return str(known.id)


def submit(spec: Spec, ledger: Ledger, person: Person, uploads: Path, now: float, *, fresh: bool = False) -> Submitted:
    """Looks a Spec up, or queues it.

    Args:
        spec: its data is named or uploaded; a file is refused here.
        ledger: keeps the run and the job.
        person: whose it is.
        uploads: the folder of uploads.
        now: seconds since 1970.
        fresh: execute even if the answer is known.

    Raises:
        SpecError: the Spec names a file or code.
        DataError: the upload is gone.
        NotFound: it views a Record that does not come with the course.
    """
    refuse_code(spec)
    data = getattr(spec, "data", None)
    sha256 = viewed_sha256(spec, read_shipped) if data is None else sha256_of(data, uploads=uploads, allow_files=False)
    key = key_of(spec, identity(spec, sha256))
    known = None if fresh else ledger.finished(key, person)
    if known is not None:
        return Submitted(known, None)
    return Submitted(None, ledger.submit(new_row(spec, key, person, now, process="", state="queued")))
