"""Source that stands as it is, among plain data that is written as a literal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Call = tuple[str, dict[str, Any]]
"""What is called, and its keyword arguments."""


@dataclass(frozen=True, repr=False)
class Expression:
    """Source that stands as it is, such as a name.

    Attributes:
        text: the source.
    """

    text: str

    def __repr__(self) -> str:
        """The source itself."""
        return self.text
