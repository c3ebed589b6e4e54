"""The marking scheme: components whose weights add up to exactly 100."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from pydantic import Field, field_validator

from fallline.course.calendar import Kind
from fallline.course.exact import Exact
from fallline.course.loader import ContentModel


class Component(ContentModel):
    """One line of the scheme.

    Attributes:
        kind: which assessments count to it; each of them counts the same.
        label: as the syllabus prints it.
        name: as the gradebook calls one of them.
        count: how many there are.
        weight: percent of the final mark, exact.
    """

    kind: Kind
    label: Annotated[str, Field(min_length=1, max_length=80)]
    name: Annotated[str, Field(min_length=1, max_length=40)]
    count: Annotated[int, Field(ge=1, le=50)]
    weight: Exact


class Scheme(ContentModel):
    """The marking scheme.

    Attributes:
        components: in the order of the syllabus.
        note: printed below it.
    """

    components: Annotated[tuple[Component, ...], Field(min_length=1, max_length=20)]
    note: Annotated[str, Field(max_length=2_000)] = ""

    @field_validator("components")
    @classmethod
    def _adds_up(cls, components: tuple[Component, ...]) -> tuple[Component, ...]:
        total = sum((component.weight for component in components), Fraction(0))
        if total != 100:
            msg = f"weights that add up to exactly 100; they add up to {_percent(total)}"
            raise ValueError(msg)
        kinds = [component.kind for component in components]
        twice = next((kind for kind in kinds if kinds.count(kind) > 1), None)
        if twice:
            msg = f"one component of each kind; {twice!r} stands twice"
            raise ValueError(msg)
        return components

    def component(self, kind: str) -> Component:
        """Returns the component of a kind; raises KeyError when the scheme has none."""
        for component in self.components:
            if component.kind == kind:
                return component
        raise KeyError(kind)


def _percent(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.6g}"
