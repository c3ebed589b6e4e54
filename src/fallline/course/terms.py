"""Terms: the formula beside a lab's picture, and lines of formulas that a state itself gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, model_validator

from fallline.course.knob import KnobId, SpecPath
from fallline.course.loader import ContentModel
from fallline.course.path import resolve


class Term(ContentModel):
    """One symbol of the formula, tied to a knob where there is one."""

    symbol: Annotated[str, Field(min_length=1, max_length=60)]
    text: Annotated[str, Field(min_length=1, max_length=200)]
    knob: KnobId | None = None


class Terms(ContentModel):
    """The formula beside the picture.

    Attributes:
        formula: TeX; may be empty where there are lines.
        terms: its symbols, in TeX, explained.
        lines: path into the result: lines that the state itself gives, each with ``of`` (whose it is, a key in the
            lab's names), ``tex``, and ``marked`` (whether it is the one to look at).
    """

    formula: Annotated[str, Field(max_length=400)] = ""
    terms: Annotated[tuple[Term, ...], Field(max_length=12)] = ()
    lines: SpecPath | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Terms:
        if not self.formula and self.lines is None:
            msg = "a formula, or the path of lines"
            raise ValueError(msg)
        return self


@dataclass(frozen=True)
class Lines:
    """The lines of one, beside those of another.

    Attributes:
        title: whose they are.
        lines: TeX, and whether it is marked.
    """

    title: str
    lines: tuple[tuple[str, bool], ...]


def lines_of(terms: Terms, data: Mapping[str, Any], names: Mapping[str, str]) -> tuple[Lines, ...]:
    """Returns the lines that stand at the path of the terms, by whose they are.

    Args:
        terms: of the lab.
        data: what its rules look at.
        names: key → display name.
    """
    found = resolve(terms.lines, data) if terms.lines else ()
    if not isinstance(found, list | tuple):
        return ()
    told: dict[str, list[tuple[str, bool]]] = {}
    for each in found:
        told.setdefault(each["of"], []).append((each["tex"], each["marked"]))
    return tuple(Lines(names.get(owner, owner), tuple(lines)) for owner, lines in told.items())
