"""A first Spec for a person's own table: commented, with what was inferred and why, ready to run."""

from __future__ import annotations

import json

from fallline.core.errors import DataError
from fallline.engine.data.schema import Schema
from fallline.engine.data.table import target_vector
from fallline.runs.sources import Loaded
from fallline.runs.sources.spec import File

REST = """
[frame.payoff]
tp = 80.0   # acted on, and it was positive
fp = -20.0  # acted on, and it was not
fn = 0.0    # left alone, and it was positive
tn = 0.0    # left alone, and it was not

# Limits a model must keep to; remove what does not matter.
[frame.constraints]
latency_us = 200.0  # per row, by the cost model
size_kb = 500.0     # of the exported file
# fairness_gap = 0.2  # largest difference of the share acted on between groups

# How rows are set aside for the test: stratified, holdout, grouped (column = …), time (column = …).
[frame.split]
kind = "stratified"
test = 0.2

[tune]
trials = 64

[report]
purpose = ""  # what decisions it is for, in a sentence
not_for = ""  # what it must not be used for
contact = ""  # who answers questions about it
"""


def starter_toml(loaded: Loaded, source: File) -> str:
    """Writes a capstone Spec for a loaded table.

    Raises:
        DataError: the target is not one that a capstone can learn.
    """
    schema = loaded.table.schema
    y = target_vector(loaded.table)
    if schema.target is None or schema.positive is None:
        raise DataError("The table has no target that could be guessed. Name one with --target.")
    rate = f"{100 * float(y.mean()):.1f} % have {schema.target} = {schema.positive}"
    head = [
        f"# {loaded.title}: {loaded.table.rows:,} rows; {rate}.",
        "# Every key that is not written here takes its default; the Record shows all of them.",
        'kind = "capstone"',
        f"title = {_quoted(loaded.title)}",
        "seed = 0",
        "",
        "[data]",
        'source = "file"',
        f"path = {_quoted(source.path)}",
        f"target = {_quoted(schema.target)}",
        f"positive = {_quoted(schema.positive)}",
    ]
    return "\n".join([*head, *_columns(schema), *_frame(schema), REST])


def _frame(schema: Schema) -> list[str]:
    """What is wanted; the amounts are an example and say so."""
    named = f"sensitive = {_quoted(schema.sensitive[0])}" if schema.sensitive else '# sensitive = "a column"'
    return [
        "",
        "# What each outcome of a decision is worth. Put your own amounts: they decide the threshold and the pick.",
        "[frame]",
        'currency = "€"',
        f"{named}  # fairness is measured between its groups",
    ]


def _columns(schema: Schema) -> list[str]:
    """What was inferred of the columns that a model does not simply use, as comments that can be turned into keys."""
    found = ["# Columns as they were read; say otherwise with data.overrides, as in the last line of this block."]
    for column in schema.columns:
        why = next(iter(schema.why(column.name)), "")
        if column.role not in {"feature", "target"} or column.name in schema.suspects or column.sensitive:
            mark = "sensitive" if column.sensitive else column.role
            found.append(f"#   {column.name}: {column.type}, {mark}. {why}".rstrip())
    found.append('# overrides = { "a column" = { role = "ignored" } }')
    return [line.replace("\n", " ") for line in found]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
