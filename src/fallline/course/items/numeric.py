"""Kind ``numeric``: a number, right within a tolerance."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, model_validator

from fallline.course.generators import Params
from fallline.course.generators.generator import apart
from fallline.course.items.graded import Graded, invalid
from fallline.course.items.item import Answer, ItemBase, Trial
from fallline.course.items.presented import Presented


class Numeric(ItemBase):
    """A number.

    Attributes:
        answer: the parameter that holds the right value.
        rtol: share of the right value by which an answer may be off.
        atol: amount by which it may be off, whichever is wider.
        sigfigs: instead of both: at most one off in the last of so many significant figures.
        unit: written behind the field; the number alone is asked for.
        min_gap: smallest share by which the right value and each misconception's must differ.
    """

    kind: Literal["numeric"] = "numeric"
    answer: str
    rtol: Annotated[float, Field(ge=0, le=0.2)] = 0.02
    atol: Annotated[float, Field(ge=0)] = 0.0
    sigfigs: Annotated[int, Field(ge=1, le=8)] | None = None
    unit: Annotated[str, Field(max_length=20)] = ""
    min_gap: Annotated[float, Field(ge=0, le=1)] = 0.08

    @model_validator(mode="after")
    def _decidable(self) -> Numeric:
        if self.generate is None:
            msg = "a numeric item with a [generate] table"
            raise ValueError(msg)
        if self.sigfigs is None and self.min_gap < 2 * self.rtol:
            msg = "min_gap of at least twice rtol, so that no answer fits two values"
            raise ValueError(msg)
        without = next((known.id for known in self.misconceptions if known.value is None), None)
        if without is not None:
            msg = f"misconceptions with a value; {without!r} has none"
            raise ValueError(msg)
        return self

    def show(self, params: Params, seed: int) -> Presented:
        """Returns the variant as shown."""
        del seed  # a number has no order
        how = f"to {self.sigfigs} significant figures" if self.sigfigs else self._tolerance()
        prompt = self.filled(self.prompt, params)
        return Presented(self.id, self.kind, prompt, (), self.unit, f"Write a number, {how}.")

    def _tolerance(self) -> str:
        if self.rtol:
            return f"right within {100 * self.rtol:g} %"
        return f"right within ±{self.atol:g}" if self.atol else "exact"

    def mark(self, params: Params, seed: int, answer: Answer) -> Graded:
        """Returns the verdict on a number."""
        del seed
        given = read_number(answer)
        if given is None:
            return invalid("Write one number, with a point before its decimals, such as 0.035 or 3.5e-2.")
        if self.close(given, float(params[self.answer])):
            return Graded(Fraction(1), self.filled(self.solution, params))
        for known in self.misconceptions:
            if self.close(given, float(params[str(known.value)])):
                return self.wrong(params, known.id, known.score)
        return Graded(Fraction(0), "Not this number. Write out the formula, put the numbers in, and look at the units.")

    def close(self, given: float, wanted: float) -> bool:
        """Says whether an answer counts as a value."""
        if self.sigfigs is None:
            slack = max(self.rtol * abs(wanted), self.atol)
            return abs(given - wanted) <= slack * (1.0 + 1e-12)
        if wanted == 0.0:
            return given == 0.0
        last = 10.0 ** (math.floor(math.log10(abs(wanted))) - self.sigfigs + 1)
        return abs(given - wanted) <= last * (1.0 + 1e-9)

    def ambiguous(self, params: Params) -> bool:
        """Says whether a misconception's value is too close to the right one or to another's."""
        named = [self.answer, *(str(known.value) for known in self.misconceptions)]
        values = [float(params[name]) for name in named]
        if not all(math.isfinite(value) for value in values) or values[0] == 0.0:
            return True
        pairs = [(first, second) for place, first in enumerate(values) for second in values[place + 1 :]]
        slack = 2.0 * self.atol
        return any(not apart(first, second, self.min_gap) or abs(first - second) <= slack for first, second in pairs)

    def rejects(self, params: Params) -> bool:
        """Says whether two values came too close by chance."""
        return self.ambiguous(params)

    def trials(self, params: Params, seed: int) -> list[Trial]:
        """Returns the right value, the edge of its tolerance, each misconception's value, and what is no answer."""
        del seed
        wanted = float(params[self.answer])
        made = [Trial(answer, None) for answer in ("", "   ", None, "nan", "inf", "1e999", "about 3", "1,5", ["a"])]
        made += [Trial(f"{wanted!r}", Fraction(1)), Trial(wanted, Fraction(1))]
        made += [Trial(float(params[str(known.value)]), known.score, known.id) for known in self.misconceptions]
        if self.sigfigs is None:
            slack = max(self.rtol * abs(wanted), self.atol)
            made.append(Trial(wanted + 0.99 * slack, Fraction(1)))
        return made

    def tags(self) -> set[str]:
        """Returns the misconceptions whose values it knows."""
        return {known.id for known in self.misconceptions}


def read_number(answer: Answer) -> float | None:
    """Reads a finite number from a form; None when it is none.

    >>> read_number(" 3.5e-2 "), read_number("−0.5"), read_number("1,5"), read_number("nan"), read_number(True)
    (0.035, -0.5, None, None, None)
    """
    if isinstance(answer, bool) or answer is None:
        return None
    if isinstance(answer, int | float):
        return float(answer) if abs(answer) < 1e300 else None
    if not isinstance(answer, str) or len(answer) > 60 or "_" in answer:
        return None
    try:
        value = float(answer.strip().replace("−", "-"))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
