"""An error in the content travels between processes with its parts."""

from __future__ import annotations

from copy import copy

from fallline.course.loader import ContentError


def test_a_content_error_travels_between_processes_as_it_is() -> None:
    """Same sentence, same parts, on the other side of a pipe."""
    made = ContentError("course.toml", "term.zone", "Mars", "an IANA time zone", "Did you mean 'Europe/Paris'?")
    there = copy(made)  # by the same `__reduce__` that a pipe between processes uses
    assert str(there) == str(made)
    assert vars(there) == vars(made)
