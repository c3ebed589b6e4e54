"""What a student sees of an item. No answer, no seed, no tag of a misconception is in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Presented:
    """One variant of an item, as shown.

    Attributes:
        item: id of the item.
        kind: ``choice``, ``multiple``, ``numeric`` or ``order``.
        prompt: Markdown.
        options: (key, Markdown) in the order shown; the keys are letters by position and say nothing.
        unit: of a numeric answer; may be empty.
        instruction: how to answer.
    """

    item: str
    kind: str
    prompt: str
    options: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    instruction: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return asdict(self)
