"""A list of numbers that a person types into a lab, such as a spectrum; a mistake is told with its column."""

from __future__ import annotations

import re

from fallline.course.formula import LONGEST, Mistake, seen

MOST = 40
LEAST_SIZE, LARGEST_SIZE = 1e-6, 1e6
_WORD = re.compile(r"[^\s,;]+")


def numbers_in(text: str) -> tuple[float, ...]:
    """Returns the numbers of a list without a mistake.

    >>> numbers_in("1, 10 100")
    (1.0, 10.0, 100.0)
    """
    return tuple(float(match[0]) for match in _WORD.finditer(text))


def mistake_in_numbers(text: str) -> Mistake | None:
    """Returns what is wrong with a list of positive numbers; None for one that can be read.

    >>> mistake_in_numbers("1, ten").column
    4
    """
    if len(text) > LONGEST:
        return Mistake(seen(text[: LONGEST + 1]), f"A list here has at most {LONGEST} characters.")
    words = list(_WORD.finditer(text))
    if not 2 <= len(words) <= MOST:
        sentence = f"Write 2 to {MOST} positive numbers with commas between them; here are {len(words)}."
        return Mistake(seen(text), sentence)
    for match in words:
        if not _fits(match[0]):
            column, word = match.start() + 1, seen(match[0][:24])
            sentence = f"At column {column} stands {word!r}, which is no number from 1e-6 to 1e6."
            return Mistake(seen(text), sentence, seen(text), column)
    return None


def _fits(word: str) -> bool:
    if not re.fullmatch(r"\d*\.?\d+(e[+-]?\d{1,2})?|\d+\.", word, re.ASCII | re.IGNORECASE):
        return False
    return LEAST_SIZE <= float(word) <= LARGEST_SIZE
