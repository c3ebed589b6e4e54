"""What the content check finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something in the content that must be mended.

    Attributes:
        file: relative to the content directory.
        sentence: what is wrong, with the value and what was expected.
    """

    file: str
    sentence: str

    def __str__(self) -> str:
        """Returns both, as a line for the terminal."""
        return f"{self.file}: {self.sentence}"
