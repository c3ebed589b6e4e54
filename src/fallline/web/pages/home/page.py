"""Home: the course as one descent, where one is on it, and the next thing to do for each who comes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from fallline.core.person import Person
from fallline.course.calendar import Entry, shown
from fallline.web.pages.home.slope import TALL, WIDE, slope
from fallline.web.place import here
from fallline.web.render import render
from fallline.web.services import Asker, At, Services

router = APIRouter()


@dataclass(frozen=True)
class Way:
    """A way in.

    Attributes:
        who: for whom.
        what: one line on what they find.
        act: the next thing to do, as the text of its link.
        href: where that is done.
    """

    who: str
    what: str
    act: str
    href: str


@router.get("/")
def home(request: Request, services: At, person: Asker) -> HTMLResponse:
    """The first page."""
    week = here(services, person)
    titles = [each.title for each in services.course.weeks]
    descents = {"wide": slope(titles, week, WIDE), "tall": slope(titles, week, TALL)}
    ways = (student(services, week), instructor(services), practitioner(services, person))
    return render(request, "home/page.html", course=services.course, week=week, descents=descents, ways=ways)


def student(services: Services, week: int) -> Way:
    """What a student does next: hand in what is open, else play with the week's lab."""
    entry = next_due(services)
    if entry is not None:
        due = services.course.window(entry.slug).due
        act, href = f"{entry.title} is open until {shown(due)}", f"/assessments/{entry.slug}"
    else:
        act, href = f"Open week {week}: {services.course.weeks[week - 1].title}", f"/weeks/{week}"
    return Way("Student", "Predict, then run it on a real engine; hand in what you found.", act, href)


def instructor(services: Services) -> Way:
    """What an instructor does next: see the marks, or what opens next."""
    now = dt.datetime.fromtimestamp(services.clock(), dt.UTC)
    coming = [entry for entry in services.course.calendar if services.course.window(entry.slug).opens > now]
    coming.sort(key=lambda entry: services.course.window(entry.slug).opens)
    if coming:
        opens = services.course.window(coming[0].slug).opens
        act = f"{coming[0].title} opens {shown(opens)}"
    else:
        act = "See the gradebook"
    return Way(
        "Instructor", "Dates, variants and marks, each mark one that anyone can compute again.", act, "/gradebook"
    )


def practitioner(services: Services, person: Person) -> Way:
    """What a practitioner does next: look at the last run, or make the first one."""
    what = "Take a table from framing to a served model, with the evidence beside it."
    capstones = services.ledger.rows(person, kind="capstone", limit=1)
    if not capstones:
        return Way("Practitioner", what, "Run the capstone on your own table", "/capstone")
    row = capstones[0]
    running = row.state == "running"
    act = f"{row.title or 'The capstone'} is running: watch it" if running else f"Read what {row.title or row.id} found"
    return Way("Practitioner", what, act, f"/runs/{row.id}" if running else f"/records/{row.id}")


def next_due(services: Services) -> Entry | None:
    """Returns the assessment that is open and due first, or None."""
    now = dt.datetime.fromtimestamp(services.clock(), dt.UTC)
    course = services.course
    windows = {entry.slug: course.window(entry.slug) for entry in course.calendar}
    open_now = [entry for entry in course.calendar if windows[entry.slug].opens <= now < windows[entry.slug].due]
    return min(open_now, key=lambda entry: windows[entry.slug].due, default=None)
