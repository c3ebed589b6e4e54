"""The words of an expression, each with its column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from fallline.core.errors import SpecError

MOST_CHARACTERS = 2_000

Kind = Literal["number", "name", "operator", "end"]

_PATTERN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_π][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|[-+*/^(),−·×÷²³])",
    re.ASCII,
)
_SAME = {"**": "^", "−": "-", "·": "*", "×": "*", "÷": "/"}
_LOOKED_AT = 24


class ExpressionError(SpecError):
    """An expression that cannot be read, with the place where it stops making sense.

    Attributes:
        column: from 1.
        text: the whole expression.
    """

    def __init__(self, text: str, column: int, expected: str, hint: str = "") -> None:
        self.text, self.column = text, column
        low = max(0, column - 1 - _LOOKED_AT)
        shown = (
            ("…" if low else "")
            + text[low : column - 1 + _LOOKED_AT]
            + ("…" if column + _LOOKED_AT < len(text) else "")
        )
        super().__init__("expression", shown, f"a formula: at column {column} {expected}", hint)


@dataclass(frozen=True)
class Token:
    """One word.

    Attributes:
        kind: what it is.
        text: as it is understood: ``**`` reads ``^``.
        column: where it begins, from 1.
    """

    kind: Kind
    text: str
    column: int

    @property
    def shown(self) -> str:
        """How an error names it."""
        return "the end" if self.kind == "end" else f"{self.text[:30]!r}"


def tokens(text: str, most: int = MOST_CHARACTERS) -> list[Token]:
    """Splits an expression into words; the last one is the end.

    Args:
        text: the expression.
        most: how many characters it may have.

    Raises:
        ExpressionError: it is too long, or holds a character that no formula has.

    >>> [token.text for token in tokens("2x**2 + 1e-3")]
    ['2', 'x', '^', '2', '+', '1e-3', '']
    """
    if len(text) > most:
        raise ExpressionError(text, most + 1, f"it goes on beyond {most:,} characters; no formula is longer")
    found, place = [], 0
    while place < len(text):
        match = _PATTERN.match(text, place)
        if match is None:
            raise ExpressionError(text, place + 1, f"stands {text[place]!r}, which no formula has", _hint(text[place]))
        if match.lastgroup != "space":
            word = match.group()
            found.append(Token(match.lastgroup, _SAME.get(word, word), place + 1))  # type: ignore[arg-type]
        place = match.end()
    found.append(Token("end", "", len(text) + 1))
    return found


def _hint(character: str) -> str:
    if character in "[]{}":
        return "Only round brackets group."
    if character == "=":
        return "Write the right-hand side alone."
    if character == "|":
        return "Write abs(…)."
    if character == "√":
        return "Write sqrt(…)."
    return ""
