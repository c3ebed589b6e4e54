"""A formula that a person types into a lab: read by the engine's own grammar, a mistake told with its column."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from fallline.core.errors import SpecError
from fallline.engine.surfaces.parse import parse
from fallline.engine.surfaces.tokens import ExpressionError

LONGEST = 200
"""Characters of a formula in a lab: it stands in the address."""
MOST_VARIABLES = 10
LOOKED_AT = 24
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


@dataclass(frozen=True)
class Mistake:
    """Why a text cannot be used.

    Attributes:
        text: as it was typed, cut where no formula is as long.
        sentence: what is wrong, and what to do.
        shown: the part of the text around the mistake; empty where no place is to blame.
        column: of the mistake within `shown`, from 1; 0 where no place is to blame.
    """

    text: str
    sentence: str
    shown: str = ""
    column: int = 0


@lru_cache(maxsize=1024)
def variables_in(text: str) -> int:
    """Returns how many variables a formula has.

    Raises:
        SpecError: it cannot be read.

    >>> variables_in("x^2 + 10*sin(y)"), variables_in("w1^2 + w3^2")
    (2, 3)
    """
    if len(text) > LONGEST:
        raise ExpressionError(text, LONGEST + 1, f"it goes on beyond {LONGEST} characters; no formula here is longer")
    count = parse(text).program.dimension
    if count > MOST_VARIABLES:
        raise SpecError("expression", text, f"a formula of at most {MOST_VARIABLES} variables; this one has {count}")
    return count


def mistake_in(text: str) -> Mistake | None:
    """Returns what is wrong with a formula; None for one that can be read.

    >>> mistake_in("x^2 + ") is None, mistake_in("x^2 + y^2") is None
    (False, True)
    """
    try:
        variables_in(text)
    except SpecError as error:
        return as_mistake(text, error)
    return None


def as_mistake(text: str, error: SpecError) -> Mistake:
    """Returns an error about a formula as what a page shows under its field."""
    kept = seen(text[: LONGEST + 1])
    if not isinstance(error, ExpressionError):
        return Mistake(kept, _sentence(f"This is not {error.expected}", error.hint))
    told = error.expected.partition(" column ")[2].partition(" ")[2]
    sentence = _sentence(f"At column {error.column} {told}", error.hint)
    low = max(0, min(error.column - 1, len(kept)) - LOOKED_AT)
    shown = kept[low : low + 2 * LOOKED_AT]
    head, tail = "…" if low else "", "…" if low + 2 * LOOKED_AT < len(kept) else ""
    return Mistake(kept, sentence, f"{head}{shown}{tail}", min(error.column - low, len(shown) + 1) + len(head))


def seen(text: str) -> str:
    """Returns a text with a mark for every character that nobody can see: columns stay where they are."""
    return "".join("·" if unicodedata.category(char) in UNSEEN else char for char in text)


def _sentence(head: str, hint: str) -> str:
    return f"{head.rstrip('.')}." + (f" {hint}" if hint else "")
