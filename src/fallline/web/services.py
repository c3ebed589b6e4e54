"""Services: what the site is handed by whoever starts it; the site opens no database and reads no clock of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Protocol

from fastapi import Depends, Request

from fallline.core.person import Person
from fallline.course.course import Course
from fallline.course.roster import Roster
from fallline.runs.jobs import JobQueue
from fallline.runs.ledger import Ledger


class Notebook(Protocol):
    """Small things a person leaves behind on the site: a prediction, the week last opened."""

    def note(self, person: Person, name: str) -> str | None:
        """Returns what the person left under `name`, or None."""
        ...

    def keep_note(self, person: Person, name: str, value: str) -> None:
        """Keeps `value` under `name`, in place of what was there; durable on return."""
        ...


@dataclass(frozen=True)
class Services:
    """Everything a page may reach.

    Attributes:
        course: the content: weeks, labs, scheme, calendar.
        ledger: Runs and Records.
        queue: jobs.
        roster: attempts and marks (the protocol of `fallline.course`).
        notebook: predictions and places, by person.
        home: where everything that is kept lives (``FALLLINE_HOME``).
        clock: seconds since 1970, UTC.
        person: who asks; on loopback the local person.
        version: of Fall Line.
        hosts: names under which the site answers, besides loopback.
    """

    course: Course
    ledger: Ledger
    queue: JobQueue
    roster: Roster
    notebook: Notebook
    home: Path
    clock: Callable[[], float]
    person: Callable[[Request], Person]
    version: str
    hosts: tuple[str, ...] = field(default=())


def services_of(request: Request) -> Services:
    """Returns the services of the site that answers this request."""
    services: Services = request.app.state.services
    return services


def person_of(request: Request) -> Person:
    """Returns the person who asks."""
    return services_of(request).person(request)


At = Annotated[Services, Depends(services_of)]
"""What a page function takes to reach the services."""
Asker = Annotated[Person, Depends(person_of)]
"""What a page function takes to know who asks."""
