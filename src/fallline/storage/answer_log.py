"""The log of answers: every save that arrived, taken or not; no answer is lost, and a dispute has a source."""

from __future__ import annotations

import orjson
import sqlalchemy as sa

from fallline.course.attempt import MAX_ANSWER, SPEC, Attempt
from fallline.course.items import Answer
from fallline.storage.tables import answer_log

MAX_SEQUENCE = 2**53
REFUSED_KEPT = 100
"""Saves of one attempt that were not taken and are kept all the same; more of them are a flood."""


def note(
    connection: sa.Connection, attempt: Attempt, slot: str, sequence: int, answer: Answer, now: float, *, taken: bool
) -> None:
    """Logs a save within the transaction that took or refused it; the same one sent again is logged once."""
    known = {SPEC} if attempt.activity is not None else {drawn.slot for drawn in attempt.items}
    content = orjson.dumps(answer).decode()
    if slot not in known or len(content) > 2 * MAX_ANSWER or not 1 <= sequence < MAX_SEQUENCE:
        return
    if not taken and _enough(connection, attempt.id, slot, sequence, content):
        return
    row = {"attempt": attempt.id, "slot": slot, "sequence": sequence, "answer": content, "at": now, "taken": taken}
    connection.execute(answer_log.insert(), row)


def _enough(connection: sa.Connection, attempt: str, slot: str, sequence: int, content: str) -> bool:
    """Says whether the log has this save already, or has enough that were not taken; what was taken is always new."""
    of = answer_log.c.attempt == attempt
    same = sa.and_(of, answer_log.c.slot == slot, answer_log.c.sequence == sequence, answer_log.c.answer == content)
    if connection.scalar(sa.select(sa.exists().where(same))):
        return True
    refused = sa.select(sa.func.count()).where(of, answer_log.c.taken == sa.false())
    return (connection.scalar(refused) or 0) >= REFUSED_KEPT
