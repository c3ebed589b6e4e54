"""Code: a Spec shown as one short script in the field's own tools, which gives the same numbers."""

from __future__ import annotations

from collections.abc import Callable

from fallline.runs.code.capstone import show_capstone
from fallline.runs.code.descent import show_descent
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec

Shown = Callable[[Spec, Record | None], str]

SHOWN: dict[str, Shown] = {
    "capstone": show_capstone,
    "descent": show_descent,
}
"""Kind of Spec → what writes it as a script."""


def show_as_code(spec: Spec, record: Record | None = None) -> str:
    """Returns a Spec as a script that needs nothing of Fall Line."""
    return SHOWN[spec.kind](spec, record)


__all__ = ["SHOWN", "show_as_code"]
