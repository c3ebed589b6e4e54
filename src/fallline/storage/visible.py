"""What a person may see: every read for a page goes through here, and nowhere else."""

from __future__ import annotations

import sqlalchemy as sa

from fallline.core.person import Person, Role


def visible_to(person: Person, owner: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Returns the condition under which a row with this owner column is visible to a person."""
    return sa.true() if person.role is Role.INSTRUCTOR else owner == person.id
