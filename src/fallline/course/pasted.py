"""A table that a person pastes into a lab: three columns as CSV, a mistake told with its row and column."""

from __future__ import annotations

from fallline.core.errors import SpecError
from fallline.course.formula import Mistake
from fallline.runs.sources.pasted import read_pasted

LONGEST = 8_000
"""Characters of a table in a lab: it stands in the address."""


def table_mistake(text: str) -> Mistake | None:
    r"""Returns what is wrong with a table; None for one that can be read.

    >>> table_mistake("1,2,a\n3,4,b\n" * 5) is None
    True
    >>> table_mistake("1,2,a\n3,x,b\n" * 5).sentence
    "Row 2, column 2 (x₂) holds 'x' where a number belongs."
    """
    if len(text) > LONGEST:
        rows = f"it has {len(text):,} characters, and an address holds {LONGEST:,}. Take a sample of its rows"
        return Mistake(text[:LONGEST], f"This table is too long: {rows}.")
    try:
        read_pasted(text)
    except SpecError as error:
        return Mistake(text, sentence_of(error))
    return None


def sentence_of(error: SpecError) -> str:
    """Writes a refusal as a page says it."""
    head, _, place = error.expected.partition(" in row ")
    if head == "a number":
        return f"Row {place} holds {error.value} where a number belongs. {error.hint}".strip()
    had = str(error.value).strip("'") or "nothing in it"
    return f"This table has {had}; it needs {error.expected}. {error.hint}".strip()
