"""Whose it is: from the first day every Record, upload and attempt has an owner."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may do."""

    STUDENT = "student"
    INSTRUCTOR = "instructor"


@dataclass(frozen=True)
class Person:
    """Someone who owns things.

    Attributes:
        id: stable and opaque; never a name or an address.
        name: how the pages call them.
        role: a student sees their own things; an instructor sees the cohort's.
    """

    id: str
    name: str
    role: Role = Role.STUDENT


LOCAL = Person(id="local", name="You", role=Role.INSTRUCTOR)
"""The one person when Fall Line runs alone on the loopback interface: no login, and owner of all."""
