"""Exact numbers for marks: fractions all the way, rounded once at the end, half up."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

DECIMAL = re.compile(r"\d{1,6}(\.\d{1,9})?|\d{1,6}/[1-9]\d{0,5}")


def exact(value: object) -> Fraction:
    """Reads a whole number, or a decimal or fraction as text; never a float, whose digits are not what was written.

    Raises:
        ValueError: anything else.

    >>> exact("33.3") + exact("33.3") + exact("33.4")
    Fraction(100, 1)
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6:
        return Fraction(value)
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return Fraction(value)
    msg = 'a whole number, or a decimal in quotes such as "33.3"'
    raise ValueError(msg)


Exact = Annotated[
    Fraction,
    PlainValidator(exact),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": ["integer", "string"]}),
]
"""A fraction in a content file: ``20``, ``"33.3"`` or ``"1/3"``."""


def half_up(value: Fraction, decimals: int = 0) -> Decimal:
    """Rounds to `decimals` places, halves away from zero: what a person expects of a mark.

    >>> half_up(Fraction(1, 8), 2), half_up(Fraction(99949, 1000), 1)
    (Decimal('0.13'), Decimal('99.9'))
    """
    scaled = abs(value) * 10**decimals
    whole = math.floor(scaled + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)
