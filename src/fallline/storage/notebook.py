"""SqlNotebook: small things a person leaves behind on the site, by name; implements `web.services.Notebook`."""

from __future__ import annotations

import sqlalchemy as sa

from fallline.core.errors import FallLineError
from fallline.core.person import Person
from fallline.storage.database import Database
from fallline.storage.tables import notes

MAX_NAME = 120
MAX_VALUE = 10_000
"""Characters; a note is a word or a number, no text."""


class SqlNotebook:
    """A notebook on a `Database`. A note is its person's alone: an instructor's pages read their own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, person: Person, name: str) -> str | None:
        """Returns what the person left under `name`, or None."""
        query = sa.select(notes.c.value).where(_of(person, name))
        return self._database.read(lambda connection: connection.scalar(query))

    def keep_note(self, person: Person, name: str, value: str) -> None:
        """Keeps `value` under `name`, in place of what was there; durable on return.

        Raises:
            FallLineError: a name or value that is too long; nothing changes.
        """
        if not 0 < len(name) <= MAX_NAME or len(value) > MAX_VALUE:
            raise FallLineError(f"A note has a name of 1 to {MAX_NAME} characters and a value of at most {MAX_VALUE}.")

        def change(connection: sa.Connection) -> None:
            if connection.execute(notes.update().where(_of(person, name)).values(value=value)).rowcount == 0:
                connection.execute(notes.insert().values(person=person.id, name=name, value=value))

        try:
            self._database.write(change)
        except sa.exc.IntegrityError:
            # another process inserted the same name in between; now it is there to be updated
            self._database.write(change)


def _of(person: Person, name: str) -> sa.ColumnElement[bool]:
    return sa.and_(notes.c.person == person.id, notes.c.name == name)
