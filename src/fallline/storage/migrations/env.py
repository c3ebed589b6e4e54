"""Alembic's entry: runs the steps on the connection that `storage.database` hands over."""

from __future__ import annotations

from alembic import context

from fallline.storage.tables import metadata


def migrate() -> None:
    """Runs the steps that the database does not have yet."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


if hasattr(context, "config"):  # it is not where a tool only reads this file, such as the collector of doctests
    migrate()
