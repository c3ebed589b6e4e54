"""Errors: who, which value, what was expected, what to do.

An exception is for misuse. Why a run stopped is not an exception but a value: see `fallline.core.ending`.
"""

from __future__ import annotations

import copyreg
from typing import Any


class FallLineError(Exception):
    """Any misuse that Fall Line explains; the message is a sentence for a person."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Travels from a worker process with its parts; from its sentence alone it could not be made again."""
        return copyreg.__newobj__, (type(self), *self.args), vars(self)  # type: ignore[attr-defined]


class SpecError(FallLineError):
    """A Spec that cannot be run.

    Attributes:
        path: where in the Spec, as in ``tune.space.rate.low``; empty for the whole.
        value: what stands there, shortened.
        expected: what was expected there.
        hint: what to do, such as the nearest known name; may be empty.

    >>> print(SpecError("seed", -1, "an integer from 0 to 2**63 - 1"))
    seed: -1 is not an integer from 0 to 2**63 - 1.
    """

    def __init__(self, path: str, value: object, expected: str, hint: str = "") -> None:
        self.path, self.value, self.expected, self.hint = path, shorten(value), expected, hint
        where = f"{path}: " if path else ""
        sentence = f"{where}{self.value} is not {expected}."
        super().__init__(f"{sentence} {hint}" if hint else sentence)


class DataError(FallLineError):
    """A table that cannot be used; the sentence says which row or column and what to do."""


class Unavailable(FallLineError):
    """A tool that is not installed here; the sentence gives the command that installs it."""


class NotFound(FallLineError):
    """A name or identifier that nothing answers to."""


class Conflict(FallLineError):
    """A change that came too late or twice: the stored state wins and is told."""


class Cancelled(FallLineError):
    """Raised inside a stage when the person asked the run to stop; never leaves `runs`."""


def shorten(value: object, limit: int = 60) -> str:
    """Shows a value in an error without flooding the terminal.

    >>> shorten("x" * 100, limit=8)
    "'xxxxxx…"
    """
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 4000:
        return f"an integer of {value.bit_length()} bits"
    text = repr(value[: limit * 2] if isinstance(value, str | bytes | list | tuple) else value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
