"""The tables of the teaching: notes, attempts, answers and their log, allowances, regrades."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the tables of the notebook and the roster."""
    op.create_table(
        "notes",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person", "name", name="pk_notes"),
    )
    _attempts()
    _answers()
    _allowances()
    _regrades()


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("assessment", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("started", sa.Float, nullable=False),
        sa.Column("deadline", sa.Float, nullable=False),
        sa.Column("grace", sa.Float, nullable=False),
        sa.Column("submitted", sa.Float),
        sa.Column("frozen", sa.Text, nullable=False),
        sa.Column("grade", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        sa.UniqueConstraint("person", "assessment", "number", name="uq_attempts_person_assessment_number"),
    )
    for column in ("person", "state"):
        op.create_index(f"ix_attempts_{column}", "attempts", [column])


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("attempt", sa.String(64), nullable=False),
        sa.Column("slot", sa.String(60), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("attempt", "slot", name="pk_answers"),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name="fk_answers_attempt", ondelete="CASCADE"),
    )
    op.create_table(
        "answer_log",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("attempt", sa.String(64), nullable=False),
        sa.Column("slot", sa.String(60), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("taken", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_answer_log"),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name="fk_answer_log_attempt", ondelete="CASCADE"),
    )
    op.create_index("ix_answer_log_attempt", "answer_log", ["attempt"])


def _allowances() -> None:
    op.create_table(
        "allowances",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("assessment", sa.String(40), nullable=False),
        sa.Column("due", sa.Float),
        sa.Column("multiplier", sa.Float, nullable=False),
        sa.Column("excused", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_allowances"),
    )
    op.create_index("ix_allowances_person", "allowances", ["person"])


def _regrades() -> None:
    op.create_table(
        "regrades",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("attempt", sa.String(64), nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_regrades"),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name="fk_regrades_attempt", ondelete="CASCADE"),
    )
    op.create_index("ix_regrades_attempt", "regrades", ["attempt"])
