"""Receipt: what was handed in, when, and a digest by which both sides can prove it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from fallline.core.canonical import digest
from fallline.core.errors import NotFound
from fallline.course.attempt import Attempt


@dataclass(frozen=True)
class Receipt:
    """Proof of a hand-in.

    Attributes:
        content: what was received, as plain data.
        sha256: of the content's canonical JSON: sorted keys, no spaces, UTF-8.
    """

    content: dict[str, Any]
    sha256: str

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data; whoever has it can compute the digest again."""
        return {"content": self.content, "sha256": self.sha256}


def receipt_of(attempt: Attempt) -> Receipt:
    """Returns the receipt of an attempt that was handed in: the answers, and nothing of what marks them.

    Raises:
        NotFound: it is still open.
    """
    if attempt.submitted is None:
        raise NotFound("There is no receipt before handing in.")
    moment = dt.datetime.fromtimestamp(attempt.submitted, dt.UTC)
    content = {
        "attempt": attempt.id,
        "assessment": attempt.assessment,
        "number": attempt.number,
        "person": attempt.person,
        "received": moment.isoformat(timespec="milliseconds"),
        "answers": {
            slot: {"sequence": saved.sequence, "answer": saved.answer} for slot, saved in attempt.answers.items()
        },
    }
    return Receipt(content, digest(content))
